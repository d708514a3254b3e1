import TerminalSupport
import Testing

@testable import LineEditing

struct LayoutTests {
  init() { Terminal.useUTF8() }

  private func layout(_ text: String, cursor: Int? = nil, columns: Int) -> Layout {
    Layout(EditedLine(text, cursor: cursor), prompt: "> ", continuation: ". ", styles: [], columns: columns)
  }

  private func texts(_ layout: Layout) -> [String] { layout.rows.map { $0.cells.map(\.text).joined() } }

  @Test(arguments: [
    ("", ["> "], 0, 2), ("abc", ["> abc"], 0, 5), ("abcdef", ["> abcd", "ef"], 1, 2),
    ("abcd", ["> abcd", ""], 1, 0), ("a\nb", ["> a", ". b"], 1, 3), ("abcd\n", ["> abcd", ". "], 1, 2),
    ("abc日x", ["> abc", "日x"], 1, 3), ("ab日日", ["> ab日", "日"], 1, 2), ("e\u{301}x", ["> e\u{301}x"], 0, 4),
    ("\u{1}a", ["> ^Aa"], 0, 5), ("日本日", ["> 日本", "日"], 1, 2), ("\u{202E}a", ["> \u{FFFD}a"], 0, 4),
  ])
  func breaksIntoRows(_ text: String, _ rows: [String], _ row: Int, _ column: Int) {
    let layout = layout(text, columns: 6)
    #expect(texts(layout) == rows)
    #expect(layout.cursor == Layout.Position(row: row, column: column))
  }

  @Test func expandsTabs() {
    #expect(texts(layout("a\tb", columns: 20)) == ["> a     b"])
  }

  @Test func findsTheCursorInTheMiddle() {
    #expect(layout("abcdef", cursor: 4, columns: 6).cursor == Layout.Position(row: 1, column: 0))
    #expect(layout("a\nb", cursor: 1, columns: 6).cursor == Layout.Position(row: 0, column: 3))
    #expect(layout("abcd\nb", cursor: 4, columns: 6).cursor == Layout.Position(row: 1, column: 0))
    #expect(layout("abc日x", cursor: 3, columns: 6).cursor == Layout.Position(row: 1, column: 0))
  }

  @Test func showsTheRowsAroundTheCursor() {
    let tall = layout("1\n2\n3\n4\n5", cursor: 4, columns: 6)
    #expect(texts(tall.window(height: 2, near: 0).layout) == [". 2", ". 3"])
    #expect(tall.window(height: 2, near: 0).first == 1)
    #expect(texts(tall.window(height: 3, near: 2).layout) == [". 3", ". 4", ". 5"])
    #expect(tall.window(height: 3, near: 2).layout.cursor.row == 0)
    #expect(tall.window(height: 9, near: 3).first == 0)
  }

  @Test func addsOnlyWhatFits() {
    var layout = layout("abc", columns: 12)
    let fits = layout.appendAtRight("12345", style: .dim, gap: 2)
    #expect(!fits)
    let fitsNow = layout.appendAtRight("123", style: .dim, gap: 2)
    #expect(fitsNow)
    #expect(texts(layout) == ["> abc   123"])
    layout.appendTail("long tail", style: .dim)
    #expect(texts(layout) == ["> abc   123"])
  }
}

struct ScreenPainterTests {
  init() { Terminal.useUTF8() }

  /// A terminal that gets the differences shows what the layout says, cell for cell, whatever the lines were.
  @Test(arguments: repetitions(15)) func differencesLeadToTheSameScreen(_ seed: Int) {
    var random = SmallRandom(seed: seed)
    let columns = 8 + random.next(below: 30)
    var screen = TerminalScreen(rows: 40, columns: columns)
    var painter = ScreenPainter(hasColor: true)
    var line = EditedLine("")
    for round in 0..<60 {
      line = changed(line, &random)
      var layout = Layout(
        line, prompt: Prompt("nn> ", style: .bold), continuation: "..> ", styles: styles(line, &random),
        columns: columns)
      if random.next(below: 3) == 0 { layout.appendTail("a hint", style: .dim) }
      if random.next(below: 3) == 0 { _ = layout.appendAtRight("4×2", style: TextStyle(.red), gap: 2) }
      if random.next(below: 4) == 0 { layout.appendRow(ScreenRow()) }
      if layout.rows.count > 40 { line = EditedLine("") }
      if layout.rows.count > 40 { continue }
      painter.show(layout)
      screen.feed(Array(painter.takeOutput().utf8))
      #expect(differences(screen, layout) == [], "seed \(seed), round \(round):\n\(screen.text)")
      #expect(screen.unknownSequences == [])
    }
  }

  private func changed(_ line: EditedLine, _ random: inout SmallRandom) -> EditedLine {
    let pieces = ["a", "W1 = [1 2]", "σ⊙", "日本", "e\u{301}", "\n", " ", "0123456789", "\t", "🙂"]
    var scalars = line.scalars
    let position = random.next(below: scalars.count + 1)
    if random.next(below: 3) == 0 {
      scalars.removeSubrange(position..<min(scalars.count, position + random.next(below: 6)))
    } else {
      scalars.insert(contentsOf: pieces[random.next(below: pieces.count)].unicodeScalars, at: position)
    }
    return EditedLine(scalars, cursor: random.next(below: scalars.count + 1))
  }

  private func styles(_ line: EditedLine, _ random: inout SmallRandom) -> [TextStyle] {
    let few: [TextStyle] = [.plain, .bold, TextStyle(.blue), TextStyle(.yellow, underlined: true)]
    let kind = random.next(below: 3)
    return line.scalars.map { few[(Int($0.value) + kind) % few.count] }
  }

  /// The rows that are not as they should be.
  private func differences(_ screen: TerminalScreen, _ layout: Layout) -> [String] {
    var found: [String] = []
    for row in 0..<screen.rows {
      let cells = row < layout.rows.count ? layout.rows[row].cells : []
      var column = 0
      for cell in cells {
        let shown = screen.cell(row, column)
        let style = String(cell.style.escapeSequence.dropFirst(2).dropLast().dropFirst(2))
        if shown.text != cell.text.prefix(1), shown.text != cell.text, cell.width == 1 || !shown.text.isEmpty
        {
          if cell.width < 3 { found.append("\(row),\(column): \(shown.text) for \(cell.text)") }
        }
        if shown.style != style { found.append("\(row),\(column): style \(shown.style) for \(style)") }
        column += cell.width
      }
      if column < screen.columns,
        (column..<screen.columns).contains(where: { screen.cell(row, $0).text != " " })
      {
        found.append("\(row): more than there should be")
      }
    }
    if (screen.row, screen.column) != (layout.cursor.row, layout.cursor.column) {
      found.append("cursor at \(screen.row),\(screen.column) for \(layout.cursor)")
    }
    return found
  }
}
