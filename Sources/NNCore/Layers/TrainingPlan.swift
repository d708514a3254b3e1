/// Forward and backward pass of one recorded computation as a single plan, to be run many times.
///
/// Its data stays where it was when the computation was recorded: a training loop writes each batch there. The
/// gradients come in the same matrices every time, so a step allocates nothing.
package final class TrainingPlan {
  private let plan: Plan
  /// The tape's numbers of the params, by given of the plan; -1 for data.
  private let params: [Int32]
  /// The data that the plan reads, which is kept alive here, by given of the plan.
  private let dataGivens: [(index: Int, matrix: Matrix)]
  private let costElement: UnsafePointer<Scalar>
  /// The values asked for, the cost first.
  package let values: [Matrix]
  /// By param asked for; nil where the cost does not depend on one.
  package let gradients: [Matrix?]

  init(
    _ plan: Plan, params: [Int32], data: [(index: Int, matrix: Matrix)], values: [Matrix],
    gradients: [Matrix?]
  ) {
    self.plan = plan
    self.params = params
    dataGivens = data
    costElement = values[0].pointer
    self.values = values
    self.gradients = gradients
  }

  /// Says where the params' elements are; to be called again whenever they move.
  package func bind(_ elements: (_ param: Int32) -> UnsafePointer<Scalar>) {
    for (index, param) in params.enumerated() where param >= 0 { plan.setGiven(index, elements(param)) }
  }

  /// Says where data is that had the place of `matrix` when the computation was recorded: as many elements in the same
  /// order, kept alive by the caller.
  package func bind(_ matrix: Matrix, to elements: UnsafePointer<Scalar>) {
    for (index, known) in dataGivens where known.storage === matrix.storage { plan.setGiven(index, elements) }
  }

  @inline(__always)
  package var cost: Scalar { costElement.pointee }

  /// Computes cost, values and gradients from the data and params as they are now.
  ///
  /// - Throws: as `Plan.run`; values and gradients are then undefined.
  @inline(__always)
  package func run(in resources: Resources) throws(CoreError) { try plan.run(in: resources) }
}

extension Differentiation {
  /// A plan of everything that `cost` was computed by, and its gradients.
  ///
  /// - Parameters:
  ///   - cost: a fresh 1×1 value that depends on a param.
  ///   - values: other fresh values that it was computed by, to be kept by each run.
  ///   - named: values that have names. Gradients are then derived as for lines of one's own: what is common to
  ///     several, such as the division by the number of examples, is done where it is least work.
  ///   - params: the values of the params whose gradients are wanted.
  ///   - samples: data that stands for all that will take the place of data read: what is known of it, such as that
  ///     columns are one-hot, has to hold for every batch.
  package func trainingPlan(
    cost: Matrix, values: [Matrix], named: [Matrix], params: [Matrix],
    samples: [(data: Matrix, all: Matrix)], in resources: Resources
  ) throws(CoreError) -> TrainingPlan {
    let place = try differentiablePlace(cost)
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    let graph = Graph()
    graph.facts.answer = { data, fact in
      guard let storage = self.tape[slice.places[Int(data)]].storage else { return false }
      let sample = samples.first { $0.data.storage === storage }?.all
      return sample.map { fact.holds($0.pointer, $0.shape) } ?? false
    }
    var isNamed = [Bool](repeating: false, count: slice.places.count)
    for place in named.map(number(of:)) where place >= 0 { isNamed[Int(place)] = true }
    let ids = graph.load(slice, from: tape, scratch, named: isNamed)
    let wanted = params.map { number(of: $0) }
    let derivation = Derivation(graph, output: ids[0], wanted: wanted.filter { $0 >= 0 }.map { ids[Int($0)] })
    var outputs: [NodeID] = [ids[0]]
    for value in values {
      let place = number(of: value)
      if place >= 0 { outputs.append(ids[Int(place)]) }
    }
    precondition(outputs.count == values.count + 1, "values that the cost was computed by")
    var gradientPlaces: [Int] = []
    for place in wanted {
      let line = place < 0 ? nil : derivation.lines[Int(ids[Int(place)])]
      gradientPlaces.append(line == nil ? -1 : outputs.count)
      if let line { outputs.append(line.gradient) }
    }
    let layout = PlanLayout(graph, outputs: outputs, turnsOperands: true) { _ in false }
    let plan = try Plan(layout, in: resources)
    return try bound(plan, graph, slice, ids, values.count + 1, gradientPlaces, resources)
  }

  private func bound(
    _ plan: Plan, _ graph: Graph, _ slice: TapeSlice, _ ids: [NodeID], _ valueCount: Int,
    _ gradientPlaces: [Int],
    _ resources: Resources
  ) throws(CoreError) -> TrainingPlan {
    var results: [Matrix] = []
    for (index, shape) in plan.outputShapes.enumerated() {
      results.append(try Matrix(uninitialized: shape, in: resources))
      plan.setOutput(index, results[index].mutablePointer)
    }
    var numberOf = [Int32](repeating: -1, count: graph.count)
    for (number, id) in ids.enumerated() { numberOf[Int(id)] = Int32(number) }
    var params: [Int32] = []
    var data: [(index: Int, matrix: Matrix)] = []
    for (index, id) in plan.givens.enumerated() {
      let node = tape[slice.places[Int(numberOf[Int(id)])]]
      params.append(node.kind == .param ? node.slot : -1)
      if let matrix = node.matrix, node.kind != .param {
        data.append((index, matrix))
        plan.setGiven(index, matrix.pointer)
      } else if node.kind != .param {
        plan.setGiven(index, number: node.number)
      }
    }
    return TrainingPlan(
      plan, params: params, data: data, values: Array(results[..<valueCount]),
      gradients: gradientPlaces.map { $0 < 0 ? nil : results[$0] })
  }
}
