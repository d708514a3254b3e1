/// The type of every matrix element.
public typealias Scalar = Double

/// The rows and columns of a matrix.
public struct Shape: Hashable, Sendable {
  /// How many rows; 0 and more.
  public var rows: Int
  /// How many columns; 0 and more.
  public var columns: Int

  /// `rows`×`columns`.
  @inlinable
  public init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// Whether rows and columns are the same.
  @inlinable
  public static func == (a: Shape, b: Shape) -> Bool { a.rows == b.rows && a.columns == b.columns }

  /// A number is a matrix of this shape.
  public static let scalar = Shape(1, 1)

  /// Rows times columns.
  @inlinable public var count: Int { rows * columns }
  /// Whether it is 1×1.
  @inlinable public var isScalar: Bool { rows == 1 && columns == 1 }
  /// Whether it is one row or one column.
  @inlinable public var isVector: Bool { rows == 1 || columns == 1 }
  /// Whether it has as many rows as columns.
  @inlinable public var isSquare: Bool { rows == columns }
  /// The most rows or columns of a matrix without elements. Loops over the rows of such a one are to end too.
  public static let emptyLimit = 1 << 32
  @inlinable var isSmallWhenEmpty: Bool { rows <= Shape.emptyLimit && columns <= Shape.emptyLimit }
  /// Columns for rows.
  @inlinable public var transposed: Shape { Shape(columns, rows) }
}
