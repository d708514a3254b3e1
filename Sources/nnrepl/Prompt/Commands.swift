import NNLanguage

extension PromptCommand {
  /// All commands, in the order that help lists them.
  static let table: [PromptCommand] = [
    PromptCommand(
      "help", takes: "[name]",
      "Explains a function, an operator, a keyword or a command; name? does the same.",
      Repl.help),
    PromptCommand("whos", "Lists the variables: shape, role, range, memory.", Repl.whos),
    PromptCommand(
      "clear", takes: "[names]", .changes, "Takes variables away, all of them without names.", Repl.clear),
    PromptCommand(
      "undo", takes: "[n]", "Takes the last line back, or the last n: variables, networks, random numbers.",
      Repl.undo),
    PromptCommand("history", takes: "[n]", "Shows what was entered last.", Repl.showHistory),
    PromptCommand(
      "save", takes: "file", "Writes the session: file.nn as a script that runs, file.nnw all variables.",
      Repl.save),
    PromptCommand("load", takes: "file.nnw", .changes, "Reads variables that save has written.", Repl.load),
    PromptCommand(
      "run", takes: "file.nn", .changes, "Runs a script among the variables of the session.", Repl.runScript),
    PromptCommand(
      "play", takes: "[file.nn|J]",
      "Goes through a script, or the gradients of J, line by line; without a name, goes on.",
      Repl.startOrResumePlay),
    PromptCommand(
      "back", "In a script that is played: undoes the line before and offers it again.", Repl.back),
    PromptCommand("skip", "In a script that is played: passes over the line offered.", Repl.skip),
    PromptCommand(
      "time", takes: "statement", [.code, .changes], "Runs a statement and says how long it takes.", Repl.time
    ),
    PromptCommand(
      "digits", takes: "[n]", .changes, "Shows numbers with n significant digits, 1 to 17.", Repl.digits),
    PromptCommand(
      "live", takes: "on|off", "Turns hints and previews while typing on or off.", Repl.live),
    PromptCommand("edit", "Opens the last entry in $EDITOR and offers what comes back.", Repl.edit),
    PromptCommand(
      "cd", takes: "[folder]", "Changes the folder that files are looked for in.", Repl.changeFolder),
    PromptCommand("pwd", "Shows that folder.", Repl.showFolder),
    PromptCommand("ls", takes: "[folder]", "Lists the files in it.", Repl.listFolder),
    PromptCommand("version", "Shows the version.", Repl.version),
    PromptCommand("quit", "Leaves; exit and Ctrl-D do too.", Repl.quit),
    PromptCommand("exit", "Leaves.", Repl.quit),
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
    if name.isEmpty { return say(HelpScreen.text(width: host.width)) }
    if interpreter[name] == nil, let command = PromptCommand.named(name) {
      return say(HelpScreen.text(of: command))
    }
    if interpreter[name] == nil, let text = Help.text(named: name, width: host.width) { return say(text) }
    guard interpreter[name] != nil else {
      throw Diagnostic(.error, "nothing is known of \(name)").hinting(Help.hint(for: name))
    }
    // Of the user's own names, the language itself knows what to show.
    try interpreter.run("help(\(name))", name: "help")
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
    interpreter.restore(record.snapshot)
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
