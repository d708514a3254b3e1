import NNCore

/// A notation that formulas can be written in besides the language's own: one table of how each operation looks.
struct Notation: Sendable {
  /// How tightly a piece of text binds.
  enum Level: Int, Comparable, Sendable {
    case loose, comparison, sum, product, sign, power, atom
    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  /// A piece of text with its level.
  struct Phrase {
    let text: String
    let level: Level
  }

  /// How one operation is written.
  ///
  /// In a template `$0` stands for the first operand, `$0p` for it in parentheses unless it binds as tightly as a
  /// product (`c`, `s`, `p`, `u`, `w`, `a`: comparison, sum, product, sign, power, atom); `$*` and `$;` for all operands,
  /// `$,` for all as matrices, `$m` and `$n` for the rows and columns of the result, `$k` and `$l` for the operation's attributes.
  struct Row: Sendable {
    let id: OperationID
    let template: String
    let level: Level
    /// Where an operand is a number; nil for the same.
    var scalar: String?
    /// Of a reduction, down the rows and along the columns.
    var byDimension: [String] = []

    init(_ id: OperationID, _ template: String, _ level: Level = .atom, scalar: String? = nil) {
      self.id = id
      self.template = template
      self.level = level
      self.scalar = scalar
    }

    /// A reduction: of everything, down the rows, along the columns.
    init(_ id: OperationID, all: String, rows: String, columns: String, _ level: Level = .atom) {
      self.init(id, all, level)
      byDimension = [rows, columns]
    }
  }

  /// What `as` calls it.
  let name: String
  /// How a comment begins.
  let comment: String
  /// Between a name and its formula, and behind the line.
  let assignment: (between: String, end: String)
  let rows: [OperationID: Row]
  let product: String
  let transpose: String
  /// `(m, n)` filled with ones and zeros.
  let ones: String
  let zeros: String
  let pi: String
  /// Functions that lines may call, by name, with their definitions.
  let helpers: [(name: String, definition: String)]
  /// Lines before all others.
  let preamble: [String]
  let names: @Sendable (String) -> String
  let numbers: @Sendable (Scalar) -> String
  let literal: @Sendable (Matrix, (Scalar) -> String) -> String
  let picked: @Sendable (_ base: String, _ rows: PlaceText, _ columns: PlaceText) -> String
  let scattered:
    @Sendable (_ values: String, _ rows: PlaceText, _ columns: PlaceText, _ shape: Shape) -> String
  /// Around a comparison that is to be a number; nil where it is one.
  let truth: String?
  /// How a number becomes a matrix where nothing else makes it one; nil where it is one.
  var box: String?
  /// Whether a difference of levels is shown by parentheses of this kind.
  var parentheses = ("(", ")")

  /// Rows or columns as a notation needs them.
  enum PlaceText {
    case all
    case range(first: Int, step: Int, count: Int)
    case list([Int])
    case computed(String)
  }

  static func table(_ rows: [Row]) -> [OperationID: Row] {
    Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
  }
}

// MARK: - Writing

extension Notation {
  /// A formula's text.
  func text(_ formula: Formula) -> String {
    formula.isComparison ? number(formula, at: .loose) : phrase(formula).text
  }

  private func text(_ formula: Formula, at level: Level) -> String {
    let phrase = phrase(formula)
    return phrase.level < level ? parentheses.0 + phrase.text + parentheses.1 : phrase.text
  }

  private func number(_ formula: Formula, at level: Level) -> String {
    guard let truth, formula.isComparison else { return text(formula, at: level) }
    return Self.replacing("$0", in: truth, with: phrase(formula).text)
  }

  private func phrase(_ formula: Formula) -> Phrase {
    switch formula.kind {
    case .name(let name): return Phrase(text: names(name), level: .atom)
    case .text(let text): return Phrase(text: text, level: .atom)
    case .source(_, _, let matrix):
      if matrix.isScalar { return fraction(matrix.pointer[0], 1) }
      return Phrase(text: literal(matrix, numbers), level: .atom)
    case .number(let n, let d): return fraction(n, d)
    case .pi: return Phrase(text: pi, level: .atom)
    case .matrix(let matrix): return Phrase(text: literal(matrix, numbers), level: .atom)
    case .filled(let n, let d): return filled(n, d, formula.shape)
    case .stretched(let part):
      let filled = Formula(.filled(1, over: 1), formula.shape)
      return phrase(Formula(.operation(.multiply, [part, filled], .none), formula.shape))
    case .picked(let base, let rows, let columns):
      return Phrase(text: picked(text(base, at: .atom), places(rows), places(columns)), level: .atom)
    case .scattered(let values, let rows, let columns):
      return Phrase(
        text: scattered(text(values, at: .loose), places(rows), places(columns), formula.shape), level: .atom)
    case .operation(let id, let operands, let attributes):
      return operation(id, operands, attributes, formula.shape)
    }
  }

  private func fraction(_ n: Scalar, _ d: Scalar) -> Phrase {
    let number = { (value: Scalar) in
      Phrase(text: numbers(value), level: value.sign == .minus && !value.isNaN ? .sign : .atom)
    }
    if d == 1 { return number(n) }
    let quotient = [Formula(.number(n, over: 1), .scalar), Formula(.number(d, over: 1), .scalar)]
    return operation(.divide, quotient, .none, .scalar)
  }

