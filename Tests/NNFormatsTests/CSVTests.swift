import NNCore
import Testing

@testable import NNFormats

@Suite struct CSVTests {
  private func table(_ text: String, _ format: FileFormat = .csv) throws -> Table {
    try #require(try format.read(Array(text.utf8), in: .forTests).table)
  }

  private func matrix(_ text: String, _ format: FileFormat = .csv) throws -> [[Scalar]] {
    let matrix = try #require(try format.read(Array(text.utf8), in: .forTests).matrix)
    return (0..<matrix.rows).map { row in (0..<matrix.columns).map { matrix[row, $0] } }
  }

  // MARK: As pandas reads them

  @Test(arguments: [
    "plain.csv", "text.csv", "all-quoted.csv", "crlf.csv", "cr.csv", "bom.csv", "na.csv", "semicolon.csv",
    "decimal-comma.csv", "index.csv", "integers.csv", "unicode.csv", "blank-lines.csv", "tabs.tsv",
    "savetxt.csv",
  ])
  func recordedTableReadsAsInPandas(_ file: String) throws {
    let stem = String(file.split(separator: ".")[0])
    let table = try #require(try Recorded.read("csv/\(file)").table)
    #expect(try table.numericPart().isSame(as: Recorded.array("csv/\(stem).npy")))

    let recorded = try Recorded.text("csv/\(stem).txt").split(separator: "\n").map {
      $0.split(separator: "\t").map { String($0.replacing("\\n", with: "\n")) }
    }
    for (index, name) in (recorded.first ?? []).enumerated() {
      #expect(table.text(name) == recorded.dropFirst().map { $0[index] })
    }
    #expect(table.columns.count == (recorded.first ?? []).count + (try table.numericPart()).columns)
  }

  @Test func numbersWithoutNamesAreAMatrix() throws {
    let matrix = try #require(try Recorded.read("csv/no-header.csv").matrix)
    #expect(matrix.isSame(as: try Recorded.array("csv/no-header.npy")))
  }

  // MARK: Small texts

  static let matrices: [(String, [[Scalar]])] = [
    ("1", [[1]]), ("1\n", [[1]]), ("1,2\n3,4", [[1, 2], [3, 4]]), ("1;2\n3;4", [[1, 2], [3, 4]]),
    ("1\t2\n3\t4", [[1, 2], [3, 4]]), ("1,5;2,5\n3;4", [[1.5, 2.5], [3, 4]]),
    ("1,5;2,5\n3,5;4,5", [[1.5, 2.5], [3.5, 4.5]]), ("1;2\n3;4\n5,5;6", [[1, 2], [3, 4], [5.5, 6]]),
    (" 1 , 2 \n3,4", [[1, 2], [3, 4]]), ("\"1\",\"2\"\n\"3\",\"4\"", [[1, 2], [3, 4]]),
    ("1,2\r\n3,4\r\n", [[1, 2], [3, 4]]), ("1,2\r3,4\r", [[1, 2], [3, 4]]),
    ("1,2\n\n  \n3,4\n\n", [[1, 2], [3, 4]]),
    ("inf,-inf\n+Infinity,-INF", [[.infinity, -.infinity], [.infinity, -.infinity]]),
    ("1e400,-1e-400", [[.infinity, 0]]), ("-0,1", [[-0.0, 1]]), ("\u{FEFF}1,2", [[1, 2]]),
  ]

  @Test(arguments: matrices)
  func matrix(_ text: String, _ wanted: [[Scalar]]) throws {
    #expect(try matrix(text) == wanted)
  }

  @Test(arguments: [
    "", "NA", "na", "N/A", "nan", "NaN", "-nan", "null", "NULL", "None", "\"\"", "\"NA\"", "  ",
  ])
  func missing(_ cell: String) throws {
    #expect(try table("a,b\n1,\(cell)\n2,3").numbers("b")?[0].isNaN == true)
    #expect(try table("a,b\n1,3\n2,\(cell)").numbers("b")?[1].isNaN == true)
  }

  @Test(arguments: [
    "-", "?", "1.2.3", "0x10", "1_000", "1 2", "N", "infinite", "nano", "-NA", "1e", "٣", "1,2",
  ])
  func textAmongNumbersMakesAColumnText(_ cell: String) throws {
    let quoted = cell.contains(",") ? "\"\(cell)\"" : cell
    let table = try table("a,b\n1,3\n2,\(quoted)\n4,5")
    #expect(table.numbers("a") == [1, 2, 4])
    #expect(table.text("b") == ["3", cell, "5"])
  }

