import NNCore

/// How single numbers are shown.
struct NumberFormat: Equatable {
  /// This many digits tell any two doubles apart; for it every number gets the shortest text that reads back.
  static let exactDigits = 17
  static let defaultDigits = 5

  /// Significant digits, 1 to 17.
  var digits = NumberFormat.defaultDigits

  /// The number's text: integers as integers, `nan`, `inf`, a zero without a sign unless all digits are asked for.
  func format(_ value: Scalar) -> String {
    NumberLayout(of: CollectionOfOne(value), digits: digits).text(value)
  }

  /// `nan`, `inf` or `-inf`.
  static func special(_ value: Scalar) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// The matrix on one line, as source text: `[1, 2; 3, 4]`.
  func inline(_ matrix: Matrix) -> String { inline(matrix, format) }

  /// The same with another text for each number.
  ///
  /// - Parameter isStopped: asked for each row; once it says so, what is returned is not whole.
  func inline(_ matrix: Matrix, isStopped: () -> Bool = { false }, _ text: (Scalar) -> String) -> String {
    if matrix.count == 0 {
      return matrix.rows == 0 && matrix.columns == 0 ? "[]" : "zeros(\(matrix.rows), \(matrix.columns))"
    }
    if matrix.isScalar { return text(matrix.pointer[0]) }
    var result = "["
    for row in 0..<matrix.rows {
      if row > 0 { result += "; " }
      for start in stride(from: 0, to: matrix.columns, by: 1_024) where !isStopped() {
        for column in start..<min(start + 1_024, matrix.columns) {
          if column > 0 { result += ", " }
          result += text(matrix[row, column])
        }
      }
    }
    return result + "]"
  }
}
