/// Columns of text side by side.
struct TextGrid {
  struct Column {
    var title: String?
    var cells: [String]
    /// Text stands at the left of its column, numbers at the right.
    var isText = false
    /// For columns that are to be equally wide.
    var leastWidth = 0

    var width: Int {
      cells.reduce(max(leastWidth, title.map(TextWidth.of) ?? 0)) { max($0, TextWidth.of($1)) }
    }
  }

  static let gap = "  "
  private static let rule: Character = "─"

  var columns: [Column]

  /// All lines; the columns that `width` has no room for follow below, under a line that counts them.
  func lines(width: Int) -> [String] {
    let blocks = blocks(width: width)
    if blocks.count == 1 { return lines(columns.indices) }
    var result: [String] = []
    for block in blocks {
      if !result.isEmpty { result.append("") }
      let isSingle = block.count == 1
      result.append(
        isSingle ? "Column \(block.upperBound):" : "Columns \(block.lowerBound + 1) to \(block.upperBound):")
      result += lines(block)
    }
    return result
  }

  /// Cuts the columns into runs that fit, each of at least one column.
  private func blocks(width: Int) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var start = 0
    var used = 0
    for (index, column) in columns.enumerated() {
      used += column.width + (index == start ? 0 : TextGrid.gap.count)
      if index > start, used > width {
        blocks.append(start..<index)
        start = index
        used = column.width
      }
    }
    return blocks + [start..<columns.count]
  }

  private func lines(_ block: Range<Int>) -> [String] {
    let columns = columns[block]
    let widths = columns.map(\.width)
    var lines: [String] = []
    if columns.contains(where: { $0.title != nil }) {
      lines.append(line(columns.map { $0.title ?? "" }, columns, widths))
      lines.append(widths.map { String(repeating: TextGrid.rule, count: $0) }.joined(separator: TextGrid.gap))
    }
    for row in 0..<(columns.first?.cells.count ?? 0) {
      lines.append(line(columns.map { $0.cells[row] }, columns, widths))
    }
    return lines
  }

  private func line(_ cells: [String], _ columns: ArraySlice<Column>, _ widths: [Int]) -> String {
    let padded = zip(cells, zip(columns, widths)).map { cell, column in
      let blanks = String(repeating: " ", count: max(0, column.1 - TextWidth.of(cell)))
      return column.0.isText ? cell + blanks : blanks + cell
    }
    let line = padded.joined(separator: TextGrid.gap)
    return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
  }
}

/// How much of something long is shown: the beginning and the end.
enum Elision {
  static let vertical = "⋮"
  static let horizontal = "…"
  static let diagonal = "⋱"

  /// Indices below `count`, at most `limit` of them, nil standing for what is left out between them.
  static func indices(_ count: Int, limit: Int) -> [Int?] {
    let limit = max(limit, 2)
    if count <= limit { return Array(0..<count) }
    let head = (limit + 1) / 2
    return Array(0..<head) + [nil] + Array((count - (limit - head))..<count)
  }
}

/// The columns that text takes on a terminal.
enum TextWidth {
  static func of(_ text: String) -> Int {
    // Most cells are numbers.
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  private static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  // The blocks that Unicode's East Asian Width gives two cells, emoji among them.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
    0x20000...0x3FFFD,
  ]
}
