import NNCore

// `step(0.5)`: moves the params whose gradients were assigned since the last step.
extension Machine {
  /// A variable that is a param, and the variable that holds its new gradient.
  private struct Candidate {
    let scope: Scope
    let number: Int32
    let param: Slot
    let gradient: Slot
    let gradientNote: UnsafeMutablePointer<VariableNote>
  }

  /// Moves every param in the calling scopes that has a new gradient; a gradient is used once.
  func step(by optimiser: OptimiserValue) throws(Diagnostic) {
    var candidates = self.candidates()
    if candidates.isEmpty { throw noGradients() }
    let numbers = candidates.map(\.number)
    let rates = try rates(of: numbers, optimiser)
    candidates = self.candidates()
    guard candidates.map(\.number) == numbers else {
      throw Diagnostic(.error, "the function that gives the learning rate has moved params itself")
    }
    var items: [ParamMove] = []
    for candidate in candidates { items.append(try item(candidate)) }
    try move(items, by: optimiser, rates: rates)
    for candidate in candidates {
      candidate.param.uncheckedStorage.node = tracking.tape.paramChanged(candidate.number)
      noteChange(of: candidate.number)
      candidate.gradientNote.pointee.isNewGradient = false
    }
  }

  private func candidates() -> [Candidate] {
    var candidates: [Candidate] = []
    for scope in callingScopes { collect(scope, &candidates) }
    return candidates
  }

  private func collect(_ scope: Scope, _ candidates: inout [Candidate]) {
    switch scope {
    case .global:
      for slot in 0..<globals.count where globals.notes[slot].isParam {
        let gradient = globals.gradientSlot(of: slot)
        append(
          scope, (globals.notes + slot).pointee.param, globals[slot], globals[gradient],
          globals.notes + gradient)
      }
    case .frame(let index):
      guard let notes = frames[index].notes else { return }
      let (names, registers) = (
        frames[index].code._withUnsafeGuaranteedRef { $0.localNames }, frames[index].registers
      )
      for register in names.indices where notes[register].isParam {
        guard let gradient = names.firstIndex(of: GradientName.of(names[register])) else { continue }
        append(scope, notes[register].param, registers + register, registers + gradient, notes + gradient)
      }
    }
    func append(
      _ scope: Scope, _ number: Int32, _ param: Slot, _ gradient: Slot,
      _ note: UnsafeMutablePointer<VariableNote>
    ) {
      guard note.pointee.isNewGradient else { return }
      candidates.append(
        Candidate(scope: scope, number: number, param: param, gradient: gradient, gradientNote: note))
    }
  }

  /// The move of a param; from here on nothing else refers to its matrix.
  private func item(_ candidate: Candidate) throws(Diagnostic) -> ParamMove {
    guard candidate.param.isMatrix else { throw noGradients() }
    let shape = candidate.param.uncheckedStorage.shape
    let gradient = try gradientMatrix(
      candidate.gradient.pointee, name: GradientName.of(paramName(candidate.number)), of: shape)
    if !candidate.param.holdsUniqueMatrix, case .matrix(let matrix) = candidate.param.pointee {
      let copy = try throwingDiagnostics { () throws(CoreError) in try matrix.copy(in: resources) }
      copy.storage.node = tracking.tape.paramHandle(candidate.number)
      candidate.param.pointee = .matrix(copy)
    }
    return ParamMove(
      number: candidate.number, values: candidate.param.uncheckedStorage.elements, gradient: gradient)
  }

  /// A gradient as a matrix of its param's shape.
  func gradientMatrix(_ value: Value, name: String, of shape: Shape) throws(Diagnostic) -> Matrix {
    guard let given = value.shape else {
      throw Diagnostic(.error, "\(name) is \(value.kindWithArticle), and a gradient is a matrix")
    }
    guard given == shape else {
      throw Diagnostic(.error, "\(name) is \(given), and \(name.dropFirst()) is \(shape)")
        .hinting("a gradient has the shape of its param")
    }
    if case .matrix(let matrix) = value { return matrix }
    return try throwingDiagnostics { () throws(CoreError) in
      try Matrix(repeating: value.number ?? .nan, shape, in: resources)
    }
  }

