/// The operators with two operands.
package enum BinaryOperator: UInt8, CaseIterable, Sendable {
  case or, and
  case equal, notEqual, less, lessEqual, greater, greaterEqual
  case add, subtract
  case multiply, elementMultiply, divide, elementDivide, leftDivide
  case power, elementPower
}

/// The operators before one operand.
package enum UnaryOperator: UInt8, CaseIterable, Sendable {
  case plus, minus, not
}

/// How tightly operators bind, low to high; ranges stand between comparisons and sums.
package enum Precedence: UInt8, Comparable, Sendable {
  case lambda, or, and, comparison, range, sum, product, unary, power, postfix

  package static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }

  /// The next tighter level.
  package var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }
}

/// Which side an operator gathers from when it meets itself.
package enum Associativity: Sendable {
  case left, right, none
}

extension BinaryOperator {
  /// One row of the operator table.
  package struct Row: Sendable {
    package let spelling: String
    package let precedence: Precedence
    package let associativity: Associativity
    /// Other characters that are read as this operator.
    package let alternative: String?

    init(
      _ spelling: String, _ precedence: Precedence, _ associativity: Associativity = .left,
      or other: String? = nil
    ) {
      self.spelling = spelling
      self.precedence = precedence
      self.associativity = associativity
      alternative = other
    }
  }

  /// The operator table: spelling, level and side of every operator, in the order of the cases.
  package static let table: [Row] = [
    Row("||", .or),
    Row("&&", .and),
    Row("==", .comparison, .none),
    Row("!=", .comparison, .none, or: "≠"),
    Row("<", .comparison, .none),
    Row("<=", .comparison, .none, or: "≤"),
    Row(">", .comparison, .none),
    Row(">=", .comparison, .none, or: "≥"),
    Row("+", .sum),
    Row("-", .sum, or: "−"),
    Row("*", .product),
    Row(".*", .product, or: "⊙"),
    Row("/", .product),
    Row("./", .product),
    Row("\\", .product),
    Row("^", .power, .right),
    Row(".^", .power, .right),
  ]

  package var row: Row { BinaryOperator.table[Int(rawValue)] }
  package var spelling: String { row.spelling }
  package var precedence: Precedence { row.precedence }
}

extension UnaryOperator {
  package var spelling: String {
    switch self {
    case .plus: "+"
    case .minus: "-"
    case .not: "!"
    }
  }
}
