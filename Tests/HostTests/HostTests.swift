import Foundation
import NNCore
import NNLanguage
import Testing

// What a program that has nnrepl as a package can do: everything here goes through the public interface alone.

/// The numbers of a variable, row by row; empty where it has no numbers.
private func numbers(_ interpreter: Interpreter, _ name: String) -> [Double] {
  switch interpreter[name] {
  case .number(let number): [number]
  case .matrix(let matrix): matrix.elements
  default: []
  }
}

private func matrix(_ interpreter: Interpreter, _ rows: [[Double]]) throws -> Value {
  .matrix(
    try Matrix(rows: rows.count, columns: rows[0].count, rows.flatMap { $0 }, in: interpreter.resources))
}

private let logisticRegression = """
  param w = [0.5 -0.25]
  param b = 0.1
  A = sigmoid(w*X + b)
  J = bce(A, Y)
  """

@Suite struct GradientsFromSwift {
  @Test func readsGradientsAsMatrices() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    interpreter["X"] = try matrix(interpreter, [[1, 2, 3], [0.5, -1, 4]])
    interpreter["Y"] = try matrix(interpreter, [[1, 0, 1]])
    try interpreter.run(logisticRegression + "\nbackward(J)")

    // dw = (A - Y)*X'/3, db = mean(A - Y), with A by hand.
    let X = [[1.0, 2, 3], [0.5, -1, 4]]
    let Y = [1.0, 0, 1]
    let errors: [Double] = (0..<3).map { k in
      let z: Double = 0.5 * X[0][k] - 0.25 * X[1][k] + 0.1
      return 1 / (1 + exp(-z)) - Y[k]
    }
    let expected: [Double] = X.map { row in zip(errors, row).map { $0 * $1 }.reduce(0, +) / 3 }
    for (found, right) in zip(numbers(interpreter, "dw"), expected) { #expect(abs(found - right) < 1e-15) }
    #expect(abs(numbers(interpreter, "db")[0] - errors.reduce(0, +) / 3) < 1e-15)
    #expect(interpreter["dw"]?.shape == Shape(1, 2))
    #expect(interpreter.role(of: "w") == .param)
    #expect(interpreter.role(of: "dw") == .gradient)
    #expect(interpreter.role(of: "X") == .data)
    #expect(interpreter.role(of: "A") == .computed)
  }

  @Test func otherParamsAndDataAreUsedByForward() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    interpreter["X"] = try matrix(interpreter, [[1, 2], [3, 4]])
    interpreter["Y"] = try matrix(interpreter, [[1, 0]])
    try interpreter.run(logisticRegression)
    let first = numbers(interpreter, "J")[0]

    interpreter["w"] = try matrix(interpreter, [[0, 0]])
    interpreter["b"] = .number(0)
    try interpreter.run("forward(J); backward(J)")
    #expect(numbers(interpreter, "J")[0] != first)
    #expect(abs(numbers(interpreter, "J")[0] - log(2)) < 1e-15)
    #expect(interpreter.role(of: "w") == .param)

    // Three examples instead of two.
    interpreter["X"] = try matrix(interpreter, [[1, 1, 1], [0, 0, 2]])
    interpreter["Y"] = try matrix(interpreter, [[1, 1, 0]])
    try interpreter.run("forward(J); backward(J)")
    #expect(numbers(interpreter, "dw").elementsEqual([-1.0 / 6, 1.0 / 3]) { abs($0 - $1) < 1e-15 })
  }

  @Test func aStepFromSwiftTrains() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    interpreter["X"] = try matrix(interpreter, [[0, 1, 2, 3]])
    interpreter["Y"] = try matrix(interpreter, [[1, 3, 5, 7]])
    try interpreter.run("param w = 0; param b = 0; J = mse(w*X + b, Y)")
    for _ in 0..<500 { try interpreter.run("forward(J); backward(J); step(0.1)") }
    #expect(abs(numbers(interpreter, "w")[0] - 2) < 1e-6)
    #expect(abs(numbers(interpreter, "b")[0] - 1) < 1e-6)
  }
}

