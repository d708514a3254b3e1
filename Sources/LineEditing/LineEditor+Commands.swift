import CEditline

// What the editor's own keys do.
extension LineEditor {
  // MARK: entering

  func enter() -> CommandResult {
    let line = library.line
    let filter = session.pasteFilter
    var text = line.text
    if filter.beginsWithPrompt(text), promptCameAtOnce(filter) {
      text = filter.withoutLeadingPrompts(text)
      transcriptBurst = input.burst
    } else if let transcriptBurst, lineBurst == transcriptBurst, input.burst == transcriptBurst {
      return dropOutput()
    }
    if let other = entryBehindOffer(text) { return enterAsItIs(other) }
    guard isEntered(text, line) else { return insert("\n") }
    return enterAsItIs(text)
  }

  private var lineBurst: Int { input.burst(at: session.lineStart) }

  /// Whether the prompt that the line begins with came in one piece, as no person types it.
  private func promptCameAtOnce(_ filter: PasteFilter) -> Bool {
    input.burst(at: session.lineStart + filter.prompt.utf8.count - 1) == lineBurst
  }

  /// In a transcript that a terminal pastes without saying so, lines without a prompt are what was shown. What a
  /// person types afterwards came in a burst of its own and stays.
  private func dropOutput() -> CommandResult {
    library.setLine("")
    session.lineStart = input.decoder.consumed
    return .done
  }

  private func isEntered(_ text: String, _ line: EditedLine) -> Bool {
    if text.allSatisfy(\.isWhitespace) { return true }
    let row = line.cursorRow
    let givesUp =
      row.lowerBound > 0 && row.upperBound == line.scalars.count
      && line.scalars[row].allSatisfy { $0.properties.isWhitespace }
    return givesUp || delegate?.isComplete(text) ?? true
  }

  func insert(_ text: String) -> CommandResult {
    library.insert(text)
    return .done
  }

  private func paste(_ pasted: String) -> CommandResult {
    let text = session.pasteFilter.clean(pasted)
    library.insert(text)
    let isEnded = pasted.last?.isNewline ?? false
    let line = library.line
    guard options.entersCompletePaste, line.isCursorAtEnd, isEnded || text.contains("\n") else {
      return .done
    }
    return enterPasted(line.text, isEnded: isEnded)
  }

  /// Enters the first entry of lines that were pasted; the others follow when it has run, each with its result below.
  /// The last line stays in the editor if it did not end.
  private func enterPasted(_ text: String, isEnded: Bool) -> CommandResult {
    let lastLine =
      isEnded ? "" : text.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    let whole = text.dropLast(isEnded ? 0 : lastLine.count + 1)
    pasted = delegate?.entries(in: String(whole)) ?? PastedEntries([String(whole)])
    if !pasted.rest.isEmpty { pasted.rest += "\n" }
    pasted.rest += lastLine
    guard let first = pasted.takeNext() else { return .done }
    library.setLine(first.text)
    return first.isWhole ? enterAsItIs(first.text) : .done
  }

  /// What was typed behind an offered line without emptying it first, where that is an entry by itself.
  private func entryBehindOffer(_ text: String) -> String? {
    guard !session.offered.isEmpty, text.hasPrefix(session.offered) else { return nil }
    return delegate?.entry(typed: String(text.dropFirst(session.offered.count)))
  }

  private func enterAsItIs(_ text: String) -> CommandResult {
    session.outcome = .line(text)
    // From here on Ctrl-C means the work to come. What was pressed before meant nothing.
    Signals.clearInterrupt()
    return .entered
  }

  /// What the action key stands for.
  func performAction() -> CommandResult {
    guard let action = session.action else { return .done }
    session.action = nil
    removeActionKeys()
    switch action {
    case .paste(let text): return paste(text)
    case .enter: return enterAsItIs(library.line.text)
    case .key(let key): return perform(key)
    }
  }

  /// A command of libedit that reads a key itself, as vi's `r` does, takes the action key for text.
  private func removeActionKeys() {
    let scalars = library.line.scalars
    guard let stray = scalars.firstIndex(where: { $0.value == KeyBindings.actionKey }) else { return }
    library.replace(stray..<stray + 1, with: "")
  }

  private func perform(_ key: FunctionKey) -> CommandResult {
    switch key {
    case .up: return moveUp()
    case .down: return moveDown()
    case .left: return moveLeft()
    case .right: return moveRight()
    case .home: return moveToRowStart()
    case .end: return moveToRowEnd()
    case .wordLeft: return move(to: library.line.cursor(movedByWords: -1))
    case .wordRight: return moveWordRight()
    case .delete: return delete(to: library.line.cursor(movedByCharacters: 1))
    case .deleteWordRight: return delete(to: library.line.cursor(movedByWords: 1))
    case .newline: return insert("\n")
    case .pageUp, .pageDown, .backTab, .other: return .done
    }
  }

  // MARK: moving

  private func move(to position: Int) -> CommandResult {
    library.cursor = position
    return .done
  }

  private func delete(to position: Int) -> CommandResult {
    library.replace(library.line.cursor..<position, with: "")
    return .done
  }

  func moveLeft() -> CommandResult { move(to: library.line.cursor(movedByCharacters: -1)) }

  func moveRight() -> CommandResult {
    let line = library.line
    if let hint = hintedText(for: line) { return insert(hint) }
    return move(to: line.cursor(movedByCharacters: 1))
  }

  /// At the end of the line, takes the next word of the hint.
  private func moveWordRight() -> CommandResult {
    let line = library.line
    guard let hint = hintedText(for: line) else { return move(to: line.cursor(movedByWords: 1)) }
    let hinted = EditedLine(hint, cursor: 0)
    return insert(String(hinted.scalars[..<hinted.cursor(movedByWords: 1)]))
  }

  func moveToRowStart() -> CommandResult { move(to: library.line.cursorRow.lowerBound) }

  func moveToRowEnd() -> CommandResult {
    let line = library.line
    if let hint = hintedText(for: line) { return insert(hint) }
    return move(to: line.cursorRow.upperBound)
  }

  // MARK: history

  func moveUp() -> CommandResult {
    let line = library.line
    if let position = line.cursor(movedByRows: -1) { return move(to: position) }
    var walk = currentWalk(from: line)
    guard let entry = walk.back(from: line.text, in: history) else { return .done }
    // At the end of the first row: up again goes on through the history, down goes through the rows.
    let firstRow = entry.unicodeScalars.prefix { $0 != "\n" }.count
    return show(EditedLine(entry, cursor: firstRow), in: walk)
  }

  func moveDown() -> CommandResult {
    let line = library.line
    if let position = line.cursor(movedByRows: 1) { return move(to: position) }
    var walk = currentWalk(from: line)
    guard let entry = walk.forward(from: line.text, in: history) else { return .done }
    return show(entry, in: walk)
  }

  /// The walk that led to this line, or a new one from it.
  private func currentWalk(from line: EditedLine) -> HistoryWalk {
    if let walk = session.walk, session.walkText == line.text { return walk }
    return HistoryWalk(from: line, in: history)
  }

  private func show(_ line: EditedLine, in walk: HistoryWalk) -> CommandResult {
    library.setLine(line.text, cursor: line.cursor)
    session.walk = walk
    session.walkText = line.text
    return .done
  }

  // MARK: the rest

  func undo() -> CommandResult {
    session.undo.note(library.line)
    if let line = session.undo.undo() { library.setLine(line.text, cursor: line.cursor) }
    return .done
  }

  func clearDisplay() -> CommandResult {
    display.clearScreen()
    return .done
  }
}
