import NNLanguage

/// What `help` shows at the prompt: a way to a first gradient, the commands, all functions.
enum HelpScreen {
  static func text(width: Int) -> String {
    let (start, functions) = split(Help.overview)
    return start + "At the prompt\n" + commands + "\n" + functions
  }

  static func text(of command: PromptCommand) -> String {
    let usage = command.arguments.isEmpty ? command.name : "\(command.name) \(command.arguments)"
    return "\(usage)\n  \(command.summary)\n"
  }

  private static var commands: String {
    let usages = PromptCommand.table.map { $0.arguments.isEmpty ? $0.name : "\($0.name) \($0.arguments)" }
    let column = (usages.map(\.count).max() ?? 0) + 2
    return zip(usages, PromptCommand.table).map { usage, command in
      "  \(usage)\(String(repeating: " ", count: column - usage.count))\(command.summary)\n"
    }.joined()
  }

  /// The overview, before and from its list of functions.
  private static func split(_ overview: String) -> (start: String, functions: String) {
    let heading = Builtin.Group.allCases.first.map { "\n\($0.rawValue)\n" } ?? ""
    guard let place = overview.firstRange(of: heading) else { return (overview, "") }
    return (String(overview[..<place.lowerBound]) + "\n", String(overview[place.lowerBound...].dropFirst()))
  }
}
