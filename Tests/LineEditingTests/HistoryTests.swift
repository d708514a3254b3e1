import TerminalSupport
import Testing

@testable import LineEditing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The history file, without a terminal.
struct HistoryFileTests {
  let folder = TemporaryFolder()

  @Test(arguments: ["x", "a\nb", "a\\nb", "\\", "\\\\n", "σ ⊙ \"é\"", "\r\n", "  spaces  "])
  func readsWhatItWrote(_ entry: String) {
    let file = HistoryFile(path: folder.path + "/deep/er/history")
    #expect(file.open(keeping: 10) == [])
    file.append("before")
    file.append(entry)
    #expect(file.open(keeping: 10) == ["before", entry])
  }

  @Test func isForTheUserAlone() {
    let file = HistoryFile(path: folder.path + "/history")
    file.append("x")
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    chmod(file.path, 0o644)
    file.append("y")
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func keepsTheNewestOfEqualEntries() {
    let file = HistoryFile(path: folder.path + "/history")
    for entry in ["a", "b", "a", "c", "b"] { file.append(entry) }
    #expect(file.open(keeping: 10) == ["a", "c", "b"])
    #expect(file.open(keeping: 2) == ["c", "b"])
  }

  @Test func shortensAFileThatHasGrown() throws {
    let file = HistoryFile(path: folder.path + "/history")
    let text = (0..<5_000).map { "entry \($0)\n" }.joined()
    try folder.write(text, to: "history")
    #expect(file.open(keeping: 100).count == 100)
    let lines = try #require(folder.read("history")).split(separator: "\n")
    #expect(lines.count == 100)
    #expect(lines.last == "entry 4999")
  }

  @Test func shortensBehindALink() throws {
    try folder.write((0..<500).map { "entry \($0)\n" }.joined(), to: "real")
    #expect(symlink(folder.path + "/real", folder.path + "/history") == 0)
    let file = HistoryFile(path: folder.path + "/history")
    _ = file.open(keeping: 10)
    var status = stat()
    #expect(lstat(file.path, &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    #expect(folder.read("real")?.split(separator: "\n").count == 10)
  }

  @Test func mendsALineThatWasCutOff() throws {
    try folder.write("whole\ncut of", to: "history")
    let file = HistoryFile(path: folder.path + "/history")
    file.append("next")
    #expect(file.open(keeping: 10) == ["whole", "cut of", "next"])
  }

  @Test(arguments: ["/dev/null", "/dev/null/folder/history", "/"]) func neverStandsInTheWay(_ path: String) {
    let file = HistoryFile(path: path)
    file.append("x")
    #expect(file.open(keeping: 10) == [])
  }

  @Test func doesNotWaitForAFIFO() {
    let path = folder.path + "/history"
    #expect(mkfifo(path, 0o600) == 0)
    let file = HistoryFile(path: path)
    file.append("x")
    #expect(file.open(keeping: 10) == [])
  }

  @Test func survivesInvalidUTF8() {
    let descriptor = open(folder.path + "/history", O_CREAT | O_WRONLY, 0o600)
    #expect(write(descriptor, [0x61, 0xFF, 0x0A] as [UInt8], 3) == 3)
    close(descriptor)
    #expect(HistoryFile(path: folder.path + "/history").open(keeping: 10) == ["a\u{FFFD}"])
  }

  @Test func severalWritersLoseNothing() async {
    let path = folder.path + "/history"
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let file = HistoryFile(path: path)
          for number in 0..<50 {
            file.append("\(writer).\(number)")
            if number % 20 == writer { _ = file.open(keeping: 10_000) }
          }
        }
      }
    }
    let entries = Set(HistoryFile(path: path).open(keeping: 10_000))
    #expect(entries == Set((0..<8).flatMap { writer in (0..<50).map { "\(writer).\($0)" } }))
  }
}

/// History in memory.
struct HistoryTests {
  private func history(_ entries: String...) -> History {
    let history = History(capacity: 4)
    for entry in entries { history.add(entry) }
    return history
  }

  @Test func holdsEveryTextOnceAndTheNewest() {
    #expect(history("a", "b", "a", " ", "").entries == ["b", "a"])
    #expect(history("a", "b", "c", "d", "e").entries == ["b", "c", "d", "e"])
  }

  @Test func completesFromTheLatest() {
    let history = history("W1 = 1", "W1 = 2", "x")
    #expect(history.completion(of: "W1") == " = 2")
    #expect(history.completion(of: "W1 = 2") == nil)
    #expect(history.completion(of: "") == nil)
    #expect(history.completion(of: "y") == nil)
  }

  @Test func walksThroughEntriesThatBeginAsTheLineDoes() {
    let history = history("W1 = 1", "x", "W1 = 2", "y")
    var walk = HistoryWalk(from: EditedLine("W1 xyz", cursor: 2), in: history)
    #expect(walk.back(from: "W1 xyz", in: history) == "W1 = 2")
    #expect(walk.back(from: "W1 = 2", in: history) == "W1 = 1")
    #expect(walk.back(from: "W1 = 1", in: history) == nil)
    #expect(walk.forward(from: "W1 = 1", in: history)?.text == "W1 = 2")
    #expect(walk.forward(from: "W1 = 2", in: history) == EditedLine("W1 xyz", cursor: 2))
    #expect(walk.forward(from: "W1 xyz", in: history) == nil)
  }

