/// Brackets and operators of ASCII marks.
extension Lexer {
  mutating func lexMark(_ byte: UInt8) {
    switch byte {
    case ASCII.newline, ASCII.carriageReturn: lexNewlines()
    case ASCII.quote: lexString(from: position, isContinued: false)
    case UInt8(ascii: "("): lexOpener(.leftParenthesis, .parenthesis)
    case UInt8(ascii: "["): lexOpener(.leftBracket, .bracket)
    case ASCII.leftBrace: lexOpener(.leftBrace, .brace)
    case UInt8(ascii: ")"): lexCloser(.rightParenthesis, .parenthesis)
    case UInt8(ascii: "]"): lexCloser(.rightBracket, .bracket)
    case ASCII.rightBrace: lexRightBrace()
    case UInt8(ascii: ","): take(.comma, 1)
    case UInt8(ascii: ";"): take(.semicolon, 1)
    case UInt8(ascii: ":"): lexColon()
    case UInt8(ascii: "?"): take(.question, 1)
    case UInt8(ascii: "'"): lexApostrophe()
    case UInt8(ascii: "#"): failAtByte(.commentInSlot)
    case UInt8(ascii: "~"): takeForeign(peek(1) == UInt8(ascii: "=") ? .tildeEqual : .tilde)
    case UInt8(ascii: "@"): takeForeign(.at)
    case UInt8(ascii: "$"): takeForeign(.dollar)
    case UInt8(ascii: "`"): takeForeign(.backtick)
    default: lexOperator(byte)
    }
  }

  private mutating func failAtByte(_ kind: LexicalProblem.Kind) {
    position += 1
    fail(kind, from: position - 1)
  }

  private mutating func lexNewlines() {
    let start = position
    while position < end {
      switch bytes[position] {
      case ASCII.newline, ASCII.carriageReturn, ASCII.tab, UInt8(ascii: " "): position += 1
      default:
        add(.newline, from: start)
        sawSpace = true
        return
      }
    }
    add(.newline, from: start)
    sawSpace = true
  }

  // MARK: Brackets

  private mutating func lexOpener(_ kind: TokenKind, _ opener: Opener.Kind) {
    push(opener, token: list.tokens.count)
    take(kind, 1)
  }

  mutating func push(_ kind: Opener.Kind, token: Int) {
    open.append(Opener(kind: kind, token: Int32(token)))
    if kind == .brace || kind == .slot { openBraces += 1 }
  }

  private mutating func lexCloser(_ kind: TokenKind, _ opener: Opener.Kind) {
    guard let last = open.last, last.kind == opener else { return take(kind, 1) }
    open.removeLast()
    list.tokens[Int(last.token)].payload = Int32(list.tokens.count)
    take(kind, 1, payload: last.token)
  }

  /// `}` ends the innermost block or slot, whatever was left open inside.
  private mutating func lexRightBrace() {
    guard openBraces > 0, let place = open.lastIndex(where: { $0.kind == .brace || $0.kind == .slot }) else {
      return take(.rightBrace, 1)
    }
    let opener = open[place]
    open.removeSubrange(place...)
    openBraces -= 1
    if opener.kind == .slot { return lexString(from: position, isContinued: true, colon: opener.colon) }
    list.tokens[Int(opener.token)].payload = Int32(list.tokens.count)
    take(.rightBrace, 1, payload: opener.token)
  }

  // MARK: Operators

  private mutating func lexColon() {
    if peek(1) == UInt8(ascii: "=") { return takeForeign(.colonEqual) }
    guard let last = open.last, last.kind == .slot else { return take(.colon, 1) }
    if lexFormat() { return }
    open[open.count - 1].colon = Int32(position)
    take(.colon, 1)
  }

  /// `'` directly after an operand; elsewhere somebody's quotation mark.
  private mutating func lexApostrophe() {
    if !sawSpace, let last = list.tokens.last, last.endsOperand { return take(.transpose, 1) }
    let start = position
    position += 1
    while position < end, bytes[position] != ASCII.newline {
      position += 1
      if bytes[position - 1] == UInt8(ascii: "'") { return fail(.singleQuoted, from: start) }
    }
    position = start + 1
    fail(.loneApostrophe, from: start)
  }

