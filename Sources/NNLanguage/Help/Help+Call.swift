import NNCore

// `help(…)` at the prompt and in scripts.
extension Help {
  /// - Throws: for a name that nothing has.
  static func show(_ call: Call) throws(Diagnostic) -> Value {
    let host = call.machine.host
    host.write(try text(for: call, width: host.width))
    return .nothing
  }

  private static func text(for call: Call, width: Int) throws(Diagnostic) -> String {
    guard call.isGiven(0) else { return overview }
    let name = call.argumentName(0)
    switch call[0] {
    case .text(let text):
      let wanted = text.string.trimmingBlanks()
      if let text = self.text(named: wanted, width: width) { return text }
      if let value = call.machine.globals.value(of: wanted) {
        return try self.text(for: value, named: wanted, call)
      }
      throw call.labelling(call.fail("nothing is known of \"\(SafeText.escaped(wanted))\""), 0).hinting(
        hint(for: wanted))
    case .function(let function):
      if case .builtin = function.body, let text = text(named: function.name, width: width) { return text }
    default:
      // A variable has taken the builtin's name, as in `sum = 0`.
      if let name, let text = text(named: name, width: width) { return text }
    }
    return try text(for: call[0], named: name ?? call.phrase(0), call)
  }

  /// What a variable is.
  private static func text(for value: Value, named name: String, _ call: Call) throws(Diagnostic) -> String {
    if case .function(let function) = value, case .user(let code) = function.body {
      return source(of: code) ?? "\(function.name) is a function of yours\n"
    }
    let role = call.machine.role(named: name)
    let what = role == .data ? "" : ", \(role.rawValue)"
    return "\(name) is \(value.kindWithArticle)\(what)\n"
  }

  /// The text of a function of the user's, with the comment above it.
  private static func source(of code: Code) -> String? {
    guard let source = code.tree.source else { return nil }
    let range = code.tree.range(code.node)
    var first = source.line(of: range.start)
    while first > 1, source.lineText(first - 1).trimmingBlanks().hasPrefix("#") { first -= 1 }
    let last = source.line(of: max(range.start, range.end - 1))
    let lines = (first...min(last, first + mostLines)).map { source.lineText($0) }
    let rest = last > first + mostLines ? ["…"] : []
    return (lines + rest).map { SafeText.escaped($0) }.joined(separator: "\n") + "\n"
  }

  private static let mostLines = 40
}
