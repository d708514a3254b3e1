import Testing

@testable import NNLanguage

/// Runs a program and gives the interpreter for a look at its variables.
func running(_ program: String) throws -> Interpreter {
  let interpreter = try Interpreter(host: MemoryHost())
  try interpreter.run(program)
  return interpreter
}

extension Interpreter {
  func numbers(_ expression: String) throws -> [Double] {
    switch try evaluate(expression) {
    case .number(let number): [number]
    case .matrix(let matrix): matrix.elements
    default: []
    }
  }

  func expectClose(_ expression: String, _ wanted: [Double], _ tolerance: Double, _ note: String) throws {
    let found = try numbers(expression)
    #expect(found.count == wanted.count, "\(note): \(expression)")
    for (a, b) in zip(found, wanted) {
      #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(note): \(expression) has \(a), not \(b)")
    }
  }
}

/// The message of the error that a program ends with; empty where it ends well.
func failure(_ program: String) -> String {
  do {
    _ = try running(program)
    return ""
  } catch { return (error as? Diagnostic)?.message ?? "\(error)" }
}

@Suite struct NetworkTests {
  @Test(arguments: RecordedNetworks.cases.indices)
  func gradientsAndStepsEqualPyTorch(_ index: Int) throws {
    let item = RecordedNetworks.cases[index]
    let start = "\(item.data) net = \(item.network); "
    let first = try running(start + "J = \(item.loss)(forward(net, X), Y); backward(J);")
    for (name, values) in item.gradients { try first.expectClose("net.\(name)", values, 1e-12, item.name) }

    let round = "A = forward(net, X); J = \(item.loss)(A, Y); backward(J); step(net, \(item.optimiser))"
    let byHand = try running(start + "repeat 100 { \(round) }")
    try expectTrained(byHand, item, "by hand")
    #expect(abs(try byHand.numbers("J")[0] - item.cost) < 1e-10, "\(item.name)")

    let trained = try running(
      start
        + "h = train(net, X, Y, loss = \(item.loss), optimizer = \(item.optimiser), epochs = 100, batch = 9);"
    )
    try expectTrained(trained, item, "train")
    #expect(abs(try trained.numbers("h.cost[100]")[0] - item.cost) < 1e-10, "\(item.name)")
  }

  private func expectTrained(_ interpreter: Interpreter, _ item: RecordedNetworks.Case, _ note: String) throws
  {
    // Adagrad divides a gradient by its own size: that of a bias before batchnorm is nothing but rounding, 1e-17,
    // and comes out as steps of 1e-8 in either direction.
    let tolerance = item.optimiser.hasPrefix("adagrad") && item.network.contains("batchnorm") ? 1e-6 : 1e-10
    for (name, values) in item.params {
      try interpreter.expectClose("net.\(name)", values, tolerance, "\(item.name), \(note)")
    }
    try interpreter.expectClose("predict(net, X)", item.prediction, tolerance, "\(item.name), \(note)")
  }

  @Test func planarExerciseEqualsNumPy() throws {
    let interpreter = try running(
      """
      seed(1); X, Y = flower(400)
      m = size(X, 2)
      seed(2)
      W1 = randn(4, 2)*0.01; b1 = zeros(4, 1); W2 = randn(1, 4)*0.01; b2 = 0
      costs = []
      repeat 100 {
        A1 = tanh(W1*X + b1); A2 = sigmoid(W2*A1 + b2)
        costs = [costs bce(A2, Y)]
        dZ2 = A2 - Y; dW2 = dZ2*A1'/m; db2 = sum(dZ2, 2)/m
        dZ1 = W2'*dZ2 .* (1 - A1.^2); dW1 = dZ1*X'/m; db1 = sum(dZ1, 2)/m
        W1 -= 1.2*dW1; b1 -= 1.2*db1; W2 -= 1.2*dW2; b2 -= 1.2*db2
      }
      """)
    try interpreter.expectClose("costs", RecordedNetworks.planarCosts, 1e-12, "by hand")
    for (name, values) in RecordedNetworks.planarParams {
      try interpreter.expectClose(name, values, 1e-12, "by hand")
    }

    let tracked = try running(
      """
      seed(1); X, Y = flower(400)
      seed(2)
      param W1 = randn(4, 2)*0.01; param b1 = zeros(4, 1); param W2 = randn(1, 4)*0.01; param b2 = 0
      J = bce(sigmoid(W2*tanh(W1*X + b1) + b2), Y)
      repeat 100 { forward(J); backward(J); step(1.2) }
      """)
    for (name, values) in RecordedNetworks.planarParams {
      try tracked.expectClose(name, values, 1e-12, "backward")
    }
  }

  @Test func fieldsAreReadAndSet() throws {
    let interpreter = try running(
      """
      seed(1); net = network([2, 3, 1], tanh, sigmoid)
      X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]
      net.W1[1, :] = 0
      A = forward(net, X)
      J = bce(A, Y); backward(J)
      W = net.W1; net.W1 = W + 1
      D = net.W1 - W
      """)
    try interpreter.expectClose("net.A2 - A", [0, 0, 0, 0], 0, "A2 is what forward gives")
    try interpreter.expectClose("net.Z1[1, :]", [0, 0, 0, 0], 0, "a row of W1 is 0")
    try interpreter.expectClose("net.dZ2 - (net.A2 - Y)/4", [0, 0, 0, 0], 1e-15, "bce after sigmoid")
    try interpreter.expectClose("net.dW2 - net.dZ2*net.A1'", [0, 0, 0], 1e-15, "dW2")
    try interpreter.expectClose("sum(D) - 6", [0], 0, "set")
  }

