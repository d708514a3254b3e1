import CNumerics

// Operations on operands that lie anywhere: unboxed numbers and results with room of their own, as the machine and
// plans have them.
extension Operation {
  /// An elementwise operation of one number: the same bits as its kernel gives.
  @inline(__always)
  package static func scalar(_ id: OperationID, _ x: Scalar) -> Scalar {
    switch id {
    case .negate: return -x
    case .sqrt: return x.squareRoot()
    case .abs: return x.magnitude
    default: break
    }
    var (operand, result) = (x, Scalar.nan)
    Route[id].pointee.unary?(1, &operand, &result)
    return result
  }

  /// An elementwise operation of two numbers: the same bits as its kernel gives.
  @inline(__always)
  package static func scalar(_ id: OperationID, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch id {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .modulo: return nn_modulo_number(a, b)
    case .power: return nn_power_number(a, b)
    default: break
    }
    var (left, right, result) = (a, b, Scalar.nan)
    Route[id].pointee.binary?(1, &left, 0, &right, 0, &result)
    return result
  }

  /// The joint shape of two operands of an elementwise operation.
  ///
  /// - Throws: `CoreError.shapesDoNotFit`, `CoreError.bothStretch`.
  @inlinable @inline(__always)
  package static func elementwiseShape(_ id: OperationID, _ a: Shape, _ b: Shape) throws(CoreError) -> Shape {
    if a == b || b.isScalar { return a }
    if a.isScalar { return b }
    return try stretchedShape(id, a, b)
  }

  @usableFromInline
  package static func stretchedShape(_ id: OperationID, _ a: Shape, _ b: Shape) throws(CoreError) -> Shape {
    try Shape.broadcast(2, Operation[id].name) { $0 == 0 ? a : b }
  }

  /// The most elements that an elementwise operation works on in one go, some 50 ms: up to here it cannot be
  /// interrupted half way, so its result may replace a value in place.
  @inline(__always)
  package static func inPlaceLimit(_ id: OperationID) -> Int { Route[id].pointee.quietLimit }

  /// The most multiplications of a product that is computed in one go.
  private static let inPlaceProductLimit: Scalar = 1e8

  /// Whether a product is computed in one go, so that its result may replace a value in place.
  package static func isQuietProduct(_ a: Shape, _ result: Shape, _ flags: Int) -> Bool {
    let depth = flags & 1 == 0 ? a.columns : a.rows
    return Scalar(result.count) * Scalar(depth) <= inPlaceProductLimit
  }

  /// An elementwise operation of two operands, into room of their joint shape; `result` may be an operand's own.
  package static func computeBinary(
    _ id: OperationID, _ a: Operand, _ b: Operand, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    in resources: Resources
  ) throws(CoreError) {
    let route = resources.route(id)
    guard let function = route.pointee.binary else { return }
    try resources.checkCancellation()
    if shape.count <= route.pointee.quietLimit {
      Elementwise.run(function, a, b, into: result, shape, nn_never_flag())
    } else {
      Elementwise.run(function, a, b, into: result, shape, resources.cancellation.flag)
      try resources.checkCancellation()
    }
  }

  /// An elementwise operation of one operand, into room of its shape; `result` may be the operand's own.
  package static func computeUnary(
    _ id: OperationID, _ a: Operand, into result: UnsafeMutablePointer<Scalar>, in resources: Resources
  ) throws(CoreError) {
    let route = resources.route(id)
    guard let function = route.pointee.unary else { return }
    try resources.checkCancellation()
    if a.shape.count <= route.pointee.quietLimit {
      Elementwise.run(function, a.shape.count, a.elements, into: result, nn_never_flag())
    } else {
      Elementwise.run(function, a.shape.count, a.elements, into: result, resources.cancellation.flag)
      try resources.checkCancellation()
    }
  }

  /// The shape of a product; bit 0 of `flags` says that the left operand counts as its transpose, bit 1 the right.
  ///
  /// - Throws: `CoreError.shapesDoNotFit` where the inner dimensions differ.
  @inline(__always)
  package static func productShape(_ a: Shape, _ b: Shape, _ flags: Int) throws(CoreError) -> Shape {
    try Shape.product(a, b, Attributes(flags), "*")
  }

  /// A product, into room that overlaps no operand.
  package static func computeProduct(
    _ a: Operand, _ b: Operand, _ flags: Int, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    in resources: Resources
  ) throws(CoreError) {
    try resources.checkCancellation()
    if isQuietProduct(a.shape, shape, flags) {
      Products.multiply(a, b, Attributes(flags), into: result, shape, nn_never_flag())
    } else {
      Products.multiply(a, b, Attributes(flags), into: result, shape, resources.cancellation.flag)
      try resources.checkCancellation()
    }
  }

  /// Any operation, its result in a matrix of its own.
  package static func compute(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let shape = try resultShape(id, operands, attributes)
    let result = try Matrix(uninitialized: shape, in: resources)
    try compute(id, operands, attributes, into: result.mutablePointer, shape, in: resources)
    return result
  }

  /// The same into room of the result's shape.
  package static func compute(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes,
    into result: UnsafeMutablePointer<Scalar>, _ shape: Shape, in resources: Resources
  ) throws(CoreError) {
    if shape.count == 0 { return }  // of any number of rows, none with an element
    let route = resources.route(id)
    if let matrix = route.pointee.matrix {
      try matrix(operands, attributes, result, shape, resources)
    } else if route.pointee.unary != nil {
      try computeUnary(id, operands[0], into: result, in: resources)
    } else if route.pointee.binary != nil {
      try computeBinary(id, operands[0], operands[1], into: result, shape, in: resources)
    } else if let function = route.pointee.ternary {
      let flag = resources.cancellation.flag
      Elementwise.run(function, operands[0], operands[1], operands[2], into: result, shape, flag)
      try resources.checkCancellation()
    }
  }

  /// The shape of a result, by the row's rule.
  package static func resultShape(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes
  ) throws(CoreError) -> Shape {
    let rule = Route[id].pointee.shape
    switch (rule, operands.count) {
    case (.elementwise, 1), (.same, _): return operands[0].shape
    case (.elementwise, 2): return try elementwiseShape(id, operands[0].shape, operands[1].shape)
    case (.reduction, _): return operands[0].shape.reduced(attributes.first)
    case (.transpose, _): return operands[0].shape.transposed
    default:
      return try rule.shape(count: operands.count, attributes: attributes, name: Operation[id].name) {
        operands[$0].shape
      }
    }
  }
}
