import NNLanguage

extension PromptCommand {
  /// All commands, in the order that help lists them.
  static let table: [PromptCommand] = values + sessions + scripts + surroundings

  private static let values: [PromptCommand] = [
    PromptCommand(
      "help", takes: "[name]", "Explains a function, an operator, a keyword or a command.",
      details: """
        name? does the same. help functions and help commands list what there is.
        """,
      Repl.help),
    PromptCommand(
      "whos", takes: "[names]", "Lists the variables: shape, role, range, memory.",
      details: """
        In a name, * stands for any letters and ? for one. The role is data, param, computed (from params), gradient (by backward) or hand-written gradient. min, mean and
        max leave nan out, which has a column of its own when there is some.
        """,
      Repl.whos),
    PromptCommand(
      "clear", takes: "[names]", traits: .changes, "Takes variables away, all of them without names.",
      details: "As for whos, x* are all whose names begin with x. undo brings them back.", Repl.clear),
    PromptCommand(
      "digits", takes: "[n]", traits: .changes, "Shows numbers with n significant digits, 1 to 17.",
      details: "Without n, says how many. digits(n) does the same in a script.", Repl.digits),
    PromptCommand(
      "time", takes: "statement", traits: [.code, .changes], "Runs a statement and says how long it took.",
      details: """
        Where that was short, it runs more often, each time from the same state, and the median is said. Its effect
        stays once.
        """,
      Repl.time),
    PromptCommand(
      "live", takes: "on|off", "Turns hints and previews while typing on or off.",
      details: "For every session: NNREPL_LIVE=off in the environment.", Repl.live),
  ]

  private static let sessions: [PromptCommand] = [
    PromptCommand(
      "undo", takes: "[n]", "Takes the last line back, or the last n.",
      details: """
        Everything is as it was before: variables, params and what optimisers know of them, networks, random numbers,
        digits. Lines that changed nothing are passed over; a paste is taken back statement by
        statement. The oldest are forgotten when they take more than an
        eighth of the memory that values may take.
        """,
      Repl.undo),
    PromptCommand(
      "history", takes: "[n]", "Shows the entries typed last, 20 or n.",
      details: """
        They stay for the next session, in the file that NNREPL_HISTORY names (off: in none), or else
        $XDG_STATE_HOME/nnrepl/history.
        """,
      Repl.showHistory),
    PromptCommand(
      "edit", "Opens the last statements in $EDITOR and offers what comes back.", Repl.edit),
    PromptCommand(
      "save", takes: "file", "Writes the session: file.nn as a script, file.nnw its variables.",
      details: """
        The script has every line that was right, and the others as comments; where it cannot bring back what the
        session has, that is said. The variables are all that a file can hold, networks and the state of the random
        numbers among them.
        """,
      Repl.save),
    PromptCommand(
      "load", takes: "file.nnw", traits: .changes, "Reads variables that save has written.",
      details: "Variables that the file has no values for stay. The file is data: nothing in it runs.",
      Repl.load),
  ]

  private static let scripts: [PromptCommand] = [
    PromptCommand(
      "run", takes: "file.nn", traits: .changes, "Runs a script among the variables of the session.",
      Repl.runScript),
    PromptCommand(
      "play", takes: "[file|J]", "Goes through a script, a lesson or the gradients of J.",
      details: """
        Enter runs the line that is offered, which may be edited first. Anything else may be entered in between; then
        the line is offered again. Ctrl-C leaves, play without a name goes on. A lesson goes by its name, as in
        play 1-backpropagation; play J has the lines that explain(J) shows.
        """,
      Repl.startOrResumePlay),
    PromptCommand(
      "back", "Takes the line played before back, and offers it again.", Repl.back),
    PromptCommand("skip", "Passes over the line that play offers.", Repl.skip),
  ]

  private static let surroundings: [PromptCommand] = [
    PromptCommand(
      "cd", takes: "[folder]", "Changes the folder that files are looked for in.",
      details: "Without a folder, to the home folder; cd - goes back to the one before.", Repl.changeFolder),
    PromptCommand("pwd", "Shows that folder.", Repl.showFolder),
    PromptCommand("ls", takes: "[folder]", "Lists the files in it.", Repl.listFolder),
    PromptCommand("version", "Shows the version.", Repl.version),
    PromptCommand("quit", "Leaves, as exit and Ctrl-D do.", Repl.quit),
    PromptCommand("exit", "Leaves, as quit and Ctrl-D do.", Repl.quit),
  ]
}

// The commands that need few words; the others are with what they are about.
extension Repl {
  func version(_ words: String) throws(Diagnostic) { say("nnrepl \(Version.number)\n") }

  func quit(_ words: String) throws(Diagnostic) { end() }

  func digits(_ words: String) throws(Diagnostic) {
    if words.isEmpty { return say("\(interpreter.digits)\n") }
    guard let digits = Int(words), (1...17).contains(digits) else {
      throw Diagnostic(.error, "digits takes a number from 1 to 17")
    }
    interpreter.digits = digits
    transcript.add("digits(\(digits))", isRight: true)
  }

  func live(_ words: String) throws(Diagnostic) {
    switch words {
    case "on": reader.isLive = true
    case "off": reader.isLive = false
    case "": say(reader.isLive ? "on\n" : "off\n")
    default: throw Diagnostic(.error, "live is on or off")
    }
  }

  func help(_ words: String) throws(Diagnostic) {
    let name = words.trimmingQuotes()
    if name.isEmpty { return say(HelpScreen.start) }
    // Of the user's own names, the language itself knows what to show.
    if interpreter[name] != nil { return try interpreter.run("help(\(name))", name: "help") }
    guard let text = HelpScreen.text(about: name, width: host.width) else {
      throw Diagnostic(.error, "nothing is known of \(name)").hinting(Help.hint(for: name))
    }
    say(text)
  }

  func showHistory(_ words: String) throws(Diagnostic) {
    let entries = reader.history?.entries ?? transcript.texts
    guard let count = words.isEmpty ? 20 : Int(words), count > 0 else {
      throw Diagnostic(.error, "history takes how many entries to show")
    }
    let first = max(0, entries.count - count)
    for (index, entry) in entries[first...].enumerated() {
      let number = "\(first + index + 1)"
      let margin = String(repeating: " ", count: max(5, number.count) + 2)
      let text = entry.split(separator: "\n", omittingEmptySubsequences: false).joined(
        separator: "\n" + margin)
      say(String(repeating: " ", count: max(0, 5 - number.count)) + number + "  " + text + "\n")
    }
  }

  /// `undo`, `undo 3`.
  func undo(_ words: String) throws(Diagnostic) {
    guard let count = words.isEmpty ? 1 : Int(words), count > 0 else {
      throw Diagnostic(.error, "undo takes how many lines to take back")
    }
    for index in 0..<count {
      guard let record = undoHistory.pop() else {
        throw Diagnostic(.error, index == 0 ? "there is nothing to undo" : "there was nothing more to undo")
      }
      takeBack(record)
      say("took back: \(record.firstLine)\n")
    }
  }

  func takeBack(_ record: UndoHistory.Record) {
    // Statements that run again so that the graph knows their values show nothing.
    host.isMuted = true
    interpreter.restore(record.snapshot)
    host.isMuted = false
    transcript.truncate(to: record.transcriptCount)
    if let position = record.playPosition { play?.goBack(to: position) }
  }
}

extension String {
  /// The text without the quotes around it, if there are any.
  func trimmingQuotes() -> String {
    count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
  }
}
