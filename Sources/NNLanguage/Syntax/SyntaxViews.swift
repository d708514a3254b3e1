package typealias NodeList = ArraySlice<NodeID>

/// An expression node with its parts by name.
package enum ExpressionSyntax {
  case number(Double)
  case string(String)
  /// `string` and `slot` nodes; `SyntaxTree.slot` reads the latter.
  case interpolation(NodeList)
  case name(NameID)
  case unary(UnaryOperator, NodeID)
  case binary(BinaryOperator, NodeID, NodeID)
  case transpose(NodeID)
  case range(start: NodeID, step: NodeID?, stop: NodeID)
  /// `matrixRow` nodes, whose children are the elements.
  case matrix(NodeList)
  /// `argument` nodes; `SyntaxTree.argument` reads them.
  case call(NodeID, NodeList)
  /// Subscripts are expressions or `colon` nodes.
  case index(NodeID, NodeList)
  case field(NodeID, NameID)
  case lambda(NodeList, body: NodeID)
  case colon
  case end
  case hole
}

/// A statement node with its parts by name.
package enum StatementSyntax {
  case expression(NodeID)
  case assign(target: NodeID, value: NodeID)
  case compoundAssign(BinaryOperator, target: NodeID, value: NodeID)
  case multiAssign(targets: NodeList, value: NodeID)
  case param(NameID, value: NodeID?)
  /// Conditions and blocks in turn, and the last block if there is a final `else`.
  case `if`(branches: NodeList, otherwise: NodeID?)
  case `while`(condition: NodeID, body: NodeID)
  case `for`(NameID, iterable: NodeID, body: NodeID)
  case `repeat`(count: NodeID, body: NodeID)
  case `break`
  case `continue`
  case `return`(NodeList)
  /// `parameter` nodes, and a `block` or an expression.
  case function(NameID, parameters: NodeList, body: NodeID)
  case include(String)
  case block(NodeList)
}

extension SyntaxTree {
  /// The statements of a program, in order.
  package var topLevelStatements: NodeList { kind(root) == .block ? children(root) : [root] }

  /// The expression at `node`, which must be one.
  package func expression(_ id: NodeID) -> ExpressionSyntax {
    let node = nodes[Int(id.rawValue)]
    switch node.kind {
    case .number: return .number(numbers[Int(node.payload)])
    case .string: return .string(texts[Int(node.payload)])
    case .interpolation: return .interpolation(children(id))
    case .name: return .name(NameID(node.payload))
    case .unary: return .unary(UnaryOperator(rawValue: node.detail) ?? .plus, child(id, 0))
    case .binary: return .binary(BinaryOperator(rawValue: node.detail) ?? .add, child(id, 0), child(id, 1))
    case .transpose: return .transpose(child(id, 0))
    case .range:
      let step = node.linkCount == 3 ? child(id, 1) : nil
      return .range(start: child(id, 0), step: step, stop: child(id, Int(node.linkCount) - 1))
    case .matrix: return .matrix(children(id))
    case .call: return .call(child(id, 0), children(id).dropFirst())
    case .index: return .index(child(id, 0), children(id).dropFirst())
    case .field: return .field(child(id, 0), NameID(node.payload))
    case .lambda: return .lambda(children(id).dropLast(), body: child(id, Int(node.linkCount) - 1))
    case .colon: return .colon
    case .end: return .end
    case .hole: return .hole
    default: preconditionFailure("node \(id.rawValue) is a \(node.kind), not an expression")
    }
  }

  /// The statement at `node`, which must be one.
  package func statement(_ id: NodeID) -> StatementSyntax {
    let node = nodes[Int(id.rawValue)]
    let count = Int(node.linkCount)
    switch node.kind {
    case .expression: return .expression(child(id, 0))
    case .assign: return .assign(target: child(id, 0), value: child(id, 1))
    case .compoundAssign:
      let operation = BinaryOperator(rawValue: node.detail) ?? .add
      return .compoundAssign(operation, target: child(id, 0), value: child(id, 1))
    case .multiAssign: return .multiAssign(targets: children(id).dropLast(), value: child(id, count - 1))
    case .param: return .param(NameID(node.payload), value: count == 0 ? nil : child(id, 0))
    case .if:
      let hasElse = count % 2 == 1
      return .if(
        branches: children(id).dropLast(hasElse ? 1 : 0), otherwise: hasElse ? child(id, count - 1) : nil)
    case .while: return .while(condition: child(id, 0), body: child(id, 1))
    case .for: return .for(NameID(node.payload), iterable: child(id, 0), body: child(id, 1))
    case .repeat: return .repeat(count: child(id, 0), body: child(id, 1))
    case .break: return .break
    case .continue: return .continue
    case .return: return .return(children(id))
    case .function:
      return .function(NameID(node.payload), parameters: children(id).dropLast(), body: child(id, count - 1))
    case .include: return .include(texts[Int(node.payload)])
    case .block: return .block(children(id))
    default: preconditionFailure("node \(id.rawValue) is a \(node.kind), not a statement")
    }
  }

  /// An `argument`'s name, if it has one, and its value.
  package func argument(_ node: NodeID) -> (name: NameID?, value: NodeID) { (nameID(node), child(node, 0)) }

  /// A `parameter`'s name and its default, if it has one.
  package func parameter(_ node: NodeID) -> (name: NameID, defaultValue: NodeID?) {
    (NameID(nodes[Int(node.rawValue)].payload), childCount(node) == 0 ? nil : child(node, 0))
  }

  /// A `slot`'s expression and format.
  package func slot(_ node: NodeID) -> (value: NodeID, format: FormatSpec) {
    (child(node, 0), formats[Int(nodes[Int(node.rawValue)].payload)])
  }

  /// The elements of a `matrixRow`.
  package func elements(_ row: NodeID) -> NodeList { children(row) }
}
