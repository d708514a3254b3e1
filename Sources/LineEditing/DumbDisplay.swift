/// Shows a line on a terminal that can only print and return to the margin: one row at a time, scrolled sideways.
final class DumbDisplay: LineDisplay {
  private var row = 0
  private var shown: [Character] = []
  private var column = 0

  func begin() { reset(toRow: 0) }

  func show(_ view: LineView) {
    let (index, text, cursor) = visibleRow(of: view)
    if index != row {
      TerminalOutput.write("\r\n")
      reset(toRow: index)
    }
    TerminalOutput.write(update(to: text, cursor: cursor))
    if !view.menu.isEmpty { list(view.menu, under: view) }
  }

  func finish(_ view: LineView, mark: String) {
    var last = view
    last.line = EditedLine(view.line.scalars, cursor: view.line.scalars.count)
    last.menu = []
    show(last)
    TerminalOutput.write(mark + "\r\n")
    reset(toRow: 0)
  }

  func clearScreen() {
    TerminalOutput.write("\r\n")
    reset(toRow: row)
  }

  func menuRoom(below view: LineView) -> Int { 100 }

  func windowChanged(_ view: LineView) {
    clearScreen()
    show(view)
  }

  private func reset(toRow index: Int) {
    row = index
    shown = []
    column = 0
  }

  private func list(_ menu: [ScreenRow], under view: LineView) {
    let rows = menu.map { row in row.cells.map(\.text).joined() }
    TerminalOutput.write("\r\n" + rows.joined(separator: "\r\n") + "\r\n")
    reset(toRow: row)
    var again = view
    again.menu = []
    show(again)
  }

  /// The row that holds the cursor, behind its prompt, from where the cursor is in sight.
  private func visibleRow(of view: LineView) -> (index: Int, text: [Character], cursor: Int) {
    let range = view.line.cursorRow
    let index = view.line.scalars[..<range.lowerBound].count { $0 == "\n" }
    let prompt = index == 0 ? view.prompt : view.continuation
    let printable = { (scalars: ArraySlice<Unicode.Scalar>) in
      Array(scalars.map { $0.displayed(inColumn: 0).text }.joined())
    }
    let text = Array(prompt.text) + printable(view.line.scalars[range])
    let cursor = prompt.text.count + printable(view.line.scalars[range.lowerBound..<view.line.cursor]).count
    let room = max(8, Terminal.size().columns - 1)
    let start = cursor < room ? 0 : (cursor / (room / 2) - 1) * (room / 2)
    return (index, Array(text[start..<min(text.count, start + room)]), cursor - start)
  }

  /// What to print so that the row reads `text`.
  private func update(to text: [Character], cursor: Int) -> String {
    let kept = zip(shown, text).prefix { $0 == $1 }.count
    var output = ""
    if kept < max(shown.count, text.count) {
      output += back(to: min(kept, column)) + String(text[min(kept, column)...])
      column = text.count
      let leftover = max(0, shown.count - text.count)
      output += String(repeating: " ", count: leftover) + String(repeating: "\u{8}", count: leftover)
    }
    if cursor < column {
      output += back(to: cursor)
    } else {
      output += String(text[column..<cursor])
    }
    shown = text
    column = cursor
    return output
  }

  private func back(to target: Int) -> String { String(repeating: "\u{8}", count: column - target) }
}