  private func filled(_ n: Scalar, _ d: Scalar, _ shape: Shape) -> Phrase {
    let sized = { (template: String) in
      Self.replacing(
        "$n", in: Self.replacing("$m", in: template, with: "\(shape.rows)"), with: "\(shape.columns)")
    }
    if n == 0, d == 1 { return Phrase(text: sized(zeros), level: .atom) }
    let ones = Phrase(text: sized(ones), level: .atom)
    if n == 1, d == 1 { return ones }
    return Phrase(text: "\(fractionFactor(n, d)) * \(ones.text)", level: .product)
  }

  private func fractionFactor(_ n: Scalar, _ d: Scalar) -> String {
    let phrase = fraction(n, d)
    return phrase.level < .product ? parentheses.0 + phrase.text + parentheses.1 : phrase.text
  }

  private func places(_ places: Formula.Places) -> PlaceText {
    switch places {
    case .all: .all
    case .range(let first, let step, let count): .range(first: first, step: step, count: count)
    case .list(let list): .list(list)
    case .computed(let formula): .computed(text(formula, at: .atom))
    }
  }

  // MARK: Operations

  private func operation(
    _ id: OperationID, _ operands: [Formula], _ attributes: Attributes, _ shape: Shape
  ) -> Phrase {
    if id == .product { return matrixProduct(operands, attributes) }
    guard let row = rows[id] else {
      let arguments = operands.map { text($0, at: .loose) }.joined(separator: ", ")
      return Phrase(text: "\(Operation[id].name)(\(arguments))", level: .atom)
    }
    let dimension = attributes.first
    var template = row.template
    if (1...row.byDimension.count + 1).contains(dimension), !row.byDimension.isEmpty,
      dimension <= row.byDimension.count
    {
      template = row.byDimension[dimension - 1]
    } else if let scalar = row.scalar, usesScalarForm(id, operands) {
      template = scalar
    }
    let isTruthKept = id == .multiply || id == .choose || id == .not
    return Phrase(text: fill(template, operands, attributes, shape, isTruthKept), level: row.level)
  }

  private func usesScalarForm(_ id: OperationID, _ operands: [Formula]) -> Bool {
    switch id {
    case .divide: operands[1].shape.isScalar
    case .power: operands.allSatisfy(\.shape.isScalar)
    case .diagonal: operands[0].shape.isVector
    case .solve: operands[0].shape.isSquare
    default: operands.contains { $0.shape.isScalar }
    }
  }

  private func matrixProduct(_ operands: [Formula], _ attributes: Attributes) -> Phrase {
    let left =
      attributes.first & 1 == 0 ? text(operands[0], at: .product) : text(operands[0], at: .atom) + transpose
    let right =
      attributes.first & 2 == 0 ? text(operands[1], at: .sign) : text(operands[1], at: .atom) + transpose
    return Phrase(text: left + product + right, level: .product)
  }

  /// An operand as a matrix, where its text would be a plain number.
  private func boxed(_ operand: Formula) -> String {
    let text = text(operand, at: .loose)
    switch operand.kind {
    case .number, .pi: return box.map { Self.replacing("$0", in: $0, with: text) } ?? text
    case .source(_, _, let matrix) where matrix.isScalar:
      return box.map { Self.replacing("$0", in: $0, with: text) } ?? text
    default: return text
    }
  }

  /// Puts operands and settings into a template.
  private func fill(
    _ template: String, _ operands: [Formula], _ attributes: Attributes, _ shape: Shape, _ isTruthKept: Bool
  ) -> String {
    var result = ""
    var rest = template[...]
    while let mark = rest.firstIndex(of: "$") {
      result += rest[..<mark]
      rest = rest[mark...].dropFirst()
      guard let slot = rest.popFirst() else { break }
      switch slot {
      case "m": result += "\(shape.rows)"
      case "n": result += "\(shape.columns)"
      case "k": result += "\(attributes.first)"
      case "l": result += "\(attributes.second)"
      case "T": result += attributes.first == 0 ? "" : transpose
      case ";": result += operands.map { text($0, at: .loose) }.joined(separator: "; ")
      case "*": result += operands.map { text($0, at: .loose) }.joined(separator: ", ")
      case ",": result += operands.map(boxed).joined(separator: ", ")
      default:
        let level = rest.first.flatMap { Self.levels[$0] }
        if level != nil { rest = rest.dropFirst() }
        guard let index = slot.wholeNumberValue, operands.indices.contains(index) else { continue }
        let operand = operands[index]
        result +=
          isTruthKept ? text(operand, at: level ?? .loose) : number(operand, at: level ?? .loose)
      }
    }
    return result + rest
  }

  private static let levels: [Character: Level] = [
    "c": .comparison, "s": .sum, "p": .product, "u": .sign, "w": .power, "a": .atom,
  ]

  static func replacing(_ slot: String, in template: String, with text: String) -> String {
    var result = template
    while let range = result.firstRange(of: slot) { result.replaceSubrange(range, with: text) }
    return result
  }
}

extension Formula {
  /// Whether it is a comparison, which other notations do not take for a number.
  var isComparison: Bool {
    guard case .operation(let id, _, _) = kind else { return false }
    switch id {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .not: return true
    default: return false
    }
  }
}
