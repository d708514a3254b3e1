import LineEditing
import NNLanguage

// `play`, `back`, `skip`.
extension Repl {
  func startOrResumePlay(_ words: String) throws(Diagnostic) {
    if interpreter[words] != nil { return try startPlay(gradientsOf: words) }
    if !words.isEmpty { return try startPlay(words.trimmingQuotes().expandingTilde()) }
    guard let play, !play.isAtEnd else {
      throw Diagnostic(.error, "play takes the name of a script; there is none to go on with")
    }
    self.play?.isPaused = false
  }

  func startPlay(_ path: String) throws(Diagnostic) {
    let play = try Play(Source(name: path, bytes: try read(path)))
    self.play = play
    guard reader.isOnTerminal else { return }
    let count = play.steps.count
    say(
      noted(
        "\(play.name): \(count) line\(count == 1 ? "" : "s"). Enter runs the line shown; edit it first if you like,"
      ))
    say(noted("or type anything else in between. back, skip, undo; Ctrl-D leaves, play goes on."))
  }

  func back(_ words: String) throws(Diagnostic) {
    guard play != nil else { throw Diagnostic(.error, "no script is played") }
    while let record = undoHistory.pop() {
      takeBack(record)
      if record.playPosition != nil {
        self.play?.isPaused = false
        return
      }
    }
    throw Diagnostic(.error, "there is no line before")
  }

  func skip(_ words: String) throws(Diagnostic) {
    guard let play, !play.isAtEnd else { throw Diagnostic(.error, "there is no line to skip") }
    self.play?.isPaused = false
    self.play?.advance()
  }

  /// Comments before the next line, and where there is no editor to offer it in, the line itself.
  func showPlay() {
    guard var play, !play.isPaused else { return }
    for line in play.takeComment().split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      say(noted(String(line)))
    }
    if let offer = play.offer, !reader.isOnTerminal { say("nn> \(offer)\n") }
    if play.isAtEnd {
      say(noted("\(play.name) ends here"))
      play.isPaused = true
    }
    self.play = play
    host.output.flush()
  }

  private func noted(_ line: String) -> String {
    let line = line.escapingControls()
    return (hasColor && !line.isEmpty ? Theme.comment.apply(to: line) : line) + "\n"
  }
}
