import Foundation
import TerminalSupport
import Testing

/// `nnrepl check`, as a teacher runs it over the files of a class.
@Suite struct CheckCommandTests {
  private static let forward = """
    X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]; m = columns(X)
    seed(1); param W1 = randn(4, 2); param b1 = zeros(4, 1)
    param W2 = randn(1, 4); param b2 = 0
    Z1 = W1*X + b1; A1 = tanh(Z1); Z2 = W2*A1 + b2; A2 = sigmoid(Z2)
    J = bce(A2, Y)

    """
  private static let right = forward + "dZ2 = A2 - Y\ndW2 = dZ2*A1'/m\n"
  private static let wrong = forward + "dZ2 = A2 - Y\ndW2 = dZ2*A1'\ndb2 = sum(dZ2)/m\n"

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, text) in files { _ = try folder.file(name, Array(text.utf8)) }
    return folder
  }

  private func records(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  @Test func theStatusTellsWhetherAllIsRight() throws {
    let folder = try folder(["right.nn": Self.right, "wrong.nn": Self.wrong])
    #expect(try CommandRun.shell("nnrepl check right.nn", in: folder).status == 0)
    #expect(try CommandRun.shell("nnrepl check wrong.nn", in: folder).status == 1)
    #expect(try CommandRun.shell("nnrepl check right.nn wrong.nn", in: folder).status == 1)
    #expect(try CommandRun.shell("nnrepl check", in: folder).status == 64)
    #expect(try CommandRun.shell("nnrepl check --hint 9 right.nn", in: folder).status == 64)
    #expect(try CommandRun.shell("nnrepl check missing.nn", in: folder).status == 1)
  }

  @Test func aRecordForEachLineJudged() throws {
    let folder = try folder(["wrong.nn": Self.wrong])
    let run = try CommandRun.shell("nnrepl check --json wrong.nn", in: folder)
    let records = try records(run.output)
    #expect(records.compactMap { $0["gradient"] as? String } == ["dZ2", "dW2", "db2"])
    #expect(records.compactMap { $0["verdict"] as? String } == ["right", "wrong", "right"])
    #expect(records.compactMap { $0["line"] as? Int } == [6, 7, 8])
    #expect(records.allSatisfy { $0["file"] as? String == "wrong.nn" })
    #expect(records[1]["corrected"] as? String == "dW2 = dZ2*A1'/m")
    #expect(records[1]["because"] as? String == "Z2 = W2*A1 + b2")
    let mistakes = try #require(records[1]["mistakes"] as? [[String: String]])
    #expect(mistakes.map { $0["mistake"] } == ["count-missing"])
    #expect((mistakes[0]["sentence"] ?? "").contains("number of examples"))
  }

  @Test func hintsTellLess() throws {
    let folder = try folder(["wrong.nn": Self.wrong])
    func output(_ level: Int) throws -> String {
      try CommandRun.shell("nnrepl check --hint \(level) wrong.nn", in: folder).output
    }
    #expect(!(try output(1)).contains("division"))
    #expect(try output(1).contains("wrong"))
    #expect(!(try output(2)).contains("→"))
    #expect(try output(3).contains("→ dW2 = dZ2*A1'/m"))
    #expect(!(try output(3)).contains("because"))
    #expect(try output(4).contains("because Z2 = W2*A1 + b2"))
  }

  @Test func aFileThatFailsDoesNotStopTheOthers() throws {
    let folder = try folder([
      "a.nn": "while 1 { }", "b.nn": "x = (", "c.nn": Self.forward + "dW2 = undefined_name\n",
      "d.nn": "x = 1", "e.nn": Self.right, "f.nn": "exit(3)", "g.nn": "X = zeros(1e6, 1e6)",
    ])
    let run = try CommandRun.shell(
      "nnrepl check --json --timeout 3 a.nn b.nn c.nn d.nn e.nn f.nn g.nn h.nn", in: folder)
    #expect(run.status == 1)
    let records = try records(run.output)
    let failed = Set(records.filter { $0["error"] != nil }.compactMap { $0["file"] as? String })
    #expect(failed == ["a.nn", "b.nn", "d.nn", "f.nn", "g.nn", "h.nn"], "\(run.output)")
    let hopeless = records.first { $0["file"] as? String == "c.nn" }
    #expect(hopeless?["verdict"] as? String == "wrong")
    #expect((hopeless?["notes"] as? [String])?.first?.contains("undefined_name") == true)
    let judged = records.filter { $0["verdict"] != nil && $0["file"] as? String == "e.nn" }
    #expect(judged.count == 2 && judged.allSatisfy { $0["verdict"] as? String == "right" })
  }

  @Test func aLineThatCannotBeComputedIsJudgedAllTheSame() throws {
    let text = Self.forward + "dZ2 = A2 - Y\ndW2 = dZ2*A1/m\ndZ1 = W2'*dZ2 .* (1 - A1.^2)\ndW1 = dZ1*X'/m\n"
    let folder = try folder(["shape.nn": text])
    let run = try CommandRun.shell("nnrepl check --json shape.nn", in: folder)
    let records = try records(run.output)
    #expect(records.compactMap { $0["verdict"] as? String } == ["right", "wrong", "right", "right"])
    #expect(records[1]["corrected"] as? String == "dW2 = dZ2*A1'/m")
  }

  @Test func aHoleEndsAScriptWithStatus1() throws {
    let folder = try folder(["hole.nn": Self.forward + "dZ2 = A2 - Y\ndW2 = ?\n"])
    let run = try CommandRun.shell("nnrepl hole.nn", in: folder)
    #expect(run.status == 1)
    #expect(run.output.contains("dW2 must be 1×4, like W2\n"))
    #expect(run.output.contains("  dZ2*A1'  1×4 times 4×4\n"))
    #expect(run.errors == "")
  }
}
