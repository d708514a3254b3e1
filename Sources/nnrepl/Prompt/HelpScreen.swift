import NNLanguage

/// What `help` shows at the prompt: a screen with the way to a first gradient, and what can be listed further.
enum HelpScreen {
  /// Fits a terminal of 24 rows and 80 columns, the prompt below it.
  static var start: String { firstGradient + lesson + names }

  private static let firstGradient = """
    nnrepl calculates with matrices, and shows every gradient on the way.

    A first gradient, in three lines:
      X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 1]; param w = zeros(1, 2); param b = 0;
      A = sigmoid(w*X + b); J = bce(A, Y)      # columns are examples
      backward(J); dw                          # of every value V there is a dV now

    Then step(0.5) moves w and b, and this learns:
      repeat 1000 { forward(J); backward(J); step(0.5) }


    """

  /// Only one that is there: a program that was moved may have left its lessons behind.
  private static var lesson: String {
    guard let name = Lessons.names.first else { return "" }
    return """
      A first lesson, line by line (Enter runs the line shown, back takes it back):
        play \(name)


      """
  }

  private static let names = """
    whos            the variables          undo            takes the last line back
    help functions  all there are          help commands   what the prompt can do
    help sigmoid    explains a function, an operator, a keyword; so does sigmoid?

    Tab completes names and makes \\sigma a σ. Up and Ctrl-R find earlier lines. What
    a line would give stands beside it, dim, before it is entered. A ; at its end
    hides the value, Ctrl-C stops the work, Ctrl-D leaves.

    """

  /// What there is to say about a command, a name of the language, or one of the lists.
  static func text(about name: String, width: Int) -> String? {
    switch name {
    case "functions": functions
    case "commands": commands
    default: PromptCommand.named(name).map(text) ?? Help.text(named: name, width: width)
    }
  }

  /// The lists there are.
  static let lists = ["functions", "commands"]

  private static func text(of command: PromptCommand) -> String {
    let details = command.details.split(separator: "\n").map { "  \($0)\n" }.joined()
    return "\(command.usage)\n  \(command.summary)\n\(details)"
  }

  private static var commands: String {
    let column = (PromptCommand.table.map(\.usage.count).max() ?? 0) + 2
    return PromptCommand.table.map { command in
      let blanks = String(repeating: " ", count: column - command.usage.count)
      return "\(command.usage)\(blanks)\(command.summary)\n"
    }.joined()
  }

  /// The overview from its list of functions.
  private static var functions: String {
    let heading = Builtin.Group.allCases.first.map { "\n\($0.rawValue)\n" } ?? ""
    guard let place = Help.overview.firstRange(of: heading) else { return Help.overview }
    return String(Help.overview[place.lowerBound...].dropFirst())
  }
}
