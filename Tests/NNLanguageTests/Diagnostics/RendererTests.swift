import Testing

@testable import NNLanguage

@Suite struct RendererTests {
  /// A diagnostic whose labels are the marked stretches, in their order, with the texts given.
  private func diagnostic(_ marked: String, _ texts: String..., hints: [String] = []) -> Diagnostic {
    let marked = MarkedSource(marked)
    var diagnostic = Diagnostic(.error, "it does not fit").located(at: marked.ranges[0], in: marked.source)
    for (range, text) in zip(marked.ranges, texts) { diagnostic = diagnostic.labelled(range, text) }
    for hint in hints { diagnostic = diagnostic.hinting(hint) }
    return diagnostic
  }

  private func expect(
    _ diagnostic: Diagnostic, _ rendering: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(diagnostic.description == rendering + "\n", sourceLocation: sourceLocation)
  }

  @Test func twoOperands() {
    expect(
      diagnostic(
        "\n\n\n\n\n\nZ1 = «W1»*«X» + b1", "4×2", "3×100",
        hints: [
          "W1*X needs the 2 columns of W1 to equal the 3 rows of X",
          "W1 takes 2 features, X has 3; columns of X are examples",
        ]),
      """
      error: it does not fit
        ┌ test.nn:7:6
      7 │ Z1 = W1*X + b1
        │      ── ─ 3×100
        │      4×2
        = W1*X needs the 2 columns of W1 to equal the 3 rows of X
        = W1 takes 2 features, X has 3; columns of X are examples
      """)
  }

  @Test func threeLabelsHaveStrokes() {
    expect(
      diagnostic("where(«A», «B», «C»)", "4×2", "3×1", "1×1"),
      """
      error: it does not fit
        ┌ test.nn:1:7
      1 │ where(A, B, C)
        │       ─  ─  ─ 1×1
        │       │  3×1
        │       4×2
      """)
  }

  @Test func aLabelWithoutTextIsOnlyMarked() {
    expect(
      diagnostic("0 «<» x «<» 1", "", "here"),
      """
      error: it does not fit
        ┌ test.nn:1:3
      1 │ 0 < x < 1
        │   ─   ─ here
      """)
  }

  @Test func aLabelInsideAnotherGoesBelow() {
    expect(
      diagnostic("«A*«B»*C»", "whole", "part"),
      """
      error: it does not fit
        ┌ test.nn:1:1
      1 │ A*B*C
        │ ─────
        │ │ part
        │ whole
      """)
  }

  @Test func aPointIsACaret() {
    expect(
      diagnostic("x = 1 +«»"),
      """
      error: it does not fit
        ┌ test.nn:1:8
      1 │ x = 1 +
        │        ^
      """)
  }

  @Test func labelsOnSeveralLines() {
    expect(
      diagnostic("«a» = 1\nb = 2\nc = «a»\n\n\n\nd = «a»", "first", "second", "third"),
      """
      error: it does not fit
        ┌ test.nn:1:1
      1 │ a = 1
        │ ─ first
      2 │ b = 2
      3 │ c = a
        │     ─ second
        ⋮
      7 │ d = a
        │     ─ third
      """)
  }

  @Test func gutterIsAsWideAsTheLastNumber() {
    expect(
      diagnostic(
        "«a»" + String(repeating: "\n", count: 99) + "«b»", "one", "two", hints: ["a hint\nof two lines"]),
      """
      error: it does not fit
          ┌ test.nn:1:1
        1 │ a
          │ ─ one
          ⋮
      100 │ b
          │ ─ two
          = a hint
            of two lines
      """)
  }

  @Test func aLabelOverSeveralLines() {
    expect(
      diagnostic("x = «f(1,\n  2,\n  3)» + 1", "these arguments"),
      """
      error: it does not fit
        ┌ test.nn:1:5
      1 │   x = f(1,
        │ ╭─────╯
      2 │ │   2,
      3 │ │   3) + 1
        │ ╰────╯ these arguments
      """)
  }

  @Test func aLabelOverManyLinesIsCut() {
    expect(
      diagnostic("«if x {\n" + String(repeating: "y\n", count: 20) + "}»", "block"),
      """
      error: it does not fit
         ┌ test.nn:1:1
       1 │   if x {
         │ ╭─╯
       2 │ │ y
         ⋮ │
      22 │ │ }
         │ ╰─╯ block
      """)
  }

