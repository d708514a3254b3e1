/// A stretch of a source's UTF-8 bytes, end excluded.
public struct SourceRange: Hashable, Sendable {
  public var start: Int32
  public var end: Int32

  @inlinable
  public init(_ start: Int32, _ end: Int32) {
    self.start = start
    self.end = end
  }

  /// The place of what was not written in any source.
  public static let none = SourceRange(-1, -1)
  @inlinable public var isNone: Bool { start < 0 }
  @inlinable public var isEmpty: Bool { start == end }

  /// The least range that holds both; `none` adds nothing.
  public func union(_ other: SourceRange) -> SourceRange {
    if isNone { return other }
    if other.isNone { return self }
    return SourceRange(min(start, other.start), max(end, other.end))
  }
}
