import TerminalSupport
import Testing

@testable import LineEditing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct PlainLineReaderTests {
  /// The lines read from these bytes through a pipe.
  private func lines(_ bytes: [UInt8]) throws -> [String] {
    let folder = TemporaryFolder()
    let descriptor = open(folder.path + "/input", O_CREAT | O_RDWR, 0o600)
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      written += bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
    }
    lseek(descriptor, 0, SEEK_SET)
    var reader = PlainLineReader(descriptor: descriptor)
    var lines: [String] = []
    while case .line(let line) = reader.readLine() { lines.append(line) }
    let end = reader.readLine()
    #expect(end == .endOfFile)
    return lines
  }

  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]),
    ("\n\n", ["", ""]),
    ("a\rb\n", ["a\rb"]), ("σ\n\0x\n", ["σ", "\0x"]),
  ])
  func splitsLines(_ text: String, _ expected: [String]) throws {
    #expect(try lines(Array(text.utf8)) == expected)
  }

  @Test func replacesInvalidUTF8() throws {
    #expect(try lines([0x61, 0xFF, 0x0A, 0xC3]) == ["a\u{FFFD}", "\u{FFFD}"])
  }

  @Test func readsLinesLongerThanABlock() throws {
    let long = String(repeating: "x", count: 200_000)
    #expect(try lines(Array("a\n\(long)\nb".utf8)) == ["a", long, "b"])
  }
}

struct InputDecoderTests {
  private func events(_ text: String) -> [InputEvent] { events(Array(text.utf8)) }

  private func events(_ bytes: [UInt8]) -> [InputEvent] {
    var decoder = InputDecoder()
    decoder.append(bytes)
    var events: [InputEvent] = []
    while let event = decoder.next(isFinal: true) { events.append(event) }
    return events
  }

  @Test(arguments: [
    ("\u{1B}[A", FunctionKey.up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .wordRight),
    ("\u{1B}[1;3D", .wordLeft),
    ("\u{1B}[1;2C", .right), ("\u{1B}[H", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
    ("\u{1B}[3;5~", .deleteWordRight), ("\u{1B}\r", .newline), ("\u{1B}[13;2u", .newline),
    ("\u{1B}[27;2;13~", .newline), ("\u{1B}[Z", .backTab), ("\u{1B}[[A", .up), ("\u{1B}\u{1B}[D", .left),
    ("\u{1B}[?62;1c", .wordRight), ("\u{1B}[99~", .other), ("\u{1B}[1;2:3A", .up),
    ("\u{1B}[99999999999999999999A", .up),
  ])
  func knowsKeys(_ text: String, _ key: FunctionKey) {
    #expect(events(text) == [.key(key)])
  }

  @Test func givesUnfinishedSequencesAsCharacters() {
    #expect(events("\u{1B}") == [.character("\u{1B}")])
    #expect(events("\u{1B}[") == [.character("\u{1B}"), .character("[")])
    #expect(events("\u{1B}f") == [.character("\u{1B}"), .character("f")])
    #expect(
      events("\u{1B}[1;é") == [
        .character("\u{1B}"), .character("["), .character("1"), .character(";"), .character("é"),
      ])
  }

  /// Every way to cut a text gives the same events.
  @Test func doesNotDependOnHowBytesArrive() {
    let bytes =
      Array("aσ日𝐱\u{1B}[A\u{1B}[1;5Cx\u{1B}[200~p\u{1B}[1σ\r\u{1B}[201~\u{1B}\rz".utf8) + [
        0xFF, 0xE2, 0x8A, 0x61,
      ]
    let whole = events(bytes)
    #expect(whole.contains(.paste("p\u{1B}[1σ\r")))
    for cut in 1..<bytes.count {
      var decoder = InputDecoder()
      var parts: [InputEvent] = []
      for part in [bytes[..<cut], bytes[cut...]] {
        decoder.append(part)
        while let event = decoder.next() { parts.append(event) }
      }
      #expect(parts == whole, "cut at \(cut)")
    }
  }

  /// As the standard library replaces it.
  @Test func replacesInvalidUTF8AsUnicodeSays() {
    var state: UInt64 = 7
    for _ in 0..<2_000 {
      var bytes: [UInt8] = []
      for _ in 0..<6 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let choices: [UInt8] = [
          0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xEF, 0xF0, 0x90, 0xF4, 0x8F, 0xFF,
        ]
        bytes.append(choices[Int(state >> 33) % choices.count])
      }
      let expected = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { InputEvent.character($0) }
      #expect(events(bytes) == expected, "\(bytes)")
    }
  }

  @Test func findsTheInterruptTypedAhead() {
    var decoder = InputDecoder()
    decoder.append(Array("ab\u{3}cd".utf8))
    let isFound = decoder.dropThroughInterrupt()
    #expect(isFound)
    let next = decoder.next()
    #expect(next == .character("c"))
    let isFoundAgain = decoder.dropThroughInterrupt()
    #expect(!isFoundAgain)
  }
}

