import NNCore
import Testing

@testable import NNLanguage

/// Explains a program's cost and runs the lines in another interpreter.
struct ExplainedLines {
  /// What differs between the gradients that `backward` sets and those of the lines, as messages.
  static func differences(in program: String, cost: String = "J", files: [String: [UInt8]] = [:]) throws
    -> [String]
  {
    let first = try Session()
    first.host.files = files
    try first.interpreter.run(program)
    let shown = try first.interpreter.explanation(of: cost)
    try first.interpreter.run("explain(\(cost), \"backward.nn\")\nbackward(\(cost))")
    let file = String(decoding: first.host.files["backward.nn"] ?? [], as: UTF8.self)
    let names = shown.backward.filter { $0.role == .gradient }.map(\.name)
    var differences = missing(names, first, cost)
    for (kind, lines) in [("file", file), ("lines", shown.backward.map(\.text).joined(separator: "\n"))] {
      let second = try Session()
      second.host.files = files
      try second.interpreter.run(program)
      do throws(Diagnostic) { try second.interpreter.run(lines) } catch {
        differences.append("\(kind): \(error.message) in\n\(lines)")
        continue
      }
      for name in names {
        let (a, b) = (try first.value(of: name), try second.value(of: name))
        if !areSame(a, b) { differences.append("\(kind): \(name) differs: \(a) and \(b) in\n\(lines)") }
      }
    }
    return differences
  }

  /// Gradients that `backward` sets and no line gives.
  private static func missing(_ names: [String], _ session: Session, _ cost: String) -> [String] {
    session.interpreter.variableNames.filter { name in
      guard session.interpreter.role(of: name) == .gradient, let shape = session.interpreter[name]?.shape
      else {
        return false
      }
      return shape.count > 0 && !names.contains(name)
    }.map { "\($0) has no line" }
  }

  static func areSame(_ a: Value, _ b: Value) -> Bool {
    guard let x = elements(a), let y = elements(b), a.shape == b.shape else { return false }
    return zip(x, y).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
  }

  private static func elements(_ value: Value) -> [Scalar]? {
    switch value {
    case .number(let number): [number]
    case .matrix(let matrix): matrix.elements
    default: nil
    }
  }
}
