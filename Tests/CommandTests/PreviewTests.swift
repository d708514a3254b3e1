import NNLanguage
import Testing

/// What a line would give, before it is entered.
struct PreviewTests {
  private func interpreter() throws -> (Interpreter, MemoryHost) {
    let host = MemoryHost()
    let interpreter = try Interpreter(host: host)
    try interpreter.run(
      """
      seed(1)
      X = ones(3, 100); W1 = zeros(4, 3); W = zeros(4, 2); b1 = zeros(4, 1); v = [1 2 3]; n = 5
      fn mine(a) = a
      param P = ones(4, 3)
      Z = P*X
      """)
    try interpreter.run(Source(name: "answer", text: "3 + 4;"), isInteractive: true)
    return (interpreter, host)
  }

  @Test(arguments: [
    ("W1*X + b1", Interpreter.Preview.shape("4×100")), ("Z1 = tanh(W1*X)", .shape("4×100")),
    ("param Q = randn(2, n)", .shape("2×5")), ("X'", .shape("100×3")), ("X[:, 1]", .value("[1; 1; 1]")),
    ("X[2, :]", .shape("1×100")), ("X[:, 2:end]", .shape("3×99")), ("sum(X)", .value("300")),
    ("sum(X, 1)", .shape("1×100")), ("mean(X, dim = 2)", .value("[1; 1; 1]")), ("[X; X]", .shape("6×100")),
    ("[v v]", .value("[1, 2, 3, 1, 2, 3]")), ("1:1000", .shape("1×1000")), ("n*2", .value("10")),
    ("v .* 2", .value("[2, 4, 6]")),
    ("W1 \\ b1", .value("[0; 0; 0]")), ("A = W1*X; A'*A", .shape("100×100")), ("P*X", .shape("4×100")),
    ("zeros(1e9, 1e9)", .shape("1000000000×1000000000")), ("rows(X)", .value("3")),
    ("rand(2, 2)", .shape("2×2")), ("repmat(v, 2, 3)", .shape("2×9")), ("onehot(v, 4)", .shape("4×3")),
    ("n += 1", .value("6")), ("X -= 1", .shape("3×100")), ("ans*2", .value("14")),

    ("W1[1, :] = v", .value("[1, 2, 3]")), ("v .^ 2; v + 1", .shape("1×3")), ("n > 3 && n < 9", .value("1")),
    ("max(X, dim = 1)", .shape("1×100")),
  ])
  func saysShapesAndSmallValues(_ line: String, _ preview: Interpreter.Preview) throws {
    #expect(try interpreter().0.preview(line) == preview)
  }

  @Test(arguments: [
    ("W*X", "4×2 times 3×100 do not fit"), ("X + W", "3×100 and 4×2 do not fit"),
    ("b1 + v", "4×1 and 1×3 would both have to stretch"), ("[X; W]", "3×100 and 4×2 do not fit"),
    ("W^2", "4×2 is not square: .^ works element by element"),
    ("A = W*X; A + 1", "4×2 times 3×100 do not fit"),
    ("v[4]", "there is no element 4: it has 3"), ("W[5, 1]", "there is no row 5: it has 4"),
    ("W1 || 1", "|| takes one number: any or all makes one of a 4×3"), ("W*W; n", "4×2 times 4×2 do not fit"),
    ("(W1*X)^0.5", "4×100 is not square: .^ works element by element"),
    ("[1 2; 3 4]^0.5", "the power of a matrix is a whole number: .^ works element by element"),
    ("2^v", "1×1 ^ 1×3: .^ works element by element"), ("reshape(v, 2, 2)", "1×3 has 3 elements, 2×2 has 4"),
    ("v[1] = W", "the place is 1×1, the value 4×2"), ("X += W", "3×100 and 4×2 do not fit"),
  ])
  func saysWhatDoesNotFit(_ line: String, _ message: String) throws {
    #expect(try interpreter().0.preview(line) == .mismatch(message))
  }

