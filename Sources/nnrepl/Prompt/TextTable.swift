/// Text in columns, with their names above.
struct TextTable {
  struct Column {
    let title: String
    let isRight: Bool

    static func left(_ title: String) -> Column { Column(title: title, isRight: false) }
    static func right(_ title: String) -> Column { Column(title: title, isRight: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  init(columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines; columns in which nothing stands are left out, and the last ones that do not fit.
  ///
  /// - Parameter decorate: colours a finished line, by the number of its row.
  func text(width: Int, decorate: (_ line: String, _ row: Int) -> String = { line, _ in line }) -> String {
    let shown = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    let widths = columns.indices.map { column in
      max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
    }
    var fitting: [Int] = []
    var used = 0
    for column in shown where fitting.isEmpty || used + widths[column] + 2 <= width {
      used += widths[column] + 2
      fitting.append(column)
    }
    let title = line(columns.map(\.title), fitting, widths)
    let lines = rows.enumerated().map { decorate(line($1, fitting, widths), $0) }
    return ([title] + lines).map { $0 + "\n" }.joined()
  }

  private func line(_ cells: [String], _ shown: [Int], _ widths: [Int]) -> String {
    let texts = shown.map { column in
      let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
      return columns[column].isRight ? blanks + cells[column] : cells[column] + blanks
    }
    var line = Substring(texts.joined(separator: "  "))
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
