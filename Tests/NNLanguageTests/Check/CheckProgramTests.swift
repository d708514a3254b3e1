import NNLanguage
import Testing

/// `check` on programs as people write them: functions, loops, several lines for a gradient, holes, wrong uses.
@Suite("check on programs") struct CheckProgramTests {
  static let forward = """
    X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0]; m = columns(X)
    seed(1); param W1 = randn(4, 2); param b1 = zeros(4, 1)
    param W2 = randn(1, 4); param b2 = 0
    Z1 = W1*X + b1; A1 = tanh(Z1); Z2 = W2*A1 + b2; A2 = sigmoid(Z2)
    J = bce(A2, Y)

    """

  private func run(_ text: String) throws -> (interpreter: Interpreter, output: String) {
    let host = MemoryHost()
    let interpreter = try Interpreter(host: host)
    try interpreter.run(text)
    return (interpreter, host.output)
  }

  private func message(_ text: String) throws -> String {
    do {
      _ = try run(text)
      return ""
    } catch let error as Diagnostic { return error.message }
  }

  private func verdicts(_ text: String) throws -> [String: String] {
    let report = try run(text).interpreter.check("J")
    return Dictionary(
      uniqueKeysWithValues: report.lines.map { line in
        (
          line.gradient,
          line.mistakes.isEmpty
            ? line.verdict.rawValue : line.mistakes.map(\.kind.rawValue).joined(separator: " ")
        )
      })
  }

  @Test func functionsAreTakenApart() throws {
    let text =
      Self.forward + """
        fn backprop(A1, A2, W2, X, Y) {
          m = columns(X)
          dZ2 = A2 - Y
          dW2 = dZ2*A1'/m
          dZ1 = W2'*dZ2 .* (1 - A1)
          dW1 = dZ1*X'/m
          return dW1, dW2
        }
        dW1, dW2 = backprop(A1, A2, W2, X, Y)
        """
    let found = try verdicts(text)
    #expect(found["dZ1"] == "derivative-wrong", "\(found)")
    #expect(found["dW1"] == "right" && found["dW2"] == "right" && found["dZ2"] == "right", "\(found)")
    let line = try #require(try run(text).interpreter.check("J").lines.first { $0.gradient == "dZ1" })
    #expect(line.correction == "dZ1 = W2'*dZ2 .* (1 - A1.^2)")
    #expect(line.line == 10)
  }

  @Test func functionsWithBranchesAreJudgedAsAWhole() throws {
    let function = "fn weights(dZ, A, m) { if m > 1 { return dZ*A'/m } else { return dZ*A' } }\n"
    let right = Self.forward + function + "dZ2 = A2 - Y; dW2 = weights(dZ2, A1, m)"
    #expect(try verdicts(right) == ["dZ2": "right", "dW2": "right"])
    let wrong = Self.forward + function + "dZ2 = A2 - Y; dW2 = weights(-dZ2, A1, m)"
    #expect(try verdicts(wrong)["dW2"] == "sign")
  }

  @Test func severalLinesMayMakeAGradient() throws {
    let late = "dZ2 = A2 - Y; dW2 = dZ2*A1'; dW2 = dW2/m; db2 = sum(dZ2, 2); db2 /= m"
    #expect(try verdicts(Self.forward + late) == ["dZ2": "right", "dW2": "right", "db2": "right"])
    let twice = "dZ2 = A2 - Y; dW2 = dZ2*A1'/m; dW2 = dW2/m"
    #expect(try verdicts(Self.forward + twice)["dW2"] == "count-extra")
  }

  @Test func inALoopTheLastRoundCounts() throws {
    let text = """
      X = randn(3, 5); Y = randn(1, 5); m = 5; param w = zeros(1, 3)
      repeat 3 { A = w*X; J = mse(A, Y); dA = 2*(A - Y)/m; dw = dA*X'; w -= 0.1*dw }
      """
    #expect(try verdicts(text) == ["dA": "right", "dw": "right"])
    #expect(try verdicts(text.replacing("dA*X'", with: "dA*X'/m"))["dw"] == "count-extra")
  }

  @Test func theScaleOfAWrongLineIsWhatLaterLinesNeed() throws {
    // dA divides by the number of elements; the lines after it, which do not divide again, are right.
    let text = """
      seed(1); X = randn(3, 5); Y = randn(2, 5); param W = randn(2, 3); param b = zeros(2, 1)
      A = W*X + b; J = mse(A, Y)
      dA = 2*(A - Y)/10
      dW = dA*X'
      db = sum(dA, 2)
      """
    #expect(try verdicts(text) == ["dA": "count-missing", "dW": "right", "db": "right"])
    // The other way round: dA waits for the division that dW and db do.
    let late = text.replacing("2*(A - Y)/10", with: "3*(A - Y)").replacing("dA*X'", with: "dA*X'/5")
      .replacing("sum(dA, 2)", with: "sum(dA, 2)/5")
    #expect(try verdicts(late) == ["dA": "factor", "dW": "right", "db": "right"])
  }

