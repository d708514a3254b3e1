/// What can go wrong with numbers: facts only; the language turns them into sentences with names and places.
public enum CoreError: Error, Equatable, Sendable {
  /// The operands' shapes do not fit the operation called `name`.
  case shapesDoNotFit(name: String, Shape, Shape)
  /// Both operands would have to stretch: a column with a row.
  case bothStretch(name: String, Shape, Shape)
  /// Operand `index` (from 0) has a shape that the operation called `name` does not take; `wanted` completes
  /// the sentence "… needs a …".
  case wrongShape(name: String, operand: Int, Shape, wanted: String)
  case singular(name: String, Shape)
  case notConverged(name: String)
  /// The operation called `name` needs finite numbers, and this stands at a row and column, counted from 0.
  case notFinite(name: String, Scalar, row: Int, column: Int)
  /// LAPACK, which the operation needs, cannot be found on this system.
  case noLibrary(name: String)
  /// An eigenvalue is not real; one of them.
  case complexEigenvalues(real: Scalar, imaginary: Scalar)
  /// A subscript outside 1…count, or not a whole number; `axis` is 0 for rows, 1 for columns, 2 for a vector.
  case badIndex(Scalar, axis: Int, count: Int)
  /// A size that no matrix can have: negative, fractional, nan or beyond what an integer holds.
  case badSize(Scalar)
  /// Argument `index` (from 0) of `name` has a value outside its domain; `wanted` completes "… must be …".
  case badArgument(name: String, operand: Int, Scalar, wanted: String)
  case tooLarge(rows: Scalar, columns: Scalar, bytes: Scalar, limit: Int)
  case outOfMemory(bytes: Int, used: Int, limit: Int)
  case interrupted
  /// A gradient of something that is not 1×1.
  case notScalar(Shape)
  /// A gradient of something that depends on no param.
  case notTracked
  /// A gradient of something computed from a value that the param in `slot` no longer has.
  case stale(slot: Int)
}
