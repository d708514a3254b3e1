/// A node's place in its `SyntaxTree`.
package struct NodeID: Hashable, Comparable, Sendable {
  package var rawValue: Int32

  @inlinable
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  package static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }
}

/// A name's place in its tree's table of names; equal exactly where the names are canonically equivalent.
package struct NameID: Hashable, Sendable {
  package var rawValue: Int32

  @inlinable
  package init(_ rawValue: Int32) { self.rawValue = rawValue }
}

/// What a node is; its children are listed behind each case, in order.
package enum NodeKind: UInt8, Sendable {
  // Expressions.
  /// A literal; no children.
  case number
  /// A text without slots; no children.
  case string
  /// `string` and `slot` nodes.
  case interpolation
  /// The expression of a `{…}`; carries a `FormatSpec`.
  case slot
  case name
  /// operand
  case unary
  /// left, right
  case binary
  /// operand
  case transpose
  /// start, stop or start, step, stop
  case range
  /// `matrixRow` nodes
  case matrix
  /// elements
  case matrixRow
  /// callee, `argument` nodes
  case call
  /// value; may carry a name
  case argument
  /// base, subscripts: expressions or `colon`
  case index
  /// `:` alone as a subscript
  case colon
  /// `end` inside a subscript
  case end
  /// base; carries the field's name
  case field
  /// `parameter` nodes, body
  case lambda
  /// nothing, or the default; carries a name
  case parameter
  /// `?`
  case hole

  // Statements.
  /// expression
  case expression
  /// target, value
  case assign
  /// target, value; carries the operator
  case compoundAssign
  /// targets (`name`, `index`, `field`, `discard`), value
  case multiAssign
  /// `_` among the targets of a `multiAssign`
  case discard
  /// nothing, or the value; carries a name
  case param
  /// condition, block, condition, block, …, and last the block after a final `else` if there is one
  case `if`
  /// condition, block
  case `while`
  /// iterable, block; carries the variable's name
  case `for`
  /// count, block
  case `repeat`
  case `break`
  case `continue`
  /// the results
  case `return`
  /// `parameter` nodes, body (a `block`, or an expression after `=`); carries a name
  case function
  /// nothing; carries the path
  case include
  /// statements
  case block

  /// Whether `SyntaxTree.expression` reads it.
  package var isExpression: Bool {
    switch self {
    case .slot, .matrixRow, .argument, .parameter: false
    default: rawValue <= NodeKind.hole.rawValue
    }
  }

  /// Whether `SyntaxTree.statement` reads it.
  package var isStatement: Bool { rawValue >= NodeKind.expression.rawValue && self != .discard }
}
