import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the prompt's entries come from: whole statements, one line or several.
protocol EntryReader: AnyObject {
  var isOnTerminal: Bool { get }
  var history: History? { get }
  /// - Parameter offered: text to start with, ready to be edited or entered.
  func readEntry(offering offered: String) -> ReadResult
  /// Runs `body`, say another program, with the terminal as it was before this one.
  func withOriginalTerminal(_ body: () -> Void)
  /// Whether hints and previews are shown while a line is typed.
  var isLive: Bool { get set }
}

/// Entries typed on a terminal.
final class TerminalReader: EntryReader {
  private let editor: LineEditor
  private let promptStyle: TextStyle

  /// Nil where there is no terminal.
  init?(color: ColorChoice, assistant: any LineEditorDelegate) {
    let hasColor = Terminal.allowsColor(color)
    let file = HistoryFile.standard(application: "nnrepl", variable: "NNREPL_HISTORY")
    var options = LineEditor.Options(name: "nnrepl", hasColor: hasColor)
    options.entersCompletePaste = true
    options.isLive = getenv("NNREPL_LIVE").map { String(cString: $0) } != "off"
    guard let editor = LineEditor(options: options, history: History(file: file)) else { return nil }
    editor.delegate = assistant
    self.editor = editor
    promptStyle = hasColor ? Theme.prompt : .plain
  }

  var isOnTerminal: Bool { true }
  var history: History? { editor.history }

  var isLive: Bool {
    get { editor.options.isLive }
    set { editor.options.isLive = newValue }
  }

  func readEntry(offering offered: String) -> ReadResult {
    editor.readLine(
      prompt: Prompt("nn> ", style: promptStyle), continuation: Prompt("..> ", style: promptStyle),
      initial: offered)
  }

  func withOriginalTerminal(_ body: () -> Void) { editor.withOriginalTerminal(body) }
}

/// Entries from what is no terminal, as they come: nothing is prompted for. An empty line takes what is offered.
final class PlainReader: EntryReader {
  private var lines = PlainLineReader()

  var isOnTerminal: Bool { false }
  var history: History? { nil }
  var isLive = false

  func readEntry(offering offered: String) -> ReadResult {
    Signals.clearInterrupt()  // it meant the entry before
    var entry = ""
    while true {
      switch lines.readLine() {
      case .line(let line):
        if entry.isEmpty, line.isEmpty { return .line(offered) }
        entry += entry.isEmpty ? line : "\n" + line
        if EntryText.isWhole(entry) { return .line(entry) }
      case .cancelled: return .cancelled
      case .endOfFile: return entry.isEmpty ? .endOfFile : .line(entry)
      }
    }
  }

  func withOriginalTerminal(_ body: () -> Void) { body() }
}
