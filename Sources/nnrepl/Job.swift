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

  /// The job of a command line with no options but those without a value, `-e` and `--play`. The argument parser would
  /// give the same, but takes as long for it as all the rest of a start.
  init?(plain words: [String]) {
    var rest = words[...]
    var code: [String] = []
    (staysInteractive, isQuiet, color) = (false, false, .auto)
    options: while let word = rest.first {
      let next = rest.dropFirst().first
      switch (word, next) {
      case ("-q", _), ("--quiet", _): isQuiet = true
      case ("-i", _), ("--interactive", _): staysInteractive = true
      case ("--no-init", _): skipsInit = true
      case ("-e", let next?): code.append(next)
      case ("--play", let next?) where !next.hasPrefix("-"): played = next
      default: break options
      }
      rest = rest.dropFirst(word == "-e" || word == "--play" ? 2 : 1)
    }
    if let word = rest.first, word.hasPrefix("-"), word != "-" { return nil }
    program =
      code.isEmpty ? Job.program(named: rest.first, isInteractive: staysInteractive) : .code(code)
    if played != nil, rest.isEmpty, code.isEmpty { program = .none }
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
