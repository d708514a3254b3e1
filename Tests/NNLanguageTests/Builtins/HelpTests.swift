import Testing

@testable import NNLanguage

@Suite struct HelpTests {
  @Test func showsSignatureFormulaShapesExampleAndRelatedNames() throws {
    let text = try #require(Help.text(named: "sigmoid"))
    #expect(
      text == """
        sigmoid(x)
          The logistic function, an activation between 0 and 1.
          sigmoid(x) = 1./(1 + exp(-x))
          shapes: as the argument

          nn> sigmoid([-1 0 1])
          ans = 1×3
            0.26894  0.50000  0.73106

          see also: tanh, softmax, bce

        """)
  }

  @Test(arguments: [
    ("*", "A * B"), (".*", "A .* B\nA ⊙ B"), ("⊙", "A .* B"), ("/", "A ./ B"), ("'", "A'"),
    ("for", "for x in xs"),
    ("param", "param W = value"), ("[]", "A[i, j]"), (":", "first:last"), ("->", "x -> expression"),
    ("pi", "pi"), ("≤", "A <= B"),
    ("max", "max(A, B)\nmax(A)\nmax(A, dim = 1)"), ("zeros", "zeros(m, n)\nzeros(size(A))"),
    ("sum", "sum(A)\nsum(A, dim)"),
  ]) func knowsOperatorsAndKeywords(name: String, beginning: String) throws {
    #expect(try #require(Help.text(named: name)).hasPrefix(beginning))
    #expect(Help.text(named: name) == (try? Session().output(of: "help(\"\(name)\")")))
  }

  @Test func everyOperatorOfTheGrammarIsExplained() {
    for row in BinaryOperator.table {
      #expect(Help.entry(named: row.spelling) != nil, "\(row.spelling)")
      if let other = row.alternative { #expect(Help.entry(named: other) != nil, "\(other)") }
    }
    for keyword in Keyword.allCases {
      #expect(Help.entry(named: keyword.spelling) != nil, "\(keyword.spelling)")
    }
  }

  @Test func theOverviewFitsAScreenAndRuns() throws {
    let lines = Help.overview.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    // Its code is set in by two more blanks than text, and ends where comments begin.
    let code = lines.prefix { !$0.hasPrefix("help(") }.filter { $0.hasPrefix("  ") }
    let program = code.map { $0.components("     ")[0] }.joined(separator: "\n")
    let session = try Session()
    try session.interpreter.run(program)
    #expect(session.interpreter["dW"] != nil)
    for row in Builtins.table { #expect(Help.overview.contains(row.name)) }
  }

  @Test func showsFunctionsOfTheUserAndVariables() throws {
    let session = try Session()
    let program = "# Twice the number.\nfn twice(x) {\n  return 2*x\n}\nx = 3; param W = [1 2]\nhelp(twice)"
    #expect(try session.output(of: program) == "# Twice the number.\nfn twice(x) {\n  return 2*x\n}\n")
    #expect(try session.output(of: "help(x)") == "x is a number\n")
    #expect(try session.output(of: "help(\"W\")") == "W is a 1×2 matrix, param\n")
    #expect(try session.output(of: "fn sum(x) = x\nhelp(sum)") == "fn sum(x) = x\n")
    #expect(try session.output(of: "f = y -> y^2\nhelp(f)").contains("y -> y^2"))
  }
}

extension StringProtocol {
  /// The parts between occurrences of `separator`; the whole where it does not occur.
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
  }
}
