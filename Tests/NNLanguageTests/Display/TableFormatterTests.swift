import NNCore
import NNFormats
import Testing

@testable import NNLanguage

@Suite struct TableFormatterTests {
  private func table(_ text: String) throws -> Table {
    guard case .table(let table) = try FileFormat.csv.read(Array(text.utf8), in: Resources(limit: 1 << 24))
    else {
      throw FormatError.empty
    }
    return table
  }

  @Test func numbersAndTextUnderTheirNames() throws {
    let lines = TableFormatter().lines(
      for: try table("length,n,class\n5.1,1,setosa\n4.95,20,virginica\n,3,NA\n"))
    #expect(
      lines == [
        "length   n  class", "──────  ──  ─────────", "  5.10   1  setosa", "  4.95  20  virginica",
        "   nan   3  NA",
      ])
  }

  @Test func theMiddleIsLeftOut() throws {
    let rows = (1...9).map { "\($0),x\($0)" }.joined(separator: "\n")
    let lines = TableFormatter(maxRows: 4).lines(for: try table("a,b\n\(rows)\n"))
    #expect(lines == ["a  b", "─  ──", "1  x1", "2  x2", "⋮  ⋮", "8  x8", "9  x9", "(9×2)"])
  }

  @Test func columnsThatDoNotFitAreLeftOut() throws {
    let text = "aaaa,bbbb,cccc,dddd,eeee\n1,2,3,4,5\n"
    #expect(TableFormatter(width: 28).lines(for: try table(text)).count == 3)
    #expect(
      TableFormatter(width: 27).lines(for: try table(text)) == [
        "aaaa  bbbb  …  dddd  eeee", "────  ────  ─  ────  ────", "   1     2  …     4     5", "(1×5)",
      ])
    #expect(
      TableFormatter(width: 18).lines(for: try table(text), showsShape: false) == [
        "aaaa  …  eeee", "────  ─  ────", "   1  …     5",
      ])
    #expect(
      TableFormatter(width: 1).lines(for: try table(text), showsShape: false) == [
        "aaaa  …", "────  ─", "   1  …",
      ])
  }

  @Test func textIsHarmlessAndNotTooLong() throws {
    let lines = TableFormatter(maxTextWidth: 9).lines(
      for: try table("t,日本\n\"a\u{1B}[31m\",語\n\"x\ny\",é\nabcdefghijkl,語語語語語\n"))
    #expect(
      lines == [
        "t          日本", "─────────  ─────────", "a\\u{1B}[…  語", "x\\ny       é", "abcdefgh…  語語語語…",
      ])
  }

  @Test func withoutRows() throws {
    #expect(TableFormatter().lines(for: try table("a,b\n")) == ["a  b", "─  ─"])
    #expect(TableFormatter().lines(for: try Table([])) == ["[] (0×0)"])
  }
}
