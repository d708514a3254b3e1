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
    Elementwise.run(
      nn_subtract, a, Operand(elements: result, shape: shape), into: distances.mutablePointer, a.shape,
      resources.cancellation.flag)
    try fold(NN_FOLD_SUM_OF_SQUARES, Operand(distances), attributes.first, into: result, resources)
    let depth = depth(a.shape, attributes.first)
    for i in 0..<shape.count { result[i] /= depth }
  }

  static let deviation: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    try variance(operands, attributes, result, shape, resources)
    nn_sqrt(shape.count, result, result)
  }

  /// The middle of the sorted elements; sorting puts a nan last.
  static let median: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let a = operands[0]
    let sorted = try Matrix(uninitialized: a.shape, in: resources)
    try Sorting.sort(operands, attributes, sorted.mutablePointer, a.shape, resources)
    let (n, x) = (a.shape.columns, sorted.pointer)
    let (length, step) =
      switch attributes.first {
      case 1: (a.shape.rows, n)
      case 2: (n, 1)
      default: (a.shape.count, 1)
      }
    for i in 0..<shape.count {
      let start = x + (attributes.first == 1 ? i : i * length)
      let (low, high) = (start[(length - 1) / 2 * step], start[length / 2 * step])
      let last = start[(length - 1) * step]
      // Halves, since the sum of two large numbers is infinite.
      result[i] = last.isNaN ? last : low == high ? low : low / 2 + high / 2
    }
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
    Elementwise.run(
      nn_abs, a.shape.count, a.elements, into: parts.mutablePointer, resources.cancellation.flag)
    try fold(NN_FOLD_MAXIMUM, Operand(parts), dimension, into: scale, resources)
    for i in 0..<shape.count where scale[i] <= 0 || scale[i].isInfinite { scale[i] = 1 }
    Elementwise.run(
      nn_divide, Operand(parts), Operand(largest), into: parts.mutablePointer, a.shape,
      resources.cancellation.flag)
    try fold(NN_FOLD_SUM_OF_SQUARES, Operand(parts), dimension, into: result, resources)
    for i in 0..<shape.count { result[i] = result[i].squareRoot() * scale[i] }
  }

  /// The place, from 1, of the first element equal to the largest or smallest; a nan counts as that.
  static func places(_ kind: nn_fold) -> MatrixKernel {
    { operands, attributes, result, shape, resources throws(CoreError) in
      let a = operands[0]
      let best = try Matrix(uninitialized: shape, in: resources)
      try fold(kind, a, attributes.first, into: best.mutablePointer, resources)
      if attributes.first == 1 {
        try columnPlaces(a, best.pointer, into: result, resources)
      } else {
        let length = attributes.first == 2 ? a.shape.columns : a.shape.count
        for i in 0..<shape.count {
          if i & 0x3ff == 0 { try resources.checkCancellation() }
          result[i] = place(of: best.pointer[i], a.elements + i * length, length)
        }
      }
    }
  }

  @inline(__always)
  private static func isThere(_ value: Scalar, _ wanted: Scalar) -> Bool {
    value == wanted || (value.isNaN && wanted.isNaN)
  }

  private static func place(of wanted: Scalar, _ x: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
    for k in 0..<count where isThere(x[k], wanted) { return Scalar(k + 1) }
    return 1
  }

  /// The same down each column, walking row by row as the elements lie.
  private static func columnPlaces(
    _ a: Operand, _ wanted: UnsafePointer<Scalar>, into result: UnsafeMutablePointer<Scalar>,
    _ resources: Resources
  ) throws(CoreError) {
    let n = a.shape.columns
    result.update(repeating: 0, count: n)
    for i in 0..<a.shape.rows {
      if i & 0x3ff == 0 { try resources.checkCancellation() }
      let row = a.elements + i * n
      for j in 0..<n where result[j] == 0 && isThere(row[j], wanted[j]) { result[j] = Scalar(i + 1) }
    }
  }

  /// log(sum(exp(x))) with the largest element taken out first, so that nothing overflows.
  static let logSumExp: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let a = operands[0]
    let powers = try Matrix(uninitialized: a.shape, in: resources)
    let largest = try Matrix(uninitialized: shape, in: resources)
    try shiftedPowers(a, attributes.first, into: powers.mutablePointer, largest, resources)
    try fold(NN_FOLD_SUM, Operand(powers), attributes.first, into: result, resources)
    Elementwise.run(nn_log, shape.count, result, into: result, resources.cancellation.flag)
    nn_add(shape.count, result, 1, largest.pointer, 1, result)
    try resources.checkCancellation()
  }

  /// exp(x)/sum(exp(x)) down each column.
  static let softmax: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let row = try Matrix(uninitialized: Shape(1, shape.columns), in: resources)
    try shiftedPowers(operands[0], 1, into: result, row, resources)
    let powers = Operand(elements: result, shape: shape)
    try fold(NN_FOLD_SUM, powers, 1, into: row.mutablePointer, resources)
    Elementwise.run(nn_divide, powers, Operand(row), into: result, shape, resources.cancellation.flag)
    try resources.checkCancellation()
  }

  /// exp(a - largest), and the largest elements, where an infinite one counts as 0.
  private static func shiftedPowers(
    _ a: Operand, _ dimension: Int, into powers: UnsafeMutablePointer<Scalar>, _ largest: Matrix,
    _ resources: Resources
  ) throws(CoreError) {
    let top = largest.mutablePointer
    try fold(NN_FOLD_MAXIMUM, a, dimension, into: top, resources)
    for i in 0..<largest.count where top[i].isInfinite { top[i] = 0 }
    Elementwise.run(nn_subtract, a, Operand(largest), into: powers, a.shape, resources.cancellation.flag)
    Elementwise.run(nn_exp, a.shape.count, powers, into: powers, resources.cancellation.flag)
  }
}
