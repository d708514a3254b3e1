#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is left of the native stack of the running thread.
///
/// Language calls take none of it; the few recursions in native code (a function called back by a builtin, nested
/// expressions while they are parsed) ask here before they go deeper.
enum NativeStack {
  /// Bytes kept free for whatever the deepest native code needs.
  static let reserve = 192 * 1024

  /// Whether there is room to go deeper.
  static var hasRoom: Bool { remaining > reserve }

  /// Bytes between here and the end of the thread's stack.
  static var remaining: Int {
    var here: UInt8 = 0
    let address = withUnsafeMutablePointer(to: &here) { Int(bitPattern: $0) }
    return address - lowest
  }

  private static var lowest: Int {
    #if canImport(Glibc)
      var attributes = pthread_attr_t()
      guard pthread_getattr_np(pthread_self(), &attributes) == 0 else { return 0 }
      defer { pthread_attr_destroy(&attributes) }
      var address: UnsafeMutableRawPointer?
      var size = 0
      pthread_attr_getstack(&attributes, &address, &size)
      return Int(bitPattern: address)
    #else
      let thread = pthread_self()
      return Int(bitPattern: pthread_get_stackaddr_np(thread)) - pthread_get_stacksize_np(thread)
    #endif
  }
}
