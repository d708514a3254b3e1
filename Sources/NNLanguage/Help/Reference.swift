/// The reference of the language: everything that help knows, as the second half of Grammar.md.
package enum Reference {
  /// Markdown, its headings below the second level; ends with a newline.
  package static let markdown: String = {
    var text = ""
    for heading in headings {
      text += "### \(heading)\n\n"
      for entry in Help.entries where entry.heading == heading { text += section(entry) }
    }
    return text
  }()

  private static var headings: [String] {
    var headings: [String] = []
    for entry in Help.entries where !headings.contains(entry.heading) { headings.append(entry.heading) }
    return headings
  }

  private static func section(_ entry: HelpEntry) -> String {
    let forms = entry.signatures.map { "`\($0)`" }.joined(separator: ", ")
    var text = "**\(forms)**: \(escaped(entry.summary))"
    for line in entry.details { text += isFormula(line, of: entry) ? " `\(line)`." : " \(escaped(line))" }
    if !entry.shapes.isEmpty { text += " Shapes: \(escaped(entry.shapes))." }
    if !entry.related.isEmpty {
      text += " See also \(entry.related.map { "`\($0)`" }.joined(separator: ", "))."
    }
    text += "\n\n"
    if !entry.example.isEmpty {
      let lines = ["nn> " + entry.example] + ExampleRunner.lines(entry.example).map { $0.trimmingEnd() }
      text += "```\n\(lines.joined(separator: "\n"))\n```\n\n"
    }
    return text
  }

  /// Whether a line defines the entry by a formula: `relu(x) = max(x, 0)`.
  private static func isFormula(_ line: String, of entry: HelpEntry) -> Bool {
    guard let sides = line.firstRange(of: " = "), !line.hasSuffix(".") else { return false }
    return line[..<sides.lowerBound].contains(entry.name) || entry.kind == .operator
  }

  // Outside of backticks `*` and `_` would change the type, and `|` and `<` the structure.
  private static func escaped(_ text: String) -> String {
    var result = ""
    var isCode = false
    for character in text {
      if character == "`" { isCode.toggle() }
      if !isCode, "*_|<>[]\\".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }

  /// The text with what stands between the reference's marks replaced; nil where there are no marks.
  package static func updating(_ document: String) -> String? {
    guard let start = document.firstRange(of: opening), let end = document.firstRange(of: closing),
      start.upperBound <= end.lowerBound
    else { return nil }
    return document[..<start.upperBound] + "\n\n" + markdown + document[end.lowerBound...]
  }

  private static let opening = "<!-- reference -->"
  private static let closing = "<!-- /reference -->"
}
