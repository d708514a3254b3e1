import CNumerics

/// What one interpreter may use: the gate every allocation passes, and the flag that stops its work.
///
/// Memory is counted while it is alive, so a loop that grows a list is stopped as surely as one huge matrix.
/// Confined to the thread of its interpreter, `cancellation` apart.
public final class Resources {
  /// The most bytes that may be alive at once.
  public var limit: Int {
    get { account.pointee.limit }
    set { account.pointee.limit = newValue }
  }
  /// Bytes alive now.
  public var used: Int { account.pointee.used }
  /// The flag that another thread or a signal handler raises.
  public let cancellation: Cancellation

  /// The numbers that every allocation changes. By pointer: for a stored property the runtime checks exclusive
  /// access, at a fifth of the cost of a small matrix.
  @usableFromInline let account: UnsafeMutablePointer<Account>

  // Here, so that whoever computes finds them without asking whether they were made already.
  private let routes = Route.start

  @inline(__always)
  func route(_ id: OperationID) -> UnsafePointer<Route> { routes + Int(id.rawValue) }

  // A storage refers to its resources without counting references in the usual, atomic way: a matrix of four
  // numbers is made in some 30 ns, and two atomic operations would be a third of that. `holders` counts the
  // blocks alive; while it is above zero one ordinary reference keeps this object.
  private var selfReference: Resources?

  @usableFromInline
  struct Account {
    @usableFromInline var limit: Int
    @usableFromInline var used = 0
    @usableFromInline var holders = 0
    #if DEBUG
      /// How many more allocations succeed; negative for any number.
      @usableFromInline var allocationsUntilFailure = -1
    #endif
  }

  /// - Parameter limit: bytes; everything a program keeps alive counts.
  public init(limit: Int, cancellation: Cancellation = Cancellation()) {
    account = .allocate(capacity: 1)
    account.initialize(to: Account(limit: limit))
    self.cancellation = cancellation
  }

  deinit { account.deallocate() }

  #if DEBUG
    /// Fails the allocation after this many; for the tests of what survives a failure.
    package var allocationsUntilFailure: Int? {
      get { account.pointee.allocationsUntilFailure < 0 ? nil : account.pointee.allocationsUntilFailure }
      set { account.pointee.allocationsUntilFailure = newValue ?? -1 }
    }
  #endif

  /// Takes `bytes` or throws `CoreError.outOfMemory`; every block taken must be given back by `release`.
  @inlinable
  package func reserve(_ bytes: Int) throws(CoreError) {
    let (sum, overflow) = account.pointee.used.addingReportingOverflow(bytes)
    if overflow || sum > account.pointee.limit || bytes < 0 { throw refusal(bytes) }
    #if DEBUG
      try countDown(bytes)
    #endif
    account.pointee.used = sum
    account.pointee.holders += 1
    if account.pointee.holders == 1 { hold() }
  }

  /// Gives back a block of `bytes` that `reserve` took.
  @inlinable
  package func release(_ bytes: Int) {
    account.pointee.used -= bytes
    account.pointee.holders -= 1
    if account.pointee.holders == 0 { letGo() }
  }

  @usableFromInline
  func refusal(_ bytes: Int) -> CoreError { .outOfMemory(bytes: bytes, used: used, limit: limit) }

  #if DEBUG
    @usableFromInline
    func countDown(_ bytes: Int) throws(CoreError) {
      let left = account.pointee.allocationsUntilFailure
      if left == 0 { throw refusal(bytes) }
      if left > 0 { account.pointee.allocationsUntilFailure = left - 1 }
    }
  #endif

  @usableFromInline
  func hold() { selfReference = self }

  @usableFromInline
  func letGo() { selfReference = nil }

  /// Throws `CoreError.interrupted` once the flag is up; long kernels call this once per block of rows.
  @inlinable
  package func checkCancellation() throws(CoreError) {
    if cancellation.isRaised { throw .interrupted }
  }

  /// Elements that are gone over between two looks at the flag: a good deal less than a millisecond.
  @usableFromInline static let block = 1 << 16

  /// Goes over `count` items block by block, and looks at the flag between blocks.
  ///
  /// - Parameter weight: how many elements an item has, where it is a row or a column.
  @inlinable @inline(__always)
  package func inBlocks(
    _ count: Int, weight: Int = 1, _ body: (Range<Int>) throws(CoreError) -> Void
  ) throws(CoreError) {
    let length = max(1, Resources.block / max(1, weight))
    var start = 0
    while start < count {
      if start > 0 { try checkCancellation() }
      let end = min(start + length, count)
      try body(start..<end)
      start = end
    }
  }
}

/// A flag that asks running work to stop; the one thing that other threads may touch.
public final class Cancellation: Sendable {
  nonisolated(unsafe) package let flag: UnsafeMutablePointer<nn_flag>

  /// A flag that is down.
  public init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: nn_flag())
  }

  deinit { flag.deallocate() }

  /// Asks the work to stop; safe from any thread and from a signal handler.
  public func raise() { nn_flag_set(flag, true) }
  /// Forgets an earlier request.
  public func clear() { nn_flag_set(flag, false) }
  /// Whether somebody raised the flag since it was cleared.
  public var isRaised: Bool { nn_flag_get(flag) }
}
