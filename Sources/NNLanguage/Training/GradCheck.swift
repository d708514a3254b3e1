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
    let saved = savedForCheck(variable)
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
  }

  private func savedForCheck(_ variable: VariableReference) -> Saved {
    var saved = Saved(random: random)
    for object in reachableObjects(variable.scope) {
      if let state = object.savedState() { saved.objects.append((object, state)) }
    }
    return saved
  }

  private func putBack(_ saved: Saved, _ variable: VariableReference) {
    for (object, state) in saved.objects { object.restoreState(state) }
    random = saved.random
    // Params have new versions now: what was computed from them is computed again.
    try? forward(variable)
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
    var (difference, size) = (0.0, 0.0)
    for k in 0..<original.count {
      let x = original.pointer[k]
      let h = 3e-3 * max(1, abs(x))
      var slope = 0.0
      for (step, weight) in [(1.0, 45.0), (2, -9), (3, 1)] {
        for sign in [1.0, -1] {
          try setParamValue(number, original, element: k, to: x + sign * step * h)
          self.random = random
          try forward(variable)
          slope += sign * weight * (place(of: variable).pointee.number ?? .nan)
        }
      }
      slope /= 60 * h
      difference += (slope - own.pointer[k]) * (slope - own.pointer[k])
      size += slope * slope + own.pointer[k] * own.pointer[k]
    }
    // Gradients below the rounding of the differences are taken for zero.
    let error = size < 1e-18 ? 0 : (difference / size).squareRoot()
    return GradCheck.Line(
      name: GradientName.of(paramName(number)), shape: original.shape, error: error, isByHand: isByHand)
  }

  /// The user's own gradient of a param where there is one, else what backward gives.
  private func handGradient(of number: Int32, _ gradient: Matrix) -> (Matrix, Bool) {
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
