import NNCore
import Testing

@testable import NNLanguage

/// The lines of an explanation run, and give the bits of `backward`.
@Suite struct ExplainRunTests {
  @Test(arguments: 0..<100) func randomPrograms(batch: Int) throws {
    for seed in batch * 10..<batch * 10 + 10 {
      let program = RandomProgram(seed: UInt64(seed) + 1).text
      let differences = try ExplainedLines.differences(in: program)
      #expect(differences.isEmpty, "seed \(seed):\n\(program)\n\(differences.joined(separator: "\n"))")
    }
  }

  @Test(arguments: Operation.table.filter { $0.derivative != nil }.map(\.name))
  func everyOperation(name: String) throws {
    let id = try #require(Operation.named(name)?.id)
    for seed in 1...12 {
      let program = RandomProgram(seed: UInt64(seed) * 7919, about: id).text
      let differences = try ExplainedLines.differences(in: program)
      #expect(differences.isEmpty, "seed \(seed):\n\(program)\n\(differences.joined(separator: "\n"))")
    }
  }
}
