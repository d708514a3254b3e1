/// Operators, one function a level, low to high.
extension Parser {
  mutating func parseExpression() throws(Diagnostic) -> NodeID {
    try descend()
    defer { depth -= 1 }
    return try beginsLambda ? parseLambda() : parseDisjunction()
  }

  /// `x ->` or `(x, y) ->`.
  private var beginsLambda: Bool {
    switch kind {
    case .name: return nextToken.kind == .arrow
    case .leftParenthesis:
      let closer = Int(token.payload)
      return closer >= 0 && input.tokens[closer + 1].kind == .arrow
    default: return false
    }
  }

  mutating func parseLambda() throws(Diagnostic) -> NodeID {
    let start = token.start
    let parameters = try kind == .name ? [readLambdaParameter()] : parseParameters()
    advanceOverLine()
    if kind == .leftBrace {
      throw error("the body of a function with `->` is one expression", at: token.range)
        .hinting("statements stand in a function of its own: fn f(x) { … return y }")
    }
    let body = try parseExpression()
    return output.make.lambda(parameters, body, at: range(from: start))
  }

  private mutating func readLambdaParameter() throws(Diagnostic) -> NodeID {
    let name = token
    advance()
    return output.make.parameter(NameID(name.payload), default: nil, at: name.range)
  }

  mutating func parseDisjunction() throws(Diagnostic) -> NodeID {
    var left = try parseConjunction()
    while let operation = joiningOperator(.or) {
      let offset = passOperator()
      left = output.make.binary(operation, left, try parseConjunction(), operatorAt: offset)
    }
    return left
  }

  mutating func parseConjunction() throws(Diagnostic) -> NodeID {
    var left = try parseComparison()
    while let operation = joiningOperator(.and) {
      let offset = passOperator()
      left = output.make.binary(operation, left, try parseComparison(), operatorAt: offset)
    }
    return left
  }

  mutating func parseComparison() throws(Diagnostic) -> NodeID {
    let left = try parseRange()
    guard let operation = joiningOperator(.comparison) else { return left }
    let offset = passOperator()
    let comparison = output.make.binary(operation, left, try parseRange(), operatorAt: offset)
    if joiningOperator(.comparison) != nil { throw chainedComparison(comparison) }
    return comparison
  }

  mutating func parseRange() throws(Diagnostic) -> NodeID {
    let start = try parseSum()
    guard kind == .colon, !endsHead else { return start }
    advanceOverLine()
    let second = try parseSum()
    guard kind == .colon, !endsHead else { return output.make.range(start, second) }
    advanceOverLine()
    return output.make.range(start, step: second, try parseSum())
  }

  mutating func parseSum() throws(Diagnostic) -> NodeID {
    var left = try parseTerm()
    while let operation = joiningOperator(.sum) {
      if isIncrement { throw increment() }
      let offset = passOperator()
      left = output.make.binary(operation, left, try parseTerm(), operatorAt: offset)
    }
    return left
  }

  mutating func parseTerm() throws(Diagnostic) -> NodeID {
    var left = try parseUnary()
    while let operation = joiningOperator(.product) {
      let offset = passOperator()
      left = output.make.binary(operation, left, try parseUnary(), operatorAt: offset)
    }
    return left
  }

  mutating func parseUnary() throws(Diagnostic) -> NodeID {
    guard let operation = prefixOperator else { return try parsePower() }
    let start = try passPrefix()
    defer { depth -= 1 }
    let operand = try parseUnary()
    return output.make.unary(operation, operand, at: SourceRange(start, output.make.tree.range(operand).end))
  }

  mutating func parsePower() throws(Diagnostic) -> NodeID {
    let base = try parsePostfix()
    guard let operation = joiningOperator(.power) else { return base }
    let offset = passOperator()
    try descend()
    defer { depth -= 1 }
    let exponent = try parseExponent()
    return output.make.binary(operation, base, exponent, operatorAt: offset)
  }

  mutating func parseExponent() throws(Diagnostic) -> NodeID {
    guard let operation = prefixOperator else { return try parsePower() }
    let start = try passPrefix()
    defer { depth -= 1 }
    let operand = try parseExponent()
    return output.make.unary(operation, operand, at: SourceRange(start, output.make.tree.range(operand).end))
  }

  /// Passes a sign or `!` and goes one level deeper.
  private mutating func passPrefix() throws(Diagnostic) -> Int32 {
    try descend()
    let start = token.start
    advanceOverLine()
    return start
  }

  /// The sign or `!` that stands here.
  var prefixOperator: UnaryOperator? {
    let token = token
    if token.kind == .not { return .not }
    guard token.kind == .binaryOperator else { return nil }
    if token.detail == BinaryOperator.subtract.rawValue { return .minus }
    return token.detail == BinaryOperator.add.rawValue ? .plus : nil
  }

  /// The operator here, if it is of this level and joins what stands before it to what follows.
  func joiningOperator(_ level: Precedence) -> BinaryOperator? {
    let token = token
    guard token.kind == .binaryOperator, let operation = BinaryOperator(rawValue: token.detail),
      operation.precedence == level
    else { return nil }
    return level == .sum && separatesElements ? nil : operation
  }

  private mutating func passOperator() -> Int32 {
    let offset = token.start
    advanceOverLine()
    return offset
  }

  /// Directly inside a matrix: blank space before this token and none behind it, so that a sign begins an element.
  private var separatesElements: Bool {
    mode == .matrix && token.spaceBefore && !nextToken.spaceBefore && nextToken.kind != .newline
  }
}
