import CNumerics

extension Plan {
  /// Where in the result a block begins, and how far it goes: whole rows, or part of one long row.
  private struct Block {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
    var offset: Int
    var count: Int { rows * columns }
  }

  /// Runs a chain whose values fit one block, all at once.
  @inline(__always)
  func runSmallChain(_ first: Int, _ count: Int, _ shape: Shape) {
    guard let elements = elements.baseAddress, shape.count > 0 else { return }
    let block = Block(row: 0, column: 0, rows: shape.rows, columns: shape.columns, offset: 0)
    for i in first..<first + count { run(elements + i, block) }
  }

  /// Runs a chain block by block.
  func runChain(_ first: Int, _ count: Int, _ shape: Shape, _ flag: UnsafePointer<nn_flag>) throws(CoreError)
  {
    guard let elements = elements.baseAddress else { return }
    let total = shape.count
    var done = 0
    var polled = 0
    while done < total {
      let block = nextBlock(done, shape)
      for i in first..<first + count { run(elements + i, block) }
      done += block.count
      if (done - polled) * count > 1 << 20 {
        polled = done
        if nn_flag_get(flag) { throw .interrupted }
      }
    }
  }

  private func nextBlock(_ done: Int, _ shape: Shape) -> Block {
    let (row, column) = done.quotientAndRemainder(dividingBy: shape.columns)
    if shape.columns > Plan.blockCount {
      let columns = min(Plan.blockCount, shape.columns - column)
      return Block(row: row, column: column, rows: 1, columns: columns, offset: done)
    }
    let rows = min(Plan.blockCount / shape.columns, shape.rows - row)
    return Block(row: row, column: 0, rows: rows, columns: shape.columns, offset: done)
  }

  @inline(__always)
  private func run(_ element: UnsafePointer<Element>, _ block: Block) {
    var a = place(element.pointee.a, block)
    var y = place(element.pointee.result, block)
    let (aStep, aRow) = (element.pointee.a.step, element.pointee.a.row)
    let rows = element.pointee.isFlat ? 1 : block.rows
    let count = element.pointee.isFlat ? block.count : block.columns
    switch element.pointee.function {
    case .unary(let function):
      for _ in 0..<rows {
        function(count, a, y)
        (a, y) = (a + aRow, y + block.columns)
      }
    case .binary(let function):
      var b = place(element.pointee.b, block)
      let (bStep, bRow) = (element.pointee.b.step, element.pointee.b.row)
      for _ in 0..<rows {
        function(count, a, aStep, b, bStep, y)
        (a, b, y) = (a + aRow, b + bRow, y + block.columns)
      }
    case .ternary(let function):
      var b = place(element.pointee.b, block)
      var c = place(element.pointee.c, block)
      let (bStep, bRow) = (element.pointee.b.step, element.pointee.b.row)
      let (cStep, cRow) = (element.pointee.c.step, element.pointee.c.row)
      for _ in 0..<rows {
        function(count, a, aStep, b, bStep, c, cStep, y)
        (a, b, c, y) = (a + aRow, b + bRow, c + cRow, y + block.columns)
      }
    case .copy:
      for _ in 0..<rows {
        if aStep == 0 {
          y.update(repeating: a.pointee, count: count)
        } else if y != a {
          y.update(from: a, count: count)
        }
        (a, y) = (a + aRow, y + block.columns)
      }
    }
  }

  /// Where an operand's part of a block begins.
  @inline(__always)
  private func place(_ reference: Reference, _ block: Block) -> UnsafeMutablePointer<Scalar> {
    let base = slots[Int(reference.slot)]
    if reference.isBlock { return base }
    return base + block.row * reference.row + block.column * reference.step
  }
}