  @Test func searches() {
    var search = HistorySearch(["abc", "xbcx", "b"], .older)
    search.type("b")
    #expect(search.text == "b")
    search.type("c")
    #expect(search.text == "xbcx")
    #expect(search.match?.offset == 1)
    search.again(.older)
    #expect(search.text == "abc")
    search.again(.older)
    #expect(search.hasFailed)
    #expect(search.text == "abc")
    search.again(.newer)
    #expect(search.text == "xbcx")
    search.deleteLast()
    #expect(search.pattern == "b")
    search.type("zz")
    #expect(search.hasFailed)
  }
}

extension TerminalTests {
  /// History at the prompt.
  @Suite struct HistoryAtThePrompt {
    let folder = TemporaryFolder()

    private func start(_ entries: String...) throws -> TerminalSession {
      let demo = try demo("--quiet", environment: ["NNREPL_HISTORY": folder.path + "/history"])
      for entry in entries {
        demo.sendLine(entry)
        try demo.expect(":\(entry.debugDescription)")
        try demo.expectRow("nn>")
      }
      return demo
    }

    @Test func upFindsEntriesThatBeginAsTheLineDoes() throws {
      let demo = try start("alpha 1", "beta 1", "alpha 2", "beta 2")
      demo.send("al" + Key.up)
      try demo.expectRow("nn> alpha 2")
      demo.send(Key.up)
      try demo.expectRow("nn> alpha 1")
      demo.send(Key.up)
      try demo.expectRow("nn> alpha 1")
      demo.send(Key.down + Key.down)
      try demo.expectRow("nn> al")
      demo.send(Key.control("U") + Key.control("P") + Key.control("P"))
      try demo.expectRow("nn> alpha 2")
      demo.send("x" + Key.up)
      try demo.expectRow("nn> alpha 2x")
    }

    @Test func whatWasTypedComesBack() throws {
      let demo = try start("alpha")
      let long = String(repeating: "long line ", count: 200)
      demo.send(long + Key.home + Key.up + Key.down + Key.end + "x\r")
      try demo.expect("2001:")
    }

    @Test func movesThroughEntriesOfSeveralRows() throws {
      let demo = try start("alpha")
      demo.send("(1\r2\r3)\r")
      try demo.expect("7:")
      demo.send(Key.up)
      try demo.expectRow("nn> (1")
      demo.send(Key.down + "x")
      try demo.expectScreen("the second row") { $0.cursorRow == "..> 2x" }
      demo.send("\r")
      try demo.expect("8:\"(1\\n2x\\n3)\"")
      demo.send(Key.up + Key.up + Key.up)
      try demo.expectRow("nn> alpha")
      demo.send(Key.down)
      try demo.expectRow("..> 3)")
    }

    @Test func searchesWhileTyping() throws {
      let demo = try start("W1 * X + b1", "W2 * A1", "x")
      demo.send("dra" + Key.control("R"))
      try demo.expectRow("search '': dra")
      demo.send("1 * X")
      try demo.expectRow("search '1 * X': W1 * X + b1")
      demo.send(Key.backspace + Key.backspace + Key.backspace + Key.backspace)
      try demo.expectRow("search '1': W2 * A1")
      demo.send(Key.control("R"))
      try demo.expectRow("search '1': W1 * X + b1")
      demo.send(Key.control("R"))
      try demo.expectRow("no search '1': W1 * X + b1")
      demo.send(Key.control("S"))
      try demo.expectRow("search forward '1': W2 * A1")
      demo.send(Key.control("G"))
      try demo.expectRow("nn> dra")
      demo.send(Key.control("R") + "[")
      try demo.expectRow("no search '[': dra")
      demo.send(Key.control("G") + Key.control("R") + "b1" + Key.left + "y\r")
      try demo.expect("12:\"W1 * X +y b1\"")
      demo.send(Key.control("R") + "W2\r")
      try demo.expect("7:\"W2 * A1\"")
    }

    @Test func staysFromSessionToSession() throws {
      do {
        let demo = try start("first", "second", "first")
        demo.send("(1\r2)\r")
        try demo.expect("5:")
        demo.sendLine("quit")
        #expect(try demo.exitStatus() == .exited(0))
      }
      let demo = try start()
      demo.sendLine("history")
      try demo.expect("history: \"second | first | (1\\n2) | quit | history\"")
    }

    @Test func aKillLosesNothing() throws {
      do {
        let demo = try start("kept")
        demo.sendLine("spin")
        try demo.expect("spinning")
        demo.signal(SIGKILL)
        #expect(try demo.exitStatus() == .killed(by: SIGKILL))
      }
      #expect(folder.read("history") == "kept\nspin\n")
    }

    @Test func twoSessionsKeepBoth() throws {
      let one = try start("one 1")
      let two = try start("two 1")
      one.sendLine("one 2")
      try one.expect("5:")
      two.sendLine("two 2")
      try two.expect("5:")
      #expect(folder.read("history") == "one 1\ntwo 1\none 2\ntwo 2\n")
    }

    @Test func livesInTheStateFolder() throws {
      let state = folder.path + "/state"
      let one = try demo(environment: ["NNREPL_HISTORY": nil, "HOME": folder.path, "XDG_STATE_HOME": state])
      one.sendLine("x")
      try one.expect("1:")
      #expect(folder.read("state/demo/history") == "x\n")
      let two = try demo(environment: [
        "NNREPL_HISTORY": nil, "HOME": folder.path, "XDG_STATE_HOME": "relative",
      ])
      two.sendLine("y")
      try two.expect("1:")
      #expect(folder.read(".local/state/demo/history") == "y\n")
    }

    @Test func worksWithoutHome() throws {
      let demo = try demo(environment: ["HOME": nil, "NNREPL_HISTORY": folder.path + "/history"])
      demo.sendLine("x")
      try demo.expect("1:")
      #expect(folder.read("history") == "x\n")
    }
  }
}
