import NNCore

// `explain(net)`: of the cost that was computed from the network's last run, or where there is none, from the
// gradient of what came out of it on.
extension Machine {
  /// - Parameter variable: holds a network.
  func explaining<Result>(
    _ network: Network, in variable: VariableReference,
    _ body: (Explainer, _ wanted: [String]?) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    let path = variable.name + "."
    if let cost = cost(of: network, in: variable.scope) {
      return try explaining(cost) { explainer throws(Diagnostic) in
        let wanted = explainer.targets.filter { $0.name.hasPrefix(path) }.map(\.name)
        return try body(explainer, wanted)
      }
    }
    guard let last = network.state.traces.last, case .matrix(let output) = last.value,
      tracking.tape.isFresh(output)
    else {
      throw Diagnostic(.error, "\(variable.name) has computed nothing with its params as they are")
        .hinting("A = forward(\(variable.name), X), and a cost of A, give something to explain")
    }
    let seed = path + GradientName.of(last.name)
    return try body(try Explainer(self, variable, output, seed: seed), nil)
  }

  /// The last fresh number that depends on a network's params.
  func cost(of network: Network, in scope: Scope) -> VariableReference? {
    let params = network.state.params.map(\.value)
    var found: (variable: VariableReference, place: Int32)?
    for variable in variables(of: scope) {
      guard case .matrix(let matrix) = place(of: variable).pointee, matrix.isScalar,
        tracking.tape.isFresh(matrix),
        existingNote(of: variable)?.pointee.isParam != true, let node = tracking.tape.node(of: matrix),
        node > found?.place ?? -1,
        let derived = try? differentiation.derivation(of: matrix, named: params),
        derived.named.contains(where: { $0 != nil })
      else { continue }
      found = (variable, node)
    }
    return found?.variable
  }
}
