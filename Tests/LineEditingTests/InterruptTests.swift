import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TerminalTests {
  /// Ctrl-C, Ctrl-Z, and signals from elsewhere.
  @Suite struct Interrupts {
    @Test func controlCDropsTheLine() throws {
      let demo = try demo()
      demo.send("half a li")
      try demo.expectRow("nn> half a li")
      demo.interrupt()
      try demo.expect("(cancelled)")
      #expect(demo.screen.contains("nn> half a li^C"))
      demo.sendLine("next")
      try demo.expect("4:\"next\"")
    }

    @Test func controlCStopsWork() throws {
      let demo = try demo()
      demo.sendLine("spin")
      try demo.expect("spinning")
      demo.interrupt()
      try demo.expect("stopped, flag 1")
      demo.sendLine("x")
      try demo.expect("1:\"x\"")
    }

    /// Right behind Enter, before the work could begin or the terminal's modes change: the moment for every race.
    @Test(arguments: repetitions(30)) func controlCIsNeverLost(_ round: Int) throws {
      let demo = try demo()
      demo.send("spin\r" + (round % 2 == 0 ? "\u{3}" : ""))
      if round % 2 == 1 { demo.interrupt() }
      try demo.expect("stopped, flag 1")
      try demo.expectRow("nn>")
      demo.interrupt()
      try demo.expect("(cancelled)")
      demo.sendLine("quit")
      #expect(try demo.exitStatus() == .exited(0))
    }

    @Test func aSignalFromElsewhereCancelsToo() throws {
      let demo = try demo()
      demo.send("half")
      try demo.expectRow("nn> half")
      demo.signal(SIGINT)
      try demo.expect("(cancelled)")
      demo.sendLine("spin")
      try demo.expect("spinning")
      demo.signal(SIGINT)
      try demo.expect("stopped, flag 1")
    }

    @Test func anInterruptAtThePromptDoesNotReachTheNextWork() throws {
      let demo = try demo()
      demo.interrupt()
      try demo.expect("(cancelled)")
      demo.sendLine("spin")
      try demo.expect("spinning")
      try demo.expectIdle(for: 0.02)
      demo.interrupt()
      try demo.expect("stopped")
    }

    @Test func controlBackslashDoesNothingAtThePrompt() throws {
      let demo = try demo()
      demo.send("a\u{1C}b\r")
      try demo.expect("2:\"ab\"")
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func terminationKeepsWhatWasTyped(_ signal: Int32) throws {
      let folder = TemporaryFolder()
      let demo = try demo(environment: ["NNREPL_HISTORY": folder.path + "/history"])
      demo.send("unfinished bus")
      try demo.expectRow("nn> unfinished bus")
      demo.signal(signal)
      #expect(try demo.exitStatus() == .killed(by: signal))
      #expect(folder.read("history") == "unfinished bus\n")
      #expect(demo.modes.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO))
      #expect(!demo.screen.modes.contains(2004))
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV]) func signalsDuringWorkRestoreTheTerminal(
      _ signal: Int32
    ) throws {
      let demo = try demo()
      demo.sendLine("spin")
      try demo.expect("spinning")
      demo.signal(signal)
      #expect(try demo.exitStatus() == .killed(by: signal))
      #expect(demo.modes.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO))
    }

    @Test func aCrashRestoresTheTerminal() throws {
      let demo = try demo()
      demo.sendLine("crash")
      #expect(try demo.exitStatus() == .killed(by: SIGABRT))
      #expect(demo.modes.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO))
    }

    @Test func theEndOfTheTerminalIsTheEndOfInput() throws {
      let demo = try demo()
      demo.send("half")
      try demo.expectRow("nn> half")
      demo.hangUp()
      let status = try demo.exitStatus()
      #expect(status == .killed(by: SIGHUP) || status == .exited(0))
    }

    @Test func comesBackAfterAStopFromElsewhere() throws {
      let demo = try demo()
      demo.send("half")
      try demo.expectRow("nn> half")
      demo.signal(SIGSTOP)
      demo.signal(SIGCONT)
      try demo.expectScreen("the line again") { $0[1] == "nn> half" && $0.row == 1 }
      demo.send("way\r")
      try demo.expect("7:\"halfway\"")
    }

    /// Without a shell there is nobody to continue it: the system ignores the stop.
    @Test func controlZWithoutAShellOnlyRepeatsTheLine() throws {
      let demo = try demo()
      demo.send("half" + Key.control("Z"))
      try demo.expectScreen("the line again") { $0[1] == "nn> half" && $0.row == 1 }
      demo.send("way\r")
      try demo.expect("7:\"halfway\"")
    }

    @Test func controlZStopsAndForegroundContinues() throws {
      let shell = try TerminalSession(
        "/bin/bash", ["--norc", "--noediting", "-i"],
        environment: ["PS1": "shell> ", "NNREPL_HISTORY": "off"])
      try shell.expect("shell> ")
      shell.send(builtProduct("EditingDemo") + "\n")
      try shell.expectRow("nn>")
      for round in 0..<3 {
        shell.send("half")
        try shell.expectRow("nn> " + String(repeating: "half", count: round + 1))
        shell.send(Key.control("Z"))
        try shell.expect("Stopped")
        try shell.expect("shell> ")
        shell.send("echo $((40 + 2))\n")
        try shell.expect("\n42")
        try shell.expect("shell> ")
        shell.send("fg\n")
        try shell.expectRow("nn> " + String(repeating: "half", count: round + 1))
      }
      shell.send("\r")
      try shell.expect("12:\"halfhalfhalf\"")
      shell.send("spin\r")
      try shell.expect("spinning")
      shell.send(Key.control("Z"))
      try shell.expect("Stopped")
      try shell.expect("shell> ")
      try shell.expectIdle(for: 0.06)
      shell.send("fg\n")
      try shell.expect("spinning on")
      shell.interrupt()
      try shell.expect("stopped, flag 1")
      try shell.expectRow("nn>")
      shell.sendLine("quit")
      try shell.expect("shell> ")
      shell.send("stty -a | grep -o ' icanon' && exit\n")
      try shell.expect(" icanon")
      #expect(try shell.exitStatus() == .exited(0))
    }
  }
}
