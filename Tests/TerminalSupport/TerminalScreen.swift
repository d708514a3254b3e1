/// A terminal's screen: as much of xterm as line editors use.
///
/// What it does not know it counts in `unknownSequences`, so that a test notices.
package struct TerminalScreen {
  package struct Cell: Equatable {
    package var text: String = " "
    /// The parameters of the SGR sequence in force, without resets; empty for plain.
    package var style: String = ""
    /// The right half of a wide character.
    fileprivate var isContinuation = false
  }

  private struct Line {
    var cells: [Cell]
    /// The text goes on in the next line: the terminal wrapped it.
    var isWrapped = false
  }

  package private(set) var rows: Int
  package private(set) var columns: Int
  package private(set) var row = 0
  package private(set) var column = 0
  package private(set) var isCursorVisible = true
  package private(set) var modes: Set<Int> = []
  package private(set) var unknownSequences: [String] = []
  /// Rows that left the screen at the top.
  package private(set) var scrolledOff: [String] = []

  private var lines: [Line]
  private var isWrapPending = false
  private var style = ""
  private var saved = (row: 0, column: 0)
  private var pending: [UInt8] = []

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    lines = Array(repeating: Line(cells: Array(repeating: Cell(), count: columns)), count: rows)
  }

  // MARK: looking

  /// The rows without trailing blanks.
  package var text: String {
    var texts = (0..<rows).map { self[$0] }
    while texts.last == "" { texts.removeLast() }
    return texts.joined(separator: "\n")
  }

  /// The text of a row without trailing blanks.
  package subscript(row: Int) -> String {
    let text = lines[row].cells.filter { !$0.isContinuation }.map(\.text).joined()
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  package var cursorRow: String { self[row] }

  package func contains(_ text: String) -> Bool { (0..<rows).contains { self[$0].contains(text) } }

  package func cell(_ row: Int, _ column: Int) -> Cell { lines[row].cells[column] }

  /// The texts of a row that have a style, with it.
  package func styled(_ row: Int) -> [String: String] {
    var found: [String: String] = [:]
    var text = ""
    var current = ""
    for cell in lines[row].cells + [Cell()] where !cell.isContinuation {
      if cell.style != current {
        if !current.isEmpty { found[text] = current }
        text = ""
        current = cell.style
      }
      text += cell.text
    }
    return found
  }

  // MARK: being written to

  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var position = 0
    while position < pending.count, let length = consume(at: position) { position += length }
    pending.removeFirst(position)
  }

  /// Acts on what begins at `position`; answers its length, or nil while it is incomplete.
  private mutating func consume(at position: Int) -> Int? {
    let byte = pending[position]
    switch byte {
    case 0x1B: return consumeEscape(at: position)
    case 0x0D: move(toColumn: 0)
    case 0x0A: lineFeed()
    case 0x08: move(toColumn: column - 1)
    case 0x09: move(toColumn: min(columns - 1, (column / 8 + 1) * 8))
    case 0x00..<0x20, 0x7F: break
    default: return consumeCharacter(at: position)
    }
    return 1
  }

  private mutating func consumeCharacter(at position: Int) -> Int? {
    let lead = pending[position]
    let length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard position + length <= pending.count else { return nil }
    for scalar in String(decoding: pending[position..<position + length], as: UTF8.self).unicodeScalars {
      put(scalar)
    }
    return length
  }

  private mutating func consumeEscape(at position: Int) -> Int? {
    guard position + 1 < pending.count else { return nil }
    switch pending[position + 1] {
    case UInt8(ascii: "["): return consumeControl(at: position)
    case UInt8(ascii: "7"): saved = (row, column)
    case UInt8(ascii: "8"): (row, column, isWrapPending) = (saved.row, saved.column, false)
    default: unknownSequences.append("ESC \(Character(Unicode.Scalar(pending[position + 1])))")
    }
    return 2
  }

  private mutating func consumeControl(at position: Int) -> Int? {
    guard let end = pending[(position + 2)...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return nil
    }
    let body = String(decoding: pending[position + 2..<end], as: UTF8.self)
    perform(Character(Unicode.Scalar(pending[end])), body)
    return end + 1 - position
  }

  private mutating func perform(_ final: Character, _ body: String) {
    let isPrivate = body.hasPrefix("?")
    let numbers = body.drop { $0 == "?" }.split(separator: ";", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    let first = numbers.first ?? 0
    let count = max(1, first)
    switch final {
    case "A": move(toRow: row - count)
    case "B": move(toRow: row + count)
    case "C": move(toColumn: column + count)
    case "D": move(toColumn: column - count)
    case "G": move(toColumn: count - 1)
    case "H":
      move(toRow: count - 1)
      move(toColumn: max(1, numbers.dropFirst().first ?? 1) - 1)
    case "J" where first == 0: erase(from: column, ofRow: row, andBelow: true)
    case "J" where first == 2: for row in 0..<rows { erase(from: 0, ofRow: row, andBelow: false) }
    case "K" where first == 0: erase(from: column, ofRow: row, andBelow: false)
    case "m": setStyle(body)
    case "h" where isPrivate, "l" where isPrivate: setMode(first, final == "h")
    default: unknownSequences.append("CSI \(body)\(final)")
    }
  }

  private mutating func setMode(_ mode: Int, _ isOn: Bool) {
    if mode == 25 { isCursorVisible = isOn }
    if isOn { modes.insert(mode) } else { modes.remove(mode) }
  }

  private mutating func setStyle(_ body: String) {
    let parameters = body.split(separator: ";")
    let last = parameters.lastIndex(of: "0").map { $0 + 1 } ?? (parameters.isEmpty ? 0 : nil)
    if let last { style = parameters[last...].joined(separator: ";") } else { style += ";" + body }
  }

  private mutating func move(toRow target: Int) {
    row = min(max(0, target), rows - 1)
    isWrapPending = false
  }

  private mutating func move(toColumn target: Int) {
    column = min(max(0, target), columns - 1)
    isWrapPending = false
  }

  private mutating func lineFeed() {
    isWrapPending = false
    if row + 1 < rows {
      row += 1
      return
    }
    scrolledOff.append(self[0])
    lines.removeFirst()
    lines.append(blankLine)
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = scalar.screenWidth
    if width == 0 {
      let target = isWrapPending ? column : max(0, column - 1)
      let base = lines[row].cells[target].isContinuation ? target - 1 : target
      lines[row].cells[base].text.unicodeScalars.append(scalar)
      return
    }
    if isWrapPending || column + width > columns {
      lines[row].isWrapped = isWrapPending
      column = 0
      lineFeed()
    }
    lines[row].cells[column] = Cell(text: String(scalar), style: style)
    if width == 2 { lines[row].cells[column + 1] = Cell(text: "", style: style, isContinuation: true) }
    isWrapPending = column + width == columns
    column = min(column + width, columns - 1)
  }

  private mutating func erase(from column: Int, ofRow row: Int, andBelow: Bool) {
    for index in column..<columns { lines[row].cells[index] = Cell() }
    lines[row].isWrapped = false
    if andBelow { for below in row + 1..<max(row + 1, rows) { lines[below] = blankLine } }
  }

  private var blankLine: Line { Line(cells: Array(repeating: Cell(), count: columns)) }

  // MARK: another size

  /// Breaks the lines anew as most terminals do, the cursor staying with its character.
  package mutating func resize(rows newRows: Int, columns newColumns: Int) {
    var paragraphs: [(cells: [Cell], cursor: Int?)] = []
    var isContinued = false
    for (index, line) in lines.enumerated() {
      if !isContinued { paragraphs.append(([], nil)) }
      if index == row {
        paragraphs[paragraphs.count - 1].cursor = paragraphs[paragraphs.count - 1].cells.count + column
      }
      paragraphs[paragraphs.count - 1].cells += line.isWrapped ? line.cells : line.cells.withoutTrailingBlanks
      isContinued = line.isWrapped
    }
    while let last = paragraphs.last, last.cells.isEmpty, last.cursor == nil { paragraphs.removeLast() }
    var broken: [Line] = []
    var newRow = 0
    for (cells, cursor) in paragraphs {
      if let cursor { (newRow, column) = (broken.count + cursor / newColumns, cursor % newColumns) }
      var start = 0
      repeat {
        let end = min(start + newColumns, cells.count)
        let padding = Array(repeating: Cell(), count: newColumns - (end - start))
        broken.append(Line(cells: cells[start..<end] + padding, isWrapped: end < cells.count))
        start = end
      } while start < cells.count
      while newRow >= broken.count, cursor != nil {
        broken.append(Line(cells: Array(repeating: Cell(), count: newColumns)))
      }
    }
    (rows, columns, isWrapPending) = (newRows, newColumns, false)
    let extra = max(0, min(broken.count - rows, newRow))
    lines = Array(broken.dropFirst(extra).prefix(rows))
    while lines.count < rows { lines.append(blankLine) }
    row = min(newRow - extra, rows - 1)
  }
}

extension [TerminalScreen.Cell] {
  fileprivate var withoutTrailingBlanks: [TerminalScreen.Cell] {
    var cells = self
    while cells.last == TerminalScreen.Cell() { cells.removeLast() }
    return cells
  }
}

extension Unicode.Scalar {
  /// Columns, as terminals have them: marks none, East Asian and pictures two.
  fileprivate var screenWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
