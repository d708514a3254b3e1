/// What a line would give if it were entered now.
package struct Preview: Hashable, Sendable {
  package var text: String
  package var style: TextStyle

  package init(_ text: String, style: TextStyle = .dim) {
    self.text = text
    self.style = style
  }
}

/// What an editor asks about the language that is typed into it. Every answer has a default.
package protocol LineEditorDelegate: AnyObject {
  /// Whether Enter ends the entry; otherwise it begins another line of it.
  func isComplete(_ text: String) -> Bool
  /// The entry that `typed` means by itself when it stands directly behind an offered line; nil where it belongs to it.
  func entry(typed: String) -> String?
  /// What a paste of whole lines is entered as.
  func entries(in pasted: String) -> PastedEntries
  /// What Tab could put in place of what stands before `cursor`, a UTF-8 offset.
  func completions(for text: String, at cursor: Int) -> Completions
  /// Styles for parts of the text; what they leave out is plain, where they overlap the later wins.
  func highlight(_ text: String) -> [StyledRange]
  /// The pair of the bracket next to `cursor`, a UTF-8 offset.
  func matchingBrackets(in text: String, at cursor: Int) -> BracketPair?
  /// What likely follows `text`, to be shown dim; nil leaves it to the history.
  func hint(for text: String) -> String?
  /// What `text` would give, shown dim after a pause in typing. To have no effect, and to give up when `isStale`.
  func preview(of text: String, isStale: () -> Bool) -> Preview?
  /// The symbol for `\name`, where the editor's own table is not enough.
  func symbol(for name: String) -> String?
}

extension LineEditorDelegate {
  package func isComplete(_ text: String) -> Bool { true }
  package func entry(typed: String) -> String? { nil }
  /// Line by line, as if they were typed.
  package func entries(in pasted: String) -> PastedEntries {
    var entries = PastedEntries()
    for line in pasted.split(separator: "\n", omittingEmptySubsequences: false) {
      entries.rest += entries.rest.isEmpty ? String(line) : "\n" + line
      if !isComplete(entries.rest) { continue }
      if entries.rest.contains(where: { !$0.isWhitespace }) { entries.entries.append(entries.rest) }
      entries.rest = ""
    }
    return entries
  }
  package func completions(for text: String, at cursor: Int) -> Completions { .none }
  package func highlight(_ text: String) -> [StyledRange] { [] }
  package func matchingBrackets(in text: String, at cursor: Int) -> BracketPair? {
    BracketPair.find(in: text, at: cursor)
  }
  package func hint(for text: String) -> String? { nil }
  package func preview(of text: String, isStale: () -> Bool) -> Preview? { nil }
  package func symbol(for name: String) -> String? { nil }
}
