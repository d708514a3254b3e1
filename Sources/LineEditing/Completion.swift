/// What could stand in place of a piece of the line.
package struct Completions: Sendable {
  package struct Candidate: Hashable, Sendable {
    /// What is inserted.
    package var text: String
    /// What the list shows for it.
    package var display: String
    /// What it is, in a few words.
    package var description: String

    package init(_ text: String, display: String? = nil, description: String = "") {
      self.text = text
      self.display = display ?? text
      self.description = description
    }
  }

  /// UTF-8 offsets.
  package var replacementRange: Range<Int>
  /// In the order to list them.
  package var candidates: [Candidate]
  /// What all have in common, if the one who offers them knows better than to compare them.
  package var commonPrefix: String?

  package init(replacementRange: Range<Int>, candidates: [Candidate], commonPrefix: String? = nil) {
    self.replacementRange = replacementRange
    self.candidates = candidates
    self.commonPrefix = commonPrefix
  }

  package static let none = Completions(replacementRange: 0..<0, candidates: [])

  var sharedPrefix: String {
    if let commonPrefix { return commonPrefix }
    var shared = candidates.first?.text[...] ?? ""
    for candidate in candidates.dropFirst() where !candidate.text.hasPrefix(shared) {
      shared = shared.prefix(zip(shared, candidate.text).prefix { $0 == $1 }.count)
    }
    return String(shared)
  }
}

extension Completions {
  /// The rows of a list in columns, downwards, at most `height` of them.
  func menu(columns: Int, height: Int, descriptionStyle: TextStyle) -> [ScreenRow] {
    let grid = MenuGrid(candidates, columns: columns, height: height)
    var rows = (0..<grid.rows).map { row in
      var line = ScreenRow()
      for (column, index) in grid.indices(inRow: row).enumerated() {
        line.pad(to: column * grid.columnWidth)
        let start = line.width
        line.append(candidates[index].display, style: .plain)
        line.pad(to: start + grid.nameWidth)
        line.append(candidates[index].description, style: descriptionStyle)
      }
      return line.cut(to: columns - 1)
    }
    if grid.shown < candidates.count {
      var rest = ScreenRow()
      rest.append("\(candidates.count) candidates, the first \(grid.shown)", style: descriptionStyle)
      rows.append(rest.cut(to: columns - 1))
    }
    return rows
  }
}

/// How a list of candidates is laid out.
private struct MenuGrid {
  let shown: Int
  let rows: Int
  let nameWidth: Int
  let columnWidth: Int

  init(_ candidates: [Completions.Candidate], columns: Int, height: Int) {
    // Enough to fill the screen however short they are; of 10,000 the rest need not be measured.
    let measured = candidates.prefix(max(1, height) * max(1, columns / 3))
    let hasDescriptions = measured.contains { !$0.description.isEmpty }
    let widest = measured.map(\.display.displayWidth).max() ?? 0
    let described = measured.map(\.description.displayWidth).max() ?? 0
    nameWidth = hasDescriptions ? widest + 2 : widest
    columnWidth = nameWidth + described + (hasDescriptions ? 3 : 2)
    let across = max(1, (columns - 1) / max(1, columnWidth))
    let needed = (candidates.count + across - 1) / across
    rows = needed <= height ? needed : max(0, height - 1)
    shown = min(candidates.count, rows * across)
  }

  func indices(inRow row: Int) -> StrideTo<Int> { stride(from: row, to: shown, by: max(1, rows)) }
}

extension ScreenRow {
  func cut(to columns: Int) -> ScreenRow {
    guard width > columns else { return self }
    var row = ScreenRow()
    for cell in cells where row.width + cell.width <= columns { row.append(cell) }
    return row
  }
}
