import NNCore

/// What optimisers remember, by param and kind of optimiser; a value, so that snapshots keep it.
struct OptimiserStates {
  private struct Entry {
    let kind: String
    var state: OptimiserState
  }

  private var entries: [[Entry]] = []
  /// By param, the steps of plain descent, which remembers nothing else.
  private var descents: [Int] = []

  /// What all of them remember.
  var matrices: [Matrix] { entries.joined().flatMap(\.state.buffers) }

  /// Steps that an optimiser of this kind has moved a param by.
  func steps(_ param: Int32, _ kind: String) -> Int {
    if kind == SGD.name { return descents.indices.contains(Int(param)) ? descents[Int(param)] : 0 }
    return place(param, kind).map { entries[Int(param)][$0].state.steps } ?? 0
  }

  mutating func setSteps(_ steps: Int, _ param: Int32, _ kind: String) {
    if kind == SGD.name {
      countDescent(of: param)
      descents[Int(param)] = steps
    } else if let index = place(param, kind) {
      entries[Int(param)][index].state.steps = steps
    }
  }

  /// Counts a step of plain descent.
  @inline(__always)
  mutating func countDescent(of param: Int32) {
    while descents.count <= Int(param) { descents.append(0) }
    descents[Int(param)] += 1
  }

  /// The matrices that an optimiser of this kind keeps of a param.
  func buffers(_ param: Int32, _ kind: String) -> [Matrix] {
    place(param, kind).map { entries[Int(param)][$0].state.buffers } ?? []
  }

  /// Makes sure that the next `move` cannot fail.
  mutating func prepare(_ param: Int32, _ rule: any Optimiser, _ shape: Shape, in resources: Resources)
    throws(CoreError)
  {
    if rule is SGD { return }
    while entries.count <= Int(param) { entries.append([]) }
    if place(param, rule.name) == nil {
      entries[Int(param)].append(Entry(kind: rule.name, state: OptimiserState()))
    }
    guard let index = place(param, rule.name) else { return }
    try entries[Int(param)][index].state.prepare(rule.bufferCount, shape, in: resources)
  }

  /// Moves a param that was prepared.
  mutating func move(_ item: ParamMove, by rule: any Optimiser, rate: Scalar, scale: Scalar) {
    let (gradient, count) = (item.gradient.pointer, item.gradient.count)
    if rule is SGD {
      var state = OptimiserState()
      state.move(item.values, gradient, count: count, by: rule, rate: rate, scale: scale)
      countDescent(of: item.number)
    } else if let index = place(item.number, rule.name) {
      entries[Int(item.number)][index].state.move(
        item.values, gradient, count: count, by: rule, rate: rate, scale: scale)
    }
  }

  /// Forgets a param that is gone.
  mutating func forget(_ param: Int32) {
    if entries.indices.contains(Int(param)) { entries[Int(param)] = [] }
    if descents.indices.contains(Int(param)) { descents[Int(param)] = 0 }
  }

  private func place(_ param: Int32, _ kind: String) -> Int? {
    guard entries.indices.contains(Int(param)) else { return nil }
    return entries[Int(param)].firstIndex { $0.kind == kind }
  }
}

/// One param in a step: where its elements are, and the gradient they move against.
struct ParamMove {
  let number: Int32
  let values: UnsafeMutablePointer<Scalar>
  let gradient: Matrix
}

extension Machine {
  /// Moves params that nothing else refers to: all of them, or on failure none.
  ///
  /// - Throws: where there is no memory for what the rule remembers.
  func move(_ items: [ParamMove], by optimiser: OptimiserValue, rates: [Scalar]) throws(Diagnostic) {
    try throwingDiagnostics { () throws(CoreError) in
      for item in items {
        try tracking.optimisers.prepare(item.number, optimiser.rule, item.gradient.shape, in: resources)
      }
    }
    let scale = clipScale(items, optimiser)
    for (index, item) in items.enumerated() {
      tracking.optimisers.move(item, by: optimiser.rule, rate: rates[index], scale: scale)
    }
  }

  /// The rates of the next step of params. A function of the user may give them, which can do anything: ask for rates
  /// before looking where elements lie.
  ///
  /// - Throws: for a rate that is not finite or negative.
  func rates(of params: [Int32], _ optimiser: OptimiserValue) throws(Diagnostic) -> [Scalar] {
    if case .schedule(.constant(let rate)) = optimiser.rate {
      return Array(repeating: rate, count: params.count)
    }
    var known: [Int: Scalar] = [:]
    var rates: [Scalar] = []
    for param in params {
      let step = tracking.optimisers.steps(param, optimiser.rule.name) + 1
      let rate: Scalar
      if let before = known[step] {
        rate = before
      } else {
        rate = try optimiser.rate.rate(ofStep: step, in: self)
      }
      known[step] = rate
      rates.append(rate)
    }
    return rates
  }

  private func clipScale(_ items: [ParamMove], _ optimiser: OptimiserValue) -> Scalar {
    guard let most = optimiser.clip else { return 1 }
    var squares = 0.0
    for item in items { for element in item.gradient.buffer { squares += element * element } }
    return GradientClip.scale(squares: squares, most: most)
  }
}