struct InputBurstTests {
  /// Pieces that follow each other closely are one; a key alone is itself, and so is what comes later.
  @Test func divides() {
    var bursts = InputBursts()
    let pieces: [(text: String, time: Double)] = [
      ("nn> a = 1", 0), ("\r1\r", 0.01), ("x", 0.02), ("σ", 0.03), ("ab", 0.04), ("cd", 0.2),
    ]
    var place = 0
    var places: [Int] = []
    for piece in pieces {
      bursts.add(Array(piece.text.utf8), at: place, time: piece.time)
      places.append(place)
      place += piece.text.utf8.count
    }
    let numbers = places.map { bursts.burst(at: $0) }
    #expect(numbers == [0, 0, 1, 2, 2, 3])
    bursts.forget(before: places[3])
    #expect(places[3...].map { bursts.burst(at: $0) } == [2, 2, 3])
  }
}

struct TextStyleTests {
  @Test func writesSequences() {
    #expect(TextStyle(.red, bold: true).apply(to: "x") == "\u{1B}[0;1;31mx\u{1B}[0m")
    #expect(TextStyle(TerminalColor(12)).escapeSequence == "\u{1B}[0;94m")
    #expect(TextStyle(TerminalColor(200), dim: true).escapeSequence == "\u{1B}[0;2;38;5;200m")
    #expect(TextStyle.plain.apply(to: "x") == "x")
  }
}

extension TerminalTests {
  @Suite struct WithoutATerminal {
    /// The program in a shell, so that its input or output is no terminal.
    private func run(_ command: String) throws -> String {
      let session = try TerminalSession(
        "/bin/sh", ["-c", command.replacing("DEMO", with: builtProduct("EditingDemo"))])
      #expect(try session.exitStatus() == .exited(0))
      return String(decoding: session.output, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    @Test func readsPipesWithoutAPrompt() throws {
      #expect(
        try run(#"printf 'a = 1\r\nb\0 \377\nlast' | DEMO"#)
          == "5:\"a = 1\"\n4:\"b\\0 \u{FFFD}\"\n4:\"last\"\n")
    }

    @Test func needsBothEndsToBeATerminal() throws {
      #expect(try run("printf 'x\n' | DEMO | cat") == "1:\"x\"\n")
      #expect(try run("DEMO </dev/null") == "")
      #expect(try run("DEMO <&-; true") == "")
    }
  }

  @Suite struct DumbTerminal {
    private func start() throws -> TerminalSession {
      try demo(environment: ["TERM": "dumb"], rows: 12, columns: 30)
    }

    @Test func edits() throws {
      let demo = try start()
      demo.send("abd" + Key.control("B") + "c")
      try demo.expectRow("nn> abcd")
      demo.send(Key.backspace + Key.backspace + "x")
      try demo.expectRow("nn> axd")
      demo.send("\r")
      try demo.expect("3:\"axd\"")
      #expect(!demo.output.contains(0x1B))
    }

    @Test func scrollsLongLinesSideways() throws {
      let demo = try start()
      let line = String(repeating: "0123456789", count: 5)
      demo.send(line + "end")
      try demo.expectScreen("the end in sight") { $0.cursorRow.hasSuffix("789end") && $0.row == 0 }
      demo.send(Key.control("A") + "x")
      try demo.expectScreen("the start in sight") { $0.cursorRow.hasPrefix("nn> x0123") }
      demo.send("\r")
      try demo.expect("54:")
    }

    @Test func editsEntriesOfSeveralRowsAndLists() throws {
      let demo = try start()
      demo.send("f(\r")
      try demo.expectRow("..>")
      demo.send("sof\t\t")
      try demo.expectScreen("the list and the row again") {
        $0.contains("softmax   function") && $0.cursorRow == "..> soft"
      }
      demo.send(")\r")
      try demo.expect(#"8:"f(\nsoft)""#)
    }

    @Test func interrupts() throws {
      let demo = try start()
      demo.send("half")
      try demo.expectRow("nn> half")
      demo.interrupt()
      try demo.expect("(cancelled)")
    }
  }
}
