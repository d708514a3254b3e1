extension Printer {
  /// An expression, in parentheses where they are needed or were written.
  func pieces(_ node: NodeID, _ context: Context) -> [Piece] {
    let isOpenRange = context.isInSlot && tree.kind(node) == .range
    if tree.isParenthesized(node) || precedence(node) < context.minimum || isOpenRange {
      return [.text("(")] + bare(node, Context()) + [.text(")")]
    }
    return bare(node, context)
  }

  /// How tightly the node itself binds.
  private func precedence(_ node: NodeID) -> Precedence {
    switch tree.expression(node) {
    case .lambda: .lambda
    case .binary(let operation, _, _): operation.precedence
    case .range: .range
    case .unary: .unary
    default: .postfix
    }
  }

  private func bare(_ node: NodeID, _ context: Context) -> [Piece] {
    switch tree.expression(node) {
    case .number(let value): [.text(tree.spellings[node] ?? value.sourceText)]
    case .string(let text): [.text("\"" + text.escapedForSource + "\"")]
    case .interpolation(let parts): [.text("\"")] + parts.flatMap(part) + [.text("\"")]
    case .name(let name): [.text(tree.name(name))]
    case .unary(let operation, let operand):
      [.text(operation.spelling), .expression(operand, context.needing(.unary))]
    case .binary(let operation, let left, let right):
      operation.row.associativity == .left
        ? chain(node, context) : pair(operation, left, right, context)
    case .transpose(let operand): [.expression(operand, Context(minimum: .postfix)), .text("'")]
    case .range(let start, let step, let stop): range([start] + (step.map { [$0] } ?? []) + [stop], context)
    case .matrix(let rows): [.text("[")] + joined(rows, "; ", row) + [.text("]")]
    case .call(let callee, let arguments):
      base(callee, ifNot: .number) + [.text("(")] + joined(arguments, ", ", argument) + [.text(")")]
    case .index(let base, let subscripts):
      [.expression(base, Context(minimum: .postfix)), .text("[")] + joined(subscripts, ", ", plain) + [
        .text("]")
      ]
    case .field(let base, let name): self.base(base, ifNot: .number) + [.text("." + tree.name(name))]
    case .lambda(let parameters, let body): lambda(parameters, body, context)
    case .colon: [.text(":")]
    case .end: [.text("end")]
    case .hole: [.text("?")]
    }
  }

  private func plain(_ node: NodeID) -> [Piece] { [.expression(node, Context())] }

  /// What is called or has a field; of the kind named, only in parentheses.
  private func base(_ node: NodeID, ifNot kind: NodeKind) -> [Piece] {
    guard tree.kind(node) == kind, !tree.isParenthesized(node) else {
      return [.expression(node, Context(minimum: .postfix))]
    }
    return [.text("("), .expression(node, Context()), .text(")")]
  }

  func joined(_ nodes: NodeList, _ separator: String, _ pieces: (NodeID) -> [Piece]) -> [Piece] {
    var result: [Piece] = []
    for (index, node) in nodes.enumerated() {
      if index > 0 { result.append(.text(separator)) }
      result += pieces(node)
    }
    return result
  }

  private func row(_ row: NodeID) -> [Piece] { joined(tree.children(row), ", ", plain) }

  private func argument(_ node: NodeID) -> [Piece] {
    let (name, value) = tree.argument(node)
    return (name.map { [.text(tree.name($0) + " = ")] } ?? []) + plain(value)
  }

  func parameter(_ node: NodeID) -> [Piece] {
    let (name, value) = tree.parameter(node)
    return [.text(tree.name(name))] + (value.map { [.text(" = ")] + plain($0) } ?? [])
  }

  private func lambda(_ parameters: NodeList, _ body: NodeID, _ context: Context) -> [Piece] {
    let isPlain = parameters.count == 1 && parameters.allSatisfy { tree.childCount($0) == 0 }
    let head = joined(parameters, ", ", parameter)
    let list = isPlain ? head : [.text("(")] + head + [.text(")")]
    return list + [.text(" -> "), .expression(body, Context(isInSlot: context.isInSlot))]
  }

  private func range(_ parts: [NodeID], _ context: Context) -> [Piece] {
    let inner = Context(minimum: .sum, isTight: true, isInSlot: context.isInSlot)
    return Array(parts.map { [Piece.expression($0, inner)] }.joined(separator: [.text(":")]))
  }

  private func part(_ node: NodeID) -> [Piece] {
    guard tree.kind(node) == .slot else {
      guard case .string(let text) = tree.expression(node) else { return [] }
      return [.text(text.escapedForSource)]
    }
    let (value, format) = tree.slot(node)
    return [.text("{"), .expression(value, Context(isInSlot: true)), .text(format.sourceText + "}")]
  }

  // MARK: Operators

  /// Comparisons and powers: one operator.
  private func pair(
    _ operation: BinaryOperator, _ left: NodeID, _ right: NodeID, _ context: Context
  ) -> [Piece] {
    let isPower = operation.precedence == .power
    let mark = isPower || context.isTight ? operation.spelling : " \(operation.spelling) "
    return [
      .expression(left, context.needing(operation.precedence.next)), .text(mark),
      .expression(right, context.needing(isPower ? .unary : operation.precedence.next)),
    ]
  }

  /// The operators of one level that follow each other: `a*b .* c`.
  private func chain(_ node: NodeID, _ context: Context) -> [Piece] {
    let level = precedence(node)
    var links: [NodeID] = []
    var first = node
    repeat {
      links.append(first)
      first = tree.child(first, 0)
    } while tree.kind(first) == .binary && precedence(first) == level && !tree.isParenthesized(first)
    var result: [Piece] = [.expression(first, context.needing(level))]
    var isLoose = false
    for link in links.reversed() {
      guard case .binary(let operation, _, let right) = tree.expression(link) else { continue }
      isLoose = !context.isTight && (isLoose || !operation.isTight)
      result.append(.text(isLoose ? " \(operation.spelling) " : operation.spelling))
      result.append(.expression(right, context.needing(level.next)))
    }
    return result
  }
}

extension BinaryOperator {
  /// Whether it is written without blanks around it.
  fileprivate var isTight: Bool { self == .multiply || self == .divide || precedence == .power }
}
