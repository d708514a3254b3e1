import NNLanguage

// `time`.
extension Repl {
  /// Runs a statement once, and where that was short some more times from the same state, without output.
  func time(_ words: String) throws(Diagnostic) {
    if words.isEmpty { throw Diagnostic(.error, "time takes a statement") }
    let tree = try Parser.parse(Source(name: "<time>", text: words)).tree()
    let before = interpreter.snapshot()
    var seconds = [try run(tree)]
    host.isMuted = true
    defer { host.isMuted = false }
    while seconds.count < Self.mostRuns, seconds.reduce(0, +) < Self.patience {
      interpreter.restore(before)
      seconds.append(try run(tree))
    }
    host.isMuted = false
    transcript.add(words, isRight: true)
    say(report(seconds))
  }

  private static let mostRuns = 99
  /// Seconds that all runs together may take before the last begins.
  private static let patience = 0.2

  private func run(_ tree: SyntaxTree) throws(Diagnostic) -> Double {
    let start = host.clock()
    try interpreter.run(tree, name: "<time>", isInteractive: true)
    return host.clock() - start
  }

  private func report(_ seconds: [Double]) -> String {
    let sorted = seconds.sorted()
    let median = Duration.text(sorted[sorted.count / 2])
    if sorted.count == 1 { return median + "\n" }
    let range = "\(Duration.text(sorted[0])) to \(Duration.text(sorted[sorted.count - 1]))"
    return "\(median), the median of \(sorted.count) runs (\(range))\n"
  }

  private enum Duration {
    /// Three digits in the unit that suits.
    static func text(_ seconds: Double) -> String {
      switch seconds {
      case 1...: digits(seconds) + " s"
      case 1e-3...: digits(seconds * 1e3) + " ms"
      default: digits(seconds * 1e6) + " µs"
      }
    }

    private static func digits(_ value: Double) -> String {
      let decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2
      return Decimals.text(value, decimals)
    }
  }
}
