/// Operators of other languages and of printed mathematics that are none here, but that people type.
package enum ForeignSpelling: UInt8, CaseIterable, Sendable {
  case at, starStar, dotStarStar, percent, slashSlash, ampersand, pipe, tilde, tildeEqual, lessGreater
  case tripleEqual, notDoubleEqual, equalLess, fatArrow, colonEqual, dotBackslash, broadcastDot
  case ellipsis, shiftLeft, shiftRight, pipeInto, dollar, backtick
  case powerAssign, percentAssign, elementMultiplyAssign, elementDivideAssign
  case times, middleDot, divisionSign, ring, radical, sumSign, productSign, infinity
  case logicalAnd, logicalOr, logicalNot, arrowRight, arrowLeft, elementOf, circledTimes

  /// One row: how it is spelled, and what to say.
  struct Row: Sendable {
    let spelling: String
    /// What is written here in its place, when that is one token for another.
    let replacement: String?
    let hint: String
    /// What the hint shows when the statement itself cannot be shown corrected.
    let example: String?

    init(_ spelling: String, _ replacement: String?, _ hint: String, _ example: String? = nil) {
      self.spelling = spelling
      self.replacement = replacement
      self.hint = hint
      self.example = example
    }
  }

  var row: Row {
    switch self {
    case .at: Row("@", "*", "the matrix product is `*`")
    case .starStar: Row("**", "^", "a power is `^`, element by element `.^`")
    case .dotStarStar: Row(".**", ".^", "an elementwise power is `.^`")
    case .percent: Row("%", nil, "a remainder is `mod`", "mod(a, b)")
    case .slashSlash: Row("//", nil, "a whole quotient is rounded down", "floor(a / b)")
    case .ampersand: Row("&", "&&", "logical and is `&&`, element by element `.*`")
    case .pipe: Row("|", "||", "logical or is `||`, element by element `max`")
    case .tilde: Row("~", "!", "logical not is `!`")
    case .tildeEqual: Row("~=", "!=", "not equal is `!=`")
    case .lessGreater: Row("<>", "!=", "not equal is `!=`")
    case .tripleEqual: Row("===", "==", "equal is `==`")
    case .notDoubleEqual: Row("!==", "!=", "not equal is `!=`")
    case .equalLess: Row("=<", "<=", "at most is `<=`")
    case .fatArrow: Row("=>", "->", "a function has `->`", "x -> x^2")
    case .colonEqual: Row(":=", "=", "an assignment is `=`")
    case .dotBackslash: Row(".\\", nil, "the division is written the other way round", "B ./ A")
    case .broadcastDot: Row(".", "", "this works element by element without a dot")
    case .ellipsis: Row("...", "", "a line goes on after an operator or a comma, and inside `( )`")
    case .shiftLeft: Row("<<", nil, "a power of two is a factor", "x * 2^n")
    case .shiftRight: Row(">>", nil, "a power of two is a divisor", "floor(x / 2^n)")
    case .pipeInto: Row("|>", nil, "a function is called with parentheses", "f(x)")
    case .dollar: Row("$", "", "names have no `$`")
    case .backtick: Row("`", "", "names have no backquotes")
    case .powerAssign: Row("^=", nil, "the assignment is written out", "x = x^2")
    case .percentAssign: Row("%=", nil, "the assignment is written out", "x = mod(x, 2)")
    case .elementMultiplyAssign: Row(".*=", nil, "the assignment is written out", "A = A .* B")
    case .elementDivideAssign: Row("./=", nil, "the assignment is written out", "A = A ./ B")
    case .times: Row("×", nil, "the matrix product is `*`, the elementwise product `.*`")
    case .middleDot: Row("·", nil, "the matrix product is `*`, the elementwise product `.*`")
    case .divisionSign: Row("÷", "/", "division is `/`, element by element `./`")
    case .ring: Row("∘", ".*", "the elementwise product is `.*`")
    case .radical: Row("√", nil, "a square root is `sqrt`", "sqrt(x)")
    case .sumSign: Row("∑", nil, "a sum is `sum`", "sum(A)")
    case .productSign: Row("∏", nil, "a product is `prod`", "prod(A)")
    case .infinity: Row("∞", "inf", "infinity is `inf`")
    case .logicalAnd: Row("∧", "&&", "logical and is `&&`")
    case .logicalOr: Row("∨", "||", "logical or is `||`")
    case .logicalNot: Row("¬", "!", "logical not is `!`")
    case .arrowRight: Row("→", "->", "a function has `->`", "x -> x^2")
    case .arrowLeft: Row("←", "=", "an assignment is `=`")
    case .elementOf: Row("∈", "in", "a loop has `in`", "for x in xs { … }")
    case .circledTimes: Row("⊗", nil, "an outer product is that of a column and a row", "a*b'")
    }
  }

  /// The spellings of one code point outside ASCII.
  static let symbols: [Unicode.Scalar: ForeignSpelling] = {
    var symbols: [Unicode.Scalar: ForeignSpelling] = [:]
    for foreign in allCases {
      let scalars = foreign.row.spelling.unicodeScalars
      if let first = scalars.first, scalars.count == 1, !first.isASCII { symbols[first] = foreign }
    }
    return symbols
  }()
}
