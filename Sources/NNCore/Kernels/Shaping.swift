import CNumerics

/// Elements moved to other places.
enum Shaping {
  static let reshape: MatrixKernel = { operands, _, result, shape, _ in
    result.update(from: operands[0].elements, count: shape.count)
  }

  /// Rows, columns or one number repeated to fill the shape.
  static let stretch: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let a = operands[0]
    for i in 0..<shape.rows {
      if i % 1024 == 0 { try resources.checkCancellation() }
      let from = a.elements + (a.shape.rows == 1 ? 0 : i * a.shape.columns)
      if a.shape.columns == 1 {
        (result + i * shape.columns).update(repeating: from[0], count: shape.columns)
      } else {
        (result + i * shape.columns).update(from: from, count: shape.columns)
      }
    }
  }

  /// Element k of an index vector, as a place in 0..<count.
  @inline(__always)
  private static func place(_ vector: Operand, _ k: Int, _ count: Int, axis: Int) throws(CoreError) -> Int {
    let value = vector.elements[k]
    guard value >= 0, value < Scalar(count), value == value.rounded(.down) else {
      throw .badIndex(value + 1, axis: axis, count: count)
    }
    return Int(value)
  }

  static let index: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let a = operands[0]
    for i in 0..<shape.rows {
      if i % 1024 == 0 { try resources.checkCancellation() }
      let from = a.elements + (try place(operands[1], i, a.shape.rows, axis: 0)) * a.shape.columns
      let to = result + i * shape.columns
      for j in 0..<shape.columns {
        to[j] = from[try place(operands[2], j, a.shape.columns, axis: 1)]
      }
    }
  }

  /// Adds, where a place occurs more than once: the gradient of `index`.
  static let scatter: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    let a = operands[0]
    result.update(repeating: 0, count: shape.count)
    for i in 0..<a.shape.rows {
      if i % 1024 == 0 { try resources.checkCancellation() }
      let to = result + (try place(operands[1], i, shape.rows, axis: 0)) * shape.columns
      for j in 0..<a.shape.columns {
        to[try place(operands[2], j, shape.columns, axis: 1)] += a.elements[i * a.shape.columns + j]
      }
    }
  }

  static let joinColumns: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    var column = 0
    for a in operands where a.shape.count > 0 {
      try resources.checkCancellation()
      let width = a.shape.columns
      for i in 0..<shape.rows {
        (result + i * shape.columns + column).update(from: a.elements + i * width, count: width)
      }
      column += width
    }
  }

  static let joinRows: MatrixKernel = { operands, _, result, _, resources throws(CoreError) in
    var to = result
    for a in operands {
      try resources.checkCancellation()
      to.update(from: a.elements, count: a.shape.count)
      to += a.shape.count
    }
  }

  static let repeatMatrix: MatrixKernel = {
    operands, attributes, result, shape, resources throws(CoreError) in
    let a = operands[0]
    let width = a.shape.columns
    for i in 0..<shape.rows {
      if i % 1024 == 0 { try resources.checkCancellation() }
      let from = a.elements + (i % max(a.shape.rows, 1)) * width
      for k in 0..<(width == 0 ? 0 : attributes.second) {
        (result + i * shape.columns + k * width).update(from: from, count: width)
      }
    }
  }

  static let diagonal: MatrixKernel = { operands, _, result, shape, _ in
    let a = operands[0]
    if a.shape.isVector {
      result.update(repeating: 0, count: shape.count)
      for i in 0..<shape.rows { result[i * shape.columns + i] = a.elements[i] }
    } else {
      for i in 0..<shape.rows { result[i] = a.elements[i * a.shape.columns + i] }
    }
  }

  static let cumulativeSum = running { $0 + $1 }
  static let cumulativeProduct = running { $0 * $1 }

  /// Running results: of all elements row by row, down each column, or along each row.
  @inline(__always)
  private static func running(_ next: @escaping @Sendable (Scalar, Scalar) -> Scalar) -> MatrixKernel {
    { operands, attributes, result, shape, resources throws(CoreError) in
      let (x, n) = (operands[0].elements, shape.columns)
      let before = attributes.first == 1 ? n : 1
      let begins: (Int) -> Bool =
        switch attributes.first {
        case 1: { $0 < n }
        case 2: { $0 % n == 0 }
        default: { $0 == 0 }
        }
      for i in 0..<shape.count {
        if i % (1 << 20) == 0 { try resources.checkCancellation() }
        result[i] = begins(i) ? x[i] : next(result[i - before], x[i])
      }
    }
  }
}
