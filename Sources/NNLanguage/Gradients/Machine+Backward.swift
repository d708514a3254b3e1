import NNCore

// `backward(J)`: gradients of J for every named value, as plain variables beside them.
extension Machine {
  /// A scope's variables: those of the top level, or of one frame.
  enum Scope: Equatable {
    case global
    case frame(Int)
  }

  /// A variable of a scope.
  struct VariableReference {
    let name: String
    let scope: Scope
    /// A global's slot, or a register.
    let index: Int
  }

  /// The frame of the code that called the builtin being run, and the top level.
  var callingScopes: [Scope] {
    let top = frameCount - 1
    let isFunction = frames[top].code._withUnsafeGuaranteedRef { $0.isFunction }
    return isFunction ? [.frame(top), .global] : [.global]
  }

  func place(of variable: VariableReference) -> Slot {
    switch variable.scope {
    case .global: globals[variable.index]
    case .frame(let index): frames[index].registers + variable.index
    }
  }

  /// The notes on a variable; nil where its frame keeps none yet.
  func existingNote(of variable: VariableReference) -> UnsafeMutablePointer<VariableNote>? {
    switch variable.scope {
    case .global: globals.notes + variable.index
    case .frame(let index): frames[index].notes.map { $0 + variable.index }
    }
  }

  func note(of variable: VariableReference) -> UnsafeMutablePointer<VariableNote> {
    if let note = existingNote(of: variable) { return note }
    guard case .frame(let index) = variable.scope else { return globals.notes + variable.index }
    return makeNotes(index) + variable.index
  }

  /// The variables of a scope, in the order of their slots.
  func variables(of scope: Scope) -> [VariableReference] {
    switch scope {
    case .global:
      return (0..<globals.count).map { VariableReference(name: globals.names[$0], scope: scope, index: $0) }
    case .frame(let index):
      let names = frames[index].code._withUnsafeGuaranteedRef { $0.localNames }
      return names.indices.map { VariableReference(name: names[$0], scope: scope, index: $0) }
    }
  }

  /// A variable by its name, in the first of `scopes` that has it with a value.
  func variable(_ name: String, in scopes: [Scope]) -> VariableReference? {
    for scope in scopes {
      switch scope {
      case .global:
        if let slot = globals.existingSlot(of: name), !globals[slot].pointee.isNothing {
          return VariableReference(name: name, scope: scope, index: slot)
        }
      case .frame(let index):
        let names = frames[index].code._withUnsafeGuaranteedRef { $0.localNames }
        if let register = names.firstIndex(of: name), !(frames[index].registers + register).pointee.isNothing
        {
          return VariableReference(name: name, scope: scope, index: register)
        }
      }
    }
    return nil
  }

  // MARK: backward

  /// Sets `dV` for every variable V whose value J depends on, J itself included: V of the scope, and of the top level,
  /// whose params a function may have read. Networks get theirs wherever they are kept.
  ///
  /// All gradients are computed before the first is set, so a failure changes nothing.
  func backward(_ cost: Matrix, named name: String?, scope: Scope) throws(Diagnostic) {
    if !tracking.ended.numbers.isEmpty { tracking.collectEnded() }
    let scopes = scope == .global ? [scope] : [scope, .global]
    let variables = scopes.map { ($0, freshVariables(of: $0)) }
    let objects = tracking.objectsWithParams
    var values: [Matrix] = []
    for (scope, indices) in variables {
      for index in indices { values.append(Matrix(storage: place(index, in: scope).uncheckedStorage)) }
    }
    for object in objects { values += object.gradientTargets }
    let gradients = try gradients(of: cost, named: name, for: values)
    var start = 0
    for (scope, indices) in variables {
      for index in indices {
        if let gradient = gradients[start] { setGradient(of: index, in: scope, gradient) }
        start += 1
      }
    }
    for object in objects {
      let end = start + object.gradientTargets.count
      object.receiveGradients(Array(gradients[start..<end]))
      start = end
    }
  }

  /// The variables of a scope that hold values of the graph.
  func gradientTargets(in scope: Scope) -> [(variable: VariableReference, value: Matrix)] {
    let variables = variables(of: scope)
    return freshVariables(of: scope).map { index in
      (variables[index], Matrix(storage: place(index, in: scope).uncheckedStorage))
    }
  }

  /// The variables of a scope that hold values of the graph, by slot or register.
  private func freshVariables(of scope: Scope) -> [Int] {
    var variables: [Int] = []
    for index in 0..<variableCount(of: scope) {
      let place = place(index, in: scope)
      guard mayBeTracked(place), tape.isFresh(Matrix(storage: place.uncheckedStorage)) else {
        continue
      }
      variables.append(index)
    }
    return variables
  }

