/// Operands: what stands between operators, and what hangs behind them.
extension Parser {
  mutating func parsePostfix() throws(Diagnostic) -> NodeID {
    let start = token.start
    var operand = try parsePrimary()
    var length = 0
    while hangsOn {
      length += 1
      if length > input.limits.nesting { throw tooDeep() }
      switch kind {
      case .leftParenthesis: operand = try parseCall(of: operand, from: start)
      case .leftBracket: operand = try parseIndex(of: operand, from: start)
      case .dot: operand = try parseField(of: operand, from: start)
      case .transpose:
        advance()
        operand = output.make.transpose(operand, at: range(from: start))
      default: return operand
      }
    }
    return operand
  }

  /// Whether this token belongs to the operand before it; directly inside a matrix it must touch it.
  private var hangsOn: Bool { mode != .matrix || !token.spaceBefore }

  mutating func parseCall(of callee: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    if output.make.tree.kind(callee) == .number, !output.make.tree.isParenthesized(callee) {
      throw missingProduct(after: callee)
    }
    let opener = position
    let outer = enter(.grouped)
    defer { mode = outer }
    advance()
    var arguments: [NodeID] = []
    while kind != .rightParenthesis {
      arguments.append(try parseArgument())
      guard kind == .comma else { break }
      advance()
    }
    try leave(opener, to: outer)
    return output.make.call(callee, arguments, at: range(from: start))
  }

  /// Passes the closing bracket of `opener`, behind which line breaks mean what they mean outside.
  mutating func leave(_ opener: Int, to outer: Mode) throws(Diagnostic) {
    let isParenthesis = input.tokens[opener].kind == .leftParenthesis
    guard kind == (isParenthesis ? .rightParenthesis : .rightBracket) else {
      throw expectedCloser(of: opener)
    }
    mode = outer
    advance()
  }

  mutating func parseArgument() throws(Diagnostic) -> NodeID {
    let first = token
    guard first.kind == .name, nextToken.kind == .assign else {
      let value = try parseExpression()
      if kind == .assign { throw assignmentInExpression() }
      return output.make.argument(value, nil, at: output.make.tree.range(value))
    }
    advance()
    advance()
    let value = try parseExpression()
    return output.make.argument(value, NameID(first.payload), at: range(from: first.start))
  }

  mutating func parseIndex(of base: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    let opener = position
    openSubscripts += 1
    let outer = enter(.grouped)
    defer { mode = outer }
    advance()
    var subscripts = [try parseSubscript()]
    while kind == .comma {
      advance()
      subscripts.append(try parseSubscript())
    }
    openSubscripts -= 1
    try leave(opener, to: outer)
    return output.make.index(base, subscripts, at: range(from: start))
  }

  mutating func parseSubscript() throws(Diagnostic) -> NodeID {
    if kind == .rightBracket { throw missingSubscript() }
    guard kind == .colon,
      nextToken.kind == .comma || nextToken.kind == .rightBracket || nextToken.kind == .newline
    else {
      if kind == .colon { throw rangeWithoutStart() }
      return try parseExpression()
    }
    let range = token.range
    advance()
    return output.make.colon(at: range)
  }

  mutating func parseField(of base: NodeID, from start: Int32) throws(Diagnostic) -> NodeID {
    advance()
    guard kind == .name else { throw dottedRange() ?? expectedName("a field's name") }
    let name = NameID(token.payload)
    advance()
    return output.make.field(base, name, at: range(from: start))
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
      return output.make.name(NameID(token.payload), at: token.range)
    case .string, .stringStart: return try parseString()
    case .leftParenthesis: return try parseGroup()
    case .leftBracket: return try parseMatrix()
    case .keyword where token.detail == Keyword.end.rawValue && openSubscripts > 0: return parseEnd()
    default: throw expectedExpression()
    }
  }

  mutating func parseEnd() -> NodeID {
    let range = token.range
    advance()
    return output.make.end(at: range)
  }

  private mutating func makeNumber(_ token: Token) -> NodeID {
    let value = input.list.numbers[Int(token.payload)]
    let node = output.make.number(value, at: token.range)
    var written = source.bytes[Int(token.start)..<Int(token.end)]
    if written.last == ASCII.dot { written.removeLast() }
    let isPlain =
      written.count < 16 && written.allSatisfy(ASCII.isDigit) && (written.count == 1 || written.first != 0x30)
    if !isPlain { output.make.spell(node, as: String(decoding: written, as: UTF8.self)) }
    return node
  }

  mutating func parseGroup() throws(Diagnostic) -> NodeID {
    let opener = position
    let outer = enter(.grouped)
    defer { mode = outer }
    advance()
    if kind == .rightParenthesis { throw emptyGroup(opener) }
    let inner = try parseExpression()
    try leave(opener, to: outer)
    output.make.parenthesize(inner, at: range(from: input.tokens[opener].start))
    return inner
  }

  mutating func parseMatrix() throws(Diagnostic) -> NodeID {
    let opener = position
    let outer = enter(.matrix)
    defer { mode = outer }
    advance()
    var rows: [NodeID] = []
    parseRowBreaks()
    while kind != .rightBracket {
      rows.append(try parseRow(opener))
      parseRowBreaks()
    }
    try leave(opener, to: outer)
    return output.make.matrix(rows, at: range(from: input.tokens[opener].start))
  }

  mutating func parseRowBreaks() {
    while kind == .newline || kind == .semicolon { position += 1 }
  }

  /// Elements up to what ends the row.
  mutating func parseRow(_ opener: Int) throws(Diagnostic) -> NodeID {
    let start = token.start
    var elements = [try parseElement(opener)]
    while true {
      switch kind {
      case .newline, .semicolon, .rightBracket:
        return output.make.matrixRow(elements, at: range(from: start))
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
      return output.make.string(input.list.strings[Int(start.payload)], at: start.range)
    }
    let outer = enter(.grouped)
    defer { mode = outer }
    let parts = try readParts(start)
    mode = outer
    advance()
    return output.make.interpolation(parts, at: range(from: start.start))
  }

  /// The texts and slots up to the string's end, which is left standing.
  private mutating func readParts(_ start: Token) throws(Diagnostic) -> [NodeID] {
    var parts: [NodeID] = []
    while true {
      let text = input.list.strings[Int(token.payload)]
      if !text.isEmpty { parts.append(output.make.string(text, at: token.range)) }
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
      format = input.list.formats[Int(token.payload)]
      advance()
    }
    guard kind == .stringMiddle || kind == .stringEnd else { throw expectedSlotEnd(string) }
    return output.make.slot(value, format: format, at: output.make.tree.range(value))
  }
}
