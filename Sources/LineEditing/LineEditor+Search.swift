/// A search through the history that follows what is typed.
struct HistorySearch {
  enum Direction { case older, newer }

  private(set) var pattern = ""
  private(set) var direction: Direction
  /// The entry found, and where the pattern begins in it, in UTF-8.
  private(set) var match: (entry: Int, offset: Int)?
  private(set) var hasFailed = false
  private let entries: [String]

  init(_ entries: [String], _ direction: Direction) {
    self.entries = entries
    self.direction = direction
  }

  var text: String? { match.map { entries[$0.entry] } }

  var prompt: String {
    let title = direction == .older ? "search" : "search forward"
    return (hasFailed ? "no \(title)" : title) + " '\(pattern)': "
  }

  mutating func type(_ text: String) {
    pattern += text
    find(from: match?.entry ?? (direction == .older ? entries.count - 1 : 0))
  }

  mutating func deleteLast() {
    if !pattern.isEmpty { pattern.removeLast() }
    match = nil
    find(from: direction == .older ? entries.count - 1 : 0)
  }

  /// The next match in `direction`.
  mutating func again(_ direction: Direction) {
    self.direction = direction
    let step = direction == .older ? -1 : 1
    find(from: match.map { $0.entry + step } ?? (direction == .older ? entries.count - 1 : 0))
  }

  private mutating func find(from start: Int) {
    hasFailed = false
    if pattern.isEmpty { return }
    let wanted = Array(pattern.utf8)
    let end = direction == .older ? -1 : entries.count
    for index in stride(from: start, to: end, by: direction == .older ? -1 : 1)
    where entries.indices.contains(index) {
      if let offset = Self.offset(of: wanted, in: entries[index]) {
        match = (index, offset)
        return
      }
    }
    hasFailed = true
  }

  private static func offset(of wanted: [UInt8], in text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count >= wanted.count else { return nil }
      return (0...bytes.count - wanted.count).first { start in
        wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
      }
    }
  }
}

extension LineEditor {
  func searchHistory(_ direction: HistorySearch.Direction) -> CommandResult {
    let typed = library.line
    var search = HistorySearch(history.entries, direction)
    let prompt = session.prompt
    defer { session.prompt = prompt }
    while true {
      session.prompt = Prompt(search.prompt, style: options.hintStyle)
      show(search, typed: typed)
      let event = searchEvent()
      switch event {
      case .character("\u{12}"): search.again(.older)
      case .character("\u{13}"): search.again(.newer)
      case .character("\u{08}"), .character("\u{7F}"): search.deleteLast()
      case .character("\u{07}"), .character("\u{03}"):
        library.setLine(typed.text, cursor: typed.cursor)
        return .done
      case .character("\u{1B}"): return .done
      case .character(let scalar) where scalar.value >= 0x20: search.type(String(scalar))
      case .paste(let text): search.type(String(session.pasteFilter.clean(text).prefix { $0 != "\n" }))
      case .resized:
        library.resize()
        display.windowChanged(currentView())
      default:
        // Any other key keeps what was found and does what it always does.
        session.returnedEvent = event
        return .done
      }
    }
  }

  private func show(_ search: HistorySearch, typed: EditedLine) {
    guard let match = search.match, let text = search.text else {
      library.setLine(typed.text, cursor: typed.cursor)
      return
    }
    library.setLine(text, cursor: EditedLine(text).position(ofUTF8: match.offset))
  }

  /// The next event, with the screen up to date but without hint or preview.
  private func searchEvent() -> InputEvent {
    if !input.isReady {
      var view = finalView()
      view.line = library.line
      display.show(view)
    }
    return input.next() ?? .end
  }
}
