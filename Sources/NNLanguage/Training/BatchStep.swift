import NNCore

/// Cost and gradients of one batch, for batches of one width.
///
/// A network of straight lines becomes one plan, which runs without the graph. Where a function of the user may
/// branch, each step is recorded anew.
final class BatchStep {
  /// The batch, features × examples; of a plan that reads examples on rows, only their room.
  private let inputs: Matrix
  private let outputs: Matrix
  /// Room for examples on rows.
  private let inputRows: Matrix?
  private let width: Int
  private var plan: TrainingPlan?
  private var pass: ForwardPass
  private var gradients: [Matrix?] = []
  /// Where the gradient of each param of the network lies; nil for none.
  private(set) var gradientElements: [UnsafePointer<Scalar>?] = []
  private(set) var cost: Scalar = .nan
  /// What the network made of the batch.
  private(set) var result: Matrix

  /// From how many features on it is quicker to leave examples on rows than to turn them for each batch.
  private static let wide = 32

  init(_ trainer: Trainer, _ batches: Batches, _ width: Int) throws(Diagnostic) {
    self.width = width
    let resources = trainer.machine.resources
    let isPlannable = trainer.isPlannable
    let turnsInputs = isPlannable && !batches.isWhole && batches.inputs.rows >= Self.wide
    let (x, y, rows) = try trainer.machine.throwingDiagnostics {
      () throws(CoreError) -> (Matrix, Matrix, Matrix?) in
      if batches.isWhole { return (batches.inputs, batches.outputs, nil) }
      return (
        try Matrix(repeating: 0, Shape(batches.inputs.rows, width), in: resources),
        try Matrix(repeating: 0, Shape(batches.outputs.rows, width), in: resources),
        turnsInputs ? try Matrix(repeating: 0, Shape(width, batches.inputs.rows), in: resources) : nil
      )
    }
    (inputs, outputs, inputRows, result) = (x, y, rows, x)
    pass = ForwardPass(output: .nothing)
    if isPlannable { plan = try makePlan(trainer, batches) }
  }

  /// Takes the examples from place `start` of the epoch's order on.
  func take(_ batches: inout Batches, from start: Int) {
    if batches.isWhole { return }
    if let plan, let inputRows {
      plan.bind(inputRows, to: batches.inputRows(from: start, width, room: inputRows))
    } else {
      batches.copyInputs(from: start, into: inputs)
    }
    batches.copyOutputs(from: start, into: outputs)
  }

  /// Runs forward and backward; the params stay as they are.
  func compute(_ trainer: Trainer) throws(Diagnostic) {
    guard let plan else { return try record(trainer) }
    for mask in pass.masks { mask.draw(from: &trainer.machine.random) }
    do throws(CoreError) { try plan.run(in: trainer.machine.resources) } catch {
      throw Diagnostic(core: error)
    }
    cost = plan.cost
  }

  /// What takes effect together with the step: batchnorm's memory, and the params' new versions.
  @inline(__always)
  func finish(_ trainer: Trainer) {
    if plan == nil || !pass.statistics.isEmpty { finishMore(trainer) }
  }

  private func finishMore(_ trainer: Trainer) {
    for (index, seen) in statistics.enumerated() {
      try? trainer.network.state.running[index].take(
        seen.mean, seen.variance, examples: width, in: trainer.machine.resources)
    }
    guard plan == nil else { return }
    for param in trainer.network.state.params {
      param.value.storage.node = trainer.network.tape.paramChanged(param.number)
    }
  }

  private var statistics: [(mean: Value, variance: Value)] {
    guard let plan else { return pass.statistics.map { ($0.mean, $0.variance) } }
    return pass.statistics.indices.map {
      (.matrix(plan.values[2 + 2 * $0]), .matrix(plan.values[3 + 2 * $0]))
    }
  }

  // MARK: The two ways

  /// Records forward pass and cost once, and lays out the plan of both passes.
  private func makePlan(_ trainer: Trainer, _ batches: Batches) throws(Diagnostic) -> TrainingPlan? {
    let random = trainer.machine.random
    let tape = trainer.machine.tracking.tape
    let mark = tape.count
    defer {
      trainer.machine.random = random
      tape.removeNodes(from: mark)
    }
    if let inputRows { tape.note(.transpose, .none, [.matrix(inputRows)], result: inputs) }
    let cost = try recordedCost(trainer)
    guard case .matrix(let output) = pass.output else { return nil }
    var values = [output]
    for seen in pass.statistics {
      guard case .matrix(let mean) = seen.mean, case .matrix(let variance) = seen.variance else { return nil }
      values += [mean, variance]
    }
    let params = trainer.network.state.params.map(\.value)
    let named = pass.traces.compactMap { trace -> Matrix? in
      if case .matrix(let matrix) = trace.value { return matrix }
      return nil
    }
    let plan = try trainer.machine.throwingDiagnostics { () throws(CoreError) in
      try trainer.machine.differentiation.trainingPlan(
        cost: cost, values: values, named: named, params: params, samples: [(outputs, batches.outputs)],
        in: trainer.machine.resources)
    }
    let network = trainer.network
    plan.bind { number in
      let index = network.state.params.firstIndex { $0.number == number }
      return index.map { network.state.params[$0].value.pointer } ?? output.pointer
    }
    result = plan.values[1]
    setGradients(plan.gradients)
    return plan
  }

  private func setGradients(_ matrices: [Matrix?]) {
    gradients = matrices
    gradientElements = matrices.map { $0?.pointer }
  }

  private func recordedCost(_ trainer: Trainer) throws(Diagnostic) -> Matrix {
    let machine = trainer.machine
    pass = try trainer.network.run(.matrix(inputs), .training, machine)
    let cost = try machine.call(trainer.settings.loss, [pass.output, .matrix(outputs)])
    guard case .matrix(let matrix) = cost, matrix.isScalar, machine.tracking.tape.isFresh(matrix) else {
      let isNumber = cost.shape?.isScalar ?? false
      let what =
        isNumber ? "a number that does not depend on it" : cost.shape.map { "\($0)" } ?? cost.kindWithArticle
      throw Diagnostic(
        .error, "the loss must be a number computed from what the network makes, and this is \(what)"
      )
      .hinting("loss is a function of A and Y, such as bce or (A, Y) -> mean((A - Y).^2)")
    }
    return matrix
  }

  private func record(_ trainer: Trainer) throws(Diagnostic) {
    let machine = trainer.machine
    let cost = try recordedCost(trainer)
    setGradients(
      try machine.gradients(of: cost, named: "the loss", for: trainer.network.state.params.map(\.value)))
    self.cost = cost.pointer[0]
    if case .matrix(let output) = pass.output { result = output }
    if machine.tracking.tape.needsSweep { machine.sweepTape() }
  }
}

extension Trainer {
  /// Whether forward pass and loss run the same operations whatever the numbers are.
  var isPlannable: Bool {
    guard StraightFunction.result(of: settings.loss, [.tracked, .data], machine) == .tracked else {
      return false
    }
    return network.layers.allSatisfy { layer in
      switch layer {
      case .dense(_, _, let function?, _), .function(let function):
        StraightFunction.result(of: function, [.tracked], machine) == .tracked
      case .dense, .dropout, .batchNorm: true
      }
    }
  }
}
