import CNumerics

/// Elementwise operations on numbers that are in no matrix; the same bits as in a matrix.
extension Operation {
  @inline(__always)
  package static func scalar(_ id: OperationID, _ x: Scalar) -> Scalar {
    switch id {
    case .negate: return -x
    case .sqrt: return x.squareRoot()
    case .abs: return x.magnitude
    default: break
    }
    guard let function = Route[id].pointee.unary else { return .nan }
    var (operand, result) = (x, 0.0)
    function(1, &operand, &result)
    return result
  }

  @inline(__always)
  package static func scalar(_ id: OperationID, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch id {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .modulo: return nn_modulo_number(a, b)
    case .power: return nn_power_number(a, b)
    default: break
    }
    guard let function = Route[id].pointee.binary else { return .nan }
    var (left, right, result) = (a, b, 0.0)
    function(1, &left, 0, &right, 0, &result)
    return result
  }

  package static func scalar(_ id: OperationID, _ a: Scalar, _ b: Scalar, _ c: Scalar) -> Scalar {
    guard let function = Route[id].pointee.ternary else { return .nan }
    var (first, second, third, result) = (a, b, c, 0.0)
    function(1, &first, 0, &second, 0, &third, 0, &result)
    return result
  }
}
