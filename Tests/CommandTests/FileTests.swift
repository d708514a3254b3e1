import TerminalSupport
import Testing

/// Programs that are no files, and files that are no programs.
struct FileTests {
  @Test(arguments: [
    ("missing.nn", "there is no such file"), (".", "it is a folder"),
    ("/dev/zero", "it is a device, not a file"),
    ("pipe", "it is a pipe, not a file"), ("file.nn/x", "not a directory"),
    ("loop", "too many levels of symbolic links"),
  ])
  func unreadableProgramsAreSaid(_ path: String, _ reason: String) throws {
    let run = try CommandRun.shell("mkfifo pipe; touch file.nn; ln -s loop loop; nnrepl '\(path)'")
    #expect(run.errors == "error: cannot read \(path): \(reason)\n")
    #expect(run.output == "")
    #expect(run.status == 1)
  }

  @Test func substitutedProcessesAreRead() throws {
    #expect(try CommandRun.shell("nnrepl <(echo 1 + 1)").output == "2\n")
    #expect(try CommandRun.shell("echo 2 + 2 | nnrepl /dev/stdin").output == "4\n")
  }

  @Test func anEndlessProgramIsRefused() throws {
    let run = try CommandRun.shell("ulimit -v 2000000; nnrepl < /dev/zero")
    #expect(run.errors.hasPrefix("error: cannot read standard input: it holds more than "))
    #expect(run.status == 1)
  }

  @Test func programsThatAreNoTextAreErrors() throws {
    let run = try CommandRun.nnrepl([], bytes: [0xFF, 0xFE, 0x00, 0x31, 0x0A])
    #expect(run.errors.contains("<stdin>:1:1"))
    #expect(run.status == 1)
  }

  /// Deep nesting needs the stack of the work thread, or an error where it is smaller.
  @Test(arguments: ["unlimited", "1000000"])
  func deepNestingIsAValueOrAnError(_ addressSpace: String) throws {
    let run = try CommandRun.shell(
      """
      ulimit -v \(addressSpace)
      { printf '%0.s(' $(seq 1000); printf 1; printf '%0.s)' $(seq 1000); } > deep.nn
      nnrepl deep.nn; echo $?
      { printf '%0.s(' $(seq 100000); } > deeper.nn
      nnrepl deeper.nn 2>/dev/null; echo $?
      """)
    #expect(run.output == "1\n0\n1\n")
  }
}

/// Standard output that is closed, full, or has had enough.
struct OutputTests {
  private static let endless = "repeat 1000000 { print(\"a line of some length\") }"

  @Test(arguments: ["", "trap '' PIPE; "])
  func aReaderThatHasEnoughEndsItQuietly(_ setting: String) throws {
    let run = try CommandRun.shell("\(setting)nnrepl -e '\(Self.endless)' | head -n 1; echo ${PIPESTATUS[0]}")
    #expect(run.output == "a line of some length\n141\n")
    #expect(run.errors == "")
  }

  @Test func aClosedOutputIsAnErrorOnceItIsUsed() throws {
    let used = try CommandRun.shell("nnrepl -e '1 + 1' >&-; echo $?")
    #expect(used.output == "1\n")
    #expect(used.errors == "error: cannot write to standard output: bad file descriptor\n")
    #expect(try CommandRun.shell("nnrepl -e 'x = 1' >&-; echo $?").output == "0\n")
  }

  #if os(Linux)
    @Test func aFullDiskIsAnError() throws {
      let run = try CommandRun.shell("nnrepl -e '1 + 1' > /dev/full; echo $?")
      #expect(run.output == "1\n")
      #expect(run.errors == "error: cannot write to standard output: no space left on device\n")
    }
  #endif

  @Test func whatIsPrintedComesBeforeTheErrorBehindIt() throws {
    let run = try CommandRun.shell("nnrepl -e '1\n2\nnonsense' 2>&1")
    #expect(run.output.hasPrefix("1\n2\nerror: nonsense is not defined\n"))
  }

  /// Output does not wait for the end of a long run.
  @Test func outputFlows() throws {
    let job = try BackgroundCommand([builtProduct("nnrepl"), "-e", "print(\"begun\"); while true { }"])
    try job.expect("begun\n")
    job.signal(2)
    #expect(try job.finish().status == 130)
  }

  @Test func manyLinesArriveWhole() throws {
    let run = try CommandRun.nnrepl("-e", "for i in 1:20000 { print(i) }")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 20_000)
    #expect(lines.last == "20000")
  }
}

/// Ctrl-C in a script.
struct ScriptInterruptTests {
  @Test(arguments: [
    "while true { }", "repeat 1e9 { x = 1 }", "fn f(n) = n; while true { f(1); }",
    "A = ones(2000, 2000); while true { A * A; }",
  ])
  func endsTheScript(_ code: String) throws {
    let job = try BackgroundCommand([builtProduct("nnrepl"), "-e", "print(\"begun\")\n" + code])
    try job.expect("begun\n")
    job.signal(2)
    let run = try job.finish(within: 10)
    #expect(run.status == 130)
    #expect(run.errors.hasPrefix("interrupted"))
  }

  /// Training keeps its steps, yet what follows it does not run.
  @Test func endsAScriptThatTrains() throws {
    let job = try BackgroundCommand([
      builtProduct("nnrepl"), "-e",
      """
      X, Y = xor(); net = network([2, 4, 1], tanh, sigmoid); print("begun")
      h = train(net, X, Y, epochs = 1e9)
      print("went on")
      """,
    ])
    try job.expect("begun\n")
    job.signal(2)
    let run = try job.finish(within: 10)
    #expect(run.status == 130)
    #expect(run.output == "begun\n")
    #expect(run.errors.hasPrefix("interrupted\n  ┌ <-e>:2:5\n"))
  }

  @Test func endsReadingTheProgram() throws {
    let run = try CommandRun.shell(
      """
      set -m
      mkfifo pipe
      sleep 20 > pipe &
      nnrepl - < pipe &
      sleep 0.5
      kill -INT -- -$!
      wait $!; echo $?
      kill %1
      """)
    #expect(run.output == "130\n")
  }
}
