import NNCore

/// What can be known of a value without computing it.
enum PreviewValue {
  /// A number whose value is known because it costs nothing.
  case number(Scalar)
  case shape(Shape)
  /// A value that exists, a table or a function say, or one that would have to be computed to be known.
  case unknown

  init(_ value: Value) {
    switch value {
    case .number(let number): self = .number(number)
    case .matrix(let matrix): self = matrix.isScalar ? .number(matrix.pointer[0]) : .shape(matrix.shape)
    default: self = .unknown
    }
  }

  var shape: Shape? {
    switch self {
    case .number: .scalar
    case .shape(let shape): shape
    case .unknown: nil
    }
  }

  var number: Scalar? {
    if case .number(let number) = self { return number }
    return nil
  }

  /// A size that a matrix can have.
  var size: Int? {
    guard let number, number >= 0, number <= 1e15, number.rounded() == number else { return nil }
    return Int(number)
  }
}
