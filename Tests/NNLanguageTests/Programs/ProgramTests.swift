import Testing

@testable import NNLanguage

/// Programs as tests: each says beside its lines what they show, or the error they end with.
///
/// `# => text` at the end of a line is the next line of output, `# error: text` the message of the diagnostic that
/// stops the program in that line. Lines without either show nothing.
@Suite struct ProgramTests {
  @Test(arguments: Programs.all)
  func runs(_ program: Program) throws { try check(program) { _ in } }

  @Test("the same where even the smallest matrices go through chains", arguments: Programs.all)
  func runsInChains(_ program: Program) throws { try check(program) { $0.worthFusing = 1 } }

  private func check(_ program: Program, prepare: (Machine) -> Void) throws {
    let host = MemoryHost()
    let interpreter = try Interpreter(host: host)
    prepare(interpreter.machine)
    var failure: Diagnostic?
    do { try interpreter.run(program.text, name: program.name) } catch { failure = error }
    let wanted = program.expectations
    let shown = host.output.split(separator: "\n").map { $0.trimmingBlanks() }
    #expect(shown == wanted.output, "\(program.name)")
    if let prefix = wanted.error?.message, prefix.hasSuffix("…") {
      #expect(failure?.message.hasPrefix(prefix.dropLast()) == true, "\(program.name)")
    } else {
      #expect(failure?.message == wanted.error?.message, "\(program.name)")
    }
    if let failure, let wanted = wanted.error, let source = failure.source {
      #expect(source.line(of: failure.range.start) == wanted.line, "\(program.name)")
    }
  }

  struct Program: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    var testDescription: String { name }

    var expectations: (output: [String], error: (line: Int, message: String)?) {
      var output: [String] = []
      var error: (Int, String)?
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let parts = line.components(after: "# => ")
        if let parts { output.append(parts) }
        if let message = line.components(after: "# error: ") { error = (index + 1, message) }
      }
      return (output, error)
    }
  }
}

extension Substring {
  /// What follows the last occurrence of `mark`, without blanks at its ends.
  fileprivate func components(after mark: String) -> String? {
    var rest = self
    var found: Substring?
    while let range = rest.firstRange(of: mark) {
      found = rest[range.upperBound...]
      rest = rest[range.upperBound...]
    }
    return found?.trimmingBlanks()
  }
}
