import ArgumentParser
import LineEditing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

typealias ColorChoice = Terminal.ColorChoice

extension Terminal.ColorChoice: ExpressibleByArgument {}

/// What one start of the command has to do.
struct Job: Equatable, Sendable {
  enum Program: Equatable, Sendable {
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
  /// Whether the user's init.nn is left out.
  var skipsInit = false
  /// The script to go through line by line.
  var played: String?
  var color: ColorChoice

  /// The job of a command line without options but `-e`. The argument parser would give the same, but takes longer
  /// for it than all the rest of a start.
  init?(plain words: [String]) {
    var rest = words[...]
    var code: [String] = []
    while rest.first == "-e", rest.count > 1 {
      code.append(rest[rest.startIndex + 1])
      rest = rest.dropFirst(2)
    }
    if let word = rest.first, word.hasPrefix("-"), word != "-" { return nil }
    staysInteractive = false
    isQuiet = false
    color = .auto
    program = code.isEmpty ? Job.program(named: rest.first, isInteractive: false) : .code(code)
    arguments = Array(code.isEmpty ? rest.dropFirst() : rest)
  }

  static func program(named word: String?, isInteractive: Bool) -> Program {
    switch word {
    case "-": .standardInput
    case .some(let path): .file(path)
    case nil: isatty(STDIN_FILENO) == 1 || isInteractive ? .none : .standardInput
    }
  }

  var hasPrompt: Bool {
    if case .none = program { return true }
    return staysInteractive || played != nil
  }
}
