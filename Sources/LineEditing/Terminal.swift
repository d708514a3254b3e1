import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known about the terminal, if there is one.
package enum Terminal {
  /// When output is coloured.
  package enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }

  package struct Size: Equatable, Sendable {
    package var rows: Int
    package var columns: Int

    package init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// Whether a person can be asked: standard input and standard output are terminals.
  package static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// Whether the terminal only prints: no cursor movement, no colours.
  package static var isDumb: Bool {
    ["", "dumb", "unknown", "emacs"].contains(environmentVariable("TERM") ?? "")
  }

  /// Whether the environment's locale is UTF-8; says nothing of what the terminal can in truth display.
  package static var localeIsUTF8: Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environmentVariable).filter { !$0.isEmpty }
    let codeset = names.first?.split(separator: "@").first?.split(separator: ".").last?.lowercased()
    return codeset == "utf-8" || codeset == "utf8"
  }

  /// Makes the C library, and with it libedit, take text for UTF-8 whatever the environment says.
  static func useUTF8() { _ = nne_use_utf8_locale() }

  /// The size of the terminal on `descriptor`, or that of `COLUMNS` and `LINES`, or else 24 by 80.
  package static func size(of descriptor: Int32 = STDOUT_FILENO) -> Size {
    var rows: Int32 = 0
    var columns: Int32 = 0
    if nne_window_size(descriptor, &rows, &columns) { return Size(rows: Int(rows), columns: Int(columns)) }
    return Size(rows: environmentNumber("LINES") ?? 24, columns: environmentNumber("COLUMNS") ?? 80)
  }

  /// Whether to colour what goes to `descriptor`: as `choice` says, or on a terminal that has colours unless the
  /// user set `NO_COLOR`.
  package static func allowsColor(_ choice: ColorChoice = .auto, on descriptor: Int32 = STDOUT_FILENO) -> Bool
  {
    switch choice {
    case .always: true
    case .never: false
    case .auto: isatty(descriptor) == 1 && !isDumb && (environmentVariable("NO_COLOR") ?? "").isEmpty
    }
  }

  /// Runs `body`, say another program's, with the modes the terminal had when this program started.
  package static func withOriginalModes<Result>(_ body: () throws -> Result) rethrows -> Result {
    nne_terminal_restore()
    return try body()
  }

  static func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func environmentNumber(_ name: String) -> Int? {
    environmentVariable(name).flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
  }
}
