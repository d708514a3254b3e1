/// Makes pasted text fit for a line.
struct PasteFilter {
  let prompt: String
  let continuation: String

  /// The text with newlines as newlines, no control characters, no newline at the end; of a session's transcript
  /// only what was entered in it.
  func clean(_ pasted: String) -> String {
    var text = String.UnicodeScalarView()
    var previous: Unicode.Scalar = "\0"
    for scalar in pasted.unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "\r": text.append("\n")
      case "\n": if previous != "\r" { text.append("\n") }
      case "\t": text.append("\t")
      case "\0"..." ": if scalar == " " { text.append(scalar) }
      case "\u{7F}"..."\u{9F}": continue
      default: text.append(scalar)
      }
    }
    while text.last == "\n" { text.removeLast() }
    return withoutPrompts(String(text))
  }

  /// Where a line begins with the prompt, the lines with prompts, without them; otherwise the text as it is.
  func withoutPrompts(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.contains(where: { strip(prompt, from: $0) != nil }) else { return text }
    var entered: [Substring] = []
    var isInEntry = false
    for line in lines {
      if let first = strip(prompt, from: line) {
        entered.append(first)
        isInEntry = true
      } else if isInEntry, let next = strip(continuation, from: line) {
        entered.append(next)
      } else {
        isInEntry = false
      }
    }
    return entered.joined(separator: "\n")
  }

  /// Whether a text begins as a transcript does.
  func beginsWithPrompt(_ text: String) -> Bool { strip(prompt, from: text.prefix { $0 != "\n" }) != nil }

  /// Where the first line begins with the prompt, every line without the prompt it may have: text pasted into a
  /// terminal that does not say so arrives line by line.
  func withoutLeadingPrompts(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first.flatMap({ strip(prompt, from: $0) }) else { return text }
    let rest = lines.dropFirst().map { strip(continuation, from: $0) ?? $0 }
    return ([first] + rest).joined(separator: "\n")
  }

  private func strip(_ prompt: String, from line: Substring) -> Substring? {
    let line = line.drop { $0 == " " }
    if prompt.isEmpty { return nil }
    if line.hasPrefix(prompt) { return line.dropFirst(prompt.count) }
    // Copying takes the space behind an empty prompt away.
    let bare = prompt.prefix { $0 != " " }
    return line == bare ? "" : nil
  }
}
