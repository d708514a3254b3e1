import CEditline

/// One place on the screen: a character with the marks on it, one or two columns wide.
struct Cell: Equatable {
  var text: String
  var width: Int
  var style: TextStyle
}

/// One row of the screen.
struct ScreenRow: Equatable {
  var cells: [Cell] = []
  var width = 0
  /// Full, and its text goes on in the next row: the terminal may wrap it by itself.
  var isWrapped = false

  mutating func append(_ cell: Cell) {
    cells.append(cell)
    width += cell.width
  }

  mutating func append(_ text: some StringProtocol, style: TextStyle) {
    for scalar in text.unicodeScalars { append(scalar, style: style) }
  }

  mutating func append(_ scalar: Unicode.Scalar, style: TextStyle) {
    append(scalar.displayed(inColumn: width), style: style)
  }

  mutating func append(_ displayed: (text: String, width: Int), style: TextStyle) {
    let (text, width) = displayed
    if width == 0, !cells.isEmpty {
      cells[cells.count - 1].text += text
    } else {
      append(Cell(text: text, width: width, style: style))
    }
  }

  /// Fills up to `column`.
  mutating func pad(to column: Int) {
    while width < column { append(Cell(text: " ", width: 1, style: .plain)) }
  }
}

/// A text cut into the rows of a screen.
struct Layout {
  struct Position: Equatable {
    var row = 0
    var column = 0
  }

  private(set) var rows = [ScreenRow()]
  private(set) var cursor = Position()
  let columns: Int

  init(columns: Int) { self.columns = max(2, columns) }

  /// Lays out a text of several lines, the first behind `prompt` and the others behind `continuation`.
  init(
    _ line: EditedLine, prompt: Prompt, continuation: Prompt, styles: [TextStyle], columns: Int
  ) {
    self.init(columns: columns)
    append(prompt)
    for (index, scalar) in line.scalars.enumerated() {
      if scalar == "\n" {
        if index == line.cursor { markCursor() }
        rows.append(ScreenRow())
        append(continuation)
      } else {
        append(scalar, style: index < styles.count ? styles[index] : .plain, isCursor: index == line.cursor)
      }
    }
    if line.isCursorAtEnd { markCursor() }
  }

  private mutating func append(_ prompt: Prompt) {
    for scalar in prompt.text.unicodeScalars { append(scalar, style: prompt.style, isCursor: false) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, style: TextStyle, isCursor: Bool) {
    let last = rows.count - 1
    var displayed = scalar.displayed(inColumn: rows[last].width)
    if rows[last].width + displayed.width > columns {
      rows[last].isWrapped = rows[last].width == columns
      rows.append(ScreenRow())
      displayed = scalar.displayed(inColumn: 0)
    }
    // A mark on the last character of a full row has no column of its own.
    if isCursor {
      cursor = Position(row: rows.count - 1, column: min(rows[rows.count - 1].width, columns - 1))
    }
    rows[rows.count - 1].append(displayed, style: style)
  }

  /// The cursor stands behind everything so far; behind a full row, that is at the start of the next.
  private mutating func markCursor() {
    if rows[rows.count - 1].width >= columns { rows.append(ScreenRow()) }
    cursor = Position(row: rows.count - 1, column: rows[rows.count - 1].width)
  }

  // MARK: what is added to a line

  /// Columns free behind the last row.
  var room: Int { columns - rows[rows.count - 1].width }

  /// Adds to the last row without wrapping; what does not fit is cut.
  mutating func appendTail(_ text: String, style: TextStyle) {
    for scalar in text.unicodeScalars {
      let width = scalar.displayed(inColumn: rows[rows.count - 1].width).width
      if width > room - 1 { return }
      rows[rows.count - 1].append(scalar, style: style)
    }
  }

  /// Adds to the last row so that it ends in the last column but one; false when there is no room.
  mutating func appendAtRight(_ text: String, style: TextStyle, gap: Int) -> Bool {
    let width = text.displayWidth
    guard width + gap + 1 <= room else { return false }
    rows[rows.count - 1].pad(to: columns - 1 - width)
    rows[rows.count - 1].append(text, style: style)
    return true
  }

  mutating func appendRow(_ row: ScreenRow) { rows.append(row) }

  /// The `height` rows around the cursor, and how many are left out above.
  func window(height: Int, near first: Int) -> (layout: Layout, first: Int) {
    guard rows.count > height else { return (self, 0) }
    let latest = min(cursor.row, rows.count - height)
    let start = min(max(first, cursor.row - height + 1), latest)
    var window = self
    window.rows = Array(rows[start..<start + height])
    window.cursor.row -= start
    return (window, start)
  }
}

extension Unicode.Scalar {
  /// The texts of ASCII's characters, made once: a long entry has many.
  private static let printable = (UInt8(0x20)..<0x7F).map { String(Unicode.Scalar($0)) }

  /// What to print for this scalar, and the columns it takes.
  func displayed(inColumn column: Int) -> (text: String, width: Int) {
    if value >= 0x20, value < 0x7F { return (Self.printable[Int(value) - 0x20], 1) }
    if self == "\t" {
      let width = 8 - column % 8
      return (String(repeating: " ", count: width), width)
    }
    if value < 0x20 || value == 0x7F { return ("^" + String(Unicode.Scalar(UInt8(value ^ 0x40))), 2) }
    if isOrder { return ("\u{FFFD}", 1) }
    let width = Int(nne_width(value))
    return (String(self), width >= 0 ? width : 1)
  }

  /// Whether the terminal could take it for an order, say to turn the text around: these are shown, never sent.
  /// Joiners only choose the form of letters.
  private var isOrder: Bool {
    switch properties.generalCategory {
    case .format: value != 0x200C && value != 0x200D
    case .control, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: true
    default: false
    }
  }
}

extension StringProtocol {
  /// Columns this text takes on one row of a terminal.
  package var displayWidth: Int {
    unicodeScalars.reduce(0) { $0 + $1.displayed(inColumn: $0).width }
  }
}
