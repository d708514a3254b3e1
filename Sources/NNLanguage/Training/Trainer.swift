import NNCore

/// Trains a network: batches, steps, epochs, early stopping.
final class Trainer {
  struct Settings {
    var loss: Function
    var optimiser: OptimiserValue
    var epochs = 100
    var batch = 32
    var validation: (inputs: Matrix, outputs: Matrix)?
    /// Epochs without a better cost after which training ends; nil for no such end.
    var patience: Int?
    var showsProgress = true
  }

  let machine: Machine
  let network: Network
  let settings: Settings
  private var batches: Batches
  private let mover: ParamMover
  /// For batches of the usual size, and for what remains at the end of an epoch.
  private var steps: (usual: BatchStep?, last: BatchStep?) = (nil, nil)
  private let history: TrainingHistory
  /// The class of each example, from 1; nil where outputs are no classes.
  private let labels: [Int]?
  private let startTime: Double
  private var shownAt = -Double.infinity
  private var nextLook = 1
  private let isWhole: Bool
  private let inputCount: Int

  init(_ network: Network, _ inputs: Matrix, _ outputs: Matrix, _ settings: Settings, _ machine: Machine)
    throws(Diagnostic)
  {
    self.machine = machine
    self.network = network
    self.settings = settings
    batches = try machine.throwingDiagnostics { () throws(CoreError) in
      try Batches(inputs, outputs, size: settings.batch, in: machine.resources)
    }
    isWhole = batches.isWhole
    inputCount = inputs.columns
    for index in network.state.params.indices { try network.makeUnique(index) }
    mover = ParamMover(network.state.params, settings.optimiser)
    let hasClasses = OneHot.firstColumnWithoutClass(in: outputs) == nil
    labels = hasClasses ? OneHot.classes(of: outputs) : nil
    history = TrainingHistory(
      hasAccuracy: hasClasses, hasValidation: settings.validation != nil, in: machine.resources)
    startTime = machine.host.clock()
  }

  /// Runs all epochs, or as many as it takes; an interrupt keeps the finished steps and ends the run behind the
  /// statement that wanted the history.
  func run() throws(Diagnostic) -> TrainingHistory {
    defer {
      mover.finish(machine)
      announceChanges()
    }
    var best = Best()
    do {
      for epoch in 1...max(1, settings.epochs) where settings.epochs > 0 {
        let result = try self.epoch()
        history.append(result)
        if settings.showsProgress, epoch >= nextLook { show(result, epoch) }
        guard let patience = settings.patience else { continue }
        if try best.isOver(result.validationCost ?? result.cost, patience, network, machine.resources) {
          history.ending = "stopped early"
          best.restore(network)
          break
        }
      }
    } catch {
      guard machine.resources.cancellation.isRaised else { throw error }
      history.ending = "interrupted"
      machine.endAfterStatement("in epoch \(history.epochs + 1) of \(settings.epochs)")
    }
    return history
  }

  /// What was computed from the params is stale now.
  private func announceChanges() {
    for index in network.state.params.indices {
      let number = network.state.params[index].number
      network.state.params[index].value.storage.node = network.tape.paramChanged(number)
      machine.noteChange(of: number)
    }
  }

  // MARK: Epochs and steps

  private func epoch() throws(Diagnostic) -> EpochResult {
    var result = isWhole ? try wholeEpoch() : try epochOfBatches()
    if settings.validation != nil { try validate(&result) }
    return result
  }

  /// An epoch of one step, as of a small data set: nothing but the step, since there may be millions.
  private func wholeEpoch() throws(Diagnostic) -> EpochResult {
    let step = try step(of: inputCount)
    try run(step)
    var result = EpochResult(cost: step.cost * Scalar(inputCount) / Scalar(inputCount))
    if let labels {
      result.accuracy = Scalar(countRight(step.result, labels) { $0 }) / Scalar(inputCount)
    }
    return result
  }

  @inline(__always)
  private func run(_ step: BatchStep) throws(Diagnostic) {
    // Brief plans look at no flag themselves.
    if machine.resources.cancellation.isRaised { throw Diagnostic(core: .interrupted) }
    try step.compute(self)
    try mover.move(step.gradientElements, machine)
    step.finish(self)
  }

