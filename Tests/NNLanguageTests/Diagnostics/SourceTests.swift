import Testing

@testable import NNLanguage

@Suite struct SourceTests {
  @Test(arguments: [
    ("«»", 1, 1), ("a«»b", 1, 2), ("a\n«»b", 2, 1), ("a\r\n«»b", 2, 1), ("a\r«»b", 2, 1), ("a\n\n«»", 3, 1),
    ("α = «»β", 1, 5),
    ("ŷ y\u{302}«»", 1, 4), ("👩‍🚀 «»x", 1, 3), ("\u{FEFF}x«»", 1, 2), ("\t«»x", 1, 2), ("a«»\n", 1, 2),
    ("漢字«»", 1, 3),
  ])
  func countsLinesAndColumns(marked: String, line: Int, column: Int) {
    let marked = MarkedSource(marked)
    #expect(marked.source.location(of: marked.ranges[0].start) == Source.Location(line: line, column: column))
  }

  @Test(arguments: [
    ("", [""]), ("a", ["a"]), ("a\nb", ["a", "b"]), ("a\n", ["a", ""]), ("a\r\nb\rc", ["a", "b", "c"]),
    ("\n\n", ["", "", ""]),
    ("\u{FEFF}a\nb", ["a", "b"]),
  ])
  func cutsLines(text: String, lines: [String]) {
    let source = Source(name: "t", text: text)
    #expect((1...source.lineCount).map { source.lineText($0) } == lines)
  }

  @Test func longLinesAreCountedInCodePoints() {
    let source = Source(name: "t", text: String(repeating: "é", count: 100_003) + "x")
    #expect(source.column(of: Int32(source.bytes.count - 1)) == 100_004)
  }

  @Test func anyOffsetHasALocation() {
    let source = Source(name: "t", bytes: [0xFF, 0x0A, 0xE2, 0x82, 0x0D, 0x0A])
    for offset in 0...10 { #expect(source.location(of: Int32(offset)).line >= 1) }
    #expect(source.text(SourceRange(-5, 400)).unicodeScalars.count == 5)
  }

  @Test(arguments: [
    ("abc", 3), ("漢字", 4), ("ŷ", 1), ("y\u{302}", 1), ("👩‍🚀", 2), ("❤️", 2), ("\u{200B}", 0), ("ｱ", 1), ("Ａ", 2),
  ])
  func knowsDisplayWidths(text: String, width: Int) { #expect(text.displayWidth == width) }
}
