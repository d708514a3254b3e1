import NNCore
import Testing

@testable import NNLanguage

/// What every row must have, and that its example does what it says.
@Suite struct RowTests {
  @Test(arguments: Help.entries.map(\.name)) func isWhole(_ name: String) throws {
    let entry = try #require(Help.entries.first { $0.name == name })
    #expect(!entry.signatures.isEmpty)
    #expect(
      entry.summary.hasSuffix(".") && entry.summary.first?.isLowercase == false || entry.kind == .constant)
    for related in entry.related {
      #expect(Help.entry(named: related) != nil, "\(name) mentions \(related), which does not exist")
      #expect(related != name)
    }
  }

  @Test(arguments: Help.entries.filter { !$0.example.isEmpty }.map(\.name)) func exampleRuns(_ name: String)
    throws
  {
    let entry = try #require(Help.entries.first { $0.name == name })
    let output = try ExampleRunner.output(of: entry.example)
    let isSilent = ["assert", "assert_close", "write", "#"].contains(name)
    #expect(isSilent || !output.isEmpty, "\(entry.example) shows nothing")
    #expect(try ExampleRunner.output(of: entry.example) == output)
  }

  @Test(arguments: Builtins.table.map(\.name)) func exampleUsesTheBuiltin(_ name: String) throws {
    let row = try #require(Builtins.table.first { $0.name == name })
    #expect(row.example.contains(name))
    #expect(row.signatures.allSatisfy { $0.contains(name + "(") })
  }

  @Test func namesAreUnique() {
    #expect(Set(Builtins.names).count == Builtins.names.count)
  }

  @Test func everyOperationWithANameIsABuiltin() {
    let hidden: Set<String> = ["negate", "largest", "smallest"]
    for row in Operation.table where row.name.first?.isLetter == true && !hidden.contains(row.name) {
      #expect(Builtins.index(of: row.name) != nil, "\(row.name) cannot be called")
    }
  }

  @Test(arguments: [
    ("m, noise = 0.1, dim?", "f(m, noise = 0.1), f(m, noise = 0.1, dim)"), ("", "f()"), ("x, …", "f(x, …)"),
    ("A?, B?", "f(), f(A), f(A, B)"),
  ]) func signaturesFollowFromParameters(parameters: String, signature: String) {
    let row = Builtin("f", parameters, .making, summary: "", example: "") { _ throws(Diagnostic) in .nothing }
    #expect(row.signature == signature)
  }
}
