import LineEditing

/// As much of a language as an editor needs to be tried.
final class ToyLanguage: LineEditorDelegate {
  private let names: [(name: String, description: String)] = [
    ("W1", "4×2 param"), ("W2", "1×4 param"), ("softmax", "function"), ("softplus", "function"),
    ("sort", "function"), ("zeros", "function"), ("änderung", "variable"),
  ]

  func isComplete(_ text: String) -> Bool {
    var depth = 0
    for character in text {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
    }
    return depth <= 0 && !text.hasSuffix("+")
  }

  func completions(for text: String, at cursor: Int) -> Completions {
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    let word = String(before.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    let range = cursor - word.utf8.count..<cursor
    if word == "many" {
      let candidates = (0..<10_000).map { Completions.Candidate("many\($0)") }
      return Completions(replacementRange: range, candidates: candidates)
    }
    if word.isEmpty { return .none }
    let candidates = names.filter { $0.name.hasPrefix(word) }.map {
      Completions.Candidate($0.name, description: $0.description)
    }
    return Completions(replacementRange: range, candidates: candidates)
  }

  func highlight(_ text: String) -> [StyledRange] {
    text.utf8.enumerated().filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0.element) }.map {
      StyledRange($0.offset..<$0.offset + 1, TextStyle(.yellow))
    }
  }

  /// `slow` takes for ever, unless it is told to stop.
  func preview(of text: String, isStale: () -> Bool) -> Preview? {
    if text == "slow" {
      while !isStale() {}
      return Preview("gave up")
    }
    if text.hasSuffix("!") { return Preview("does not fit", style: TextStyle(.red, dim: true)) }
    return text.hasSuffix("=") ? Preview("\(text.count - 1) characters") : nil
  }
}
