import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one line that shows how far a training is, drawn again and again in place where errors go, if that is a
/// terminal.
final class ProgressLine {
  private let isShown: Bool
  private var isOnScreen = false

  init() { isShown = isatty(STDERR_FILENO) == 1 && !Terminal.isDumb }

  func show(_ progress: Progress) {
    guard isShown else { return }
    if progress.isFinished { return clear() }
    let columns = Terminal.size(of: STDERR_FILENO).columns
    StandardStreams.complain("\r" + Self.text(progress, columns: columns) + "\u{1B}[K")
    isOnScreen = true
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
    var parts = ["\(progress.done)/\(progress.total)", "J " + cost(progress.cost)]
    if let cost = progress.validationCost { parts.append("J_val " + Self.cost(cost)) }
    if let accuracy = progress.accuracy { parts.append(Decimals.text(accuracy * 100, 1) + " %") }
    parts.append(rate(progress.examplesPerSecond))
    parts.append(duration(progress.secondsLeft) + " left")
    var text = bar(progress)
    for part in parts where text.count + part.count + 2 < columns { text += "  " + part }
    return text.count < columns ? text : ""
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
