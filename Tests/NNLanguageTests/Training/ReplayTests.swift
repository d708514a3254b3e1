import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// `forward` and `backward` as plans must leave everything as the statements and the tape do, to the last bit.
@Suite struct ReplayTests {
  /// Two interpreters that run the same lines: one with replays, one without.
  private final class Pair {
    let replayed: Interpreter
    let plain: Interpreter
    private(set) var lines: [String] = []

    init() throws {
      replayed = try Interpreter(host: MemoryHost())
      plain = try Interpreter(host: MemoryHost())
      plain.machine.replays.isEnabled = false
    }

    func run(_ line: String) {
      lines.append(line)
      let (a, b) = (message(replayed, line), message(plain, line))
      #expect(a == b, "\(program)")
    }

    private func message(_ interpreter: Interpreter, _ line: String) -> String {
      do throws(Diagnostic) {
        try interpreter.run(line)
        return ""
      } catch { return ([error.message] + error.hints).joined(separator: " | ") }
    }

    var program: String { lines.joined(separator: "\n") }

    /// Whether every variable is the same in both, and the same to the graph.
    func compare() {
      #expect(replayed.variableNames.sorted() == plain.variableNames.sorted(), "\(program)")
      for name in plain.variableNames {
        let (a, b) = (replayed[name], plain[name])
        #expect(a.map(bits) == b.map(bits), "\(name) in\n\(program)")
        #expect(replayed.role(of: name) == plain.role(of: name), "the role of \(name) in\n\(program)")
      }
    }

    private func bits(_ value: Value) -> [UInt64] {
      switch value {
      case .number(let number): [1, 1, number.bitPattern]
      case .matrix(let matrix):
        [UInt64(matrix.rows), UInt64(matrix.columns)] + matrix.elements.map(\.bitPattern)
      case .list(let list): list.elements.flatMap(bits)
      default: []
      }
    }

    var usesReplays: Bool { replayed.machine.replays.count > 0 }
  }

