import Testing

@testable import NNLanguage

@Suite struct GradTests {
  @Test(arguments: [
    ("grad(x -> x^3, 2)", [12.0]),
    ("grad(x -> sum(x.^2), [1 2; 3 4])", [2, 4, 6, 8]),
    ("grad((x, a) -> a*x^2, 3, 5)", [30]),
    ("g = grad(x -> x^3); g(2)", [12]),
    ("g = grad((x, a) -> a*x^2); g(3, 5)", [30]),
    ("grad(grad(x -> x^4), 2)", [48]),
    ("grad(grad(grad(x -> x^4)), 2)", [48]),
    ("grad(x -> 7, 2)", [0]),
    ("param w = 3; J = w^3; grad(J, w)", [27]),
    ("param w = 3; J = w^3; G = grad(J, w); grad(G, w)", [18]),
    ("param w = 2; J = grad(x -> w*x^2, 5); backward(J); dw", [10]),
    ("param x = 3; grad(t -> t*x, x)", [3]),
    ("param w = [1; 2]; J = sum(w.^3); G = sum(grad(J, w)); backward(G); dw", [6, 12]),
    ("param w = 2; G = 0; for k in 1:100 { G = G + grad(x -> w*x^2, k) }; backward(G); dw", [10100]),
    (
      "param w = 2; g = grad(x -> w*x^2, 3); for k in 1:100 { h = grad(x -> w + x^2, k) }; backward(g); dw",
      [6]
    ),
    (
      "param w = 2; g = grad(x -> sum(w*x.^3), [1 2]); for k in 1:900 { h = w*k }; J = sum(g); backward(J); dw",
      [15]
    ),
    ("param w = 2; g = grad(x -> x^2, 3); w = 5; g + 1", [7]),
  ])
  func givesGradientsThatCanBeDifferentiated(_ program: String, _ wanted: [Double]) throws {
    let interpreter = try running("seed(1);")
    try interpreter.expectClose(program, wanted, 1e-12, program)
  }

  @Test func plainArgumentsLeavePlainGradients() throws {
    let interpreter = try running("g = grad(x -> x^2, 3);")
    #expect(failure("param w = 1; g = grad(x -> x^2, 3); backward(g)") == "g depends on no param")
    #expect(failure("g = grad(x -> x^2, 3); backward(g)") == "g depends on no param")
    #expect(try interpreter.numbers("g") == [6])
  }

  @Test(arguments: [
    ("grad(x -> [x x], 2)", "grad needs a number, and what x -> [x x] gives is 1×2"),
    ("y = 3; grad(y^2, y)", "grad: y^2 is a value, not a function, and y is no param"),
    (
      "param w = 1; J = w^2; y = 3; grad(J, y)",
      "grad: y is no param, nor computed from one, so J has no gradient by it"
    ),
    ("param w = 1; J = w^2; grad(J, 3)", "grad: 3 is no variable that J was computed from"),
    (
      "param w = 1; J = w^2; grad(J, \"w\")",
      "grad: the gradient is by a param, or what is computed from one, and this is a string"
    ),
    ("grad(x -> x^2, \"a\")", "grad needs a number or a matrix as x, and this is a string"),
    ("param w = 1; J = w^2; grad(J)", "grad: it is not said by what to differentiate"),
    (
      "grad(\"a\", 1)",
      "grad needs a number computed from params, or a function, as f, and this is a string"
    ),
  ])
  func mistakesAreNamed(_ program: String, _ message: String) {
    #expect(failure(program) == message)
  }

  private let net = """
    seed(1); X = randn(3, 6); Y = rand(1, 6) > 0.5
    param W1 = randn(4, 3); param b1 = zeros(4, 1); param W2 = randn(1, 4); param b2 = 0
    Z1 = W1*X + b1; A1 = tanh(Z1); Z2 = W2*A1 + b2; A2 = sigmoid(Z2); J = bce(A2, Y)

    """

  @Test func checksGradientsByDifferences() throws {
    let interpreter = try running(net + "before = W1; e = gradcheck(J)")
    #expect(try interpreter.numbers("e")[0] < 1e-9)
    #expect(try interpreter.numbers("sum(abs(W1 - before))") == [0])
    try interpreter.run("backward(J); step(0.1);")
  }

  @Test(arguments: [1e-6, 0.01, 1])
  func findsPlantedMistakes(_ size: Double) throws {
    let interpreter = try running(net + "backward(J); dW1 = dW1*(1 + \(size)); e = gradcheck(J)")
    #expect(try interpreter.numbers("e")[0] > size / 4)
  }

