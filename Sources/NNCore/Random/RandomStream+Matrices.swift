extension RandomStream {
  /// Draws for every element, row by row, looking at the interrupt flag now and then.
  private mutating func fill(
    _ shape: Shape, in resources: Resources, _ draw: (inout RandomStream) -> Scalar
  ) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: shape, in: resources)
    let y = result.mutablePointer
    for k in 0..<shape.count {
      if k & 0xffff == 0 { try resources.checkCancellation() }
      y[k] = draw(&self)
    }
    return result
  }

  /// Numbers in 0 ..< 1.
  package mutating func uniform(_ shape: Shape, in resources: Resources) throws(CoreError) -> Matrix {
    try fill(shape, in: resources) { $0.uniform() }
  }

  /// Numbers of the standard normal distribution.
  package mutating func normal(_ shape: Shape, in resources: Resources) throws(CoreError) -> Matrix {
    try fill(shape, in: resources) { $0.normal() }
  }

  /// Whole numbers in `low` … `high`, both included.
  ///
  /// - Throws: `CoreError.badArgument` for bounds that are no whole numbers below 2⁵³, or in the wrong order.
  package mutating func integers(
    _ low: Scalar, _ high: Scalar, _ shape: Shape, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let bounds = try (Self.bound(low, operand: 0), Self.bound(high, operand: 1))
    if bounds.0 > bounds.1 {
      throw .badArgument(name: "randint", operand: 1, high, wanted: "not below the first")
    }
    let span = UInt64(bounds.1 - bounds.0)
    return try fill(shape, in: resources) { low + Scalar($0.whole(upTo: span)) }
  }

  private static func bound(_ number: Scalar, operand: Int) throws(CoreError) -> Int64 {
    guard let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 else {
      throw .badArgument(name: "randint", operand: operand, number, wanted: "a whole number")
    }
    return whole
  }

  /// 0 ..< `count` in random order, as a row.
  package mutating func permutation(_ count: Int, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: Shape(1, count), in: resources)
    for (k, place) in permutation(count).enumerated() { result.mutablePointer[k] = Scalar(place) }
    return result
  }

  /// The elements of a vector, or the columns of a matrix, in random order.
  package mutating func shuffled(_ a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: a.shape, in: resources)
    let vector = a.shape.isVector
    let order = permutation(vector ? a.count : a.columns)
    for i in 0..<(vector ? 1 : a.rows) {
      try resources.checkCancellation()
      let start = i * order.count
      for (k, place) in order.enumerated() { result.mutablePointer[start + k] = a.pointer[start + place] }
    }
    return result
  }
}
