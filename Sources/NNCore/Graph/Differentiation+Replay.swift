extension Differentiation {
  /// A replay of what computed `output`, with gradients for `named`; nil where the computation read data that no
  /// variable stands for, so that nothing says what it would read the next time.
  ///
  /// - Parameters:
  ///   - output: a fresh 1×1 value that depends on a param.
  ///   - named: the fresh values that variables hold, params among them.
  ///   - variable: the variable that holds a matrix of data; -1 for none. Unboxed numbers are on the tape with the
  ///     variable they were read from.
  package func replay(
    of output: Matrix, named: [Matrix], variable: (Matrix) -> Int32
  ) throws(CoreError) -> Replay? {
    let place = try differentiablePlace(output)
    // Values that another replay holds are put on the tape first: doing so adds nodes.
    for value in named { _ = tape.node(of: value) }
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    let numbers = numbers(of: named)
    let derived = try derivation(of: slice, numbers)
    guard let layout = ReplayLayout(slice, tape, scratch, derived, named: numbers, variable: variable) else {
      return nil
    }
    return try Replay(layout, tape, in: resources)
  }

  /// The value of a node, computed again if the tape does not keep it.
  package func value(at place: Int32, _ paramValue: (Int32) -> Matrix) throws(CoreError) -> Matrix {
    let node = tape[place]
    if node.kind == .param { return paramValue(node.slot) }
    if let matrix = node.matrix { return matrix }
    if node.isAbsent { return try recompute(place, paramValue) }
    return try Matrix(repeating: node.number, .scalar, in: resources)
  }

  private func recompute(_ root: Int32, _ paramValue: (Int32) -> Matrix) throws(CoreError) -> Matrix {
    var pending = [root]
    while let place = pending.last {
      let inputs = tape.inputs(of: place)
      let missing = inputs.filter { tape[$0].isAbsent }
      if missing.isEmpty {
        pending.removeLast()
        if tape[place].isAbsent {
          var operands: [Matrix] = []
          for input in inputs { operands.append(try value(at: input, paramValue)) }
          let node = tape[place]
          tape.keep(
            try Operation.apply(node.operation, operands, node.attributes, in: resources), at: place)
        }
      } else {
        pending += missing
      }
    }
    return try value(at: root, paramValue)
  }
}

extension Tape {
  /// Keeps the value of a node that had none.
  func keep(_ value: Matrix, at place: Int32) {
    nodes.base[Int(place)].storage = value.storage
    nodes.base[Int(place)].isAbsent = false
    value.storage.node = NodeHandle(index: UInt32(place), generation: generation)
    state.pointee.bytes += nodes.base[Int(place)].bytes
  }
}
