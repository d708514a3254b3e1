import CNumerics

/// What one interpreter may use: the gate every allocation passes, and the flag that stops its work.
///
/// Memory is counted while it is alive, so a loop that grows a list is stopped as surely as one huge matrix.
/// Confined to the thread of its interpreter, `cancellation` apart.
public final class Resources {
  /// The most bytes that may be alive at once.
  public var limit: Int
  /// Bytes alive now.
  public private(set) var used = 0
  /// The flag that another thread or a signal handler raises.
  public let cancellation: Cancellation

  // A storage refers to its resources without counting references in the usual, atomic way: a matrix of four
  // numbers is made in some 30 ns, and two atomic operations would be a third of that. `holders` counts the
  // blocks alive; while it is above zero one ordinary reference keeps this object.
  private var holders = 0
  private var selfReference: Resources?
  #if DEBUG
    /// Fails the allocation after this many; for the tests of what survives a failure.
    package var allocationsUntilFailure: Int?
  #endif

  /// - Parameter limit: bytes; everything a program keeps alive counts.
  public init(limit: Int, cancellation: Cancellation = Cancellation()) {
    self.limit = limit
    self.cancellation = cancellation
  }

  /// Takes `bytes` or throws `CoreError.outOfMemory`; every block taken must be given back by `release`.
  @inlinable
  package func reserve(_ bytes: Int) throws(CoreError) {
    let (sum, overflow) = used.addingReportingOverflow(bytes)
    if overflow || sum > limit || bytes < 0 { throw .outOfMemory(bytes: bytes, used: used, limit: limit) }
    try take(sum)
  }

  @usableFromInline
  func take(_ sum: Int) throws(CoreError) {
    #if DEBUG
      if let left = allocationsUntilFailure {
        if left == 0 { throw .outOfMemory(bytes: sum - used, used: used, limit: limit) }
        allocationsUntilFailure = left - 1
      }
    #endif
    used = sum
    holders += 1
    if holders == 1 { selfReference = self }
  }

  /// Gives back a block of `bytes` that `reserve` took.
  @usableFromInline
  package func release(_ bytes: Int) {
    used -= bytes
    holders -= 1
    if holders == 0 { selfReference = nil }
  }

  /// Throws `CoreError.interrupted` once the flag is up; long kernels call this once per block of rows.
  @inlinable
  package func checkCancellation() throws(CoreError) {
    if cancellation.isRaised { throw .interrupted }
  }
}

/// A flag that asks running work to stop; the one thing that other threads may touch.
public final class Cancellation: Sendable {
  nonisolated(unsafe) package let flag: UnsafeMutablePointer<nn_flag>

  public init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: nn_flag())
  }

  deinit { flag.deallocate() }

  /// Asks the work to stop; safe from any thread and from a signal handler.
  public func raise() { nn_flag_set(flag, true) }
  /// Forgets an earlier request.
  public func clear() { nn_flag_set(flag, false) }
  public var isRaised: Bool { nn_flag_get(flag) }
}
