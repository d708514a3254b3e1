extension Graph {
  /// Takes over a slice of the tape as the forward computation.
  ///
  /// - Parameter named: by number in the slice, whether a variable holds the value.
  /// - Returns: the graph's node for each number of the slice.
  func load(
    _ slice: TapeSlice, from tape: Tape, _ scratch: TapeSlice.Scratch, named: [Bool]
  ) -> [NodeID] {
    var ids = [NodeID](repeating: -1, count: slice.places.count)
    var params: [Int32: NodeID] = [:]
    for number in slice.leaves {
      ids[Int(number)] = loadLeaf(number, tape[slice.places[Int(number)]], &params)
    }
    for number in slice.operations {
      let place = slice.places[Int(number)]
      let node = tape.at(place)
      var flags: Flags = tape.isTracked(place) ? .tracked : []
      if named[Int(number)] { flags.insert(.named) }
      let (count, inputs) = (node.pointee.inputCount, node.pointee.inputs)
      if count <= 3 {
        let a = count > 0 ? ids[Int(scratch[inputs.0])] : -1
        let b = count > 1 ? ids[Int(scratch[inputs.1])] : -1
        let c = count > 2 ? ids[Int(scratch[inputs.2])] : -1
        ids[Int(number)] = addForward(
          .operation, node.pointee.operation, count, (a, b, c), node.pointee.attributes, node.pointee.shape,
          flags)
      } else {
        let many = tape.inputs(of: place).map { ids[Int(scratch[$0])] }
        ids[Int(number)] = addForward(
          .operation, node.pointee.operation, many, node.pointee.attributes, node.pointee.shape, flags)
      }
    }
    return ids
  }

  private func loadLeaf(_ number: Int32, _ node: TapeNode, _ params: inout [Int32: NodeID]) -> NodeID {
    switch node.kind {
    case .literal: return literal(node.number)
    case .param:
      if let known = params[node.slot] { return known }
      let id = addForward(
        .param, .add, [], Attributes(Int(node.slot), Int(number)), node.shape, [.tracked, .named])
      params[node.slot] = id
      return id
    case .data, .operation:
      return addForward(.data, .add, [], Attributes(Int(number), 0), node.shape, .named)
    }
  }
}
