import TerminalSupport
import Testing

@testable import LineEditing

struct PasteFilterTests {
  private let filter = PasteFilter(prompt: "nn> ", continuation: "..> ")

  @Test(arguments: [
    ("a\r\nb\rc\nd\n\n", "a\nb\nc\nd"),
    ("a\u{1B}[31mb\u{0}\u{7}\u{9B}c\td", "a[31mbc\td"),
    ("nn> a = 1\na = 1\nnn> f(2,\n..>   3)\n5\n\nnn>\nlast", "a = 1\nf(2,\n  3)\n"),
    ("x = 1\ny = 2", "x = 1\ny = 2"),
    ("  nn> a\n  1\n  nn> b", "a\nb"),
    ("..> stray\nnn> a", "a"),
    ("nn > 3", "nn > 3"),
    ("", ""),
  ])
  func keepsWhatWasEntered(_ pasted: String, _ text: String) {
    #expect(filter.clean(pasted) == text)
  }

  @Test func takesPromptsOffTypedLines() {
    #expect(filter.withoutLeadingPrompts("nn> f(\n..> 1)\n2") == "f(\n1)\n2")
    #expect(filter.withoutLeadingPrompts("a\nnn> b") == "a\nnn> b")
  }
}

struct CompletionTests {
  private func completions(_ texts: String...) -> Completions {
    Completions(replacementRange: 0..<0, candidates: texts.map { .init($0) })
  }

  @Test func findsWhatCandidatesShare() {
    #expect(completions("softmax", "softplus").sharedPrefix == "soft")
    #expect(completions("W1", "W2", "X").sharedPrefix == "")
    #expect(completions("a", "ab").sharedPrefix == "a")
    #expect(completions("e\u{301}x", "e\u{300}x").sharedPrefix == "")
    #expect(completions().sharedPrefix == "")
  }

  @Test func listsDownwardsInColumns() {
    let menu = completions("a", "b", "c", "d", "e").menu(columns: 10, height: 5, descriptionStyle: .dim)
    #expect(menu.map { $0.cells.map(\.text).joined() } == ["a  c  e", "b  d"])
    let long = completions("a", "b", "c", "d", "e").menu(columns: 4, height: 3, descriptionStyle: .dim)
    #expect(long.map { $0.cells.map(\.text).joined() } == ["a", "b", "5 c"])
  }

  @Test(arguments: [
    ("\\sigma", "σ"), ("\\odot", "⊙"), ("\\alpha", "α"), ("\\partial", "∂"), ("\\nabla", "∇"), ("\\_1", "₁"),
    ("\\^-12", "⁻¹²"), ("\\hat", "\u{302}"), ("\\bbR", "ℝ"), ("\\bfx", "𝐱"), ("\\scrL", "ℒ"), ("\\ith", "ℎ"),
    ("\\Omega", "Ω"), ("\\le", "≤"), ("\\bb1", "𝟙"), ("\\odotx", nil), ("\\", nil), ("\\_q", nil),
    ("sigma", nil),
    ("\\bf", nil),
  ])
  func knowsSymbols(_ name: String, _ symbol: String?) {
    #expect(SymbolTable.symbol(for: name) == symbol)
  }

  @Test func everySymbolIsOneCharacterWithOneName() {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    let names = letters.flatMap { SymbolTable.names(beginningWith: "\\" + String($0)) }
    #expect(names.count > 250)
    #expect(Set(names).count == names.count)
    for name in names { #expect(SymbolTable.symbol(for: name)?.unicodeScalars.count == 1, "\(name)") }
  }
}

struct BracketTests {
  @Test(arguments: [
    ("(a)", 3, 0, 2), ("(a)", 0, 0, 2), ("(a)", 1, 0, 2), ("f([1](2))", 9, 1, 8), ("f([1](2))", 5, 2, 4),
    ("σ(x)", 5, 2, 4),
  ])
  func findsThePartner(_ text: String, _ cursor: Int, _ opening: Int, _ closing: Int) {
    #expect(BracketPair.find(in: text, at: cursor) == BracketPair(opening: opening, closing: closing))
  }

