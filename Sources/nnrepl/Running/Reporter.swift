import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Says on standard error what went wrong, behind everything printed before.
struct Reporter {
  private let output: StandardOutput
  private let progress: ProgressLine
  private let hasColor: Bool

  init(output: StandardOutput, progress: ProgressLine, color: ColorChoice) {
    self.output = output
    self.progress = progress
    hasColor = Terminal.allowsColor(color, on: STDERR_FILENO)
  }

  func report(_ diagnostic: Diagnostic) {
    var style = hasColor ? DiagnosticStyle.colored : .plain
    if isatty(STDERR_FILENO) == 1 { style.width = max(40, Terminal.size(of: STDERR_FILENO).columns - 8) }
    say(DiagnosticRenderer(style: style).render(diagnostic))
  }

  /// For what has no place in a source: a file that cannot be read.
  func report(_ message: String) { report(Diagnostic(.error, message)) }

  private func say(_ text: String) {
    progress.clear()
    output.flush()
    StandardStreams.complain(text)
  }
}
