import LineEditing
import NNLanguage

/// What Tab offers, by what stands before the cursor.
struct CompletionProvider {
  private let interpreter: Interpreter

  init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  func completions(for text: String, at cursor: Int) -> Completions {
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    let context = CompletionContext(before)
    var (prefix, candidates) = candidates(for: context, isFirstLine: line == before)
    if case .name(let prefix, _, _) = context {
      let locals = LocalNames(before).names.filter { $0.hasPrefix(prefix) && interpreter[$0] == nil }
      candidates.insert(
        contentsOf: locals.sorted(by: Self.isBefore).map { .init($0, description: "local") }, at: 0)
    }
    if case .string = context { quote(&candidates, after: text.utf8.dropFirst(cursor).first) }
    return Completions(replacementRange: cursor - prefix.utf8.count..<cursor, candidates: candidates)
  }

  /// Ends the string behind the name of a file, if it does not end there already.
  private func quote(_ candidates: inout [Completions.Candidate], after next: UInt8?) {
    // What a string would take for something else cannot be completed in one.
    candidates.removeAll { $0.text.contains { "\"\\{}".contains($0) } }
    if next == UInt8(ascii: "\"") { return }
    for index in candidates.indices where !candidates[index].text.hasSuffix("/") {
      candidates[index].text += "\""
    }
  }

  private func candidates(
    for context: CompletionContext, isFirstLine: Bool
  ) -> (prefix: String, [Completions.Candidate]) {
    switch context {
    case .path(let path): return PathCompletion.candidates(path)
    case .string(let text, let names): return strings(text, names)
    case .script(let path): return scripts(path)
    case .topic(let prefix): return (prefix, topics(prefix))
    case .variable(let prefix): return (prefix, variables(prefix))
    case .word(let prefix, let words):
      return (prefix, words.filter { $0.hasPrefix(prefix) }.map { Completions.Candidate($0) })
    case .field(let path, let prefix):
      let fields = interpreter.fields(of: path).filter { $0.name.hasPrefix(prefix) }
      return (prefix, fields.map { .init($0.name, description: $0.description) })
    case .name(let prefix, let isFirst, let call):
      var candidates = call.map { arguments(of: $0, prefix) } ?? []
      candidates += variables(prefix) + builtins(prefix) + keywords(prefix)
      if isFirst, isFirstLine { candidates += commands(prefix) }
      return (prefix, candidates)
    }
  }

  // MARK: kinds

  private func arguments(of function: String, _ prefix: String) -> [Completions.Candidate] {
    // Of the user's own functions every argument can be named, of the others those that may be left out.
    let isOwn = interpreter[function] != nil
    return interpreter.parameters(of: function).filter {
      $0.name.hasPrefix(prefix) && (isOwn || !$0.isRequired)
    }.map {
      Completions.Candidate(
        "\($0.name) = ", display: "\($0.name) =",
        description: $0.defaultText.map { "argument, \($0)" } ?? "argument")
    }
  }

  private func variables(_ prefix: String) -> [Completions.Candidate] {
    interpreter.variableNames.filter { $0.hasPrefix(prefix) }.sorted(by: Self.isBefore).map { name in
      Completions.Candidate(name, description: description(of: name))
    }
  }

  /// The order people count in: `name2` before `name10`.
  static func isBefore(_ a: String, _ b: String) -> Bool {
    var (a, b) = (a[...], b[...])
    while let first = a.first, let second = b.first {
      let (number, other) = (a.prefix(while: \.isASCIIDigit), b.prefix(while: \.isASCIIDigit))
      if number.isEmpty || other.isEmpty {
        if first != second { return first < second }
        a.removeFirst()
        b.removeFirst()
      } else {
        if number.count != other.count { return number.count < other.count }
        if number != other { return number < other }
        a = a.dropFirst(number.count)
        b = b.dropFirst(other.count)
      }
    }
    return a.isEmpty && !b.isEmpty
  }