  @Test func manyMistakesKeepToOneConvention() throws {
    let text =
      Self.forward + """
        dZ2 = Y - A2
        dW2 = dZ2*A1'
        db2 = sum(dZ2, 1)/m
        dZ1 = dW2'*dZ2 .* (1 - A1.^2)
        dW1 = dZ1*X'/m
        db1 = dZ1/m
        """
    #expect(
      try verdicts(text) == [
        "dZ2": "sign", "dW2": "count-missing", "db2": "sum-axis", "dZ1": "gradient-for-value",
        "dW1": "right", "db1": "sum-missing",
      ])
  }

  /// What one example cannot tell is said in a note, and no verdict changes.
  @Test func oneExampleIsLookedAtTwice() throws {
    let text = """
      X = [0.5; 1.5]; Y = 1; param W = [0.1 0.2; -0.3 0.4]; param b = [0.1; 0.2]; param v = [0.5 -0.6]
      Z = W*X + b; A = sigmoid(Z); z = v*A; a = sigmoid(z)
      J = bce(a, Y)
      dz = a - Y
      dv = dz*A'
      dZ = v'*dz .* A .* (1 - A)
      dW = dZ*X'
      db = dZ
      """
    let report = try run(text).interpreter.check("J")
    #expect(report.isRight)
    let notes = Dictionary(uniqueKeysWithValues: report.lines.map { ($0.gradient, $0.notes) })
    #expect(notes["db"] == ["this is for one example; in general db = sum(dZ, 2)/columns(X)"])
    #expect(notes["dW"] == ["this is for one example; in general dW = dZ*X'/columns(X)"])
    #expect(notes["dz"] == [])
    let general = text.replacing("db = dZ", with: "m = 1; db = sum(dZ, 2)/m").replacing("X'", with: "X'/m")
      .replacing("dz*A'", with: "dz*A'/1").replacing("X = [", with: "m = 1; X = [")
    let quiet = try run(general).interpreter.check("J")
    #expect(quiet.isRight)
    #expect(quiet.lines.first { $0.gradient == "db" }?.notes == [])
    #expect(quiet.lines.first { $0.gradient == "dW" }?.notes == [])
    let wrong = try run(text.replacing("db = dZ", with: "db = 2*dZ")).interpreter.check("J")
    #expect(wrong.lines.filter { $0.verdict == .wrong }.map(\.gradient) == ["db"])
  }

  @Test func networksOfEveryLayer() throws {
    let text = """
      seed(1); X = randn(3, 5); Y = round(rand(1, 5)); m = 5
      fn swish(x) { return x .* sigmoid(x) }
      net = network(dense(3, 4, swish), batchnorm(), dropout(0.3), dense(4, 1, sigmoid))
      J = bce(forward(net, X), Y)
      net.dZ2 = net.A2 - Y
      net.dW2 = net.dZ2*net.A1'
      net.dW2 /= m
      net.dA1 = net.W2'*net.dZ2
      net.dbeta1 = sum(net.dA1 .* net.mask1, 2)/0.7/m
      """
    #expect(try run(text).interpreter.check("J").isRight)
    let wrong = text.replacing("net.W2'*net.dZ2", with: "net.dW2'*net.dZ2")
    #expect(try verdicts(wrong)["net.dA1"] == "gradient-for-value")
    #expect(
      try message(text + "\nK = J + bce(forward(net, X), Y)\ncheck(K)")
        == "net runs more than once on the way, and net.Z1 is of the last run only")
    #expect(try run(text + "\nassert(check(J, net.dW2).right)").output == "")
  }

  @Test func holesTellShapesAndProducts() throws {
    let hole = try run(Self.forward + "dZ2 = A2 - Y\ndW2 = ?")
    #expect(hole.interpreter.hasHoles)
    #expect(hole.interpreter["dW2"] == nil)
    #expect(hole.output.hasPrefix("dW2 must be 1×4, like W2\nproducts of that shape:\n"))
    #expect(hole.output.contains("\n  dZ2*A1'  1×4 times 4×4\n"))
    let field = try run("net = network([3, 4, 2], tanh, softmax); A = forward(net, randn(3, 5)); net.dW2 = ?")
    #expect(field.output.contains("net.dW2 must be 2×4, like net.W2\n"))
    #expect(field.output.contains("  net.Z2*net.A1'  2×5 times 5×4\n"))
    #expect(try message("dQ = ?").contains("there is no variable it is that of"))
  }

  @Test func wrongUsesSaySo() throws {
    #expect(try message("check(J)").contains("J"))
    #expect(try message("J = 3; check(J)") == "J depends on no param, so there is nothing to run again")
    #expect(
      try message("param w = 1; J = w^2; check(J)") == "there is no gradient of J written by hand to check")
    #expect(
      try message("param w = 1; J = w^2; dw = 2*w; check(J, dv)")
        == "there is no line of yours that assigns dv")
    #expect(try message("param w = 1; J = w^2; dw = 2*w; check(J, hint = 7)").contains("hint"))
    #expect(try message("check(3)").contains("the name of a cost is needed"))
    // A step of numerical differentiation is no gradient.
    #expect(
      try message("param x = 1; J = x^2; dx = 1e-5; check(J)")
        == "there is no gradient of J written by hand to check")
  }
}
