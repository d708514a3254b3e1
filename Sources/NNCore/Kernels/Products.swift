import CNumerics

/// Products and turning.
enum Products {
  /// Left times right; attribute bit 0 says that the left operand counts as its transpose, bit 1 the right one.
  static let product: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    multiply(operands[0], operands[1], attributes, into: result, shape, resources.cancellation.flag)
    try resources.checkCancellation()
  }

  /// Fills `result`, or leaves it half done once `flag` is up.
  @inline(__always)
  static func multiply(
    _ a: Operand, _ b: Operand, _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ flag: UnsafePointer<nn_flag>
  ) {
    let aTransposed = attributes.first & 1 != 0
    let depth = aTransposed ? a.shape.rows : a.shape.columns
    nn_product(
      shape.rows, shape.columns, depth, a.elements, aTransposed, b.elements, attributes.first & 2 != 0,
      result,
      flag)
  }

  static let transpose: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let a = operands[0]
    if a.shape.isVector {
      result.update(from: a.elements, count: shape.count)
    } else {
      nn_transpose(a.shape.rows, a.shape.columns, a.elements, result, resources.cancellation.flag)
      try resources.checkCancellation()
    }
  }

  static let trace: MatrixKernel = { operands, _, result, _, _ in
    let (x, n) = (operands[0].elements, operands[0].shape.rows)
    result[0] = (0..<n).reduce(0) { $0 + x[$1 * n + $1] }
  }

  /// A^k for a whole k by squaring; a negative one by the inverse.
  static let power: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    var base = try Matrix(uninitialized: shape, in: resources)
    if attributes.first < 0 {
      try LinearAlgebra.inverse(operands, attributes, base.mutablePointer, shape, resources)
    } else {
      base.mutablePointer.update(from: operands[0].elements, count: shape.count)
    }
    var left = attributes.first.magnitude
    var power: Matrix?
    while left > 0 {
      if left & 1 == 1 {
        if let before = power { power = try times(before, base, resources) } else { power = base }
      }
      left >>= 1
      if left > 0 { base = try times(base, base, resources) }
    }
    if let power {
      result.update(from: power.pointer, count: shape.count)
    } else {
      identity(shape.rows, into: result)
    }
  }

  private static func times(_ a: Matrix, _ b: Matrix, _ resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: a.shape, in: resources)
    multiply(
      Operand(a), Operand(b), .none, into: result.mutablePointer, a.shape, resources.cancellation.flag)
    try resources.checkCancellation()
    return result
  }

  static func identity(_ n: Int, into result: UnsafeMutablePointer<Scalar>) {
    result.update(repeating: 0, count: n * n)
    for i in 0..<n { result[i * n + i] = 1 }
  }
}
