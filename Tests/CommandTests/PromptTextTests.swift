import NNLanguage
import Testing

@testable import nnrepl

/// What a line at the prompt is.
struct PromptCommandTests {
  @Test(arguments: [
    ("help", "help", ""), ("help sigmoid", "help", "sigmoid"), ("  whos  ", "whos", ""),
    ("sigmoid?", "help", "sigmoid"),
    (".*?", "help", ".*"), ("clear a b", "clear", "a b"), ("cd ..", "cd", ".."), ("cd", "cd", ""),
    ("time (1 + 2)*3", "time", "(1 + 2)*3"), ("time [1 2]", "time", "[1 2]"), ("run x.nn", "run", "x.nn"),
    ("digits 10", "digits", "10"), ("ls ./a", "ls", "./a"), ("undo 3", "undo", "3"),
  ])
  func knowsCommands(_ line: String, _ name: String, _ words: String) throws {
    let (command, rest) = try #require(PromptCommand.match(line) { _ in false })
    #expect(command.name == name)
    #expect(rest == words)
  }

  @Test(arguments: [
    "help(sigmoid)", "help (sigmoid)", "run = 3", "run=3", "run += 1", "run -= 1", "run *= 2", "run /= 2",
    "run == 3",
    "time.x", "save[1]", "save [1]", "ls, 3", "x", "helper", "dW1 = ?", "undo2", "", "1 + 1", "time(3)",
    "digits(5)",
    "ls'", "\"what?", "x = y?",
  ])
  func leavesStatementsAlone(_ line: String) {
    #expect(PromptCommand.match(line) { _ in false } == nil)
  }

  @Test func aVariableHidesACommand() {
    #expect(PromptCommand.match("back") { $0 == "back" } == nil)
    #expect(PromptCommand.match("skip") { $0 == "back" } != nil)
  }

  @Test func namesAreUnique() {
    #expect(Set(PromptCommand.table.map(\.name)).count == PromptCommand.table.count)
  }
}

/// Pasted lines of both kinds.
struct EntryTextTests {
  private func parts(_ text: String) -> [EntryText.Part] {
    EntryText(text) { PromptCommand.match($0) { _ in false } != nil }.parts
  }

  @Test func statementsStayTogether() {
    #expect(parts("a = 1\nb = [1\n2]\nc") == [.code("a = 1\nb = [1\n2]\nc", line: 1)])
  }

  @Test func commandsStandApart() {
    #expect(
      parts("a = 1\nwhos\nb = 2\n\nundo") == [
        .code("a = 1", line: 1), .command("whos"), .code("b = 2\n", line: 3), .command("undo"),
      ])
  }

  @Test func insideAStatementThereAreNone() {
    #expect(parts("repeat 3 {\nwhos\n}") == [.code("repeat 3 {\nwhos\n}", line: 1)])
    #expect(parts("x = [1\nls\n]") == [.code("x = [1\nls\n]", line: 1)])
  }

  @Test(arguments: [
    ("1 +", false), ("f(", false), ("\"a", false), ("x = [1", false), ("1", true), (")", true), ("", true),
  ])
  func knowsWhatIsWhole(_ text: String, _ isWhole: Bool) {
    #expect(EntryText.isWhole(text) == isWhole)
  }
}

struct PlayTests {
  private static let script = """
    #!/usr/bin/env nnrepl
    # A lesson.

    # Two things:
    a = 1; b = 2
    repeat 3 {  # thrice
      a += 1
    }
    # The end is near.
    backward(J)
    # Bye.
    """

  private func play() throws -> Play { try Play(Source(name: "folder/lesson.nn", text: Self.script)) }

  @Test func cutsAScriptIntoSteps() throws {
    let play = try play()
    #expect(play.name == "lesson.nn")
    #expect(play.steps.map(\.code) == ["a = 1; b = 2", "repeat 3 {  # thrice\n  a += 1\n}", "backward(J)"])
    #expect(play.steps.map(\.line) == [5, 6, 10])
    #expect(play.steps.map(\.comment) == ["A lesson.\n\nTwo things:\n", "", "The end is near.\n"])
    #expect(play.ending == "Bye.\n")
  }

  @Test func showsCommentsOnceAndAgainAfterGoingBack() throws {
    var play = try play()
    #expect(play.takeComment() == "A lesson.\n\nTwo things:\n")
    #expect(play.takeComment() == "")
    play.advance()
    play.goBack(to: 0)
    #expect(play.takeComment() == "A lesson.\n\nTwo things:\n")
    for _ in 0..<5 { play.advance() }
    #expect(play.isAtEnd)
    #expect(play.takeComment() == "Bye.\n")
  }

  /// Lines that are in no file, each with a text.
  @Test func goesThroughAnyLines() {
    let lines = [("bce after sigmoid", "dZ2 = (A2 - Y)/4"), ("because Z2 = W2*A1", "dW2 = dZ2*A1'")]
    var play = Play(
      "J", steps: lines.map { Play.Step(comment: $0 + "\n", code: $1) }, ending: "That is all.\n")
    #expect(play.takeComment() == "bce after sigmoid\n")
    #expect(play.offer == "dZ2 = (A2 - Y)/4")
    play.advance()
    #expect(play.place == "step 2")
    #expect(play.path == nil)
    play.advance()
    #expect(play.offer == nil)
    #expect(play.takeComment() == "That is all.\n")
  }

