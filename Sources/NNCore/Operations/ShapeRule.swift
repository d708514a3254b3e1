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
  /// A reduction that needs at least one element for each result.
  case selection
  /// The shape of the first operand, whatever it is.
  case same
  /// First operand square; 1×1 result.
  case squareToScalar
  /// First operand square; same shape.
  case square
  /// `A \ b`: A with as many rows as b. Attribute `first` 1 solves with A', A being square.
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
package protocol Dimension {
  init(_ value: Int)
  /// The number it stands for in this run; messages say it, and a 1 stretches.
  var value: Int { get }
  /// Whether both can be the same dimension; a symbol notes that they have to be.
  func matches(_ other: Self) -> Bool
  func times(_ other: Self) -> Self
  func plus(_ other: Self) -> Self
}

/// Rows and columns in dimensions of some kind.
package protocol DimensionPair {
  associatedtype Element: Dimension
  var rows: Element { get }
  var columns: Element { get }
  init(_ rows: Element, _ columns: Element)
}

extension Shape: DimensionPair {}

/// Sizes beyond what an integer holds stay at the largest integer, which the allocation gate refuses.
extension Int: Dimension {
  @inlinable package var value: Int { self }

  @inlinable
  package func matches(_ other: Int) -> Bool { self == other }

  @inlinable
  package func times(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  @inlinable
  package func plus(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
