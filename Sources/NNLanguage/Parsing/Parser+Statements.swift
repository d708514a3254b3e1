/// Statements and what holds them together.
extension Parser {
  /// The whole source.
  mutating func parseProgram() throws(Diagnostic) -> NodeID {
    let statements = try parseStatements(in: nil)
    return output.make.block(statements, at: SourceRange(0, token.end))
  }

  /// Statements up to the end of the input, or up to the `}` of the block opened by token `opener`.
  ///
  /// A wrong statement is noted and passed, so that one run reports several errors.
  mutating func parseStatements(in opener: Int?) throws(Diagnostic) -> [NodeID] {
    var statements: [NodeID] = []
    while true {
      parseSeparators()
      if kind == .endOfInput || opener != nil && kind == .rightBrace { return statements }
      let start = position
      let outerDepth = depth
      do throws(Diagnostic) {
        statementStart = position
        let statement = try parseStatement()
        try endStatement(statement)
        if opener == nil, kind != .semicolon, output.make.tree.kind(statement).canEcho {
          output.make.setEcho(statement, true)
        }
        statements.append(statement)
      } catch {
        depth = outerDepth
        if !isRemainder(start) { try note(error) }
        recover(from: start)
      }
    }
  }

  mutating func parseSeparators() {
    while kind == .newline || kind == .semicolon { position += 1 }
  }

  /// After a statement stands a line break, a `;` or what ends the block.
  private mutating func endStatement(_ statement: NodeID) throws(Diagnostic) {
    switch kind {
    case .newline, .semicolon, .endOfInput: return
    case .rightBrace where token.payload >= 0: return
    default: throw unexpectedToken(after: statement)
    }
  }

  /// Whether the statement is what remains of one whose block was missing.
  private func isRemainder(_ start: Int) -> Bool {
    output.lacksBlock && !output.isStopped && (isKeyword(.end, at: start) || isKeyword(.else, at: start))
  }

  /// Keeps an error, and stops where more of them would help nobody.
  private mutating func note(_ error: Diagnostic) throws(Diagnostic) {
    if output.isStopped { throw error }
    output.diagnostics.append(error)
    output.isStopped =
      output.isStopped || output.expected != nil || output.diagnostics.count >= Parser.errorLimit
    if output.isStopped { throw error }
  }

  /// Goes to the end of the statement that began at token `start` and went wrong here: past brackets that are
  /// closed, to the first line break behind the error.
  private mutating func recover(from start: Int) {
    mode = .statement
    openSubscripts = 0
    let failure = position
    position = start
    while kind != .endOfInput {
      let isPast = position >= failure
      if isPast, kind == .newline { return }
      if kind == .rightBrace, token.payload >= 0, token.payload < start { return }
      let partner = Int(token.payload)
      switch kind {
      case .leftParenthesis, .leftBracket, .leftBrace: position = max(partner, position) + 1
      default: position += 1
      }
    }
  }

  mutating func parseStatement() throws(Diagnostic) -> NodeID {
    guard kind == .keyword, let keyword = Keyword(rawValue: token.detail) else {
      return try parseAssignment()
    }
    switch keyword {
    case .if: return try parseIf()
    case .while: return try parseWhile()
    case .for: return try parseFor()
    case .repeat: return try parseRepeat()
    case .break: return parseBreak()
    case .continue: return parseContinue()
    case .return: return try parseReturn()
    case .fn: return try parseFunction()
    case .param: return try parseParam()
    case .include: return try parseInclude()
    case .else, .in, .end: throw misplaced(keyword)
    }
  }

  mutating func parseBlock() throws(Diagnostic) -> NodeID {
    let head = position
    skipNewlines()
    guard kind == .leftBrace else {
      if kind != .endOfInput { position = head }
      throw expectedBlock()
    }
    let opener = position
    let outerStatement = statementStart
    try descend()
    defer { depth -= 1 }
    advance()
    let statements = try parseStatements(in: opener)
    statementStart = outerStatement
    guard kind == .rightBrace else { throw unclosed(opener) }
    advance()
    return output.make.block(statements, at: range(from: input.tokens[opener].start))
  }

  mutating func parseIf() throws(Diagnostic) -> NodeID {
    let start = token.start
    var branches: [NodeID] = []
    while true {
      advanceOverLine()
      branches.append(try parseCondition())
      branches.append(try parseBlock())
      guard passElse() else { break }
      if isKeyword(.if) { continue }
      branches.append(try parseBlock())
      break
    }
    return output.make.if(branches, at: range(from: start))
  }

