import NNCore
import Testing

@testable import NNLanguage

@Suite struct TrainTests {
  private let moons = "seed(4); X, Y = moons(120, 0.1); net = network([2, 8, 1], tanh, sigmoid); "

  @Test func theSameSeedGivesTheSameBits() throws {
    let program = moons + "h = train(net, X, Y, optimizer = adam(0.05), epochs = 12, batch = 25);"
    let (a, b) = (try running(program), try running(program))
    #expect(try a.numbers("net.W1") == b.numbers("net.W1"))
    #expect(try a.numbers("h.cost") == b.numbers("h.cost"))
  }

  @Test func aUsersFunctionTrainsAsTheBuiltinItEquals() throws {
    let settings = "optimizer = momentum(0.1), epochs = 5, batch = 32"
    let planned = try running(moons + "train(net, X, Y, loss = bce, \(settings));")
    let recorded = try running(
      moons + "fn cost(A, Y) { if true { return bce(A, Y) } }; train(net, X, Y, loss = cost, \(settings));")
    try recorded.expectClose("net.W1", try planned.numbers("net.W1"), 1e-12, "W1")
    try recorded.expectClose("net.b2", try planned.numbers("net.b2"), 1e-12, "b2")
  }

  @Test func historiesHaveANumberForEachEpoch() throws {
    let interpreter = try running(
      moons
        + "Xv, Yv = moons(40, 0.1); h = train(net, X, Y, optimizer = adam(0.05), epochs = 30, validation = list(Xv, Yv));"
    )
    for name in ["cost", "accuracy", "validation_cost", "validation_accuracy"] {
      #expect(try interpreter.numbers("h.\(name)").count == 30, "\(name)")
    }
    #expect(try interpreter.numbers("h.cost[30] < 0.5*h.cost[1]") == [1])
    try interpreter.expectClose(
      "h.validation_cost[30]", try interpreter.numbers("bce(predict(net, Xv), Yv)"), 1e-14, "last")
    try interpreter.expectClose(
      "h.validation_accuracy[30]", try interpreter.numbers("accuracy(predict(net, Xv), Yv)"), 0, "last")
  }

  @Test func patienceStopsAndGoesBackToTheBest() throws {
    let interpreter = try running(
      """
      seed(1); X = randn(3, 20); Y = rand(1, 20) > 0.5; Xv = randn(3, 20); Yv = rand(1, 20) > 0.5
      net = network([3, 20, 1], tanh, sigmoid)
      h = train(net, X, Y, optimizer = adam(0.05), epochs = 500, validation = list(Xv, Yv), patience = 5)
      """)
    let epochs = try interpreter.numbers("h.epochs")[0]
    #expect(epochs < 500)
    #expect(try interpreter.numbers("argmin(h.validation_cost)")[0] == epochs - 5)
    try interpreter.expectClose(
      "bce(predict(net, Xv), Yv)", try interpreter.numbers("min(h.validation_cost)"), 1e-14, "best")
  }

  @Test func whatWasComputedBeforeIsStaleAfterwards() {
    let program = moons + "J = bce(forward(net, X), Y); train(net, X, Y, epochs = 1); backward(J)"
    #expect(failure(program).hasPrefix("J is stale"))
  }

  /// A host that interrupts when it is shown the third epoch.
  private final class InterruptingHost: Host {
    let cancellation = Cancellation()
    private var seen = 0
    func show(_ progress: Progress) {
      seen += 1
      if seen == 3 { cancellation.raise() }
    }
    func write(_ text: String) {}
    func readFile(_ path: String) throws(HostError) -> [UInt8] { throw HostError("there is none") }
    func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {}
    func clock() -> Double { 0 }
    func entropy() -> UInt32 { 0 }
  }

