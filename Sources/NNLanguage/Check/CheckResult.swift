import NNCore

/// The value of `check(J)`: the report for programs, and as text for people.
final class CheckResult: Object {
  let report: CheckReport
  private let text: CheckText
  private let resources: Resources

  init(_ report: CheckReport, hint: CheckText.Hint, in resources: Resources) {
    self.report = report
    self.resources = resources
    text = CheckText(report, hint: hint)
    super.init()
  }

  override var kindWithArticle: String { "a result of check" }
  override var fieldNames: [String] { ["right", "cost", "finding", "lines"] }

  override func field(_ name: String) -> Value? {
    switch name {
    case "right": .truth(report.isRight)
    case "cost": .string(report.cost)
    case "finding": .string(report.costFinding ?? "")
    case "lines":
      (try? List(report.lines.map { .object(CheckedLineValue($0)) }, in: resources)).map(Value.list)
    default: nil
    }
  }

  override func describe(width: Int) -> [String] { text.lines }
}

/// One line of a report as a value.
final class CheckedLineValue: Object {
  private let line: CheckedLine

  init(_ line: CheckedLine) {
    self.line = line
    super.init()
  }

  override var kindWithArticle: String { "a checked line" }
  override var fieldNames: [String] {
    ["name", "right", "verdict", "line", "text", "mistake", "sentence", "corrected", "because", "note"]
  }

  override func field(_ name: String) -> Value? {
    switch name {
    case "name": .string(line.gradient)
    case "right": .truth(line.verdict == .right)
    case "verdict": .string(line.verdict.rawValue)
    case "line": .number(Scalar(line.line))
    case "text": .string(line.text)
    case "mistake": .string(line.mistakes.map(\.kind.rawValue).joined(separator: ", "))
    case "sentence": .string(line.mistakes.map(\.sentence).joined(separator: "; "))
    case "corrected": .string(line.correction ?? "")
    case "because": .string(line.reason ?? "")
    case "note": .string(line.notes.joined(separator: "; "))
    default: nil
    }
  }

  override func describe(width: Int) -> [String] {
    CheckText.lines(of: line, hint: .everything, column: line.text.count)
  }
}

/// A report as text for people.
struct CheckText {
  /// How much is told of a mistake.
  enum Hint: Int {
    /// Whether there is one.
    case whether = 1
    /// Its kind.
    case kind
    /// The corrected line.
    case correction
    case everything
  }

  let lines: [String]

  init(_ report: CheckReport, hint: Hint) {
    let column = report.lines.map(\.text.count).max() ?? 0
    var lines = report.lines.flatMap { Self.lines(of: $0, hint: hint, column: min(column, 48)) }
    if let finding = report.costFinding {
      lines.append("✗ \(hint == .whether ? "\(report.cost) and its gradients do not fit together" : finding)")
    }
    let wrong = report.lines.count { $0.verdict == .wrong }
    let count = report.lines.count
    if report.isRight {
      lines.append(count == 1 ? "right" : "all \(count) lines are right")
    } else if wrong > 0 {
      lines.append("\(wrong) of \(count) \(count == 1 ? "line" : "lines") wrong")
    }
    self.lines = lines
  }

  static func lines(of line: CheckedLine, hint: Hint, column: Int) -> [String] {
    let padding = String(repeating: " ", count: max(0, column - line.text.count))
    var lines = ["\(line.verdict.mark) \(line.text)\(padding)  \(verdict(line))"]
    guard line.verdict == .wrong || hint == .everything else { return lines }
    let indent = "    "
    if hint.rawValue >= Hint.kind.rawValue {
      if let sentence = sentence(line.mistakes) { lines.append(indent + sentence) }
      for other in line.others { lines.append(indent + "or: " + (sentence(other.mistakes) ?? "")) }
      lines += line.notes.map { indent + $0 }
    }
    if hint.rawValue >= Hint.correction.rawValue, let correction = line.correction {
      lines.append(indent + "→ " + correction)
      for other in line.others where other.correction != correction {
        lines.append(indent + "or → " + other.correction)
      }
    }
    if hint == .everything, line.verdict == .wrong, let reason = line.reason {
      lines.append(indent + "because \(reason)")
    }
    return lines
  }

  private static func verdict(_ line: CheckedLine) -> String {
    let place = line.line > 0 && !line.file.hasPrefix("<") ? ", line \(line.line)" : ""
    return switch line.verdict {
    case .right: "right"
    case .wrong: "wrong" + place
    case .undecided: line.isHole ? "still to be written" + place : "not decidable here"
    }
  }

  private static func sentence(_ mistakes: [Mistake]) -> String? {
    mistakes.isEmpty ? nil : mistakes.map(\.sentence).joined(separator: "; and ")
  }
}
