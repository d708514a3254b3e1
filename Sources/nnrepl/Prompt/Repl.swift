import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The prompt: reads an entry, runs it, shows what it gives, until the end of input.
final class Repl {
  let session: Session
  let reader: any EntryReader
  private let assistant: PromptAssistant
  let hasColor: Bool
  var transcript = Transcript()
  var undoHistory: UndoHistory
  /// The script that is played line by line.
  var play: Play?
  /// What stands in the next line to begin with.
  var offered = ""
  private var hasEnded = false

  var interpreter: Interpreter { session.interpreter }
  var host: SystemHost { session.host }

  init(_ session: Session) {
    self.session = session
    assistant = PromptAssistant(session.interpreter)
    reader = TerminalReader(color: session.job.color, assistant: assistant) ?? PlainReader()
    hasColor = Terminal.allowsColor(session.job.color)
    undoHistory = UndoHistory(limit: session.interpreter.resources.limit / 8)
    if hasColor { interpreter.colours = Theme.echo }
  }

  func run() -> Int32 {
    start()
    while !hasEnded {
      showPlay()
      switch reader.readEntry(offering: takeOffer()) {
      case .line(let text): enter(text)
      case .cancelled: play?.isPaused = true
      case .endOfFile: endInput()
      }
      host.output.flush()
    }
    return ExitStatus.success
  }

  /// Leaves the prompt after the entry that runs.
  func end() { hasEnded = true }

  /// The end of input leaves a script that is played, and then the prompt.
  private func endInput() {
    if reader.isOnTerminal, let play, !play.isPaused {
      self.play?.isPaused = true
      return say("\(play.name) waits at line \(play.line ?? 0): play goes on\n")
    }
    end()
  }

  private func start() {
    if reader.isOnTerminal {
      if !session.job.isQuiet { say("nnrepl \(Version.number)  help explains, Ctrl-D leaves\n") }
      if !session.job.skipsInit { runInit() }
    }
    if let path = session.job.played { attempt { () throws(Diagnostic) in try startPlay(path) } }
  }

  private func runInit() {
    let configuration = getenv("XDG_CONFIG_HOME").map { String(cString: $0) } ?? ""
    let home = getenv("HOME").map { String(cString: $0) } ?? ""
    let folder = configuration.hasPrefix("/") ? configuration : home + "/.config"
    let path = folder + "/nnrepl/init.nn"
    guard access(path, F_OK) == 0 else { return }
    attempt { () throws(Diagnostic) in try runFile(path) }
  }

  private func takeOffer() -> String {
    defer { offered = "" }
    if offered.isEmpty, let play, !play.isPaused { return play.offer ?? "" }
    return offered
  }

  // MARK: entries

  func enter(_ text: String) {
    Signals.clearInterrupt()
    if text.allSatisfy(\.isWhitespace) { return }
    let position = play?.answers(text) == true ? play?.position : nil
    let entry = EntryText(text) { command(in: $0) != nil }
    let before = entry.parts.contains(where: changes) ? remember(text, playPosition: position) : nil
    for part in entry.parts where !perform(part, playedAt: position) { break }
    // A look at a value is no step to undo; a line that is played is one whatever it does.
    if let before, position == nil, undoHistory.count == before.count,
      interpreter.isUnchanged(since: before.state)
    {
      _ = undoHistory.pop()
    }
    if position != nil { play?.advance() }
  }

  /// Keeps the state before an entry, for `undo`.
  private func remember(_ text: String, playPosition: Int?) -> (state: Interpreter.Snapshot, count: Int) {
    let state = interpreter.snapshot()
    undoHistory.push(
      UndoHistory.Record(state, text: text, transcriptCount: transcript.count, playPosition: playPosition))
    return (state, undoHistory.count)
  }

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
      let isRight = evaluate(source(text, line: line, playedAt: position))
      transcript.add(text, isRight: isRight)
      return isRight
    }
  }

  /// The text as a source whose name and lines are those of the script it is played from, so that messages and
  /// included files are right.
  private func source(_ text: String, line: Int, playedAt position: Int?) -> Source {
    guard let play, let position, let first = play.firstLine(at: position) else {
      return Source(name: "<prompt:\(transcript.count + 1)>", text: text)
    }
    return Source(name: play.path, text: String(repeating: "\n", count: first + line - 2) + text)
  }

  @discardableResult
  func evaluate(_ source: Source, isInteractive: Bool = true) -> Bool {
    switch Parser.parse(source) {
    case .complete(let tree):
      return attempt { () throws(Diagnostic) in
        try interpreter.run(tree, name: source.name, isInteractive: isInteractive)
      }
    case .incomplete(let incomplete): session.reporter.report(incomplete.diagnostic)
    case .failed(let diagnostics): diagnostics.forEach(session.reporter.report)
    }
    return false
  }

  /// Runs `body` and says what goes wrong.
  @discardableResult
  func attempt(_ body: () throws(Diagnostic) -> Void) -> Bool {
    do throws(Diagnostic) {
      try body()
      return true
    } catch {
      session.reporter.report(error.severity == .interrupt ? error.hinting(Self.afterInterrupt) : error)
      return false
    }
  }

  private static let afterInterrupt = "finished statements keep their effect; undo takes the line back"

  func say(_ text: String) { host.write(text) }

  // MARK: commands

  /// The command that a line is, and what follows its name.
  func command(in line: String) -> (PromptCommand, String)? {
    PromptCommand.match(line) { interpreter[$0] != nil }
  }
}
