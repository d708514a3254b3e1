import Testing

@testable import NNLanguage

/// What is marked under an error: the argument that is wrong, not the whole call.
@Suite struct ErrorPlaceTests {
  /// A program, and what is marked in it.
  static let programs: [(program: String, marked: String)] = [
    ("linspace(0, 1, n = -3)", "-3"), ("linspace(0, 1, m = 3)", "m = 3"), ("sum([1 2], dim = 3)", "3"),
    ("fn f(x) = x; f(y = 2)", "y = 2"), ("fn f(x) = x; f(1, x = 3)", "x = 3"),
    ("leaky_relu([1 2], slope = \"a\")", "\"a\""), ("seed(-1)", "-1"), ("randint(0, 1.5)", "1.5"),
    ("inv([1 2 3])", "[1 2 3]"), ("moons(10, noise = -1)", "-1"), ("adam(beta1 = 2)", "2"),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, epochs = \"x\")", "\"x\""),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, epoch = 3)", "epoch = 3"),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, seed = -1)", "-1"),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, loss = sin)", "sin"),
    ("net = network([2, 1], sigmoid); predict(net, [1 2 3])", "[1 2 3]"),
    ("net = network([2, 1], sigmoid); forward(net, \"a\")", "\"a\""), ("backward(J)", "J"),
    ("forward(J)", "J"),
    ("explain(J)", "J"), ("check(J)", "J"), ("health(J)", "J"), ("gradcheck(J)", "J"),
    ("param w = 1; J = w^2; explain(J, as = numpy)", "numpy"), ("param w = 1; J = w^2; explain(J, v)", "v"),
    ("param w = 1; J = w^2; backward(J); step(lr)", "lr"), ("J = 1; x = 2; grad(J, x)", "J"),
    ("param w = 1; J = w^2; y = 3; grad(J, y)", "y"), ("grad(x -> [x x], 1)", "x -> [x x]"),
    ("mean(list(1))", "list(1)"), ("write(\"a.csv\", [1 2])", "\"a.csv\""),
  ]

  @Test(arguments: programs) func isTheArgument(_ row: (program: String, marked: String)) throws {
    let session = try Session()
    let error = try #require(throws: Diagnostic.self) {
      try session.interpreter.run(Source(name: "test.nn", text: row.program))
    }
    let source = try #require(error.source)
    #expect(source.text(error.range) == row.marked, "\(error.description)")
  }

  /// A name of any length is looked up, and not compared letter by letter with all others.
  @Test(.timeLimit(.minutes(1))) func aVeryLongNameIsRefusedAtOnce() throws {
    let name = String(repeating: "x", count: 100_000)
    let session = try Session()
    let message = try #require(session.failure(of: "\(name) = 3; print(\(name)y)"))
    #expect(message.hasSuffix("… is not defined") && message.count < 80)
  }

  @Test func hintsUntransposeWhatIsTransposed() throws {
    let error = try #require(throws: Diagnostic.self) {
      try Session().interpreter.run("x = 1:4; y = [1; 2; 3; 4]\nx' + y'")
    }
    #expect(error.hints.contains("x has the shape of y'"), "\(error.hints)")
  }

  @Test func theEndOfTheTextIsBehindItsLastWord() throws {
    for text in ["z = x*\n", "z = x*\r\n\r\n", "z = x*"] {
      let error = try #require(throws: Diagnostic.self) { try Session().interpreter.run(text) }
      #expect(error.location?.hasSuffix(":1:7") == true, "\(error.description)")
    }
  }
}
