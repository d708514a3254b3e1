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

  @Test func anInterruptKeepsFinishedEpochs() throws {
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
}
