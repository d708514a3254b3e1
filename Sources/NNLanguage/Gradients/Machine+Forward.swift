import NNCore

// `forward(J)`: the statements that J was computed by run again, with the params and the data as they are now.
extension Machine {
  /// Runs J's slice again; on failure every variable it assigns is as before.
  func forward(_ variable: VariableReference) throws(Diagnostic) {
    if variable.scope == .global, !hasShadowedBuiltins, try replayForward(variable.index) { return }
    let statements = try slice(of: variable)
    let codes = try statements.map { number throws(Diagnostic) in try fragment(of: number) }
    try checkOrder(statements, of: variable)
    let targets = assignedVariables(statements, variable.scope)
    let before = targets.map { (place(of: $0).pointee, existingNote(of: $0)?.pointee) }
    do {
      for code in codes { try rerun(code, in: variable.scope) }
    } catch {
      for (target, (value, note)) in zip(targets, before) {
        place(of: target).pointee = value
        if let note { self.note(of: target).pointee = note }
      }
      throw error
    }
    noteRun(of: variable, statements)
  }

  /// The numbers of the statements that compute a variable from params, in the order they run.
  func slice(of variable: VariableReference) throws(Diagnostic) -> [Int32] {
    let note = existingNote(of: variable)?.pointee
    if note?.isParam == true { throw Diagnostic(.error, "\(variable.name) is a param: it is not computed") }
    let slice = tracking.slices[note?.slice ?? Slices.none]
    if slice.repeated >= 0 { throw repeated(slice.repeated, variable) }
    guard !slice.statements.isEmpty else {
      throw Diagnostic(.error, "\(variable.name) depends on no param, so there is nothing to run again")
        .hinting(tracking.hasParams ? nil : "declare what is trained: param W = …")
    }
    return slice.statements
  }

  private func repeated(_ number: Int32, _ variable: VariableReference) -> Diagnostic {
    let error = Diagnostic(.error, "a statement that computes \(variable.name) ran more than once on the way")
      .hinting("put it in a function: \(variable.name) = cost(X, Y)")
    return marking(number, error)
  }

  private func marking(_ number: Int32, _ error: Diagnostic) -> Diagnostic {
    guard let code = tracking.sources[number] else { return error }
    let node = code.statements[Int(number) - code.firstStatement].node
    return error.located(at: code.tree.range(node), in: code.tree.source)
  }

  /// A statement that reads a name which a later one of the slice assigns cannot be run again in order.
  private func checkOrder(_ statements: [Int32], of variable: VariableReference) throws(Diagnostic) {
    let names = statements.map(names(of:))
    var assigned: [String: Int] = [:]
    var first: [String: Int] = [:]
    for (position, names) in names.enumerated() {
      for target in names?.targets ?? [] where names?.changedInPart.contains(target) == false {
        assigned[target] = position
      }
      for target in names?.targets ?? [] where first[target] == nil { first[target] = position }
    }
    for (position, number) in statements.enumerated() {
      for name in names[position]?.reads ?? [] {
        guard let later = assigned[name], later >= position,
          first[name].map({ $0 >= position }) ?? true
        else { continue }
        throw marking(
          number,
          Diagnostic(
            .error, "this line reads \(name), which is assigned later on the way to \(variable.name)"
          )
          .hinting("put it in a function: \(variable.name) = cost(X, Y)"))
      }
    }
  }

  /// What a statement that ran assigns and reads; nil once its code is gone.
  private func names(of number: Int32) -> StatementNames? {
    guard let code = tracking.sources[number] else { return nil }
    return StatementNames(code.statements[Int(number) - code.firstStatement].node, in: code.tree)
  }

  /// The variables that the statements of a slice assign.
  func assignedVariables(_ statements: [Int32], _ scope: Scope) -> [VariableReference] {
    statements.flatMap { names(of: $0)?.targets ?? [] }.compactMap { variable($0, in: [scope]) }
  }

  /// Runs again what computed the values in some global variables, as far as that works.
  func refresh(slots: Set<Int>) {
    var statements: Set<Int32> = []
    for slot in slots {
      let slice = tracking.slices[globals.notes[slot].slice]
      if slice.repeated < 0 { statements.formUnion(slice.statements) }
    }
    for number in statements.sorted() {
      guard let fragment = try? fragment(of: number) else { continue }
      try? rerun(fragment, in: .global)
    }
  }

  // MARK: Running statements again

  private func fragment(of number: Int32) throws(Diagnostic) -> Code {
    guard let code = tracking.sources[number] else {
      throw Diagnostic(.error, "a statement to run again is gone")
    }
    return code.fragment(Int(number) - code.firstStatement)
  }

  private func rerun(_ fragment: Code, in scope: Scope) throws(Diagnostic) {
    switch scope {
    case .global: try run(fragment)
    case .frame(let index):
      guard index == frameCount - 1 else {
        throw Diagnostic(.error, "forward can run again only what its own function computed")
      }
      try run(fragment, inFrameOf: index)
    }
  }
}
