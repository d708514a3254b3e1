import NNCore

/// Shows matrices as aligned lines.
struct MatrixFormatter {
  /// Significant digits, 1 to 17.
  var digits = NumberFormat.defaultDigits
  /// Columns of the terminal.
  var width = 80
  /// More rows or columns than these are left out in the middle.
  var maxRows = 20
  var maxColumns = 40

  /// The rows; an empty matrix is `[] (0×3)`.
  ///
  /// Columns that do not fit into the width follow below, unless the matrix is too large to be shown as a whole
  /// anyway: then they are left out too. Only the numbers that are shown decide on their layout, so a huge
  /// matrix costs no more than a small one.
  /// - Parameter showsShape: whether the shape follows where something was left out.
  func lines(for matrix: Matrix, showsShape: Bool = true) -> [String] {
    let shape = "(\(matrix.rows)×\(matrix.columns))"
    if matrix.count == 0 { return ["[] \(shape)"] }
    let rows = Elision.indices(matrix.rows, limit: maxRows)
    var columns = Elision.indices(matrix.columns, limit: maxColumns)
    let layout = layout(matrix, rows, columns)
    let isElided = rows.contains(nil) || columns.contains(nil)
    if isElided, matrix.columns > fitting(layout.width, of: width) {
      // Room for the mark is needed beside the columns.
      columns = Elision.indices(matrix.columns, limit: min(maxColumns, fitting(layout.width, of: width - 3)))
    }
    return grid(matrix, rows, columns, layout).lines(width: width) + (isElided && showsShape ? [shape] : [])
  }

  private typealias Layout = (notation: NumberLayout, width: Int)

  private func layout(_ matrix: Matrix, _ rows: [Int?], _ columns: [Int?]) -> Layout {
    let values = rows.compactMap { $0 }.flatMap { row in
      columns.compactMap { $0 }.map { matrix[row, $0] }
    }
    let notation = NumberLayout(of: values, digits: digits)
    return (notation, values.reduce(1) { max($0, notation.cell($1).utf8.count) })
  }

  private func fitting(_ cellWidth: Int, of width: Int) -> Int {
    (width + TextGrid.gap.count) / (cellWidth + TextGrid.gap.count)
  }

  private func grid(_ matrix: Matrix, _ rows: [Int?], _ columns: [Int?], _ layout: Layout) -> TextGrid {
    TextGrid(
      columns: columns.map { column in
        TextGrid.Column(
          cells: rows.map { cell(matrix, $0, column, layout.notation) },
          leastWidth: column == nil ? 1 : layout.width)
      })
  }

  private func cell(_ matrix: Matrix, _ row: Int?, _ column: Int?, _ layout: NumberLayout) -> String {
    switch (row, column) {
    case (let row?, let column?): layout.cell(matrix[row, column])
    case (nil, _?): Elision.vertical
    case (_?, nil): Elision.horizontal
    case (nil, nil): Elision.diagonal
    }
  }
}