  @Test(arguments: [
    "", "W1*", "nothing", "mine(X)", "print(X)", "3", "-3", "dW1 = ?", "while true { }", "fn f(x) = x",
    "read(\"x\")",
    "seed(3)", "x = ", ")", "mine", "\"text\"", "backward(Z)", "error(\"no\")",
  ])
  func isSilentOtherwise(_ line: String) throws {
    #expect(try interpreter().0.preview(line) == nil)
  }

  /// Nothing at all changes: not the variables, not `ans`, not the random numbers, and nothing is shown.
  @Test func hasNoEffect() throws {
    let (interpreter, host) = try interpreter()
    let (other, _) = try self.interpreter()
    for line in ["n + 1", "rand(2, 2)", "n = 7", "P = P + 1", "v[1] = 9", "Z + 1", "n += 1", "ans", "sum(v)"]
    {
      _ = interpreter.preview(line)
    }
    #expect(host.output == "")
    #expect(interpreter.variableNames == other.variableNames)
    try interpreter.run("x = rand(1, 3)")
    try other.run("x = rand(1, 3)")
    for name in interpreter.variableNames where interpreter[name]?.shape != nil {
      #expect(try interpreter.echo(name) == other.echo(name), "\(name)")
    }
    #expect(interpreter.role(of: "Z") == .computed)
  }

  /// However large the matrices are, finding a shape computes nothing.
  @Test func isQuick() throws {
    let (interpreter, _) = try interpreter()
    try interpreter.run("B = zeros(2000, 2000)")
    let clock = ContinuousClock()
    let duration = clock.measure {
      for _ in 0..<20 { #expect(interpreter.preview("B*B*B + B") == .shape("2000×2000")) }
    }
    #expect(duration < .seconds(2))
  }

  @Test func givesUpWhenItIsStale() throws {
    #expect(try interpreter().0.preview("sum(X)") { true } == .shape("1×1"))
  }
}

/// All variables, in a file and back.
struct WorkspaceTests {
  private func session(_ text: String) throws -> Interpreter {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run(text)
    return interpreter
  }

  @Test func keepsEveryKindOfValue() throws {
    let before = try session(
      """
      seed(3)
      x = pi; A = [1 nan; -0 1e300]; s = "a \\"quoted\\" σ: 3"; empty = []; nested = list(1, "two", list([3 4], sum))
      param W = randn(2, 3); r = randn(1, 1)
      net = network(dense(2, 3, tanh), dropout(0.5), dense(3, 1, sigmoid)); same = net
      fn mine(a) = a
      digits(9)
      """)
    let (bytes, omitted) = try before.workspace()
    #expect(omitted == ["mine"])
    let after = try session("x = 1; other = 2")
    let names = try after.load(workspace: bytes, name: "x.nnw")
    #expect(Set(names) == ["x", "A", "s", "empty", "nested", "W", "r", "net", "same"])
    for name in names { #expect(try after.echo(name) == before.echo(name), "\(name)") }
    #expect(after["other"]?.number == 2)
    #expect(after.role(of: "W") == .param)
    #expect(after.digits == 9)
    for interpreter in [before, after] {
      try interpreter.run("y = randn(1, 5); same.W1[1, 1] = 7; z = net.W1[1, 1]")
    }
    #expect(try after.echo("y") == before.echo("y"))
    #expect(after["z"]?.number == 7)
  }

  /// Whatever is done to the bytes, they give variables or an error.
  @Test func damagedFilesAreErrors() throws {
    let (bytes, _) = try session("A = [1 2; 3 4]; s = \"text\"; l = list(1, 2)").workspace()
    for length in stride(from: 0, to: bytes.count, by: 7) {
      let interpreter = try session("x = 1")
      #expect(throws: Diagnostic.self) {
        _ = try interpreter.load(workspace: Array(bytes.prefix(length)), name: "cut.nnw")
      }
      #expect(interpreter.variableNames == ["x"])
    }
    for place in bytes.indices.prefix(1_000) {
      var changed = bytes
      changed[place] ^= 0x11
      let interpreter = try session("x = 1")
      if (try? interpreter.load(workspace: changed, name: "changed.nnw")) == nil {
        #expect(interpreter.variableNames == ["x"])
      }
    }
  }
}
