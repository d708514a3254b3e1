import NNCore

// Operations on arguments, recorded in the graph where one of them depends on a param.
extension Call {
  /// Applies an operation to one argument.
  func apply(_ id: OperationID, _ attributes: Attributes = .none, _ index: Int) throws(Diagnostic) -> Value {
    guard let operand = plainOperand(index) else { return try machine.apply(id, attributes, [traced(index)]) }
    return try withUnsafePointer(to: operand) { start throws(Diagnostic) in
      try plain(id, attributes, Operands(start: start, count: 1))
    }
  }

  /// Applies an operation to two arguments.
  func apply(_ id: OperationID, _ attributes: Attributes = .none, _ first: Int, _ second: Int)
    throws(Diagnostic)
    -> Value
  {
    guard let left = plainOperand(first), let right = plainOperand(second) else {
      return try machine.apply(id, attributes, [traced(first), traced(second)])
    }
    return try withUnsafePointer(to: (left, right)) { pair throws(Diagnostic) in
      let start = UnsafeRawPointer(pair).assumingMemoryBound(to: Operand.self)
      return try plain(id, attributes, Operands(start: start, count: 2))
    }
  }

  /// Applies an operation to all arguments.
  func applyToAll(_ id: OperationID) throws(Diagnostic) -> Value {
    switch count {
    case 1: try apply(id, .none, 0)
    case 2: try apply(id, .none, 0, 1)
    default: try machine.apply(id, .none, (0..<count).map { traced($0) })
    }
  }

  /// An argument together with its text, which tells the graph where it came from.
  func traced(_ index: Int) -> TracedValue { TracedValue(value: self[index], node: argumentNode(index)) }

  // MARK: Without the graph

  /// A numeric argument that the graph knows nothing of.
  private func plainOperand(_ index: Int) -> Operand? {
    guard let base = arguments.baseAddress, index < count, !machine.mayBeTracked(base + index) else {
      return nil
    }
    return machine.operand(base + index)
  }

  private func plain(_ id: OperationID, _ attributes: Attributes, _ operands: Operands) throws(Diagnostic)
    -> Value
  {
    try core { () throws(CoreError) in
      let shape = try Operation.resultShape(id, operands, attributes)
      if shape.isScalar {
        var number = Scalar.nan
        try Operation.compute(id, operands, attributes, into: &number, shape, in: resources)
        return .number(number)
      }
      let result = try Matrix(uninitialized: shape, in: resources)
      try Operation.compute(id, operands, attributes, into: result.mutablePointer, shape, in: resources)
      return .matrix(result)
    }
  }
}
