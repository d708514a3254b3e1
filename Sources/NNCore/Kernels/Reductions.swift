import CNumerics

/// Sums and their like. Dimension 0 is all elements, 1 down the rows (1×n), 2 along the columns (m×1).
enum Reductions {
  /// Reads operand 0 and folds it into `result`.
  static func fold(
    _ kind: nn_fold, _ a: Operand, _ dimension: Int, into result: UnsafeMutablePointer<Scalar>,
    _ resources: Resources
  ) throws(CoreError) {
    let flag = resources.cancellation.flag
    switch dimension {
    case 1: nn_fold_columns(kind, a.shape.rows, a.shape.columns, a.elements, result, flag)
    case 2: nn_fold_rows(kind, a.shape.rows, a.shape.columns, a.elements, result, flag)
    default: nn_fold_rows(kind, 1, a.shape.count, a.elements, result, flag)
    }
    try resources.checkCancellation()
  }

  static func kernel(_ kind: nn_fold) -> MatrixKernel {
    { operands, attributes, result, _, resources throws(CoreError) in
      try fold(kind, operands[0], attributes.first, into: result, resources)
    }
  }

  static let sum = kernel(NN_FOLD_SUM)
  static let product = kernel(NN_FOLD_PRODUCT)
  static let largest = kernel(NN_FOLD_MAXIMUM)
  static let smallest = kernel(NN_FOLD_MINIMUM)
  static let any = kernel(NN_FOLD_ANY)
  static let all = kernel(NN_FOLD_ALL)

  /// How many elements go into each result.
  static func depth(_ shape: Shape, _ dimension: Int) -> Scalar {
    switch dimension {
    case 1: Scalar(shape.rows)
    case 2: Scalar(shape.columns)
    default: Scalar(shape.count)
    }
  }

  static let mean: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    try fold(NN_FOLD_SUM, operands[0], attributes.first, into: result, resources)
    let depth = depth(operands[0].shape, attributes.first)
    for i in 0..<shape.count { result[i] /= depth }
  }

  /// Mean square of the distances from the mean, in two passes: one pass would cancel digits.
  static let variance: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let a = operands[0]
    try mean(operands, attributes, result, shape, resources)
    let distances = try Matrix(uninitialized: a.shape, in: resources)
    try Elementwise.run(
      nn_subtract, a, Operand(elements: result, shape: shape), into: distances.mutablePointer, a.shape,
      resources)
    try fold(NN_FOLD_SUM_OF_SQUARES, Operand(distances), attributes.first, into: result, resources)
    let depth = depth(a.shape, attributes.first)
    for i in 0..<shape.count { result[i] /= depth }
  }

  static let deviation: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    try variance(operands, attributes, result, shape, resources)
    nn_sqrt(shape.count, result, result)
  }

  /// Root of the sum of squares; where that leaves the range of numbers, of the elements over the largest of them.
  static let norm: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    try fold(NN_FOLD_SUM_OF_SQUARES, operands[0], attributes.first, into: result, resources)
    let safe = 1e-280...1e300
    if (0..<shape.count).allSatisfy({ safe.contains(result[$0]) || result[$0].isNaN }) {
      return nn_sqrt(shape.count, result, result)
    }
    try scaledNorm(operands[0], attributes.first, into: result, shape, resources)
  }

  private static func scaledNorm(
    _ a: Operand, _ dimension: Int, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    _ resources: Resources
  ) throws(CoreError) {
    let parts = try Matrix(uninitialized: a.shape, in: resources)
    let largest = try Matrix(uninitialized: shape, in: resources)
    let scale = largest.mutablePointer
    try Elementwise.run(nn_abs, a.shape.count, a.elements, into: parts.mutablePointer, resources)
    try fold(NN_FOLD_MAXIMUM, Operand(parts), dimension, into: scale, resources)
    for i in 0..<shape.count where scale[i] <= 0 || scale[i].isInfinite { scale[i] = 1 }
    try Elementwise.run(
      nn_divide, Operand(parts), Operand(largest), into: parts.mutablePointer, a.shape, resources)
    try fold(NN_FOLD_SUM_OF_SQUARES, Operand(parts), dimension, into: result, resources)
    for i in 0..<shape.count { result[i] = result[i].squareRoot() * scale[i] }
  }

  /// The place, from 1, of the first element that `wins` over all before it; a nan wins over numbers.
  private static func place(
    _ count: Int, _ x: UnsafePointer<Scalar>, step: Int, largest: Bool
  ) -> Scalar {
    var best = 0
    for k in 0..<count {
      let (value, leader) = (x[k * step], x[best * step])
      if leader.isNaN { break }
      if value.isNaN || (largest ? value > leader : value < leader) { best = k }
    }
    return Scalar(best + 1)
  }

  static func places(largest: Bool) -> MatrixKernel {
    { operands, attributes, result, shape, resources throws(CoreError) in
      let (x, m, n) = (operands[0].elements, operands[0].shape.rows, operands[0].shape.columns)
      for i in 0..<shape.count {
        if i % 1024 == 0 { try resources.checkCancellation() }
        switch attributes.first {
        case 1: result[i] = place(m, x + i, step: n, largest: largest)
        case 2: result[i] = place(n, x + i * n, step: 1, largest: largest)
        default: result[i] = place(m * n, x, step: 1, largest: largest)
        }
      }
    }
  }

  /// log(sum(exp(x))) with the largest element taken out first, so that nothing overflows.
  static let logSumExp: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let a = operands[0]
    let powers = try Matrix(uninitialized: a.shape, in: resources)
    let largest = try Matrix(uninitialized: shape, in: resources)
    try shiftedPowers(a, attributes.first, into: powers.mutablePointer, largest, resources)
    try fold(NN_FOLD_SUM, Operand(powers), attributes.first, into: result, resources)
    try Elementwise.run(nn_log, shape.count, result, into: result, resources)
    nn_add(shape.count, result, 1, largest.pointer, 1, result)
  }

  /// exp(x)/sum(exp(x)) down each column.
  static let softmax: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let row = try Matrix(uninitialized: Shape(1, shape.columns), in: resources)
    try shiftedPowers(operands[0], 1, into: result, row, resources)
    let powers = Operand(elements: result, shape: shape)
    try fold(NN_FOLD_SUM, powers, 1, into: row.mutablePointer, resources)
    try Elementwise.run(nn_divide, powers, Operand(row), into: result, shape, resources)
  }

  /// exp(a - largest), and the largest elements, where an infinite one counts as 0.
  private static func shiftedPowers(
    _ a: Operand, _ dimension: Int, into powers: UnsafeMutablePointer<Scalar>, _ largest: Matrix,
    _ resources: Resources
  ) throws(CoreError) {
    let top = largest.mutablePointer
    try fold(NN_FOLD_MAXIMUM, a, dimension, into: top, resources)
    for i in 0..<largest.count where top[i].isInfinite { top[i] = 0 }
    try Elementwise.run(nn_subtract, a, Operand(largest), into: powers, a.shape, resources)
    try Elementwise.run(nn_exp, a.shape.count, powers, into: powers, resources)
  }
}
