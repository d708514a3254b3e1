import NNLanguage

/// What is entered at the prompt: lines of the language, lines that are commands, or both, as pasted.
struct EntryText {
  enum Part: Equatable {
    /// Statements, and the number of the line they begin in, from 1.
    case code(String, line: Int)
    case command(String)
  }

  let parts: [Part]

  /// - Parameter isCommand: whether a line is a command where a statement may begin.
  init(_ text: String, isCommand: (String) -> Bool) {
    var parts: [Part] = []
    var code: [Substring] = []
    var start = 1
    func endCode(before line: Int) {
      if !code.isEmpty { parts.append(.code(code.joined(separator: "\n"), line: start)) }
      code = []
      start = line + 1
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if isCommand(String(line)), code.isEmpty || Self.isWhole(code.joined(separator: "\n")) {
        endCode(before: index + 1)
        parts.append(.command(String(line)))
      } else {
        code.append(line)
      }
    }
    endCode(before: 0)
    self.parts = parts
  }

  /// Whether a text lacks nothing, as the parser sees it.
  static func isWhole(_ text: String) -> Bool {
    if case .incomplete = Parser.parse(Source(name: "", text: text)) { return false }
    return true
  }
}
