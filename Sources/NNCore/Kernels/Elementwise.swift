import CNumerics

/// Runs elementwise functions over whole matrices: broadcasting, threads for many elements, looks at the interrupt
/// flag.
package enum Elementwise {
  /// Elements between two looks at the flag where rows are walked one by one.
  static let block = 1 << 16
  /// The fewest elements that are worth sharing among threads.
  static let shared = 1 << 16

  /// Once `flag` is up the result is left half done.
  @inline(__always)
  static func run(
    _ function: UnaryFunction, _ count: Int, _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
    _ flag: UnsafePointer<nn_flag>
  ) {
    if count < shared { function(count, x, y) } else { nn_spread_unary(function, count, x, y, flag) }
  }

  /// `shape` is the joint shape of `a` and `b`; once `flag` is up the result is left half done.
  @inline(__always)
  static func run(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, into y: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ flag: UnsafePointer<nn_flag>
  ) {
    guard let aStep = a.flatStep(in: shape), let bStep = b.flatStep(in: shape) else {
      return stretched(function, a, b, into: y, shape, flag)
    }
    if shape.count < shared {
      function(shape.count, a.elements, aStep, b.elements, bStep, y)
    } else {
      nn_spread_binary(function, shape.count, a.elements, aStep, b.elements, bStep, y, flag)
    }
  }

  private static func stretched(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, into y: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ flag: UnsafePointer<nn_flag>
  ) {
    if shape.columns == 0 { return }  // of any number of rows
    let between = max(1, block / shape.columns)
    for row in 0..<shape.rows {
      if row % between == 0, nn_flag_get(flag) { return }
      let (left, right, result) = (a.place(row), b.place(row), y + row * shape.columns)
      if shape.columns < shared {
        function(shape.columns, left, a.step, right, b.step, result)
      } else {
        nn_spread_binary(function, shape.columns, left, a.step, right, b.step, result, flag)
      }
    }
  }

  static func run(
    _ function: TernaryFunction, _ a: Operand, _ b: Operand, _ c: Operand,
    into y: UnsafeMutablePointer<Scalar>, _ shape: Shape, _ flag: UnsafePointer<nn_flag>
  ) {
    for row in 0..<(shape.columns == 0 ? 0 : shape.rows) {
      for start in stride(from: 0, to: shape.columns, by: block) {
        if nn_flag_get(flag) { return }
        function(
          min(block, shape.columns - start), a.place(row) + start * a.step, a.step,
          b.place(row) + start * b.step, b.step, c.place(row) + start * c.step, c.step,
          y + row * shape.columns + start)
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

  /// The first element for `row` of the result.
  @inline(__always)
  fileprivate func place(_ row: Int) -> UnsafePointer<Scalar> {
    elements + (shape.rows == 1 ? 0 : row * shape.columns)
  }
}
