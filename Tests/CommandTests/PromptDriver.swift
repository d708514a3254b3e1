import TerminalSupport

extension TerminalSession {
  /// The program at its prompt; without colours, hints and previews, so that the screen holds what was entered and
  /// shown.
  ///
  /// - Parameter home: the user's home folder, which takes the history.
  static func prompt(
    _ arguments: [String] = ["-q"], home: TemporaryFolder = TemporaryFolder(),
    environment: [String: String?] = [:],
    rows: Int = 24, columns: Int = 80
  ) throws -> TerminalSession {
    var variables: [String: String?] = [
      "HOME": home.path, "NO_COLOR": "1", "NNREPL_HISTORY": home.path + "/history",
    ]
    variables.merge(environment) { $1 }
    let session = try TerminalSession(
      builtProduct("nnrepl"), arguments, environment: variables, rows: rows, columns: columns)
    try session.expectRow("nn>")
    return session
  }

  /// Enters a line and waits for the next prompt.
  ///
  /// - Returns: the screen then.
  @discardableResult
  func enter(_ line: String, within seconds: Double = 10) throws -> String {
    let before = screen.text
    sendLine(line)
    try expectScreen("an answer to \(line)", within: seconds) { $0.text != before && $0.cursorRow == "nn>" }
    return screen.text
  }
}