  @Test(arguments: [
    ("W1 = zeros(2, 2)", "W1 = zeros(2, 2)", true), ("W1 = zeros(2, 2)", "W1 = ones(3, 3)", true),
    ("W1 = zeros(2, 2)", "W1", false), ("W1 = zeros(2, 2)", "W2 = 1", false),
    ("backward(J)", "backward(K)", true),
    ("backward(J)", "whos", false), ("repeat 3 { a }", "repeat 5 { a }", true), ("dW1", "dW1'", false),
  ])
  func tellsAnEditedLineFromAnother(_ offered: String, _ entered: String, _ isAnswer: Bool) throws {
    var play = try Play(Source(name: "x", text: offered))
    #expect(play.answers(entered) == isAnswer)
    play.isPaused = true
    #expect(!play.answers(entered))
  }
}

struct CompletionContextTests {
  @Test(arguments: [
    ("", CompletionContext.name(prefix: "", isFirst: true, call: nil)),
    ("sig", .name(prefix: "sig", isFirst: true, call: nil)),
    ("x = sig", .name(prefix: "sig", isFirst: false, call: nil)),
    ("x = ", .name(prefix: "", isFirst: false, call: nil)),
    ("train(net, X, Y, ep", .name(prefix: "ep", isFirst: false, call: "train")),
    ("train(", .name(prefix: "", isFirst: false, call: "train")),
    ("train(f(1), [1, 2], ", .name(prefix: "", isFirst: false, call: "train")),
    ("train(a + b", .name(prefix: "b", isFirst: false, call: nil)),
    ("[1, 2", .name(prefix: "", isFirst: false, call: nil)),
    ("f(1) + (a, b", .name(prefix: "b", isFirst: false, call: nil)),
    ("net.", .field(path: ["net"], prefix: "")), ("net.d", .field(path: ["net"], prefix: "d")),
    ("x = a.b.c", .field(path: ["a", "b"], prefix: "c")),
    ("read(\"data/ir", .string("data/ir", names: ["read"])),
    ("x = xy(t, \"", .string("", names: ["x", "xy", "t"])),
    ("run les", .path("les")), ("play les", .script("les")),
    ("help sig", .topic(prefix: "sig")),
  ])
  func knowsWhatIsTyped(_ text: String, _ context: CompletionContext) {
    #expect(CompletionContext(text) == context)
  }
}

struct ProseTests {
  private static let text = """
    --- A heading ------------------------------
    The first paragraph has words that go on in
    the second line of it.
    Another one.
      set in

    - a point that is as long as a point can be

    """

  @Test func wideTerminalsShowItAsItIs() {
    #expect(Prose.lines(of: Self.text, width: 80) == Prose.lines(of: Self.text))
    #expect(Prose.lines(of: Self.text).count == 7)
  }

  @Test func narrowTerminalsGetWholeWords() {
    #expect(
      Prose.lines(of: Self.text, width: 31) == [
        "--- A heading ----------------", "The first paragraph has words", "that go on in the second line",
        "of it.",
        "Another one.", "  set in", "", "- a point that is as long as a", "point can be",
      ])
  }
}

struct TextTests {
  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (1_234, "1.2 kB"), (12_345, "12 kB"), (999_400, "999 kB"),
    (999_600, "1 MB"), (8_000_000, "8 MB"), (1_500_000_000, "1.5 GB"), (Int.max, "9223372 TB"),
  ])
  func countsBytes(_ bytes: Int, _ text: String) { #expect(ByteCount.text(bytes) == text) }

  @Test(arguments: [
    (0.0, 2, "0.00"), (1.005, 1, "1.0"), (9.999, 2, "10.00"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"),
    (12.3456, 3, "12.346"),
    (1e13, 2, "10000000000000.0"), (.nan, 1, "nan"),
  ])
  func writesDecimals(_ number: Double, _ count: Int, _ text: String) {
    #expect(Decimals.text(number, count) == text)
  }

  @Test func alignsColumns() {
    var table = TextTable(columns: [.left("name"), .right("size"), .left("empty"), .right("x")])
    table.add(["a", "10", "", "1"])
    table.add(["longer", "9", "", ""])
    #expect(table.text(width: 80) == "name    size  x\na         10  1\nlonger     9\n")
    #expect(table.text(width: 15) == "name    size\na         10\nlonger     9\n")
  }

  @Test func aSessionIsAScript() {
    var transcript = Transcript()
    transcript.add("x = 1", isRight: true)
    transcript.add("y = z\nw", isRight: false)
    transcript.add("repeat 2 {\n  x\n}", isRight: true)
    #expect(transcript.script(seed: nil) == "x = 1\n# y = z\n# w\nrepeat 2 {\n  x\n}\n")
    transcript.truncate(to: 1)
    #expect(transcript.script(seed: 7) == "seed(7)  # the session's random numbers\nx = 1\n")
  }

  @Test(arguments: [
    (80, "[██████████··········]  50/100  J 0.1250  87.5 %  12 k examples/s  3 s left"),
    (50, "[██████████··········]  50/100  J 0.1250  87.5 %"), (20, ""),
  ])
  func showsProgress(_ columns: Int, _ text: String) {
    let progress = Progress(
      done: 50, total: 100, cost: 0.125, accuracy: 0.875, examplesPerSecond: 12_000, secondsLeft: 2.5)
    #expect(ProgressLine.text(progress, columns: columns) == text)
  }
}
