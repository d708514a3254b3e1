/// Breaks a wide formula in LaTeX into lines that fit a page: before operators of a sum, and before those of a product
/// where a term alone is too wide.
struct LaTeXLines {
  /// Signs that fit a line of a page with margins of 2 cm, beside the name and the shape.
  private static let widest = 62

  /// The lines; what follows the first begins with its operator.
  let lines: [String]

  init(_ formula: String) {
    let terms = LaTeXLines.pieces(formula, before: [" + ", " - "]).flatMap { term in
      LaTeXLines.width(term[...]) <= LaTeXLines.widest
        ? [term] : LaTeXLines.pieces(term, before: [" \\odot ", " \\oslash ", " \\cdot "])
    }
    var lines: [String] = []
    var room = 0
    for term in terms {
      let width = LaTeXLines.width(term[...])
      if let last = lines.popLast() {
        lines.append(width <= room ? last + term : last)
        if width > room { lines.append(term) }
        room = width <= room ? room - width : LaTeXLines.widest - width
      } else {
        lines = [term]
        room = LaTeXLines.widest - width
      }
    }
    self.lines = lines
  }

  /// The formula cut before these operators, where they stand in no bracket.
  private static func pieces(_ formula: String, before operators: [String]) -> [String] {
    var pieces: [String] = []
    var start = formula.startIndex
    var rest = formula[...]
    var depth = 0
    while let first = rest.first {
      if depth == 0, rest.startIndex > start, operators.contains(where: { rest.hasPrefix($0) }) {
        pieces.append(String(formula[start..<rest.startIndex]))
        start = rest.startIndex
      }
      if let word = command(rest) {
        if word == "\\left" || word == "\\begin" { depth += 1 }
        if word == "\\right" || word == "\\end" { depth -= 1 }
        rest = rest.dropFirst(word.count)
        continue
      }
      if first == "{" { depth += 1 }
      if first == "}" { depth -= 1 }
      rest = rest.dropFirst()
    }
    return pieces + [String(formula[start...])]
  }

  /// `\left`, `\,`: a command at the beginning of a text.
  private static func command(_ text: Substring) -> Substring? {
    guard text.first == "\\" else { return nil }
    let letters = text.dropFirst().prefix { $0.isLetter }
    return text.prefix(letters.isEmpty ? 2 : 1 + letters.count)
  }

  // MARK: Width

  /// How many signs wide a piece is on paper, about: of a fraction the wider part, of a function its name.
  private static func width(_ text: Substring) -> Int {
    var width = 0
    var rest = text
    while let first = rest.first {
      if rest.hasPrefix("\\frac{") {
        rest = rest.dropFirst("\\frac".count)
        let (above, below) = (group(&rest), group(&rest))
        width += max(self.width(above), self.width(below))
      } else if let word = command(rest) {
        width += self.width(of: word)
        rest = rest.dropFirst(word.count)
      } else {
        width += "{}_^& ".contains(first) ? 0 : "+-=<>".contains(first) ? 2 : 1
        rest = rest.dropFirst()
      }
    }
    return width
  }

  private static let silent: Set<Substring> = [
    "\\left", "\\right", "\\mathit", "\\mathrm", "\\mathbf", "\\text", "\\operatorname", "\\,",
  ]
  private static let functions: Set<Substring> = [
    "\\exp", "\\log", "\\sin", "\\cos", "\\tan", "\\sinh", "\\cosh", "\\tanh", "\\max", "\\min", "\\det",
  ]

  private static func width(of command: Substring) -> Int {
    silent.contains(command) ? 0 : functions.contains(command) ? command.count - 1 : 2
  }

  /// Takes a text in braces, and gives what is between them.
  private static func group(_ text: inout Substring) -> Substring {
    var depth = 0
    var end = text.startIndex
    while end < text.endIndex {
      if text[end] == "{" { depth += 1 }
      if text[end] == "}" { depth -= 1 }
      end = text.index(after: end)
      if depth == 0 { break }
    }
    let group = text[text.startIndex..<end]
    text = text[end...]
    return group.dropFirst().dropLast()
  }
}
