#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one thread that parses, computes and edits: reading deeply nested source takes more stack than the main
/// thread has.
enum WorkThread {
  /// The sizes tried; where memory is short in address space too, nesting has a lower bound instead.
  private static let stackSizes = [512, 64, 8].map { $0 << 20 }

  /// Runs `body` on a thread of its own and `meanwhile` on this one, and waits for both.
  static func run(_ body: @escaping @Sendable () -> Int32, meanwhile: () -> Void) -> Int32 {
    let task = Task(body)
    for size in stackSizes {
      guard let thread = start(task, stackSize: size) else { continue }
      meanwhile()
      pthread_join(thread, nil)
      return task.status
    }
    return body()
  }

  private final class Task {
    let body: @Sendable () -> Int32
    var status: Int32 = 0
    init(_ body: @escaping @Sendable () -> Int32) { self.body = body }
  }

  private static func start(_ task: Task, stackSize: Int) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, stackSize) == 0 else { return nil }
    let context = Unmanaged.passRetained(task)
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let error = pthread_create(&thread, &attributes, threadStart, context.toOpaque())
    if error == 0 { return thread }
    context.release()
    return nil
  }

  #if canImport(Glibc)
    private static let threadStart: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      if let context = $0 { perform(context) }
      return nil
    }
  #else
    private static let threadStart: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
      perform($0)
      return nil
    }
  #endif

  private static func perform(_ context: UnsafeMutableRawPointer) {
    let task = Unmanaged<Task>.fromOpaque(context).takeRetainedValue()
    task.status = task.body()
  }
}
