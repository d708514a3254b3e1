/// Which rows or columns a subscript picks, counted from 0 and known to lie inside.
package enum Subscript {
  case all(count: Int)
  case one(Int)
  /// `first`, `first + step` … `count` of them.
  case strided(first: Int, step: Int, count: Int)
  case list(Places)

  /// Places in any order, in memory that is counted like that of a matrix: there can be as many as it has elements.
  package struct Places {
    private let block: Matrix
    @usableFromInline let pointer: UnsafeMutablePointer<Int>
    @usableFromInline let count: Int

    /// Room for `count` places, not yet set.
    fileprivate init(_ count: Int, in resources: Resources) throws(CoreError) {
      block = try Matrix(uninitialized: Shape(1, count), in: resources)
      pointer = UnsafeMutableRawPointer(block.mutablePointer).bindMemory(to: Int.self, capacity: count)
      self.count = count
    }
  }

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
    case .list(let list): list.pointer[position]
    }
  }

  /// Calls `body` with each of the given positions and its place.
  @inline(__always)
  func forEach(_ positions: Range<Int>, _ body: (_ position: Int, _ place: Int) -> Void) {
    switch self {
    case .all: for position in positions { body(position, position) }
    case .one(let index): for position in positions { body(position, index) }
    case .strided(let first, let step, _):
      for position in positions { body(position, first + position * step) }
    case .list(let list): for position in positions { body(position, list.pointer[position]) }
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
  package init(_ numbers: Matrix, axis: Int, limit: Int, in resources: Resources) throws(CoreError) {
    let values = numbers.pointer
    let count = numbers.count
    guard count > 0 else {
      self = .strided(first: 0, step: 1, count: 0)
      return
    }
    let first = try Subscript.index(values[0], axis: axis, limit: limit)
    if count == 1 {
      self = .one(first)
      return
    }
    let step = try Subscript.index(values[1], axis: axis, limit: limit) - first
    var even = 2
    try resources.inBlocks(count) { positions throws(CoreError) in
      while even < positions.upperBound {
        if try Subscript.index(values[even], axis: axis, limit: limit) != first + even * step { return }
        even += 1
      }
    }
    if even == count {
      self = .strided(first: first, step: step, count: count)
      return
    }
    let places = try Places(count, in: resources)
    for position in 0..<even { places.pointer[position] = first + position * step }
    try resources.inBlocks(count - even) { positions throws(CoreError) in
      for position in positions {
        let number = values[even + position]
        places.pointer[even + position] = try Subscript.index(number, axis: axis, limit: limit)
      }
    }
    self = .list(places)
  }

  /// The place, from 0, of a subscript from 1.
  @inlinable
  package static func index(_ number: Scalar, axis: Int, limit: Int) throws(CoreError) -> Int {
    guard number >= 1, number <= Scalar(limit), let index = Int(exactly: number) else {
      throw .badIndex(number, axis: axis, count: limit)
    }
    return index - 1
  }

  /// Places from 0, as `numbers` gives them.
  package init(places numbers: Matrix, in resources: Resources) throws(CoreError) {
    let places = try Places(numbers.count, in: resources)
    try resources.inBlocks(numbers.count) { positions throws(CoreError) in
      for position in positions { places.pointer[position] = Int(numbers.pointer[position]) }
    }
    self = .list(places)
  }

  /// The places where a mask is not 0, row by row.
  package init(mask: UnsafePointer<Scalar>, count: Int, in resources: Resources) throws(CoreError) {
    var found = 0
    try resources.inBlocks(count) { positions throws(CoreError) in
      for position in positions where mask[position] != 0 { found += 1 }
    }
    let places = try Places(found, in: resources)
    var next = places.pointer
    try resources.inBlocks(count) { positions throws(CoreError) in
      for position in positions where mask[position] != 0 {
        next.pointee = position
        next += 1
      }
    }
    self = .list(places)
  }

  /// The places as numbers, 1×n: from 0, as the graph keeps them, or from 1.
  package func numbers(from base: Int = 0, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: Shape(1, count), in: resources)
    let target = result.mutablePointer
    try resources.inBlocks(count) { positions throws(CoreError) in
      forEach(positions) { target[$0] = Scalar($1 + base) }
    }
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
    try resources.inBlocks(shape.rows, weight: shape.columns) { block throws(CoreError) in
      for row in block {
        let source = pointer + rows[row] * width
        let target = result.mutablePointer + row * shape.columns
        try resources.inBlocks(shape.columns) { positions throws(CoreError) in
          if columns.isContiguous {
            let start = positions.lowerBound
            (target + start).update(from: source + columns.first + start, count: positions.count)
          } else {
            columns.forEach(positions) { target[$0] = source[$1] }
          }
        }
      }
    }
    return result
  }

  /// The elements at places counted row by row, in the given shape.
  package func gather(_ places: Subscript, shape: Shape, in resources: Resources) throws(CoreError) -> Matrix
  {
    let result = try Matrix(uninitialized: shape, in: resources)
    let (source, target) = (pointer, result.mutablePointer)
    try resources.inBlocks(places.count) { positions throws(CoreError) in
      places.forEach(positions) { target[$0] = source[$1] }
    }
    return result
  }

  // Writing does not look at the flag: an assignment is done or not done.

  /// Writes `values` to the given rows and columns; a 1×1 goes to all of them. The matrix must be unique.
  package func scatter(_ values: Operand, to rows: Subscript, _ columns: Subscript) {
    let step = values.shape.isScalar ? 0 : 1
    var source = values.elements
    for row in 0..<rows.count {
      let target = mutablePointer + rows[row] * self.columns
      columns.forEach(0..<columns.count) { _, column in
        target[column] = source.pointee
        source += step
      }
    }
  }

  /// Writes `values` to places counted row by row; a 1×1 goes to all of them. The matrix must be unique.
  package func scatter(_ values: Operand, to places: Subscript) {
    let step = values.shape.isScalar ? 0 : 1
    let (source, target) = (values.elements, mutablePointer)
    places.forEach(0..<places.count) { target[$1] = source[$0 * step] }
  }
}
