import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TerminalTests {
  @Suite struct Editing {
    // MARK: lines

    @Test func entersALineAndEndsWithControlD() throws {
      let demo = try demo()
      demo.sendLine("x = 3")
      try demo.expect("5:\"x = 3\"")
      try demo.expectRow("nn>")
      demo.send(Key.control("D"))
      try demo.expect("bye")
      #expect(try demo.exitStatus() == .exited(0))
    }

    @Test func restoresTheTerminalAtTheEnd() throws {
      let demo = try demo()
      let sane = tcflag_t(ICANON | ECHO | ISIG)
      #expect(demo.modes.c_lflag & sane == 0)
      demo.sendLine("quit")
      #expect(try demo.exitStatus() == .exited(0))
      #expect(demo.modes.c_lflag & sane == sane)
      #expect(!demo.screen.modes.contains(2004))
      #expect(demo.screen.unknownSequences == [])
    }

    @Test func givesTheTerminalToOtherPrograms() throws {
      let demo = try demo()
      demo.sendLine("child")
      try demo.expect("child in cooked mode")
      demo.sendLine("still here")
      try demo.expect("10:\"still here\"")
    }

    @Test(arguments: ["A ⊙ B", "W₁", "σ(ŷ) é ü", "日本語 x", "𝐱 + 1", "e\u{301}", "© ÿ ¡"])
    func entersUnicode(_ text: String) throws {
      let demo = try demo()
      demo.sendLine(text)
      try demo.expect("\(text.unicodeScalars.count):\(text.debugDescription)")
      #expect(demo.screen.contains("nn> " + text))
    }

    @Test func takesUnicodeInAnyLocale() throws {
      for locale in ["C", "POSIX", "", "no_SUCH"] {
        let demo = try demo(environment: ["LANG": locale])
        demo.sendLine("σ ⊙ é")
        try demo.expect("5:\"σ ⊙ é\"")
      }
    }

    @Test func replacesInvalidUTF8AndDropsNUL() throws {
      let demo = try demo()
      demo.send([0x61, 0xFF, 0x00, 0xC3, 0x62, 0xE2, 0x8A, 0x63, 0x0D])
      try demo.expect("6:\"a\u{FFFD}\u{FFFD}b\u{FFFD}c\"")
    }

    @Test func waitsForTheRestOfACharacter() throws {
      let demo = try demo()
      for bytes in [[0x61, 0xCE], [0xB1, 0xF0], [0x9D], [0x90], [0xB1, 0x0D]] as [[UInt8]] {
        demo.send(bytes)
        try demo.expectIdle(for: 0.08)
      }
      try demo.expect("3:\"aα𝐱\"")
    }

    @Test func takesVeryLongLines() throws {
      let demo = try demo()
      let line = String(repeating: "0123456789", count: 1_000)
      demo.sendLine(line)
      try demo.expect("10000:")
      demo.paste(line + "é")
      demo.send("\r")
      try demo.expect("10001:")
      demo.send(Key.up + Key.up + Key.down + "\r")
      try demo.expect("10001:")
    }

    @Test func keepsWhatIsTypedAheadDuringWork() throws {
      let demo = try demo()
      demo.sendLine("wait")
      try demo.expect("waiting")
      demo.send("first\rse\u{7F}econd ⊙")
      try demo.expect("waited")
      try demo.expect("5:\"first\"")
      try demo.expectRow("nn> second ⊙")
    }

    // MARK: keys

    @Test(arguments: [
      (keys: "ac" + Key.left + "b", result: "abc"),
      ("b" + Key.home + "a" + Key.end + "c", "abc"),
      ("abxc" + Key.left + Key.left + Key.delete, "abc"),
      ("abcx" + Key.backspace, "abc"),
      ("one two" + Key.wordLeft + "x" + Key.wordRight + "y", "one xtwoy"),
      ("one two" + Key.control("W"), "one "),
      ("one two" + Key.control("A") + Key.control("K") + "x" + Key.control("Y"), "xone two"),
      ("ab" + Key.control("B") + Key.control("T"), "ba"),
      ("one two" + Key.escape + "b" + "x", "one xtwo"),
      ("xyz" + Key.control("U") + "a", "a"),
      ("e\u{301}x" + Key.left + Key.left + "a", "ae\u{301}x"),
      ("a" + Key.control("V") + "\u{1}" + "b", "a\u{1}b"),
      ("a" + Key.control("_") + "b", "b"),
      ("one two" + Key.control("W") + Key.control("_"), "one two"),
      ("a" + Key.control("V") + Key.left + "b", "ba"),
      ("a\u{1B}[99;99Xb\u{1B}[Ic\u{1B}[1;2Rd", "abcd"),
      ("\u{1B}OAa\u{1B}ODb\u{1B}OFc", "bac"),
    ])
    func editsWithEmacsKeys(_ keys: String, _ result: String) throws {
      let demo = try demo("--quiet")
      demo.send(keys + "\r")
      try demo.expect("\(result.unicodeScalars.count):\(result.debugDescription)")
    }

    @Test(arguments: [
      (keys: "abc" + Key.escape, then: "0xA", result: "bc"),
      ("one two", Key.left + "x", "one twxo"),
      ("one two" + Key.escape, "bdwam", "one m"),
      ("abc" + Key.escape, "rxu", "abc"),
      ("ab" + Key.escape, "d" + Key.left + "ix", "xab"),
      ("é ü", Key.home + "x", "xé ü"),
    ])
    func editsWithViKeys(_ keys: String, _ then: String, _ result: String) throws {
      let demo = try demo("--vi", "--quiet")
      demo.send(keys)
      try demo.expectScreen("the typed text") { $0.cursorRow.count > 4 }
      // An Escape that something follows at once begins the sequence of a key: here it is one of its own.
      if keys.hasSuffix(Key.escape) { try demo.pauseForEscape() }
      demo.send(then + "\r")
      try demo.expect("\(result.unicodeScalars.count):\(result.debugDescription)")
    }

    @Test func controlLClearsTheScreenAndKeepsTheLine() throws {
      let demo = try demo()
      demo.sendLine("before")
      try demo.expect("6:")
      demo.send("half")
      try demo.expectRow("nn> half")
      demo.send(Key.control("L"))
      try demo.expectScreen("the line at the top") { $0.text == "nn> half" && $0.row == 0 }
    }

    @Test(arguments: repetitions(8)) func survivesAnyKeys(_ seed: Int) throws {
      var random = SmallRandom(seed: seed)
      let demo = try demo(seed % 2 == 0 ? "--vi" : "--color", rows: 7, columns: 13 + seed % 60)
      for _ in 0..<20 {
        let length = random.next(below: 60) + 1
        let bytes = (0..<length).map { _ in
          UInt8(
            random.next(below: 3) == 0
              ? random.next(below: 256) : [0x1B, 0x5B, 0x41, 0x6A, 0x64, 0x0D][random.next(below: 6)])
        }
        // Neither the end of input nor a command to the editing library itself.
        demo.send(
          bytes.filter { $0 != 0x04 && $0 != 0x1C && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "x") })
        if random.next(below: 2) == 0 { try demo.expectIdle(for: 0.001) }
        // The end of a paste that may have begun.
        demo.send("\u{1B}[201~" + Key.control("C"))
      }
      // Whatever waits for more keys gets them; then a search ends, then the line. What is sent while an entry is
      // worked on means that work.
      for round in 0..<20 where round < 3 || demo.screen.cursorRow != "nn>" {
        demo.send("   " + Key.control("C"))
        try demo.expectIdle(for: 0.02)
      }
      // An interrupt that met such work has left the blanks before it in the line.
      demo.sendLine("alive")
      try demo.expect("alive\"")
    }

    // MARK: entries of several lines

    @Test func goesOnWhileTheEntryIsIncomplete() throws {
      let demo = try demo()
      demo.send("f(1,\r")
      try demo.expectRow("..>")
      demo.send("2,\r")
      try demo.expectScreen("three rows") { $0[2] == "..>" }
      demo.send("3)\r")
      try demo.expect("10:\"f(1,\\n2,\\n3)\"")
      #expect(demo.screen.contains("..> 3)"))
    }

    @Test func anEmptyLineEndsAWrongStart() throws {
      let demo = try demo()
      demo.send("f(1,\r")
      try demo.expectRow("..>")
      demo.send("\r")
      try demo.expect("5:\"f(1,\\n\"")
    }

    @Test func movesThroughTheRowsOfAnEntry() throws {
      let demo = try demo("--quiet")
      demo.send("(ab\r")
      try demo.expectRow("..>")
      demo.send("cd" + Key.up + "x" + Key.down + Key.home + "y" + Key.end + ")\r")
      try demo.expect("9:\"(axb\\nycd)\"")
    }

    @Test func altEnterBeginsAnotherLine() throws {
      let demo = try demo()
      demo.send("a" + Key.altEnter + "b\r")
      try demo.expect("3:\"a\\nb\"")
    }

    @Test func startsWithAGivenText() throws {
      let demo = try demo()
      demo.sendLine("edit one/two")
      try demo.expectScreen("the text, ready to edit") { $0.contains("nn> one") && $0.cursorRow == "..> two" }
      demo.send(" three\r")
      try demo.expect("13:\"one\\ntwo three\"")
    }

    @Test func aBlankLineIsAnEntry() throws {
      let demo = try demo()
      demo.send("\r")
      try demo.expect("0:\"\"")
      demo.send("  \r")
      try demo.expect("2:\"  \"")
    }

    // MARK: settings

    @Test func honoursEditrc() throws {
      let folder = TemporaryFolder()
      try folder.write(
        """
        # comment
        bind ^T complete-word
        demo:bind ^G ed-move-to-beg
        other:bind ^F ed-move-to-beg
        bind "^[[A" ed-move-to-beg
        edit off
        nonsense here
        """, to: ".editrc")
      let demo = try demo("--quiet", environment: ["HOME": folder.path])
      demo.send(
        "sor" + Key.control("T") + Key.control("G") + "a" + Key.control("F") + Key.control("F") + "b\r")
      try demo.expect("6:\"asobrt\"")
      demo.send("cd" + Key.up + "b\r")
      try demo.expect("3:\"bcd\"")
    }

    @Test(arguments: ["bind -v", "bind -v\nbind -v", "demo:bind -v\nbind ^T complete-word"])
    func keepsItsKeysWhenEditrcChoosesVi(_ settings: String) throws {
      let folder = TemporaryFolder()
      try folder.write(settings, to: ".editrc")
      let demo = try demo("--quiet", environment: ["HOME": folder.path])
      demo.send("sor" + Key.tab)
      try demo.expectRow("nn> sort")
      demo.send(Key.escape)
      try demo.pauseForEscape()
      demo.send("0ia\r")
      try demo.expect("5:\"asort\"")
    }

    @Test func keepsItsKeysWhenEditrcChoosesEmacsAgain() throws {
      let folder = TemporaryFolder()
      try folder.write("bind -e", to: ".editrc")
      let demo = try demo("--quiet", environment: ["HOME": folder.path])
      demo.send("sor" + Key.tab + "\r")
      try demo.expect("4:\"sort\"")
    }
  }
}

extension TerminalSession {
  /// Waits until the program has taken an Escape for a key of its own.
  func pauseForEscape() throws {
    try expectIdle(for: 0.06)
  }
}
