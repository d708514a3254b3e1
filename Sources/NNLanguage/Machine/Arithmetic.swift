import NNCore

/// Operators on two numbers, as the machine and the compiler's folding compute them: the same bits as the kernels.
enum Arithmetic {
  static func compute(_ operation: BinaryOperator, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .elementMultiply: a * b
    case .divide, .elementDivide: a / b
    case .leftDivide: b / a
    case .power, .elementPower: Operation.scalar(.power, a, b)
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterEqual: a >= b ? 1 : 0
    case .and: Operation.scalar(.and, a, b)
    case .or: Operation.scalar(.or, a, b)
    }
  }

  /// How many numbers a range has; nil where it has none to count: a step of 0, nan, or without end.
  ///
  /// As many as fit, a last one allowed to miss the stop by rounding: `0:0.1:1` has eleven.
  static func rangeCount(_ start: Scalar, _ step: Scalar, _ stop: Scalar) -> Scalar? {
    guard step != 0, start.isFinite, step.isFinite, !stop.isNaN else { return nil }
    let steps = (stop - start) / step
    if steps < 0 { return 0 }
    guard steps.isFinite else { return nil }
    let whole = steps.rounded(.down)
    // Three units in the last place of the quotient make up for the rounding of its three roundings.
    let nearest = steps.rounded()
    return (abs(steps - nearest) <= 3 * steps.ulp ? nearest : whole) + 1
  }
}
