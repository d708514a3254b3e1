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
  /// The state before the entry that runs, if it can change it.
  var before: Interpreter.Snapshot?
  /// The statements entered last.
  var lastCode = ""
  /// Where `cd -` goes.
  var folderBefore = ""
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
      case .cancelled: pausePlay()
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
    if reader.isOnTerminal, let play, !play.isPaused { return pausePlay() }
    end()
  }

  private func start() {
    recordProgram()
    if reader.isOnTerminal {
      if !session.job.isQuiet { say("nnrepl \(Version.number)  help explains, Ctrl-D leaves\n") }
      if !session.job.skipsInit { runInit() }
    }
    if let path = session.job.played { attempt { () throws(Diagnostic) in try startPlay(path) } }
  }

  /// What ran before the prompt is part of the session.
  private func recordProgram() {
    switch session.job.program {
    case .file(let path) where !session.hasSucceeded:
      transcript.add(
        "run \(path)", isRight: false, loss: "what \(path) did before it failed is not in the script")
    case .file(let path): transcript.add(script: Folder.wholePath(path))
    case .code(let pieces): for piece in pieces { transcript.add(piece, isRight: session.hasSucceeded) }
    case .none, .standardInput: return
    }
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

  func say(_ text: String) { host.write(text) }

  // MARK: commands

  /// The command that a line is, and what follows its name.
  func command(in line: String) -> (PromptCommand, String)? {
    PromptCommand.match(line) { interpreter[$0] != nil }
  }
}
