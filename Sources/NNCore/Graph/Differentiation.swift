/// What the language asks of the graph: gradients of recorded values.
package final class Differentiation {
  package let tape: Tape
  let resources: Resources
  private var cache = PlanCache()
  let scratch = TapeSlice.Scratch()

  package init(_ tape: Tape, in resources: Resources) {
    self.tape = tape
    self.resources = resources
  }

  /// How many backward passes are kept.
  package var planCount: Int { cache.count }

  /// The gradients of `output` with respect to the values `named`, computed at once.
  ///
  /// - Parameters:
  ///   - output: a fresh 1×1 value that depends on a param.
  ///   - named: the fresh values that variables hold, params among them; each has a line of its own in the
  ///     derivation, whether or not `output` depends on it.
  ///   - paramValue: the present value of the param in a slot.
  /// - Returns: the gradients in the order of `named`, as data; nil where `output` does not depend on the value.
  /// - Throws: `CoreError.notScalar`, `.notTracked`, `.stale`, and what kernels throw.
  package func backward(
    _ output: Matrix, named: [Matrix], paramValue: (Int32) -> Matrix
  ) throws(CoreError) -> [Matrix?] {
    let place = try differentiablePlace(output)
    var slice = TapeSlice(tape, output: place, scratch: scratch)
    let numbers = numbers(of: named)
    slice.extendKey(numbers)
    do {
      return try run(try plan(slice, numbers), slice, paramValue)
    } catch .outOfMemory where cache.count > 0 {
      // What older plans hold may be what is missing.
      cache.removeAll()
      return try run(try plan(slice, numbers), slice, paramValue)
    }
  }

  /// The place on the tape of something that has a gradient.
  func differentiablePlace(_ output: Matrix) throws(CoreError) -> Int32 {
    guard output.isScalar else { throw .notScalar(output.shape) }
    switch tape.status(of: output) {
    case .stale(let slot): throw .stale(slot: Int(slot))
    case .untracked: throw .notTracked
    case .fresh: break
    }
    guard let place = tape.node(of: output) else { throw .notTracked }
    return place
  }

  /// The number of a value in the slice that was made last; -1 where it does not stand in it.
  func number(of value: Matrix) -> Int32 { tape.node(of: value).flatMap { scratch.number(of: $0) } ?? -1 }

  func numbers(of values: [Matrix]) -> [Int32] { values.map { number(of: $0) } }

  // MARK: Plans

  private func plan(_ slice: TapeSlice, _ numbers: [Int32]) throws(CoreError) -> BackwardPlan {
    let holds = { (answer: DataFacts.Answer) in
      self.holds(answer.fact, of: answer.data, slice) == answer.holds
    }
    if let known = cache.find(slice.key, holds: holds) { return known }
    let (made, facts) = try derive(slice, numbers)
    cache.insert(slice.key, facts, made)
    return made
  }

  private func holds(_ fact: DataFact, of number: Int32, _ slice: TapeSlice) -> Bool {
    guard number >= 0, let storage = tape[slice.places[Int(number)]].storage else { return false }
    return fact.holds(storage.elements, storage.shape)
  }

  /// The derivation of the gradients of `output`, for those who want to read it.
  ///
  /// - Parameter named: the fresh values that variables hold, params among them, as for `backward`.
  package func derivation(of output: Matrix, named: [Matrix]) throws(CoreError) -> DerivedGraph {
    let place = try differentiablePlace(output)
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    let numbers = numbers(of: named)
    return try derivation(of: slice, numbers)
  }

  /// The same for an output of any shape, whose own gradient is given: a value that the graph reads as data.
  package func derivation(ofAny output: Matrix, named: [Matrix]) throws(CoreError) -> DerivedGraph {
    guard tape.isFresh(output), let place = tape.node(of: output) else { throw .notTracked }
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    let numbers = numbers(of: named)
    return try derivation(of: slice, numbers, isSeeded: true)
  }

  /// The graph of a slice and its gradients, simplified.
  func derivation(
    of slice: TapeSlice, _ numbers: [Int32], isSeeded: Bool = false
  ) throws(CoreError) -> DerivedGraph {
    let graph = Graph()
    graph.facts.answer = { number, fact in self.holds(fact, of: number, slice) }
    var isNamed = [Bool](repeating: false, count: slice.places.count)
    for number in numbers where number >= 0 { isNamed[Int(number)] = true }
    let ids = graph.load(slice, from: tape, scratch, named: isNamed)
    let wanted = numbers.filter { $0 >= 0 }.map { ids[Int($0)] }
    let seed =
      isSeeded ? graph.addForward(.data, .add, [], Attributes(-1, 0), graph[ids[0]].shape, .named) : nil
    return DerivedGraph(
      graph: graph, ids: ids, places: slice.places,
      named: numbers.map { $0 < 0 ? nil : ids[Int($0)] },
      lines: Derivation(graph, output: ids[0], wanted: wanted, seed: seed).lines, seed: seed)
  }

  private func derive(
    _ slice: TapeSlice, _ numbers: [Int32]
  ) throws(CoreError) -> (BackwardPlan, [DataFacts.Answer]) {
    let derived = try derivation(of: slice, numbers)
    let graph = derived.graph
    var outputs: [NodeID] = []
    let places = numbers.map { number -> Int in
      guard number >= 0, let line = derived.lines[Int(derived.ids[Int(number)])] else { return -1 }
      outputs.append(line.gradient)
      return outputs.count - 1
    }
    let layout = PlanLayout(graph, outputs: outputs) { graph[$0].flags.contains(.forward) }
    let plan = try Plan(layout, in: resources)
    var numberOf = [Int32](repeating: -1, count: graph.count)
    for (number, id) in derived.ids.enumerated() { numberOf[Int(id)] = Int32(number) }
    let made = BackwardPlan(plan: plan, givens: plan.givens.map { numberOf[Int($0)] }, outputs: places)
    return (made, graph.facts.asked)
  }

  private func run(
    _ found: BackwardPlan, _ slice: TapeSlice, _ paramValue: (Int32) -> Matrix
  ) throws(CoreError) -> [Matrix?] {
    let plan = found.plan
    var results: [Matrix] = []
    for (index, shape) in plan.outputShapes.enumerated() {
      let result = try Matrix(uninitialized: shape, in: resources)
      plan.setOutput(index, result.mutablePointer)
      results.append(result)
    }
    var held: [Matrix] = []
    for (index, number) in found.givens.enumerated() {
      let place = slice.places[Int(number)]
      let node = tape.at(place)
      if node.pointee.kind == .param || node.pointee.isAbsent {
        held.append(try value(at: place, paramValue))
        plan.setGiven(index, held[held.count - 1].pointer)
      } else if let storage = node.pointee.storage {
        plan.setGiven(index, UnsafePointer(storage.elements))
      } else {
        plan.setGiven(index, number: node.pointee.number)
      }
    }
    try plan.run(in: resources)
    withExtendedLifetime((held, results)) {}
    return found.outputs.map { $0 < 0 ? nil : results[$0] }
  }
}

/// A slice of the tape as a graph, with its gradients.
package struct DerivedGraph {
  package let graph: Graph
  /// The graph's node for each number of the slice; number 0 is the output.
  package let ids: [NodeID]
  /// The place on the tape for each number of the slice.
  package let places: [Int32]
  /// The graph's node for each value that was named; nil where the output does not depend on it.
  package let named: [NodeID?]
  /// By forward node; nil where nothing flows.
  package let lines: [Derivation.Line?]
  /// What stands for the output's own gradient, where that is given.
  package let seed: NodeID?
}
