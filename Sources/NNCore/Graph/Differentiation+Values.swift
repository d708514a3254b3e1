extension Differentiation {
  /// The values of nodes of a derivation and of all they are computed from on the gradients' side, each operation
  /// run by itself: the same bits as the plan gives.
  ///
  /// - Parameter paramValue: the present value of the param in a slot.
  package func values(
    of wanted: [NodeID], in derived: DerivedGraph, paramValue: (Int32) -> Matrix
  ) throws(CoreError) -> [NodeID: Matrix] {
    guard let last = wanted.max() else { return [:] }
    let graph = derived.graph
    var needed = [Bool](repeating: false, count: Int(last) + 1)
    for id in wanted { needed[Int(id)] = true }
    for id in stride(from: last, through: 0, by: -1)
    where needed[Int(id)] && !graph[id].flags.contains(.forward) {
      graph.forEachInput(of: id) { needed[Int($0)] = true }
    }
    var values: [NodeID: Matrix] = [:]
    for (number, id) in derived.ids.enumerated() where id >= 0 && id <= last && needed[Int(id)] {
      values[id] = try value(at: derived.places[number], paramValue)
    }
    for id in 0...last where needed[Int(id)] && values[id] == nil {
      let node = graph[id]
      // What depends on a gradient that is only given later has no value yet.
      if id == derived.seed
        || node.kind == .operation && !graph.inputs(of: id).allSatisfy({ values[$0] != nil })
      {
        continue
      }
      guard node.kind == .operation else {
        values[id] = try Matrix(repeating: graph.literalValue(id) ?? .nan, node.shape, in: resources)
        continue
      }
      var operands: [Matrix] = []
      for input in graph.inputs(of: id) { if let operand = values[input] { operands.append(operand) } }
      values[id] = try Operation.apply(node.operation, operands, node.attributes, in: resources)
    }
    return values
  }
}
