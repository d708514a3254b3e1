import NNCore

extension Builtins {
  static let checkRows: [Builtin] = [
    Builtin(
      "check", "J, dV?, hint = 4", .gradients, forms: "check(J); check(J, dW1); check(J, hint = 1)",
      summary:
        "Says of every gradient of J that you wrote by hand whether it is right, and which mistake it has.",
      details: """
        Each line dV = … is judged with the true values of the gradients it reads, on fresh numbers in shapes that tell all
        dimensions apart. hint = 1 says only whether, 2 the kind of mistake, 3 the corrected line too. The result has .right
        and .lines, each of those .name, .verdict, .mistake, .sentence, .corrected, .because.
        """,
      example: "param w = 3; J = w^2; dw = 2*w; check(J)", related: ["explain", "gradcheck", "backward"],
      isScoped: true, body: check)
  ]

  private static let check: Builtin.Body = { call throws(Diagnostic) in
    guard let name = call.argumentName(0) else {
      throw call.fail("the name of a cost is needed", hint: "check(J)")
    }
    guard let variable = call.machine.variable(name, in: call.machine.callingScopes) else {
      throw call.labelling(call.machine.undefined(name: name), 0)
    }
    let level = try call.integer(2, default: CheckText.Hint.everything.rawValue, in: 1...4)
    let hint = CheckText.Hint(rawValue: level) ?? .everything
    let report = try call.machine.check(variable, only: try call.gradientName(1))
    let result = CheckResult(report, hint: hint, in: call.resources)
    if call.wanted > 0 { return .object(result) }
    for line in result.describe(width: call.machine.host.width) { call.machine.host.write(line + "\n") }
    return .nothing
  }
}

extension Call {
  /// The gradient that an argument names, if it was given.
  fileprivate func gradientName(_ index: Int) throws(Diagnostic) -> Set<String>? {
    guard argumentNode(index) != nil else { return nil }
    if let name = argumentName(index) { return [name] }
    guard let node = argumentNode(index), let (base, field) = machine.code.tree.fieldOfVariable(node) else {
      throw wrong(index, wanted: "the name of a gradient")
    }
    return ["\(base).\(field)"]
  }
}
