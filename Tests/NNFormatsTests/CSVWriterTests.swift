import NNCore
import Testing

@testable import NNFormats

@Suite struct CSVWriterTests {
  private func written(_ content: FileContent, _ format: FileFormat = .csv) throws -> String {
    String(decoding: try format.write(content, in: .forTests), as: UTF8.self)
  }

  @Test func numbersInTheirShortestForm() throws {
    let matrix = try Matrix.of([
      [1, -2.5, 0.1], [1e300, 1e-7, -0.0], [.nan, .infinity, -.infinity], [1e15, 1e16, 1 / 3],
    ])
    #expect(
      try written(.matrix(matrix))
        == "1,-2.5,0.1\n1e+300,1e-07,-0\nnan,inf,-inf\n1000000000000000,1e+16,0.3333333333333333\n")
    #expect(try written(.matrix(try Matrix.of([[1, 2]])), .tsv) == "1\t2\n")
  }

  @Test func matricesReadBackAsTheyWere() throws {
    for _ in 0..<50 {
      let rows = Int.random(in: 1...9)
      let columns = Int.random(in: 1...9)
      let elements = (0..<(rows * columns)).map { _ in
        Int.random(in: 0...9) == 0 ? Double.nan : Double(bitPattern: UInt64.random(in: 0 ... .max))
      }
      let matrix = try Matrix(rows: rows, columns: columns, elements, in: .forTests)
      for format in [FileFormat.csv, .tsv] {
        let read = try format.read(try format.write(.matrix(matrix), in: .forTests), in: .forTests)
        #expect(try #require(read.matrix).isSame(as: matrix))
      }
    }
  }

  private func table(_ names: [String], _ texts: [String]) throws -> Table {
    let resources = Resources.forTests
    let numbers = try Matrix(rows: texts.count, columns: 1, texts.indices.map(Scalar.init), in: resources)
    return try Table([
      Table.Column(names[0], .numbers(numbers)),
      Table.Column(names[1], .text(try TextColumn(texts, in: resources))),
    ])
  }

  @Test(arguments: [
    ["plain", "x"], ["with, comma", "with\ttab"], ["say \"hi\"", "\""], ["two\nlines", "a\r\nb", "\r"],
    ["", "x"],
    [" blanks ", "x"], ["# x", "größe"], ["nan", "x"], ["y;2;3", "y;2;3"], ["1\t2", "3\t4"],
  ])
  func textsReadBackAsTheyWere(_ texts: [String]) throws {
    for format in [FileFormat.csv, .tsv] {
      let written = try table(["n", "t"], texts)
      let read = try #require(
        try format.read(try format.write(.table(written), in: .forTests), in: .forTests).table)
      #expect(read.names == ["n", "t"] && read.text("t") == texts)
      #expect(read.numbers("n") == texts.indices.map(Scalar.init))
    }
  }

  @Test(arguments: [["7", "x"], ["nan", "x"], ["# a", "b"], ["a,b", " c "], ["inf", "1e5"]])
  func namesReadBackAsTheyWere(_ names: [String]) throws {
    let bytes = try FileFormat.csv.write(.table(try table(names, ["x"])), in: .forTests)
    #expect(try #require(try FileFormat.csv.read(bytes, in: .forTests).table).names == names)
  }

  @Test func anEmptyCellAloneOnItsLineIsQuoted() throws {
    let column = Table.Column("t", .text(try TextColumn(["x", "", "y"], in: .forTests)))
    let text = try written(.table(try Table([column])))
    #expect(text == "t\nx\n\"\"\ny\n")
    let read = try FileFormat.csv.read(Array(text.utf8), in: .forTests)
    #expect(try #require(read.table).text("t") == ["x", "", "y"])
  }

  @Test func onlyWhatNeedsQuotesIsQuoted() throws {
    #expect(
      try written(.table(try table(["a b", "t"], ["it's", "a;b", "x,y"])))
        == "a b,t\n0,it's\n1,\"a;b\"\n2,\"x,y\"\n")
  }

  @Test func emptyMatricesAreRefused() throws {
    let empty = try Matrix(repeating: 0, Shape(0, 3), in: .forTests)
    #expect(throws: FormatError.emptyMatrix(Shape(0, 3), .csv)) {
      try FileFormat.csv.write(.matrix(empty), in: .forTests)
    }
  }
}
