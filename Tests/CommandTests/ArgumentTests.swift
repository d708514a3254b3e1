import TerminalSupport
import Testing

/// What the command line means.
struct ArgumentTests {
  @Test func runsAFile() throws {
    let folder = TemporaryFolder()
    let run = try CommandRun.nnrepl(try folder.file("a.nn", "x = 2 + 3\nx * 2\n"))
    #expect(run.output == "10\n")
    #expect(run.errors == "")
    #expect(run.status == 0)
  }

  @Test func runsCodeInOrder() throws {
    let run = try CommandRun.nnrepl("-e", "x = 3", "--eval", "y = x + 1", "-e", "x*y")
    #expect(run.output == "12\n")
    #expect(run.status == 0)
  }

  @Test func codeMayBeginWithASign() throws {
    #expect(try CommandRun.nnrepl("-e", "-2^2").output == "-4\n")
    #expect(try CommandRun.nnrepl("-qe", "1 + 1").output == "2\n")
  }

  @Test(arguments: [[], ["-"]])
  func runsStandardInput(_ arguments: [String]) throws {
    let run = try CommandRun.nnrepl(arguments, bytes: Array("a = 1 +\n 2; a*1\n".utf8))
    #expect(run.output == "3\n")
    #expect(run.errors == "")
    #expect(run.status == 0)
  }

  /// Piped in or named, a program gives the same.
  @Test func pipedProgramsGiveWhatFilesGive() throws {
    let program = "A = [1 2; 3 4]\nA\nx = 7;\nfor i in 1:2 { x }\nA * A\nB = zeros(2, 3) * A\n3\n"
    let folder = TemporaryFolder()
    let named = try CommandRun.nnrepl(try folder.file("same.nn", program))
    let piped = try CommandRun.nnrepl(input: program)
    #expect(piped.output == named.output)
    #expect(piped.status == 1)
    #expect(named.status == 1)
    #expect(piped.errors == named.errors.replacing("\(folder.path)/same.nn", with: "<stdin>"))
    #expect(!named.output.contains("\u{1B}"))
    #expect(!named.output.contains("nn>"))
  }

  @Test(arguments: [
    ["--", "FILE", "--help", "-x"], ["FILE", "--help", "-x"], ["-q", "FILE", "--help", "-x"],
    ["--color=never", "FILE", "--help", "-x"], ["--color", "never", "FILE", "--help", "-x"],
  ])
  func whatFollowsTheFileBelongsToTheScript(_ words: [String]) throws {
    let folder = TemporaryFolder()
    let script = try folder.file("a.nn", "print(args[1])\nprint(args[2])\nlength(args)\n")
    let run = try CommandRun.nnrepl(words.map { $0 == "FILE" ? script : $0 })
    #expect(run.output == "--help\n-x\n2\n")
    #expect(run.status == 0)
  }

  @Test func whatFollowsCodeIsItsArguments() throws {
    let run = try CommandRun.nnrepl("-e", "print(args[2])", "one", "two")
    #expect(run.output == "two\n")
  }

  @Test func runsAScriptThatNamesItsInterpreter() throws {
    let run = try CommandRun.shell(
      """
      ln -s '\(builtProduct("nnrepl"))' nnrepl
      printf '#!/usr/bin/env nnrepl\\nprint(args[1])\\n1 + 1\\n' > script
      chmod +x script
      PATH="$PWD:$PATH" ./script -v
      """)
    #expect(run.output == "-v\n2\n")
    #expect(run.status == 0)
  }

  @Test func helpAndVersionGoToStandardOutput() throws {
    let help = try CommandRun.nnrepl("--help")
    #expect(help.output.contains("nnrepl [options] <file.nn> [args …]"))
    #expect(help.status == 0)
    let version = try CommandRun.nnrepl("--version")
    #expect(version.output.hasPrefix("nnrepl "))
    #expect(version.output.split(separator: "\n").count == 1)
    #expect(version.status == 0)
  }

  @Test(arguments: [["--nonsense"], ["-e"], ["--color", "purple"], ["--color"], ["-z", "a.nn"]])
  func wrongUseIsStatus64(_ arguments: [String]) throws {
    let run = try CommandRun.nnrepl(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains("Usage: nnrepl"))
  }

  @Test(arguments: [("error(\"no\")", Int32(1)), ("1 +", 1), ("x = (", 1), ("undefined_name", 1), ("1", 0)])
  func failedScriptsAreStatus1(_ code: String, _ status: Int32) throws {
    let run = try CommandRun.nnrepl("-e", code)
    #expect(run.status == status)
    #expect(run.errors.isEmpty == (status == 0))
  }

  @Test func statementsBeforeAnErrorKeepTheirOutput() throws {
    let run = try CommandRun.nnrepl("-e", "1\n2\nnothing_here\n3", "-e", "4")
    #expect(run.output == "1\n2\n")
    #expect(run.errors.contains("<-e>:3:1"))
    #expect(run.status == 1)
  }

  @Test func anEmptyProgramIsFine() throws {
    #expect(try CommandRun.nnrepl(input: "").status == 0)
    #expect(try CommandRun.nnrepl("-e", "").status == 0)
    #expect(try CommandRun.nnrepl(input: "# only a comment").output == "")
  }
}

/// Colour is for terminals, and for who asks for it.
struct ColorTests {
  @Test func filesGetNone() throws {
    #expect(!(try CommandRun.nnrepl("-e", "nonsense").errors.contains("\u{1B}")))
  }

  @Test func whoAsksGetsIt() throws {
    #expect(
      try CommandRun.nnrepl("--color", "always", "-e", "nonsense").errors.contains("\u{1B}[1;31merror:"))
  }

  @Test(arguments: [
    (["--color", "auto"], [:], true), (["--color", "never"], [:], false), ([], ["NO_COLOR": "1"], false),
    ([], ["TERM": "dumb"], false), ([], [:], true), (["--color", "always"], ["NO_COLOR": "1"], true),
  ])
  func terminalsGetIt(_ options: [String], _ environment: [String: String], _ isColored: Bool) throws {
    let session = try TerminalSession(
      builtProduct("nnrepl"), options + ["-e", "nonsense"], environment: environment.mapValues { $0 })
    #expect(try session.exitStatus() == .exited(1))
    #expect(String(decoding: session.output, as: UTF8.self).contains("\u{1B}[1;31m") == isColored)
  }
}
