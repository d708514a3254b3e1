import NNCore
import NNFormats
import Testing

@testable import NNLanguage

/// Every builtin on values that nobody expects: it gives a value or a diagnostic, and the session goes on.
@Suite struct NastyArgumentTests {
  /// Variables, and what makes them.
  static let values: [(name: String, source: String)] = [
    ("v_empty", "[]"), ("v_flat", "zeros(1, 0)"), ("v_thin", "zeros(0, 3)"), ("v_zero", "0"), ("v_one", "1"),
    ("v_three", "3"), ("v_minus", "-1"), ("v_half", "2.5"), ("v_nan", "nan"), ("v_inf", "inf"),
    ("v_ninf", "-inf"),
    ("v_huge", "1e300"), ("v_large", "1e18"), ("v_billion", "1e9"), ("v_square", "[1 2; 3 4]"),
    ("v_odd", "[nan 1; inf -2]"), ("v_row", "1:5"), ("v_column", "(1:5)'"), ("v_text", "\"abc\""),
    ("v_blank", "\"\""),
    ("v_nothing", "list()"), ("v_mixed", "list(1, \"a\", [1 2])"), ("v_words", "list(\"a\", \"b\")"),
    ("v_function", "sin"),
    ("v_lambda", "x -> x"), ("v_table", "read(\"t.csv\")"), ("v_object", "read(\"t.npz\")"),
    ("v_path", "\"out.csv\""),
  ]

  static func session() throws -> Session {
    let session = try Session(memoryLimit: 1 << 26)
    session.host.files["t.csv"] = Array("a,b,kind\n1,2,x\n3,,y\n5,6,x\n".utf8)
    try session.interpreter.run("P = [1 2; 3 4]; write(P, \"t.npz\")")
    for (name, source) in values { try session.interpreter.run("\(name) = \(source)") }
    try session.interpreter.run("param v_param = [1 2; 3 4]; v_computed = v_param * 2")
    return session
  }

  static let names = values.map(\.name) + ["v_param", "v_computed"]

  /// All single arguments and pairs, and of longer calls a sample.
  static func calls(of row: Builtin) -> [[String]] {
    var calls: [[String]] = [[]] + names.map { [$0] }
    let most = row.takesMore ? 4 : row.parameters.count
    if most >= 2 { calls += names.flatMap { first in names.map { [first, $0] } } }
    var random = RandomStream(seed: 7)
    for count in 3..<max(3, most + 2) {
      for _ in 0..<150 {
        calls.append((0..<count).map { _ in names[Int(random.whole(upTo: UInt64(names.count - 1)))] })
      }
    }
    return calls
  }

  @Test(arguments: Builtins.table.map(\.name)) func survives(_ name: String) throws {
    let session = try Self.session()
    let row = try #require(Builtins.table.first { $0.name == name })
    for arguments in Self.calls(of: row) {
      let program = "\(name)(\(arguments.joined(separator: ", ")))"
      guard let message = session.failure(of: program + ";") else { continue }
      #expect(!message.isEmpty && !message.contains("native stack"), "\(program): \(message)")
    }
    #expect(try session.output(of: "print(1 + 1)").hasSuffix("2\n"))
  }

  /// Values of a kind that a parameter does not take: the message says whose parameter it is.
  @Test(arguments: Builtins.table.map(\.name)) func namesItself(_ name: String) throws {
    let row = try #require(Builtins.table.first { $0.name == name })
    guard row.requiredCount > 0, !row.isScoped, name != "error" else { return }
    let session = try Self.session()
    let kinds = ["v_text", "v_nothing", "v_function", "v_table", "v_object"]
    var refusals = 0
    for kind in kinds {
      let arguments = Array(repeating: kind, count: row.requiredCount)
      guard let message = session.failure(of: "\(name)(\(arguments.joined(separator: ", ")));") else {
        continue
      }
      refusals += 1
      #expect(message.contains(name), "\(name)(\(kind)): \(message)")
    }
    let takesAnything = ["detach", "copy", "assert", "format"].contains(name)
    #expect(refusals > 0 || takesAnything, "\(name) takes every kind of value")
  }

  @Test(arguments: Builtins.table.map(\.name)) func countsArguments(_ name: String) throws {
    let row = try #require(Builtins.table.first { $0.name == name })
    let session = try Self.session()
    if row.requiredCount > 0 {
      let message = try #require(session.failure(of: "\(name)();"))
      #expect(message.contains(name) && message.contains("argument"), "\(message)")
    }
    if !row.takesMore {
      let tooMany = Array(repeating: "1", count: row.parameters.count + 1).joined(separator: ", ")
      let message = try #require(session.failure(of: "\(name)(\(tooMany));"))
      #expect(message.contains(name), "\(message)")
    }
  }
}