  @Test func wideCharactersTabsAndControls() {
    expect(
      diagnostic("\t漢字 = \u{1B}[1m\u{202E}«x»", "here"),
      """
      error: it does not fit
        ┌ test.nn:1:12
      1 │     漢字 = \\u{1B}[1m\\u{202E}x
        │                             ─ here
      """)
  }

  @Test func brokenTextIsShown() {
    let source = Source(name: "a\u{1B}b.nn", bytes: [0x61, 0xFF, 0xE2, 0x82, 0x62])
    let error = Diagnostic(.error, "a\u{7}b").located(at: SourceRange(4, 5), in: source).hinting("c\u{1B}[0m")
    expect(
      error,
      """
      error: a\\u{7}b
        ┌ a\\u{1B}b.nn:1:4
      1 │ a\\xFF\\xE2\\x82b
        │              ─
        = c\\u{1B}[0m
      """)
  }

  @Test func longLinesAreShownInAWindow() {
    var style = DiagnosticStyle.plain
    style.width = 20
    let error = diagnostic(
      String(repeating: "a+", count: 50) + "«wrong»" + String(repeating: "+b", count: 50), "here")
    #expect(
      DiagnosticRenderer(style: style).render(error) == """
        error: it does not fit
          ┌ test.nn:1:101
        1 │ …a+a+a+wrong+b+b+b+b+…
          │        ───── here

        """)
  }

  @Test func aPlaceIsNotNeeded() {
    expect(
      Diagnostic(.warning, "slow").hinting("wait").noting("in round 3 of the repeat in line 7"),
      """
      warning: slow
        · in round 3 of the repeat in line 7
        = wait
      """)
  }

  @Test func circumstancesComeBeforeHints() {
    let source = Source(name: "a.nn", text: "f(1)\ng(2)\nh(3)")
    var error = Diagnostic(.interrupt, "stopped").located(at: SourceRange(0, 4), in: source).hinting(
      "undo takes the line back")
    error = error.noting("in round 3 of the repeat in line 1")
    error.addCall(.init(name: "g", source: source, range: SourceRange(5, 9)))
    error.addCall(.init(name: "h", source: source, range: SourceRange(10, 14)))
    expect(
      error,
      """
      interrupted: stopped
        ┌ a.nn:1:1
      1 │ f(1)
        │ ────
        · in round 3 of the repeat in line 1
        · in g, called at a.nn:2:1
        · in h, called at a.nn:3:1
        = undo takes the line back
      """)
  }

  @Test func aLongTraceIsCut() {
    let source = Source(name: "a.nn", text: "f(n+1)")
    var error = Diagnostic(.error, "too deep")
    for _ in 0..<10_000 { error.addCall(.init(name: "f", source: source, range: SourceRange(0, 6))) }
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 9)
    #expect(lines[6] == "  · … 9993 more calls")
  }

  @Test func aPlaceIsGivenOnlyOnce() {
    let (first, second) = (MarkedSource("«a»"), MarkedSource("b «b»"))
    let error = Diagnostic(.error, "e").located(at: first.ranges[0], in: first.source)
      .located(at: second.ranges[0], in: second.source)
    #expect(error.range == first.ranges[0] && error.source === first.source)
  }

  @Test func coloursCanBeTakenAway() {
    let error = diagnostic("f(«x», «y»)", "one", "two", hints: ["hint"])
    let colored = DiagnosticRenderer(style: .colored).render(error)
    #expect(colored.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == error.description)
  }

  @Test func marksCanBeASCII() {
    let rendering = DiagnosticRenderer(style: .plain.withASCIIMarks).render(
      diagnostic("f(«x»,\n «y\n»)", "one", "two"))
    #expect(rendering.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func aCopyIsAnother() {
    let first = Diagnostic(.error, "one").hinting("a")
    var second = first
    second.message = "two"
    second.addCall(.init(name: "f", source: Source(name: "s", text: ""), range: SourceRange(0, 0)))
    #expect(first.message == "one" && first.trace.isEmpty && second.hints == ["a"] && second.trace.count == 1)
  }

  @Test func aDiagnosticIsOnePointer() { #expect(MemoryLayout<Diagnostic>.size == 8) }
}
