#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output: at once on a terminal; elsewhere gathered into large pieces, yet never held back for long, so
/// that `nnrepl long.nn | tee log` flows.
///
/// The work thread writes; the main thread, which has nothing else to do, sends on what has waited long enough.
final class StandardOutput: Sendable {
  let isTerminal: Bool

  private static let capacity = 1 << 16
  /// How long text may wait, in nanoseconds.
  private static let patience = 20_000_000

  nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
  // Both are touched only with the mutex held.
  nonisolated(unsafe) private var pending: [UInt8] = []
  nonisolated(unsafe) private var hasEnded = false

  init() {
    isTerminal = isatty(STDOUT_FILENO) == 1
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func write(_ text: String) {
    locked {
      if pending.isEmpty, !isTerminal { pthread_cond_signal(condition) }
      pending.append(contentsOf: text.utf8)
      if isTerminal || pending.count >= Self.capacity { send() }
    }
  }

  /// Sends on everything written so far; before anything is said elsewhere.
  func flush() { locked { send() } }

  /// Sends on what waits, until `end`.
  func keepFlowing() {
    locked {
      while !hasEnded {
        if pending.isEmpty {
          pthread_cond_wait(condition, mutex)
        } else {
          waitForMore()
          send()
        }
      }
    }
  }

  /// Nothing more will be written.
  func end() {
    locked {
      send()
      hasEnded = true
      pthread_cond_signal(condition)
    }
  }

  /// Gives up the mutex for as long as text may wait, or until `end`.
  private func waitForMore() {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_nsec += Self.patience
    deadline.tv_sec += deadline.tv_nsec / 1_000_000_000
    deadline.tv_nsec %= 1_000_000_000
    while !hasEnded, pthread_cond_timedwait(condition, mutex, &deadline) == 0 {}
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private func send() {
    guard !pending.isEmpty else { return }
    let error = pending.withUnsafeBytes { StandardStreams.write($0, to: STDOUT_FILENO) }
    pending.removeAll(keepingCapacity: true)
    if error != 0 { stop(error) }
  }

  /// A program whose output goes nowhere ends: quietly when its reader has had enough, as `| head` has.
  private func stop(_ error: Int32) {
    if error == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    } else {
      StandardStreams.complain("error: cannot write to standard output: \(StandardStreams.reason(error))\n")
    }
    exit(ExitStatus.failure)
  }
}