  @Test func bringsTheRandomStateAndNetworksBack() throws {
    let interpreter = try running(
      """
      seed(1); net = network(dense(2, 4, tanh), batchnorm(), dropout(0.5), dense(4, 1, sigmoid))
      X = randn(2, 8); Y = rand(1, 8) > 0.5
      A = forward(net, X); J = bce(A, Y); c = copy(net); before = detach(J)
      seed(5); a = rand(); seed(5); e = gradcheck(J); b = rand()
      """)
    #expect(try interpreter.numbers("e")[0] < 1e-7)
    #expect(try interpreter.numbers("a - b") == [0])
    #expect(try interpreter.numbers("J - before") == [0])
    #expect(try interpreter.numbers("sum(abs(net.W1 - c.W1))") == [0])
    #expect(try interpreter.numbers("sum(abs(net.mean1 - c.mean1))") == [0])
  }

  @Test(
    "a kink beside a param, or under it, is no mistake",
    arguments: [
      "seed(1); X, Y = moons(100); net = network([2, 8, 1], relu, sigmoid); A = forward(net, X); J = bce(A, Y)",
      "param w = [1 2 3]; J = sum(abs(w - [1.001 5 6]))",
      "param w = [1 2 3]; J = sum(relu(w - [1 5 6]) + w.^2)",
      "param w = [1 2 3]; J = sum(max(w, [2 2 2])) + sum(clip(w, 1, 2.9))",
    ])
  func kinks(_ program: String) throws {
    #expect(try running(program + "; e = gradcheck(J)").numbers("e")[0] < 1e-9)
  }

  @Test func findsMistakesBesideKinks() throws {
    let program = "param w = [1 2 3]; J = sum(abs(w - [1.001 5 6])); dw = [-1 -1 -1.001]; e = gradcheck(J)"
    #expect(try running(program).numbers("e")[0] > 1e-4)
  }

  @Test func checksGradientsOfNetworksByHand() throws {
    let program = """
      seed(1); X, Y = xor(); net = network([2, 3, 1], tanh, sigmoid); A = forward(net, X); J = bce(A, Y)
      net.dW1 = zeros(3, 2); e = gradcheck(J); backward(J); f = gradcheck(J)
      """
    let interpreter = try running(program)
    #expect(try interpreter.numbers("e")[0] == 1)
    #expect(try interpreter.numbers("f")[0] < 1e-9)
  }

  @Test(
    "what was drawn or is stale stays what it was",
    arguments: [
      "seed(1); param x = [1; 2]; fn f(x) = sum(x .* randn(2, 1))\nJ = f(x)", "param x = 2; J = x^2; x = 3",
    ])
  func leavesTheCost(_ program: String) throws {
    let interpreter = try running(program + "\nbefore = detach(J); e = gradcheck(J)")
    #expect(try interpreter.numbers("J - before") == [0])
    #expect(try interpreter.numbers("e")[0] < 1e-9)
  }

  // MARK: where gradients go

  @Test(
    "a function trains params and networks that it reads",
    arguments: [
      ("param w = 2; fn f(x) { J = (w*x - 1)^2; backward(J); step(0.01) }; f(3); y = w", 1.7),
      ("param w = 2; fn c(x) = (w*x - 1)^2\nfn f(x) { backward(c(x)); step(0.01) }; f(3); y = w", 1.7),
      ("param w = 2; fn f(x) { param v = 3; J = w*v*x; backward(J); return dv }; y = f(5)", 10),
      ("param w = 2; fn f(x) { param v = 3; J = w*v*x; backward(J); return dv }; f(5); y = dw", 15),
      (
        "seed(1); X, Y = xor(); net = network([2, 1], sigmoid); fn f() { A = forward(net, X); J = bce(A, Y); backward(J) }"
          + "; f(); dW = net.dW1; A = forward(net, X); J = bce(A, Y); backward(J); y = norm(dW - net.dW1)", 0
      ),
      (
        "seed(1); L = list(network([2, 1], sigmoid)); X, Y = xor(); A = forward(L[1], X); J = bce(A, Y); backward(J)"
          + "; n = L[1]; dW = n.dW1; A = forward(n, X); J = bce(A, Y); backward(J); y = norm(dW - n.dW1)", 0
      ),
    ] as [(String, Double)])
  func gradientsOfWhatFunctionsRead(_ program: String, _ wanted: Double) throws {
    #expect(abs(try running(program).numbers("y")[0] - wanted) < 1e-12)
  }

  @Test func namesMayBeAssignedAgainAndAgain() throws {
    #expect(
      try running("param w = 2; J = w^2; J += w; J += 3*w; w = 5; forward(J); y = J").numbers("y") == [45])
  }
}
