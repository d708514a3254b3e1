import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line: what to run, and how.
@main
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nnrepl",
    abstract: "A matrix calculator you can script and a trainer you can take apart.",
    usage: """
      nnrepl [options]                     start the prompt
      nnrepl [options] <file.nn> [args …]  run a file
      nnrepl [options] -e <code> [args …]  run code
      nnrepl [options] - [args …]          run standard input
      nnrepl check <file.nn> …             check gradients written by hand
      """,
    discussion: """
      What stands after the file belongs to the script, which finds it in the list args. Without a file, standard \
      input is run when it is no terminal. Exit status: 0 when all went well, 1 when a script failed, 64 when the \
      command line is wrong, 130 when interrupted.
      """,
    version: "nnrepl " + Version.number
  )

  @OptionGroup var options: Options

  @Argument(
    help: ArgumentHelp("The script, or - for standard input, and its arguments.", valueName: "file"),
    completion: .file(extensions: ["nn"]))
  var words: [String] = []

  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.first == "check" { return CheckCommand.main(Array(words.dropFirst())) }
    if let job = Job(plain: words) { ExitStatus.leave(with: Launcher.run(job)) }
    main(Options.terminated(words))
  }

  func run() throws {
    ExitStatus.leave(with: Launcher.run(Job(self)))
  }
}

extension Job {
  /// What a command line, once parsed, asks for.
  init(_ command: Command) {
    let options = command.options
    let isCode = !options.expressions.isEmpty
    program =
      isCode
      ? .code(options.expressions)
      : Job.program(named: command.words.first, isInteractive: options.isInteractive)
    arguments = isCode ? command.words : Array(command.words.dropFirst())
    staysInteractive = options.isInteractive
    isQuiet = options.isQuiet
    skipsInit = options.skipsInit
    played = options.played
    if played != nil, command.words.isEmpty, !isCode { program = .none }
    color = options.color
  }
}

/// The switches before the file.
struct Options: ParsableArguments {
  @Option(
    name: [.customShort("e"), .customLong("eval")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run this code; may be given several times.", valueName: "code"))
  var expressions: [String] = []

  @Flag(name: [.customShort("i"), .customLong("interactive")], help: "Go to the prompt afterwards.")
  var isInteractive = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Start the prompt without a banner.")
  var isQuiet = false

  @Flag(name: .customLong("no-init"), help: "Start the prompt without the user's init.nn.")
  var skipsInit = false

  @Option(
    name: .customLong("play"),
    help: ArgumentHelp("Go through a script line by line at the prompt.", valueName: "file"),
    completion: .file(extensions: ["nn"]))
  var played: String?

  @Option(help: ArgumentHelp("When to colour: auto, always or never.", valueName: "when"))
  var color = ColorChoice.auto
}

extension Options {
  /// Options that take the next word with them, one letter at the end of a group of them.
  private static let takingWord: Set = ["--eval", "--play", "--color", "--generate-completion-script"]

  /// The command line with `--` where the script begins: what follows is no business of the parser.
  static func terminated(_ words: [String]) -> [String] {
    var next = 0
    while next < words.count {
      let word = words[next]
      if word == "--" { return words }
      guard word.hasPrefix("-"), word != "-" else { return words[..<next] + ["--"] + words[next...] }
      let isGroup = !word.hasPrefix("--") && word.hasSuffix("e") && word.dropFirst().allSatisfy(\.isLetter)
      next += isGroup || takingWord.contains(word) ? 2 : 1
    }
    return words
  }
}