  // MARK: Programs made at random

  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: (state >> 33) % UInt64(sides))
    }
    mutating func pick<T>(_ choices: [T]) -> T { choices[roll(choices.count)] }
  }

  /// Straight lines from params and data to a cost J. Shapes are m×n, m×1, 1×n and 1×1, by the letter that begins a
  /// name; n changes when the data does.
  private static func program(_ dice: inout Dice) -> [String] {
    var lines = [
      "param Pa = rand(3, 2) - 0.4; param Pb = rand(3, 1); param Pc = rand(1, 3) - 0.6; param k = 0.7",
      "X = rand(2, 5); Y = rand(3, 5) > 0.5; m = 5; h = 0.25; Q = Y",
    ]
    var full = ["Y", "Q"]
    var rows: [String] = []
    for step in 1...(4 + dice.roll(6)) {
      let name = dice.pick(["Z", "A", "diff"]) + "\(step)"
      let a = dice.pick(full.count > 2 ? Array(full.dropFirst(2)) : full)
      let b = dice.pick(full)
      let expression =
        switch full.count == 2 ? 0 : dice.roll(13) {
        case 0: "Pa*X + Pb"
        case 1: "tanh(\(a))"
        case 2: "sigmoid(\(a) - \(b))"
        case 3: "\(a) .* \(b) + k"
        case 4: "(1 - \(b)) .* \(a)"
        case 5: "\(a) .^ 2 - h*\(a)"
        case 6: "\(b)./(1 + exp(-\(a)))"
        case 7: "Pa*(Pa'*\(a)) .* \(b)"
        case 8: "softmax(\(a))"
        case 9: "max(\(a), 0) + Pb"
        case 10: "-\(a)/m + mean(\(a), 2)"
        case 11: "\(a) - sum(\(a), 1) .* h"
        default: "where(Y, \(a), \(b))"
        }
      lines.append("\(name) = \(expression)")
      full.append(name)
    }
    for step in 1...2 {
      lines.append("R\(step) = Pc*\(dice.pick(Array(full.dropFirst(2)))) + k")
      rows.append("R\(step)")
    }
    let last = full[full.count - 1]
    let cost = dice.pick([
      "mse(\(last), Y) + sum(R1)/m", "mean(R1 .* R2) + h*sum(Pa.^2)", "bce(sigmoid(\(last)), Y) - mean(R2)",
      "crossentropy(softmax(\(last)), Y) + sum(R1.^2)", "sum(\(last) .* Q)/m + k^2*mean(R1)",
    ])
    lines.append("J = \(cost)")
    if dice.roll(3) == 0 { lines.append("J += h*sum(Pb.^2)") }
    return lines
  }

  /// What may happen between the rounds of a loop.
  private static func event(_ dice: inout Dice, _ lines: [String]) -> String {
    switch dice.roll(22) {
    case 0: "X = rand(2, 5)"
    case 1: "n = 3 + randint(0, 2); X = rand(2, n); Y = rand(3, n) > 0.5; Q = Y"
    case 2: "Q = Q + 0"
    case 3: "Pa = Pa - 0.1*rand(3, 2)"
    case 4: "keep = A1; old = J"
    case 5: "costs = [costs J]"
    case 6: "total = total + J"
    case 7: "backward(J + J)"
    case 8: "L = J*k; backward(L)"
    case 9: "R1 = 5"
    case 10: "m = 4; h = 0.5"
    case 11: "X[1, 2] = 7"
    case 12: "dPa = dPa*2"
    case 13: "param Pb = rand(3, 1)"
    case 14: "alias = Pa"
    case 15: "J = J"
    case 16: "forward(J); first = J; X = X*2; forward(J); backward(first + J); step(0.01)"
    case 17: "Y = onehot(randint(1, 3, 1, columns(X)), 3); Q = Y"
    case 18: "step(momentum(0.01))"
    case 19: "D = detach(J) + Pa*X"
    case 20: "list1 = list(J, R2)"
    default: "forward(R1)"
    }
  }

  @Test(arguments: 0..<120)
  func randomProgramsAreTheSameToTheBit(_ seed: Int) throws {
    var dice = Dice(state: UInt64(seed) &* 7919 &+ 3)
    let pair = try Pair()
    pair.run("seed(\(seed)); costs = []; total = 0;")
    let lines = Self.program(&dice)
    for line in lines { pair.run(line) }
    for _ in 0..<4 { pair.run("forward(J); backward(J); step(0.05)") }
    pair.compare()
    #expect(pair.usesReplays, "\(pair.program)")
    for _ in 0..<12 {
      pair.run(Self.event(&dice, lines))
      for _ in 0..<(1 + dice.roll(3)) {
        pair.run(dice.pick(["forward(J); backward(J); step(0.05)", "forward(J); backward(J)", "forward(J)"]))
        pair.compare()
      }
    }
  }

  // MARK: One thing at a time

  private let net = """
    seed(1); X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]
    param W1 = randn(4, 2); param W2 = randn(1, 4); param b1 = zeros(4, 1); param b2 = 0
    Z1 = W1*X + b1; A1 = sigmoid(Z1); Z2 = W2*A1 + b2; A2 = sigmoid(Z2); J = bce(A2, Y)
    repeat 5 { forward(J); backward(J); step(0.5) }

    """

  @Test(arguments: [
    "keep = Z1; costs = []; repeat 5 { forward(J); backward(J); step(0.5); costs = [costs J] }",
    "f = () -> Z1; repeat 3 { forward(J); backward(J); step(0.5); z = f() }",
    "repeat 3 { forward(J); backward(J); Z1 = 3; step(0.5) }; forward(J)",
    "repeat 3 { forward(J); A1 = 3; backward(J); step(0.5) }; forward(J)",
    "repeat 3 { forward(J); copyOfA = A1; backward(J); step(0.5) }; dcopyOfA",
    "repeat 3 { forward(J); backward(J); W1 -= 0.5*dW1; dW2 = 2*dW2; step(0.5) }",
    "repeat 3 { forward(J); backward(J); step(adam(0.1)) }; step0 = 1",
    "sigmoid = x -> tanh(x); forward(J)",
    "fn f(j) { return j*2 }; forward(J); k = f(J); backward(k); step(0.5); forward(J)",
    "Xs = list(X, X + 1, X*2); for x in Xs { X = x; forward(J); backward(J); step(0.5) }",
    "repeat 4 { X = rand(2, 4); Y = rand(1, 4); forward(J); backward(J); step(0.1) }",
    "for n in [4 7 4 7 7 4] { X = rand(2, n); Y = rand(1, n); forward(J); backward(J); step(0.1) }",
    "param X = X; forward(J); backward(J); dX; step(0.1)",
    "forward(J); W = W1; backward(J); dW; step(0.1); forward(J)",
    "e = gradcheck(J) < 1e-6; forward(J); backward(J); step(0.1)",
    "W1 = W1*nan; forward(J); backward(J)",
    "b2 = 1; forward(J); backward(J); db2; step(0.5)",
    "X = 3; forward(J)",
    "X = \"a\"; forward(J)",
    "Y = rand(1, 5); forward(J)",
    "forward(J); step(0.5)",
    "forward(J); backward(J); step(0.5); step(0.5)",
    "forward(J); backward(J); dW1 = zeros(2, 2); step(0.5)",
    "forward(J); backward(J); step(-1)",
    "forward(J); backward(J); step(0.5); backward(J)",
    "repeat 200 { forward(J); best = W1; backward(J); step(0.001); t = sum(W1 .* W1) + sum(tanh(W2)) }",
    "L = list(); for v in [1 2 3] { X = v*X; forward(J); L = append(L, J) }; t = L[1] + L[2]; backward(t); step(0.1)",
    "fn f(j) { X = 2; forward(J); backward(j) }; repeat 3 { forward(J) }; X = X + 1; f(J); step(0.1)",
  ])
  func aLoopLeavesWhatTheStatementsLeave(_ lines: String) throws {
    let pair = try Pair()
    for line in (net + lines).split(separator: "\n") { pair.run(String(line)) }
    #expect(pair.usesReplays)
    pair.compare()
    for _ in 0..<3 { pair.run("forward(J); backward(J); step(0.1)") }
    pair.compare()
  }

  @Test func goingBackIsTheSame() throws {
    let pair = try Pair()
    for line in net.split(separator: "\n") { pair.run(String(line)) }
    let before = (pair.replayed.snapshot(), pair.plain.snapshot())
    pair.run("repeat 3 { forward(J); backward(J); step(0.5) }")
    pair.compare()
    pair.replayed.restore(before.0)
    pair.plain.restore(before.1)
    pair.compare()
    pair.run("backward(J); step(0.5); forward(J)")
    pair.compare()
  }

  @Test func whatVariablesHeldStaysAsItWas() throws {
    let interpreter = try running(net + "keep = Z1; gradient = dW1; before = Z1*1; beforeGradient = dW1*1")
    try interpreter.run("repeat 3 { forward(J); backward(J); step(0.5) }")
    #expect(try interpreter.numbers("keep") == interpreter.numbers("before"))
    #expect(try interpreter.numbers("gradient") == interpreter.numbers("beforeGradient"))
    #expect(try interpreter.numbers("sum(abs(Z1 - keep)) > 0") == [1])
  }

  @Test func anInterruptLeavesWholeStatements() throws {
    let interpreter = try running(
      """
      seed(1); X = randn(300, 900); param W = randn(300, 300)/20; Z = tanh(W*X); A = tanh(W*Z); J = sum(A.^2)
      repeat 3 { forward(J); backward(J); step(1e-6) }
      forward(J)
      """)
    #expect(interpreter.machine.replays.count > 0)
    let cancellation = interpreter.cancellation
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.05)
      cancellation.raise()
    }
    do throws(Diagnostic) {
      try interpreter.run("while true { W = W*0.999; forward(J) }")
    } catch { #expect(error.severity == .interrupt, "\(error.message)") }
    cancellation.clear()
    #expect(try interpreter.numbers("J - sum(A.^2)") == [0])
    #expect(try interpreter.numbers("min(norm(A - tanh(W*Z)), norm(A - tanh((W/0.999)*Z))) < 1e-8") == [1])
    try interpreter.run("forward(J); backward(J)")
  }

  @Test func functionsOfStraightLinesAreReplayedToo() throws {
    let pair = try Pair()
    pair.run("fn layer(W, b, X) = tanh(W*X + b); fn cost(A, Y) { d = A - Y; return mean(d.^2) }")
    pair.run("seed(1); X = randn(2, 6); Y = rand(1, 6); param W = randn(1, 2); param b = 0")
    pair.run("A = layer(W, b, X); J = cost(A, Y)")
    pair.run("repeat 4 { forward(J); backward(J); step(0.1) }")
    pair.compare()
    #expect(pair.usesReplays)
    pair.run("X = randn(2, 6); forward(J); backward(J); step(0.1)")
    pair.compare()
    // Another function by the same name is the one that counts.
    pair.run("fn layer(W, b, X) = sigmoid(W*X + b)")
    pair.run("repeat 3 { forward(J); backward(J); step(0.1) }")
    pair.compare()
    pair.run("fn layer(W, b, X) { if sum(X) > 0 { return tanh(W*X) }; return sigmoid(W*X + b) }")
    pair.run("repeat 3 { X = -X; forward(J); backward(J); step(0.1) }")
    pair.compare()
  }

  @Test(arguments: [
    "J = mean((W*X - Y).^2)*rand()", "J = cost(W*X, Y)", "M = X > 0; J = mean((W*(X .* M)).^2)",
    "k = sum(Y); J = mean((W*X - Y).^2)/k", "J = mean((W*X - Y).^2)/columns(X)", "J = sum(W.^2)^2*m",
    "J = mean((W*X[:, 1:3]).^2)", "J = norm(W*X - Y) + sum(abs(W))*0.1", "J = mean((W*X - Y).^2, 2)",
    "J = bce(sigmoid(W*X), Y > 0.5)", "J = -mean(Y .* log(sigmoid(W*X)) + (1 - Y) .* log(1 - sigmoid(W*X)))",
    "J = mean((W*X - Y).^2) + mean((W*Y'*Y - Y).^2)", "Y = W*X; J = mean((Y - X).^2)",
  ])
  func whateverTheCostReadsIsLive(_ line: String) throws {
    let pair = try Pair()
    pair.run("fn cost(A, Y) { if mean(Y) > 0.5 { return mean(A.^2) }; return mean((A - Y).^2) }")
    pair.run("seed(1); m = 3; X = randn(2, 6); Y = rand(2, 6); param W = randn(2, 2)")
    pair.run(line)
    for _ in 0..<5 {
      pair.run("forward(J); backward(J); step(0.01)")
      pair.run("X = randn(2, 6); m = m + 1")
      pair.run("Y = rand(2, 6); k = sum(Y); M = X > 0")
      pair.compare()
    }
  }

  @Test func aSweepOfTheTapeDoesNotHideAPlan() throws {
    let interpreter = try running(
      """
      fn chain(x) { y = x; repeat 300 { y = y*1.01 + 0.5 }; return y }
      param x = 1
      for k in 1:40 { y = chain(x); backward(y); x = x + 0.001 }
      """)
    #expect(interpreter.machine.differentiation.planCount <= 2)
  }

  #if DEBUG
    @Test func aRoundAllocatesNothing() throws {
      let interpreter = try running(net)
      interpreter.resources.allocationsUntilFailure = 0
      try interpreter.run("repeat 100 { forward(J); backward(J); step(0.5) }")
      interpreter.resources.allocationsUntilFailure = nil
    }
  #endif
}
