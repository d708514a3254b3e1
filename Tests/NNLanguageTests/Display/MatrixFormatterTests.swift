import NNCore
import Testing

@testable import NNLanguage

private func matrix(_ rows: [[Scalar]]) throws -> Matrix {
  try Matrix(rows: rows.count, columns: rows[0].count, rows.flatMap { $0 }, in: Resources(limit: 1 << 28))
}

@Suite struct MatrixFormatterTests {
  static let cases: [([[Scalar]], [String])] = [
    ([[7]], ["7"]),
    ([[1, 2], [3, 4]], ["1  2", "3  4"]),
    ([[1, -20], [300, 4]], ["  1  -20", "300    4"]),
    ([[0.5, 0.25], [1, -2]], [" 0.50   0.25", " 1.00  -2.00"]),
    ([[1.5, 0], [-2.25, 1.0 / 3]], [" 1.5000   0", "-2.2500   0.3333"]),
    (
      [[0.01624345, -0.00611756], [-0.00528172, -0.01072969]],
      [" 0.016243  -0.006118", "-0.005282  -0.010730"]
    ),
    (
      [[2104, 3, 399900.5], [1600, 3, 329900]],
      ["  2104.0       3.0  399900.5", "  1600.0       3.0  329900.0"]
    ),
    ([[100.5, 0.001]], ["100.500    0.001"]),
    ([[12345.678, 0.1234]], ["12345.6780      0.1234"]),
    ([[1e-5, 2e-5]], ["1e-05  2e-05"]),
    ([[1.25e-7, 0.5], [0, .nan]], ["1.25e-07  5.00e-01", "       0       nan"]),
    ([[1, .nan], [.infinity, -3]], ["  1  nan", "inf   -3"]),
    ([[-.infinity, 0.5], [0.25, .nan]], ["-inf  0.50", "0.25   nan"]),
    ([[0, -0.0]], ["0  0"]),
    ([[1e300, 1e-300]], ["1e+300  1e-300"]),
    ([[1e15, 1]], ["1e+15  1e+00"]),
    ([[1], [0.5], [0]], ["1.0", "0.5", "0"]),
  ]

  @Test(arguments: cases)
  func fiveDigits(_ rows: [[Scalar]], _ wanted: [String]) throws {
    #expect(MatrixFormatter().lines(for: try matrix(rows)) == wanted)
  }

  @Test(arguments: [(0, 0), (0, 3), (1, 0), (3, 0)])
  func emptyMatrices(_ rows: Int, _ columns: Int) throws {
    let empty = try Matrix(repeating: 0, Shape(rows, columns), in: Resources(limit: 1000))
    #expect(MatrixFormatter().lines(for: empty) == ["[] (\(rows)×\(columns))"])
  }

