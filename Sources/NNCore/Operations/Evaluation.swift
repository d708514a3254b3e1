extension Operation {
  /// Looks an elementwise kernel up without touching the rest of its row.
  struct Kernels {
    var unary: UnaryFunction?
    var binary: BinaryFunction?
    var ternary: TernaryFunction?
    var matrix: MatrixKernel?

    init(_ kernel: Kernel) {
      switch kernel {
      case .unary(let function): unary = function
      case .binary(let function): binary = function
      case .ternary(let function): ternary = function
      case .matrix(let kernel): matrix = kernel
      }
    }
  }

  static let kernels: [Kernels] = table.map { Kernels($0.kernel) }

  /// The result of an operation with one operand.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    if let function = kernels[Int(id.rawValue)].unary {
      let result = try Matrix(uninitialized: a.shape, in: resources)
      try Elementwise.run(function, a.count, a.pointer, into: result.mutablePointer, resources)
      return result
    }
    return try apply(id, [a], attributes, in: resources)
  }

  /// The result of an operation with two operands.
  package static func apply(
    _ id: OperationID, _ a: Matrix, _ b: Matrix, _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    if let function = kernels[Int(id.rawValue)].binary {
      let shape = try Shape.broadcast(a.shape, b.shape, id)
      let result = try Matrix(uninitialized: shape, in: resources)
      try Elementwise.run(function, Operand(a), Operand(b), into: result.mutablePointer, shape, resources)
      return result
    }
    if id == .product {
      let shape = try Shape.product(a.shape, b.shape, attributes, "*")
      let result = try Matrix(uninitialized: shape, in: resources)
      try Products.multiply(Operand(a), Operand(b), attributes, into: result.mutablePointer, shape, resources)
      return result
    }
    return try apply(id, [a, b], attributes, in: resources)
  }

  /// The result of an operation with any number of operands.
  package static func apply(
    _ id: OperationID, _ operands: [Matrix], _ attributes: Attributes = .none, in resources: Resources
  ) throws(CoreError) -> Matrix {
    let row = Operation[id]
    let shape = try row.shape.shape(of: operands.map(\.shape), attributes: attributes, name: row.name)
    let result = try Matrix(uninitialized: shape, in: resources)
    try row.evaluate(operands.map { Operand($0) }, attributes, into: result.mutablePointer, shape, resources)
    return withExtendedLifetime(operands) { result }
  }

  /// Runs the kernel into room of the result's `shape`.
  package func evaluate(
    _ operands: [Operand], _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    let list = UnsafeMutableBufferPointer<Operand>.allocate(capacity: operands.count)
    defer { list.deallocate() }
    _ = list.initialize(from: operands)
    try evaluate(Operands(list), attributes, into: result, shape, resources)
  }

  /// The same for operands that lie in a buffer already.
  package func evaluate(
    _ operands: Operands, _ attributes: Attributes, into result: UnsafeMutablePointer<Scalar>,
    _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    switch kernel {
    case .unary(let function):
      try Elementwise.run(function, shape.count, operands[0].elements, into: result, resources)
    case .binary(let function):
      try Elementwise.run(function, operands[0], operands[1], into: result, shape, resources)
    case .ternary(let function):
      try Elementwise.run(function, operands[0], operands[1], operands[2], into: result, shape, resources)
    case .matrix(let kernel):
      try kernel(operands, attributes, result, shape, resources)
    }
  }
}

extension Shape {
  /// The joint shape of two operands of an elementwise operation.
  @inline(__always)
  static func broadcast(_ a: Shape, _ b: Shape, _ id: OperationID) throws(CoreError) -> Shape {
    if a == b || b.isScalar { return a }
    if a.isScalar { return b }
    return try broadcast(2, Operation[id].name) { $0 == 0 ? a : b }
  }
}
