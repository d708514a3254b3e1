import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program on a terminal, as a person meets it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PromptSessionTests {
  private func session(
    _ arguments: String..., in folder: TemporaryFolder = TemporaryFolder(),
    environment: [String: String?] = [:],
    rows: Int = 24, columns: Int = 80
  ) throws -> TerminalSession {
    try .prompt(arguments, home: folder, environment: environment, rows: rows, columns: columns)
  }

  @discardableResult
  private func enter(_ line: String, in session: TerminalSession) throws -> String { try session.enter(line) }

  // MARK: echo

  @Test func showsValuesUnderTheirNames() throws {
    let session = try session("-q")
    #expect(try enter("x = 3", in: session).contains("x = 3\n"))
    #expect(try enter("x + 1", in: session).contains("ans = 4\n"))
    #expect(try enter("ans * 2", in: session).contains("ans = 8\n"))
    #expect(try enter("param W1 = [1 2; 3 4]", in: session).contains("W1 = 2×2 param\n  1  2\n  3  4\n"))
    #expect(!(try enter("y = 99;", in: session).contains("y = 99\n")))
  }

  @Test func statesAnErrorAndGoesOn() throws {
    let session = try session("-q")
    #expect(try enter("nonsense", in: session).contains("error: nonsense is not defined"))
    #expect(try enter("1 + 1", in: session).contains("ans = 2"))
    session.send("\u{4}")
    #expect(try session.exitStatus() == .exited(0))
  }

  /// A simple statement happens whole or not at all.
  @Test func takesBackWhatFailed() throws {
    let session = try session("-q")
    try enter("q = 0; param p = 1; fn two() { return 10, [1 2] }", in: session)
    #expect(try enter("q, p = two()", in: session).contains("error"))
    #expect(try enter("q", in: session).contains("q = 0"))
    try enter("x = [1 2 3];", in: session)
    #expect(try enter("x[1], x[9] = size(ones(4, 5))", in: session).contains("x has no element 9"))
    #expect(try enter("x", in: session).contains("1  2  3"))
    try enter("seed(1); a = randn(1, 2);", in: session)
    #expect(try enter("y = 1; b = randn(1, 2) + [1 2 3]", in: session).contains("shapes do not fit"))
    #expect(try enter("c = randn(1, 2)", in: session).contains("-0.5282  -1.0730"))
    #expect(try enter("y", in: session).contains("y = 1"))
  }

  @Test func greetsInOneLine() throws {
    let greeting = try session().screen.text
    #expect(greeting.hasPrefix("nnrepl "))
    #expect(greeting.split(separator: "\n").count == 2)
    #expect(try session("-q").screen.text.hasPrefix("nn>"))
  }

  @Test func coloursByRole() throws {
    let session = try session("-q", environment: ["NO_COLOR": nil])
    session.sendLine("param W = 2")
    try session.expect("\u{1B}[0;33mW\u{1B}[0m = 2")
    session.sendLine("nonsense")
    try session.expect("\u{1B}[1;31merror:")
  }

  // MARK: lines

  @Test func goesOnUntilAStatementIsWhole() throws {
    let session = try session("-q")
    session.sendLine("repeat 2 {")
    try session.expectRow("..>")
    session.sendLine("x = 5")
    try session.expectRow("..>")
    session.sendLine("}")
    try session.expectRow("nn>")
    #expect(try enter("x", in: session).contains("x = 5"))
  }

  @Test func anEmptyLineEndsAWrongStart() throws {
    let session = try session("-q")
    session.sendLine("f(1,")
    try session.expectRow("..>")
    session.sendLine("")
    try session.expectRow("nn>")
    #expect(session.screen.text.contains("error:"))
  }

  private static let transcript = """
    nn> a = 2
    a = 2
    nn> W = [1 2; 3 4]
    W = 2×2
      1  2
      3  4
    nn> repeat 3 {
    ..>   a = a * 2
    ..> }
    nn> nonsense_
    error: nonsense_ is not defined
    nn> a = a + 0.5;
    """

  /// As terminals paste that say so, and as those that send it as if typed.
  @Test(arguments: [true, false])
  func runsAPastedTranscript(_ isMarked: Bool) throws {
    let session = try session("-q")
    if isMarked {
      session.paste(Self.transcript + "\n")
    } else {
      session.send(Self.transcript.replacing("\n", with: "\r") + "\r")
    }
    try session.expectScreen("the end") {
      $0.text.hasSuffix("a = a + 0.5;\nnn>")
    }
    #expect(try enter("a", in: session).contains("a = 16.5"))
    #expect(session.screen.text.components(of: "is not defined") == 1)
    #expect(session.screen.text.contains("nn> a = 2\na = 2\nnn> W = [1 2; 3 4]\nW = 2×2"))
    #expect(try enter("undo 2", in: session).contains("took back: a = a + 0.5;\ntook back: repeat 3 { …"))
  }

  @Test func aPasteIsDividedIntoStatements() throws {
    let session = try session("-q")
    session.paste(
      "fn f(x)\n{\n\n  if x > 0 {\n    return 1\n  }\n  else {\n    return 2\n  }\n}\n\nif 0 {\n y = 1\n}\nelse {\n y = 7\n}\n"
        + "f(1)\npwd\nz = (1]\nf(-1) + y\nlast")
    try session.expectRow("nn> last")
    let screen = session.screen.text
    #expect(screen.contains("nn> f(1)\nans = 1\nnn> pwd\n/"))
    #expect(screen.contains("nn> f(-1) + y\nans = 9\nnn> last"))
  }

  @Test func ctrlCStopsAPaste() throws {
    let session = try session("-q")
    session.paste("a = 1\nwhile 1 { a = a + 1 }\nb = 2\n")
    try session.expectScreen("the loop at work") { $0.text.contains("while 1") && $0.cursorRow == "" }
    try session.expectIdle(for: 0.05)
    session.interrupt()
    try session.expectScreen("the prompt") { $0.text.contains("the rest of the paste was not run\nnn>") }
    #expect(try enter("b", in: session).contains("b is not defined"))
  }

  @Test func runsFiftyPastedLines() throws {
    let session = try session("-q", rows: 60)
    session.paste((1...50).map { "nn> x\($0) = \($0)^2\nx\($0) = 7\n" }.joined())
    try session.expectScreen("the last value") { $0.text.hasSuffix("x50 = 2500\nnn>") }
    #expect(try enter("x1 + x49", in: session).contains("ans = 2402"))
  }

  @Test func completesByKind() throws {
    let session = try session("-q")
    try enter("net = network([2, 4, 1], tanh, sigmoid); learning = 0.1;", in: session)
    session.send("net.W1\u{15}learni\t")
    try session.expectRow("nn> learning")
    session.send("\u{15}step(net, learn\t")
    try session.expectRow("nn> step(net, learning")
    session.send("\u{15}train(net, 1, 2, ep\t")
    try session.expectRow("nn> train(net, 1, 2, epochs =")
    session.send("\u{15}net.\t")
    try session.expectScreen("the fields") { $0.text.contains("W1") && $0.text.contains("b2") }
    session.send("\u{15}sigmo\t")
    try session.expectRow("nn> sigmoid")
  }

  @Test func completesArgumentsLocalsAndCommands() throws {
    let session = try session("-q", rows: 40)
    try enter("fn myfunc(alpha, beta = 2, gamma = 3) = alpha + beta + gamma", in: session)
    for (typed, row) in [
      ("myfunc(alp\t", "myfunc(alpha ="), ("live of\t", "live off"), ("clear my\t", "clear myfunc"),
      ("clear sigm\t", "clear sigm"), ("fn q(lr) { lr_local = 3; lr_\t", "fn q(lr) { lr_local = 3; lr_local"),
    ] {
      session.send("\u{15}" + typed)
      try session.expectRow("nn> " + row)
    }
    session.send("\u{15}fn q(lr) { lr_local = 3; l\t")
    try session.expectScreen("the list") { $0.text.contains("\nlr_local    local") }
    session.send("\u{15}")
    try enter("name2 = 1; name10 = 2;", in: session)
    session.send("clear name\t")
    try session.expectScreen("the list") { screen in
      guard let second = screen.text.firstRange(of: "name2 "),
        let tenth = screen.text.firstRange(of: "name10 ")
      else { return false }
      return second.lowerBound < tenth.lowerBound
    }
  }

  /// The program alone, away from the folder it was built in.
  @Test func aMovedProgramOffersOnlyLessonsItFinds() throws {
    let folder = TemporaryFolder()
    #expect(
      try CommandRun.shell("cp '\(builtProduct("nnrepl"))' moved && echo fine", in: folder).output
        == "fine\n")
    #expect(!(try CommandRun.shell("echo help | ./moved -i", in: folder).output.contains("play ")))
    _ = try folder.file("1-mine.nn", "x = 1\n")
    #expect(try CommandRun.shell("echo help | ./moved -i", in: folder).output.contains("\n  play 1-mine\n"))
    #expect(try CommandRun.shell("echo play 1-mine | ./moved -i", in: folder).output.contains("nn> x = 1\n"))
  }

  @Test func commandsBehindAnOfferedLineAreUnderstood() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("two.nn", "x = 1\ny = 2  # why\nz = 3\n")
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    session.sendLine("play two.nn")
    try session.expectRow("nn> x = 1")
    session.sendLine("")
    try session.expectRow("nn> y = 2  # why")
    session.sendLine("back")
    try session.expectRow("nn> x = 1")
    #expect(session.screen.text.contains("\nnn> back\n"))
    session.sendLine(" skip")
    try session.expectRow("nn> y = 2  # why")
    session.sendLine("quit")
    #expect(try session.exitStatus() == .exited(0))
  }

  @Test func anOfferedLineHasNoHint() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("one.nn", "x = 1\n")
    let session = try session("-q", in: folder, environment: ["NO_COLOR": nil])
    for line in ["x = 1234", "cd", "play one.nn"] {
      session.sendLine(line)
      try session.expectIdle(for: 0.1)
    }
    try session.expectRow("nn> x = 1")
  }

  @Test func theEnvironmentTurnsHintsOff() throws {
    let session = try session("-q", environment: ["NO_COLOR": nil, "NNREPL_LIVE": "off"])
    #expect(try enter("live", in: session).contains("live\noff\n"))
  }

  @Test func completesFilesColumnsAndSymbols() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("flowers.csv", "length,width,class\n1,2,a\n3,4,b\n")
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    session.send("t = read(\"flo\t")
    try session.expectRow("nn> t = read(\"flowers.csv\"")
    try enter(");", in: session)
    session.send("t.le\t")
    try session.expectRow("nn> t.length")
    session.send("\u{15}X, Y = xy(t, \"cl\t")
    try session.expectRow("nn> X, Y = xy(t, \"class\"")
    session.send("\u{15}α = \\sigma\t(1) + \\odo\t")
    try session.expectRow("nn> α = σ(1) + ⊙")
    session.send("\u{15}help whe\t")
    try session.expectRow("nn> help where")
    session.send("\u{15}ver\t")
    try session.expectRow("nn> version")
  }

  @Test func listsWhatCouldFollowWithWhatItIs() throws {
    let session = try session("-q")
    try enter("param weights1 = zeros(4, 2); weights2 = 3;", in: session)
    session.send("wei\t")
    try session.expectRow("nn> weights")
    session.send("\t")
    try session.expectScreen("the list") {
      $0.text.contains("weights1  4×2 param") && $0.text.contains("weights2  1×1")
    }
  }

  /// With as many names as a session will ever have.
  @Test func completesAmongThousandsOfNames() throws {
    let session = try session("-q")
    session.paste((0..<2_000).map { "name\($0) = \($0); " }.joined() + "\n")
    try session.expectScreen("the prompt", within: 240) { $0.cursorRow == "nn>" && $0.text != "nn>" }
    session.send("name123\t\t")
    try session.expectScreen("the list") { $0.text.contains("name1239  1×1") }
    session.send("\u{15}name19\t98\t")
    try session.expectRow("nn> name1998")
  }

  @Test func upFindsWhatBeginsTheSame() throws {
    let session = try session("-q")
    for line in ["W = 1;", "b = 2;", "W = 3;", "c = 4;"] { try enter(line, in: session) }
    session.send("W\u{1B}[A")
    try session.expectRow("nn> W = 3;")
    session.send("\u{1B}[A")
    try session.expectRow("nn> W = 1;")
    session.send("\u{15}\u{12}b =")
    try session.expectScreen("the search") { $0.cursorRow.hasSuffix("b = 2;") }
    session.send("\r")
    try session.expectRow("nn>")
    #expect(try enter("history 2", in: session).contains("c = 4;\n    5  history 2\n") == false)
  }

  @Test func historyComesBackInTheNextSession() throws {
    let folder = TemporaryFolder()
    let first = try session("-q", in: folder)
    try enter("x = 41", in: first)
    first.send("\u{4}")
    _ = try first.exitStatus()
    let second = try session("-q", in: folder)
    second.send("\u{1B}[A")
    try second.expectRow("nn> x = 41")
  }

  // MARK: interrupts

  @Test func ctrlCDropsALine() throws {
    let session = try session("-q")
    session.send("x = 12345")
    try session.expectRow("nn> x = 12345")
    session.interrupt()
    try session.expectRow("nn>")
    #expect(try enter("x", in: session).contains("x is not defined"))
  }

  @Test(arguments: [
    "while true { i += 1; if i == 1 { print(\"begun\") } }",
    "repeat 1e9 { i += 1; if i == 1 { print(\"begun\") }; B = A*A }",
    "for k in 1:1e9 { i += 1; if i == 1 { print(\"begun\") } }",
  ])
  func ctrlCStopsWork(_ line: String) throws {
    let session = try session("-q")
    try enter("i = 0; A = ones(1000, 1000);", in: session)
    session.sendLine(line)
    try session.expect("\nbegun")
    session.interrupt()
    try session.expectRow("nn>", within: 5)
    let said = session.screen.text
    #expect(said.contains("\ninterrupted\n"))
    #expect(said.contains("  · in round "))
    #expect(said.contains("= what was finished is kept; undo takes the line back"))
    #expect(try enter("i >= 0", in: session).contains("ans = 1"))
    #expect(try enter("undo", in: session).contains("took back: \(line.prefix(20))"))
    #expect(try enter("i", in: session).contains("i = 0"))
  }

  /// Inside one operation; what has no effect yet says so.
  @Test func ctrlCStopsALongProduct() throws {
    let session = try session("-q")
    try enter("A = ones(2500, 2500);", in: session)
    session.sendLine("print(\"begun\"); B = A*A*A*A*A*A*A*A*A*A;")
    try session.expect("\nbegun")
    session.interrupt()
    try session.expectRow("nn>", within: 5)
    #expect(session.screen.text.contains("= nothing has changed\nnn>"))
    #expect(try enter("B", in: session).contains("B is not defined"))
  }

  /// Pressed while the line is still on its way.
  @Test(arguments: 0..<10)
  func aQuickCtrlCIsNotLost(_ round: Int) throws {
    let session = try session("-q")
    session.send("while true { }\r\u{3}")
    try session.expectScreen("the interrupt") { $0.text.contains("interrupted\n") && $0.cursorRow == "nn>" }
  }

  @Test func ctrlDDeletesAndEndsOnlyAnEmptyLine() throws {
    let session = try session("-q")
    session.send("x = 12\u{1}\u{4}\u{4}")
    try session.expectRow("nn> = 12")
    session.send("y \u{5}\u{4}")
    #expect(try enter("", in: session).contains("y = 12\n"))
    session.send("\u{4}")
    #expect(try session.exitStatus() == .exited(0))
  }

  @Test func ctrlZStopsAndForegroundGoesOn() throws {
    let session = try TerminalSession(
      "/bin/bash", ["--norc", "-i"],
      environment: ["PS1": "shell> ", "NO_COLOR": "1", "NNREPL_HISTORY": "off"])
    try session.expectRow("shell>")
    session.sendLine("'\(builtProduct("nnrepl"))' -q")
    try session.expectRow("nn>")
    try session.enter("x = 41;")
    session.send("x + 1\u{1A}")
    try session.expectRow("shell>")
    session.sendLine("fg")
    try session.expectRow("nn> x + 1")
    #expect(try session.enter("").contains("ans = 42\n"))
  }

  @Test func ctrlCDuringTrainingKeepsWholeSteps() throws {
    let session = try session("-q")
    try enter(
      "seed(1); net = network([2, 4, 1], tanh, sigmoid); X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0];", in: session)
    try enter("before = net.W1;", in: session)
    session.sendLine("h = train(net, X, Y, epochs = 1e9)")
    try session.expect(" left")  // in the progress line
    session.interrupt()
    try session.expectRow("nn>", within: 5)
    let said = session.screen.text
    #expect(said.contains("epochs, interrupted\n"))
    #expect(said.contains("\ninterrupted\n  ┌ <prompt:3>:1:5\n"))
    #expect(said.contains("· in epoch ") && said.contains(" of 1000000000\n"))
    #expect(said.contains("= what was finished is kept; undo takes the line back\n"))
    #expect(!said.contains(" left"), "the progress line is gone")
    #expect(try enter("h.epochs > 0", in: session).contains("ans = 1"))
    #expect(try enter("any(net.W1 != before) && !any(isnan(net.W1))", in: session).contains("ans = 1"))
    try enter("undo", in: session)
    #expect(try enter("all(net.W1 == before)", in: session).contains("ans = 1"))
  }

  @Test func aKillLosesNothingThatWasEntered() throws {
    let folder = TemporaryFolder()
    let first = try session("-q", in: folder)
    let second = try session("-q", in: folder)
    try enter("a = 1", in: first)
    try enter("b = 2", in: second)
    first.signal(SIGKILL)
    second.signal(SIGKILL)
    let third = try session("-q", in: folder)
    let text = try enter("history", in: third)
    #expect(text.contains("1  a = 1\n") && text.contains("2  b = 2\n"))
  }

  @Test func followsTheWindow() throws {
    let session = try session("-q")
    session.send("x = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10")
    try session.expectRow("nn> x = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10")
    session.resize(rows: 20, columns: 30)
    try session.expectScreen("the rest of the line in a second row") { $0.cursorRow.hasSuffix("9 + 10") }
    session.sendLine("")
    try session.expectRow("nn>")
    #expect(session.screen.text.contains("x = 55"))
    #expect(try enter("1:12", in: session).contains("Columns 1 to "))
  }

  // MARK: commands

  @Test func undoTakesEverythingBack() throws {
    let session = try session("-q")
    try enter("seed(1); param W = [1 2]; J = sum(W.^2);", in: session)
    try enter("a = rand(1, 1);", in: session)
    try enter("backward(J); step(adam(0.1))", in: session)
    #expect(try enter("W[1] == 1", in: session).contains("ans = 0"))
    try enter("undo", in: session)
    #expect(try enter("W[1] == 1", in: session).contains("ans = 1"))
    try enter("undo", in: session)
    #expect(try enter("a", in: session).contains("a is not defined"))
    #expect(try enter("undo 9", in: session).contains("there was nothing more to undo"))
  }

  /// Networks wherever they are, lists, tables, params that were cleared, digits.
  @Test func undoReachesEverything() throws {
    let session = try session("-q", rows: 60)
    try enter(
      "seed(2); nets = list(network([2, 3, 1], tanh, sigmoid)); X = ones(2, 4); Y = [0 1 1 0];", in: session)
    try enter("a = nets[1].W1; param P = [1 2]; Q = P*2; J = sum(Q.^2);", in: session)
    for line in ["train(nets[1], X, Y, epochs = 3);", "clear P", "param R = 5;", "digits 9", "nets[1] = 3;"] {
      try enter(line, in: session)
    }
    try enter("undo 5", in: session)
    #expect(try enter("all(nets[1].W1 == a)", in: session).contains("ans = 1\n"))
    try enter("backward(J); dP", in: session)
    #expect(session.screen.text.contains("dP = 1×2 gradient\n   8  16\n"))
    #expect(try enter("R", in: session).contains("R is not defined"))
    #expect(try enter("digits", in: session).hasSuffix("digits\n5\nnn>"))
  }

  @Test func declaringAParamCanBeUndone() throws {
    let session = try session("-q")
    try enter("W = [1 2];", in: session)
    try enter("param W", in: session)
    #expect(try enter("undo", in: session).contains("took back: param W"))
    #expect(try enter("W", in: session).hasSuffix("W = 1×2\n  1  2\nnn>"))
  }

  @Test func whosListsVariables() throws {
    let session = try session("-q")
    try enter("param W1 = [1 2; 3 nan]; s = \"text\"; J = 1;", in: session)
    try enter("clear J", in: session)
    let text = try enter("whos", in: session)
    #expect(text.contains("name  shape  role    min  mean  max  nan  memory\n"))
    #expect(text.contains("W1    2×2    param     1     2    3    1    32 B\n"))
    #expect(text.contains("s            string                          4 B\n"))
  }

  @Test func savesASessionThatRuns() throws {
    let folder = TemporaryFolder()
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    for line in ["x = 2", "y = x +* 3", "z = unknown", "x = x * 21", "digits 7", "save session.nn"] {
      try enter(line, in: session)
    }
    let script = try #require(folder.read("session.nn"))
    #expect(script.hasSuffix("x = 2\n# y = x +* 3\n# z = unknown\nx = x * 21\ndigits(7)\n"))
    #expect(try CommandRun.shell("nnrepl session.nn && echo fine", in: folder).output == "fine\n")
  }

  /// Of a line that failed half way, what was right stays in the script; scripts that were run are found from it.
  @Test func savesWhatWasRightOfALine() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("more.nn", "z = 7\n")
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    for line in ["a = 1; b = nonsense; c = 2", "run more.nn", "save session.nn"] {
      try enter(line, in: session)
    }
    #expect(folder.read("session.nn") == "a = 1;\n# b = nonsense; c = 2\ninclude \"more.nn\"\n")
    #expect(try CommandRun.shell("nnrepl \"$PWD/session.nn\" && echo fine", in: folder).output == "fine\n")
  }

  /// Whatever the session did, its script gives the same variables or says which it does not.
  @Test func aSavedScriptGivesTheVariables() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("fails.nn", "p = 1\nq = [1 2\n  3 4]\nr = nonsense\ns = 2\n")
    let session = try session("-q", in: folder, rows: 80, columns: 120)
    for line in [
      "cd", "early = 1", "clear",
      "y = [1, -2.5; nan, 1e-300]; param W = 2; name = \"a\\n{1}\"; big = zeros(50, 50);",
      "save s.nnw", "clear",
    ] {
      try enter(line, in: session)
    }
    #expect(session.screen.text.contains("wrote s.nnw, 4 variables, "))
    for line in [
      "load s.nnw", "y", "r = rand(2, 2);", "run fails.nn", "x = 1", "clear x",
      "repeat 3 { p = p + 1; nonsense }",
    ] {
      try enter(line, in: session)
    }
    try enter("save c.nn", in: session)
    let said = session.screen.text
    #expect(said.contains("wrote c.nn, "))
    #expect(said.contains("but big, loaded from s.nnw, is not in the script\n"))
    #expect(
      said.contains("but what `repeat 3 { p = p + 1; nonsense }` did before it failed is not in the script\n")
    )
    #expect(said.contains("but a script cannot clear: x will be there\n"))
    let script = try #require(folder.read("c.nn"))
    #expect(script.contains("# early = 1\n") && script.contains("\n# run fails.nn, which failed in line 4\n"))
    #expect(said.contains("but random numbers drawn after load may be others in the script\nnn>"))
    let check = "if y[2, 2] == 1e-300 && isnan(y[2, 1]) && W == 2 && q[2, 2] == 4 && p == 1 { print(name) }"
    #expect(
      try CommandRun.shell("nnrepl -e 'include \"c.nn\"; \(check)'", in: folder).output.hasSuffix("a\n1\n"))
  }

  @Test func clearAndWhosTakePatterns() throws {
    let session = try session("-q")
    try enter("x1 = 1; x2 = 2; y = 3; z = 4;", in: session)
    let listed = try enter("whos x*", in: session)
    #expect(
      listed.contains("x1") && listed.contains("x2") && !listed.contains("y     ")
        && listed.contains("2 variables"))
    #expect(try enter("whos ? x3", in: session).contains("y     1×1"))
    #expect(try enter("clear gone y x*", in: session).contains("not there: gone"))
    #expect(try enter("whos", in: session).hasSuffix("1 variable, 8 B\nnn>"))
  }

  @Test func understandsNeighbouringSpellings() throws {
    let folder = TemporaryFolder()
    let session = try session("-q", in: folder, rows: 60)
    #expect(try enter("?tanh", in: session).contains("tanh("))
    #expect(try enter("load s.nn", in: session).contains("= run s.nn\n"))
    #expect(try enter("run s.nnw", in: session).contains("= load s.nnw\n"))
    #expect(try enter("cd -", in: session).contains("there is no folder to go back to"))
    let first = try #require(try enter("pwd", in: session).split(separator: "\n").dropLast().last)
    try enter("cd /", in: session)
    #expect(try enter("cd -", in: session).hasSuffix("cd -\n\(first)\nnn>"))
    session.sendLine("quit()")
    #expect(try session.exitStatus() == .exited(0))
  }

  @Test func aDamagedFileIsRefusedWhole() throws {
    let folder = TemporaryFolder()
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    try enter("x = 1; y = [1 2 3];", in: session)
    try enter("save all.nnw", in: session)
    truncate(folder.path + "/all.nnw", 700)
    try enter("x = 5;", in: session)
    #expect(try enter("load all.nnw", in: session).contains("error: cannot load all.nnw: "))
    #expect(try enter("x", in: session).hasSuffix("x = 5\nnn>"))
    #expect(
      try enter("save /nowhere/all.nnw", in: session).contains(
        "cannot write /nowhere/all.nnw: there is no such folder"))
  }

  @Test func savesAndLoadsVariables() throws {
    let folder = TemporaryFolder()
    let first = try session("-q", in: folder)
    try enter("cd", in: first)
    try enter("param W = [1 2; 3 4]; name = \"ada\"; f = x -> x", in: first)
    #expect(try enter("save all.nnw", in: first).contains("not in the file, which holds data only: f"))
    let second = try session("-q", in: folder)
    try enter("cd", in: second)
    #expect(try enter("load all.nnw", in: second).contains("2 variables: W name"))
    #expect(try enter("W", in: second).contains("W = 2×2 param"))
    #expect(try enter("undo 2", in: second).contains("there was nothing more to undo"))
    #expect(try enter("W", in: second).contains("W is not defined"))
  }

  @Test func timesAStatementAndLeavesItsEffectOnce() throws {
    let session = try session("-q")
    try enter("x = 1;", in: session)
    #expect(try enter("time x += 1", in: session).contains("median of"))
    #expect(try enter("x", in: session).contains("x = 2\n"))
  }

  @Test func explainsItself() throws {
    let session = try session("-q", rows: 80)
    #expect(try enter("help", in: session).contains("backward(J)"))
    #expect(try enter("sigmoid?", in: session).contains("sigmoid(x)"))
    #expect(try enter("help whos", in: session).contains("Lists the variables"))
    #expect(try enter("help undo", in: session).contains("undo [n]"))
  }

  /// `help` fits one screen and leads to a first gradient: its three lines run, and so does the lesson it names.
  @Test func helpLeadsToAFirstGradient() throws {
    let session = try session("-q")
    let screen = try enter("help", in: session)
    let lines = screen.split(separator: "\n").map(String.init)
    #expect(lines.first == "nn> help", "it all fits")
    let start = try #require(lines.firstIndex { $0.contains("three lines") })
    let gradient = lines[(start + 1)...(start + 3)].map { String($0.drop { $0 == " " }) }
    let lesson = try #require(lines.first { $0.hasPrefix("  play ") }).dropFirst(2)
    session.send("\u{c}")
    try session.expectScreen("a cleared screen") { $0.text == "nn>" }
    for line in gradient { try enter(line, in: session) }
    #expect(session.screen.text.contains("dw = 1×2 gradient\n  -0.25  -0.25\n"))
    session.sendLine(String(lesson))
    try session.expectRow("nn> W = 1")
    #expect(session.screen.text.contains("Lesson 1"))
  }

  @Test func helpListsFunctionsAndCommands() throws {
    let session = try session("-q", rows: 80)
    #expect(try enter("help commands", in: session).contains("undo [n]        Takes the last line back"))
    #expect(try enter("help functions", in: session).contains("sigmoid"))
    #expect(try enter("help nonsense", in: session).contains("error: nothing is known of nonsense"))
  }

  @Test func goesThroughFolders() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("b.nn", "")
    mkdir(folder.path + "/inner", 0o700)
    let session = try session("-q", in: folder)
    try enter("cd", in: session)
    #expect(try enter("ls", in: session).contains("b.nn    inner/\n") == false)
    #expect(session.screen.text.contains("b.nn") && session.screen.text.contains("inner/"))
    #expect(try enter("cd inner", in: session).contains(folder.path + "/inner\n"))
    #expect(try enter("cd ..", in: session).hasSuffix(folder.path + "\nnn>"))
    #expect(
      try enter("cd nowhere", in: session).contains("error: cannot go to nowhere: there is no such folder"))
  }

  @Test func opensAnEditor() throws {
    let folder = TemporaryFolder()
    let editor = try folder.file("editor.sh", "#!/bin/sh\nsed -i 's/2/20/' \"$1\"\n")
    chmod(editor, 0o755)
    let session = try session("-q", in: folder, environment: ["EDITOR": editor])
    try enter("x = 2", in: session)
    session.sendLine("edit")
    try session.expectRow("nn> x = 20")
    #expect(try enter("", in: session).contains("x = 20\n"))
  }

  @Test func runsTheUsersInit() throws {
    let folder = TemporaryFolder()
    mkdir(folder.path + "/nnrepl", 0o700)
    _ = try folder.file("nnrepl/init.nn", "greeting = 5")
    let configured = try session("-q", in: folder, environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(try enter("greeting", in: configured).contains("greeting = 5"))
    let plain = try session("-q", "--no-init", in: folder, environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(try enter("greeting", in: plain).contains("not defined"))
  }

  // MARK: play

  @Test func playsAScript() throws {
    let folder = TemporaryFolder()
    let script = try folder.file(
      "lesson.nn", "# First a number.\na = 1\n# Now twice it.\nb = a * 2\nc = b + 1\n# Done.\n")
    let session = try TerminalSession(
      builtProduct("nnrepl"), ["-q", "--play", script],
      environment: ["NO_COLOR": "1", "NNREPL_HISTORY": "off"])
    try session.expectRow("nn> a = 1")
    #expect(session.screen.text.contains("First a number.\n"))
    session.sendLine("")
    try session.expectRow("nn> b = a * 2")
    #expect(session.screen.text.contains("a = 1\n"))
    #expect(session.screen.text.contains("Now twice it.\n"))
    session.send("\u{15}")
    session.sendLine("a = 10")
    try session.expectRow("nn> b = a * 2")
    session.sendLine("")
    try session.expectRow("nn> c = b + 1")
    #expect(session.screen.text.contains("b = 20\n"))
    session.send("\u{15}")
    session.sendLine("back")
    try session.expectRow("nn> b = a * 2")
    session.send("\u{15}")
    session.sendLine("skip")
    try session.expectRow("nn> c = b + 1")
    session.sendLine("")
    try session.expectScreen("the line that failed, again") {
      $0.text.contains("b is not defined") && $0.cursorRow == "nn> c = b + 1"
    }
    session.send("\u{15}")
    session.sendLine("skip")
    try session.expectScreen("the end") { $0.text.hasSuffix("\nDone.\nlesson.nn ends here\nnn>") }
  }

  @Test func playsWithoutATerminal() throws {
    let folder = TemporaryFolder()
    let script = try folder.file("lesson.nn", "# One.\na = 1\nb = a + 1\n")
    let run = try CommandRun.nnrepl("--play", script, input: "\n\n")
    #expect(run.output == "One.\nnn> a = 1\na = 1\nnn> b = a + 1\nb = 2\nlesson.nn ends here\n")
    #expect(run.status == 0)
  }

  // MARK: hints and previews

  @Test func previewsWhatALineGives() throws {
    let session = try session("-q", environment: ["NO_COLOR": nil])
    try enter("A = ones(4, 2); B = ones(3, 100);", in: session)
    session.send("A'*A + 1")
    try session.expectRow("nn> A'*A + 1" + String(repeating: " ", count: 80 - 12 - 13) + "[5, 5; 5, 5]")
    session.send("\u{15}A*B")
    try session.expectScreen("the mismatch") { $0.cursorRow.contains("4×2 times 3×100 do not fit") }
    session.send("\u{15}")
    try session.expectRow("nn>")
    try enter("live off", in: session)
    session.send("A'*A")
    try session.expectIdle(for: 0.2)
    try session.expectRow("nn> A'*A")
  }

  // MARK: what terminals do

  @Test(arguments: [["TERM": "dumb"], ["LANG": "C", "LC_ALL": "C"], ["TERM": "xterm-unheard-of"]])
  func worksOnPoorTerminals(_ environment: [String: String]) throws {
    let session = try session("-q", environment: environment.mapValues { $0 })
    #expect(try enter("σ = 2 ⊙ 3", in: session).contains("σ = 6"))
  }

  @Test func survivesNonsenseFromTheKeyboard() throws {
    let session = try session("-q")
    session.send([0x00, 0xFF, 0xC3, 0x28])
    try session.expectScreen("what can be shown of it") { $0.cursorRow.hasSuffix("(") }
    session.send("\u{15}")
    try session.expectRow("nn>")
    #expect(try enter("1 + 1", in: session).contains("ans = 2"))
  }

  /// Without a home, and with a history that cannot be written.
  @Test(arguments: [["HOME": nil, "NNREPL_HISTORY": nil], ["NNREPL_HISTORY": "/dev/null/history"]])
  func needsNoHome(_ environment: [String: String?]) throws {
    let session = try session("-q", environment: environment)
    #expect(try enter("1 + 1", in: session).contains("ans = 2"))
    session.send("\u{4}")
    #expect(try session.exitStatus() == .exited(0))
  }

  @Test func takesALineOfTenThousandCharacters() throws {
    let session = try session("-q")
    session.sendLine("x = 1" + String(repeating: " + 1", count: 2_500))
    try session.expectRow("nn>", within: 30)
    #expect(try enter("x", in: session).contains("x = 2501\n"))
  }

  @Test func honoursEditrc() throws {
    let folder = TemporaryFolder()
    _ = try folder.file(".editrc", "bind -v\n")
    let session = try session("-q", in: folder)
    session.send("y = 5\u{1B}")
    try session.expectIdle(for: 0.1)  // an ESC alone is known by the pause behind it
    session.send("0xix")
    try session.expectRow("nn> x = 5")
    session.send("\r")
    try session.expectScreen("the value") { $0.text.contains("x = 5\nx = 5\nnn>") }
  }

  @Test func endsWhenTheTerminalGoes() throws {
    let session = try session("-q")
    session.hangUp()
    #expect(try session.exitStatus() == .killed(by: SIGHUP))
  }

  @Test func leavesTheTerminalAsItWas() throws {
    let session = try session("-q")
    session.sendLine("quit")
    #expect(try session.exitStatus() == .exited(0))
    #expect(String(decoding: session.output, as: UTF8.self).hasSuffix("\u{1B}[?25h"))
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}

/// Entries that are piped in, one after the other, as from another program.
struct PipedPromptTests {
  @Test func answersWithoutPrompts() throws {
    let run = try CommandRun.nnrepl("-i", input: "x = 3\nx +\n1\nwhos\nquit\ny = 4\n")
    #expect(run.output.hasPrefix("x = 3\nans = 4\nname"))
    #expect(!run.output.contains("nn>"))
    #expect(!run.output.contains("y = 4"))
    #expect(run.status == 0)
  }

  @Test func goesToThePromptAfterAScript() throws {
    let folder = TemporaryFolder()
    let script = try folder.file("a.nn", "x = 3")
    let run = try CommandRun.nnrepl("-i", script, input: "x\n")
    #expect(run.output == "x = 3\n")
  }

  @Test func errorsDoNotEndIt() throws {
    let run = try CommandRun.nnrepl("-i", input: "nonsense\n1 + 1\n")
    #expect(run.output == "ans = 2\n")
    #expect(run.errors.hasPrefix("error: nonsense is not defined\n  ┌ <prompt:1>:1:1\n"))
    #expect(run.status == 0)
  }
}
