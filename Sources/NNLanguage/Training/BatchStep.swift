import NNCore

/// Cost and gradients of one batch, for batches of one width.
///
/// A network of builtin functions becomes one plan, which runs without the graph. With a function of the user, who
/// may branch in it, each step is recorded anew.
final class BatchStep {
  let inputs: Matrix
  let outputs: Matrix
  private let width: Int
  private var plan: TrainingPlan?
  private var pass: ForwardPass
  private var gradients: [Matrix?] = []
  private(set) var cost: Scalar = .nan
  /// What the network made of the batch.
  private(set) var result: Matrix

  init(_ trainer: Trainer, _ batches: Batches, _ width: Int) throws(Diagnostic) {
    self.width = width
    let resources = trainer.machine.resources
    let isWhole = batches.isWhole
    let (x, y) = try trainer.machine.throwingDiagnostics { () throws(CoreError) in
      isWhole
        ? (batches.inputs, batches.outputs)
        : (
          try Matrix(repeating: 0, Shape(batches.inputs.rows, width), in: resources),
          try Matrix(repeating: 0, Shape(batches.outputs.rows, width), in: resources)
        )
    }
    (inputs, outputs, result) = (x, y, x)
    pass = ForwardPass(output: .nothing)
    if trainer.isPlannable { plan = try makePlan(trainer, batches) }
  }

  /// Runs forward and backward; the params stay as they are.
  func compute(_ trainer: Trainer) throws(Diagnostic) {
    guard let plan else { return try record(trainer) }
    for mask in pass.masks { mask.draw(from: &trainer.machine.random) }
    try trainer.machine.throwingDiagnostics { () throws(CoreError) in
      try plan.run(in: trainer.machine.resources)
    }
    cost = plan.cost
  }

  /// The params that have a gradient.
  func moves(_ network: Network) -> [ParamMove] {
    var moves: [ParamMove] = []
    for index in gradients.indices {
      guard let gradient = gradients[index] else { continue }
      moves.append(
        ParamMove(
          number: network.state.params[index].number,
          values: network.state.params[index].value.mutablePointer,
          gradient: gradient))
    }
    return moves
  }

  /// What takes effect together with the step: batchnorm's memory, and the params' new versions.
  func finish(_ trainer: Trainer) {
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
    defer { trainer.machine.random = random }
    let cost = try recordedCost(trainer)
    guard case .matrix(let output) = pass.output else { return nil }
    var values = [output]
    for seen in pass.statistics {
      guard case .matrix(let mean) = seen.mean, case .matrix(let variance) = seen.variance else { return nil }
      values += [mean, variance]
    }
    let params = trainer.network.state.params.map(\.value)
    let plan = try trainer.machine.throwingDiagnostics { () throws(CoreError) in
      try trainer.machine.differentiation.trainingPlan(
        cost: cost, values: values, params: params, samples: [(outputs, batches.outputs)],
        in: trainer.machine.resources)
    }
    let network = trainer.network
    plan.bind { number in
      let index = network.state.params.firstIndex { $0.number == number }
      return index.map { network.state.params[$0].value.pointer } ?? output.pointer
    }
    (gradients, result) = (plan.gradients, plan.values[1])
    return plan
  }

  private func recordedCost(_ trainer: Trainer) throws(Diagnostic) -> Matrix {
    let machine = trainer.machine
    pass = try trainer.network.run(.matrix(inputs), .training, machine)
    let cost = try machine.call(trainer.settings.loss, [pass.output, .matrix(outputs)])
    guard case .matrix(let matrix) = cost, matrix.isScalar, machine.tracking.tape.isFresh(matrix) else {
      let what = cost.shape.map { "\($0)" } ?? cost.kindWithArticle
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
    gradients = try machine.gradients(
      of: cost, named: "the loss", for: trainer.network.state.params.map(\.value))
    self.cost = cost.pointer[0]
    if case .matrix(let output) = pass.output { result = output }
    if machine.tracking.tape.needsSweep { machine.sweepTape() }
  }
}

extension Trainer {
  /// Whether forward pass and loss run the same operations whatever the numbers are.
  var isPlannable: Bool {
    guard settings.loss.operation != nil else { return false }
    return network.layers.allSatisfy { layer in
      switch layer {
      case .dense(_, _, let activation?, _): activation.operation != nil
      case .function(let function): function.operation != nil
      case .dense, .dropout, .batchNorm: true
      }
    }
  }
}
