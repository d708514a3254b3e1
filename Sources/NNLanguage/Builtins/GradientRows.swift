import NNCore

extension Builtins {
  static let gradientRows: [Builtin] = [
    Builtin(
      "backward", "J", .gradients,
      summary: "Computes the gradient of J for every named value that J depends on.",
      details:
        "Each variable V between the params and J, the params and J included, gets its gradient in dV: plain values, overwritten by the next backward, never added up. dJ is 1.",
      example: "param w = 3; J = w^2; backward(J); dw", related: ["step", "forward", "grad", "gradcheck"],
      isScoped: true, isStatement: true
    ) { call throws(Diagnostic) in
      let name = call.argumentName(0)
      guard case .matrix(let cost) = call[0] else {
        if let name, !call.isGiven(0) { throw call.labelling(call.machine.undefined(name: name), 0) }
        guard call[0].shape != nil else { throw call.wrong(0, wanted: "a number computed from params") }
        try call.machine.backward(try call.matrix(0), named: name, scope: call.scope(of: name))
        return .nothing
      }
      try call.machine.backward(cost, named: name, scope: call.scope(of: name))
      return .nothing
    },
    Builtin(
      "forward", "J, X?", .gradients, forms: "forward(J); A = forward(net, X)",
      summary:
        "Computes J again, with the params and the data as they are now; with a network, what it makes of X.",
      details: """
        forward(J) runs again, in order, the statements by which J was computed from params, and rebinds what they assign.
        forward(net, X) is training mode: dropout drops, and the network keeps net.Z1, net.A1, … for backward.
        """,
      example: "param w = 3; J = w^2; w = 4; forward(J); J", related: ["backward", "step", "predict"],
      isScoped: true
    ) { call throws(Diagnostic) in
      if case .object(let object as Network) = call[0] {
        guard call.isGiven(1) else {
          throw call.undefined(1) ?? call.fail("a network needs data", hint: "A = forward(net, X)")
        }
        return try call.locating(1) { () throws(Diagnostic) in try call.machine.forward(object, call[1]) }
      }
      if call.isGiven(1) { throw call.wrong(0, wanted: "a network") }
      guard let name = call.argumentName(0) else {
        throw call.fail("the name of a variable is needed", hint: "forward(J)")
      }
      guard let variable = call.machine.variable(name, in: call.machine.callingScopes) else {
        throw call.labelling(call.machine.undefined(name: name), 0)
      }
      try call.machine.forward(variable)
      return .nothing
    },
    Builtin(
      "step", "rate, optimizer?", .gradients, forms: "step(rate); step(optimizer); step(net, optimizer)",
      summary: "Moves every param P whose dP was computed since the last step: P = P - rate*dP.",
      details: """
        Instead of a rate it takes an optimiser, which goes on from what it remembers of each param: step(adam(0.01)).
        step(net, rate) moves the params of a network. Each gradient is used once; a step happens whole or not at all.
        """,
      example: "param w = 3; dw = 2; step(0.5); w", related: ["backward", "sgd", "adam", "train"],
      isScoped: true, isStatement: true
    ) { call throws(Diagnostic) in
      if case .object(let object as Network) = call[0] {
        guard call.isGiven(1) else {
          throw call.undefined(1) ?? call.fail("a network needs a rate too", hint: "step(net, 0.1)")
        }
        try call.machine.step(object, by: try call.optimiser(1))
        return .nothing
      }
      if call.isGiven(1) { throw call.wrong(0, wanted: "a network") }
      try call.machine.step(by: try call.optimiser(0))
      return .nothing
    },
    Builtin(
      "detach", "x", .gradients, summary: "The value of x as plain data, which no gradient flows through.",
      example: "param w = 3; J = w*detach(w); backward(J); dw", related: ["backward"]
    ) { call throws(Diagnostic) in
      guard case .matrix(let matrix) = call[0] else { return call[0] }
      if matrix.isScalar { return .number(matrix.pointer[0]) }
      if matrix.storage.node == .none { return call[0] }
      return .matrix(try call.core { () throws(CoreError) in try matrix.copy(in: call.resources) })
    },
  ]
}

extension Call {
  /// The scope that owns the variable an argument names; of an expression the one it stands in.
  func scope(of name: String?) -> Machine.Scope {
    let scopes = machine.callingScopes
    guard let name, let variable = machine.variable(name, in: scopes) else { return scopes[0] }
    return variable.scope
  }
}
