import NNCore

extension Builtins {
  static let gradRows: [Builtin] = [
    Builtin(
      "grad", "f, x?, …", .gradients, forms: "grad(J, W); grad(f, x); grad(f)",
      summary:
        "The gradient of a number J for a value it was computed from, or of a function by its first argument.",
      shapes: "as W or x",
      details: """
        It assigns nothing, and can be differentiated again: grad(grad(J, x), x) is the second derivative.
        grad(f, x, a, b) is the gradient of f(x, a, b) by x; grad(f) is the function that gives it.
        """,
      example: "grad(x -> x^3, 2)", related: ["backward", "gradcheck", "detach"]
    ) { call throws(Diagnostic) in
      if case .function(let function) = call[0] {
        guard call.isGiven(1) else { return try call.machine.gradFunction(of: function) }
        guard call[1].shape != nil else { throw call.wrong(1, wanted: "a number or a matrix") }
        let others = (2..<max(2, call.count)).map { call[$0] }
        return try call.locating(0) { () throws(Diagnostic) in
          try call.machine.grad(of: function, at: call[1], others)
        }
      }
      guard call.isGiven(1) else {
        throw call.fail("it is not said by what to differentiate", hint: "grad(J, W)")
      }
      try call.checkGradOperands()
      return try call.machine.grad(call[0], by: call[1], named: call.argumentName(0))
    },
    Builtin(
      "gradcheck", "J", .gradients, forms: "gradcheck(J); assert(gradcheck(J) < 1e-6)",
      summary: "Compares the gradient of every param that J depends on with differences.",
      details: """
        By itself it shows a line for each param; as a value it is the largest error |a - n|/(|a| + |n|).
        A dP that you assigned is compared, else what backward gives. Elements at a kink (relu at 0) do not count.
        Params, variables and random state end as they were.
        """,
      example: "param w = 3; J = w^3; gradcheck(J) < 1e-9", related: ["backward", "grad"], isScoped: true
    ) { call throws(Diagnostic) in
      guard let name = call.argumentName(0) else {
        throw call.fail("the name of a variable is needed", hint: "gradcheck(J)")
      }
      guard let variable = call.machine.variable(name, in: call.machine.callingScopes) else {
        throw call.labelling(call.machine.undefined(name: name), 0)
      }
      let result = try call.machine.gradCheck(variable)
      if call.wanted > 0 { return .number(result.worst) }
      let width = result.lines.map(\.name.count).max() ?? 0
      for line in result.lines {
        let gap = String(repeating: " ", count: width - line.name.count)
        let verdict = line.error < 1e-6 ? "right" : "WRONG"
        let own = line.isByHand ? ", yours" : ""
        let kinks =
          line.kinks == 0
          ? "" : ", \(line.kinks) of \(line.shape.count) at a kink, where there is no gradient"
        call.machine.host.write(
          "\(line.name)\(gap)  \(verdict), error \(call.text(line.error))\(own)\(kinks)\n")
      }
      return .nothing
    },
  ]
}

extension Call {
  /// Whether there is a number to differentiate, and something in the graph to do it by.
  fileprivate func checkGradOperands() throws(Diagnostic) {
    guard self[0].shape != nil else {
      throw wrong(0, wanted: "a number computed from params, or a function,")
        .hinting(self[0].string == nil ? nil : "a function is x -> x^2, without quotes")
    }
    if case .matrix(let leaf) = self[1], machine.tracking.tape.isFresh(leaf) { return }
    guard self[1].shape != nil else {
      let name = self[1].string.flatMap { machine.variable($0, in: machine.callingScopes)?.name }
      throw labelling(
        fail(
          "the gradient is by a param, or what is computed from one, and this is \(self[1].kindWithArticle)"),
        1
      )
      .hinting(name.map { "without quotes: \($0)" })
    }
    throw noPath()
  }

  /// The second argument is plain data: nothing is known of how the first depends on it.
  private func noPath() -> Diagnostic {
    let (j, x) = (phrase(0), phrase(1))
    var isTracked = false
    if case .matrix(let cost) = self[0] { isTracked = machine.tracking.tape.status(of: cost) != .untracked }
    guard let name = argumentName(1) else {
      return labelling(fail("\(x) is no variable that \(j) was computed from"), 1)
        .hinting("by a param: grad(\(brief(0)), W); of a function at a place: grad(x -> x^2, \(brief(1)))")
    }
    let problem =
      isTracked
      ? "\(name) is no param, nor computed from one, so \(j) has no gradient by it"
      : "\(j) is a value, not a function, and \(name) is no param"
    return labelling(fail(problem), isTracked ? 1 : 0)
      .hinting("param \(name) makes it one; then compute \(j) again")
      .hinting("of a function: grad(f, \(name)), as in grad(\(name) -> \(name)^2, \(name))")
  }
}
