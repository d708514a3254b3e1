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
    return try fill(shape, in: resources) { Scalar(bounds.0 + Int64($0.whole(upTo: span))) }
  }

  private static func bound(_ number: Scalar, operand: Int) throws(CoreError) -> Int64 {
    guard let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 else {
      let isWhole = number == number.rounded() && number.isFinite
      throw .badArgument(
        name: "randint", operand: operand, number, wanted: isWhole ? "within ±2^53" : "a whole number")
    }
    return whole
  }

  /// 0 ..< `count` in random order, as a row.
  package mutating func permutation(_ count: Int, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: Shape(1, count), in: resources)
    let places = UnsafeMutableBufferPointer(start: result.mutablePointer, count: count)
    for k in 0..<count { places[k] = Scalar(k) }
    for last in stride(from: count - 1, to: 0, by: -1) {
      if last & 0xffff == 0 { try resources.checkCancellation() }
      places.swapAt(last, Int(whole(upTo: UInt64(last))))
    }
    return result
  }

  /// The elements of a vector, or the columns of a matrix, in random order.
  package mutating func shuffled(_ a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: a.shape, in: resources)
    let order = try permutation(a.shape.isVector ? a.count : a.columns, in: resources)
    for i in 0..<(a.shape.isVector ? 1 : a.rows) {
      if i & 0x3ff == 0 { try resources.checkCancellation() }
      let start = i * order.count
      for (k, place) in order.buffer.enumerated() {
        result.mutablePointer[start + k] = a.pointer[start + Int(place)]
      }
    }
    return result
  }
}
