import NNCore
import Testing

@testable import NNFormats

@Suite struct TableTests {
  private func numbers(_ name: String, _ values: [Scalar]) throws -> Table.Column {
    Table.Column(name, .numbers(try Matrix(rows: values.count, columns: 1, values, in: .forTests)))
  }

  @Test func columnsByName() throws {
    let table = try Table([try numbers("a", [1, 2]), try numbers("b", [3, 4])])
    #expect(table.names == ["a", "b"] && table.rowCount == 2)
    #expect(table.index(of: "b") == 1 && table.index(of: "c") == nil && table["c"] == nil)
    #expect(table.numbers("b") == [3, 4])
    #expect(try table.matrix(in: .forTests) == Matrix.of([[1, 3], [2, 4]]))
  }

  @Test func aNameIsFoundHoweverItIsComposed() throws {
    let table = try Table([try numbers("gr\u{00F6}ße", [1])])
    #expect(table.numbers("gro\u{0308}ße") == [1])
  }

  @Test func badColumnsAreRefused() throws {
    let a = try numbers("a", [1, 2])
    let b = try numbers("b", [1])
    #expect(throws: FormatError.unequalColumns(name: "b", found: 1, wanted: 2)) { try Table([a, b]) }
    #expect(throws: FormatError.duplicateKey("a")) { try Table([a, a]) }
  }

  @Test func aTextColumnIsNoMatrixAndTheCellThatKeepsItFromThatIsNamed() throws {
    let text = Table.Column("t", .text(try TextColumn(["1", "", "2,5", "x"], in: .forTests)))
    let table = try Table([text])
    #expect(throws: FormatError.textColumn(name: "t", row: 3, found: "2,5")) {
      try table.matrix(in: .forTests)
    }
  }

  @Test func textCountsAgainstTheLimitWhileItIsAlive() throws {
    let resources = Resources(limit: 1000)
    do {
      let column = try TextColumn(["short", String(repeating: "long", count: 50)], in: resources)
      #expect(column.values.count == 2 && resources.used > 200)
    }
    #expect(resources.used == 0)
    #expect(throws: CoreError.self) { try TextColumn([String(repeating: "x", count: 1000)], in: resources) }
  }
}
