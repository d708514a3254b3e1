import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The editor in a program on a terminal, as a person meets it. One at a time: the machine that runs the tests may
/// be small, and time limits are for failures.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct EditingSessionTests {
  // MARK: lines

  @Test func entersALineAndEndsWithControlD() throws {
    let demo = try Demo()
    demo.sendLine("x = 3")
    try demo.expect("5:\"x = 3\"")
    try demo.expectRow("nn>")
    demo.send("\u{4}")
    try demo.expect("bye")
    #expect(try demo.exitStatus() == .exited(0))
  }

  @Test func restoresTheTerminalAtTheEnd() throws {
    let demo = try Demo()
    let raw = demo.modes
    #expect(raw.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
    demo.sendLine("quit")
    #expect(try demo.exitStatus() == .exited(0))
    #expect(demo.modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == tcflag_t(ICANON | ECHO | ISIG))
    #expect(!demo.screen.modes.contains(2004))
    #expect(demo.screen.unknownSequences == [])
  }

  @Test(arguments: ["A ⊙ B", "W₁", "σ(ŷ) é ü", "日本語 x", "𝐱 + 1", "e\u{301}"])
  func entersUnicode(_ text: String) throws {
    let demo = try Demo()
    demo.sendLine(text)
    try demo.expect("\(text.unicodeScalars.count):\(text.debugDescription)")
    #expect(demo.screen.contains("nn> " + text))
  }
}

/// The demonstration program at its prompt.
func Demo(_ arguments: String..., environment: [String: String] = [:], rows: Int = 24, columns: Int = 80)
  throws
  -> TerminalSession
{
  let environment = ["NNREPL_HISTORY": "off"].merging(environment) { $1 }
  let session = try TerminalSession(
    builtProduct("EditingDemo"), arguments, environment: environment, rows: rows, columns: columns)
  try session.expectRow("nn>")
  return session
}
