import Testing

@testable import NNLanguage

@Suite struct LexerTests {
  /// Kinds and texts of the tokens, the end apart.
  private func tokens(_ text: String) -> [String] {
    let list = Lexer.tokenize(Source(name: "test.nn", text: text))
    return list.tokens.dropLast().map { "\($0.kind) \(list.source.text($0.range).escapedForSource)" }
  }

  @Test(arguments: [
    ("x", ["name x"]),
    ("if x", ["keyword if", "name x"]),
    ("iffy", ["name iffy"]),
    ("1", ["number 1"]),
    ("1.5e-3", ["number 1.5e-3"]),
    (".5", ["number .5"]),
    ("1.", ["number 1."]),
    ("1_000", ["number 1_000"]),
    ("1__0", ["number 1", "name __0"]),
    ("1_", ["number 1", "name _"]),
    ("2e", ["number 2", "name e"]),
    ("1./A", ["number 1", "binaryOperator ./", "name A"]),
    ("2.*A", ["number 2", "binaryOperator .*", "name A"]),
    ("2.^A", ["number 2", "binaryOperator .^", "name A"]),
    ("2.'", ["number 2", "transpose .'"]),
    ("2.\\A", ["number 2", "foreign .\\\\", "name A"]),
    ("A'", ["name A", "transpose '"]),
    ("A''", ["name A", "transpose '", "transpose '"]),
    ("A.'", ["name A", "transpose .'"]),
    ("A[1]'", ["name A", "leftBracket [", "number 1", "rightBracket ]", "transpose '"]),
    ("x[end]'", ["name x", "leftBracket [", "keyword end", "rightBracket ]", "transpose '"]),
    ("x[end']", ["name x", "leftBracket [", "keyword end", "transpose '", "rightBracket ]"]),
    (
      "A ⊙ B − C ≤ D",
      [
        "name A", "binaryOperator ⊙", "name B", "binaryOperator −", "name C", "binaryOperator ≤", "name D",
      ]
    ),
    ("a->b", ["name a", "arrow ->", "name b"]),
    ("a<-b", ["name a", "binaryOperator <", "binaryOperator -", "name b"]),
    ("x+=1", ["name x", "compoundAssign +=", "number 1"]),
    ("x==1", ["name x", "binaryOperator ==", "number 1"]),
    ("x = # c\ny", ["name x", "assign =", "newline \\n", "name y"]),
    ("a\r\n\n  \rb", ["name a", "newline \\r\\n\\n  \\r", "name b"]),
    ("∂L ∇f W₁ ŷ x² _a", ["name ∂L", "name ∇f", "name W₁", "name ŷ", "name x²", "name _a"]),
    ("a\u{A0}b", ["name a", "name b"]),
    ("x**2", ["name x", "foreign **", "number 2"]),
    ("x%2", ["name x", "foreign %", "number 2"]),
    ("a&&b", ["name a", "binaryOperator &&", "name b"]),
    ("a&b", ["name a", "foreign &", "name b"]),
  ])
  func cuts(text: String, expected: [String]) { #expect(tokens(text) == expected) }

  @Test(arguments: [
    (#""abc""#, ["string \\\"abc\\\""]),
    (#""{x}""#, ["stringStart \\\"{{", "name x", "stringEnd }}\\\""]),
    (
      #""a{x:.4f}b{y}""#,
      [
        "stringStart \\\"a{{", "name x", "format :.4f", "stringMiddle }}b{{", "name y", "stringEnd }}\\\"",
      ]
    ),
    (#""{{x}}""#, ["string \\\"{{{{x}}}}\\\""]),
    (
      #""{f("{x}")}""#,
      [
        "stringStart \\\"{{", "name f", "leftParenthesis (", "stringStart \\\"{{", "name x",
        "stringEnd }}\\\"",
        "rightParenthesis )", "stringEnd }}\\\"",
      ]
    ),
    (
      #""{a[1:2]:8}""#,
      [
        "stringStart \\\"{{", "name a", "leftBracket [", "number 1", "colon :", "number 2", "rightBracket ]",
        "format :8", "stringEnd }}\\\"",
      ]
    ),
    (
      #""{1:2:8.3e}""#,
      [
        "stringStart \\\"{{", "number 1", "colon :", "number 2", "format :8.3e", "error }}\\\"",
      ]
    ),
  ])
  func cutsStrings(text: String, expected: [String]) { #expect(tokens(text) == expected) }

  @Test(arguments: [
    ("1", 1.0), ("0", 0), ("123456789", 123_456_789), ("1.5", 1.5), (".25", 0.25), ("1.", 1),
    ("1_000.5", 1000.5),
    ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001), ("0.1", 0.1), ("3.141592653589793", Double.pi),
    ("9007199254740993", 9_007_199_254_740_992), ("179769313486231570e291", 1.797_693_134_862_315_7e308),
    ("4.9406564584124654e-324", Double.leastNonzeroMagnitude), ("1e-400", 0),
    ("123456789012345678901234567890", 1.2345678901234568e29),
    ("0.000000000000000000000000000001", 1e-30), ("1e22", 1e22), ("1e23", 1e23), ("8.5e-22", 8.5e-22),
    ("000123", 123), ("2.2250738585072011e-308", Double(bitPattern: 0xF_FFFF_FFFF_FFFF)),
  ])
  func readsNumbers(text: String, value: Double) {
    let list = Lexer.tokenize(Source(name: "test.nn", text: text))
    #expect(list.tokens.count == 2)
    #expect(list.numbers == [value])
  }

  /// The standard library's conversion is the oracle.
  @Test func readsRandomNumbersLikeTheStandardLibrary() {
    var dice = Dice(seed: 5)
    for _ in 0..<3000 {
      var text = String(dice.next() >> UInt64(dice.roll(64)))
      if dice.chance(60) { text += "." + String(dice.next() >> UInt64(dice.roll(64))) }
      if dice.chance(50) { text += "e" + String(dice.roll(600) - 300) }
      guard let value = Double(text), value.isFinite else { continue }
      let list = Lexer.tokenize(Source(name: "test.nn", text: text))
      #expect(list.numbers == [value], "\(text)")
    }
  }

  @Test(arguments: [
    (#""a\nb""#, "a\nb"), (#""\t\r\"\\\'\{\}""#, "\t\r\"\\'{}"), (#""\u{3B1}\u{1F600}""#, "α😀"),
    (#""{{}} }""#, "{} }"),
    ("\"two\r\nlines\"", "two\nlines"), (#""""#, ""), (#""σ""#, "σ"),
  ])
  func readsEscapes(text: String, value: String) {
    let list = Lexer.tokenize(Source(name: "test.nn", text: text))
    #expect(list.strings == [value])
  }

  @Test func namesAreEqualByCanonicalEquivalence() {
    let list = Lexer.tokenize(Source(name: "test.nn", text: "y\u{302} + ŷ + \u{212A} + K"))
    let names = list.tokens.filter { $0.kind == .name }.map(\.payload)
    #expect(names[0] == names[1])
    #expect(names[2] == names[3])
    #expect(names[0] != names[2])
  }

  @Test func tokensCoverTheTextInOrder() {
    var dice = Dice(seed: 17)
    for _ in 0..<500 {
      let bytes = (0..<dice.roll(60)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
      let list = Lexer.tokenize(Source(name: "test.nn", bytes: bytes))
      var end: Int32 = 0
      for token in list.tokens {
        #expect(token.start >= end && token.end >= token.start)
        end = token.end
      }
      #expect(Int(end) == bytes.count)
      #expect(list.tokens.last?.kind == .endOfInput)
    }
  }

  @Test func bracketsKnowTheirPartners() {
    let list = Lexer.tokenize(Source(name: "test.nn", text: "f([a], {b) )"))
    let partners = list.tokens.map(\.payload)
    #expect(partners[2] == 4 && partners[4] == 2)
    #expect(partners[1] == -1 && list.tokens[8].kind == .rightParenthesis && partners[8] == -1)
  }

  @Test func keywordsAreSpelledAsTheirCases() {
    for keyword in Keyword.allCases { #expect(keyword.spelling == "\(keyword)") }
  }

  @Test func commentsAreKeptApart() {
    let marked = MarkedSource("x = 1 «# one»\n«# two»")
    #expect(Lexer.tokenize(marked.source).comments == marked.ranges)
  }
}
