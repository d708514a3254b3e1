import NNCore

/// Moves the params of a network step after step: where they are and what the optimiser remembers of them is looked
/// up once, so that a step is one pass over the params and nothing else.
///
/// Until `finish` nothing else may step them: their steps are counted here.
final class ParamMover {
  private struct Item {
    let number: Int32
    let values: UnsafeMutablePointer<Scalar>
    let shape: Shape
    var first: UnsafeMutablePointer<Scalar>
    var second: UnsafeMutablePointer<Scalar>
    /// Steps taken; -1 before the first that has a gradient.
    var steps = -1
  }

  /// Plain memory, so that a step asks nobody for access.
  private let items: UnsafeMutableBufferPointer<Item>
  private let optimiser: OptimiserValue
  private let constantRate: Scalar?
  /// The rate of plain descent; nil for what has more to it.
  private let descentRate: Scalar?

  /// - Parameter params: their matrices are unique, and stay so.
  init(_ params: [NetworkState.Param], _ optimiser: OptimiserValue) {
    items = .allocate(capacity: params.count)
    for (index, param) in params.enumerated() {
      let values = param.value.mutablePointer
      let item = Item(
        number: param.number, values: values, shape: param.value.shape, first: values, second: values)
      items.initializeElement(at: index, to: item)
    }
    self.optimiser = optimiser
    if case .schedule(.constant(let rate)) = optimiser.rate {
      constantRate = rate
    } else {
      constantRate = nil
    }
    let isDescent = (optimiser.rule as? SGD)?.weightDecay == 0 && optimiser.clip == nil
    descentRate = isDescent ? constantRate : nil
  }

  deinit { items.deallocate() }

  /// Moves each param against its gradient; nil where it has none. All of them move, or on failure none.
  func move(_ gradients: [UnsafePointer<Scalar>?], _ machine: Machine) throws(Diagnostic) {
    for index in items.indices where items[index].steps < 0 && gradients[index] != nil {
      try prepare(index, machine)
    }
    if let descentRate { return descend(gradients, descentRate) }
    let rates = constantRate == nil ? try self.rates(gradients, machine) : []
    let scale = optimiser.clip.map { GradientClip.scale(squares: squares(gradients), most: $0) } ?? 1
    for index in items.indices {
      guard let gradient = gradients[index] else { continue }
      items[index].steps += 1
      let item = items[index]
      optimiser.rule.move(
        OptimiserTarget(
          values: item.values, gradient: gradient, count: item.shape.count, first: item.first,
          second: item.second, scale: scale, rate: constantRate ?? rates[index], step: item.steps))
    }
  }

  private func descend(_ gradients: [UnsafePointer<Scalar>?], _ rate: Scalar) {
    for index in items.indices {
      guard let gradient = gradients[index] else { continue }
      items[index].steps += 1
      SGD.move(items[index].values, gradient, count: items[index].shape.count, rate: rate)
    }
  }

  private func prepare(_ index: Int, _ machine: Machine) throws(Diagnostic) {
    let (number, name) = (items[index].number, optimiser.rule.name)
    try machine.throwingDiagnostics { () throws(CoreError) in
      try machine.tracking.optimisers.prepare(
        number, optimiser.rule, items[index].shape, in: machine.resources)
    }
    items[index].steps = machine.tracking.optimisers.steps(number, name)
    let buffers = machine.tracking.optimisers.buffers(number, name)
    if buffers.count > 0 { items[index].first = buffers[0].mutablePointer }
    if buffers.count > 1 { items[index].second = buffers[1].mutablePointer }
  }

  /// The rate of each param's next step; a function is called once for all that are at the same step.
  private func rates(_ gradients: [UnsafePointer<Scalar>?], _ machine: Machine) throws(Diagnostic) -> [Scalar]
  {
    var known: (step: Int, rate: Scalar)?
    var rates = [Scalar](repeating: 0, count: items.count)
    for index in items.indices where gradients[index] != nil {
      let step = items[index].steps + 1
      if known?.step != step { known = (step, try optimiser.rate.rate(ofStep: step, in: machine)) }
      rates[index] = known?.rate ?? 0
    }
    return rates
  }

  private func squares(_ gradients: [UnsafePointer<Scalar>?]) -> Scalar {
    var squares = 0.0
    for (item, gradient) in zip(items, gradients) {
      guard let gradient else { continue }
      for k in 0..<item.shape.count { squares += gradient[k] * gradient[k] }
    }
    return squares
  }

  /// Keeps the count of steps with what the optimiser remembers.
  func finish(_ machine: Machine) {
    for item in items where item.steps >= 0 {
      machine.tracking.optimisers.setSteps(item.steps, item.number, optimiser.rule.name)
    }
  }
}
