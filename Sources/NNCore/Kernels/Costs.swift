import CNumerics

/// Costs: the sum over rows, the mean over columns (examples).
enum Costs {
  static let leastLog: Scalar = NN_LEAST_LOG

  static func kernel(_ cost: nn_cost) -> MatrixKernel {
    { operands, _, result, _, resources throws(CoreError) in
      try mean(cost, operands[0], operands[1], into: result, resources)
    }
  }

  static let meanSquaredError = kernel(NN_COST_SQUARES)
  static let binaryCrossEntropy = kernel(NN_COST_BINARY)
  static let crossEntropy = kernel(NN_COST_CLASSES)

  private static let block = Int(NN_COST_BLOCK)

  /// The sum of the terms over the number of columns; terms are made and added block by block.
  @inline(__always)
  static func mean(
    _ cost: nn_cost, _ a: Operand, _ y: Operand, into result: UnsafeMutablePointer<Scalar>,
    _ resources: Resources
  ) throws(CoreError) {
    let count = a.shape.count
    let flag = resources.cancellation.flag
    if count <= block {
      // The usual small batch: no room is needed for the sums of blocks. (A sum of nothing but -0 is 0.)
      result[0] = 0 + nn_cost_sum(cost, count, a.elements, y.elements, flag)
    } else {
      try sumOfBlocks(cost, a, y, into: result, resources)
    }
    try resources.checkCancellation()
    result[0] /= Scalar(a.shape.columns)
  }

  private static func sumOfBlocks(
    _ cost: nn_cost, _ a: Operand, _ y: Operand, into result: UnsafeMutablePointer<Scalar>,
    _ resources: Resources
  ) throws(CoreError) {
    let count = a.shape.count
    let flag = resources.cancellation.flag
    let blocks = (count + block - 1) / block
    let sums = try Matrix(uninitialized: Shape(1, blocks), in: resources)
    for k in 0..<blocks {
      let start = k * block
      sums.mutablePointer[k] = nn_cost_sum(
        cost, min(block, count - start), a.elements + start, y.elements + start, flag)
    }
    nn_fold_rows(NN_FOLD_SUM, 1, blocks, sums.pointer, result, flag)
  }
}
