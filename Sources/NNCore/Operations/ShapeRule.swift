/// How the shape of a result follows from the shapes of the operands.
///
/// `shape(of:attributes:name:)` evaluates a rule for dimensions of any kind: integers when lines run, tied symbols
/// when `check` asks which dimensions a line forces to be equal.
package enum ShapeRule: Sendable {
  /// 1×n, m×1 and 1×1 operands stretch to fit the others; never two operands at once.
  case elementwise
  /// Left times right, with the transpositions of the attributes.
  case product
  case transpose
  /// Removes a dimension by attribute `first`.
  case reduction
  /// The shape of the first operand, whatever it is.
  case same
  /// First operand square; 1×1 result.
  case squareToScalar
  /// First operand square; same shape.
  case square
  /// `A \ b`: A square or tall, as many rows as b.
  case solve
  /// Rows and columns are the attributes, as many elements as the operand.
  case reshape
  /// Rows and columns are the attributes; the operand stretches to them.
  case stretch
  /// Operands: matrix, row numbers, column numbers (index vectors from 0); `index` picks, `scatter` puts back into
  /// zeros of the attributes' shape.
  case index
  case scatter
  case joinColumns
  case joinRows
  /// Repeated attribute-`first` times down and `second` times across.
  case repeatMatrix
  /// A vector gives a square matrix, a matrix its diagonal as a column.
  case diagonal
  /// Two operands of the same shape; 1×1 result.
  case cost
}

/// A dimension that shape rules can compute with.
package protocol Dimension: Equatable {
  static func * (a: Self, b: Self) -> Self
  static func + (a: Self, b: Self) -> Self
  init(_ value: Int)
}

extension Int: Dimension {}