  func variableCount(of scope: Scope) -> Int {
    switch scope {
    case .global: globals.count
    case .frame(let index): frames[index].code._withUnsafeGuaranteedRef { $0.localCount }
    }
  }

  /// The place of a variable, by slot or register.
  @inline(__always)
  func place(_ index: Int, in scope: Scope) -> Slot {
    switch scope {
    case .global: globals[index]
    case .frame(let frame): frames[frame].registers + index
    }
  }

  /// The gradients of a cost for values of the graph; nil where it does not depend on one.
  func gradients(of cost: Matrix, named name: String?, for values: [Matrix]) throws(Diagnostic) -> [Matrix?] {
    do {
      return try differentiation.backward(cost, named: values) { self.paramValue($0) }
    } catch {
      throw backwardError(error, cost, name)
    }
  }

  func paramValue(_ number: Int32) -> Matrix {
    let slot: Slot
    switch tracking.owners[Int(number)] {
    case .global(let index): slot = globals[index]
    case .local(let frame, let register): slot = frames[frame].registers + register
    case .held(let owner, let name):
      if case .matrix(let matrix)? = owner.object?.field(name) { return matrix }
      return zeroMatrix
    case nil: return zeroMatrix
    }
    if case .matrix(let matrix) = slot.pointee { return matrix }
    return zeroMatrix
  }

  /// `dV = gradient`, as `backward` sets it: a plain value, for the next step to use.
  private func setGradient(of variable: Int, in scope: Scope, _ gradient: Matrix) {
    guard let target = gradientVariable(of: variable, in: scope) else { return }
    place(target, in: scope).pointee = Value.matrix(gradient).unboxed
    let note = note(target, in: scope)
    if note.pointee.isParam { tracking.endParam(note.pointee.param) }
    note.pointee.param = -1
    note.pointee.slice = Slices.none
    note.pointee.isNewGradient = true
    note.pointee.isFromBackward = true
  }

  private func note(_ index: Int, in scope: Scope) -> UnsafeMutablePointer<VariableNote> {
    switch scope {
    case .global: globals.notes + index
    case .frame(let frame): (frames[frame].notes ?? makeNotes(frame)) + index
    }
  }

  /// The variable that holds a variable's gradient; nil where a function has none.
  private func gradientVariable(of variable: Int, in scope: Scope) -> Int? {
    switch scope {
    case .global: return globals.gradientSlot(of: variable)
    case .frame(let index):
      let names = frames[index].code._withUnsafeGuaranteedRef { $0.localNames }
      return names.firstIndex(of: GradientName.of(names[variable]))
    }
  }

  func backwardError(_ error: CoreError, _ cost: Matrix, _ name: String?) -> Diagnostic {
    let subject = name ?? "this"
    switch error {
    case .notScalar(let shape):
      return Diagnostic(.error, "backward needs a number, and \(subject) is \(shape)")
        .hinting("a cost is one number: sum(\(name ?? "…")) or mean(…) makes one")
    case .notTracked:
      do { try checkMark(cost) } catch { return error }
      if cost.storage.node.isSwept(in: tape) {
        return stale(Diagnostic(.error, "\(subject) is stale: a param changed since it was computed"), name)
      }
      let error = Diagnostic(.error, "\(subject) depends on no param")
      if tracking.hasParams {
        return error.hinting("is it computed from the params, or from copies made by detach?")
      }
      return error.hinting("declare what is trained: param W = …")
    case .stale(let slot):
      return stale(subject, param: Int32(slot), named: name)
    default: return Diagnostic(core: error)
    }
  }

  func stale(_ subject: String, param: Int32, named name: String?) -> Diagnostic {
    if tracking.owners[Int(param)] == nil {
      return Diagnostic(
        .error, "\(subject) was computed from a param of a function, or of a network, that is gone")
    }
    let cause = paramName(param)
    let line = tracking.changedLine(of: param).map { " in line \($0)" } ?? ""
    return stale(
      Diagnostic(.error, "\(subject) is stale: \(cause) changed\(line) since it was computed"), name)
  }

  private func stale(_ error: Diagnostic, _ name: String?) -> Diagnostic {
    error.hinting(name.map { "run forward(\($0)), or its lines again" } ?? "compute it again")
  }

  // MARK: Which line changed a param

  /// Notes the running line as the one that changed a param, for the message about a stale value.
  func noteChange(of param: Int32) { tracking.noteChange(of: param, by: nodeAtPlay, in: frame.pointee.code) }
}
