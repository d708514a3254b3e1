import NNCore

/// Gradients compared with differences, param by param.
struct GradCheck {
  struct Line {
    let name: String
    let shape: Shape
    /// |a - n| / (|a| + |n|) of the gradient a and the differences n, with their norms.
    let error: Scalar
    /// Whether the gradient compared is the user's own.
    let isByHand: Bool
    /// Elements without a derivative as far as differences can tell; they do not count.
    let kinks: Int
  }

  var lines: [Line] = []
  var worst: Scalar { lines.map(\.error).max() ?? 0 }
}

// `gradcheck(J)`: sixth-order central differences of every param that J depends on.
extension Machine {
  /// - Throws: where J cannot be computed again. Params, variables, networks and the random state are then, as after
  ///   success, what they were.
  func gradCheck(_ variable: VariableReference) throws(Diagnostic) -> GradCheck {
    guard case .matrix = place(of: variable).pointee else {
      throw Diagnostic(.error, "\(variable.name) depends on no param").hinting(
        "declare what is trained: param W = …")
    }
    let saved = try savedForCheck(variable)
    repeatsDropout = true
    defer {
      putBack(saved, variable)
      repeatsDropout = false
    }
    // The gradient is to be that of the very function whose differences are taken: the same random draws.
    try forward(variable)
    guard case .matrix(let cost) = place(of: variable).pointee else { return GradCheck() }
    let numbers = tracking.liveParams.filter { tracking.tape.isFresh(paramValue($0)) }
    let gradients = try gradients(of: cost, named: variable.name, for: numbers.map { paramValue($0) })
    var result = GradCheck()
    for (number, gradient) in zip(numbers, gradients) {
      guard let gradient else { continue }
      result.lines.append(try compare(number, gradient, variable, saved.random))
    }
    return result
  }

  private struct Saved {
    let random: RandomStream
    var objects: [(Object, Any)] = []
    /// What the statements that are run again assign.
    var variables: [(VariableReference, Value, VariableNote?)] = []
  }

  private func savedForCheck(_ variable: VariableReference) throws(Diagnostic) -> Saved {
    var saved = Saved(random: random)
    for object in tracking.objectsWithParams {
      if let state = object.savedState() { saved.objects.append((object, state)) }
    }
    for target in assignedVariables(try slice(of: variable), variable.scope) {
      saved.variables.append((target, place(of: target).pointee, existingNote(of: target)?.pointee))
    }
    return saved
  }

  private func putBack(_ saved: Saved, _ variable: VariableReference) {
    for (object, state) in saved.objects { object.restoreState(state) }
    random = saved.random
    // Params have new versions now: what was computed from them is computed again, so that it is fresh. What comes out
    // otherwise than it was, since it was stale or random numbers were drawn for it, stays what it was.
    try? forward(variable)
    for (target, value, note) in saved.variables where !place(of: target).pointee.hasBits(of: value) {
      place(of: target).pointee = value
      if let note { self.note(of: target).pointee = note }
    }
    for case (let network as Network, let state as NetworkState) in saved.objects {
      network.state.running = state.running
    }
    random = saved.random
  }

  private func compare(
    _ number: Int32, _ gradient: Matrix, _ variable: VariableReference, _ random: RandomStream
  )
    throws(Diagnostic) -> GradCheck.Line
  {
    let original = paramValue(number)
    defer {
      if original.count > 0 { try? setParamValue(number, original, element: 0, to: original.pointer[0]) }
    }
    let (own, isByHand) = handGradient(of: number, gradient)
    var (difference, size, kinks) = (0.0, 0.0, 0)
    for k in 0..<original.count {
      let slope = try slope(own.pointer[k], original.pointer[k]) { (x) throws(Diagnostic) in
        try setParamValue(number, original, element: k, to: x)
        self.random = random
        if resources.cancellation.isRaised { try stop() }
        try forward(variable)
        return place(of: variable).pointee.number ?? .nan
      }
      guard let slope else {
        kinks += 1
        continue
      }
      difference += (slope - own.pointer[k]) * (slope - own.pointer[k])
      size += slope * slope + own.pointer[k] * own.pointer[k]
    }
    // Gradients below the rounding of the differences are taken for zero.
    let error = size < 1e-18 ? 0 : (difference / size).squareRoot()
    return GradCheck.Line(
      name: GradientName.of(paramName(number)), shape: original.shape, error: error, isByHand: isByHand,
      kinks: kinks)
  }

  /// The slope of a function at x by sixth-order central differences; nil at a kink, where it has another to the left
  /// than to the right.
  ///
  /// Where it is not the gradient `own`, a kink beside x may be to blame: shorter steps stay on this side of it.
  private func slope(_ own: Scalar, _ x: Scalar, _ f: (Scalar) throws(Diagnostic) -> Scalar)
    throws(Diagnostic)
    -> Scalar?
  {
    func differences(_ h: Scalar) throws(Diagnostic) -> Scalar {
      var slope = 0.0
      for (step, weight) in [(1.0, 45.0), (2, -9), (3, 1)] {
        for sign in [1.0, -1] { slope += sign * weight * (try f(x + sign * step * h)) }
      }
      return slope / (60 * h)
    }
    func agree(_ a: Scalar, _ b: Scalar, _ tolerance: Scalar) -> Bool {
      abs(a - b) <= tolerance * (abs(a) + abs(b)) + 1e-9
    }
    var h = 3e-3 * max(1, abs(x))
    var slope = try differences(h)
    if agree(slope, own, 1e-7) || !slope.isFinite { return slope }
    for _ in 0..<4 {
      h /= 16
      let closer = try differences(h)
      if agree(slope, closer, 1e-5) {
        let step = 1e-6 * max(1, abs(x))
        let (left, here, right) = (try f(x - step), try f(x), try f(x + step))
        return abs((right - here) - (here - left)) > 1e-3 * abs(right - left) + 1e-9 * step ? nil : slope
      }
      slope = closer
    }
    return nil
  }

  /// The user's own gradient of a param where there is one, else what backward gives.
  private func handGradient(of number: Int32, _ gradient: Matrix) -> (Matrix, Bool) {
    if case .held(let holder, let name)? = tracking.owners[Int(number)] {
      guard let network = holder.object as? Network, network.state.handStatements[name] != nil,
        let index = network.param(name), let own = network.state.params[index].gradient,
        !network.state.params[index].isFromBackward
      else { return (gradient, false) }
      return (own, true)
    }
    guard case .global(let slot)? = tracking.owners[Int(number)],
      let place = globals.existingSlot(of: GradientName.of(globals.names[slot]))
    else { return (gradient, false) }
    let note = globals.notes[place]
    guard note.handStatement >= 0, !note.isFromBackward, globals[place].pointee.shape == gradient.shape,
      let matrix = try? gradientMatrix(globals[place].pointee, name: "", of: gradient.shape)
    else { return (gradient, false) }
    return (matrix, true)
  }

  /// Gives a param the value `original` with one element changed.
  private func setParamValue(_ number: Int32, _ original: Matrix, element: Int, to value: Scalar)
    throws(Diagnostic)
  {
    let changed = try throwingDiagnostics { () throws(CoreError) in try original.copy(in: resources) }
    changed.mutablePointer[element] = value
    changed.storage.node = tracking.tape.paramChanged(number)
    switch tracking.owners[Int(number)] {
    case .global(let slot): globals[slot].pointee = .matrix(changed)
    case .local(let frame, let register): (frames[frame].registers + register).pointee = .matrix(changed)
    case .held(let owner, let name): try owner.object?.setField(name, to: .matrix(changed))
    case nil: break
    }
  }
}
