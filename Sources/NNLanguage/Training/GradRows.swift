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
        return try call.machine.grad(of: function, at: call[1], (2..<max(2, call.count)).map { call[$0] })
      }
      guard call.isGiven(1) else {
        throw call.fail("it is not said by what to differentiate", hint: "grad(J, W)")
      }
      return try call.machine.grad(call[0], by: call[1], named: call.argumentName(0))
    },
    Builtin(
      "gradcheck", "J", .gradients, forms: "gradcheck(J); assert(gradcheck(J) < 1e-6)",
      summary: "Compares the gradient of every param that J depends on with differences.",
      details: """
        By itself it shows a line for each param; as a value it is the largest error |a - n|/(|a| + |n|).
        A dP that you assigned is compared, else what backward gives. Params and random state end as they were.
        """,
      example: "param w = 3; J = w^3; gradcheck(J) < 1e-9", related: ["backward", "grad"], isScoped: true
    ) { call throws(Diagnostic) in
      guard let name = call.argumentName(0) else {
        throw call.fail("the name of a variable is needed", hint: "gradcheck(J)")
      }
      guard let variable = call.machine.variable(name, in: call.machine.callingScopes) else {
        throw call.machine.undefined(name: name)
      }
      let result = try call.machine.gradCheck(variable)
      if call.wanted > 0 { return .number(result.worst) }
      let width = result.lines.map(\.name.count).max() ?? 0
      for line in result.lines {
        let gap = String(repeating: " ", count: width - line.name.count)
        let verdict = line.error < 1e-6 ? "right" : "WRONG"
        let own = line.isByHand ? ", yours" : ""
        call.machine.host.write("\(line.name)\(gap)  \(verdict), error \(call.text(line.error))\(own)\n")
      }
      return .nothing
    },
  ]
}
