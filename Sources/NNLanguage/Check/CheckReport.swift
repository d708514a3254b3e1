/// What `check` found out about the gradients that were written by hand for a cost.
///
/// From Swift: `let report = try interpreter.check("J")`; `report.isRight` is what a grader asks first.
public struct CheckReport: Sendable {
  /// The variable that was checked.
  public var cost: String
  /// One for each gradient line, in the order of the program.
  public var lines: [CheckedLine]
  /// What is wrong with the cost's own line, where the gradients are right for a multiple of it.
  public var costFinding: String?

  /// The report as lines of text.
  ///
  /// - Parameter hint: how much to tell: 1 whether a line is right, 2 the kind of mistake, 3 the corrected line, 4 all.
  public func text(hint: Int = 4) -> [String] {
    CheckText(self, hint: CheckText.Hint(rawValue: hint) ?? .everything).lines
  }

  /// Whether every line is right, and there is one.
  public var isRight: Bool {
    !lines.isEmpty && costFinding == nil && lines.allSatisfy { $0.verdict == .right }
  }
}

/// What was found out about one gradient written by hand.
public struct CheckedLine: Sendable {
  /// What was found out about a line.
  public enum Verdict: String, Sendable {
    case right, wrong, undecided

    /// As it is shown: ✓, ✗ or ?.
    public var mark: String {
      switch self {
      case .right: "✓"
      case .wrong: "✗"
      case .undecided: "?"
      }
    }
  }

  /// The gradient's name, such as `dW1`.
  public var gradient: String
  /// The user's statement in the canonical style; the last one where several make the gradient.
  public var text: String
  /// The file and the line the statement stands in, from 1.
  public var file: String
  /// The line in its file, from 1.
  public var line: Int
  /// Whether the line is right.
  public var verdict: Verdict
  /// The mistakes, one for each change that mends the line; alternatives are in `others`.
  public var mistakes: [Mistake] = []
  /// The line without the mistake; of a helper's line where the mistake is there.
  public var correction: String?
  /// A different mistake that would explain the line as well, with its correction.
  public var others: [(mistakes: [Mistake], correction: String)] = []
  /// The forward line that the gradient must answer to.
  public var reason: String?
  /// Whether it is still to be written: `dW1 = ?`.
  public var isHole = false
  /// What else is to be said: a convention, an inherited mistake, what little is known.
  public var notes: [String] = []

  init(gradient: String, text: String, file: String, line: Int, verdict: Verdict) {
    self.gradient = gradient
    self.text = text
    self.file = file
    self.line = line
    self.verdict = verdict
  }
}
