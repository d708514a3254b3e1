import CNumerics

/// Operations on matrices at once, without a graph.
extension Operation {
  /// The result of an operation with one operand.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    if let function = Route[id].pointee.unary {
      let result = try Matrix(uninitialized: a.shape, in: resources)
      try Elementwise.run(function, a.count, a.pointer, into: result.mutablePointer, resources)
      return result
    }
    return try withUnsafePointer(to: Operand(a)) { (operand) throws(CoreError) in
      try apply(id, Operands(start: operand, count: 1), attributes, in: resources)
    }
  }

  /// The result of an operation with two operands.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try apply(id, Operand(a), Operand(b), attributes, in: resources)
  }

  /// The same with a number on the right.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Scalar, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try withUnsafePointer(to: b) { (b) throws(CoreError) in
      try apply(id, Operand(a), Operand(elements: b, shape: .scalar), attributes, in: resources)
    }
  }

  /// The same with a number on the left.
  package static func apply(
    _ id: OperationID, _ a: Scalar, _ b: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try withUnsafePointer(to: a) { (a) throws(CoreError) in
      try apply(id, Operand(elements: a, shape: .scalar), Operand(b), attributes, in: resources)
    }
  }

  @inline(__always)
  private static func apply(
    _ id: OperationID, _ a: Operand, _ b: Operand, _ attributes: Attributes, in resources: Resources
  ) throws(CoreError) -> Matrix {
    if let function = Route[id].pointee.binary {
      let shape = try Shape.broadcast(a.shape, b.shape, id)
      let result = try Matrix(uninitialized: shape, in: resources)
      try Elementwise.run(function, a, b, into: result.mutablePointer, shape, resources)
      return result
    }
    return try withUnsafePointer(to: (a, b)) { (pair) throws(CoreError) in
      try apply(id, Operands(pair), attributes, in: resources)
    }
  }

  /// The result of an operation with any number of operands.
  package static func apply(
    _ id: OperationID, _ operands: [Matrix], _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let list = UnsafeMutableBufferPointer<Operand>.allocate(capacity: operands.count)
    defer {
      list.deallocate()
      withExtendedLifetime(operands) {}
    }
    for (k, matrix) in operands.enumerated() { list.initializeElement(at: k, to: Operand(matrix)) }
    return try apply(id, Operands(list), attributes, in: resources)
  }

  static func apply(
    _ id: OperationID, _ operands: Operands, _ attributes: Attributes, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let route = Route[id]
    let shape = try route.pointee.shape.shape(count: operands.count, attributes: attributes, id) {
      operands[$0].shape
    }
    let result = try Matrix(uninitialized: shape, in: resources)
    try route.pointee.run(operands, attributes, into: result.mutablePointer, shape, resources)
    return result
  }

  /// Runs the kernel into room of the result's `shape`, which `self.shape` gave.
  package func evaluate(
    _ operands: Operands, _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    _ resources: Resources
  ) throws(CoreError) {
    try Route[id].pointee.run(operands, attributes, into: result, shape, resources)
  }
}

extension Route {
  @inline(__always)
  func run(
    _ operands: Operands, _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    _ resources: Resources
  ) throws(CoreError) {
    if let unary {
      try Elementwise.run(unary, shape.count, operands[0].elements, into: result, resources)
    } else if let binary {
      try Elementwise.run(binary, operands[0], operands[1], into: result, shape, resources)
    } else if let ternary {
      try Elementwise.run(ternary, operands[0], operands[1], operands[2], into: result, shape, resources)
    } else if case .matrix(let kernel) = Operation[id].kernel {
      try kernel(operands, attributes, result, shape, resources)
    }
  }
}

extension Operands {
  @inline(__always)
  fileprivate init(_ pair: UnsafePointer<(Operand, Operand)>) {
    self.init(start: UnsafeRawPointer(pair).assumingMemoryBound(to: Operand.self), count: 2)
  }
}

extension Shape {
  /// The joint shape of two operands of an elementwise operation.
  @inline(__always)
  static func broadcast(_ a: Shape, _ b: Shape, _ id: OperationID) throws(CoreError) -> Shape {
    if a == b || b.isScalar { return a }
    if a.isScalar { return b }
    return try broadcast(2, Route[id].pointee.name) { $0 == 0 ? a : b }
  }
}
