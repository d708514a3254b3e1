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

  private var items: [Item]
  private let optimiser: OptimiserValue
  private let constantRate: Scalar?

  /// - Parameter params: their matrices are unique, and stay so.
  init(_ params: [NetworkState.Param], _ optimiser: OptimiserValue) {
    items = params.map {
      let values = $0.value.mutablePointer
      return Item(number: $0.number, values: values, shape: $0.value.shape, first: values, second: values)
    }
    self.optimiser = optimiser
    if case .schedule(.constant(let rate)) = optimiser.rate {
      constantRate = rate
    } else {
      constantRate = nil
    }
  }

  /// Moves each param against its gradient; nil where it has none. All of them move, or on failure none.
  func move(_ gradients: [UnsafePointer<Scalar>?], _ machine: Machine) throws(Diagnostic) {
    for index in items.indices where items[index].steps < 0 && gradients[index] != nil {
      try prepare(index, machine)
    }
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
