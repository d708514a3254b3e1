/// Operands: what stands between operators, and what hangs behind them.
extension Parser {
  mutating func parsePostfix() throws(Diagnostic) -> NodeID {
    let start = token.start
    var operand = try parsePrimary()
    var length = 0
    while hangsOn {
      length += 1
      if length > limits.nesting { throw tooDeep() }
      switch kind {
      case .leftParenthesis: operand = try parseCall(of: operand, from: start)
      case .leftBracket: operand = try parseIndex(of: operand, from: start)
      case .dot: operand = try parseField(of: operand, from: start)
      case .transpose:
        advance()
        operand = make.transpose(operand, at: range(from: start))
      default: return operand
      }
    }
    return operand
  }

  /// Whether this token belongs to the operand before it; directly inside a matrix it must touch it.
  private var hangsOn: Bool { mode != .matrix || !token.spaceBefore }

  mutating func parseCall(of callee: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    if make.tree.kind(callee) == .number, !make.tree.isParenthesized(callee) {
      throw missingProduct(after: callee)
    }
    let opener = position
    let arguments = try within(.grouped) { (parser) throws(Diagnostic) in
      parser.advance()
      var arguments: [NodeID] = []
      while parser.kind != .rightParenthesis {
        arguments.append(try parser.parseArgument())
        guard parser.kind == .comma else { break }
        parser.advance()
      }
      guard parser.kind == .rightParenthesis else { throw parser.expectedCloser(of: opener) }
      return arguments
    }
    advance()
    return make.call(callee, arguments, at: range(from: start))
  }

  mutating func parseArgument() throws(Diagnostic) -> NodeID {
    let first = token
    guard first.kind == .name, nextToken.kind == .assign else {
      let value = try parseExpression()
      if kind == .assign { throw assignmentInExpression() }
      return make.argument(value, nil, at: make.tree.range(value))
    }
    advance()
    advance()
    let value = try parseExpression()
    return make.argument(value, NameID(first.payload), at: range(from: first.start))
  }

  mutating func parseIndex(of base: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    let opener = position
    openSubscripts += 1
    let subscripts = try within(.grouped) { (parser) throws(Diagnostic) in
      parser.advance()
      var subscripts = [try parser.parseSubscript()]
      while parser.kind == .comma {
        parser.advance()
        subscripts.append(try parser.parseSubscript())
      }
      guard parser.kind == .rightBracket else { throw parser.expectedCloser(of: opener) }
      return subscripts
    }
    openSubscripts -= 1
    advance()
    return make.index(base, subscripts, at: range(from: start))
  }

  mutating func parseSubscript() throws(Diagnostic) -> NodeID {
    if kind == .rightBracket { throw missingSubscript() }
    guard kind == .colon,
      nextToken.kind == .comma || nextToken.kind == .rightBracket || nextToken.kind == .newline
    else { return try parseExpression() }
    let range = token.range
    advance()
    return make.colon(at: range)
  }

  mutating func parseField(of base: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    advance()
    let name: NameID
    switch kind {
    case .name: name = NameID(token.payload)
    case .keyword: name = make.intern(source.text(token.range))
    default: throw expectedName("a field's name")
    }
    advance()
    return make.field(base, name, at: range(from: start))
  }

  mutating func parsePrimary() throws(Diagnostic) -> NodeID {
    let token = token
    switch token.kind {
    case .number:
      advance()
      return makeNumber(token)
    case .name:
      if isDiscard { throw discardAsValue() }
      advance()
      return make.name(NameID(token.payload), at: token.range)
    case .string, .stringStart: return try parseString()
    case .leftParenthesis: return try parseGroup()
    case .leftBracket: return try parseMatrix()
    case .keyword where token.detail == Keyword.end.rawValue && openSubscripts > 0:
      advance()
      return make.end(at: token.range)
    default: throw expectedExpression()
    }
  }