  /// `4×2 param`, `a function`.
  private func description(of name: String) -> String {
    guard let value = interpreter[name] else { return "" }
    let role = interpreter.role(of: name)
    let what = value.briefKind
    return role == .data ? what : "\(what) \(role.rawValue)"
  }

  private func builtins(_ prefix: String) -> [Completions.Candidate] {
    Help.entries.filter { entry in
      (entry.kind == .function || entry.kind == .constant) && entry.name.hasPrefix(prefix)
        && interpreter[entry.name] == nil
    }.map { Completions.Candidate($0.name, description: $0.kind.rawValue) }
  }

  private func keywords(_ prefix: String) -> [Completions.Candidate] {
    guard !prefix.isEmpty else { return [] }
    return Keyword.allCases.map(\.spelling).filter { $0.hasPrefix(prefix) }.map {
      Completions.Candidate($0, description: "keyword")
    }
  }

  private func commands(_ prefix: String) -> [Completions.Candidate] {
    PromptCommand.table.filter { $0.name.hasPrefix(prefix) && Help.entry(named: $0.name)?.kind != .function }
      .map {
        Completions.Candidate($0.name, description: "command")
      }
  }

  /// Columns of a table that the line speaks of, and else files.
  private func strings(_ text: String, _ names: [String]) -> (prefix: String, [Completions.Candidate]) {
    let columns = names.flatMap(interpreter.columnNames).filter { $0.hasPrefix(text) }
    if columns.isEmpty { return PathCompletion.candidates(text) }
    return (text, columns.map { .init($0, description: "column") })
  }

  /// Files, and the lessons by their names alone.
  private func scripts(_ path: String) -> (prefix: String, [Completions.Candidate]) {
    let (prefix, files) = PathCompletion.candidates(path)
    let lessons = Lessons.names.filter { $0.hasPrefix(path) }
    if lessons.isEmpty { return (prefix, files) }
    return (prefix, files + lessons.map { .init($0, description: "lesson") })
  }

  private func topics(_ prefix: String) -> [Completions.Candidate] {
    let names =
      Help.entries.map { ($0.name, $0.kind.rawValue) } + PromptCommand.table.map { ($0.name, "command") }
      + HelpScreen.lists.map { ($0, "list") }
    return names.filter { $0.0.hasPrefix(prefix) }.map { Completions.Candidate($0.0, description: $0.1) }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

/// The names that a text gives values itself, before it runs: assigned ones, parameters, those of loops.
struct LocalNames {
  private(set) var names: [String] = []

  init(_ text: String) {
    let source = Source(name: "", text: text)
    let tokens = Lexer.tokenize(source).tokens
    /// For each open bracket, whether what it holds are parameters, and whether what it holds are arguments.
    var open: [(isParameters: Bool, isCall: Bool)] = []
    for (index, token) in tokens.enumerated() {
      let before = index > 0 ? tokens[index - 1] : nil
      switch token.kind {
      case .leftParenthesis:
        let isFunction = index > 1 && source.text(tokens[index - 2].range) == "fn"
        open.append((isFunction, !isFunction))
      case .leftBracket: open.append((false, true))
      case .leftBrace: open.append((false, false))
      case .rightParenthesis, .rightBracket, .rightBrace: _ = open.popLast()
      case .name:
        let isLoop = before.map { source.text($0.range) == "for" } ?? false
        let next = index + 1 < tokens.count ? tokens[index + 1] : token
        let isAssigned = next.kind == .assign && !(open.last?.isCall ?? false)
        let isParameter = open.last?.isParameters ?? false && before.map { $0.kind != .assign } ?? false
        let name = source.text(token.range)
        if isLoop || isAssigned || isParameter || source.text(next.range) == "->", !names.contains(name),
          Int(token.end) < text.utf8.count
        {
          names.append(name)
        }
      default: continue
      }
    }
  }
}
