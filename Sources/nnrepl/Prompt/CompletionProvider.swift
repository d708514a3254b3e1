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
    let (prefix, candidates) = candidates(for: context, isFirstLine: line == before)
    return Completions(replacementRange: cursor - prefix.utf8.count..<cursor, candidates: candidates)
  }

  private func candidates(
    for context: CompletionContext, isFirstLine: Bool
  ) -> (prefix: String, [Completions.Candidate]) {
    switch context {
    case .path(let path): return PathCompletion.candidates(path)
    case .topic(let prefix): return (prefix, topics(prefix))
    case .field(let path, let prefix):
      return (prefix, interpreter.fieldNames(of: path).filter { $0.hasPrefix(prefix) }.map { .init($0) })
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
    let what = value.shape.map { "\($0)" } ?? value.kindWithArticle
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

  private func topics(_ prefix: String) -> [Completions.Candidate] {
    let names =
      Help.entries.map { ($0.name, $0.kind.rawValue) } + PromptCommand.table.map { ($0.name, "command") }
    return names.filter { $0.0.hasPrefix(prefix) }.map { Completions.Candidate($0.0, description: $0.1) }
  }
}