  /// Passes an `else`, which may stand on a line of its own below the `}`.
  private mutating func passElse() -> Bool {
    let end = position
    skipNewlines()
    guard isKeyword(.else) else {
      position = end
      return false
    }
    advance()
    return true
  }

  /// The expression that an `if` or `while` asks.
  mutating func parseCondition() throws(Diagnostic) -> NodeID {
    let condition = try parseExpression()
    if kind == .assign { throw assignmentInCondition() }
    return condition
  }

  mutating func parseWhile() throws(Diagnostic) -> NodeID {
    let start = token.start
    advanceOverLine()
    let condition = try parseCondition()
    let body = try parseBlock()
    return output.make.while(condition, body, at: range(from: start))
  }

  mutating func parseFor() throws(Diagnostic) -> NodeID {
    let start = token.start
    advance()
    guard kind == .name else { throw expectedLoopVariable() }
    let variable = NameID(token.payload)
    advance()
    guard isKeyword(.in) else { throw expectedIn() }
    advanceOverLine()
    let iterable = try parseExpression()
    let body = try parseBlock()
    return output.make.for(variable, in: iterable, body, at: range(from: start))
  }

  mutating func parseRepeat() throws(Diagnostic) -> NodeID {
    let start = token.start
    advanceOverLine()
    let count = try parseExpression()
    let body = try parseBlock()
    return output.make.repeat(count, body, at: range(from: start))
  }

  mutating func parseBreak() -> NodeID {
    let range = token.range
    advance()
    return output.make.break(at: range)
  }

  mutating func parseContinue() -> NodeID {
    let range = token.range
    advance()
    return output.make.continue(at: range)
  }

  mutating func parseReturn() throws(Diagnostic) -> NodeID {
    let start = token.start
    advance()
    var values: [NodeID] = []
    if !endsStatement {
      values.append(try parseExpression())
      while kind == .comma {
        advanceOverLine()
        values.append(try parseExpression())
      }
    }
    return output.make.return(values, at: range(from: start))
  }

  private var endsStatement: Bool {
    kind == .newline || kind == .semicolon || kind == .endOfInput || kind == .rightBrace
  }

  mutating func parseFunction() throws(Diagnostic) -> NodeID {
    let start = token.start
    advance()
    guard kind == .name else { throw expectedName("the function's name") }
    let name = NameID(token.payload)
    advance()
    guard kind == .leftParenthesis else { throw expectedParameters() }
    let parameters = try parseParameters()
    let body = try parseFunctionBody()
    return output.make.function(name, parameters, body, at: range(from: start))
  }

  /// `= expression`, or a block.
  mutating func parseFunctionBody() throws(Diagnostic) -> NodeID {
    guard kind == .assign else { return try parseBlock() }
    advanceOverLine()
    return try parseExpression()
  }

  mutating func parseParameters() throws(Diagnostic) -> [NodeID] {
    let opener = position
    let outer = enter(.grouped)
    defer { mode = outer }
    advance()
    var parameters: [NodeID] = []
    while kind != .rightParenthesis {
      if kind == .endOfInput { throw unclosed(opener) }
      parameters.append(try parseParameter())
      guard kind == .comma else { break }
      advance()
    }
    try leave(opener, to: outer)
    return parameters
  }

  mutating func parseParameter() throws(Diagnostic) -> NodeID {
    guard kind == .name else { throw expectedName("a parameter's name") }
    let name = token
    advance()
    guard kind == .assign else {
      return output.make.parameter(NameID(name.payload), default: nil, at: name.range)
    }
    advance()
    let value = try parseExpression()
    return output.make.parameter(NameID(name.payload), default: value, at: range(from: name.start))
  }

  mutating func parseParam() throws(Diagnostic) -> NodeID {
    let start = token.start
    advance()
    guard kind == .name else { throw expectedName("the param's name") }
    let name = NameID(token.payload)
    advance()
    guard kind == .assign else { return output.make.param(name, nil, at: range(from: start)) }
    advanceOverLine()
    let value = try parseExpression()
    return output.make.param(name, value, at: range(from: start))
  }

  mutating func parseInclude() throws(Diagnostic) -> NodeID {
    let start = token.start
    advance()
    guard kind == .string else { throw expectedPath() }
    let path = input.list.strings[Int(token.payload)]
    advance()
    return output.make.include(path, at: range(from: start))
  }
}
