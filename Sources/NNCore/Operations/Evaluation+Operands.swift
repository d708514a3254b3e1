// Operations on operands that lie anywhere: unboxed numbers and results with room of their own, as the machine and
// plans have them.
extension Operation {
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
    guard let function = Route[id].pointee.binary else { return }
    try Elementwise.run(function, a, b, into: result, shape, resources)
  }

  /// An elementwise operation of one operand, into room of its shape; `result` may be the operand's own.
  package static func computeUnary(
    _ id: OperationID, _ a: Operand, into result: UnsafeMutablePointer<Scalar>, in resources: Resources
  ) throws(CoreError) {
    guard let function = Route[id].pointee.unary else { return }
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
    Products.multiply(a, b, Attributes(flags), into: result, shape, resources.cancellation.flag)
    try resources.checkCancellation()
  }

  /// Any operation, its result in a matrix of its own.
  package static func compute(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try apply(id, operands, attributes, in: resources)
  }
}
