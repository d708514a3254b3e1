/// Statements that begin with an expression: assignments, and values to be shown.
extension Parser {
  mutating func parseAssignment() throws(Diagnostic) -> NodeID {
    let start = token.start
    if let diagnostic = prefixIncrement() { throw diagnostic }
    if isDiscard, nextToken.kind == .comma { return try parseMultiAssignment(first: nil, from: start) }
    let first = try parseExpression()
    switch kind {
    case .assign:
      try checkTarget(first)
      advanceOverLine()
      let value = try kind == .question ? parseHole() : parseExpression()
      return output.make.assign(first, value, at: range(from: start))
    case .compoundAssign:
      try checkTarget(first)
      let operation = BinaryOperator(rawValue: token.detail) ?? .add
      advanceOverLine()
      let value = try parseExpression()
      return output.make.compoundAssign(operation, first, value, at: range(from: start))
    case .comma:
      return try parseMultiAssignment(first: first, from: start)
    default:
      return output.make.expression(first, at: range(from: start))
    }
  }

  /// `m, n = size(A)`, of which the first target was read already; nil for a `_` that stands here.
  mutating func parseMultiAssignment(first: NodeID?, from start: Int32) throws(Diagnostic) -> NodeID {
    var targets: [NodeID] = []
    if let first {
      guard isTarget(first) else { throw unexpectedToken(after: first) }
      targets.append(first)
    } else {
      targets.append(try parseTarget())
    }
    let comma = position
    while kind == .comma {
      advanceOverLine()
      targets.append(try parseTarget())
    }
    guard kind == .assign else { throw expectedAssignment(afterCommaAt: comma) }
    advanceOverLine()
    let value = try parseExpression()
    return output.make.multiAssign(targets, value, at: range(from: start))
  }

  /// A place for one of several results; `_` where it is not wanted.
  mutating func parseTarget() throws(Diagnostic) -> NodeID {
    if isDiscard {
      let range = token.range
      advance()
      return output.make.discard(at: range)
    }
    return try parsePlace()
  }

  /// A name, or an element or field of one.
  mutating func parsePlace() throws(Diagnostic) -> NodeID {
    let place = try parsePostfix()
    try checkTarget(place)
    return place
  }

  mutating func parseHole() throws(Diagnostic) -> NodeID {
    let range = token.range
    advance()
    return output.make.hole(at: range)
  }

  /// Whether a lone `_` stands here.
  var isDiscard: Bool {
    kind == .name && token.end - token.start == 1 && source.bytes[Int(token.start)] == ASCII.underscore
  }

  private func checkTarget(_ node: NodeID) throws(Diagnostic) {
    if !isTarget(node) { throw notAssignable(node) }
  }

  /// Whether a value can be assigned there: a name with any subscripts and fields behind it.
  func isTarget(_ node: NodeID) -> Bool {
    var next = node
    while true {
      if output.make.tree.isParenthesized(next) { return false }
      switch output.make.tree.kind(next) {
      case .name: return true
      case .index, .field: next = output.make.tree.child(next, 0)
      default: return false
      }
    }
  }
}
