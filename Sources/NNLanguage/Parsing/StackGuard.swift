import CNumerics

/// Knows how much of the current thread's stack is left, since running out of it cannot be caught.
package struct StackGuard {
  /// The lowest address that recursion may reach.
  private let floor: UInt

  /// - Parameter reserve: bytes to keep for what recursion calls at its end, such as making a diagnostic.
  package init(reserve: Int = 128 << 10) {
    let lowest = nn_stack_lowest_address()
    floor = (lowest == 0 ? StackGuard.here - StackGuard.assumedSize : lowest) + UInt(max(reserve, 0))
  }

  /// Whether another level of recursion is safe.
  @inline(__always)
  package var hasRoom: Bool { StackGuard.here > floor }

  /// What the smallest usual stack leaves, where the system does not say.
  private static let assumedSize: UInt = 384 << 10

  /// An address near the end of what the stack holds now.
  @inline(__always)
  private static var here: UInt {
    var mark: UInt8 = 0
    return withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
  }
}
