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

  var row: Row { ForeignSpelling.table[Int(rawValue)] }

  /// The rows in the order of the cases.
  private static let table: [Row] = [
    Row("@", "*", "the matrix product is `*`"),
    Row("**", "^", "a power is `^`, element by element `.^`"),
    Row(".**", ".^", "an elementwise power is `.^`"),
    Row("%", nil, "a remainder is `mod`", "mod(a, b)"),
    Row("//", nil, "a whole quotient is rounded down", "floor(a / b)"),
    Row("&", "&&", "logical and is `&&`, element by element `.*`"),
    Row("|", "||", "logical or is `||`, element by element `max`"),
    Row("~", "!", "logical not is `!`"),
    Row("~=", "!=", "not equal is `!=`"),
    Row("<>", "!=", "not equal is `!=`"),
    Row("===", "==", "equal is `==`"),
    Row("!==", "!=", "not equal is `!=`"),
    Row("=<", "<=", "at most is `<=`"),
    Row("=>", "->", "a function has `->`", "x -> x^2"),
    Row(":=", "=", "an assignment is `=`"),
    Row(".\\", nil, "the division is written the other way round", "B ./ A"),
    Row(".", "", "this works element by element without a dot"),
    Row("...", "", "a line goes on after an operator or a comma, and inside `( )`"),
    Row("<<", nil, "a power of two is a factor", "x * 2^n"),
    Row(">>", nil, "a power of two is a divisor", "floor(x / 2^n)"),
    Row("|>", nil, "a function is called with parentheses", "f(x)"),
    Row("$", "", "names have no `$`"),
    Row("`", "", "names have no backquotes"),
    Row("^=", nil, "the assignment is written out", "x = x^2"),
    Row("%=", nil, "the assignment is written out", "x = mod(x, 2)"),
    Row(".*=", nil, "the assignment is written out", "A = A .* B"),
    Row("./=", nil, "the assignment is written out", "A = A ./ B"),
    Row("×", nil, "the matrix product is `*`, the elementwise product `.*`"),
    Row("·", nil, "the matrix product is `*`, the elementwise product `.*`"),
    Row("÷", "/", "division is `/`, element by element `./`"),
    Row("∘", ".*", "the elementwise product is `.*`"),
    Row("√", nil, "a square root is `sqrt`", "sqrt(x)"),
    Row("∑", nil, "a sum is `sum`", "sum(A)"),
    Row("∏", nil, "a product is `prod`", "prod(A)"),
    Row("∞", "inf", "infinity is `inf`"),
    Row("∧", "&&", "logical and is `&&`"),
    Row("∨", "||", "logical or is `||`"),
    Row("¬", "!", "logical not is `!`"),
    Row("→", "->", "a function has `->`", "x -> x^2"),
    Row("←", "=", "an assignment is `=`"),
    Row("∈", "in", "a loop has `in`", "for x in xs { … }"),
    Row("⊗", nil, "an outer product is that of a column and a row", "a*b'"),
  ]

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
