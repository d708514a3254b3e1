extension Differentiation {
  /// Gradients that can be differentiated again: each step of the derivation is run and recorded on the tape.
  ///
  /// - Parameters:
  ///   - output: a fresh 1×1 value that depends on a param.
  ///   - values: fresh values, params among them.
  ///   - paramValue: the present value of the param in a slot, carrying its handle.
  /// - Returns: the gradients in the order of `values`; zeros where `output` does not depend on one.
  package func grad(
    _ output: Matrix, by values: [Matrix], paramValue: (Int32) -> Matrix
  ) throws(CoreError) -> [Matrix] {
    let place = try differentiablePlace(output)
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    let numbers = numbers(of: values)
    let derived = try derivation(of: slice, numbers)
    var run = TrackedRun(derived, slice, tape, resources)
    let gradients = numbers.map { number -> NodeID in
      guard number >= 0 else { return -1 }
      return derived.lines[Int(derived.ids[Int(number)])]?.gradient ?? -1
    }
    try run.evaluate(gradients.filter { $0 >= 0 }) { place throws(CoreError) in
      try self.value(at: place, paramValue)
    }
    var results: [Matrix] = []
    for (gradient, value) in zip(gradients, values) {
      results.append(
        try gradient < 0
          ? Matrix(repeating: 0, value.shape, in: resources) : run.matrix(gradient))
    }
    return results
  }
}

/// Runs nodes one by one and records those that depend on a param.
private struct TrackedRun {
  private let derived: DerivedGraph
  private let slice: TapeSlice
  private let tape: Tape
  private let resources: Resources
  private var values: [NodeID: Matrix] = [:]

  init(_ derived: DerivedGraph, _ slice: TapeSlice, _ tape: Tape, _ resources: Resources) {
    self.derived = derived
    self.slice = slice
    self.tape = tape
    self.resources = resources
  }

  private var graph: Graph { derived.graph }

  /// - Parameter forwardValue: the value at a place on the tape.
  mutating func evaluate(
    _ wanted: [NodeID], _ forwardValue: (Int32) throws(CoreError) -> Matrix
  ) throws(CoreError) {
    guard let last = wanted.max() else { return }
    var needed = [Bool](repeating: false, count: Int(last) + 1)
    for id in wanted { needed[Int(id)] = true }
    for id in stride(from: last, through: 0, by: -1) where needed[Int(id)] && !isForward(id) {
      graph.forEachInput(of: id) { needed[Int($0)] = true }
    }
    for (number, id) in derived.ids.enumerated() where id <= last && needed[Int(id)] {
      values[id] = try forwardValue(slice.places[number])
    }
    for id in 0...last where needed[Int(id)] && !isForward(id) && graph[id].kind == .operation {
      try run(id)
    }
  }

  private func isForward(_ id: NodeID) -> Bool { graph[id].flags.contains(.forward) }

  private mutating func run(_ id: NodeID) throws(CoreError) {
    let node = graph[id]
    let inputs = graph.inputs(of: id)
    var operands: [Matrix] = []
    for input in inputs { operands.append(try matrix(input)) }
    let result = try Operation.apply(node.operation, operands, node.attributes, in: resources)
    let recorded = zip(inputs, operands).map { input, operand in
      graph.literalValue(input).map(TapeInput.literal) ?? .matrix(operand)
    }
    tape.record(node.operation, node.attributes, recorded, result: result)
    values[id] = result
  }

  func matrix(_ id: NodeID) throws(CoreError) -> Matrix {
    if let value = values[id] { return value }
    return try Matrix(repeating: graph.literalValue(id) ?? .nan, graph[id].shape, in: resources)
  }
}
