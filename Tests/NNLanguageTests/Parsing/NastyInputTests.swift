import Testing

@testable import NNLanguage

/// Inputs that break other programs. The times allow for a slow machine and a build without optimisation.
@Suite(.serialized) struct NastyInputTests {
  private func outcome(_ text: String) -> ParseOutcome { Parser.parse(text) }

  private func times(_ piece: String, _ count: Int) -> String { String(repeating: piece, count: count) }

  @Test(.timeLimit(.minutes(5)))
  func aMillionParenthesesAreAnError() throws {
    let clock = ContinuousClock()
    let text = times("(", 1_000_000)
    var errors: [Diagnostic]?
    let time = clock.measure { errors = outcome(text).errors }
    let error = try #require(errors?.first)
    #expect(errors?.count == 1)
    #expect(error.message.hasPrefix("this is nested"))
    #expect(time < .seconds(10))
  }

  @Test(arguments: [
    "(", "[", "-", "!", "- ", "2^", "f(", "A[", "if x {", "x -> ", "a.^-", "\"{", "[-", "(x,y) -> ", "1+(",
    "\"{f(",
  ])
  func nestingIsBounded(piece: String) throws {
    let errors = try #require(outcome(times(piece, 100_000)).errors)
    #expect(errors[0].message.contains("nested"), "\(errors[0].message)")
  }

  @Test(arguments: [
    ("(", "1", ")"), ("[", "1", "]"), ("-", "1", ""), ("2^", "1", ""), ("f(", "1", ")"), ("A[", "1", "]"),
    ("if x { ", "1", " }"), ("x -> ", "1", ""), ("\"{", "1", "}\""), ("1+2*-3^(", "1", ")"),
    ("a||b&&c==1:d+e*f^(", "1", ")"),
    ("fn f() { ", "1", " }"),
  ])
  func aThousandLevelsWork(head: String, core: String, tail: String) throws {
    let text =
      times(head, 990 / (head.contains("^(") ? 3 : 1)) + core
      + times(tail, 990 / (head.contains("^(") ? 3 : 1))
    let tree = try outcome(text).tree()
    let again = try Parser.parse(tree.printed()).tree()
    #expect(SyntaxTree.areSame(tree, again))
  }

  @Test(arguments: ["'", ".a", "(1)", "[1]"])
  func longChainsBehindAnOperandAreBounded(piece: String) throws {
    #expect(outcome("x" + times(piece, 1000)).isComplete)
    let errors = try #require(outcome("x" + times(piece, 100_000)).errors)
    #expect(errors[0].message.contains("nested"))
  }

  @Test func aMillionTermsParse() throws {
    let tree = try outcome("1" + times("+1", 1_000_000)).tree()
    let sum = tree.child(tree.child(tree.root, 0), 0)
    #expect(tree.leftSpine(sum).count == 1_000_000)
  }

  @Test(arguments: ["+", " - ", "*", " .* ", " && ", " || "])
  func longChainsParseAndPrint(mark: String) throws {
    let tree = try outcome("1" + times(mark + "1", 20_000)).tree()
    let again = try Parser.parse(tree.printed()).tree()
    let isSame = SyntaxTree.areSame(tree, again)
    #expect(isSame)
  }

  @Test(.timeLimit(.minutes(5)))
  func manyBranchesParse() throws {
    let tree = try outcome("if a { }" + times(" else if b { }", 20_000)).tree()
    #expect(tree.childCount(tree.child(tree.root, 0)) == 40_002)
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "(", ")", "]", "}", "(]", "[)", "{)", "\"", "\"{", "'", "{}", "}{", ":", "\"{:", "((((}", "“",
    ])
  func repeatedMarksTakeLinearTime(piece: String) {
    #expect(outcome(times(piece, 50_000)).errors != nil || outcome(times(piece, 50_000)).incomplete != nil)
  }

  @Test(arguments: [
    ([0], "U+0000"), ([0xFF, 0xFE], "0xFF"), ([0xC3], "0xC3"), ([0xE2, 0x82], "0xE2 0x82"),
    ([0xED, 0xA0, 0x80], "0xED"),
    ([0xF4, 0x90, 0x80, 0x80], "0xF4"), ([0x1B], "U+001B"), ([0xE2, 0x80, 0xAE], "U+202E"),
    ([0xEF, 0xBB, 0xBF], "U+FEFF"),
    ([0xD9, 0xA3], "U+0663"), ([0xE2, 0x80, 0x8B], "U+200B"), ([0xF0, 0x9F, 0x98, 0x80], "U+1F600"),
  ])
  func strayBytesAreNamed(bytes: [UInt8], name: String) throws {
    for wrapped in [("x = 1 ", ""), ("x = \"", "\"")]
    where !(wrapped.0.hasSuffix("\"") && ["U+1F600", "U+0663", "U+200B", "U+FEFF"].contains(name)) {
      let text = Array(wrapped.0.utf8) + bytes + Array(wrapped.1.utf8)
      let errors = try #require(Parser.parse(Source(name: "test.nn", bytes: text)).errors)
      #expect(errors[0].message.contains(name), "\(errors[0].message)")
      #expect(!errors[0].description.unicodeScalars.contains { $0.needsEscape && $0 != "\n" })
    }
  }

  @Test func aHiddenDirectionInACommentIsNamed() throws {
    let errors = try #require(outcome("x = 1 # \u{202E} y").errors)
    #expect(errors[0].message.contains("U+202E"))
  }

  @Test func otherBytesInACommentAreNobodysBusiness() {
    #expect(Parser.parse(Source(name: "t", bytes: Array("x = 1 # caf".utf8) + [0xE9, 0, 0xFF])).isComplete)
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["1+", "é ", "\t", "\u{1}"])
  func twentyMegabytesOnOneLineAreShownInAWindow(piece: String) throws {
    let count = 20_000_000 / piece.utf8.count
    let source = Source(name: "test.nn", text: times(piece, count) + "2 3" + times(piece, 100))
    let start = Int32(count * piece.utf8.count)
    let error = Diagnostic(.error, "here").located(at: SourceRange(start + 2, start + 3), in: source)
    let clock = ContinuousClock()
    var rendering = ""
    let time = clock.measure { rendering = error.description }
    #expect(rendering.utf8.count < 2000)
    #expect(rendering.contains("test.nn:1:\(count * piece.count + 3)\n") && rendering.contains("2 3"))
    #expect(time < .seconds(20))
  }

  @Test func aLongStringIsRead() throws {
    let tree = try outcome("x = \"" + times("long ", 200_000) + "\"").tree()
    #expect(tree.texts[0].utf8.count == 1_000_000)
  }

  @Test func aBudgetOfTokensIsKept() throws {
    let source = Source(name: "test.nn", text: "a + b + c")
    #expect(Parser.parse(source, limits: .init(tokens: 5)).isComplete)
    let errors = try #require(Parser.parse(source, limits: .init(tokens: 4)).errors)
    #expect(errors[0].message == "the text has more than 4 words and marks")
    #expect(Parser.parse(Source(name: "t", text: "((1))"), limits: .init(nesting: 2)).errors != nil)
    #expect(Parser.parse(Source(name: "t", text: "((1))"), limits: .init(nesting: 3)).isComplete)
  }
}
