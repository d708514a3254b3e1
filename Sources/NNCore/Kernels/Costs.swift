import CNumerics

/// Costs: the sum over rows, the mean over columns (examples).
enum Costs {
  /// Logarithms stop here, as in PyTorch, so that a cost of saturated outputs stays finite.
  static let leastLog: Scalar = -100

  static let meanSquaredError: MatrixKernel = { operands, _, result, _, resources throws(CoreError) in
    try perExample(operands, into: result, resources) { a, y, term, count in
      nn_subtract(count, a, 1, y, 1, term)
      nn_multiply(count, term, 1, term, 1, term)
    }
  }

  static let binaryCrossEntropy: MatrixKernel = { operands, _, result, _, resources throws(CoreError) in
    try perExample(operands, into: result, resources) { a, y, term, count in
      withScratch { other in
        logarithms(count, a, into: term)
        nn_multiply(count, term, 1, y, 1, term)
        opposites(count, a, into: other)
        logarithms(count, other, into: other)
        for i in 0..<count { term[i] = -(term[i] + (1 - y[i]) * other[i]) }
      }
    }
  }

  static let crossEntropy: MatrixKernel = { operands, _, result, _, resources throws(CoreError) in
    try perExample(operands, into: result, resources) { a, y, term, count in
      logarithms(count, a, into: term)
      for i in 0..<count { term[i] = -(term[i] * y[i]) }
    }
  }

  private static let block = 1024

  private typealias Terms = (
    _ a: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ term: UnsafeMutablePointer<Scalar>, _ count: Int
  ) -> Void

  /// The sum of the terms over the number of columns; terms are made and added block by block.
  private static func perExample(
    _ operands: Operands, into result: UnsafeMutablePointer<Scalar>, _ resources: Resources, _ terms: Terms
  ) throws(CoreError) {
    let (a, y) = (operands[0], operands[1])
    let count = a.shape.count
    let flag = resources.cancellation.flag
    if count <= block {
      // The usual small batch: no room is needed for the sums of blocks.
      var sum: Scalar = 0
      withScratch { term in
        terms(a.elements, y.elements, term, count)
        nn_fold_rows(NN_FOLD_SUM, 1, count, term, &sum, flag)
      }
      nn_fold_rows(NN_FOLD_SUM, 1, 1, &sum, result, flag)
    } else {
      let blocks = (count + block - 1) / block
      let sums = try Matrix(uninitialized: Shape(1, blocks), in: resources)
      for k in 0..<blocks {
        let start = k * block
        let width = min(block, count - start)
        withScratch { term in
          terms(a.elements + start, y.elements + start, term, width)
          nn_fold_rows(NN_FOLD_SUM, 1, width, term, sums.mutablePointer + k, flag)
        }
      }
      nn_fold_rows(NN_FOLD_SUM, 1, blocks, sums.pointer, result, flag)
    }
    try resources.checkCancellation()
    result[0] /= Scalar(a.shape.columns)
  }

  private static func withScratch(_ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: block) { buffer in
      if let base = buffer.baseAddress { body(base) }
    }
  }

  private static func opposites(
    _ count: Int, _ a: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>
  ) {
    var one: Scalar = 1
    nn_subtract(count, &one, 0, a, 1, y)
  }

  private static func logarithms(
    _ count: Int, _ a: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>
  ) {
    var least = leastLog
    nn_log(count, a, y)
    nn_maximum(count, y, 1, &least, 0, y)
  }
}
