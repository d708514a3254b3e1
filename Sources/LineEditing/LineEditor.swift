import CEditline

/// What came of reading an entry.
package enum ReadResult: Equatable, Sendable {
  /// What was entered, whole, its lines separated by newlines.
  case line(String)
  case endOfFile
  /// Ctrl-C.
  case cancelled
}

/// Edits lines on the terminal: libedit's keys and its line, with painting, history, completion and paste of its
/// own. Knows nothing of the language typed into it but what its delegate answers.
///
/// Confined to one thread; one per process.
package final class LineEditor {
  package struct Options {
    /// The name that lines of `~/.editrc` may be meant for.
    package var name: String
    package var usesViKeys = false
    package var readsEditrc = true
    package var hasColor: Bool
    /// Whether hints and previews are shown; they need colour, to be told from what was typed.
    package var isLive = true
    /// Whether what is pasted whole lines of is entered at once, one entry after the other.
    package var entersCompletePaste = false
    /// How long after the last key a preview is computed, and how long that may take; milliseconds.
    package var previewDelay = 35
    package var previewBudget = 35
    package var hintStyle = TextStyle.dim
    package var bracketStyle = TextStyle(bold: true, underlined: true)

    package init(name: String, hasColor: Bool = Terminal.allowsColor()) {
      self.name = name
      self.hasColor = hasColor
    }
  }

  package var options: Options
  package weak var delegate: (any LineEditorDelegate)?
  package let history: History

  let library: Editline
  let display: any LineDisplay
  /// The terminal only prints: no escape sequences.
  let isDumb: Bool
  var input = TerminalInput()
  var session = EditingSession()
  /// The burst of input that is a transcript, of which only what follows a prompt was entered.
  var transcriptBurst: Int?
  /// What was pasted and waits to be entered when the entry before has run.
  var pasted = PastedEntries()

  /// Nil when standard input and output are no terminal; then a `PlainLineReader` reads.
  package init?(options: Options, history: History = History()) {
    guard Terminal.isInteractive else { return nil }
    Terminal.useUTF8()  // before libedit looks at the locale
    nne_terminal_remember()
    Signals.install()
    guard let library = Editline(name: options.name) else { return nil }
    self.options = options
    self.history = history
    self.library = library
    isDumb = Terminal.isDumb
    display = isDumb ? DumbDisplay() : AnsiDisplay(hasColor: options.hasColor)
    library.owner.editor = self
    input.decoder.passedSequences = KeyBindings(options).install(in: library)
    for entry in history.entries.suffix(1_000) { library.remember(entry) }
  }

  /// Reads one entry, whole: Enter goes on to the next line of it until the delegate finds it complete, or until an
  /// empty line gives it up.
  ///
  /// Ctrl-C means this entry until it is entered, and the work that follows from then on. SIGTERM and SIGHUP put
  /// what was typed into the history and end the process.
  ///
  /// - Parameters:
  ///   - continuation: stands before every line of an entry but the first.
  ///   - initial: text to start with, ready to edit or to enter.
  ///   - isRecorded: whether the entry goes into the history, before this returns.
  package func readLine(
    prompt: Prompt, continuation: Prompt = "", initial: String = "", isRecorded: Bool = true
  ) -> ReadResult {
    input.forgetBursts()
    dropPasteAfterInterrupt()
    let next = pasted.takeNext()
    session = EditingSession(
      prompt: prompt, continuation: continuation, initial: next?.text ?? initial, input: input)
    if next?.isWhole ?? false { session.action = .enter }
    beginEditing()
    if let entered = library.edit() { session.outcome = session.outcome ?? .line(entered) }
    let outcome = endEditing()
    if isRecorded, case .line(let text) = outcome { record(text) }
    return outcome
  }

  /// Runs `body`, say another program's, with the terminal as it was before this program.
  package func withOriginalTerminal<Result>(_ body: () throws -> Result) rethrows -> Result {
    defer { nne_terminal_work() }
    return try Terminal.withOriginalModes(body)
  }

  /// Ctrl-C stops the entry that runs and what was pasted behind it.
  private func dropPasteAfterInterrupt() {
    guard !pasted.isEmpty, Signals.isInterrupted else { return }
    TerminalOutput.write("the rest of the paste was not run\r\n")
    pasted = PastedEntries()
  }

  private func record(_ text: String) {
    history.add(text)
    library.remember(text)
  }

  // MARK: the terminal's modes

  private func beginEditing() {
    // Stopped and continued during work: nothing to repaint. A Ctrl-C that came too late to stop anything: nothing.
    _ = nne_signals_take(UInt32(NNE_RESUMED))
    Signals.clearInterrupt()
    nne_signals_set_editing(true)
    takeTerminal()
  }

  func takeTerminal() {
    nne_flush_stdio()
    nne_terminal_edit(library.handle)
    if !isDumb {
      nne_terminal_mark_decorated(true)
      TerminalOutput.write("\u{1B}[?2004h")
    }
    display.begin()
  }

  private func endEditing() -> ReadResult {
    nne_terminal_work()  // before anything is written: a Ctrl-C now must not discard it
    let outcome = session.outcome ?? .endOfFile
    if case .line(let text) = outcome, text != library.line.text { library.setLine(text) }
    display.finish(finalView(), mark: outcome == .cancelled ? "^C" : "")
    nne_signals_set_editing(false)
    if nne_signals_take(UInt32(NNE_TERMINATE)) != 0 { session.termination = nne_signals_termination() }
    if let signal = session.termination {
      record(library.line.text)
      Signals.terminate(by: signal)
    }
    // Read together with the Enter, or on its way while the modes changed.
    if case .line = outcome, input.takeInterrupt() { nne_signals_raise(UInt32(NNE_INTERRUPT)) }
    return outcome
  }
}
