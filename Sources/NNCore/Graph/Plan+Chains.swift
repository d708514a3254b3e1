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
    for i in first..<first + count {
      if elements[i].isFlat {
        runFlat(elements + i, shape.count)
      } else {
        run(elements[i], Block(row: 0, column: 0, rows: shape.rows, columns: shape.columns, offset: 0), shape)
      }
    }
  }

  @inline(__always)
  private func runFlat(_ element: UnsafePointer<Element>, _ count: Int) {
    let a = slots[Int(element.pointee.a.slot)]
    let y = slots[Int(element.pointee.result.slot)]
    switch element.pointee.function {
    case .unary(let function):
      function(count, a, y)
    case .binary(let function):
      let b = element.pointee.b
      function(count, a, element.pointee.a.step, slots[Int(b.slot)], b.step, y)
    case .ternary, .copy:
      call(element.pointee, at: 0, row: 0, column: 0, inBlock: 0, count: count)
    }
  }

  /// Runs a chain block by block.
  func runChain(_ first: Int, _ count: Int, _ shape: Shape, _ resources: Resources) throws(CoreError) {
    let total = shape.count
    var done = 0
    var polled = 0
    while done < total {
      let block = nextBlock(done, shape)
      for i in first..<first + count { run(elements[i], block, shape) }
      done += block.count
      if (done - polled) * count > 1 << 20 {
        polled = done
        try resources.checkCancellation()
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
  private func run(_ element: Element, _ block: Block, _ shape: Shape) {
    if element.isFlat {
      call(element, at: block.offset, row: 0, column: 0, inBlock: 0, count: block.count)
    } else {
      for r in 0..<block.rows {
        let inBlock = r * block.columns
        call(
          element, at: block.offset + inBlock, row: block.row + r, column: block.column, inBlock: inBlock,
          count: block.columns)
      }
    }
  }

  @inline(__always)
  private func place(
    _ reference: Reference, _ offset: Int, _ row: Int, _ column: Int, _ inBlock: Int
  ) -> UnsafeMutablePointer<Scalar> {
    let base = slots[Int(reference.slot)]
    switch reference.mode {
    case .full: return base + offset
    case .number: return base
    case .row: return base + column
    case .column: return base + row
    case .block: return base + inBlock
    }
  }

  @inline(__always)
  private func call(
    _ element: Element, at offset: Int, row: Int, column: Int, inBlock: Int, count: Int
  ) {
    let a = place(element.a, offset, row, column, inBlock)
    let y = place(element.result, offset, row, column, inBlock)
    switch element.function {
    case .unary(let function):
      function(count, a, y)
    case .binary(let function):
      let b = place(element.b, offset, row, column, inBlock)
      function(count, a, element.a.step, b, element.b.step, y)
    case .ternary(let function):
      let b = place(element.b, offset, row, column, inBlock)
      let c = place(element.c, offset, row, column, inBlock)
      function(count, a, element.a.step, b, element.b.step, c, element.c.step, y)
    case .copy:
      if element.a.step == 0 {
        y.update(repeating: a.pointee, count: count)
      } else if y != a {
        y.update(from: a, count: count)
      }
    }
  }
}
