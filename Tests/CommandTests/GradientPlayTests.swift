import TerminalSupport
import Testing

/// `play J`: the lines of a value's gradients, one at a time.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GradientPlayTests {
  @Test func playsTheLinesOfAGradient() throws {
    let session = try TerminalSession(
      builtProduct("nnrepl"), ["-q"], environment: ["NO_COLOR": "1", "NNREPL_HISTORY": "off"])
    try session.expectRow("nn>")
    session.sendLine("param w = 2; x = 3; z = w*x; J = z^2;")
    try session.expectRow("nn>")
    session.sendLine("play J")
    try session.expectRow("nn> dJ = 1")
    #expect(session.screen.text.contains("gradient of J, 3 steps. Enter runs the line shown"))
    session.sendLine("")
    try session.expectRow("nn> dz = 2*z")
    #expect(session.screen.text.contains("∂J/∂z, because J = z^2\n= 2*6\n"))
    session.sendLine("")
    try session.expectRow("nn> dw = dz*x")
    #expect(session.screen.text.contains("dz = 12"))
    session.send("\u{15}")
    session.sendLine("dz + 1")
    try session.expectRow("nn> dw = dz*x")
    #expect(session.screen.text.contains("ans = 13"))
    session.send("\u{15}")
    session.sendLine("back")
    try session.expectRow("nn> dz = 2*z")
    session.sendLine("")
    try session.expectRow("nn> dw = dz*x")
    session.sendLine("")
    try session.expectRow("nn>")
    #expect(session.screen.text.contains("dw = 36"))
    #expect(session.screen.text.contains("gradient of J ends here"))
  }

  @Test func saysWhatItCannotPlay() throws {
    let session = try TerminalSession(
      builtProduct("nnrepl"), ["-q"], environment: ["NO_COLOR": "1", "NNREPL_HISTORY": "off"])
    try session.expectRow("nn>")
    session.sendLine("x = 3;")
    try session.expectRow("nn>")
    session.sendLine("play x")
    try session.expectScreen("why not") { $0.text.contains("x depends on no param") }
  }
}
