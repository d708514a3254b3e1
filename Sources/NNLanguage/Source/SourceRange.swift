/// A stretch of a source's UTF-8 bytes, end excluded.
public struct SourceRange: Hashable, Sendable {
  /// The offset of the first byte.
  public var start: Int32
  /// The offset behind the last byte.
  public var end: Int32

  /// From the byte at `start` up to the one before `end`.
  @inlinable
  public init(_ start: Int32, _ end: Int32) {
    self.start = start
    self.end = end
  }

  /// The place of what was not written in any source.
  public static let none = SourceRange(-1, -1)
  /// Whether it is no range.
  @inlinable public var isNone: Bool { start < 0 }
  /// Whether it has no bytes.
  @inlinable public var isEmpty: Bool { start == end }

  /// The least range that holds both; `none` adds nothing.
  public func union(_ other: SourceRange) -> SourceRange {
    if isNone { return other }
    if other.isNone { return self }
    return SourceRange(min(start, other.start), max(end, other.end))
  }
}
