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
    interpreter.parameters(of: function).filter { $0.name.hasPrefix(prefix) && !$0.isRequired }.map {
      Completions.Candidate(
        "\($0.name) = ", display: "\($0.name) =",
        description: $0.defaultText.map { "argument, \($0)" } ?? "argument")
    }
  }

  private func variables(_ prefix: String) -> [Completions.Candidate] {
    interpreter.variableNames.filter { $0.hasPrefix(prefix) }.sorted().map { name in
      Completions.Candidate(name, description: description(of: name))
    }
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
