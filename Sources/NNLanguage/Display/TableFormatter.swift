import NNCore
import NNFormats

/// Shows tables as aligned columns under their names.
struct TableFormatter {
  /// Significant digits, 1 to 17, of each column by itself.
  var digits = NumberFormat.defaultDigits
  /// Columns of the terminal.
  var width = 80
  /// More rows than these are left out in the middle.
  var maxRows = 12
  /// Longer texts are cut.
  var maxTextWidth = 24

  /// The names, a rule and the rows; columns that do not fit are left out in the middle.
  ///
  /// - Parameter showsShape: whether the shape follows where something was left out.
  func lines(for table: Table, showsShape: Bool = true) -> [String] {
    let shape = "(\(table.rowCount)×\(table.columns.count))"
    if table.columns.isEmpty { return ["[] \(shape)"] }
    let rows = Elision.indices(table.rowCount, limit: maxRows)
    let (columns, isComplete) = fitting(table, rows)
    let isElided = rows.contains(nil) || !isComplete
    return TextGrid(columns: columns).lines(width: .max) + (isElided && showsShape ? [shape] : [])
  }

  /// The columns from both ends that fit, and one for those left out.
  private func fitting(_ table: Table, _ rows: [Int?]) -> (columns: [TextGrid.Column], isComplete: Bool) {
    var head: [TextGrid.Column] = []
    var tail: [TextGrid.Column] = []
    let count = table.columns.count
    var left = width
    while head.count + tail.count < count {
      let isHead = head.count <= tail.count
      let column = column(table.columns[isHead ? head.count : count - 1 - tail.count], rows)
      // All but the last column need room for the mark beside them.
      let isLast = head.count + tail.count == count - 1
      let needed = column.width + TextGrid.gap.count
      if !head.isEmpty, left + TextGrid.gap.count < needed + (isLast ? 0 : TextGrid.gap.count + 1) { break }
      left -= needed
      if isHead { head.append(column) } else { tail.insert(column, at: 0) }
    }
    if head.count + tail.count == count { return (head + tail, true) }
    let marks = rows.map { $0 == nil ? Elision.diagonal : Elision.horizontal }
    return (head + [TextGrid.Column(title: Elision.horizontal, cells: marks)] + tail, false)
  }

  private func column(_ column: Table.Column, _ rows: [Int?]) -> TextGrid.Column {
    let title = cut(SafeText.escaped(column.name))
    switch column.values {
    case .numbers(let matrix):
      let layout = NumberLayout(of: rows.compactMap { $0.map { matrix.pointer[$0] } }, digits: digits)
      let cells = rows.map { $0.map { layout.cell(matrix.pointer[$0]) } ?? Elision.vertical }
      return TextGrid.Column(title: title, cells: cells)
    case .text(let text):
      let cells = rows.map { $0.map { cut(SafeText.escaped(text.values[$0])) } ?? Elision.vertical }
      return TextGrid.Column(title: title, cells: cells, isText: true)
    }
  }

  private func cut(_ text: String) -> String {
    guard TextWidth.of(text) > maxTextWidth else { return text }
    var cut = ""
    var width = 1
    for character in text {
      width += TextWidth.of(String(character))
      if width > maxTextWidth { break }
      cut.append(character)
    }
    return cut + Elision.horizontal
  }
}
