import NNLanguage

/// Text in lines that fit a terminal.
enum Prose {
  /// The lines of a text as they are.
  static func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The lines of a text that is `width` columns wide at most: words move on to the next line, rules are cut.
  static func lines(of text: String, width: Int) -> [String] {
    let lines = lines(of: text)
    guard let widest = lines.map(\.count).max(), widest >= width else { return lines }
    let text = lines.filter { !isRule($0) }.map(\.count).max() ?? 0
    return paragraphs(lines, widest: text).flatMap { wrap($0, width: max(20, width - 1)) }
  }

  /// Joins what was one paragraph: a line goes on in the next when that one's first word had no room in it.
  private static func paragraphs(_ lines: [String], widest: Int) -> [String] {
    var paragraphs: [String] = []
    var before = ""
    for line in lines {
      let word = line.prefix { $0 != " " }
      let goesOn = !word.isEmpty && !before.isEmpty && !isRule(line) && !isRule(before)
      if goesOn, before.count + 1 + word.count > widest {
        paragraphs[paragraphs.count - 1] += " " + line
      } else {
        paragraphs.append(line)
      }
      before = line
    }
    return paragraphs
  }

  /// A heading with dashes around it.
  private static func isRule(_ line: String) -> Bool { line.hasPrefix("---") || line.hasSuffix("---") }

  private static func wrap(_ paragraph: String, width: Int) -> [String] {
    if isRule(paragraph) { return [String(paragraph.prefix(width))] }
    var lines = [String(paragraph.prefix { $0 == " " })]
    for word in paragraph.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.allSatisfy({ $0 == " " }) {
        lines[lines.count - 1] += word
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
