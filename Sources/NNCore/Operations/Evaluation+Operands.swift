// Operations on operands that lie anywhere: unboxed numbers and results with room of their own, as the machine and
// plans have them.
extension Operation {
  /// An elementwise operation of one number: the same bits as its kernel gives.
  @inline(__always)
  package static func scalar(_ id: OperationID, _ x: Scalar) -> Scalar {
    var (input, result) = (x, Scalar.nan)
    kernels[Int(id.rawValue)].unary?(1, &input, &result)
    return result
  }

  /// An elementwise operation of two numbers: the same bits as its kernel gives.
  @inline(__always)
  package static func scalar(_ id: OperationID, _ a: Scalar, _ b: Scalar) -> Scalar {
    var (left, right, result) = (a, b, Scalar.nan)
    kernels[Int(id.rawValue)].binary?(1, &left, 0, &right, 0, &result)
    return result
  }

  /// The joint shape of two operands of an elementwise operation.
  ///
  /// - Throws: `CoreError.shapesDoNotFit`, `CoreError.bothStretch`.
  package static func elementwiseShape(_ id: OperationID, _ a: Shape, _ b: Shape) throws(CoreError) -> Shape {
    try Shape.broadcast(a, b, id)
  }

  /// An elementwise operation of two operands, into room of their joint shape; `result` may be an operand's own.
  package static func computeBinary(
    _ id: OperationID, _ a: Operand, _ b: Operand, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    in resources: Resources
  ) throws(CoreError) {
    guard let function = kernels[Int(id.rawValue)].binary else { return }
    try Elementwise.run(function, a, b, into: result, shape, resources)
  }

  /// An elementwise operation of one operand, into room of its shape; `result` may be the operand's own.
  package static func computeUnary(
    _ id: OperationID, _ a: Operand, into result: UnsafeMutablePointer<Scalar>, in resources: Resources
  ) throws(CoreError) {
    guard let function = kernels[Int(id.rawValue)].unary else { return }
    try Elementwise.run(function, a.shape.count, a.elements, into: result, resources)
  }

  /// The shape of a product; bit 0 of `flags` says that the left operand counts as its transpose, bit 1 the right.
  ///
  /// - Throws: `CoreError.shapesDoNotFit` where the inner dimensions differ.
  package static func productShape(_ a: Shape, _ b: Shape, _ flags: Int) throws(CoreError) -> Shape {
    try Shape.product(a, b, Attributes(flags), "*")
  }

  /// A product, into room that overlaps no operand.
  package static func computeProduct(
    _ a: Operand, _ b: Operand, _ flags: Int, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    in resources: Resources
  ) throws(CoreError) {
    try Products.multiply(a, b, Attributes(flags), into: result, shape, resources)
  }

  /// Any operation, its result in a matrix of its own.
  package static func compute(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let row = Operation[id]
    let shape = try row.shape.shape(count: operands.count, attributes: attributes, name: row.name) {
      operands[$0].shape
    }
    let result = try Matrix(uninitialized: shape, in: resources)
    try row.evaluate(operands, attributes, into: result.mutablePointer, shape, resources)
    return result
  }
}
