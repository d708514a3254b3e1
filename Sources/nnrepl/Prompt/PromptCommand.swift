import NNLanguage

/// A word that means something at the prompt only: one row of `PromptCommand.table`.
struct PromptCommand: Sendable {
  typealias Action = @Sendable (Repl) -> (_ words: String) throws(Diagnostic) -> Void

  struct Traits: OptionSet, Sendable {
    let rawValue: Int
    /// Statements of the language follow, which may begin with a bracket.
    static let code = Traits(rawValue: 1)
    /// Variables may change; `undo` takes it back.
    static let changes = Traits(rawValue: 2)
  }

  let name: String
  /// What follows the name, as help shows it.
  let arguments: String
  let traits: Traits
  /// One sentence, short enough for the list of commands.
  let summary: String
  /// What else there is to know, in lines.
  let details: String
  let action: Action

  init(
    _ name: String, takes arguments: String = "", traits: Traits = [], _ summary: String,
    details: String = "", _ action: @escaping Action
  ) {
    self.name = name
    self.arguments = arguments
    self.traits = traits
    self.summary = summary
    self.details = details
    self.action = action
  }

  /// How it is written: `undo [n]`.
  var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }

  static func named(_ name: some StringProtocol) -> PromptCommand? { table.first { $0.name == name } }

  /// The command that a line is, with what follows: its first word names one, no variable has that name, and what
  /// follows cannot go on as a statement. `name?` asks for help.
  static func match(_ line: String, isVariable: (String) -> Bool) -> (PromptCommand, String)? {
    let line = line.trimmingBlanks()
    if line.hasSuffix("?"), let help = named("help") {
      let asked = String(line.dropLast()).trimmingBlanks()
      if !asked.isEmpty, !asked.contains(where: { " =\"{".contains($0) }) { return (help, asked) }
    }
    if line.hasPrefix("?"), let help = named("help") {
      let asked = String(line.dropFirst()).trimmingBlanks()
      if !asked.isEmpty, !asked.contains(" ") { return (help, asked) }
    }
    let word = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard let command = named(word), !isVariable(command.name) else { return nil }
    let rest = line.dropFirst(word.count)
    if rest == "()", command.arguments.isEmpty { return (command, "") }
    return command.goesOn(rest) ? nil : (command, String(rest).trimmingBlanks())
  }

  /// Whether `rest`, behind the name, makes a statement of the line.
  private func goesOn(_ rest: Substring) -> Bool {
    // A point with a blank before it begins a path: `cd ..`.
    if let next = rest.first, next == "." || next == "'" { return true }
    let text = String(rest).trimmingBlanks()
    guard let first = text.first else { return false }
    if first == "=" || first == "," { return true }
    if ["+=", "-=", "*=", "/="].contains(where: text.hasPrefix) { return true }
    return (first == "(" || first == "[") && !(traits.contains(.code) && rest.first == " ")
  }
}

extension StringProtocol {
  /// The text with a `\` before each of these characters.
  func escaping(_ characters: String) -> String {
    reduce(into: "") { text, character in
      if characters.contains(character) { text.append("\\") }
      text.append(character)
    }
  }

  /// The text without blank space at its ends.
  func trimmingBlanks() -> String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
