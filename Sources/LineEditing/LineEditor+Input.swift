import CEditline

// libedit asks for one scalar after the other. In between, this is where everything else happens: painting,
// signals, keys that are more than a scalar.
extension LineEditor {
  /// The reader given to libedit: 1 with a scalar, 0 at the end of input, -1 to give the line up.
  func provide(_ scalar: inout UInt32) -> Int32 {
    startEntry()
    if session.outcome == .cancelled { return -1 }  // a command of libedit that read a key itself goes on
    if repeatsAction() {
      scalar = KeyBindings.actionKey
      return 1
    }
    while true {
      if library.isEmpty { session.lineStart = input.decoder.consumed }
      let event = nextEvent()
      session.menu = []
      switch response(to: event) {
      case .give(let value):
        scalar = value
        return 1
      case .wait: continue
      case .endInput: return 0
      case .giveUp: return -1
      }
    }
  }

  private enum Response {
    case give(UInt32)
    case wait
    case endInput
    case giveUp
  }

  private func response(to event: InputEvent) -> Response {
    switch event {
    case .character(let scalar): return response(to: scalar)
    case .key(.other), .key(.backTab), .key(.pageUp), .key(.pageDown): return .wait
    case .key(let key): return start(.key(key))
    case .paste(let text): return start(.paste(text))
    case .end: return .endInput
    case .interrupted: return cancel()
    case .terminated(let signal):
      session.termination = signal
      return .endInput
    case .resized:
      library.resize()
      display.windowChanged(currentView())
      return .wait
    case .resumed:
      TerminalOutput.write("\r\n")
      takeTerminal()
      return .wait
    }
  }

  private func response(to scalar: Unicode.Scalar) -> Response {
    switch scalar.value {
    case 0x03: return cancel()
    case 0x1A:
      suspend()
      return .wait
    case 0x00, 0x80...0x9F: return .wait
    case 0x1C: return .wait  // Ctrl-\ must not end a session by mistake
    case 0x00..<0x20, 0x7F:
      // Before a command changes it; what is typed is noted when it is painted.
      session.undo.note(library.line)
      return .give(scalar.value)
    default: return .give(scalar.value)
    }
  }

  private func cancel() -> Response {
    session.outcome = .cancelled
    Signals.clearInterrupt()
    return .giveUp
  }

  private func startEntry() {
    guard let initial = session.initial else { return }
    session.initial = nil
    library.insert(initial)
    library.refresh()
  }

  /// The next event for a command or for libedit. The screen is brought up to date only when nothing waits to be
  /// read, so that long pastes and text typed ahead cost one painting.
  func nextEvent() -> InputEvent {
    if let event = session.returnedEvent {
      session.returnedEvent = nil
      return event
    }
    if !input.isReady {
      nne_terminal_keep_editing()
      if library.isEmpty { input.endBurst() }
      paint()
      if wantsPreview {
        if let event = input.next(patience: Int32(clamping: options.previewDelay)) { return event }
        updatePreview()
      }
    }
    return input.next() ?? .end
  }

  // MARK: actions

  private func start(_ action: EditingAction) -> Response {
    session.undo.note(library.line)
    session.action = action
    session.isActionRepeated = false
    return .give(KeyBindings.actionKey)
  }

  /// Whether the action key, given before, went elsewhere, say behind an ESC pressed alone, and is to be given again.
  private func repeatsAction() -> Bool {
    guard session.action != nil else { return false }
    if session.isActionRepeated { session.action = nil }
    session.isActionRepeated = true
    return session.action != nil
  }

  // MARK: Ctrl-Z

  private func suspend() {
    display.finish(finalView(), mark: "")
    nne_terminal_restore()
    nne_signals_suspend()
    takeTerminal()
  }
}