  @Test func cellsWithQuotes() throws {
    let table = try table("a,b\n\"x, y\",1\n\"two\nlines\",2\n \"say \"\"hi\"\"\" ,3\nit's 5\" ,4\n\" b \",5")
    #expect(table.text("a") == ["x, y", "two\nlines", "say \"hi\"", "it's 5\"", " b "])
    #expect(table.numbers("b") == [1, 2, 3, 4, 5])
  }

  static let headers: [(String, [String])] = [
    ("a,b\n1,2", ["a", "b"]), ("a,b\n", ["a", "b"]), ("a", ["a"]),
    ("name,2019,2020\n1,2,3", ["name", "2019", "2020"]),
    ("\"1\",\"2\"\n3,4", ["1", "2"]), (",a,b\n0,1,2", ["c1", "a", "b"]),
    ("a,a,a\n1,2,3", ["a", "a_2", "a_3"]),
    ("a,a,a_2\n1,2,3", ["a", "a_2", "a_2_2"]), ("# a,b\n1,2", ["a", "b"]), (" a , b c \n1,2", ["a", "b c"]),
    ("5.1,setosa\n4.9,virginica", ["c1", "c2"]), ("a;b\n1,5;2", ["a", "b"]), ("x,y\na,b", ["x", "y"]),
  ]

  @Test(arguments: headers)
  func names(_ text: String, _ wanted: [String]) throws {
    #expect(try table(text).names == wanted)
  }

  @Test func headerAloneIsATableWithoutRows() throws {
    let table = try table("a,b,c\n")
    #expect(table.rowCount == 0 && table.numbers("a") == [])
    #expect(try table.matrix(in: .forTests).shape == Shape(0, 3))
  }

  @Test func valuesOfAHeaderlessTable() throws {
    let table = try table("5.1,setosa\n,virginica\n4.9,NA")
    #expect(table.numbers("c1")?[0] == 5.1 && table.numbers("c1")?[1].isNaN == true)
    #expect(table.text("c2") == ["setosa", "virginica", "NA"])
  }

  @Test func tabsSeparateOnlyWhereTheExtensionSaysSo() throws {
    let table = try table("a\tb\n1,5\t2\n", .tsv)
    #expect(table.text("a") == ["1,5"] && table.numbers("b") == [2])
  }

  @Test func theDelimiterInsideTextIsNotTakenForOne() throws {
    let table = try table("a,b\n1,x;y\n2,z;w\n")
    #expect(table.names == ["a", "b"] && table.text("b") == ["x;y", "z;w"])
  }

  @Test func quotedTextDoesNotDecideOnTheDelimiter() throws {
    #expect(try table("a,b\nx,\"y;2;3\"\nz,\"y;4;5\"\n").text("b") == ["y;2;3", "y;4;5"])
    #expect(try table("\"a;b\"\n\"1;2\"\n").names == ["a;b"])
  }

  // MARK: Errors

  static let errors: [(String, FormatError)] = [
    ("\n\n  \n", .empty), ("a,b\n1,2\n3\n", .raggedRow(line: 3, found: 1, wanted: 2)),
    ("1,2\n\n3,4,5\n", .raggedRow(line: 3, found: 3, wanted: 2)),
    ("a,b\n\"x\ny\",1\n2,3,4", .raggedRow(line: 4, found: 3, wanted: 2)),
    ("1,2\r\n3\r\n", .raggedRow(line: 2, found: 1, wanted: 2)),
    ("a,b\r1,2\r3", .raggedRow(line: 3, found: 1, wanted: 2)),
    ("1,2,3\n4\n5\n6", .raggedRow(line: 2, found: 1, wanted: 3)),
    ("a,b\n1,2,\n", .raggedRow(line: 2, found: 3, wanted: 2)),
    ("a,b\n1,5,2,5\n", .raggedRow(line: 2, found: 4, wanted: 2)),
    ("a\n\"x\n", .unterminatedQuote(line: 2, column: 1)),
    ("a,b\n1,\"x\"y\n", .textAfterQuote(line: 2, column: 6)),
    ("a;b\n1,5;2.5\n", .mixedDecimalMarks(line: 2, found: "2.5")),
    ("a;b\n1.5;2\n2;1,5\n", .mixedDecimalMarks(line: 2, found: "1.5")),
    ("a,b\n1,\u{0}\n", .badByte(0, line: 2, column: 3)),
  ]

