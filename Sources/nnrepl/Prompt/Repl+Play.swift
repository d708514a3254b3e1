import LineEditing
import NNLanguage

// `play`, `back`, `skip`.
extension Repl {
  func startOrResumePlay(_ words: String) throws(Diagnostic) {
    if interpreter[words] != nil { return try startPlay(gradientsOf: words) }
    if !words.isEmpty { return try startPlay(words.trimmingQuotes().expandingTilde()) }
    guard let play, !play.isAtEnd else { throw nothingToPlay }
    self.play?.isPaused = false
  }

  private var nothingToPlay: Diagnostic {
    let lessons = Lessons.names.map { "play \($0)" }
    return Diagnostic(.error, "play takes the name of a script; there is none to go on with")
      .hinting(lessons.isEmpty ? nil : "the lessons: " + lessons.joined(separator: ", "))
  }

  /// Begins with a script, whose ending may be left out, or where there is no such file with a lesson of that name.
  func startPlay(_ name: String) throws(Diagnostic) {
    let path = [name, name + ".nn"].first(where: Folder.hasFile) ?? Lessons.path(of: name) ?? name
    start(try Play(Source(name: path, bytes: try read(path))))
  }

  func start(_ play: Play) {
    self.play = play
    guard reader.isOnTerminal else { return }
    let count = play.steps.count
    note("\(play.name), \(count) step\(count == 1 ? "" : "s"). \(Self.playing)")
    let names = interpreter.variableNames.filter { $0 != "args" }
    if play.path != nil, !names.isEmpty {
      note("The session's variables stay (\(names.count)); clear takes them away, undo brings them back.")
    }
  }

  private static let playing = """
    Enter runs the line shown; edit it first, if you like. back takes the line before back, skip passes over this one: \
    type them as they are. Ctrl-U empties the line for anything else. Ctrl-C leaves, play goes on.
    """

  /// Leaves the script that is played until `play` goes on.
  func pausePlay() {
    guard let play, !play.isPaused else { return }
    self.play?.isPaused = true
    if reader.isOnTerminal { note("\(play.name) waits at \(play.place): play goes on") }
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

  /// The text before the next line, and where there is no editor to offer it in, the line itself.
  func showPlay() {
    guard var play, !play.isPaused else { return }
    let comment = play.takeComment()
    if !comment.isEmpty {
      if reader.isOnTerminal { say("\n") }
      note(comment)
    }
    if let offer = play.offer, !reader.isOnTerminal { say("nn> \(offer)\n") }
    if play.isAtEnd {
      note("\(play.name) ends here")
      play.isPaused = true
    }
    self.play = play
    host.output.flush()
  }

  /// Says something that is no result.
  private func note(_ text: String) {
    let lines = reader.isOnTerminal ? Prose.lines(of: text, width: host.width) : Prose.lines(of: text)
    for line in lines {
      let line = line.escapingControls()
      say((hasColor && !line.isEmpty ? Theme.comment.apply(to: line) : line) + "\n")
    }
  }
}
