import NNCore
import Testing

@testable import NNLanguage

/// What `explain` prints.
@Suite struct ExplainTests {
  private static let twoLayers = """
    X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]; seed(1)
    param W1 = randn(4, 2); param b1 = zeros(4, 1)
    param W2 = randn(1, 4); param b2 = 0
    Z1 = W1*X + b1
    A1 = tanh(Z1)
    Z2 = W2*A1 + b2
    A2 = sigmoid(Z2)
    J = bce(A2, Y)

    """

  @Test func theTwoLayersOfTheCourse() throws {
    #expect(
      try Session().output(of: Self.twoLayers + "explain(J)") == """
        forward
          Z1 = W1*X + b1             4×4
          A1 = tanh(Z1)              4×4
          Z2 = W2*A1 + b2            1×4
          A2 = sigmoid(Z2)           1×4
          J  = bce(A2, Y)            1×1   0.62335
        backward
          dJ  = 1                    1×1   the gradient of J by itself
          dA2 = ((1 - Y) ./ (1 - A2) - Y ./ A2)/4   1×4   because J = bce(A2, Y)
          dZ2 = (A2 - Y)/4           1×4   bce after sigmoid
          dW2 = dZ2*A1'              1×4   because Z2 = W2*A1 + b2
          db2 = sum(dZ2, 2)          1×1   b2 was stretched over the columns   -0.14004
          dA1 = W2'*dZ2              4×4   because Z2 = W2*A1 + b2
          dZ1 = dA1 .* (1 - A1.^2)   4×4   because A1 = tanh(Z1)
          dW1 = dZ1*X'               4×2   because Z1 = W1*X + b1
          db1 = sum(dZ1, 2)          4×1   b1 was stretched over the columns

        """)
  }

  @Test func onlyWhatOneGradientNeeds() throws {
    let text = try Session().output(of: Self.twoLayers + "explain(J, W1)")
    #expect(
      text.contains("dZ2 = ") && text.contains("dA1 = ") && text.contains("dZ1 = ") && text.contains("dW1 = ")
    )
    for absent in ["dJ", "dA2", "dW2", "db2", "db1"] { #expect(!text.contains("\(absent) ")) }
  }

  @Test func theGraphOfTheSecondSeed() throws {
    #expect(
      try Session().output(of: "param x = 1; param y = 3; param z = -3; p = x + y; g = p*z\nexplain(g)")
        == """
        forward
          p = x + y   1×1   1 + 3 = 4
          g = p*z     1×1   4*-3 = -12
        backward
          dg = 1      1×1   ∂g/∂g
          dz = p      1×1   ∂g/∂z, because g = p*z   4
          dp = z      1×1   ∂g/∂p, because g = p*z   -3
          dx = dp     1×1   ∂g/∂x, because p = x + y   -3
          dy = dp     1×1   ∂g/∂y, because p = x + y   -3

        """)
  }

  /// Programs and lines that their explanations must have.
  static let lines: [(name: String, program: String, expected: [String])] = [
    (
      "logistic regression by hand",
      "w'*X + b; A = sigmoid(Z); J = -sum(Y.*log(A) + (1 - Y).*log(1 - A))/m",
      ["dZ = (A - Y)/m", "dw = X*dZ'", "db = sum(dZ, 2)"]
    ),
    ("linear regression", "w'*X + b; J = mse(Z, Y)", ["dZ = 2*(Z - Y)/6", "dw = X*dZ'", "db = sum(dZ, 2)"]),
    ("labels first", "w'*X + b; J = mse(Y, tanh(Z))", ["dZ = 2*(tanh(Z) - Y) .* (1 - tanh(Z).^2) / 6"]),
    ("a mean of squares", "w'*X + b; J = mean((Z - Y).^2)", ["dZ = 2*(Z - Y)/6"]),
    ("squared errors in one line", "1; J = mse(w'*X, Y)", ["dw = 2*X*(w'*X - Y)'/6"]),
    ("half a mean of squares", "w'*X + b; J = mse(Z, Y)/2", ["dZ = (Z - Y)/6"]),
    ("half a sum of squares", "w'*X; J = sum(Z.^2)/2 + 0.5*sum(w.^2)", ["dZ = Z", "dw = w + X*Z'"]),
    (
      "squared errors by hand", "w'*X + b; J = sum((Z - Y).^2)/(2*columns(X))",
      ["dZ = (Z - Y)/6", "dw = X*dZ'"]
    ),
    ("weight decay", "w'*X + b; J = mse(Z, Y) + lambda/2*sum(w.^2)", ["dw = lambda*w + X*dZ'"]),
    ("relu", "relu(w'*X + b); J = sum(Z)", ["dZ = ones(1, 6)", "t1 = w'*X + b > 0", "dw = X*t1'"]),
    ("a residual", "X + w*sum(X, 1); J = sum(Z.^2)", ["dZ = 2*Z", "dw = dZ*sum(X, 1)'"]),
    ("a slice", "w'*X; D = Z[1, 2:3]; J = sum(D.^2)", ["dD = 2*D", "dZ = scatter(dD, 1, 2:3, 1, 6)"]),
    ("weights that are shared", "w'*X + sum(w); J = sum(Z)", ["dw = 6 + sum(X, 2)"]),
    (
      "data that an expression gives", "w'*(X - mean(X, 2)) + sum(Y); J = sum(Z.^2)",
      ["dZ = 2*Z", "dw = (X - mean(X, 2))*dZ'"]
    ),
    ("a ratio of numbers", "w'*w/m; J = Z^2", ["dZ = 2*Z", "dw = 2*dZ/m*w"]),
  ]

  @Test(arguments: lines.indices) func linesAsATeacherWritesThem(index: Int) throws {
    let (_, program, expected) = Self.lines[index]
    let session = try Session()
    try session.interpreter.run(
      "seed(3); X = randn(2, 6); Y = [1 0 1 1 0 0]; m = 6; lambda = 0.1; param w = randn(2, 1); param b = 0.1; Z = "
        + program)
    let found = try session.interpreter.explanation(of: "J").backward.map(\.text)
    for line in expected { #expect(found.contains(line), "\(found)") }
  }

  @Test func functionsAreShownByWhatTheyComputed() throws {
    let session = try Session()
    let text = try session.output(
      of: """
        X = [1 2; 3 4]; param W = [1 0; 0 1]
        fn cost(X) {
          Z = W*X
          return sum(tanh(Z))
        }
        J = cost(X)
        explain(J)
        """)
    #expect(text.contains("  J = cost(X)"))
    #expect(text.contains("    Z = W*X"))
    #expect(text.contains("    J = sum(tanh(Z))"))
    #expect(text.contains("in cost"))
    #expect(text.contains("dZ = 1 - tanh(Z).^2   2×2   because J = sum(tanh(Z))"), "\(text)")
    #expect(text.contains("dW = dZ*X'"))
  }

  @Test func loopsAreUnrolledUpToALength() throws {
    let session = try Session()
    let program = { (rounds: Int) in
      "param u = 0.5; a = 1; for i in 1:\(rounds) { a = tanh(u*a) }\nJ = a^2\nexplain(J)"
    }
    let short = try session.output(of: program(2))
    #expect(short.contains("a_1 = tanh(u*1)") && short.contains("a   = tanh(u*a_1)"))
    let long = try session.output(of: program(500))
    #expect(
      long.contains("441 more; explain(J, \"file.nn\") writes every line to a file"), "\(long.suffix(300))")
    #expect(long.split(separator: "\n").count < 130)
  }

  @Test func namesThatAreUsedAgain() throws {
    let program = """
      X = [1 2; 3 4]; param W = [0.1 0.2; 0.3 0.4]; param V = [0.5 0.6; 0.7 0.8]
      Z = W*X
      A = tanh(Z)
      Z = V*A
      A = sigmoid(Z)
      J = sum(A)

      """
    let session = try Session()
    try session.interpreter.run(program)
    let explanation = try session.interpreter.explanation(of: "J")
    #expect(
      explanation.forward.map(\.text) == [
        "Z_1 = W*X", "A_1 = tanh(Z_1)", "Z = V*A_1", "A = sigmoid(Z)", "J = sum(A)",
      ])
    #expect(explanation.backward.map(\.text).contains("dV = dZ*A_1'"), "\(explanation.backward.map(\.text))")
    #expect(try ExplainedLines.differences(in: program).isEmpty)
  }

  @Test func namesThatHoldSomethingElseNow() throws {
    let session = try Session()
    try session.interpreter.run("param w = [1 2]; z = 3*w; J = sum(z.^2); z = 5")
    let explanation = try session.interpreter.explanation(of: "J")
    #expect(explanation.forward.map(\.text) == ["z_1 = 3*w", "J = sum(z_1.^2)"])
    #expect(explanation.forward[0].shape == Shape(1, 2))
    #expect(explanation.backward.map(\.text).contains("dw = 6*z_1"), "\(explanation.backward.map(\.text))")
  }

  @Test func columnsThatALoopWentThrough() throws {
    let session = try Session()
    try session.interpreter.run(
      """
      seed(1); X = randn(2, 3); param W = randn(2, 2); param V = randn(2, 2); h = zeros(2, 1)
      for t in 1:3 { h = tanh(W*X[:, t] + V*h) }
      J = sum(h.^2)
      """)
    let lines = try session.interpreter.explanation(of: "J").backward.map(\.text)
    #expect(lines.contains("h_1 = tanh(W*X[:, 1] + V*[0; 0])"), "\(lines)")
    #expect(lines.contains("dW = t1*X[:, t]' + t2*X[:, 2]' + t3*X[:, 1]'"), "\(lines)")
  }

  @Test func aStaleValueIsExplainedAsItWouldBeNow() throws {
    let session = try Session()
    try session.interpreter.run("param w = 2; x = 3; z = w*x; J = z^2; w = 1; x = 5")
    let explanation = try session.interpreter.explanation(of: "J")
    #expect(explanation.backward.map(\.text) == ["dJ = 1", "dz = 2*z", "dw = dz*x"])
    #expect(explanation.backward.last?.value?.elements == [50])
    // Nothing has changed.
    #expect(try session.value(of: "J").number == 36)
    #expect(session.failure(of: "backward(J)")?.contains("stale") == true)
  }

  @Test func dataThatChangedIsReadAnew() throws {
    let session = try Session()
    try session.interpreter.run("param w = [1 2]; X = [1; 2]; J = (w*X)^2; X = [3; 4]")
    #expect(try session.interpreter.explanation(of: "J").forward.last?.value?.elements == [121])
  }

  @Test func namesThatGradientsTakeAreSaved() throws {
    let session = try Session()
    try session.interpreter.run("dx = 1e-5; param x = 2; y = x*dx; J = y^2")
    let lines = try session.interpreter.explanation(of: "J").backward.map(\.text)
    #expect(lines == ["old_dx = dx", "dJ = 1", "dy = 2*y", "dx = dy*old_dx"])
    #expect(try ExplainedLines.differences(in: "dx = 1e-5; param x = 2; y = x*dx; J = y^2").isEmpty)
  }

  @Test(arguments: [
    ("x = 2; explain(x)", "x depends on no param"), ("param w = [1 2]; A = 2*w; explain(A)", "A is 1×2"),
    ("explain(3)", "the name of a variable"), ("explain(nowhere)", "nowhere is not defined"),
    ("param w = 1; x = 2; J = w*x; explain(J, x)", "J does not depend on x"),
    ("net = network([2, 3, 1], tanh, sigmoid); explain(net)", "net has computed nothing"),
    ("param w = 1; J = w^2; explain(J, \"\")", "cannot write"),
  ]) func mistakes(program: String, message: String) throws {
    final class NoFiles: MemoryHost {
      override func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
        throw HostError("no files here")
      }
    }
    let host = NoFiles()
    let interpreter = try Interpreter(host: host)
    do throws(Diagnostic) {
      try interpreter.run(program)
      Issue.record("\(program) is no mistake")
    } catch { #expect(error.message.contains(message), "\(error.message)") }
  }

  @Test func networks() throws {
    let session = try Session()
    let text = try session.output(
      of: """
        seed(1); X = randn(3, 5); Y = [1 0 1 1 0]
        net = network(dense(3, 4, tanh), dropout(0.5), dense(4, 1, sigmoid))
        A = forward(net, X); J = bce(A, Y)
        explain(net)
        """)
    #expect(text.contains("net.dZ2 = (A - Y)/5"))
    #expect(text.contains("net.dW2 = net.dZ2*net.A1'"))
    #expect(text.contains("net.dZ1 = net.dA1 .* net.mask1 .* (1 - tanh(net.Z1).^2) / 0.5"), "\(text)")
    #expect(text.contains("net.db1 = sum(net.dZ1, 2)"))
    #expect(!text.contains("  dJ"))
  }

  @Test func aNetworkWithoutACost() throws {
    let session = try Session()
    let text = try session.output(
      of:
        "seed(1); X = randn(3, 5); net = network([3, 4, 1], tanh, sigmoid); A = forward(net, X); explain(net)"
    )
    #expect(
      text.contains("net.dZ2 = net.dA2 .* net.A2 .* (1 - net.A2)")
        || text.contains("net.dZ2 = net.dA2 .* A .* (1 - A)"), "\(text)")
    #expect(text.contains("net.dW1 = net.dZ1*X'"))
  }

  @Test(arguments: [
    "dense(3, 4, tanh), dense(4, 1, sigmoid)",
    "dense(3, 4), batchnorm(), relu, dropout(0.3), dense(4, 1, sigmoid)",
  ])
  func networkLinesGiveTheBitsOfBackward(layers: String) throws {
    let program = """
      seed(1); X = randn(3, 5); Y = [1 0 1 1 0]; net = network(\(layers))
      A = forward(net, X); J = bce(A, Y)

      """
    #expect(try ExplainedLines.differences(in: program).isEmpty)
  }

  @Test func linesOfAFunctionsOwnVariables() throws {
    let text = try Session().output(
      of: "fn f() { param w = 3; y = w*2; J = y^2; explain(J); backward(J); return dw }\nprint(f())")
    #expect(text.contains("dy = 2*y") && text.contains("dw = 2*dy") && text.hasSuffix("24\n"), "\(text)")
  }
}
