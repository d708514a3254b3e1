import NNCore

extension Builtins {
  static let explainRows: [Builtin] = [
    Builtin(
      "explain", "J, W?, as = \"nn\"", .gradients,
      forms: "explain(J); explain(J, W1); explain(J, \"backward.nn\")",
      summary: "Shows the lines by which J was computed, and the lines of its gradients.",
      details: """
        The backward lines are in your names and can be run: after the forward lines they give what backward(J) gives, bit for bit.
        explain(J, W1) shows only what dW1 needs; a file's name writes the lines to that file instead.
        """,
      example: "param w = 2; z = 3*w; J = z^2; explain(J)", related: ["backward", "gradcheck", "grad"],
      isScoped: true, body: explain)
  ]

  private static func explain(_ call: Call) throws(Diagnostic) -> Value {
    guard let name = call.argumentName(0) else {
      throw call.fail("the name of a variable is needed", hint: "explain(J)")
    }
    let machine = call.machine
    guard let variable = machine.variable(name, in: machine.callingScopes) else {
      throw machine.undefined(name: name)
    }
    let file = call[1].string
    let wanted = file == nil && call.isGiven(1) ? [try gradientName(call)] : nil
    let text = try machine.explaining(variable) { explainer throws(Diagnostic) in
      if file != nil { return ExplanationFile(try explainer.explanation(wanted, isExact: true)).text }
      return ExplanationText(try explainer.explanation(wanted), machine.display).text
    }
    if let file {
      try machine.write(text, to: file)
    } else if call.wanted == 0 {
      machine.host.write(text)
    } else {
      return .string(text)
    }
    return .nothing
  }

  /// The variable whose gradient is asked for: a name, or a network's field.
  private static func gradientName(_ call: Call) throws(Diagnostic) -> String {
    if let name = call.argumentName(1) { return name }
    if let node = call.argumentNode(1), call.machine.code.tree.kind(node) == .field { return call.machine.text(node) }
    throw call.fail("the second argument is a variable or the name of a file", hint: "explain(J, W1)")
  }
}

extension Machine {
  /// Makes text the contents of a file.
  func write(_ text: String, to path: String) throws(Diagnostic) {
    do { try host.writeFile(path, Array(text.utf8)) } catch {
      throw Diagnostic(.error, "cannot write \(path): \(error.reason)")
    }
  }
}
