import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// Chains compute in one pass what instructions compute one by one: with the same bits, and the same errors.
@Suite struct ChainTests {
  /// Elementwise expressions on whatever variables there are, drawn at random.
  struct Expressions {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1 }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return choices[Int(state >> 33) % choices.count]
    }

    mutating func next(depth: Int, leaves: [String]) -> String {
      if depth == 0 { return pick(leaves) }
      let (a, b) = (
        next(depth: pick([0, depth - 1]), leaves: leaves), next(depth: depth - 1, leaves: leaves)
      )
      switch pick(Array(0..<12)) {
      case 0: return "-\(b)"
      case 1: return "abs(\(b))"
      case 2: return pick(["tanh", "sigmoid", "exp", "floor", "round", "relu"]) + "(\(b))"
      case 3: return "max(\(a), \(b))"
      case 4: return "mod(\(a), \(b))"
      case 5: return "(\(b)) .^ 2"
      case 6: return "(\(a)) \(pick([">", "<=", "==", "!="])) (\(b))"
      case 7: return "\(pick(["2", "s", "0.5"]))*(\(b))"
      default: return "(\(a)) \(pick(["+", "-", ".*", "./"])) (\(b))"
      }
    }
  }

  private static let variables = """
    seed(5); A = randn(7, 9); B = rand(7, 9) + 0.5; r = randn(1, 9); c = randn(7, 1); s = 1.75; one = [3];
    fn inside(p, q) { t = p .* (1 - q) .* A + r ; return t ./ B - s }
    """

  /// Runs a line in a fresh session; its value or its diagnostic, as far as a user could see it.
  private func outcome(_ line: String, chains: Bool) throws -> (value: Value, failure: String?) {
    let session = try Session()
    session.interpreter.machine.worthFusing = chains ? 1 : .max
    try session.interpreter.run(Self.variables)
    do throws(Diagnostic) {
      try session.interpreter.run(line)
      return (try session.interpreter.evaluate("list(x, A, B, r, c)"), nil)
    } catch { return (.nothing, error.description) }
  }

  private func expectSame(_ line: String) throws {
    let (one, fused) = (try outcome(line, chains: false), try outcome(line, chains: true))
    #expect(one.failure == fused.failure, "\(line)")
    guard one.failure == nil else { return }
    #expect(isClose(one.value, fused.value, 0), "\(line)")
  }

  @Test(arguments: 0..<150)
  func randomExpressions(_ seed: Int) throws {
    var draws = Expressions(seed)
    try expectSame("x = \(draws.next(depth: 4, leaves: ["A", "B", "A", "B", "r", "c", "s", "2", "one"]))")
  }

  @Test(arguments: 0..<60)
  func randomExpressionsThatDoNotFit(_ seed: Int) throws {
    var draws = Expressions(seed + 1000)
    try expectSame(
      "x = \(draws.next(depth: 4, leaves: ["A", "B", "A", "[1 2; 3 4]", "\"text\"", "A'", "missing"]))")
  }

  @Test(arguments: [
    "x = A; x = x .* (1 - x) .* B",
    "x = A; x -= 0.5*B .* x",
    "A = A .* B + r; x = 1",
    "x = inside(A, B)",
    "x = inside(B, r) + inside(r, A)",
    "x = A'*A; x = (A'*A) .* x - x",
    "x = (r .* 2 + 1) .* A - (c - 1) ./ B",
    "x = [A .* 2 - 1; B + A .* B]",
    "x = sum(A .* B - 1) + sum((A - B) .* (A - B), 1)",
    "x = 1; A[2, :] = r .* 2 - 1",
    "x = 1; A[2, :] += r .* 2 - 1",
    "f = (u, v) -> u .* v - u; x = f(A, B)",
    "x = A * (B - 1)",
    "x = A / B + 1",
    "max = (u, v) -> u; x = max(A .* 2 - 1, 0) + 1",
    "x = A + B .* [1 2 3]",
    "x = r .* 2 + c",
  ])
  func lines(_ line: String) throws { try expectSame(line) }

  @Test("what a param has to do with is recorded, not fused")
  func params() throws {
    let program = "param W = A; x = W .* (1 - W) .* B; J = sum(x); backward(J); x = dW"
    try expectSame(program)
    try expectSame("param W = A; W -= 0.5*B .* r; x = W")
    try expectSame("param W = A; W = B .* (1 - B) + r; x = sum(W .* W); backward(x); x = dW")
  }

  @Test(
    "long rows, whole blocks and their ends",
    arguments: ["1, 5000", "5000, 1", "1030, 3", "3, 1030", "70, 70", "1, 600001", "777, 779"])
  func blocks(_ shape: String) throws {
    let session = try Session()
    try session.interpreter.run(
      "seed(2); A = randn(\(shape)); B = randn(\(shape)); t = 1 - A; t = A .* t; t = t .* B")
    #expect(try session.value(of: "all(A .* (1 - A) .* B == t)").number == 1)
    try session.interpreter.run("t = tanh(A); t = t .^ 2; t = 1 - t; c = A[:, 1]; u = t - c")
    #expect(try session.value(of: "all((1 - tanh(A) .^ 2) - c == u)").number == 1)
  }

  @Test(
    "two steps in one pass, whatever they are and whichever operand the first is",
    arguments: ["1, 3001", "601, 7", "733, 719"])
  func pairs(_ shape: String) throws {
    let session = try Session()
    try session.interpreter.run(
      "seed(4); A = rand(\(shape)) + 0.5; B = rand(\(shape)) + 0.5; r = A[1, :]; c = B[:, 1]; s = 1.25;")
    let operators = ["+", "-", ".*", "./"]
    for (first, second) in operators.flatMap({ first in operators.map { (first, $0) } }) {
      for (p, q, x) in [("A", "B", "A"), ("s", "A", "r"), ("A", "c", "s")] {
        try session.interpreter.run("t = \(p) \(first) \(q); u = t \(second) \(x); v = \(x) \(second) t;")
        let left = "(\(p) \(first) \(q)) \(second) \(x)", right = "\(x) \(second) (\(p) \(first) \(q))"
        #expect(try session.value(of: "all(u == \(left))").number == 1, "\(left)")
        #expect(try session.value(of: "all(v == \(right))").number == 1, "\(right)")
      }
    }
  }

  @Test("a chain that is interrupted leaves the variable as it was")
  func interrupts() throws {
    let cancellation = Cancellation()
    let interpreter = try Interpreter(host: MemoryHost(), cancellation: cancellation)
    try interpreter.run("W = zeros(900, 900) + 0.5; rounds = 0;")
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.3)
      cancellation.raise()
    }
    #expect(throws: Diagnostic.self) {
      try interpreter.run("while true { W = sin(W + 1) .* 0.9 - cos(W) .* 0.1; rounds += 1 }")
    }
    cancellation.clear()
    #expect(try interpreter.evaluate("all(W == W[1, 1])").number == 1)
    #expect(try interpreter.evaluate("rounds").number ?? 0 > 0)
  }

  @Test func oneResultIsAllThatAChainMakes() throws {
    let megabyte = 1 << 20
    let session = try Session(memoryLimit: 60 * megabyte)  // three matrices of 15 MB fit, four do not
    try session.interpreter.run("A = zeros(1400, 1400) + 1; B = zeros(1400, 1400) + 2;")
    try session.interpreter.run("C = A .* (1 - A) .* B + A ./ B;")
    #expect(try session.value(of: "C[7, 7]").number == 0.5)
  }
}