  private mutating func lexOperator(_ byte: UInt8) {
    let next = peek(1)
    let isAssigning = next == UInt8(ascii: "=")
    switch byte {
    case UInt8(ascii: "+"): isAssigning ? takeAssignment(.add) : takeOperator(.add, 1)
    case UInt8(ascii: "-"):
      if next == UInt8(ascii: ">") { return take(.arrow, 2) }
      isAssigning ? takeAssignment(.subtract) : takeOperator(.subtract, 1)
    case UInt8(ascii: "*"):
      if next == UInt8(ascii: "*") { return takeForeign(.starStar) }
      isAssigning ? takeAssignment(.multiply) : takeOperator(.multiply, 1)
    case UInt8(ascii: "/"):
      if next == UInt8(ascii: "/") { return takeForeign(.slashSlash) }
      isAssigning ? takeAssignment(.divide) : takeOperator(.divide, 1)
    case ASCII.backslash: takeOperator(.leftDivide, 1)
    case UInt8(ascii: "^"): isAssigning ? takeForeign(.powerAssign) : takeOperator(.power, 1)
    case UInt8(ascii: "%"): takeForeign(isAssigning ? .percentAssign : .percent)
    case ASCII.dot: lexDot(next)
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"): lexComparison(byte, next)
    case UInt8(ascii: "&"): next == byte ? takeOperator(.and, 2) : takeForeign(.ampersand)
    case UInt8(ascii: "|"):
      if next == UInt8(ascii: ">") { return takeForeign(.pipeInto) }
      next == byte ? takeOperator(.or, 2) : takeForeign(.pipe)
    default: failAtByte(.invisible(Unicode.Scalar(byte)))
    }
  }

  private mutating func takeAssignment(_ operation: BinaryOperator) {
    take(.compoundAssign, 2, detail: operation.rawValue)
  }

  private mutating func lexComparison(_ byte: UInt8, _ next: UInt8) {
    let isDouble = next == UInt8(ascii: "=")
    switch byte {
    case UInt8(ascii: "="):
      if isDouble { return peek(2) == next ? takeForeign(.tripleEqual) : takeOperator(.equal, 2) }
      if next == UInt8(ascii: "<") { return takeForeign(.equalLess) }
      next == UInt8(ascii: ">") ? takeForeign(.fatArrow) : take(.assign, 1)
    case UInt8(ascii: "!"):
      guard isDouble else { return take(.not, 1) }
      peek(2) == next ? takeForeign(.notDoubleEqual) : takeOperator(.notEqual, 2)
    case UInt8(ascii: "<"):
      if next == UInt8(ascii: ">") { return takeForeign(.lessGreater) }
      if next == byte { return takeForeign(.shiftLeft) }
      isDouble ? takeOperator(.lessEqual, 2) : takeOperator(.less, 1)
    default:
      if next == byte { return takeForeign(.shiftRight) }
      isDouble ? takeOperator(.greaterEqual, 2) : takeOperator(.greater, 1)
    }
  }

  private mutating func lexDot(_ next: UInt8) {
    let assigns = peek(2) == UInt8(ascii: "=")
    switch next {
    case UInt8(ascii: "*"):
      if peek(2) == next { return takeForeign(.dotStarStar) }
      assigns ? takeForeign(.elementMultiplyAssign) : takeOperator(.elementMultiply, 2)
    case UInt8(ascii: "/"): assigns ? takeForeign(.elementDivideAssign) : takeOperator(.elementDivide, 2)
    case UInt8(ascii: "^"): takeOperator(.elementPower, 2)
    case ASCII.backslash: takeForeign(.dotBackslash)
    case UInt8(ascii: "'"): take(.transpose, 2)
    case ASCII.dot: peek(2) == next ? takeForeign(.ellipsis) : take(.dot, 1)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="),
      UInt8(ascii: "!"), UInt8(ascii: "("):
      takeForeign(.broadcastDot)
    default: take(.dot, 1)
    }
  }
}

extension Token {
  /// Whether `'` directly behind it is a transpose.
  var endsOperand: Bool {
    switch kind {
    case .name, .number, .string, .stringEnd, .rightParenthesis, .rightBracket, .transpose: true
    case .keyword: detail == Keyword.end.rawValue
    default: false
    }
  }
}
