import Foundation
import NNCore
import NNLanguage
import Testing

// What people who grade exercises or show derivations write.

/// What a grader says of a student's program: a line for each mistake.
private func grade(_ program: String) throws -> [String] {
  // README.md shows these lines.
  let interpreter = try Interpreter(host: MemoryHost())
  try interpreter.run(program, name: "exercise.nn")
  var remarks: [String] = []
  for line in try interpreter.check("J").lines where line.verdict == .wrong {
    let mistakes = line.mistakes.map(\.sentence).joined(separator: "; ")
    remarks.append("line \(line.line): \(line.text): \(mistakes) → \(line.correction ?? "?")")
  }
  // Until here.
  return remarks
}

private let forward = """
  X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]; m = columns(X)
  seed(1); param W1 = randn(4, 2); param b1 = zeros(4, 1)
  param W2 = randn(1, 4); param b2 = 0
  Z1 = W1*X + b1
  A1 = tanh(Z1)
  Z2 = W2*A1 + b2
  A2 = sigmoid(Z2)
  J = bce(A2, Y)

  """

@Suite struct GradersFromSwift {
  @Test func gradesAnExercise() throws {
    let wrong = "dZ2 = A2 - Y\ndW2 = dZ2*A1'\ndb2 = sum(dZ2)/m\n"
    #expect(
      try grade(forward + wrong) == [
        "line 10: dW2 = dZ2*A1': the division by the number of examples, m, is missing → dW2 = dZ2*A1'/m"
      ])
    #expect(try grade(forward + "dZ2 = A2 - Y\ndW2 = dZ2*A1'/m\n") == [])
  }

  @Test func theReadmeShowsTheGrader() throws {
    let own = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(own.firstIndex { $0.contains("README.md shows these") })
    let last = try #require(own.firstIndex { $0.contains("Until here.") })
    let shown = own[(first + 1)..<last].map { $0.dropFirst(2) }.joined(separator: "\n")
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains(shown))
  }

  @Test func findingsAreTyped() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run(forward + "dZ2 = A2 - Y\ndW2 = -dZ2*A1'/m\n")
    let report = try interpreter.check("J")
    #expect(!report.isRight)
    #expect(report.cost == "J")
    #expect(report.lines.map(\.gradient) == ["dZ2", "dW2"])
    #expect(report.lines.map(\.verdict) == [.right, .wrong])
    #expect(report.lines[1].mistakes.map(\.kind) == [.sign])
    #expect(report.lines[1].correction == "dW2 = dZ2*A1'/m")
    #expect(report.lines[1].reason == "Z2 = W2*A1 + b2")
  }

  @Test func aProgramThatFailsIsGradedAllTheSame() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    let text = forward + "dZ2 = A2 - Y\ndW2 = dZ2*A1/m\ndb2 = sum(dZ2)/m\n"
    let exercise = interpreter.runExercise(Source(name: "exercise.nn", text: text))
    let report = try #require(exercise.report)
    #expect(!exercise.isRight)
    #expect(report.lines.map(\.verdict) == [.right, .wrong, .right])
    #expect(report.lines[1].mistakes.map(\.kind) == [.transposeMissing])
    #expect(report.lines[1].correction == "dW2 = dZ2*A1'/m")
  }

  @Test(arguments: ["x = (1 +\ny = 2\n", "W = nonsense\nJ = W^2\n"])
  func aProgramThatEndsEarlyFailsOnce(_ text: String) throws {
    let exercise = try Interpreter(host: MemoryHost()).runExercise(Source(name: "exercise.nn", text: text))
    #expect(exercise.report == nil && exercise.failures.count == 1)
  }

  @Test func dataIsNoWorkspace() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    let error = #expect(throws: Diagnostic.self) {
      try interpreter.load(workspace: Array("a,b\n1,2\n".utf8), name: "t.csv")
    }
    #expect(error?.message == "cannot load t.csv: it was not written by save")
    #expect(error?.hints == ["data of other files are values: x = read(\"t.csv\")"])
  }

  @Test func linesOfADerivationAreValues() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run(forward)
    let explanation = try interpreter.explanation(of: "J")
    #expect(
      explanation.forward.map(\.text) == [
        "Z1 = W1*X + b1", "A1 = tanh(Z1)", "Z2 = W2*A1 + b2", "A2 = sigmoid(Z2)", "J = bce(A2, Y)",
      ])
    let line = try #require(explanation.backward.first { $0.name == "dW2" })
    #expect(line.expression == "dZ2*A1'")
    #expect(line.shape == Shape(1, 4))
    #expect(line.reason == "because Z2 = W2*A1 + b2")

    // The lines are a program: run behind the forward lines it gives the same bits as backward.
    try interpreter.run(explanation.backward.map(\.text).joined(separator: "\n"))
    let byHand = try #require(interpreter["dW1"])
    try interpreter.run("backward(J)")
    guard case .matrix(let mine) = byHand, case .matrix(let theirs)? = interpreter["dW1"] else {
      Issue.record("dW1 is no matrix")
      return
    }
    #expect(mine == theirs)
    let needed = try interpreter.explanation(of: "J", for: ["W2"]).backward.map(\.name)
    #expect(needed.contains("dW2") && !needed.contains("dW1"))
  }
}
