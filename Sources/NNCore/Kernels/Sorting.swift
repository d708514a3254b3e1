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
        list.sort(by: precedes)
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
  private static func precedes(_ a: Scalar, _ b: Scalar) -> Bool { a < b || (b.isNaN && !a.isNaN) }

  /// For each element of the sorted matrix, the place it came from, row by row from 0.
  static let places: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let (x, m, n) = (operands[0].elements, shape.rows, shape.columns)
    let (lines, length, step, begin) =
      switch attributes.first {
      case 1: (n, m, n, 1)
      case 2: (m, n, 1, n)
      default: (1, m * n, 1, m * n)
      }
    let order = try Order(length, resources)
    for line in 0..<lines {
      let start = line * begin
      let places = try order.sort(x + start, step, resources)
      for k in 0..<length { result[start + k * step] = Scalar(start) + places[k] * Scalar(step) }
    }
    withExtendedLifetime(order) {}
  }

  /// The places, from 0, of the elements in ascending order: a row.
  package static func order(of a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let row = try Matrix(uninitialized: Shape(1, a.count), in: resources)
    let order = try Order(a.count, resources)
    row.mutablePointer.update(from: try order.sort(a.pointer, 1, resources), count: a.count)
    return withExtendedLifetime(order) { row }
  }

  /// Room to order one list after another.
  private struct Order {
    private let count: Int
    private let room: Matrix

    init(_ count: Int, _ resources: Resources) throws(CoreError) {
      self.count = count
      room = try Matrix(uninitialized: Shape(4, count), in: resources)
    }

    /// The places of `count` elements `step` apart, in ascending order, valid until the next call.
    func sort(
      _ x: UnsafePointer<Scalar>, _ step: Int, _ resources: Resources
    ) throws(CoreError) -> UnsafeMutablePointer<Scalar> {
      var (from, to) = (room.mutablePointer, room.mutablePointer + count)
      for i in 0..<count { from[i] = Scalar(i) }
      if count < shortest {
        try resources.checkCancellation()
        var list = UnsafeMutableBufferPointer(start: from, count: count)
        list.sort { precedes(x[Int($0) * step], x[Int($1) * step]) }
        return from
      }
      let keys = Keys(room.mutablePointer + 2 * count, room.mutablePointer + 3 * count, count)
      for i in 0..<count { keys.front[i] = key(x[i * step] + 0) }  // -0 and 0 are equals
      _ = try keys.sort(resources) { source, target in
        if let source { to[target] = from[source] } else { swap(&from, &to) }
      }
      return from
    }
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