  @Test(arguments: errors)
  func error(_ text: String, _ wanted: FormatError) {
    #expect(readingError(text) == wanted)
  }

  @Test(
    arguments: [
      ([0x31, 0xFF], FormatError.badByte(0xFF, line: 1, column: 2)),
      ([0x61, 0x0A, 0x62, 0xE9, 0x0A], .badByte(0xE9, line: 2, column: 2)),
      ([0xC0, 0x80], .badByte(0xC0, line: 1, column: 1)),
      ([0xED, 0xA0, 0x80], .badByte(0xED, line: 1, column: 1)),
      ([0xF4, 0x90, 0x80, 0x80], .badByte(0xF4, line: 1, column: 1)),
      ([0x61, 0xE2, 0x82], .badByte(0xE2, line: 1, column: 2)),
      ([0xFF, 0xFE, 0x31, 0x00], .utf16), ([0xFE, 0xFF, 0x00, 0x31], .utf16),
    ] as [([UInt8], FormatError)])
  func bytesThatAreNoText(_ bytes: [UInt8], _ wanted: FormatError) {
    #expect(throws: wanted) { try FileFormat.csv.read(bytes, in: .forTests) }
    // The same far into a file of plain text, where whole words are looked at.
    let long = Array(repeating: UInt8(ascii: "1"), count: 300) + [.lineFeed] + bytes
    #expect(throws: FormatError.self) { try FileFormat.csv.read(long, in: .forTests) }
  }

  @Test func errorsReadAsSentences() {
    #expect(readingError("a,b\n1\n")?.description == "line 2 has 1 cell, the first has 2")
    #expect(
      FormatError.badByte(0xE9, line: 3, column: 5).description
        == "line 3, byte 5: byte 0xE9 is not UTF-8 text")
    #expect(FormatError.duplicateKey("a\u{1B}[31m").description == "the name \"a\\u{1B}[31m\" occurs twice")
  }

  @Test func emptyFile() {
    #expect(throws: FormatError.empty) { try FileFormat.csv.read([], in: .forTests) }
    #expect(throws: FormatError.empty) { try FileFormat.csv.read([0xEF, 0xBB, 0xBF], in: .forTests) }
  }

  // MARK: Limits

  @Test func memoryIsAskedForBeforeItIsUsed() throws {
    let text = String(repeating: "1,2,3,4\n", count: 10_000)
    #expect(throws: FormatError.self) {
      try FileFormat.csv.read(Array(text.utf8), in: Resources(limit: 100_000))
    }
    let words = "word\n" + String(repeating: "x\n", count: 10_000)
    #expect(throws: FormatError.self) {
      try FileFormat.csv.read(Array(words.utf8), in: Resources(limit: 100_000))
    }
  }

  @Test func nothingStaysReserved() throws {
    let resources = Resources(limit: 1 << 26)
    for text in ["a,b\n1,x\n2,y\n", "a,b\n1,x\n2\n", "1,2\n3,4\n", "a\n\"x"] {
      _ = try? FileFormat.csv.read(Array(text.utf8), in: resources)
    }
    #expect(resources.used == 0)
  }

  @Test func manyLinesBelowAWideFirstTakeNoMoreThanTheyHold() {
    // Columns times lines would be 10¹⁰ numbers.
    let text = String(repeating: "1,", count: 99_999) + "1\n" + String(repeating: "1\n", count: 100_000)
    #expect(readingError(text) == .raggedRow(line: 2, found: 1, wanted: 100_000))
  }

  @Test func tooManyColumnsForATable() {
    let text = String(repeating: "a,", count: 1 << 18) + "a\n"
    #expect(readingError(text) == .tooManyColumns(found: (1 << 18) + 1, limit: 1 << 18))
  }

  @Test func interruption() {
    let resources = Resources(limit: 1 << 26)
    resources.cancellation.raise()
    #expect(throws: FormatError.core(.interrupted)) {
      try FileFormat.csv.read(Array("1,2\n".utf8), in: resources)
    }
  }
}