  @Test func anInterruptKeepsFinishedEpochsAndThenStops() throws {
    let host = InterruptingHost()
    let interpreter = try Interpreter(host: host, cancellation: host.cancellation)
    let error = #expect(throws: Diagnostic.self) {
      try interpreter.run(moons + "h = train(net, X, Y, epochs = 10); after = 1;")
    }
    #expect(error?.severity == .interrupt)
    #expect(error?.notes == ["in epoch 4 of 10"])
    #expect(error?.location == "<string>:1:79")
    host.cancellation.clear()
    #expect(try interpreter.numbers("h.epochs") == [3])
    #expect(interpreter["after"] == nil)
  }

  @Test(arguments: [
    "repeat 5 { rounds += 1; h = train(net, X, Y, epochs = 10) }",
    "fn fit(net, X, Y) { h = train(net, X, Y, epochs = 10); return h }; rounds += 1; h = fit(net, X, Y); rounds = 9",
    "rounds += 1; if true { h = train(net, X, Y, epochs = 10) }; rounds = 9",
  ])
  func anInterruptEndsTheRunBehindTheStatement(_ program: String) throws {
    let host = InterruptingHost()
    let interpreter = try Interpreter(host: host, cancellation: host.cancellation)
    let error = #expect(throws: Diagnostic.self) {
      try interpreter.run(moons + "rounds = 0; h = 0; " + program)
    }
    #expect(error?.severity == .interrupt)
    host.cancellation.clear()
    #expect(try interpreter.numbers("h.epochs") == [3])
    #expect(try interpreter.numbers("rounds") == [1])
    try interpreter.run("after = 1;")
  }

  @Test func straightLinesOfTheUserTrainAsOnePlan() throws {
    let settings = "optimizer = adam(0.05), epochs = 4, batch = 25"
    let layers = "dense(2, 8, act), dense(8, 1, sigmoid)"
    let straight = try running(
      """
      seed(4); X, Y = moons(120, 0.1); k = 0.5; act = x -> x .* sigmoid(x*k)
      fn cost(A, Y) { d = A - Y; return mean(d.^2 + (1 - Y).*A*k) }
      net = network(\(layers)); h = train(net, X, Y, loss = cost, \(settings));
      """)
    let branching = try running(
      """
      seed(4); X, Y = moons(120, 0.1); k = 0.5; act = x -> x .* sigmoid(x*k)
      fn cost(A, Y) { if true { d = A - Y; return mean(d.^2 + (1 - Y).*A*k) } }
      net = network(\(layers)); h = train(net, X, Y, loss = cost, \(settings));
      """)
    #expect(isStraight("cost", straight) && !isStraight("cost", branching))
    try straight.expectClose("h.cost", try branching.numbers("h.cost"), 1e-12, "cost")
    try straight.expectClose("net.W1", try branching.numbers("net.W1"), 1e-12, "W1")
  }

  private func isStraight(_ name: String, _ interpreter: Interpreter) -> Bool {
    guard case .function(let function)? = interpreter[name] else { return false }
    return StraightFunction.result(of: function, [.tracked, .data], interpreter.machine) == .tracked
  }

  /// Costs that a plan of the first batch would get wrong, or that have more to do than compute.
  @Test(arguments: [
    "(A, Y) -> mean((A - Y).^2)/sum(Y + 1)",
    "(A, Y) -> mean((A - Y).^2 .* (2*(Y + 1)))",
    "(A, Y) -> (A*Y')^2/100",
    "(A, Y) -> mean((A - Y).^2)*columns(Y)",
  ])
  func costsOfTheBatchAloneAreComputedForEachBatch(_ cost: String) throws {
    let data = "seed(4); X = randn(2, 40); Y = rand(1, 40); "
    let settings = "batch = 10, epochs = 3, optimizer = sgd(0.1)"
    let program = { (body: String) in
      data
        + "net = network(dense(2, 3, tanh), dense(3, 1)); \(body); h = train(net, X, Y, loss = c, \(settings));"
    }
    let plain = try running(program("c = \(cost)"))
    let branching = try running(program("f = \(cost); c = (A, Y) -> map(g -> g(A, Y), list(f))[1]"))
    #expect(!isStraight("c", plain))
    try plain.expectClose("h.cost", try branching.numbers("h.cost"), 1e-12, cost)
  }

  @Test func manyFeaturesTrainTheSameHoweverTheyLie() throws {
    // Wide enough for examples on rows; one branch in the cost, and it is recorded with examples in columns.
    let data = "seed(2); X = randn(40, 70); Y = rand(1, 70) > 0.5; net = network([40, 5, 1], tanh, sigmoid); "
    let settings = "optimizer = momentum(0.05), epochs = 3, batch = 16"
    let rows = try running(data + "h = train(net, X, Y, loss = bce, \(settings));")
    let columns = try running(
      data + "fn c(A, Y) { if true { return bce(A, Y) } }; h = train(net, X, Y, loss = c, \(settings));")
    try rows.expectClose("h.cost", try columns.numbers("h.cost"), 1e-12, "cost")
    try rows.expectClose("net.W1", try columns.numbers("net.W1"), 1e-12, "W1")
  }

  @Test func dataTooLargeToTurnIsTakenInWindows() throws {
    let interpreter = try running("seed(3); X = randn(3, 50);")
    guard case .matrix(let source)? = interpreter["X"] else { return }
    let order = (0..<50).map { Int32(($0 * 17) % 50) }
    for room in [7, 14, 49, 50] {
      var examples = try Examples(source, size: 7, room: room, in: interpreter.resources)
      let scratch = try Matrix(repeating: 0, Shape(7, 3), in: interpreter.resources)
      for start in [0, 7, 14, 21, 28, 35, 42, 49, 0, 21] {
        let width = min(7, 50 - start)
        let rows = examples.rows(from: start, width, order, room: scratch.mutablePointer)
        let batch = try Matrix(repeating: 0, Shape(3, width), in: interpreter.resources)
        for k in 0..<width {
          for feature in 0..<3 { #expect(rows[k * 3 + feature] == source[feature, Int(order[start + k])]) }
        }
        examples.copyColumns(from: start, order, into: batch)
        #expect(batch[1, width - 1] == source[1, Int(order[start + width - 1])])
      }
      examples.startEpoch()
    }
  }
}
