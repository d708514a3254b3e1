/// Which rows or columns a subscript picks, counted from 0 and known to lie inside.
package enum Subscript {
  case all(count: Int)
  case one(Int)
  /// `first`, `first + step` … `count` of them.
  case strided(first: Int, step: Int, count: Int)
  case list([Int])

  package var count: Int {
    switch self {
    case .all(let count), .strided(_, _, let count): count
    case .one: 1
    case .list(let list): list.count
    }
  }

  @inlinable
  package subscript(position: Int) -> Int {
    switch self {
    case .all: position
    case .one(let index): index
    case .strided(let first, let step, _): first + position * step
    case .list(let list): list[position]
    }
  }

  /// Whether it picks neighbours in order, so that a run of elements can be copied whole.
  var isContiguous: Bool {
    switch self {
    case .all, .one: true
    case .strided(_, let step, let count): step == 1 || count <= 1
    case .list: false
    }
  }

  var first: Int { count == 0 ? 0 : self[0] }

  /// Subscripts from numbers as users write them, from 1.
  ///
  /// - Parameters:
  ///   - axis: 0 for rows, 1 for columns, 2 for a vector; for the message.
  ///   - limit: how many there are to pick from.
  /// - Throws: `CoreError.badIndex` for the first that is not a whole number from 1 to `limit`.
  package init(_ numbers: Matrix, axis: Int, limit: Int) throws(CoreError) {
    let values = numbers.pointer
    let count = numbers.count
    if count == 1 {
      self = .one(try Subscript.index(values[0], axis: axis, limit: limit))
      return
    }
    var list = [Int](repeating: 0, count: count)
    var isStrided = count > 0
    for position in 0..<count {
      list[position] = try Subscript.index(values[position], axis: axis, limit: limit)
      if position > 1, list[position] - list[position - 1] != list[1] - list[0] { isStrided = false }
    }
    self =
      isStrided
      ? .strided(first: list[0], step: count > 1 ? list[1] - list[0] : 1, count: count) : .list(list)
  }

  /// The place, from 0, of a subscript from 1.
  @inlinable
  package static func index(_ number: Scalar, axis: Int, limit: Int) throws(CoreError) -> Int {
    guard number >= 1, number <= Scalar(limit), let index = Int(exactly: number) else {
      throw .badIndex(number, axis: axis, count: limit)
    }
    return index - 1
  }

  /// The places where a mask is not 0, row by row.
  package init(mask: UnsafePointer<Scalar>, count: Int) {
    self = .list((0..<count).filter { mask[$0] != 0 })
  }

  /// The places as numbers from 0, 1×n: how the graph keeps them.
  package func numbers(in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: Shape(1, count), in: resources)
    for position in 0..<count { result.mutablePointer[position] = Scalar(self[position]) }
    return result
  }
}

extension Matrix {
  /// The elements in the given rows and columns.
  package func gather(_ rows: Subscript, _ columns: Subscript, in resources: Resources) throws(CoreError)
    -> Matrix
  {
    let shape = Shape(rows.count, columns.count)
    let result = try Matrix(uninitialized: shape, in: resources)
    let width = self.columns
    for row in 0..<shape.rows {
      let source = pointer + rows[row] * width
      let target = result.mutablePointer + row * shape.columns
      if columns.isContiguous {
        target.update(from: source + columns.first, count: shape.columns)
      } else {
        for column in 0..<shape.columns { target[column] = source[columns[column]] }
      }
      if row & 0xFFF == 0xFFF { try resources.checkCancellation() }
    }
    return result
  }

  /// The elements at places counted row by row, in the given shape.
  package func gather(_ places: Subscript, shape: Shape, in resources: Resources) throws(CoreError) -> Matrix
  {
    let result = try Matrix(uninitialized: shape, in: resources)
    for position in 0..<places.count { result.mutablePointer[position] = pointer[places[position]] }
    return result
  }

  /// Writes `values` to the given rows and columns; a 1×1 goes to all of them. The matrix must be unique.
  package func scatter(_ values: Operand, to rows: Subscript, _ columns: Subscript) {
    let step = values.shape.isScalar ? 0 : 1
    var source = values.elements
    for row in 0..<rows.count {
      let target = mutablePointer + rows[row] * self.columns
      for column in 0..<columns.count {
        target[columns[column]] = source.pointee
        source += step
      }
    }
  }

  /// Writes `values` to places counted row by row; a 1×1 goes to all of them. The matrix must be unique.
  package func scatter(_ values: Operand, to places: Subscript) {
    let step = values.shape.isScalar ? 0 : 1
    for position in 0..<places.count { mutablePointer[places[position]] = values.elements[position * step] }
  }
}
