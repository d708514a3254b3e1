import NNLanguage
import Testing

/// Right programs in other conventions than the catalogue's, and what is said of mistakes in them.
@Suite("check in other conventions") struct CheckConventionTests {
  private static let forward = """
    X = [0 0 1 1 2; 0 1 0 1 3; 1 0 2 1 1]; Y = [0 1 1 0 1]; m = columns(X)
    seed(1); param W1 = randn(4, 3); param b1 = zeros(4, 1); param W2 = randn(1, 4); param b2 = 0
    Z1 = W1*X + b1; A1 = tanh(Z1); Z2 = W2*A1 + b2; A2 = sigmoid(Z2)
    J = bce(A2, Y)

    """
  private static let backward = """
    dZ2 = A2 - Y
    dW2 = dZ2*A1'/m
    dZ1 = W2'*dZ2 .* (1 - A1.^2)
    dW1 = dZ1*X'/m

    """

  private func report(_ program: String) throws -> CheckReport {
    let exercise = try Interpreter(host: MemoryHost()).runExercise(Source(name: "x.nn", text: program))
    return try #require(exercise.report, "\(exercise.failures.map(\.message))")
  }

  /// By gradient: what is wrong with it, or the verdict.
  private func verdicts(_ program: String) throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try report(program).lines.map { line in
        let kinds = line.mistakes.map(\.kind.rawValue).joined(separator: " ")
        return (line.gradient, kinds.isEmpty ? line.verdict.rawValue : kinds)
      })
  }

  private func correction(_ gradient: String, _ program: String) throws -> String? {
    try report(program).lines.first { $0.gradient == gradient }?.correction
  }

  // MARK: Lines entered again

  /// Who mends a line at the prompt enters it after the lines that read it.
  @Test(arguments: [
    "X = [1 2 3]; Y = [2 4 7]; param w = 0.5; P = w*X; J = mse(P, Y)\ndP = 2*(P - Y)\ndw = sum(dP .* X)/3\ndP = 2*(P - Y)",
    forward + backward + "dZ2 = A2 - Y\n",
    forward + backward + "dZ1 = W2'*dZ2 .* (1 - A1.^2)\ndZ2 = A2 - Y\n",
    forward + "dW1 = zeros(4, 3); dW2 = zeros(1, 4); dZ2 = 0; dZ1 = 0\n" + backward,
  ])
  func linesEnteredAgain(_ program: String) throws {
    let report = try report(program)
    #expect(report.isRight, "\(report.lines.map { ($0.gradient, $0.verdict) })")
    #expect(report.lines.map(\.line) == report.lines.map(\.line).sorted())
  }

  // MARK: Examples as rows

  static let rowPrograms = [
    // Classes of examples that are rows.
    """
    X = [1 2 3; 4 5 6; 7 8 10; 1 0 1]; Y = [1 0 0; 0 1 0; 0 0 1; 1 0 0]; m = 4
    seed(1); param W = randn(3, 3); Z = X*W; E = exp(Z); P = E ./ sum(E, 2)
    J = -sum(Y .* log(P))/m
    dZ = (P - Y)/m; dW = X'*dZ
    """,
    // As many examples as classes: rows and columns both hold one 1.
    """
    seed(1); X = randn(3, 4); Y = eye(3); m = 3
    param W = randn(4, 3); Z = X*W; E = exp(Z); P = E ./ sum(E, 2)
    J = -sum(Y .* log(P))/m
    dZ = P - Y; dW = X'*dZ/m
    """,
    """
    seed(1); X = randn(4, 3); Y = eye(3); m = 3
    param W = randn(3, 4); Z = W*X; E = exp(Z); P = E ./ sum(E, 1)
    J = -sum(Y .* log(P))/m
    dZ = P - Y; dW = dZ*X'/m
    """,
    // Classes that are likely, not sure.
    """
    seed(1); X = randn(4, 3); Y = [0.2 0.8; 0.5 0.5; 0.7 0.3; 0.1 0.9]; m = 4
    param W = randn(3, 2); Z = X*W; E = exp(Z); P = E ./ sum(E, 2)
    J = -sum(Y .* log(P))/m
    dZ = P - Y; dW = X'*dZ/m
    """,
    // Two outputs, and the number 2 in the cost.
    """
    seed(1); X = randn(7, 3); Y = randn(7, 2); m = 7
    param W1 = randn(3, 4); param b1 = zeros(1, 4); param W2 = randn(4, 2)
    Z1 = X*W1 + b1; A1 = tanh(Z1); Z2 = A1*W2; J = sum((Z2 - Y).^2)/(2*m)
    dZ2 = Z2 - Y; dW2 = A1'*dZ2/m; dZ1 = dZ2*W2' .* (1 - A1.^2); dW1 = X'*dZ1/m; db1 = sum(dZ1, 1)/m
    """,
    """
    seed(1); X = randn(7, 3); Y = randn(7, 4)
    param W = randn(3, 4); Z = X*W; J = sum((Z - Y).^2)/(2*rows(X))
    dZ = Z - Y; dW = X'*dZ/rows(X)
    """,
  ]

  @Test(arguments: rowPrograms) func examplesMayBeRows(_ program: String) throws {
    let report = try report(program)
    #expect(report.isRight, "\(report.text().joined(separator: "\n"))")
  }

  // MARK: Scales

  @Test func linesBehindOneWithoutACauseKeepTheirConvention() throws {
    let found = try verdicts(
      Self.forward + """
        dZ2 = tanh(A2 - Y)/m
        dZ1 = W2'*dZ2 .* (1 - A1.^2)
        dW1 = dZ1*X'
        db1 = sum(dZ1, 2)
        """)
    #expect(found == ["dZ2": "wrong", "dZ1": "right", "dW1": "right", "db1": "right"])
  }

  @Test func whereNothingIsDividedNoDivisionIsMissing() throws {
    let found = try verdicts(
      """
      seed(1); X = randn(4, 5); T = randn(3, 5); param Wq = randn(4, 4); param V = randn(3, 4)
      Q = Wq*X; S = tanh(Q); O = V*S; L = sum((O - T).^2)/2
      dO = O - T; dS = sin(V'*dO); dQ = dS .* (1 - S.^2); dWq = dQ*X'
      """)
    #expect(found == ["dO": "right", "dS": "wrong", "dQ": "right", "dWq": "right"])
  }

  // MARK: Which variable is the cost

  @Test(arguments: [
    "acc = mean(round(A2) == Y)", "mae = mean(abs(A2 - Y))", "x = sum(A2)", "gn = norm(dW1)", "p = A2[1]",
  ])
  func numbersBehindTheGradientsAreNoCosts(_ last: String) throws {
    let found = try report(Self.forward.replacing("J = ", with: "risk = ") + Self.backward + last)
    #expect(found.cost == "risk")
    #expect(found.isRight)
  }

  @Test func theProgramsOwnQuestionNamesTheCost() throws {
    let program = "param x = 2; f = x^2; g = x^3; dx = 3*x^2\n"
    #expect(try report(program + "check(g)").cost == "g")
    #expect(try report(program + "check(f)").cost == "f")
  }

  @Test func theCostIsWhatTheGradientsCanBeOf() throws {
    let found = try report(
      "param x = -2; param y = 5; param z = -4; q = x + y; f = q*z; h = q; dz = q; dq = z")
    #expect(found.cost == "f")
    #expect(found.isRight)
  }

  @Test(arguments: ["Q", "sin", "", "A2 + 1", "A2"]) func aCostThatIsNoneIsAnError(_ name: String) throws {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run(Self.forward + Self.backward)
    #expect(throws: Diagnostic.self) { try interpreter.check(name) }
  }

  @Test func filesMayIncludeOthers() throws {
    let host = MemoryHost()
    try host.writeFile("p.nn", Array("param w = 2; J = w^2".utf8))
    let exercise = try Interpreter(host: host).runExercise(
      Source(name: "x.nn", text: "include \"p.nn\"\ndw = 3*w"))
    #expect(exercise.report?.lines.map(\.correction) == ["dw = 2*w"])
  }

  // MARK: Names of one's own

  private static let deltas = """
    delta2 = A2 - Y
    delta1 = W2'*delta2 .* (1 - A1.^2)
    dW2 = delta2*A1'/m
    db2 = sum(delta2, 2)/m
    dW1 = delta1*X'/m
    db1 = sum(delta1, 2)/m

    """

  @Test func whatRightLinesReadIsNotMended() throws {
    let program = Self.forward + Self.deltas.replacing("dW1 = delta1*X'/m", with: "dW1 = delta1*X'")
    #expect(
      try verdicts(program) == ["dW2": "right", "db2": "right", "dW1": "count-missing", "db1": "right"])
    #expect(try correction("dW1", program) == "dW1 = delta1*X'/m")
  }

  @Test func namesOfOnesOwnAreTakenForEachOther() throws {
    let first = Self.forward + Self.deltas.replacing("dW1 = delta1", with: "dW1 = delta2")
    #expect(try correction("dW1", first) == "dW1 = delta1*X'/m")
    let second = Self.forward + Self.deltas.replacing("sum(delta1", with: "sum(delta2")
    #expect(try correction("db1", second) == "db1 = sum(delta1, 2)/m")
  }

  private static let reused = """
    delta = A2 - Y; dW2 = delta*A1'/m; db2 = sum(delta, 2)/m
    delta = W2'*delta .* (1 - A1.^2); dW1 = delta*X'/m
    """

  @Test func aNameMayBeUsedAgain() throws {
    #expect(try report(Self.forward + Self.reused).isRight)
    let wrong = Self.forward + Self.reused.replacing("A1'/m", with: "A1'")
    #expect(try verdicts(wrong) == ["dW2": "count-missing", "db2": "right", "dW1": "right"])
    #expect(try correction("dW2", wrong) == "dW2 = delta*A1'/m")
  }

  @Test func namesOfTheForwardPassMayBeUsedAgain() throws {
    let program = """
      seed(2); X = randn(3, 5); Y = [0 1 1 0 1]; m = 5; param W1 = randn(4, 3); param W2 = randn(1, 4)
      Z = W1*X
      A1 = tanh(Z)
      Z = W2*A1
      A2 = sigmoid(Z)
      J = bce(A2, Y)
      dZ = A2 - Y
      dW2 = dZ*A1'/m
      dZ = W2'*dZ .* (1 - A1.^2)
      dW1 = dZ*X'/m
      """
    #expect(try verdicts(program) == ["dW2": "right", "dW1": "right"])
    let wrong = program.replacing("dW2 = dZ*A1'/m", with: "dW2 = A1*dZ'/m")
    #expect(try verdicts(wrong)["dW2"] == "transposed" || (try verdicts(wrong)["dW2"]) == "order-of-product")
  }

  // MARK: Loops

  @Test func gradientsMayBeAddedUp() throws {
    let loop = """
      dZ2 = A2 - Y; dZ1 = W2'*dZ2 .* (1 - A1.^2)
      dW1 = zeros(4, 3); db1 = zeros(4, 1)
      for i in 1:m { dW1 = dW1 + dZ1[:, i]*X[:, i]'; db1 += dZ1[:, i] }
      dW1 = dW1/m; db1 /= m
      """
    #expect(try report(Self.forward + loop).isRight)
    let wrong = Self.forward + loop.replacing("; db1 /= m", with: "")
    #expect(try verdicts(wrong)["db1"] == "wrong")
    #expect(try verdicts(wrong)["dW1"] == "right")
    #expect(try report("x = 3; param w = 2; J = w*x; dw = 0\nfor i in 1:3 { dw = dw + 1 }").isRight)
  }

  @Test func whatARoundHasIsNotDecided() throws {
    let program = """
      dW2 = zeros(1, 4)
      for i in 1:m { dZ2 = A2[:, i] - Y[:, i]; dW2 = dW2 + dZ2*A1[:, i]'/m }
      """
    #expect(try verdicts(Self.forward + program) == ["dZ2": "undecided", "dW2": "right"])
  }

  // MARK: Single numbers

  @Test func singleNumbersOfTheDataMayBeOthers() throws {
    func found(_ line: String) throws -> [String: String] {
      try verdicts("param w = 3; x = 2; J = (w*x)^2; dw = \(line)")
    }
    #expect(try found("2*w*x^2") == ["dw": "right"])
    #expect(try found("2*w*x") == ["dw": "input-missing"])
    #expect(try found("8*w") == ["dw": "wrong"])
    #expect(try found("4*w*x") != ["dw": "right"])
    // A number of the text may be the one of the data.
    let penalty = """
      X = [1 2 0 1; 0 1 3 1]; Y = [0 1 1 0]; m = 4; lambda = 0.7; param W = [0.1 0.2]
      A = sigmoid(W*X); J = bce(A, Y) + lambda/(2*m)*sum(W.^2); dW = (A - Y)*X'/m + 
      """
    #expect(try verdicts(penalty + "0.7/m*W") == ["dW": "right"])
    #expect(try verdicts(penalty + "lambda/m*dW") == ["dW": "gradient-for-value"])
  }

  /// Of one example a number may be its count.
  @Test(arguments: ["dZ = A - Y; dw = X*dZ; db = dZ", "dZ = A - Y; dw = X*dZ'/m; db = sum(dZ, 2)/m"])
  func aCountOfOneStays(_ lines: String) throws {
    let report = try report(
      """
      seed(4); X = randn(3, 1); Y = 1; m = 1; param w = zeros(3, 1); param b = 0
      Z = w'*X + b; A = sigmoid(Z); J = -1/m*sum(Y .* log(A) + (1 - Y) .* log(1 - A))
      \(lines)
      """)
    #expect(report.isRight, "\(report.text().joined(separator: "\n"))")
  }

  @Test func namesOfSingleNumbersAreTakenForEachOther() throws {
    let forward = "param x = -2; param y = 5; param z = -4; q = x + y; f = q*z; dq = z; "
    #expect(try correction("dq", forward + "dq = q") == "dq = z")
    #expect(try correction("dz", forward + "dz = z") == "dz = q")
    #expect(try correction("dx", forward + "dx = dq*x") == "dx = dq")
    let neuron = """
      param w0 = 2; param w1 = -3; x0 = -1.5; x1 = -2; dot = w0*x0 + w1*x1; f = 1/(1 + exp(-dot))
      ddot = (1 - dot)*dot; dw0 = w0*ddot; dw1 = x1*ddot
      """
    #expect(try correction("ddot", neuron) == "ddot = (1 - f)*f")
    #expect(try correction("dw0", neuron) == "dw0 = x0*ddot")
  }

  @Test func aMultipleIsOneInEveryProbe() throws {
    let lines = try report("param x = 2; param y = 3; f = sin(x)*y; dx = exp(x)").lines
    #expect(lines.first?.notes.contains { $0.contains("times the true gradient") } == false)
  }

  // MARK: Holes

  @Test func gradientsToBeWrittenAreReported() throws {
    let report = try report(Self.forward + "dZ2 = A2 - Y\ndW2 = ?\ndb2 = ?\ndb2 = sum(dZ2, 2)/m")
    #expect(report.lines.map(\.gradient) == ["dZ2", "dW2", "db2"])
    #expect(report.lines.map(\.isHole) == [false, true, false])
    #expect(report.lines[1].notes == ["dW2 must be 1×4, like W2"])
    #expect(!report.isRight)
    let alone = try self.report(Self.forward + "dW2 = ?")
    #expect(alone.lines.map(\.text) == ["dW2 = ?"])
    let network =
      "X = randn(2, 5); net = network([2, 3, 1], tanh, sigmoid); J = bce(forward(net, X), [0 1 1 0 1])\n"
    #expect(try self.report(network + "dW2 = ?").lines.first?.notes == ["dW2 must be 1×3, like W2"])
  }

  @Test func linesThatCannotBeComputedNameTheirOperands() throws {
    let lines = try report(Self.forward + "dZ2 = A2 - Y; dW2 = 1/m*(dZ2*A1' + 1)*W2").lines
    let note = try #require(lines.last?.notes.first)
    #expect(note.contains("shapes do not fit") && note.contains("W2 is 1×4") && !note.contains("it is"))
  }

  // MARK: Sums

  @Test func sumsThatDoNothingAreNoCorrections() throws {
    let lines = Self.forward + "dZ2 = A2 - Y; dW2 = sum(dZ2*A1')/m; db2 = sum(dZ2, 1)"
    #expect(try verdicts(lines) == ["dZ2": "right", "dW2": "sum-extra", "db2": "sum-axis count-missing"])
    #expect(try correction("db2", lines) == "db2 = sum(dZ2, 2)/m")
    let line = "x = [1 2 3 4.5]; y = [2 4 5 9]; n = 4; param a = 0.5; Z = a*x; J = sum((y - Z).^2)/n\n"
    #expect(try correction("da", line + "da = -2/n*sum(y - Z)") == "da = -2/n*((y - Z)*x')")
  }

  @Test func transposedProductsStayReadable() throws {
    let forward = """
      seed(1); X = randn(6, 2); y = [0; 1; 1; 0; 1; 0]; m = 6; param theta = [0.3; -0.2]
      h = sigmoid(X*theta); J = -sum(y .* log(h) + (1 - y) .* log(1 - h))/m

      """
    #expect(try correction("dtheta", forward + "dtheta = 1/m*(h - y)'*X") == "dtheta = 1/m*X'*(h - y)")
  }

  @Test func theCountIsNamedByWhatLinesDivideBy() throws {
    let program =
      Self.forward + "for i in 1:m { k = A2[i] }\ndZ2 = A2 - Y; dW2 = dZ2*A1'; db2 = sum(dZ2, 2)/m"
    #expect(try correction("dW2", program) == "dW2 = dZ2*A1'/m")
  }

  @Test func derivativesOfOtherLayersAreCalledThat() throws {
    let program = Self.forward.replacing("tanh", with: "sigmoid") + "dZ2 = A2 - Y\n"
    #expect(
      try correction("dZ1", program + "dZ1 = W2'*dZ2 .* A2 .* (1 - A2)") == "dZ1 = W2'*dZ2 .* A1 .* (1 - A1)")
  }
}
