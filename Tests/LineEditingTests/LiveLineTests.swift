import TerminalSupport
import Testing

extension TerminalTests {
  /// What the prompt shows while a line is typed.
  @Suite struct LiveLine {
    @Test func highlightsWhatIsTyped() throws {
      let demo = try demo()
      demo.send("ab12 c")
      try demo.expectScreen("coloured digits") {
        $0.styled(0) == ["nn>": "1", " ": "1", "12": "33"] || $0.styled(0)["12"] == "33"
      }
      demo.sendLine("")
      try demo.expect("6:\"ab12 c\"")
      #expect(demo.screen.styled(0)["12"] == "33")
    }

    @Test func marksTheMatchingBracket() throws {
      let demo = try demo()
      demo.send("f(a[1])")
      try demo.expectScreen("both brackets marked") {
        $0.cell(0, 5).style == "1;4" && $0.cell(0, 10).style == "1;4" && $0.cell(0, 7).style == ""
      }
      demo.send(Key.left)
      try demo.expectScreen("the inner pair marked") {
        $0.cell(0, 5).style == "" && $0.cell(0, 7).style == "1;4" && $0.cell(0, 9).style == "1;4"
      }
      demo.send("\r")
      try demo.expect("7:")
      #expect((0..<20).allSatisfy { !demo.screen.cell(0, $0).style.contains("4") })
    }

    @Test func hintsAtTheLatestEntryAndTakesIt() throws {
      let demo = try demo()
      demo.sendLine("alpha one")
      try demo.expect("9:")
      try demo.expectRow("nn>")
      demo.send("al")
      try demo.expectScreen("a dim hint") {
        $0.cursorRow == "nn> alpha one" && $0.styled($0.row)["pha one"] == "2"
      }
      #expect(demo.screen.column == 6)
      demo.send(Key.wordRight)
      try demo.expectScreen("the first word taken") { $0.column == 9 && $0.styled($0.row)[" one"] == "2" }
      demo.send(Key.right)
      try demo.expectScreen("all of it taken") { $0.column == 13 }
      demo.send("!\r")
      try demo.expect("10:\"alpha one!\"")
    }

    @Test func aHintOfFurtherLinesKeepsThemApart() throws {
      let demo = try demo()
      demo.send("w = 1" + Key.altEnter + "step" + Key.altEnter + "w\r")
      try demo.expect("12:")
      demo.send("w = 1" + Key.altEnter + "st")
      try demo.expectRow("..> step …")
      demo.send("ep")
      try demo.expectRow("..> step⏎")
    }

    @Test func aHintIsNotPartOfTheLine() throws {
      let demo = try demo()
      demo.sendLine("alpha one")
      try demo.expect("9:")
      demo.send("al")
      try demo.expectRow("nn> alpha one")
      demo.send("\r")
      try demo.expect("2:\"al\"")
      #expect(demo.screen.contains("nn> al") && demo.screen[2] == "nn> al")
    }

    @Test func previewsWhatTheLineWouldGive() throws {
      let demo = try demo()
      demo.send("abc=")
      try demo.expectScreen("a dim preview at the right") {
        $0[0].hasSuffix(" 3 characters") && $0.styled(0)["3 characters"] == "2" && $0.column == 8
      }
      demo.send("!")
      try demo.expectScreen("a preview in the colour of errors") { $0.styled(0)["does not fit"] == "2;31" }
      demo.send("x")
      try demo.expectScreen("no preview") { $0[0] == "nn> abc=!x" }
      demo.send("=\r")
      try demo.expect("7:")
      #expect(demo.screen[0] == "nn> abc=!x=")
    }

    @Test func putsAPreviewBelowALongLine() throws {
      let demo = try demo(columns: 30)
      demo.send("a long line it is indeed=")
      try demo.expectScreen("a preview below") { $0[1] == "  24 characters" && $0.row == 0 }
      demo.send("x")
      try demo.expectScreen("no preview") { $0[1] == "" }
    }

    @Test func aPreviewThatTakesLongIsGivenUp() throws {
      let demo = try demo()
      demo.send("slow")
      try demo.expectScreen("the preview given up") { $0[0].hasSuffix("gave up") }
      demo.send("ly\r")
      try demo.expect("6:\"slowly\"")
    }

    @Test func canBeSwitchedOff() throws {
      let demo = try demo()
      demo.sendLine("live off")
      try demo.expectScreen("the next prompt") { $0.row == 1 && $0.cursorRow == "nn>" }
      demo.send("li=")
      try demo.expectRow("nn> li=")
      try demo.expectIdle(for: 0.1)
      #expect(demo.screen.cursorRow == "nn> li=")
    }

    @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": nil]]) func obeysTheEnvironment(
      _ environment: [String: String?]
    ) throws {
      let demo = try demo(environment: environment)
      demo.send("f(12)=")
      try demo.expectRow("nn> f(12)=")
      try demo.expectIdle(for: 0.1)
      demo.send("\r")
      try demo.expect("6:\"f(12)=\"")
      #expect(!String(decoding: demo.output, as: UTF8.self).contains("m"))
      if environment["NO_COLOR"] == nil { #expect(!demo.output.dropLast(0).contains(0x1B)) }
    }
  }

