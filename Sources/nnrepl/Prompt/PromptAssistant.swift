import LineEditing
import NNLanguage

/// Answers what the line editor asks about the language.
final class PromptAssistant: LineEditorDelegate {
  private let interpreter: Interpreter
  private let highlighter: Highlighter

  init(_ interpreter: Interpreter) {
    self.interpreter = interpreter
    highlighter = Highlighter(interpreter)
  }

  /// A command is whole as it is: `cd ..` lacks nothing.
  func isComplete(_ text: String) -> Bool { isCommand(text) || EntryText.isWhole(text) }

  /// A command, as `back` behind the line that `play` offers.
  func entry(typed: String) -> String? {
    let word = typed.trimmingBlanks()
    return PromptCommand.named(word) != nil && isCommand(word) ? word : nil
  }

  func entries(in pasted: String) -> PastedEntries {
    PasteDivision(pasted) { [self] in isCommand($0) }.entries
  }

  /// Bytes beyond which an entry is plain text while it is edited: no key may take longer than a moment.
  private static let longest = 50_000

  func highlight(_ text: String) -> [StyledRange] {
    text.utf8.count > Self.longest ? [] : highlighter.styles(for: text, isCommand: isCommand(text))
  }

  func completions(for text: String, at cursor: Int) -> Completions {
    CompletionProvider(interpreter).completions(for: text, at: cursor)
  }

  func matchingBrackets(in text: String, at cursor: Int) -> BracketPair? {
    text.utf8.count > Self.longest ? nil : highlighter.matchingBrackets(in: text, at: cursor)
  }

  func preview(of text: String, isStale: () -> Bool) -> Preview? {
    if isCommand(text) { return nil }
    switch interpreter.preview(text, isStale: isStale) {
    case .shape(let shape): return Preview(shape, style: Theme.preview)
    case .value(let value): return Preview(value, style: Theme.preview)
    case .mismatch(let message): return Preview(message, style: Theme.mismatch)
    case nil: return nil
    }
  }

  private func isCommand(_ text: String) -> Bool {
    !text.contains("\n") && PromptCommand.match(text) { interpreter[$0] != nil } != nil
  }
}