  @Test(arguments: [("(a]", 3), ("a)", 2), ("(a", 0), ("abc", 1), ("", 0), ("(a)", 99)])
  func findsNone(_ text: String, _ cursor: Int) {
    #expect(BracketPair.find(in: text, at: cursor) == nil)
  }
}

extension TerminalTests {
  @Suite struct Paste {
    private let transcript = """
      nn> W1 = [1 2; 3 4]
      W1 = 2×2
       1 2
       3 4
      nn> f(W1,
      ..>   2)
      ans = 3
      nn> 
      """

    @Test func aTranscriptBecomesWhatWasEntered() throws {
      let demo = try demo("--quiet")
      demo.paste(transcript)
      try demo.expectScreen("the lines") {
        $0[0] == "nn> W1 = [1 2; 3 4]" && $0[1] == "..> f(W1," && $0[2] == "..>   2)"
      }
      demo.send("\r")
      try demo.expect(#""W1 = [1 2; 3 4]\nf(W1,\n  2)\n""#)
    }

    @Test func manyLinesAreOneEntry() throws {
      let demo = try demo("--quiet")
      let lines = (0..<60).map { "x\($0) = \t[\($0)]  # σ" }
      demo.paste(lines.joined(separator: "\r\n") + "\r\n")
      demo.send("\r")
      let text = try demo.expect("x59 = \\t[59]  # σ\"")
      #expect(text.contains(lines.joined(separator: "\n").debugDescription.dropFirst().prefix(500)))
      try demo.expectRow("nn>")
      #expect(demo.output.count < 12_000)
    }

    @Test func goesWhereTheCursorIs() throws {
      let demo = try demo("--quiet")
      demo.send("ad" + Key.left)
      demo.paste("b\tc")
      demo.send("\r")
      try demo.expect(#""ab\tcd""#)
    }

    @Test func piecesOfItArriveAsOne() throws {
      let demo = try demo("--quiet")
      for byte in Array("\u{1B}[200~a\rσ\u{1B}]20\u{1B}[201~".utf8) {
        demo.send([byte])
        try demo.expectIdle(for: 0.001)
      }
      demo.send("\r")
      try demo.expect(#"6:"a\nσ]20""#)
    }

    @Test func canBeEnteredAtOnce() throws {
      let demo = try demo("--quiet", "--enter-paste")
      demo.paste("x = 1\ny = 2\n")
      try demo.expect(#""x = 1""#)
      try demo.expect(#""y = 2""#)
      demo.paste("f(\n")
      try demo.expectRow("..>")
      demo.paste("1)")
      try demo.expectRow("..> 1)")
      demo.send("\r")
      try demo.expect(#""f(\n1)""#)
    }

    /// A terminal that does not mark what is pasted sends it as if typed.
    @Test func linesWithPromptsRunWithoutThem() throws {
      let demo = try demo("--quiet")
      demo.send("nn> x = 1\rnn> f(\r..> 2)\r")
      try demo.expect("5:\"x = 1\"")
      try demo.expect(#""f(\n2)""#)
    }

    @Test func theLastLineStaysIfItDoesNotEnd() throws {
      let demo = try demo("--quiet", "--enter-paste")
      demo.paste("x = 1\ny = 2")
      try demo.expect(#""x = 1""#)
      try demo.expectRow("nn> y = 2")
      demo.send("3\r")
      try demo.expect(#""y = 23""#)
    }

    /// Also behind a key that cleared the screen before the paste.
    @Test(arguments: ["", Key.control("L")])
    func whatIsTypedAfterATranscriptStays(_ key: String) throws {
      let demo = try demo("--quiet")
      demo.send(key)
      try demo.expectIdle(for: 0.02)
      demo.send("nn> a = 1\ra = 1\rnn> b = 2\rb = 2\r")
      try demo.expect("5:\"a = 1\"")
      try demo.expect("5:\"b = 2\"")
      try demo.expectIdle(for: 0.1)
      for letter in "lost = 1\r" {
        demo.send(String(letter))
        try demo.expectIdle(for: 0.005)
      }
      #expect(!(try demo.expect("8:\"lost = 1\"").contains("\"a = 1\"")))
      try demo.expectIdle(for: 0.1)
      demo.send("y = 5\r")  // a paste of its own
      try demo.expect("5:\"y = 5\"")
    }

    /// A program that answers a prompt as soon as it sees it is no part of the transcript either.
    @Test func anAnswerToThePromptStays() throws {
      let demo = try demo("--quiet")
      demo.send("nn> a = 1\ra = 1\r")
      try demo.expect("5:\"a = 1\"")
      try demo.expectRow("nn>")
      try demo.expectIdle(for: 0.01)
      demo.send("b\r")
      try demo.expect("1:\"b\"")
    }

    @Test func aLostEndIsNoTrap() throws {
      let demo = try demo("--quiet")
      demo.send("\u{1B}[200~x = 1\ny = 2")
      try demo.expectIdle(for: 0.02)
      demo.interrupt()
      try demo.expectRow("nn>")
      demo.sendLine("z")
      try demo.expect("1:\"z\"")
      demo.send("\u{1B}[200~x = 1\ny = 2")
      try demo.expectScreen("the lines", within: 3) { $0.text.hasSuffix("nn> x = 1\n..> y = 2") }
    }
  }

  @Suite struct CompletionAtThePrompt {
    @Test func completesAndLists() throws {
      let demo = try demo()
      demo.send("sof" + Key.tab)
      try demo.expectRow("nn> soft")
      demo.send(Key.tab)
      try demo.expectScreen("a list") {
        $0[1] == "softmax   function   softplus  function" && $0.row == 0 && $0.column == 8
      }
      #expect(demo.screen.styled(1)["function"] == "2")
      demo.send("m")
      try demo.expectScreen("no list") { $0[1] == "" && $0[0] == "nn> softm" }
      demo.send(Key.tab + "(\t")
      try demo.expectRow("nn> softmax(")
    }

    @Test func completesInTheMiddle() throws {
      let demo = try demo("--quiet")
      demo.send("(änd)" + Key.left + Key.tab + "+1")
      try demo.expectRow("nn> (änderung+1)")
    }

    @Test func tabIndentsWhereNothingStands() throws {
      let demo = try demo("--quiet")
      demo.send(Key.tab + "a" + Key.tab + "q" + Key.tab + "\r")
      try demo.expect("4:\"  aq\"")
    }

    @Test func listsOnlyWhatFits() throws {
      let demo = try demo("--quiet", rows: 10, columns: 40)
      demo.send("many" + Key.tab)
      try demo.expectScreen("as many as fit") {
        $0[9].hasPrefix("10000 candidates, the first ") && $0[0] == "nn> many"
      }
      demo.send("!\r")
      try demo.expect("5:\"many!\"")
    }

    @Test func aLongListLeavesTheScreen() throws {
      let demo = try demo("--quiet", rows: 40)
      demo.send("many" + Key.tab)
      try demo.expectScreen("a list") { $0.text.contains("10000 candidates, the first ") }
      #expect(demo.screen.text.split(separator: "\n").count == 15)
    }

    @Test(arguments: [
      ("\\sigma\t", "σ"), ("\\odot\t", "⊙"), ("x\\hat\t", "x\u{302}"), ("W\\_12\t", "W₁₂"),
      ("A\\sor\t", "A\\sort"),
      ("\\alp\t", "α"), ("2\\x\t", "2\\x"),
    ])
    func writesSymbols(_ keys: String, _ text: String) throws {
      let demo = try demo("--quiet")
      demo.send(keys + "\r")
      try demo.expect("\(text.unicodeScalars.count):\(text.debugDescription)")
    }

    @Test func listsSymbols() throws {
      let demo = try demo("--quiet")
      demo.send("\\ome" + Key.tab + "!" + "\r")
      try demo.expect("2:\"ω!\"")
      demo.send("\\var" + Key.tab)
      try demo.expectScreen("a list of names") { $0.contains("\\varepsilon  ε") && $0.contains("\\varphi") }
    }
  }
}
