import LineEditing
import NNLanguage

// What becomes of an entry.
extension Repl {
  func enter(_ text: String) {
    if text.allSatisfy(\.isWhitespace) { return }
    let position = play?.answers(text) == true ? play?.position : nil
    let entry = EntryText(text) { command(in: $0) != nil }
    let count = undoHistory.count
    if entry.parts.contains(where: changes) { remember(text, playPosition: position) }
    defer { before = nil }
    let isRight = entry.parts.allSatisfy { perform($0, playedAt: position) }
    let isPlayed = isRight && position != nil
    // A look at a value is no step to undo; a line that was played is one whatever it did.
    if !isPlayed, undoHistory.count == count + 1, hasChangedNothing { _ = undoHistory.pop() }
    if isPlayed { play?.advance() }
  }

  /// Keeps the state before an entry, for `undo`.
  private func remember(_ text: String, playPosition: Int?) {
    let state = interpreter.snapshot()
    before = state
    undoHistory.push(
      UndoHistory.Record(state, text: text, transcriptCount: transcript.count, playPosition: playPosition))
  }

  private var hasChangedNothing: Bool { before.map(interpreter.isUnchanged) ?? false }

  private func changes(_ part: EntryText.Part) -> Bool {
    switch part {
    case .code: true
    case .command(let line): command(in: line)?.0.traits.contains(.changes) ?? false
    }
  }

  /// Whether what follows in the same entry is to run.
  private func perform(_ part: EntryText.Part, playedAt position: Int?) -> Bool {
    switch part {
    case .command(let line):
      guard let (command, words) = command(in: line) else { return true }
      return attempt { () throws(Diagnostic) in try command.action(self)(words) }
    case .code(let text, let line):
      lastCode = text
      return run(text, source(text, line: line, playedAt: position))
    }
  }

  /// The text as a source whose name and lines are those of the script it is played from, so that messages and
  /// included files are right.
  private func source(_ text: String, line: Int, playedAt position: Int?) -> Source {
    guard let play, let position, let path = play.path, let first = play.firstLine(at: position) else {
      return Source(name: "<prompt:\(transcript.count + 1)>", text: text)
    }
    return Source(name: path, text: String(repeating: "\n", count: first + line - 2) + text)
  }

  /// Runs statements one after the other, up to one that fails.
  private func run(_ text: String, _ source: Source) -> Bool {
    switch Parser.parse(source) {
    case .complete(let tree): return run(tree, text, source)
    case .incomplete(let incomplete): session.reporter.report(incomplete.diagnostic)
    case .failed(let diagnostics): diagnostics.forEach(session.reporter.report)
    }
    transcript.add(text, isRight: false)
    return false
  }

  private func run(_ tree: SyntaxTree, _ text: String, _ source: Source) -> Bool {
    for (index, statement) in tree.topLevelStatements.enumerated() {
      // Only what has a block or a call does anything before it fails; a snapshot for each of thousands of assignments
      // takes seconds.
      let mayDoMore = source.text(tree.range(statement)).contains { $0 == "{" || $0 == "(" }
      let state = index == 0 ? before : mayDoMore ? interpreter.snapshot() : nil
      let isRight = attempt { () throws(Diagnostic) in
        try interpreter.run(tree, statement: statement, name: source.name, isInteractive: true)
      }
      if isRight { continue }
      if let state { interpreter.takeBack(statement, of: tree, to: state) }
      let start = source.bytes.count - text.utf8.count
      let hadEffect = state.map { !interpreter.isUnchanged(since: $0) } ?? false
      transcript.add(text, rightUpTo: Int(tree.range(statement).start) - start, hadEffect: hadEffect)
      return false
    }
    transcript.add(text, isRight: true)
    return true
  }

  /// Runs `body` and says what goes wrong.
  @discardableResult
  func attempt(_ body: () throws(Diagnostic) -> Void) -> Bool {
    do throws(Diagnostic) {
      try body()
      return true
    } catch {
      session.reporter.report(error.severity == .interrupt ? error.hinting(afterInterrupt) : error)
      return false
    }
  }

  private var afterInterrupt: String? {
    if before == nil { return nil }
    return hasChangedNothing ? "nothing has changed" : "what was finished is kept; undo takes the line back"
  }
}
