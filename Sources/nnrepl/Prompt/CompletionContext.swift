import NNLanguage

/// What the word before the cursor can be, from the tokens before it.
enum CompletionContext: Equatable {
  /// A name; at the beginning of a line also a command; as an argument of `call` also one of its parameters.
  case name(prefix: String, isFirst: Bool, call: String?)
  /// What follows a point: the names before it, outermost first.
  case field(path: [String], prefix: String)
  /// Behind a command that takes a file.
  case path(String)
  /// In a string; the names that stand before it.
  case string(String, names: [String])
  /// What follows `play`.
  case script(String)
  /// One of the variables, behind a command that takes their names.
  case variable(prefix: String)
  /// One of a few words.
  case word(prefix: String, [String])
  /// What follows `help`.
  case topic(prefix: String)

  init(_ text: String) {
    let source = Source(name: "", text: text)
    let list = Lexer.tokenize(source)
    var tokens = list.tokens.filter { $0.kind != .endOfInput && $0.kind != .newline }[...]
    let word = { (token: Token) in source.text(token.range) }
    if let path = Self.openString(text, list) {
      self = .string(path, names: tokens.filter { $0.kind == .name }.map(word))
      return
    }
    if let context = Self.commandWords(text) {
      self = context
      return
    }
    var prefix = ""
    if let last = tokens.last, [.name, .keyword].contains(last.kind), Int(last.end) == text.utf8.count {
      prefix = word(last)
      tokens.removeLast()
    }
    if tokens.last?.kind == .dot || (tokens.last.map { word($0) == "." } ?? false) {
      self = .field(path: Self.path(before: tokens.dropLast(), word), prefix: prefix)
      return
    }
    self = .name(prefix: prefix, isFirst: tokens.isEmpty, call: Self.call(around: tokens, word))
  }

  /// `a.b.` backwards: the names that stand before the last point.
  private static func path(before tokens: ArraySlice<Token>, _ word: (Token) -> String) -> [String] {
    var path: [String] = []
    var tokens = tokens
    while let name = tokens.last, name.kind == .name {
      path.insert(word(name), at: 0)
      tokens.removeLast()
      guard tokens.last?.kind == .dot else { break }
      tokens.removeLast()
    }
    return path
  }

  /// The function of the innermost open call, where an argument begins.
  private static func call(around tokens: ArraySlice<Token>, _ word: (Token) -> String) -> String? {
    guard let last = tokens.last, last.kind == .comma || last.kind == .leftParenthesis else { return nil }
    var depth = 0
    for index in tokens.indices.reversed() {
      switch tokens[index].kind {
      case .rightParenthesis, .rightBracket, .rightBrace: depth += 1
      case .leftBracket, .leftBrace: depth -= 1
      case .leftParenthesis:
        depth -= 1
        guard depth < 0 else { continue }
        guard index > tokens.startIndex, tokens[index - 1].kind == .name else { return nil }
        return word(tokens[index - 1])
      default: continue
      }
      if depth < 0 { return nil }
    }
    return nil
  }

  /// What stands behind the quote of a string that is not closed.
  private static func openString(_ text: String, _ list: TokenList) -> String? {
    guard let last = list.tokens.last(where: { $0.kind != .endOfInput }), last.kind == .error else {
      return nil
    }
    let written = list.source.text(SourceRange(last.start, Int32(clamping: text.utf8.count)))
    return written.hasPrefix("\"") ? String(written.dropFirst()) : nil
  }

  /// What follows a command that takes a file or a topic.
  private static func commandWords(_ text: String) -> CompletionContext? {
    guard let blank = text.firstIndex(of: " ") else { return nil }
    let words = String(text[text.index(after: blank)...])
    switch text[..<blank] {
    case "save", "load", "run", "cd", "ls": return .path(words)
    case "play": return .script(words)
    case "clear", "whos":
      let start =
        words.lastIndex { $0 == " " || $0 == "," }.map { words.index(after: $0) } ?? words.startIndex
      return .variable(prefix: String(words[start...]))
    case "live": return .word(prefix: words, ["on", "off"])
    case "help": return .topic(prefix: words)
    default: return nil
    }
  }
}
