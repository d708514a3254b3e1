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
  func readEntry() -> ReadResult
}

/// Whether a text lacks nothing, as the parser sees it.
func isWhole(_ text: String) -> Bool {
  if case .incomplete = Parser.parse(Source(name: "", text: text)) { return false }
  return true
}

/// Entries typed on a terminal.
final class TerminalReader: EntryReader, LineEditorDelegate {
  private let editor: LineEditor
  private let hasColor: Bool

  /// Nil where there is no terminal.
  init?(_ job: Job) {
    let file = HistoryFile.standard(application: "nnrepl", variable: "NNREPL_HISTORY")
    hasColor = Terminal.allowsColor(job.color)
    var options = LineEditor.Options(name: "nnrepl")
    options.hasColor = hasColor
    guard let editor = LineEditor(options: options, history: History(file: file)) else { return nil }
    self.editor = editor
    editor.delegate = self
  }

  var isOnTerminal: Bool { true }

  func readEntry() -> ReadResult {
    let style = hasColor ? TextStyle(.cyan, bold: true) : .plain
    return editor.readLine(prompt: Prompt("nn> ", style: style), continuation: Prompt("..> ", style: style))
  }

  func isComplete(_ text: String) -> Bool { isWhole(text) }
}

/// Entries from what is no terminal, as they come; no prompt.
final class PlainReader: EntryReader {
  private var lines = PlainLineReader()

  var isOnTerminal: Bool { false }

  func readEntry() -> ReadResult {
    var entry = ""
    while true {
      switch lines.readLine() {
      case .line(let line):
        entry += entry.isEmpty ? line : "\n" + line
        if isWhole(entry) { return .line(entry) }
      case .cancelled: return .cancelled
      case .endOfFile: return entry.isEmpty ? .endOfFile : .line(entry)
      }
    }
  }
}
