import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows where errors go how far a training is: on a terminal as one line that is drawn again and again in place,
/// elsewhere as a plain line for each tenth of the run.
final class ProgressLine {
  private let isOnTerminal: Bool
  private let isPlain: Bool
  private var isOnScreen = false
  private var tenths = 0

  /// - Parameter hasPlainLines: whether there is anything to see where there is no terminal.
  init(hasPlainLines: Bool = true) {
    isOnTerminal = isatty(STDERR_FILENO) == 1 && !Terminal.isDumb
    isPlain = hasPlainLines && !isOnTerminal
  }

  func show(_ progress: Progress) {
    if isPlain { return showPlainly(progress) }
    guard isOnTerminal else { return }
    if progress.isFinished { return clear() }
    let columns = Terminal.size(of: STDERR_FILENO).columns
    StandardStreams.complain("\r" + Self.text(progress, columns: columns) + "\u{1B}[K")
    isOnScreen = true
  }

  private func showPlainly(_ progress: Progress) {
    let tenths = progress.isFinished ? 10 : progress.done * 10 / max(1, progress.total)
    if progress.done <= 1 { self.tenths = 0 }
    guard tenths > self.tenths else { return }
    self.tenths = progress.isFinished ? 0 : tenths
    StandardStreams.complain("epoch " + Self.parts(progress).joined(separator: "  ") + "\n")
  }

  /// Leaves a clean row for what is written next.
  func clear() {
    guard isOnScreen else { return }
    isOnScreen = false
    StandardStreams.complain("\r\u{1B}[K")
  }

  // MARK: the text

  /// `[████····]  40/100  J 0.1234  87 %  12 k examples/s  3 s left`, as much of it as fits.
  static func text(_ progress: Progress, columns: Int) -> String {
    var text = bar(progress)
    for part in parts(progress) where text.count + part.count + 2 < columns { text += "  " + part }
    return text.count < columns ? text : ""
  }

  private static func parts(_ progress: Progress) -> [String] {
    var parts = ["\(progress.done)/\(progress.total)", "J " + cost(progress.cost)]
    if let cost = progress.validationCost { parts.append("J_val " + Self.cost(cost)) }
    if let accuracy = progress.accuracy { parts.append(Decimals.text(accuracy * 100, 1) + " %") }
    parts.append(rate(progress.examplesPerSecond))
    if !progress.isFinished { parts.append(duration(progress.secondsLeft) + " left") }
    return parts
  }

  private static func bar(_ progress: Progress) -> String {
    let width = 20
    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
    let full = Int((min(max(share, 0), 1) * Double(width)).rounded(.down))
    return "[" + String(repeating: "█", count: full) + String(repeating: "·", count: width - full) + "]"
  }

  /// With four decimals, as long as these say something.
  private static func cost(_ cost: Double) -> String {
    guard cost != 0, cost.isFinite, cost.magnitude < 0.001 else { return Decimals.text(cost, 4) }
    let exponent = log10(cost.magnitude).rounded(.down)
    return Decimals.text(cost / pow(10, exponent), 2) + "e\(Int(exponent))"
  }

  private static func rate(_ perSecond: Double) -> String {
    switch perSecond {
    case 1e6...: Decimals.text(perSecond / 1e6, 1) + " M examples/s"
    case 1e4...: Decimals.text(perSecond / 1e3, 0) + " k examples/s"
    default: Decimals.text(perSecond, 0) + " examples/s"
    }
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e7 else { return "long" }
    let whole = Int(max(0, seconds).rounded(.up))
    if whole < 100 { return "\(whole) s" }
    if whole < 6_000 { return "\((whole + 59) / 60) min" }
    return "\((whole + 3_599) / 3_600) h"
  }
}