  private func epochOfBatches() throws(Diagnostic) -> EpochResult {
    try machine.throwingDiagnostics { () throws(CoreError) in
      try batches.shuffle(&machine.random, in: machine.resources)
    }
    var (cost, right, start) = (0.0, 0, 0)
    while start < batches.count {
      let width = min(batches.size, batches.count - start)
      let step = try step(of: width)
      step.take(&batches, from: start)
      try run(step)
      cost += step.cost * Scalar(width)
      if let labels { right += countRight(step.result, labels) { batches.example(start + $0) } }
      start += width
    }
    var result = EpochResult(cost: cost / Scalar(batches.count))
    if labels != nil { result.accuracy = Scalar(right) / Scalar(batches.count) }
    return result
  }

  @inline(__always)
  private func step(of width: Int) throws(Diagnostic) -> BatchStep {
    if width == batches.size {
      if let known = steps.usual { return known }
    } else if let known = steps.last {
      return known
    }
    return try makeStep(width)
  }

  private func makeStep(_ width: Int) throws(Diagnostic) -> BatchStep {
    let made = try BatchStep(self, batches, width)
    if width == batches.size { steps.usual = made } else { steps.last = made }
    return made
  }

  /// How many columns of a batch's result have the class of their example.
  @inline(__always)
  private func countRight(_ result: Matrix, _ labels: [Int], _ example: (Int) -> Int) -> Int {
    var count = 0
    for column in 0..<result.columns where OneHot.classOf(column, in: result) == labels[example(column)] {
      count += 1
    }
    return count
  }

  private func validate(_ result: inout EpochResult) throws(Diagnostic) {
    guard let (inputs, outputs) = settings.validation else { return }
    let found = try machine.predict(network, .matrix(inputs))
    result.validationCost = try machine.call(settings.loss, [found, .matrix(outputs)]).number
    guard labels != nil, case .matrix(let matrix) = found else { return }
    let (found1, wanted) = (OneHot.classes(of: matrix), OneHot.classes(of: outputs))
    result.validationAccuracy = Scalar(zip(found1, wanted).count { $0 == $1 }) / Scalar(outputs.columns)
  }

  // MARK: Progress

  /// Shows the first and the last epoch, every tenth of the run, and besides one now and then.
  private func show(_ result: EpochResult, _ epoch: Int) {
    let total = settings.epochs
    let isLast = epoch == total
    let tenth = epoch * 10 / total
    let isTenth = tenth != (epoch - 1) * 10 / total
    let now = machine.host.clock()
    let seconds = max(now - startTime, 1e-9)
    // The clock is read some hundred times a second, however short epochs are.
    let soon = epoch + Int(min(max(1, Scalar(epoch) / seconds * 0.01), 1e9))
    let nextTenth = ((tenth + 1) * total + 9) / 10
    nextLook = min(soon, nextTenth, total)
    guard isLast || isTenth || now - shownAt > 0.05 else { return }
    shownAt = now
    machine.host.show(
      Progress(
        done: epoch, total: total, cost: result.cost, accuracy: result.accuracy,
        validationCost: result.validationCost, examplesPerSecond: Scalar(epoch * batches.count) / seconds,
        secondsLeft: seconds / Scalar(epoch) * Scalar(total - epoch), isFinished: isLast))
  }
}

/// The best params so far, for early stopping.
private struct Best {
  private var cost = Scalar.infinity
  private var waited = 0
  private var values: [Matrix] = []

  /// Whether there has been nothing better for too long.
  mutating func isOver(_ cost: Scalar, _ patience: Int, _ network: Network, _ resources: Resources)
    throws(Diagnostic) -> Bool
  {
    if cost < self.cost {
      var copies: [Matrix] = []
      do throws(CoreError) {
        for param in network.state.params { copies.append(try param.value.copy(in: resources)) }
      } catch { throw Diagnostic(core: error) }
      (self.cost, waited, values) = (cost, 0, copies)
      return false
    }
    waited += 1
    return waited >= patience
  }

  /// Puts them back, in place.
  func restore(_ network: Network) {
    for (param, value) in zip(network.state.params, values) {
      param.value.mutablePointer.update(from: value.pointer, count: value.count)
    }
  }
}
