import ArgumentParser
import LineEditing

typealias ColorChoice = Terminal.ColorChoice

extension Terminal.ColorChoice: ExpressibleByArgument {}

/// What one start of the command has to do.
struct Job: Sendable {
  enum Program: Sendable {
    case file(String)
    case code([String])
    case standardInput
    /// The prompt alone.
    case none
  }

  var program = Program.none
  /// What the script finds in `args`.
  var arguments: [String] = []
  /// Whether the prompt follows.
  var staysInteractive: Bool
  var isQuiet: Bool
  var color: ColorChoice

  init(_ options: Options) {
    staysInteractive = options.isInteractive
    isQuiet = options.isQuiet
    color = options.color
  }

  var hasPrompt: Bool {
    if case .none = program { return true }
    return staysInteractive
  }
}
