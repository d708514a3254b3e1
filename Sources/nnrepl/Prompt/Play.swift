import NNLanguage

/// Lines that are gone through one at a time: those of a script, or any others with a text to each.
struct Play {
  /// What is entered at once: statements that stand on the same lines, and the text before them.
  struct Step: Equatable {
    let comment: String
    let code: String
    /// The number of its first line, in a file.
    var line: Int?
  }

  /// What it is called when it is spoken of.
  let name: String
  /// The file that the lines stand in.
  let path: String?
  let steps: [Step]
  /// What follows the last step.
  let ending: String
  private(set) var position = 0
  /// Other things are done in between; the next line is not offered.
  var isPaused = false
  /// Whether the comment before the next step was shown.
  private(set) var hasShownComment = false

  init(_ name: String, path: String? = nil, steps: [Step], ending: String = "") {
    self.name = name
    self.path = path
    self.steps = steps
    self.ending = ending
  }

  /// A script, its comments as texts.
  ///
  /// - Throws: where the script does not parse.
  init(_ source: Source) throws(Diagnostic) {
    let tree = try Parser.parse(source).tree()
    let (steps, ending) = Self.steps(of: tree, source)
    let name = source.name.split(separator: "/").last.map(String.init) ?? source.name
    self.init(name, path: source.name, steps: steps, ending: ending)
  }

  var isAtEnd: Bool { position >= steps.count }
  var offer: String? { isAtEnd ? nil : steps[position].code }
  /// Where the next step is.
  var place: String { firstLine(at: position).map { "line \($0)" } ?? "step \(position + 1)" }

  func firstLine(at position: Int) -> Int? { steps.indices.contains(position) ? steps[position].line : nil }

  mutating func advance() { move(to: position + 1) }
  mutating func goBack(to position: Int) { move(to: position) }

  private mutating func move(to position: Int) {
    self.position = min(max(0, position), steps.count)
    hasShownComment = false
  }

  /// The comment before the next step, once.
  mutating func takeComment() -> String {
    guard !hasShownComment else { return "" }
    hasShownComment = true
    return isAtEnd ? ending : steps[position].comment
  }

  /// Whether an entry is the line offered, perhaps edited; something else is done in between.
  func answers(_ entry: String) -> Bool {
    guard !isPaused, let offer else { return false }
    return entry == offer || Self.beginning(of: entry) == Self.beginning(of: offer)
  }

  /// What a line still has in common with itself after it was edited: what it assigns, what it calls, its keyword.
  private static func beginning(of text: String) -> String {
    let tokens = Lexer.tokenize(Source(name: "", text: text))
    let bytes = tokens.source.bytes
    var beginning = ""
    for token in tokens.tokens {
      let word = String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
      beginning += " " + word
      switch token.kind {
      case .keyword, .assign, .compoundAssign, .leftParenthesis: return beginning
      case .endOfInput, .newline: return text
      default: continue
      }
    }
    return text
  }

  // MARK: reading

  private static func steps(of tree: SyntaxTree, _ source: Source) -> ([Step], ending: String) {
    var steps: [Step] = []
    var last = 0
    for (first, end) in groups(of: tree, source) {
      let code = (first...end).map(source.lineText).joined(separator: "\n")
      steps.append(Step(comment: comment(source, last + 1, first - 1), code: code, line: first))
      last = end
    }
    return (steps, comment(source, last + 1, source.lineCount))
  }

  /// The lines of statements, those together that share lines.
  private static func groups(of tree: SyntaxTree, _ source: Source) -> [(first: Int, last: Int)] {
    var groups: [(first: Int, last: Int)] = []
    for statement in tree.topLevelStatements {
      let range = tree.range(statement)
      let first = source.line(of: range.start)
      let end = source.line(of: max(range.start, range.end - 1))
      if let group = groups.last, first <= group.last {
        groups[groups.count - 1].last = max(group.last, end)
      } else {
        groups.append((first, end))
      }
    }
    return groups
  }

  /// Lines between statements as text: without `#`, and with one empty line for several.
  private static func comment(_ source: Source, _ first: Int, _ last: Int) -> String {
    guard first <= last else { return "" }
    var lines: [String] = []
    for number in first...last {
      var line = source.lineText(number).trimmingBlanks()[...]
      if number == 1, line.hasPrefix("#!") { continue }
      if line.hasPrefix("#") { line = line.dropFirst(line.hasPrefix("# ") ? 2 : 1) }
      if !line.isEmpty || lines.last.map({ !$0.isEmpty }) ?? false { lines.append(String(line)) }
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.map { $0 + "\n" }.joined()
  }
}