@Suite struct DiagnosticsFromSwift {
  private func diagnostic(_ text: String, _ prepare: (Interpreter) throws -> Void = { _ in }) throws
    -> Diagnostic
  {
    let interpreter = try Interpreter(host: MemoryHost())
    try prepare(interpreter)
    do {
      try interpreter.run(text, name: "exercise.nn")
    } catch { return error }
    throw HostError("the program ran")
  }

  @Test func haveTheirPlace() throws {
    let error = try diagnostic("W = ones(2, 3)\nX = ones(2, 4)\nZ = W*X\n")
    let source = try #require(error.source)
    #expect(source.name == "exercise.nn")
    let location = source.location(of: error.range.start)
    #expect((location.line, location.column) == (3, 5))
    #expect(error.message == "shapes do not fit: W is 2×3, X is 2×4")
    #expect(error.severity == .error)
    #expect(
      error.labels.map {
        String(decoding: source.bytes[Int($0.range.start)..<Int($0.range.end)], as: UTF8.self)
      } == ["W", "X"])
    #expect(error.hints.count > 0)
  }

  @Test func tellTheCallsOnTheWay() throws {
    let error = try diagnostic("fn f(x) { return x*undefined_name }\nfn g(x) { return f(x) }\ng(1)")
    #expect(error.trace.map(\.name) == ["f", "g"])
    #expect(error.message.contains("undefined_name"))
  }

  @Test func limitsAreDiagnosticsToo() throws {
    #expect(try diagnostic("while 1 { }") { $0.stepLimit = 1000 }.message.contains("steps"))
    #expect(try diagnostic("fn f(n) { return f(n + 1) }\nf(0)") { $0.depthLimit = 50 }.message.contains("50"))
    let small = try Interpreter(host: MemoryHost(), memoryLimit: 8 << 20)
    #expect(throws: Diagnostic.self) { try small.run("X = zeros(2000, 2000)") }
    #expect(small["X"] == nil)
    try small.run("X = 1")
  }

  @Test func anotherThreadStopsTheWork() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    let cancellation = interpreter.cancellation
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      cancellation.raise()
    }
    do {
      try interpreter.run("n = 0\nwhile 1 { n += 1 }")
      Issue.record("the loop ended")
    } catch { #expect(error.severity == .interrupt) }
    cancellation.clear()
    #expect(numbers(interpreter, "n")[0] > 0)
    try interpreter.run("n = -1")
    #expect(numbers(interpreter, "n") == [-1])
  }
}

@Suite struct HostsOfTheLanguage {
  @Test func outputAndFilesAreTheHosts() throws {
    let host = MemoryHost()
    host.files["lib.nn"] = Array("fn twice(x) { return 2*x }".utf8)
    let interpreter = try Interpreter(host: host)
    try interpreter.run("include \"lib.nn\"\nprint(twice(21))\nwrite([1 2; 3 4], \"out.csv\")")
    #expect(host.output == "42\n")
    #expect(host.files["out.csv"].map { String(decoding: $0, as: UTF8.self) } == "1,2\n3,4\n")
  }

  @Test func interpretersDoNotSeeEachOther() throws {
    let (one, two) = (try Interpreter(host: MemoryHost()), try Interpreter(host: MemoryHost()))
    try one.run("seed(1); x = randn(); digits(12); param w = 1; J = w^2; backward(J)")
    try two.run("seed(1); y = randn()")
    #expect(two["x"] == nil)
    #expect(numbers(one, "x") == numbers(two, "y"))
    #expect(two.digits == 5)
    #expect(two["dw"] == nil)
    #expect(throws: Diagnostic.self) { try two.run("step(0.1)") }
  }

  @Test func evaluatesExpressions() throws {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run("A = [1 2; 3 4]")
    #expect(try interpreter.evaluate("det(A)").number.map { abs($0 + 2) < 1e-15 } == true)
    #expect(try interpreter.evaluate("\"a{1 + 1}b\"").string == "a2b")
    #expect(try interpreter.evaluate("A'").shape == Shape(2, 2))
    #expect(interpreter["ans"] == nil)
  }
}