  @Test func allDigits() throws {
    let lines = MatrixFormatter(digits: 17).lines(for: try matrix([[0.1, 0.1 + 0.2], [2, -0.0]]))
    #expect(
      lines == [
        " 0.10000000000000000   0.30000000000000004", " 2.00000000000000000  -0",
      ])
  }

  @Test func columnsThatDoNotFitFollowBelow() throws {
    let lines = MatrixFormatter(width: 20).lines(
      for: try matrix([(1...13).map(Scalar.init), (2...14).map(Scalar.init)]))
    #expect(
      lines == [
        "Columns 1 to 5:", " 1   2   3   4   5", " 2   3   4   5   6", "",
        "Columns 6 to 10:", " 6   7   8   9  10", " 7   8   9  10  11", "",
        "Columns 11 to 13:", "11  12  13", "12  13  14",
      ])
    let single = MatrixFormatter(width: 5).lines(for: try matrix([[1000, 2000]]))
    #expect(single == ["Column 1:", "1000", "", "Column 2:", "2000"])
  }

  @Test func theMiddleOfALargeMatrixIsLeftOut() throws {
    let rows = (1...9).map { row in (1...9).map { Scalar(10 * row + $0) } }
    var formatter = MatrixFormatter(width: 80, maxRows: 4, maxColumns: 5)
    #expect(
      formatter.lines(for: try matrix(rows)) == [
        "11  12  13  …  18  19", "21  22  23  …  28  29", " ⋮   ⋮   ⋮  ⋱   ⋮   ⋮", "81  82  83  …  88  89",
        "91  92  93  …  98  99", "(9×9)",
      ])
    // A terminal too narrow for that leaves out more.
    formatter.width = 14
    #expect(
      formatter.lines(for: try matrix(rows), showsShape: false) == [
        "11  12  …  19", "21  22  …  29", " ⋮   ⋮  ⋱   ⋮", "81  82  …  89", "91  92  …  99",
      ])
    #expect(
      formatter.lines(for: try matrix([[1], [2], [3], [4], [5]])) == ["1", "2", "⋮", "4", "5", "(5×1)"])
  }

  @Test func onlyWhatIsShownDecidesOnTheLayout() throws {
    var column = (1...100).map(Scalar.init)
    column[50] = 1e-9
    let lines = MatrixFormatter(maxRows: 4).lines(for: try matrix(column.map { [$0] }))
    #expect(lines == ["  1", "  2", "  ⋮", " 99", "100", "(100×1)"])
  }

  @Test func aHugeMatrixIsShownAtOnce() throws {
    let huge = try Matrix(repeating: 0.5, Shape(4000, 4000), in: Resources(limit: 1 << 30))
    let lines = MatrixFormatter().lines(for: huge)
    #expect(lines.count == 22 && lines.last == "(4000×4000)" && lines.allSatisfy { $0.count <= 80 })
  }

  @Test func everyLayoutIsAlignedFitsAndShowsItsNumbers() throws {
    for round in 0..<400 {
      let shape = Shape(.random(in: 1...6), .random(in: 1...30))
      let scale = [1, 1e-3, 1e3, 1e-9, 1e7][round % 5]
      let values = (0..<shape.count).map { index -> Scalar in
        switch Int.random(in: 0...9) {
        case 0: 0
        case 1: Scalar(Int.random(in: -1000...1000))
        case 2 where round % 3 == 0: [.nan, .infinity, -.infinity][index % 3]
        default: Scalar.random(in: -1...1) * scale
        }
      }
      let digits = Int.random(in: 1...17)
      let width = Int.random(in: 30...120)
      let matrix = try Matrix(rows: shape.rows, columns: shape.columns, values, in: Resources(limit: 1 << 20))
      let lines = MatrixFormatter(digits: digits, width: width).lines(for: matrix)
      #expect(lines.allSatisfy { $0.count <= width && $0.last != " " })
      let blocks = lines.split { $0.isEmpty || $0.hasPrefix("Column") }
      #expect(blocks.allSatisfy { $0.count == shape.rows })
      for row in 0..<shape.rows {
        let shown = blocks.flatMap { $0[$0.startIndex + row].split(separator: " ").compactMap { Scalar($0) } }
        let actual = (0..<shape.columns).map { matrix[row, $0] }
        #expect(shown.count == actual.count)
        #expect(zip(shown, actual).allSatisfy { isShown($0, $1, digits) })
      }
      for block in blocks { #expect(pointsAreAligned(block)) }
    }
  }

  /// Two significant digits of every number survive, and all of 17.
  private func isShown(_ shown: Scalar, _ actual: Scalar, _ digits: Int) -> Bool {
    if digits == 17 { return shown == actual || (shown.isNaN && actual.isNaN) }
    if !actual.isFinite || actual == 0 { return shown == actual || (shown.isNaN && actual.isNaN) }
    return abs(shown - actual) <= abs(actual) * (digits == 1 ? 0.51 : 0.051)
  }

  /// Below every point of one line stands a point, or a bare zero's blank, or no number.
  private func pointsAreAligned(_ lines: ArraySlice<String>) -> Bool {
    let grids = lines.map { Array($0) }
    guard !lines.contains(where: { $0.contains("e") }) else { return true }
    let places = Set(grids.flatMap { line in line.indices.filter { line[$0] == "." } })
    return grids.allSatisfy { line in
      places.allSatisfy { $0 >= line.count || [".", " ", "n", "i", "a", "f", "-"].contains(line[$0]) }
    }
  }

  @Test(
    arguments: [
      ([[1, 2], [3, 4]], "[1, 2; 3, 4]"), ([[0.5, -1.25]], "[0.5, -1.25]"), ([[1], [.nan]], "[1; nan]"),
      ([[2.5]], "2.5"),
      ([[1.0 / 3, -.infinity]], "[0.33333, -inf]"),
    ] as [([[Scalar]], String)])
  func inlineIsSource(_ rows: [[Scalar]], _ wanted: String) throws {
    #expect(NumberFormat().inline(try matrix(rows)) == wanted)
  }

  @Test func emptyInline() throws {
    let resources = Resources(limit: 1000)
    #expect(NumberFormat().inline(try Matrix(repeating: 0, Shape(0, 0), in: resources)) == "[]")
    #expect(NumberFormat().inline(try Matrix(repeating: 0, Shape(0, 3), in: resources)) == "zeros(0, 3)")
  }
}
