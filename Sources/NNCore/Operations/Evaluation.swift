// Operations on matrices at once, without a graph.
extension Operation {
  /// The result of an operation with one operand.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try withUnsafePointer(to: Operand(a)) { (operand) throws(CoreError) in
      try compute(id, Operands(start: operand, count: 1), attributes, in: resources)
    }
  }

  /// The result of an operation with two operands.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    try withUnsafePointer(to: (Operand(a), Operand(b))) { (pair) throws(CoreError) in
      let start = UnsafeRawPointer(pair).assumingMemoryBound(to: Operand.self)
      return try compute(id, Operands(start: start, count: 2), attributes, in: resources)
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
    return try compute(id, Operands(list), attributes, in: resources)
  }

  /// Runs the kernel into room of the result's `shape`, which the row's shape rule gave.
  package func evaluate(
    _ operands: Operands, _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    try Operation.compute(id, operands, attributes, into: result, shape, in: resources)
  }
}
