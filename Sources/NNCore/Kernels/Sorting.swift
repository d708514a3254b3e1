import CNumerics

/// Order: ascending, nan last, equals in their old order.
package enum Sorting {
  /// Attribute 0 sorts all elements row by row, 1 each column, 2 each row.
  static let sort: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let (m, n) = (shape.rows, shape.columns)
    result.update(from: operands[0].elements, count: shape.count)
    switch attributes.first {
    case 1:
      let turned = try Matrix(uninitialized: shape.transposed, in: resources)
      let flag = resources.cancellation.flag
      nn_transpose(m, n, result, turned.mutablePointer, flag)
      for j in 0..<n { try sort(turned.mutablePointer + j * m, m, resources) }
      nn_transpose(n, m, turned.pointer, result, flag)
    case 2: for i in 0..<m { try sort(result + i * n, n, resources) }
    default: try sort(result, shape.count, resources)
    }
  }

  /// For each element of the sorted matrix, the place it came from, row by row from 0.
  static let places: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let (x, m, n) = (operands[0].elements, shape.rows, shape.columns)
    let lines =
      switch attributes.first {
      case 1: (0..<n).map { stride(from: $0, to: m * n, by: max(n, 1)) }
      case 2: (0..<m).map { stride(from: $0 * n, to: ($0 + 1) * n, by: 1) }
      default: [stride(from: 0, to: m * n, by: 1)]
      }
    for line in lines {
      try resources.checkCancellation()
      let order = line.sorted { precedes(x[$0], x[$1]) }
      for (place, from) in zip(line, order) { result[place] = Scalar(from) }
    }
  }

  private static func sort(
    _ x: UnsafeMutablePointer<Scalar>, _ count: Int, _ resources: Resources
  ) throws(CoreError) {
    try resources.checkCancellation()
    var part = UnsafeMutableBufferPointer(start: x, count: count)
    part.sort(by: precedes)
  }

  /// Whether `a` stands before `b`.
  @inline(__always)
  static func precedes(_ a: Scalar, _ b: Scalar) -> Bool { a < b || (b.isNaN && !a.isNaN) }

  /// The places, from 0, of the elements in ascending order.
  package static func order(of a: Matrix, in resources: Resources) throws(CoreError) -> [Int] {
    try resources.checkCancellation()
    let x = a.pointer
    return (0..<a.count).sorted { precedes(x[$0], x[$1]) }
  }
}
