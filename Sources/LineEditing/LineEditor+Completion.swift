extension LineEditor {
  /// Tab: a symbol for `\name`, or what all candidates have in common, or their list.
  func complete() -> CommandResult {
    let line = library.line
    if let symbol = symbolCompletion(in: line) { return apply(symbol, to: line) }
    let offset = line.utf8Offset(of: line.cursor)
    let completions = delegate?.completions(for: line.text, at: offset) ?? .none
    if completions.candidates.isEmpty, isIndenting(line) { return insert("  ") }
    return apply(completions, to: line)
  }

  private func isIndenting(_ line: EditedLine) -> Bool {
    line.scalars[line.cursorRow.lowerBound..<line.cursor].allSatisfy { $0.properties.isWhitespace }
  }

  private func apply(_ completions: Completions, to line: EditedLine) -> CommandResult {
    let start = line.position(ofUTF8: completions.replacementRange.lowerBound)
    let end = max(start, line.position(ofUTF8: completions.replacementRange.upperBound))
    let typed = String(line.scalars[start..<end])
    if completions.candidates.count == 1, let only = completions.candidates.first {
      library.replace(start..<end, with: only.text)
      return .done
    }
    let shared = completions.sharedPrefix
    if shared.utf8.count > typed.utf8.count {
      library.replace(start..<end, with: shared)
    } else if !completions.candidates.isEmpty {
      showMenu(completions)
    }
    return .done
  }

  /// More would push away what the person looks at.
  private static let mostMenuRows = 14

  private func showMenu(_ completions: Completions) {
    var view = finalView()
    view.menu = []
    session.menu = completions.menu(
      columns: Terminal.size().columns, height: min(Self.mostMenuRows, display.menuRoom(below: view)),
      descriptionStyle: options.hintStyle)
  }

  // MARK: symbols

  private func symbolCompletion(in line: EditedLine) -> Completions? {
    guard let start = SymbolTable.nameStart(in: line) else { return nil }
    let name = String(line.scalars[start..<line.cursor])
    let range = line.utf8Offset(of: start)..<line.utf8Offset(of: line.cursor)
    if let symbol = delegate?.symbol(for: name) ?? SymbolTable.symbol(for: name) {
      return Completions(replacementRange: range, candidates: [.init(symbol)])
    }
    let names = SymbolTable.names(beginningWith: name)
    if names.isEmpty { return nil }
    if names.count == 1, let symbol = SymbolTable.symbol(for: names[0]) {
      return Completions(replacementRange: range, candidates: [.init(symbol)])
    }
    let candidates = names.map {
      Completions.Candidate($0, description: SymbolTable.displayed(SymbolTable.symbol(for: $0) ?? ""))
    }
    return Completions(replacementRange: range, candidates: candidates)
  }
}
