import NNLanguage
import Testing

/// Programs that once did something else, each for a reason worth keeping.
@Suite struct RegressionTests {
  private func run(_ text: String, files: [String: String] = [:]) throws -> (
    output: String, interpreter: Interpreter
  ) {
    let host = MemoryHost()
    for (name, text) in files { host.files[name] = Array(text.utf8) }
    let interpreter = try Interpreter(host: host)
    try interpreter.run(text, name: "main.nn")
    return (host.output, interpreter)
  }

  private func message(_ text: String, files: [String: String] = [:]) throws -> String {
    do {
      _ = try run(text, files: files)
      return ""
    } catch let error as Diagnostic { return ([error.message] + error.hints).joined(separator: " | ") }
  }

  /// A function's registers may begin where those of the top level do.
  @Test(arguments: ["f()", "y = f(); y", "print(f())", "x = 1; f()"])
  func functionsHaveTheirOwnParams(_ call: String) throws {
    let function = "fn f() { param w = 2; J = w^2; backward(J); step(0.25); forward(J); return J + 10*dw }\n"
    #expect(try run(function + call).output.hasSuffix("41\n"))
  }

  @Test func filesMayIncludeFiles() throws {
    let files = [
      "a.nn": "m = m + 1\ninclude \"b.nn\"\n", "b.nn": "m = 10*m", "self.nn": "include \"self.nn\"",
      "other.nn": "include \"self.nn\"",
    ]
    #expect(try run("m = 1\ninclude \"a.nn\"\nprint(m)", files: files).output == "20\n")
    #expect(try message("include \"other.nn\"", files: files) == "self.nn includes itself")
    #expect(
      try message("fn f() { include \"b.nn\" }\nf()", files: files) == "include stands only outside functions"
    )
  }

  @Test func errorsSayWhoIncludedTheFile() throws {
    let files = [
      "lib.nn": "x = 1\ny = zeros(2, 3)*zeros(2, 3)\n", "mid.nn": "\ninclude \"lib.nn\"\n",
      "wrong.nn": "x = (1\n",
      "f.nn": "fn f(x) = x*zeros(2, 3)\n", "call.nn": "f(1)\nf(ones(3, 3))\n",
      "lost.nn": "include \"nowhere.nn\"\n",
    ]
    for (program, notes) in [
      ("x = 1\ninclude \"mid.nn\"", ["included from mid.nn:2", "included from main.nn:2"]),
      ("include \"wrong.nn\"", ["included from main.nn:1"]),
      (
        "include \"f.nn\"\n\ninclude \"call.nn\"", ["in f, called at call.nn:2:1", "included from main.nn:3"]
      ),
      ("include \"lost.nn\"", ["included from main.nn:1"]),
      (
        "for i in 1:3 { include \"lib.nn\" }",
        ["in round 1 of the for in line 1 of main.nn", "included from main.nn:1"]
      ),
      ("include \"nowhere.nn\"", []),
    ] as [(String, [String])] {
      let host = MemoryHost()
      for (name, text) in files { host.files[name] = Array(text.utf8) }
      let interpreter = try Interpreter(host: host)
      let error = #expect(throws: Diagnostic.self) { try interpreter.run(program, name: "main.nn") }
      let lines = error?.description.split(separator: "\n").filter { $0.contains("· ") }
        .map { $0.drop { $0 == " " || $0 == "·" } }.map(String.init)
      #expect(lines == notes, "\(error?.description ?? "")")
    }
  }

  /// Statements of an included file come before those behind the include, whatever was read first.
  @Test func forwardAndCheckSeeThroughIncludes() throws {
    let files = [
      "layer.nn": "H = tanh(W*X)\n", "params.nn": "X = [1; 2]; param W = [1 2; 3 4]/10\n",
      "cost.nn": "J = sum(H.^2)\n",
    ]
    let text = """
      include "params.nn"
      include "layer.nn"
      if 1 { include "cost.nn" }
      backward(J); step(0.1); forward(J)
      dH = 2*H; dZ = dH .* (1 - H.^2); dW = dZ*X'
      check(J)
      """
    let run = try run(text, files: files)
    #expect(run.output.hasSuffix("all 2 lines are right\n"), "\(run.output)")
    let explanation = try run.interpreter.explanation(of: "J")
    #expect(explanation.forward.map(\.text) == ["H = tanh(W*X)", "J = sum(H.^2)"])
  }

  @Test(arguments: [
    ("param A = [1 2; 3 5]; J = sum(svd(A)) + sum(A)", "no derivative"),
    ("param A = [1 2; 3 5]; J = sum(svd(A)); backward(J)", "no derivative"),
    ("grad(x -> sum(unique(x)), [1 2 3])", "no derivative"),
    ("grad(x -> sum(eig(x + x')), [1 2; 3 4])", "no derivative"),
    ("param w = 3; z = zeros(1, 2); z[1] = w; J = sum(z)*w", "z[1] = w in line 1 put it there"),
    ("param w = 3; z = zeros(1, 2); z[1] = w; y = 2*z; J = y[1]*w", "z[1] = w in line 1 put it there"),
    ("param w = 3; z = zeros(1, 2); z[1] = w; J = sum(z); backward(J)", "z[1] = w in line 1 put it there"),
    ("param w = 3; z = zeros(1, 2); z[1] = w; y = [z 1]; y[2] = 5; J = mean(y)*w", "put it there"),
  ])
  func whatLeftTheGraphCannotComeBackSilently(_ text: String, _ wanted: String) throws {
    let message = try message(text)
    #expect(message.contains(wanted), "\(message)")
  }

  @Test func whatLeftTheGraphIsDataToEverythingElse() throws {
    let text = """
      param w = 3; costs = zeros(1, 3)
      for k in 1:3 { J = w^2; costs[k] = J; backward(J); step(0.1) }
      print(costs[1] > costs[3], mean(costs) > 0, max(costs))
      if costs[1] > 1 { print("fell by {costs[1] - costs[3]:.3f}") }
      best = detach(min(costs)); K = w*best; backward(K)
      """
    #expect(try run(text).output == "1 1 9\nfell by 5.314\n")
    #expect(
      try run("param w = [1 2 3]; J = sum(matrix(list(w[1], w[2])).^2); backward(J); dw").output.contains(
        "2  4  0"))
  }

  @Test func listsGrowInPlaceAndAreValues() throws {
    let text = """
      xs = list(); for i in 1:20000 { xs = append(xs, i) }
      ys = xs; xs = append(xs, "new")
      print(length(xs), length(ys), xs[20001])
      fn f(zs) { zs = append(zs, 1, 2); return zs }
      print(length(f(ys)), length(ys)); ys = append(ys, ys); print(length(ys))
      """
    #expect(try run(text).output == "20001 20000 new\n20002 20000\n20001\n")
    let host = MemoryHost()
    let small = try Interpreter(host: host, memoryLimit: 400_000)
    #expect(throws: Diagnostic.self) { try small.run("xs = list(1)\nrepeat 1e6 { xs = append(xs, 1) }") }
    try small.run("print(length(xs) > 1000, xs[1])")
    #expect(host.output == "1 1\n")
  }

  @Test func listsThatShareThemselvesAreShown() throws {
    let run = try run("xs = list(1); repeat 60 { xs = list(xs, xs) }\nys = xs\nprint(all(xs == ys))\nxs")
    #expect(run.output.hasPrefix("1\n"))
    #expect(run.output.utf8.count < 20_000)
  }

  @Test(arguments: [
    ("g = backward", "backward is no value: it is called, backward(J)"),
    ("bce([0.5 0.5], [1 0 1])", "a cost compares element by element: both shapes must be equal"),
    ("[1 2; 3 4] \\ [1; 2; 3]", "needs as many rows in [1; 2; 3] as in [1 2; 3 4]"),
    ("xs = list(1, 2); xs[3]", "append(xs, x) is xs with x at its end"),
    ("x = []; x[1]", "[x, y] is x with y at its end"),
    ("args = list(); args[1]", "the script got no arguments"),
    ("net = network([2, 2], tanh); net.Z1", "net.Z1 has no value yet | forward(net, X) computes it"),
    (
      "net = network([2, 2], tanh); net.dW1",
      "net.dW1 has no value yet | a cost J of forward(net, X), then backward(J)"
    ),
    (
      "net = network([2, 1], sigmoid); J = bce(forward(net, [1; 2]), 1); backward(J); step(0.5)",
      "step(net, 0.1)"
    ),
    ("net = network([2, 1], sigmoid); net([1; 2])", "predict(net, X)"),
    (
      "X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, optimizer = adam)",
      "adam(0.01) makes one"
    ),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, loss = \"bce\")", "without quotes: bce"),
    ("a = [1; 2]; b = [1 2]; np.dot(a, b)", "here it is a*b"),
    ("param w = 3; J = w^2; explain(J, v)", "v is not defined"),
    (
      "sin(1) = 2",
      "sin is a function, and nothing can be assigned to what it gives | equal is `==`: `sin(1) == 2`"
    ),
    (
      "param w = 1; J = w^2; explain(J, as = numpy)",
      "numpy is not defined | a notation stands in quotes: as = \"numpy\""
    ),
    ("param w = 1; J = w^2; backward(J); step(lr)", "lr is not defined"),
    ("X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, adam)", "optimizer = adam(0.01)"),
    (
      "X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, loss = sin)",
      "loss is a function of A and Y, and sin does not take two arguments"
    ),
    (
      "X, Y = xor(); net = network([2, 1], sigmoid); train(net, X, Y, loss = (A, Y) -> 3)",
      "and this is a number that does not depend on it"
    ),
    ("net = network([2, 1], sigmoid); forward(net, X)", "X is not defined"),
    ("A = [1 2]; A.map(sin)", "map is a function, and its arguments stand in parentheses: map(…)"),
    ("A = [1 2]; A.dot(A)", "a 1×2 matrix has no fields | the matrix product is `A*B`"),
    ("list(1, 2)[3]", "list(1, 2) has 2 elements, counted from 1"),
    ("include \"\"", "the path of the file to include is empty"),
    ("f = x -> x^2; f(1, 2)", "x -> x^2 takes 1 argument (x), not 2"),
    ("fn f() { x = 1 }; y = f()", "the function gives no result, and 1 is wanted"),
    ("[1 2; 3]", "[a; b] needs as many columns in both: 2 and 1 here"),
  ])
  func messagesNameTheThing(_ text: String, _ wanted: String) throws {
    let message = try message(text)
    #expect(message.contains(wanted), "\(message)")
  }

  @Test(
    "a value may be written into itself",
    arguments: [
      ("s = 1.5; s[1] = s; print(s)", "1.5"),
      ("A = 1:3; A[3:-1:1] = A; print(A)", "3  2  1"),
      ("A = [1 2; 3 4] + 0; A[[2 1], :] = A; print(A[1, :])", "3  4"),
      ("param W = 1:3; W[3:-1:1] = W; print(W)", "3  2  1"),
      ("L = list(1, 2); L[1] = L; print(L)", "list(list(1, 2), 2)"),
    ])
  func selfAssignment(_ program: String, _ wanted: String) throws {
    #expect(try run(program).output.contains(wanted))
  }

  @Test(
    "a comparison is a mask whatever it gives",
    arguments: [
      ("X = [1 2; 3 4]; Y = [1 1]; print(sum(X[:, Y == 1]))", "10"),
      ("X = [1 2; 3 4]; X[:, [1 1] == 1] = 0; print(sum(X))", "0"),
      ("X = [1; 2]; Y = 0; print(size(X[:, Y == 1], 2))", "0"),
      ("x = 5; print(numel(x[x > 7]), x[x > 3])", "0 5"),
      ("A = [1 2; 3 4; 5 6]; print(sum(A[A[:, 1] > 0, :]))", "21"),
      ("A = [1 2; 3 4; 5 6]; k = A[:, 1] > 0; print(sum(A[k, :]))", "21"),
      ("A = [1 2; 3 4]; A[!(A > 2)] = 0; A[A > 2] += 10; print(sum(A))", "27"),
      ("a = [5 6 7]; print(sum(a[[1 1 1]])); a[[1 1 1]] += 1; print(a[1], a[2])", "15\n6 6"),
      ("a = [5 6 7]; print(sum(a[[1 0 1]])); print(sum(eye(2)[:, [1 1]]))", "12\n2"),
      ("a = [5 6]; seed(1); n = 0; repeat 20 { n += numel(a[randint(1, 2, 1, 2)]) }; print(n)", "40"),
      ("x = list(\"a\", \"b\"); print(x[[1 1] == 1])", "list(\"a\", \"b\")"),
    ])
  func masks(_ program: String, _ wanted: String) throws {
    #expect(try run(program).output == wanted + "\n")
  }

  @Test func masksOfAnotherLengthAreNamed() throws {
    #expect(
      try message("X = [1 2; 3 4]; X[:, [1 0 1] == 1]").hasPrefix(
        "the mask has 3 elements, and X has 2 columns"))
  }

  @Test(
    "results that are computed do not disturb each other",
    arguments: [
      ("fn f(a) { return 2*a + 1, 3*a }\np, q = f(2)\nprint(p, q)", "5 6"),
      ("fn f(A) { return sum(A), sum(A) + 1, sum(A) + 2 }\na, b, c = f([1 2 3])\nprint(a, b, c)", "6 7 8"),
    ])
  func severalResults(_ program: String, _ wanted: String) throws {
    #expect(try run(program).output == wanted + "\n")
  }

  @Test("what does not fit in `A += B` is an error", arguments: ["A +=", "A -=", "A *=", "A[1, :] +="])
  func compoundAssignmentsThatDoNotFit(_ target: String) throws {
    #expect(try message("A = zeros(2, 2); \(target) zeros(3, 3)").hasPrefix("shapes do not fit"))
    #expect(try message("param A = zeros(2, 2); \(target) zeros(3, 3)").hasPrefix("shapes do not fit"))
  }

  @Test(
    "builtins call builtins",
    arguments: [
      ("print(map(map, list(x -> x + 1, x -> x*2), list([1 2 3], [4 5 6])))", "list([2, 3, 4], [8, 10, 12])"),
      ("print(reduce(map, list(x -> x + 1, [1 2 3])))", "2  3  4"),
      ("print(map(reduce, list((a, b) -> a + b), list([1 2 3])))", "list(6)"),
    ])
  func builtinsAsArguments(_ program: String, _ wanted: String) throws {
    #expect(try run(program).output.contains(wanted))
  }

  @Test(
    "functions that training calls cannot change what is trained",
    arguments: [
      "J = mse(forward(net, X), Y); backward(J); step(net, sgd(k -> change(net)))",
      "train(net, X, Y, optimizer = sgd(k -> change(net)))",
      "train(net, X, Y, optimizer = adam(k -> change(net)), batch = 2)",
      "fn loss(A, Y) { change(net); return mse(A, Y) }\ntrain(net, X, Y, loss = loss)",
    ])
  func effectsOfLearningRates(_ line: String) throws {
    for change in ["n.W1 = zeros(20, 5)", "n.W1[1, 1] = 5", "train(n, X, Y, epochs = 1)"] {
      let program = """
        seed(1); net = network([5, 20, 1], tanh, sigmoid); X = randn(5, 4); Y = [0 1 1 0]
        fn change(n) { \(change); return 0.1 }
        \(line)
        """
      #expect(try message(program).hasSuffix("by a function that the network's own training calls"))
    }
  }

  @Test func learningRatesMayNotMoveParams() throws {
    let program = """
      param w = [1 2]; J = sum(w.^2); backward(J)
      fn rate(k) { keep = w; step(0.1); return 0.1 }
      step(sgd(rate))
      """
    #expect(try message(program).hasPrefix("the function that gives the learning rate has moved params"))
  }

  @Test func endBelongsToItsOwnFunction() throws {
    #expect(try message("x = [5 6 7]; x[map(i -> end, [1])]").hasPrefix("end stands outside"))
  }

  @Test("counts that an instruction cannot hold are errors")
  func manyResults() throws {
    let ones = Array(repeating: "1", count: 65_536).joined(separator: ", ")
    #expect(try message("fn f(x) { return \(ones) }\nmap(f, [1 2])").contains("at most 65535 results"))
    #expect(try message("A = [1]; A[\(ones)]").hasPrefix("a matrix takes one or two subscripts"))
  }

  @Test func conditionsOfAnyLength() throws {
    let terms = Array(repeating: "1", count: 200_000).joined(separator: " && ")
    #expect(try run("if \(terms) { print(\"all\") }").output == "all\n")
    #expect(try run("if \(terms) && 0 { print(\"all\") } else { print(\"not\") }").output == "not\n")
  }

  /// A named argument far to the right makes a call longer than the registers that were reserved for it.
  @Test(
    "functions called by a call with names have registers of their own",
    arguments: [
      "X, Y = xor(); net = network([2, 3, 1], tanh, sigmoid); h = train(net, X, Y, seed = 3, epochs = 2, "
        + "loss = (A, Y) -> 1 - (2 - (3 - (4 - sum((A - Y).^2)))))",
      "X = [1 2; 3 4]; param W = [1 2]; J = sum(W*(1-(2-(3-(4-(5-(6-(7-(8-(9-X)))))))))); explain(J, as = \"latex\")",
    ])
  func namedCallsThatCallBack(_ program: String) throws {
    _ = try run(program)
  }

  /// Wherever a name without a value stands, the message says which.
  @Test(arguments: [
    "x = Bx'*[1 2]", "A = ones(2, 2); A*Bx'", "Bx'", "x = [1 2]*Bx'", "Bx && 1", "1 && Bx", "0 || Bx",
    "if 1 && Bx { 1 }", "L = list(1); L[1] = Bx", "x = [1 2]; x[1] = Bx", "x = 3; x[1] = Bx",
    "t = read(\"t.csv\"); t.a = Bx", "t = read(\"t.csv\"); t[\"a\"] = Bx", "x = [1 2]; x[1] += Bx",
    "net = network([2, 1], tanh); net.W1 = Bx", "net = network([2, 1], tanh); net.W1[1, 1] = Bx",
    "x = Bx' \\ 3",
    "\"{Bx'}\"", "sum(Bx')", "[1 Bx]", "1:Bx",
  ])
  func whatIsNotDefinedIsNamed(_ text: String) throws {
    let message = try message("By = 1; " + text, files: ["t.csv": "a,b\n1,2\n"])
    #expect(message.hasPrefix("Bx is not defined"), "\(message)")
  }

  @Test(arguments: [
    ("pow(2, 3)", "a power is `x^2`, element by element `A.^2`"), ("W = 1; W^T", "the transpose is `A'`"),
    ("Wᵀ", "the transpose is `W'`"), ("x²", "a power is `x^2`"), ("outer(1, 2)", "`a*b'` of two columns"),
    ("square(3)", "`A.^2`"), ("NA", "`nan`"), ("null", "there is no such value"),
    ("fix(-1.5)", "`sign(x) .* floor(abs(x))`"), ("rem(-3, 2)", "`sign(a) .* mod(abs(a), abs(b))`"),
    ("np.sum([1 2], axis=0)", "here it is sum([1 2], dim = 1)"), ("np.sum([1 2], 1)", "sum([1 2], dim = 2)"),
    ("np.maximum(0, [1])", "here it is max(0, [1])"), ("np.array([1 2])", "here it is [1 2]"),
    ("np.array([[1, 2], [3, 4]])", "here it is [1, 2; 3, 4]"), ("torch.tensor([1,2])", "here it is [1,2]"),
    ("np.random.randn(4,2)", "here it is randn(4, 2)"), ("np.pi", "here it is pi"),
    ("np.vstack([1 2], [3 4])", "`[A; B]`"), ("np.unheard(3)", "everything is built in"),
    ("tahn(1)", "did you mean tanh?"), ("lenght(1)", "did you mean length?"),
    ("meen(1)", "did you mean mean?"),
    ("x = [1; 2; 3]; x[4]", "[x; y] is x with y at its end"), ("x = [1; 2]; x[3] = 7", "[x; 7] is x with 7"),
    ("X = [1 2; 3 4]; X[3, :] = [5 6]", "[X; [5 6]] is X with [5 6] below"),
    ("X = [1 2; 3 4]; X[:, 3] = [5; 6]", "[X, [5; 6]] is X with [5; 6] at its right"),
    ("X = [1 2; 3 4]; X[3, 1] = 5", "[X; row] is X with another row below"),
    ("x = [1 2 3]; x[2] = []", "what is to stay is picked: x = x[[1:1, 3:end]]"),
    ("X = [1 2; 3 4]; k = 2; X[:, k] = []", "X = X[:, [1:k - 1, k + 1:end]]"),
  ])
  func hintsSayWhatToWrite(_ text: String, _ wanted: String) throws {
    let message = try message(text)
    #expect(message.contains(wanted), "\(message)")
  }

  @Test(arguments: [
    ("t.b == \"y\"", "[1; 0; 1]"), ("\"y\" == t.b", "[1; 0; 1]"), ("t.b != \"y\"", "[0; 1; 0]"),
    ("t[t.b == \"y\"].a", "[1; 3]"), ("t.a[t.b != \"y\"]", "2"), ("sum(t.b == t.c)", "2"),
    ("(t.b != t.c)'", "[0 0 1]"), ("list(\"a\", 1) == \"a\"", "[1; 0]"),
    ("list(1, [1 2], list(1)) == list(1, [1 2], list(2))", "[1; 1; 0]"), ("list(\"a\") == \"a\"", "1"),
    ("size(list() == list())", "[0 1]"), ("\"a\" == \"a\"", "1"),
    ("x = 0; if list(\"a\") == \"a\" { x = 1 }; x", "1"), ("numel(find(t.b == \"y\"))", "2"),
  ])
  func listsAreComparedElementByElement(_ text: String, _ expected: String) throws {
    let statements = text.split(separator: ";").map(String.init)
    let program = """
      t = read("t.csv"); \(statements.dropLast().joined(separator: ";"))
      r = (\(statements.last ?? "")); want = \(expected)
      assert(all(size(r) == size(want))); assert(all(r == want))
      """
    _ = try run(program, files: ["t.csv": "a,b,c\n1,y,y\n2,n,n\n3,y,n\n"])
  }

  @Test(arguments: [
    ("list(1, 2) == list(1)", "these have 2 and 1"),
    ("list(1, 2) == 1", "a list cannot be compared with a number"),
    ("if list(1, 2) == list(1, 2) { 1 }", "this compares 2 elements of a list | any(…)"),
    ("X = [1 2; 3 4]; X[:, [1 0 1] == 1]", "the mask has 3 elements, and X has 2 columns"),
    ("X = [1 2; 3 4]; X[[0 1 1], :] = 3", "the mask has 3 elements, and X has 2 rows"),
    ("x = 1:4; x[[1 0]]", "the mask has 2 elements, and x has 4 elements"),
    ("xs = list(1, 2); xs[[1 0 1]]", "the mask has 3 elements, and xs has 2 elements"),
    ("x = 1:4; x[[1 0 2]]", "x has no element 0"), ("x = 1:4; x[0]", "x has no element 0"),
    ("t = read(\"t.csv\"); t[map(s -> s == \"y\", t.b)]", "a subscript is a number, and this is a list"),
    ("svd([1 nan; 3 4])", "svd needs finite numbers, and this matrix holds nan at [1, 2]"),
    ("eig([1 2; inf 4])", "eig needs finite numbers, and this matrix holds inf at [2, 1]"),
    ("rank([1 2; 3 -inf])", "rank needs finite numbers, and this matrix holds -inf at [2, 2]"),
  ])
  func whatDoesNotFitIsSaid(_ text: String, _ wanted: String) throws {
    let message = try message(text, files: ["t.csv": "a,b\n1,y\n2,n\n"])
    #expect(message.contains(wanted), "\(message)")
  }

  /// A guess that has little in common with what was written helps nobody.
  @Test(arguments: ["cross", "kron", "plot", "triu", "chol", "diffuse", "unheard"])
  func noNameIsGuessedWithoutLikeness(_ name: String) throws {
    #expect(try message(name + "(1)") == "there is no function \(name)")
  }

  /// What hints spell does what is asked for.
  @Test func hintsCanBeFollowed() throws {
    let text = """
      x = [-1.5 2.5]; assert(all(sign(x) .* floor(abs(x)) == [-1 2]))
      a = -3; b = 2; assert(sign(a) .* mod(abs(a), abs(b)) == -1)
      x = [1 2 3]; assert(all(x[[1:1, 3:end]] == [1 3]))
      k = 3; x = [1; 2; 3]; assert(all(x[[1:k - 1, k + 1:end]] == [1; 2]))
      """
    #expect(try run(text).output.isEmpty)
  }

  @Test func marksStayWhereAMatrixIsCopiedForWriting() throws {
    let program = "param w = 2; X = [1 2]; X[1] = w; Y = X; X[2] = 5; J = sum(w*X)"
    #expect(try message(program).contains("X[1] = w"))
  }

  @Test func namesOfStatementsMayBeVariables() throws {
    #expect(try run("step = 3; print(step); backward = 2; print(backward + step)").output == "3\n5\n")
  }
}
