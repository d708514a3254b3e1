/// Runs elementwise functions over whole matrices: broadcasting, blocks with looks at the interrupt flag.
package enum Elementwise {
  /// Elements between two looks at the flag: some milliseconds of the slowest function.
  static let block = 1 << 16

  @inline(__always)
  static func run(
    _ function: UnaryFunction, _ count: Int, _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
    _ resources: Resources
  ) throws(CoreError) {
    if count <= block { return function(count, x, y) }
    for start in stride(from: 0, to: count, by: block) {
      try resources.checkCancellation()
      function(min(block, count - start), x + start, y + start)
    }
  }

  /// `shape` is the joint shape of `a` and `b`.
  @inline(__always)
  static func run(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, into y: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    if let aStep = a.flatStep(in: shape), let bStep = b.flatStep(in: shape) {
      if shape.count <= block { return function(shape.count, a.elements, aStep, b.elements, bStep, y) }
      return try blocks(shape.count, resources) { start, count in
        function(count, a.elements + start * aStep, aStep, b.elements + start * bStep, bStep, y + start)
      }
    }
    try rows(of: shape, resources) { row, column, count in
      function(
        count, a.place(row, column), a.step, b.place(row, column), b.step, y + row * shape.columns + column)
    }
  }

  /// The same without a look at the flag.
  @inline(__always)
  static func runQuietly(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, into y: UnsafeMutablePointer<Scalar>,
    _ shape: Shape
  ) {
    if let aStep = a.flatStep(in: shape), let bStep = b.flatStep(in: shape) {
      return function(shape.count, a.elements, aStep, b.elements, bStep, y)
    }
    for row in 0..<shape.rows {
      function(
        shape.columns, a.place(row, 0), a.step, b.place(row, 0), b.step, y + row * shape.columns)
    }
  }

  static func run(
    _ function: TernaryFunction, _ a: Operand, _ b: Operand, _ c: Operand,
    into y: UnsafeMutablePointer<Scalar>, _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    try rows(of: shape, resources) { row, column, count in
      function(
        count, a.place(row, column), a.step, b.place(row, column), b.step, c.place(row, column), c.step,
        y + row * shape.columns + column)
    }
  }

  @inline(__always)
  private static func blocks(
    _ count: Int, _ resources: Resources, _ body: (_ start: Int, _ count: Int) -> Void
  ) throws(CoreError) {
    for start in stride(from: 0, to: count, by: block) {
      try resources.checkCancellation()
      body(start, min(block, count - start))
    }
  }

  /// Row after row, long ones in blocks.
  @inline(__always)
  private static func rows(
    of shape: Shape, _ resources: Resources, _ body: (_ row: Int, _ column: Int, _ count: Int) -> Void
  ) throws(CoreError) {
    if shape.columns <= block {
      let between = max(1, block / max(shape.columns, 1))
      for row in 0..<shape.rows {
        if row % between == 0 { try resources.checkCancellation() }
        body(row, 0, shape.columns)
      }
    } else {
      for row in 0..<shape.rows {
        try blocks(shape.columns, resources) { start, count in body(row, start, count) }
      }
    }
  }
}

extension Operand {
  @inlinable
  package init(_ matrix: borrowing Matrix) {
    self.init(elements: matrix.pointer, shape: matrix.shape)
  }

  /// How to walk all elements of `shape` in one go: 1 where this is that shape, 0 where it is one number.
  @inline(__always)
  fileprivate func flatStep(in shape: Shape) -> Int? {
    self.shape == shape ? 1 : self.shape.isScalar ? 0 : nil
  }

  /// How to walk along a row of the result.
  @inline(__always)
  fileprivate var step: Int { shape.columns == 1 ? 0 : 1 }

  /// The element for (`row`, `column`) of the result.
  @inline(__always)
  fileprivate func place(_ row: Int, _ column: Int) -> UnsafePointer<Scalar> {
    elements + (shape.rows == 1 ? 0 : row * shape.columns) + column * step
  }
}