  /// The screen is what it should be after whatever was typed.
  @Suite struct Screen {
    @Test(arguments: repetitions(6)) func equalsAFreshOne(_ seed: Int) throws {
      var random = SmallRandom(seed: seed)
      let demo = try demo("--quiet", rows: 9 + seed % 3, columns: 17 + seed * 5 % 31)
      let pieces = [
        "a", "b1", "σ", "日本", "é", "(", ")", " ", "x=", "word ", "0123456789", "e\u{301}", Key.left, Key.left,
        Key.right,
        Key.home, Key.end, Key.wordLeft, Key.backspace, Key.delete, Key.altEnter, Key.up, Key.down,
        Key.control("W"), Key.control("K"), Key.control("Y"), Key.tab,
      ]
      for round in 0..<20 {
        for _ in 0..<random.next(below: 24) + 1 {
          demo.send(pieces[random.next(below: pieces.count)])
          if random.next(below: 3) == 0 { try demo.expectIdle(for: 0.001) }
        }
        try settle(demo)
        let grown = demo.screen
        demo.send(Key.control("L"))
        try settle(demo)
        let fresh = demo.screen
        #expect(fresh.isCursorVisible && !fresh.text.isEmpty)
        #expect(
          grown.text.hasSuffix(fresh.text), "seed \(seed) round \(round)\n\(grown.text)\n---\n\(fresh.text)")
        #expect(grown.column == fresh.column, "seed \(seed) round \(round)\n\(grown.text)")
        #expect(grown.unknownSequences == [])
      }
    }

    /// Waits until everything sent is to be seen, by a mark that comes and goes at the cursor.
    private func settle(_ demo: TerminalSession) throws {
      demo.send("§")
      try demo.expectScreen("a mark") { $0.text.unicodeScalars.contains("§") }
      demo.send(Key.backspace)
      try demo.expectScreen("no mark") { !$0.text.unicodeScalars.contains("§") && $0.isCursorVisible }
    }

    @Test func wrapsLongLinesAsOne() throws {
      let demo = try demo("--quiet", rows: 6, columns: 20)
      demo.send("0123456789012345")
      try demo.expectScreen("a full row") { $0[0] == "nn> 0123456789012345" && $0.row == 1 && $0.column == 0 }
      for character in "abcdef" {
        demo.send(String(character))
        try demo.expectScreen("the next letter") { $0[1].hasSuffix(String(character)) }
      }
      // A terminal that knows the rows for one line joins them when it has room.
      demo.resize(rows: 6, columns: 40)
      try demo.expectScreen("one row") { $0.text == "nn> 0123456789012345abcdef" && $0.row == 0 }
      demo.send("\r")
      try demo.expect("22:")
    }

    @Test func aFullRowLeavesNoEmptyOneBehind() throws {
      let demo = try demo("--quiet", rows: 6, columns: 20)
      demo.send("0123456789012345\r")
      try demo.expect("16:\"0123456789012345\"")
      #expect(demo.screen[1] == "16:\"0123456789012345")
    }

    @Test func followsTheWindow() throws {
      let demo = try demo("--quiet", columns: 60)
      demo.sendLine("before")
      try demo.expect("6:\"before\"")
      demo.send("a line of some length, longer than others")
      try demo.expectScreen("the line") { $0.cursorRow.hasSuffix("others") }
      for columns in [30, 20, 50, 25, 80] {
        demo.resize(rows: 24, columns: columns)
        let shown = "nn> a line of some length, longer than others"
        try demo.expectScreen("the line in \(columns) columns") { screen in
          screen.text.replacing("\n", with: "").hasSuffix(shown)
            && screen.text.components(of: "nn> a") == 1 && screen.contains("6:\"before\"")
        }
        try demo.expectIdle(for: 0.02)
      }
      demo.send("!\r")
      try demo.expect("42:")
    }

    /// From the corner, tmux keeps what is erased, and shows it again when the window grows.
    @Test func aNewSizeErasesNothingFromTheCorner() throws {
      let demo = try demo("--quiet", columns: 60)
      demo.send(String(repeating: "x", count: 100))
      try demo.expectScreen("two rows") { $0.row == 1 }
      let before = demo.output.count
      demo.resize(rows: 10, columns: 40)
      try demo.expectScreen("three rows") { $0.row == 2 }
      try demo.expectIdle(for: 0.02)
      #expect(!String(decoding: demo.output[before...], as: UTF8.self).contains("\r\u{1B}[J"))
    }

    @Test func showsTheRowsAroundTheCursorOfATallEntry() throws {
      let demo = try demo("--quiet", rows: 6, columns: 40)
      demo.paste((1...20).map { "row \($0)" }.joined(separator: "\n"))
      try demo.expectScreen("the last rows") { $0[0] == "..> row 15" && $0[5] == "..> row 20" }
      for _ in 0..<10 { demo.send(Key.up) }
      try demo.expectScreen("earlier rows") { $0.cursorRow == "..> row 10" && $0[0] == "..> row 10" }
      demo.send("x")
      try demo.expectRow("..> row 10x")
      demo.send("\r")
      try demo.expect(#"row 9\nrow 10x\nrow 11"#)
      let all = demo.screen.scrolledOff + demo.screen.text.split(separator: "\n").map(String.init)
      #expect(
        all.filter { $0.hasPrefix("..> row 1") }.count == 10 && all.contains("nn> row 1")
          && all.contains("..> row 20"))
    }

    @Test func leavesOtherRowsAlone() throws {
      let demo = try demo("--quiet", rows: 8)
      demo.sendLine("flood")
      try demo.expect("row 29")
      try demo.expectScreen("the prompt at the bottom") { $0.row == 7 && $0[6] == "row 29" }
      demo.send("(\r1\r2\r3\r")
      try demo.expectScreen("scrolled rows") { $0[3] == "nn> (" && $0[2] == "row 29" }
    }

    @Test func oneKeyWritesLittle() throws {
      let demo = try demo("--quiet")
      demo.send("a longer line with words")
      try demo.expectRow("nn> a longer line with words")
      let before = demo.output.count
      demo.send("x")
      try demo.expectRow("nn> a longer line with wordsx")
      #expect(demo.output.count - before == 1)
    }
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
