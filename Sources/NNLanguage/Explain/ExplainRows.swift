import NNCore

extension Builtins {
  static let explainRows: [Builtin] = [
    Builtin(
      "explain", "J, W?, as = \"nn\"", .gradients,
      forms: "explain(J); explain(J, W1); explain(J, \"backward.nn\"); explain(J, as = \"numpy\")",
      summary: "Shows the lines by which J was computed, and the lines of its gradients.",
      details: """
        The backward lines are in your names and can be run: after the forward lines they give what backward(J) gives, bit for bit.
        explain(J, W1) shows only what dW1 needs; a file's name writes the lines to that file instead.
        as = "numpy", "octave", "pytorch" or "latex" gives the whole computation in that notation.
        """,
      example: "param w = 2; z = 3*w; J = z^2; explain(J)", related: ["backward", "gradcheck", "grad"],
      isScoped: true, body: explain),
    Builtin(
      "health", "J", .gradients, forms: "health(J); health(net); h = health(J)",
      summary:
        "Looks for what keeps J from learning: nan, dead relus, saturated activations, gradients that vanish.",
      details: """
        It names the first line that made a nan or an infinity and from what, relu units that are 0 for every example, the part of
        sigmoid and tanh values near their ends, and the norm of each param's gradient; an element of the first layer's 1000 times
        smaller than one of the last layer's vanishes, 1000 times larger explodes.
        As a value: h.right is 1 where nothing is wrong; h.finite, h.dead, h.saturated, h.norms, h.names, h.sentences.
        """,
      example: "param w = [1; -2]; A = relu(w*[1 2]); J = sum(A); health(J)",
      related: ["explain", "backward", "gradcheck"],
      isScoped: true, body: health),
  ]

  private static func health(_ call: Call) throws(Diagnostic) -> Value {
    guard let name = call.argumentName(0) else {
      throw call.fail("the name of a variable is needed", hint: "health(J)")
    }
    let machine = call.machine
    guard let variable = machine.variable(name, in: machine.callingScopes) else {
      throw call.labelling(machine.undefined(name: name), 0)
    }
    let health: Health
    if case .object(let object as Network) = machine.place(of: variable).pointee {
      health = try machine.explaining(object, in: variable) { explainer, _ throws(Diagnostic) in
        try explainer.health()
      }
    } else {
      health = try machine.explaining(variable) { explainer throws(Diagnostic) in try explainer.health() }
    }
    if call.wanted > 0 { return .object(health) }
    machine.host.write(health.describe(width: machine.host.width).map { $0 + "\n" }.joined())
    return .nothing
  }

  private static func explain(_ call: Call) throws(Diagnostic) -> Value {
    guard let name = call.argumentName(0) else {
      throw call.fail("the name of a variable is needed", hint: "explain(J)")
    }
    let machine = call.machine
    guard let variable = machine.variable(name, in: machine.callingScopes) else {
      throw call.labelling(machine.undefined(name: name), 0)
    }
    let notation = try notation(call)
    let file = call[1].string
    let wanted = file == nil && call.argumentNode(1) != nil ? [try gradientName(call)] : nil
    let write = { (explainer: Explainer, wanted: [String]?) throws(Diagnostic) -> String in
      if let notation { return try explainer.program(notation, wanted) }
      if file != nil { return ExplanationFile(try explainer.explanation(wanted, isExact: true)).text }
      return ExplanationText(try explainer.explanation(wanted), machine.display, width: machine.host.width)
        .text
    }
    let text: String
    if case .object(let object as Network) = machine.place(of: variable).pointee {
      text = try machine.explaining(object, in: variable) { explainer, all throws(Diagnostic) in
        try write(explainer, wanted ?? all)
      }
    } else {
      text = try machine.explaining(variable) { explainer throws(Diagnostic) in try write(explainer, wanted) }
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

  /// The notation asked for by `as`; nil for the language's own.
  private static func notation(_ call: Call) throws(Diagnostic) -> Notation? {
    guard call.isGiven(2) else { return nil }
    let name = try call.string(2)
    if name == "nn" { return nil }
    let known = [Notation.numpy, .octave, .pytorch, .latex]
    if let notation = known.first(where: { $0.name == name }) { return notation }
    throw call.labelling(
      call.fail(
        "there is no notation \"\(name)\"",
        hint: "\"nn\", " + known.map { "\"\($0.name)\"" }.joined(separator: ", ")),
      2)
  }

  /// The variable whose gradient is asked for: a name, or a network's field.
  private static func gradientName(_ call: Call) throws(Diagnostic) -> String {
    if let name = call.argumentName(1) {
      guard call.isGiven(1) else { throw call.labelling(call.machine.undefined(name: name), 1) }
      return name
    }
    if let node = call.argumentNode(1), call.machine.code.tree.kind(node) == .field {
      return call.machine.text(node)
    }
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
