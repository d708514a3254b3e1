import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension LineEditor {
  func paint() {
    let view = currentView()
    session.undo.note(view.line)
    display.show(view)
  }

  /// The line with everything that helps while it is edited.
  func currentView() -> LineView {
    let line = library.line
    var view = view(of: line)
    view.menu = session.menu
    guard showsColor else { return view }
    markBrackets(in: &view)
    guard options.isLive, session.menu.isEmpty else { return view }
    view.hint = hint(for: line) ?? ""
    view.hintStyle = options.hintStyle
    view.preview = preview(for: line)
    return view
  }

  /// The line as it will stay on the screen.
  func finalView() -> LineView { view(of: library.line) }

  private var showsColor: Bool { options.hasColor && !isDumb }

  private func view(of line: EditedLine) -> LineView {
    var view = LineView(line: line, prompt: session.prompt, continuation: session.continuation)
    if showsColor { view.styles = styles(for: line) }
    return view
  }

  // MARK: highlighting

  private func styles(for line: EditedLine) -> [TextStyle] {
    if session.highlighted.text == line.text { return session.highlighted.styles }
    var styles = [TextStyle](repeating: .plain, count: line.scalars.count)
    let ranges = delegate?.highlight(line.text) ?? []
    if !ranges.isEmpty {
      let positions = UTF8Positions(line)
      for styled in ranges {
        for position in positions.range(styled.range) { styles[position] = styled.style }
      }
    }
    session.highlighted = (line.text, styles)
    return styles
  }

  private func markBrackets(in view: inout LineView) {
    let line = view.line
    let offset = line.utf8Offset(of: line.cursor)
    guard let pair = delegate?.matchingBrackets(in: line.text, at: offset) else { return }
    for offset in [pair.opening, pair.closing] {
      let position = line.position(ofUTF8: offset)
      guard position < view.styles.count else { continue }
      view.styles[position].isBold = options.bracketStyle.isBold
      view.styles[position].isUnderlined = options.bracketStyle.isUnderlined
      view.styles[position].isReversed = options.bracketStyle.isReversed
      view.styles[position].color = options.bracketStyle.color ?? view.styles[position].color
    }
  }

  // MARK: hints

  /// What the right arrow would add.
  func hintedText(for line: EditedLine) -> String? {
    guard options.isLive, showsColor, line.isCursorAtEnd, !line.text.isEmpty else { return nil }
    if line.text == session.offered { return nil }  // it is whole
    return delegate?.hint(for: line.text) ?? history.completion(of: line.text)
  }

  private func hint(for line: EditedLine) -> String? {
    guard let text = hintedText(for: line) else { return nil }
    let first = text.prefix { $0 != "\n" }
    if first.utf8.count == text.utf8.count { return text }
    return first.isEmpty ? "⏎" : first + " …"
  }

  // MARK: previews

  var wantsPreview: Bool {
    options.isLive && showsColor && delegate != nil && session.preview.text != library.line.text
  }

  private func preview(for line: EditedLine) -> Preview? {
    if line.text == session.preview.text { return session.preview.preview }
    session.preview.staleness += 1
    return session.preview.staleness > 1 || line.text.isEmpty ? nil : session.preview.preview
  }

  /// Computes the preview of the line as it is and shows it.
  func updatePreview() {
    let text = library.line.text
    let deadline = Self.milliseconds() + options.previewBudget
    var lastLook = 0
    let isStale = { [input] () -> Bool in
      let now = Self.milliseconds()
      if now >= deadline { return true }
      if now == lastLook { return false }
      lastLook = now
      return input.isReady
    }
    let preview = isBlank(text) ? nil : delegate?.preview(of: text, isStale: isStale)
    let isShown = session.preview.preview != nil
    session.preview = PreviewState(text: text, preview: preview)
    if isShown || preview != nil { paint() }
  }

  private func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  private static func milliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1_000 + Int(now.tv_nsec) / 1_000_000
  }
}

/// Where the scalars of a line begin in UTF-8.
private struct UTF8Positions {
  private var starts: [Int] = []

  init(_ line: EditedLine) {
    starts.reserveCapacity(line.scalars.count)
    var offset = 0
    for scalar in line.scalars {
      starts.append(offset)
      offset += UTF8.width(scalar)
    }
  }

  /// The scalars of a range of offsets, which may come from outside and reach beyond the line.
  func range(_ offsets: Range<Int>) -> Range<Int> {
    let start = position(of: offsets.lowerBound)
    return start..<max(start, position(of: offsets.upperBound))
  }

  private func position(of offset: Int) -> Int {
    var range = starts.startIndex..<starts.endIndex
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      range = starts[middle] < offset ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