  @Test func aNetworkIsAHandleAndCopyMakesAnother() throws {
    let interpreter = try running(
      """
      seed(1); a = network([2, 2, 1], tanh, sigmoid); b = a; c = copy(a)
      a.b1[1] = 5
      """)
    #expect(try interpreter.numbers("b.b1") == [5, 0])
    #expect(try interpreter.numbers("c.b1") == [0, 0])
  }

  @Test func aHandGradientIsUsedByTheNextStepOnce() throws {
    let program = "seed(1); net = network([1, 1], sigmoid); net.W1 = 2; net.dW1 = 3; step(net, 0.5);"
    #expect(try running(program).numbers("net.W1") == [0.5])
    #expect(failure(program + "step(net, 0.5)") == "the network has no new gradients since its last step")
  }

  @Test func dropoutDropsInTrainingOnly() throws {
    let interpreter = try running(
      """
      seed(3); net = network(dense(2, 50, relu), dropout(0.4), dense(50, 1))
      net.W1 = ones(50, 2); net.b1 = ones(50, 1)
      X = ones(2, 40)
      A = forward(net, X)
      part = mean(net.A1 == 0); kept = max(net.A1)
      p = predict(net, X); q = predict(net, X)
      """)
    #expect(abs(try interpreter.numbers("part")[0] - 0.4) < 0.03)
    #expect(try interpreter.numbers("kept") == [5])
    #expect(try interpreter.numbers("sum(abs(p - q))") == [0])
    try interpreter.expectClose("p[1]", try interpreter.numbers("3*sum(net.W2)"), 1e-12, "nothing dropped")
  }

  @Test func undoBringsANetworkBack() throws {
    let interpreter = try running(
      "seed(1); X, Y = xor(); net = network([2, 3, 1], tanh, sigmoid); train(net, X, Y, optimizer = adam(0.1));"
    )
    let before = try interpreter.numbers("net.W1")
    let kept = interpreter.snapshot()
    try interpreter.run("train(net, X, Y, optimizer = adam(0.1), epochs = 5);")
    let after = try interpreter.numbers("net.W1")
    #expect(after != before)
    interpreter.restore(kept)
    #expect(try interpreter.numbers("net.W1") == before)
    try interpreter.run("train(net, X, Y, optimizer = adam(0.1), epochs = 5);")
    #expect(try interpreter.numbers("net.W1") == after, "the optimiser's state came back too")
  }

  @Test func filesHoldNetworks() throws {
    let interpreter = try running(
      """
      seed(1); X, Y = xor()
      net = network(dense(2, 4, tanh), batchnorm(), dropout(0.1), dense(4, 1, sigmoid))
      train(net, X, Y, epochs = 3);
      write(net, "a.safetensors"); n = read("a.safetensors")
      """)
    try interpreter.expectClose("predict(n, X) - predict(net, X)", [0, 0, 0, 0], 0, "read again")
    #expect(
      failure("net = network(dense(2, 1, x -> x^2)); write(net, \"a.safetensors\")").hasPrefix(
        "a file cannot hold"))
  }

  @Test(arguments: [
    (
      "network(dense(2, 3, tanh), dense(4, 1))",
      "network: dense(4, 1) takes 4 features, and 3 come out of the layer before"
    ),
    ("network(dropout(0.5), dense(4, 1))", "network: the first layer is a dense one"),
    ("dropout(1)", "dropout: p must be from 0 to less than 1, and this is 1"),
    ("forward(network([2, 1], sigmoid), ones(3, 4))", "the network takes 2 features, and this is 3×4"),
    (
      "network([2, 1], x -> sum(x)); forward(network([2, 1], x -> [x x]), ones(2, 4))",
      "x -> [x x] makes 1×8 of 1×4"
    ),
    ("net = network([2, 1]); net.W9 = 1", "a network has no field W9 that can be set"),
    ("net = network([2, 1]); net.W1 = ones(3, 3)", "W1 is 1×2, and this is 3×3"),
    ("net = network([2, 1]); step(net, 0.1)", "the network has no new gradients since its last step"),
    ("adam(nan)", "the learning rate must be finite and not negative, and this is nan"),
    (
      "param w = 1; dw = 1; step(-0.5)", "the learning rate must be finite and not negative, and this is -0.5"
    ),
    ("param w = 1; dw = [1 2]; step(0.5)", "dw is 1×2, and w is 1×1"),
    ("param w = 1; step(0.5)", "no new gradients since the last step"),
    ("step(0.5)", "there are no params to move"),
    (
      "train(network([2, 1]), ones(2, 3), ones(1, 4))",
      "train: there are 3 examples to learn from and 4 answers; columns are examples"
    ),
    (
      "train(network([2, 1]), ones(2, 3), ones(1, 3), loss = (A, Y) -> A - Y)",
      "the loss must be a number computed from what the network makes, and this is 1×3"
    ),
  ])
  func mistakesAreNamed(_ program: String, _ message: String) {
    #expect(failure(program) == message)
  }
}
