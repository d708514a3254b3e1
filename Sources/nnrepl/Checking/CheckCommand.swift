import ArgumentParser

/// `nnrepl check`: judges the gradients written by hand in files, for teachers and for tests.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nnrepl check",
    abstract: "Say which gradients written by hand are right, and name the mistakes in the others.",
    discussion: """
      Each file is run by itself, without its output, and then its gradient lines dV = … are checked. A file that fails \
      or takes too long is reported, and the next one follows. Exit status: 0 when every line of every file is right, 1 \
      when not, 64 when the command line is wrong, 130 when interrupted.
      """)

  @Argument(help: "The files to check.", completion: .file(extensions: ["nn"]))
  var files: [String]

  @Flag(help: "Print one JSON record for each line that was judged, and for each file that failed.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "How much to tell: 1 whether, 2 what kind of mistake, 3 the correction, 4 all.", valueName: "level"))
  var hint = 4

  @Option(
    help: ArgumentHelp("The variable whose gradients are meant, where it is not clear.", valueName: "name"))
  var cost: String?

  @Option(help: ArgumentHelp("Seconds that a file may take.", valueName: "seconds"))
  var timeout = 10.0

  @Option(help: ArgumentHelp("When to colour: auto, always or never.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    guard (1...4).contains(hint) else { throw ValidationError("--hint takes a level from 1 to 4") }
    guard timeout > 0, timeout < 1e9 else { throw ValidationError("--timeout takes seconds above 0") }
  }

  func run() throws {
    let request = CheckRequest(
      files: files, isJSON: json, hint: hint, cost: cost, timeout: timeout, color: color)
    let status = Launcher.run { output in CheckRun(request, output).run() }
    if status != 0 { throw ExitCode(status) }
  }
}

/// What one start of `nnrepl check` has to do.
struct CheckRequest: Sendable {
  let files: [String]
  let isJSON: Bool
  let hint: Int
  let cost: String?
  let timeout: Double
  let color: ColorChoice
}
