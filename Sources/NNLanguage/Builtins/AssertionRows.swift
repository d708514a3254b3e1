import NNCore

extension Builtins {
  static let assertionRows: [Builtin] = [
    Builtin(
      "assert", "condition, message?", .output, summary: "Stops with an error unless the condition holds.",
      shapes: "of a matrix every element must not be 0", example: "assert(2 + 2 == 4, \"numbers add up\")",
      related: ["assert_close", "error"], body: assert),
    Builtin(
      "assert_close", "a, b, tol = 1e-9", .output,
      summary: "Stops with an error unless two values have one shape and nearly the same elements.",
      details: "Near is |a - b| <= tol*max(1, |b|); nan is near nothing.",
      example: "assert_close(0.1 + 0.2, 0.3)",
      related: ["assert", "abs"], body: assertClose),
    Builtin(
      "error", "message", .output, summary: "Stops with an error of your own.",
      example: "fn root(x) { if x < 0 { error(\"x is below 0\") }; return sqrt(x) }; root(4)",
      related: ["assert", "print"]
    ) { call throws(Diagnostic) in
      let text = try call.machine.display.text(call[0])
      throw Diagnostic(.error, text.isEmpty ? "error" : text)
    },
  ]

  private static func assert(_ call: Call) throws(Diagnostic) -> Value {
    let condition = try call.matrix(0)
    let failure = condition.buffer.firstIndex { $0 == 0 || $0.isNaN }
    if failure == nil, condition.count > 0 { return .nothing }
    if call.isGiven(1) {
      let message = try call.string(1)
      throw call.labelling(Diagnostic(.error, message.isEmpty ? "this does not hold" : message), 0)
    }
    let text = call.phrase(0)
    guard let failure, condition.count > 1 else {
      throw call.labelling(Diagnostic(.error, "this does not hold: \(text)"), 0)
    }
    let place = "[\(failure / condition.columns + 1), \(failure % condition.columns + 1)]"
    throw call.labelling(Diagnostic(.error, "this does not hold at \(place): \(text)"), 0)
  }

  private static func assertClose(_ call: Call) throws(Diagnostic) -> Value {
    let (a, b) = (try call.matrix(0), try call.matrix(1))
    let tolerance = try call.number(2, default: 1e-9, atLeast: 0)
    let (first, second) = (call.subject(0), call.subject(1))
    guard a.shape == b.shape else {
      throw call.fail("\(first) is \(a.shape), and \(second) is \(b.shape)")
    }
    guard let place = worst(a, b, tolerance) else { return .nothing }
    let (x, y) = (a.pointer[place], b.pointer[place])
    let at = a.isScalar ? "" : "[\(place / a.columns + 1), \(place % a.columns + 1)]"
    let values = "\(first)\(at) is \(NumberText.short(x)), and \(second)\(at) is \(NumberText.short(y))"
    let allowed = tolerance * max(1, abs(y))
    let short = ValueFormat(precision: 3, kind: .general)
    throw call.fail(values).hinting(
      "they differ by \(short.apply(to: abs(x - y))), and \(short.apply(to: allowed)) is allowed")
  }

  /// The place where the difference most exceeds what is allowed; nil where it nowhere does.
  private static func worst(_ a: Matrix, _ b: Matrix, _ tolerance: Scalar) -> Int? {
    var worst: (place: Int, excess: Scalar)?
    for place in 0..<a.count {
      let (x, y) = (a.pointer[place], b.pointer[place])
      if x == y { continue }
      let excess = abs(x - y) / max(1, abs(y))
      if excess <= tolerance { continue }
      if excess.isNaN { return place }
      if excess > worst?.excess ?? -1 { worst = (place, excess) }
    }
    return worst?.place
  }
}

extension Call {
  /// What messages call an argument that has elements: its text where a subscript can follow that.
  fileprivate func subject(_ index: Int) -> String {
    guard let node = argumentNode(index) else { return parameterName(index) }
    switch machine.code.tree.kind(node) {
    case .name, .field, .call, .index: return phrase(index)
    default: return parameterName(index)
    }
  }
}
