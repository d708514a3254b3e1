import NNLanguage

/// The commands as Grammar.md lists them.
enum CommandReference {
  /// Markdown; ends with a newline.
  static var markdown: String {
    PromptCommand.table.map { command in
      let details = command.details.split(separator: "\n").map { " " + escaped($0) }.joined()
      return "- **`\(command.usage)`**: \(escaped(command.summary))\(details)\n"
    }.joined()
  }

  // What Markdown would take for its own.
  private static func escaped(_ text: some StringProtocol) -> String { text.escaping("*_|<>[]") }

  /// The text with what stands between the marks of the commands replaced; nil where there are no marks.
  static func updating(_ document: String) -> String? {
    guard let start = document.firstRange(of: "<!-- commands -->\n"),
      let end = document.firstRange(of: "<!-- /commands -->"), start.upperBound <= end.lowerBound
    else { return nil }
    return document[..<start.upperBound] + markdown + document[end.lowerBound...]
  }
}
