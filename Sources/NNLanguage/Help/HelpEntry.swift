import NNCore

/// What there is to say about a function, an operator, a keyword or a constant.
public struct HelpEntry: Sendable {
  /// What an entry is about.
  public enum Kind: String, Sendable {
    case function
    case constant
    case `operator`
    case keyword
  }

  /// The name, or the operator's spelling.
  public let name: String
  /// What it is.
  public let kind: Kind
  /// How it is written: `sum(A)`, `sum(A, dim)`.
  public let signatures: [String]
  /// One sentence.
  public let summary: String
  /// The shapes of what goes in and comes out, in one line; empty where there is nothing to say.
  public let shapes: String
  /// The defining formula and what else there is to know.
  public let details: [String]
  /// A line that runs at the prompt; empty where there is none.
  public let example: String
  /// Names, operators and keywords to read on about.
  public let related: [String]
  /// The heading under which the reference lists it.
  public let heading: String
}

extension HelpEntry {
  init(_ builtin: Builtin) {
    self.init(
      name: builtin.name, kind: .function, signatures: builtin.signatures, summary: builtin.summary,
      shapes: builtin.shapes, details: HelpEntry.lines(builtin.details), example: builtin.example,
      related: builtin.related, heading: builtin.group.rawValue)
  }

  init(_ constant: Builtins.Constant) {
    self.init(
      name: constant.name, kind: .constant, signatures: [constant.name], summary: constant.summary,
      shapes: "",
      details: [], example: constant.name, related: [], heading: SyntaxRow.names)
  }

  /// An operator that is an operation of the graph.
  init(operator row: Operation) {
    self.init(
      name: row.name, kind: .operator, signatures: Builtin.split(row.signature), summary: row.summary,
      shapes: row.shape.explanation(of: row), details: HelpEntry.lines(row.formula), example: row.example,
      related: row.related, heading: SyntaxRow.operators)
  }

  init(_ row: SyntaxRow) {
    self.init(
      name: row.name, kind: row.kind, signatures: Builtin.split(row.forms), summary: row.summary, shapes: "",
      details: HelpEntry.lines(row.details), example: row.example, related: row.related,
      heading: row.heading)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { String($0) }
  }
}

extension ShapeRule {
  /// The shapes of operands and result, for help.
  func explanation(of row: Operation) -> String {
    switch self {
    case .elementwise:
      row.arity.upperBound == 1 ? "as the argument" : "equal; 1×n, m×1 and 1×1 stretch to fit"
    case .product: "m×k * k×n is m×n; a 1×1 scales"
    case .transpose: "m×n to n×m"
    case .reduction, .selection: "m×n to 1×1; dim 1: to 1×n; dim 2: to m×1"
    case .same: "as the argument"
    case .squareToScalar: "n×n to 1×1"
    case .square: "n×n to n×n"
    case .solve: "A m×n, b m×k: n×k"
    case .reshape, .stretch, .scatter: "m×n"
    case .index: "as many rows and columns as are picked"
    case .joinColumns: "m×k and m×l to m×(k + l)"
    case .joinRows: "k×n and l×n to (k + l)×n"
    case .repeatMatrix: "p×q to (m*p)×(n*q)"
    case .diagonal: "n elements to n×n; m×n to its diagonal, a column"
    case .cost: "A and Y n×m, the m columns being examples; 1×1"
    }
  }
}