  private func noGradients() -> Diagnostic {
    guard tracking.hasParams else {
      return Diagnostic(.error, "there are no params to move").hinting("declare what is trained: param W = …")
    }
    let error = Diagnostic(.error, "no new gradients since the last step")
    let waiting = variables(of: .global).first { variable in
      place(of: variable).pointee.network?.state.params.contains(where: \.isNewGradient) ?? false
    }
    if let waiting { return error.hinting("step(\(waiting.name), 0.1) moves the params of the network") }
    return error.hinting("backward(J) computes them, or lines of your own: dW = …")
  }
}

/// The params of the top level and the variables of their gradients, found once for all steps.
struct StepPlaces {
  struct Place {
    let number: Int32
    let param: Machine.Slot
    let gradient: Machine.Slot
    let gradientVariable: Int
  }

  private(set) var places: [Place] = []
  private var version = -1

  /// Looks for them again if a param began or ended since.
  @inline(__always)
  mutating func update(_ machine: Machine) {
    if version != machine.tracking.version { find(machine) }
  }

  private mutating func find(_ machine: Machine) {
    let globals = machine.globals
    places = []
    for slot in 0..<globals.count where globals.notes[slot].isParam {
      let gradient = globals.gradientSlot(of: slot)
      places.append(
        Place(
          number: globals.notes[slot].param, param: globals[slot], gradient: globals[gradient],
          gradientVariable: gradient))
    }
    version = machine.tracking.version
  }
}

// `step` in the usual case: at the top level, every gradient of its param's shape, no param shared.
extension Machine {
  /// - Parameter place: the rate or the optimiser.
  /// - Returns: false, with nothing changed, where the case is not the usual one.
  func replayStep(_ place: Slot) throws(Diagnostic) -> Bool {
    guard place.isNumber else { return false }
    let rate = place.uncheckedNumber
    guard rate >= 0, rate.isFinite else { return false }
    stepPlaces.update(self)
    guard areReady() else { return false }
    tracking.descend(stepPlaces.places, globals.notes, rate: rate, node: nodeAtPlay, code: frame.pointee.code)
    return true
  }

  /// Whether there are new gradients, and all of them fit.
  private func areReady() -> Bool {
    let notes = globals.notes
    var count = 0
    for place in stepPlaces.places where notes[place.gradientVariable].isNewGradient {
      guard place.param.holdsUniqueMatrix, let shape = place.gradient.numericShape,
        shape == place.param.uncheckedHeader.pointee.shape
      else { return false }
      count += 1
    }
    return count > 0
  }
}

extension Tracking {
  /// Moves the params that have new gradients: `P = P - rate*dP`.
  fileprivate mutating func descend(
    _ places: [StepPlaces.Place], _ notes: UnsafeMutablePointer<VariableNote>, rate: Scalar, node: NodeID,
    code: Unmanaged<Code>
  ) {
    for place in places where notes[place.gradientVariable].isNewGradient {
      let gradient =
        place.gradient.isNumber
        ? UnsafeRawPointer(place.gradient).assumingMemoryBound(to: Scalar.self)
        : UnsafePointer(place.gradient.uncheckedElements)
      let param = place.param.uncheckedHeader
      SGD.move(param.pointee.elements, gradient, count: param.pointee.shape.count, rate: rate)
      optimisers.countDescent(of: place.number)
      param.pointee.node = tape.paramChanged(place.number)
      noteChange(of: place.number, by: node, in: code)
      notes[place.gradientVariable].isNewGradient = false
    }
  }
}

extension UnsafeMutablePointer<Value> {
  /// The shape of the numbers in a place; nil where there are none.
  @inline(__always)
  fileprivate var numericShape: Shape? { isNumber ? .scalar : isMatrix ? uncheckedHeader.pointee.shape : nil }
}
