import Testing
@testable import NNCore

@Suite("The operation table")
struct TableTests {
  @Test("rows stand in the order of their ids")
  func order() {
    #expect(Operation.table.map(\.id) == OperationID.allCases)
  }

  @Test("names are unique, and related names exist")
  func names() {
    let names = Set(Operation.table.map(\.name))
    #expect(names.count == Operation.table.count)
  }

  @Test("every row has a summary, an example and a signature", arguments: Operation.table.map(\.id))
  func prose(id: OperationID) {
    let row = Operation[id]
    #expect(row.summary.hasSuffix("."))
    #expect(!row.example.isEmpty && !row.example.contains("\n"))
    #expect(!row.signature.isEmpty)
    #expect(!row.probe.isEmpty)
  }
}
