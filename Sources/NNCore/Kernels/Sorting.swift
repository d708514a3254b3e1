import CNumerics

/// Order: ascending, nan last, equals in their old order.
///
/// Numbers are sorted by their bits, eleven at a time from the last (radix sort), turned into whole numbers that
/// stand in the same order. Short lists take the library's sort.
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
      try sort(turned.mutablePointer, lists: n, of: m, resources)
      nn_transpose(n, m, turned.pointer, result, flag)
    case 2: try sort(result, lists: m, of: n, resources)
    default: try sort(result, lists: 1, of: shape.count, resources)
    }
    try resources.checkCancellation()
  }

  private static let shortest = 256

  private static func sort(
    _ x: UnsafeMutablePointer<Scalar>, lists: Int, of count: Int, _ resources: Resources
  ) throws(CoreError) {
    if count < shortest {
      for k in 0..<lists {
        if k & 0xfff == 0 { try resources.checkCancellation() }
        var list = UnsafeMutableBufferPointer(start: x + k * count, count: count)
        list.sort { $0 < $1 || ($1.isNaN && !$0.isNaN) }
      }
      return
    }
    let scratch = try Matrix(uninitialized: Shape(1, count), in: resources)
    for k in 0..<lists {
      let list = x + k * count
      let keys = Keys(list, scratch.mutablePointer, count)
      for i in 0..<count { keys.front[i] = key(list[i]) }
      let sorted = try keys.sort(resources) { _, _ in }
      for i in 0..<count { list[i] = number(sorted[i]) }
    }
  }

  /// Whether `a` stands before `b`.
  @inline(__always)
  static func precedes(_ a: Scalar, _ b: Scalar) -> Bool { a < b || (b.isNaN && !a.isNaN) }

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

  /// The places, from 0, of the elements in ascending order: a row.
  package static func order(of a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let count = a.count
    var places = try Matrix(uninitialized: Shape(1, count), in: resources)
    var moved = try Matrix(uninitialized: Shape(1, count), in: resources)
    let front = try Matrix(uninitialized: Shape(1, count), in: resources)
    let back = try Matrix(uninitialized: Shape(1, count), in: resources)
    let keys = Keys(front.mutablePointer, back.mutablePointer, count)
    for i in 0..<count {
      places.mutablePointer[i] = Scalar(i)
      keys.front[i] = key(a.pointer[i] + 0)  // -0 and 0 are equals
    }
    var (from, to) = (places.mutablePointer, moved.mutablePointer)
    var swapped = false
    _ = try keys.sort(resources) { source, target in
      if let source { to[target] = from[source] } else { (from, to, swapped) = (to, from, !swapped) }
    }
    withExtendedLifetime((places, moved, front, back)) {}
    if swapped { swap(&places, &moved) }
    return places
  }

  /// A whole number that stands among others as `x` among numbers.
  @inline(__always)
  private static func key(_ x: Scalar) -> UInt64 {
    if x.isNaN { return .max }
    let bits = x.bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  @inline(__always)
  private static func number(_ key: UInt64) -> Scalar {
    if key == .max { return .nan }
    return Scalar(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }

  /// Keys and room to move them to.
  private struct Keys {
    let front: UnsafeMutablePointer<UInt64>
    let back: UnsafeMutablePointer<UInt64>
    let count: Int

    init(_ front: UnsafeMutablePointer<Scalar>, _ back: UnsafeMutablePointer<Scalar>, _ count: Int) {
      self.front = UnsafeMutableRawPointer(front).assumingMemoryBound(to: UInt64.self)
      self.back = UnsafeMutableRawPointer(back).assumingMemoryBound(to: UInt64.self)
      self.count = count
    }

    /// Where the sorted keys are. `move` is told of every move, and by a nil source of the end of each pass.
    @inline(__always)
    func sort(
      _ resources: Resources, _ move: (_ source: Int?, _ target: Int) -> Void
    ) throws(CoreError) -> UnsafeMutablePointer<UInt64> {
      var (from, to) = (front, back)
      var starts = [Int](repeating: 0, count: 2048)
      for shift in stride(from: UInt64(0), to: 64, by: 11) {
        try resources.checkCancellation()
        if !tally(from, shift, &starts) { continue }
        for i in 0..<count {
          let digit = Int(from[i] >> shift & 2047)
          let target = starts[digit]
          starts[digit] = target + 1
          to[target] = from[i]
          move(i, target)
        }
        swap(&from, &to)
        move(nil, 0)
      }
      return from
    }

    /// Where the keys with each digit begin; false where all have the same.
    private func tally(_ keys: UnsafeMutablePointer<UInt64>, _ shift: UInt64, _ starts: inout [Int]) -> Bool {
      for digit in starts.indices { starts[digit] = 0 }
      for i in 0..<count { starts[Int(keys[i] >> shift & 2047)] += 1 }
      if count == 0 || starts[Int(keys[0] >> shift & 2047)] == count { return false }
      var sum = 0
      for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
      return true
    }
  }
}

extension Sorting {
  /// The places, from 1, at which the sorted elements stood: of all elements counted row by row, in each column
  /// (dimension 1) or in each row (2); in the shape of `a`.
  package static func places(of a: Matrix, dimension: Int, in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: a.shape, in: resources)
    let lines = dimension == 1 ? a.columns : dimension == 2 ? a.rows : 1
    for line in 0..<lines {
      let (rows, columns): (Subscript, Subscript) =
        switch dimension {
        case 1: (.all(count: a.rows), .one(line))
        case 2: (.one(line), .all(count: a.columns))
        default: (.all(count: a.rows), .all(count: a.columns))
        }
      let list = try dimension == 0 ? a : a.gather(rows, columns, in: resources)
      let order = try list.count < shortest ? shortOrder(of: list, in: resources) : order(of: list, in: resources)
      for k in 0..<order.count { order.mutablePointer[k] += 1 }
      result.scatter(Operand(order), to: rows, columns)
    }
    return result
  }

  private static func shortOrder(of list: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    try resources.checkCancellation()
    let x = list.pointer
    let places = (0..<list.count).sorted { x[$0] < x[$1] || (x[$1].isNaN && !x[$0].isNaN) }
    return try Matrix(rows: 1, columns: list.count, places.map { Scalar($0) }, in: resources)
  }
}
