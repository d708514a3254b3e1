/// Keeps the rows of a line on the screen, relative to where its first row began, and writes the differences.
struct ScreenPainter {
  private let hasColor: Bool
  private var painted: [ScreenRow] = [ScreenRow()]
  private var position = Layout.Position()
  /// Rows that exist on the screen below the first; beyond them only a newline makes one.
  private var reached = 0
  private var columns = 0
  private var style = TextStyle.plain
  private var output = ""

  init(hasColor: Bool) { self.hasColor = hasColor }

  /// What to send to the terminal for everything done since the last call.
  mutating func takeOutput() -> String {
    defer { output = "" }
    return output
  }

  /// Changes the screen from what it shows to `layout`.
  mutating func show(_ layout: Layout) {
    columns = layout.columns
    let changed = changes(to: layout)
    // Without the cursor running over the screen when more than one stretch changes.
    let hides = changed.count > 1 || layout.rows.count < painted.count
    if hides { output += "\u{1B}[?25l" }
    for change in changed { rewrite(change, in: layout) }
    if layout.rows.count < painted.count {
      move(to: Layout.Position(row: layout.rows.count, column: 0))
      output += "\u{1B}[J"
    }
    setStyle(.plain)
    move(to: layout.cursor)
    if hides { output += "\u{1B}[?25h" }
    painted = layout.rows
  }

  /// Goes to a new row below everything.
  mutating func leave() {
    let last = painted.count - 1
    move(to: Layout.Position(row: last, column: 0))
    let isNewRow = last > 0 && painted[last].cells.isEmpty && painted[last - 1].width >= columns
    if !isNewRow { output += "\r\n" }
  }

  mutating func clearScreen() {
    output += "\u{1B}[H\u{1B}[2J"
    forget()
  }

  /// Erases everything shown; the next line starts at the same place.
  ///
  /// - Parameter columns: the terminal's new width, when it changed: it has wrapped its rows anew.
  mutating func eraseAll(reflowedTo columns: Int? = nil) {
    let above = columns.map(rowsAboveCursor(in:)) ?? position.row
    if above > 0 { output += "\u{1B}[\(above)A" }
    // Not from the first column: where that is the screen's corner, tmux keeps what is erased in its history, and shows
    // it again when the window grows.
    output += "\r\u{1B}[K\u{1B}[C\u{1B}[J\r"
    forget()
  }

  private mutating func forget() {
    painted = [ScreenRow()]
    position = Layout.Position()
    reached = 0
  }

  /// What terminals make of rows when their width changes: longer ones are broken, wrapped ones joined.
  private func rowsAboveCursor(in columns: Int) -> Int {
    var rows = 0
    var length = 0
    for row in painted.indices {
      if row == position.row { return rows + (length + min(position.column, painted[row].width)) / columns }
      length += painted[row].width
      if !painted[row].isWrapped {
        rows += max(1, (length + columns - 1) / columns)
        length = 0
      }
    }
    return rows
  }

  // MARK: differences

  /// Cells of one row to write.
  private struct Change {
    var row: Int
    var cells: Range<Int>
  }

  private func changes(to layout: Layout) -> [Change] {
    var changes: [Change] = []
    for (index, row) in layout.rows.enumerated() {
      let old = index < painted.count ? painted[index] : nil
      if index > 0, layout.rows[index - 1].isWrapped, old?.cells.isEmpty ?? true,
        changes.last?.row != index - 1
      {
        // The row above must wrap by itself, so that the terminal knows both for one line.
        let count = layout.rows[index - 1].cells.count
        changes.append(Change(row: index - 1, cells: count - 1..<count))
      }
      let cells = old.map { Self.difference($0, row) } ?? 0..<row.cells.count
      if let cells { changes.append(Change(row: index, cells: cells)) }
    }
    return changes
  }

  private static func difference(_ old: ScreenRow, _ new: ScreenRow) -> Range<Int>? {
    guard old.cells != new.cells else { return nil }
    // Where the terminal's idea of a width may not be ours, columns count from the margin only.
    guard new.cells.allSatisfy(\.isCertain) && old.cells.allSatisfy(\.isCertain) else {
      return 0..<new.cells.count
    }
    let common = min(old.cells.count, new.cells.count)
    let first = (0..<common).first { old.cells[$0] != new.cells[$0] } ?? common
    guard old.cells.count == new.cells.count else { return first..<new.cells.count }
    let last = (first..<common).last { old.cells[$0] != new.cells[$0] } ?? first
    return first..<last + 1
  }

  private mutating func rewrite(_ change: Change, in layout: Layout) {
    let row = layout.rows[change.row]
    move(to: Layout.Position(row: change.row, column: row.cells[..<change.cells.lowerBound].totalWidth))
    for cell in row.cells[change.cells] {
      setStyle(cell.style)
      output += cell.text
      position.column += cell.width
    }
    let oldWidth = change.row < painted.count ? painted[change.row].width : 0
    if change.cells.upperBound == row.cells.count {
      if row.width < oldWidth {
        setStyle(.plain)
        output += "\u{1B}[K"
      }
      wrap(behind: change.row, in: layout)
    }
  }

  /// Behind a full row the terminal goes to the next by itself, with the next character.
  private mutating func wrap(behind index: Int, in layout: Layout) {
    guard layout.rows[index].width >= layout.columns else { return }
    let next = index + 1
    if layout.rows[index].isWrapped, next < layout.rows.count, let cell = layout.rows[next].cells.first {
      setStyle(cell.style)
      output += cell.text
      output += "\r"
      position = Layout.Position(row: next, column: 0)
      reached = max(reached, next)
    } else {
      output += "\r"
      position.column = 0
    }
  }

  // MARK: movement and style

  private mutating func move(to target: Layout.Position) {
    if target.row < position.row {
      output += "\u{1B}[\(position.row - target.row)A"
    } else if target.row > position.row {
      let below = min(target.row, reached) - position.row
      if below > 0 { output += "\u{1B}[\(below)B" }
      for _ in max(position.row, reached)..<max(target.row, reached) {
        output += "\r\n"
        position.column = 0
      }
      reached = max(reached, target.row)
    }
    if target.column != position.column {
      output += target.column == 0 ? "\r" : "\u{1B}[\(target.column + 1)G"
    }
    position = target
  }

  private mutating func setStyle(_ new: TextStyle) {
    guard hasColor, new != style else { return }
    output += new.escapeSequence
    style = new
  }
}

extension Cell {
  /// Whether every terminal gives it the same width.
  fileprivate var isCertain: Bool { width == 1 && text.unicodeScalars.count == 1 && text.utf8.count < 4 }
}

extension ArraySlice<Cell> {
  fileprivate var totalWidth: Int { reduce(0) { $0 + $1.width } }
}
