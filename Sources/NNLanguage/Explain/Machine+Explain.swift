import NNCore

// `explain(J)`: a fresh value as it is, any other as `forward(J)` would compute it now.
extension Machine {
  /// Runs `body` with what is known of a variable's value and its gradients.
  ///
  /// A value that is stale, or was computed from data that has changed, is computed again for the time being; all
  /// variables are then as before.
  func explaining<Result>(
    _ variable: VariableReference, _ body: (Explainer) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    guard let cost = place(of: variable).pointee.boxedMatrix(in: resources) else {
      throw Diagnostic(
        .error,
        "\(variable.name) is no number computed from params: it is \(place(of: variable).pointee.kindWithArticle)"
      )
    }
    let status = tracking.tape.status(of: cost)
    if status == .fresh {
      let explainer = try Explainer(self, variable, cost)
      if !explainer.isOutdated || !canRunAgain(variable) { return try body(explainer) }
    } else if !canRunAgain(variable) {
      // Says why there is nothing to explain.
      return try body(try Explainer(self, variable, cost))
    }
    let saved = try savedForForward(variable)
    defer { putBack(saved) }
    try forward(variable)
    guard case .matrix(let fresh) = place(of: variable).pointee else {
      throw Diagnostic(.error, "\(variable.name) depends on no param")
    }
    return try body(try Explainer(self, variable, fresh))
  }

  private func canRunAgain(_ variable: VariableReference) -> Bool {
    guard let statements = try? slice(of: variable) else { return false }
    if case .frame(let index) = variable.scope, index != frameCount - 1 { return false }
    return !statements.isEmpty
  }

  private struct SavedValues {
    let random: RandomStream
    let variables: [(variable: VariableReference, value: Value, note: VariableNote?)]
    let networks: [(network: Network, state: NetworkState)]
  }

  private func savedForForward(_ variable: VariableReference) throws(Diagnostic) -> SavedValues {
    let targets = assignedVariables(try slice(of: variable), variable.scope)
    var networks: [(Network, NetworkState)] = []
    for case let network as Network in reachableObjects(variable.scope) {
      networks.append((network, network.state))
    }
    return SavedValues(
      random: random, variables: targets.map { ($0, place(of: $0).pointee, existingNote(of: $0)?.pointee) },
      networks: networks)
  }

  private func putBack(_ saved: SavedValues) {
    for (variable, value, note) in saved.variables {
      place(of: variable).pointee = value
      if let note { self.note(of: variable).pointee = note }
    }
    for (network, state) in saved.networks {
      network.state.traces = state.traces
      network.state.masks = state.masks
      network.state.running = state.running
    }
    random = saved.random
  }
}

extension Value {
  /// A number or a matrix as a matrix; nil for anything else.
  fileprivate func boxedMatrix(in resources: Resources) -> Matrix? {
    switch self {
    case .matrix(let matrix): matrix
    case .number(let number): try? Matrix(repeating: number, .scalar, in: resources)
    default: nil
    }
  }
}

extension Interpreter {
  /// How a variable was computed and how its gradients are, line by line; see `Explanation`.
  ///
  /// For those who grade or show derivations: `backward` names every gradient that `backward(name)` would set, with
  /// the line that gives it.
  ///
  /// - Parameters:
  ///   - name: a variable of the top level: a 1×1 value that depends on a param, or a network. A stale value is
  ///     explained as `forward` would compute it now.
  ///   - variables: whose gradients are asked for, `W1` or `net.W1`; all where nil.
  /// - Throws: where the variable is no such value, or does not depend on one of `variables`.
  public func explanation(of name: String, for variables: [String]? = nil) throws(Diagnostic) -> Explanation {
    guard let variable = machine.variable(name, in: [.global]) else { throw machine.undefinedGlobal(name) }
    if case .object(let object as Network) = machine.place(of: variable).pointee {
      return try machine.explaining(object, in: variable) { explainer, all throws(Diagnostic) in
        try explainer.explanation(variables ?? all)
      }
    }
    return try machine.explaining(variable) { explainer throws(Diagnostic) in
      try explainer.explanation(variables)
    }
  }
}
