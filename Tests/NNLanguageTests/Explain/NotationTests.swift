import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// What `explain(J, as = …)` prints has been run by the real programs: the recorded texts are those printed now, and
/// the gradients that came out are those of `backward`.
@Suite struct NotationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static let programs: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Programs").path())
    return (names ?? []).filter { $0.hasSuffix(".nn") }.map { String($0.dropLast(3)) }.sorted()
  }()

  struct Record {
    let program: String
    let notation: String
    let hash: String
    let gradient: String
    let shape: Shape
    let numbers: [Double]
  }

  static let records: [Record] = {
    let text = (try? String(contentsOf: folder.appending(path: "explained.tsv"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Record(
        program: fields[0], notation: fields[1], hash: fields[2], gradient: fields[3],
        shape: Shape(Int(fields[4]) ?? 0, Int(fields[5]) ?? 0),
        numbers: fields.dropFirst(6).compactMap(Double.init))
    }
  }()

  @Test func everythingIsRecorded() {
    #expect(Self.programs.count >= 12)
    for program in Self.programs {
      for notation in ["numpy", "octave", "pytorch"] {
        #expect(
          Self.records.contains { $0.program == program && $0.notation == notation }, "\(program) \(notation)"
        )
      }
    }
  }

  @Test(arguments: programs, ["numpy", "octave", "pytorch"])
  func textIsTheOneThatWasRun(program: String, notation: String) throws {
    let session = try session(program)
    let text = try text(session, notation)
    let records = Self.records.filter { $0.program == program && $0.notation == notation }
    #expect(
      records.allSatisfy { $0.hash == Self.hash(text) },
      "Scripts/record-explained.py records it anew:\n\(text)")
    try session.interpreter.run("backward(J)")
    for record in records {
      let value = try session.value(of: record.gradient)
      let elements = try #require(value.shape == record.shape ? Self.elements(value) : nil)
      for (a, b) in zip(elements, record.numbers) {
        #expect(
          abs(a - b) <= 1e-9 * max(1, abs(a)), "\(program) \(notation) \(record.gradient): \(a) and \(b)")
      }
    }
  }

  /// LaTeX balances, and says every gradient.
  @Test(arguments: programs) func latexIsWhole(program: String) throws {
    let session = try session(program)
    let text = try text(session, "latex")
    for (open, close) in [("{", "}"), ("\\left", "\\right"), ("\\begin", "\\end")] {
      #expect(
        text.components(separatedBy: open).count == text.components(separatedBy: close).count, "\(text)")
    }
    let lines = try session.interpreter.explanation(of: "J").backward.count
    #expect(text.components(separatedBy: "&=").count > lines)
    #expect(!text.contains("$"))
  }

  /// Wide formulas go on in lines that begin with an operator.
  @Test func wideFormulasAreBroken() throws {
    let terms = (1...12).map { "\\exp\\left(W_{\($0)} - X\\right)" }
    let lines = LaTeXLines(terms.joined(separator: " + ")).lines
    #expect(lines.count == 3, "\(lines)")
    #expect(lines.joined() == terms.joined(separator: " + "))
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" + ") })
    let factors = (1...12).map { "\\left(W_{\($0)} - X\\right)" }.joined(separator: " \\odot ")
    #expect(LaTeXLines(factors).lines.count == 2)
    let fraction = "\\frac{\(String(repeating: "a", count: 50))}{\(String(repeating: "b", count: 50))}"
    #expect(LaTeXLines(fraction + " + c").lines == [fraction + " + c"])
    #expect(LaTeXLines("a + b").lines == ["a + b"])
    #expect(try text(try session("functions"), "latex").contains("\\\\\n  &\\quad {} + "))
  }

  @Test func unknownNotation() throws {
    let session = try Session()
    let message = try #require(session.failure(of: "param w = 1; J = w^2; explain(J, as = \"julia\")"))
    #expect(message.contains("numpy"))
  }

  private func text(_ session: Session, _ notation: String) throws -> String {
    try session.interpreter.run("explained = explain(J, as = \"\(notation)\")")
    return try #require(session.interpreter["explained"]?.string)
  }

  private func session(_ program: String) throws -> Session {
    let session = try Session()
    let url = Self.folder.appending(path: "Programs/\(program).nn")
    try session.interpreter.run(try String(contentsOf: url, encoding: .utf8))
    return session
  }

  private static func elements(_ value: Value) -> [Double]? {
    switch value {
    case .number(let number): [number]
    case .matrix(let matrix): matrix.elements
    default: nil
    }
  }

  /// FNV-1a, as the recording script has it.
  private static func hash(_ text: String) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