  private mutating func makeNumber(_ token: Token) -> NodeID {
    let value = list.numbers[Int(token.payload)]
    let node = make.number(value, at: token.range)
    let written = source.bytes[Int(token.start)..<Int(token.end)]
    let isPlain =
      written.count < 16 && written.allSatisfy(ASCII.isDigit) && (written.count == 1 || written.first != 0x30)
    if !isPlain { make.spell(node, as: String(decoding: written, as: UTF8.self)) }
    return node
  }

  mutating func parseGroup() throws(Diagnostic) -> NodeID {
    let opener = position
    let inner = try within(.grouped) { (parser) throws(Diagnostic) in
      parser.advance()
      if parser.kind == .rightParenthesis { throw parser.emptyGroup(opener) }
      let inner = try parser.parseExpression()
      guard parser.kind == .rightParenthesis else { throw parser.expectedCloser(of: opener) }
      return inner
    }
    advance()
    make.parenthesize(inner, at: range(from: list.tokens[opener].start))
    return inner
  }

  mutating func parseMatrix() throws(Diagnostic) -> NodeID {
    let opener = position
    let rows = try within(.matrix) { (parser) throws(Diagnostic) in
      parser.advance()
      var rows: [NodeID] = []
      while true {
        while parser.kind == .newline || parser.kind == .semicolon { parser.advance() }
        if parser.kind == .rightBracket { return rows }
        rows.append(try parser.parseRow(opener))
      }
    }
    advance()
    return make.matrix(rows, at: range(from: list.tokens[opener].start))
  }

  /// Elements up to what ends the row.
  mutating func parseRow(_ opener: Int) throws(Diagnostic) -> NodeID {
    let start = token.start
    var elements = [try parseElement(opener)]
    while true {
      switch kind {
      case .newline, .semicolon, .rightBracket:
        return make.matrixRow(elements, at: range(from: start))
      case .comma:
        advanceOverLine()
        if kind == .rightBracket || kind == .semicolon { continue }
      default: break
      }
      elements.append(try parseElement(opener))
    }
  }

  mutating func parseElement(_ opener: Int) throws(Diagnostic) -> NodeID {
    guard beginsElement else { throw expectedElement(opener) }
    return try parseExpression()
  }

  private var beginsElement: Bool {
    switch kind {
    case .number, .name, .string, .stringStart, .leftParenthesis, .leftBracket, .not: return true
    case .binaryOperator: return prefixOperator != nil
    case .keyword: return isKeyword(.end) && openSubscripts > 0
    default: return false
    }
  }

  /// A string, with the slots in it.
  mutating func parseString() throws(Diagnostic) -> NodeID {
    let start = token
    guard start.kind == .stringStart else {
      advance()
      return make.string(list.strings[Int(start.payload)], at: start.range)
    }
    return try nested { (parser) throws(Diagnostic) in
      let parts = try parser.within(.grouped) { (parser) throws(Diagnostic) in try parser.parseParts(start) }
      parser.advance()
      return parser.make.interpolation(parts, at: parser.range(from: start.start))
    }
  }

  /// The texts and slots up to the string's end, which is left standing.
  private mutating func parseParts(_ start: Token) throws(Diagnostic) -> [NodeID] {
    var parts: [NodeID] = []
    while true {
      let text = list.strings[Int(token.payload)]
      if !text.isEmpty { parts.append(make.string(text, at: token.range)) }
      if kind == .stringEnd { return parts }
      advance()
      parts.append(try parseSlot(start))
    }
  }

  mutating func parseSlot(_ string: Token) throws(Diagnostic) -> NodeID {
    if kind == .stringMiddle || kind == .stringEnd { throw emptySlot() }
    let value = try parseExpression()
    var format = FormatSpec.plain
    if kind == .format {
      format = list.formats[Int(token.payload)]
      advance()
    }
    guard kind == .stringMiddle || kind == .stringEnd else { throw expectedSlotEnd(string) }
    return make.slot(value, format: format, at: make.tree.range(value))
  }
}
