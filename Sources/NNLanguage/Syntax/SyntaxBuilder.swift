/// Makes syntax trees, from source in the parser and without source for lines that were derived or mended.
///
/// ```swift
/// var make = SyntaxBuilder()
/// let product = make.binary(.multiply, make.name("dZ2"), make.transpose(make.name("A1")))
/// let tree = make.finish(make.assign(make.name("dW2"), product))   // dW2 = dZ2*A1'
/// ```
package struct SyntaxBuilder {
  package internal(set) var tree: SyntaxTree

  package init(source: Source? = nil) { tree = SyntaxTree(source: source) }
  init(_ list: TokenList) { tree = SyntaxTree(source: list.source, names: list.names) }

  /// The tree whose whole is `root`; the builder can go on.
  package mutating func finish(_ root: NodeID) -> SyntaxTree {
    tree.root = root
    return tree
  }

  /// The number of a name in this tree.
  package mutating func intern(_ name: String) -> NameID { tree.names.id(name) }

  /// A node of any kind: the one way into the tree.
  mutating func add(
    _ kind: NodeKind, detail: UInt8 = 0, payload: Int32 = -1, _ children: some Collection<NodeID>,
    at range: SourceRange
  ) -> NodeID {
    let first = Int32(tree.links.count)
    tree.links.append(contentsOf: children)
    tree.nodes.append(
      SyntaxTree.Node(
        kind: kind, detail: detail, payload: payload, firstLink: first, linkCount: Int32(children.count)))
    tree.ranges.append(range)
    return NodeID(Int32(tree.nodes.count - 1))
  }

  /// Says that the user put parentheses around an expression, and where.
  mutating func parenthesize(_ node: NodeID, at range: SourceRange) {
    tree.nodes[Int(node.rawValue)].flags.insert(.parenthesized)
    tree.ranges[Int(node.rawValue)] = range
  }

  mutating func setFlags(_ node: NodeID, _ flags: NodeFlags) { tree.nodes[Int(node.rawValue)].flags = flags }

  /// Says whether a statement's value is shown.
  package mutating func setEcho(_ node: NodeID, _ echo: Bool) {
    if echo {
      tree.nodes[Int(node.rawValue)].flags.insert(.echo)
    } else {
      tree.nodes[Int(node.rawValue)].flags.remove(.echo)
    }
  }
}

// MARK: Expressions

extension SyntaxBuilder {
  /// A number as it can be written: a negative one is a sign before a literal, `inf` and `nan` are names.
  package mutating func number(_ value: Double) -> NodeID {
    if value.sign == .minus, !value.isNaN { return unary(.minus, number(-value)) }
    return value.isFinite ? number(value, at: .none) : name(value.sourceText)
  }

  mutating func number(_ value: Double, at range: SourceRange) -> NodeID {
    tree.numbers.append(value)
    return add(.number, payload: Int32(tree.numbers.count - 1), [], at: range)
  }

  package mutating func string(_ text: String, at range: SourceRange = .none) -> NodeID {
    tree.texts.append(text)
    return add(.string, payload: Int32(tree.texts.count - 1), [], at: range)
  }

  /// - Parameter parts: `string` and `slot` nodes.
  package mutating func interpolation(_ parts: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.interpolation, parts, at: range)
  }

  package mutating func slot(_ value: NodeID, format: FormatSpec = .plain, at range: SourceRange = .none)
    -> NodeID
  {
    tree.formats.append(format)
    return add(.slot, payload: Int32(tree.formats.count - 1), CollectionOfOne(value), at: range)
  }

  package mutating func name(_ text: String, at range: SourceRange = .none) -> NodeID {
    name(intern(text), at: range)
  }

  mutating func name(_ id: NameID, at range: SourceRange) -> NodeID {
    add(.name, payload: id.rawValue, [], at: range)
  }

  package mutating func unary(_ operation: UnaryOperator, _ operand: NodeID, at range: SourceRange = .none)
    -> NodeID
  {
    add(.unary, detail: operation.rawValue, CollectionOfOne(operand), at: range)
  }

  /// - Parameter offset: where the operator itself was written; -1 for nowhere.
  package mutating func binary(
    _ operation: BinaryOperator, _ left: NodeID, _ right: NodeID, operatorAt offset: Int32 = -1
  ) -> NodeID {
    let range = tree.range(left).union(tree.range(right))
    return add(.binary, detail: operation.rawValue, payload: offset, [left, right], at: range)
  }

  package mutating func transpose(_ operand: NodeID, at range: SourceRange = .none) -> NodeID {
    add(.transpose, CollectionOfOne(operand), at: range)
  }

  package mutating func range(_ start: NodeID, step: NodeID? = nil, _ stop: NodeID) -> NodeID {
    let range = tree.range(start).union(tree.range(stop))
    return add(.range, step.map { [start, $0, stop] } ?? [start, stop], at: range)
  }

  /// - Parameter rows: `matrixRow` nodes.
  package mutating func matrix(_ rows: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.matrix, rows, at: range)
  }

  package mutating func matrixRow(_ elements: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.matrixRow, elements, at: range)
  }

  /// - Parameter arguments: `argument` nodes.
  package mutating func call(_ callee: NodeID, _ arguments: [NodeID], at range: SourceRange = .none) -> NodeID
  {
    add(.call, [callee] + arguments, at: range)
  }

  /// A call of the function `name` with unnamed arguments.
  package mutating func call(_ name: String, _ values: [NodeID]) -> NodeID {
    let callee = self.name(name)
    var arguments: [NodeID] = []
    for value in values { arguments.append(argument(value)) }
    return call(callee, arguments)
  }

  package mutating func argument(_ value: NodeID, named name: String? = nil, at range: SourceRange = .none)
    -> NodeID
  {
    let id = name.map { intern($0).rawValue } ?? -1
    return add(.argument, payload: id, CollectionOfOne(value), at: range)
  }

  package mutating func index(_ base: NodeID, _ subscripts: [NodeID], at range: SourceRange = .none) -> NodeID
  {
    add(.index, [base] + subscripts, at: range)
  }

  package mutating func colon(at range: SourceRange = .none) -> NodeID { add(.colon, [], at: range) }
  package mutating func end(at range: SourceRange = .none) -> NodeID { add(.end, [], at: range) }
  package mutating func hole(at range: SourceRange = .none) -> NodeID { add(.hole, [], at: range) }

  package mutating func field(_ base: NodeID, _ name: String, at range: SourceRange = .none) -> NodeID {
    add(.field, payload: intern(name).rawValue, CollectionOfOne(base), at: range)
  }

  /// - Parameter parameters: `parameter` nodes.
  package mutating func lambda(_ parameters: [NodeID], _ body: NodeID, at range: SourceRange = .none)
    -> NodeID
  {
    add(.lambda, parameters + [body], at: range)
  }

  package mutating func parameter(_ name: String, default value: NodeID? = nil, at range: SourceRange = .none)
    -> NodeID
  {
    let id = intern(name)
    return add(.parameter, payload: id.rawValue, value.map { [$0] } ?? [], at: range)
  }
}

// MARK: Statements

extension SyntaxBuilder {
  package mutating func expression(_ value: NodeID, at range: SourceRange = .none) -> NodeID {
    add(.expression, CollectionOfOne(value), at: range.isNone ? tree.range(value) : range)
  }

  package mutating func assign(_ target: NodeID, _ value: NodeID, at range: SourceRange = .none) -> NodeID {
    add(.assign, [target, value], at: range)
  }

  package mutating func compoundAssign(
    _ operation: BinaryOperator, _ target: NodeID, _ value: NodeID, at range: SourceRange = .none
  ) -> NodeID {
    add(.compoundAssign, detail: operation.rawValue, [target, value], at: range)
  }

  package mutating func multiAssign(_ targets: [NodeID], _ value: NodeID, at range: SourceRange = .none)
    -> NodeID
  {
    add(.multiAssign, targets + [value], at: range)
  }

  package mutating func discard(at range: SourceRange = .none) -> NodeID { add(.discard, [], at: range) }

  package mutating func param(_ name: String, _ value: NodeID? = nil, at range: SourceRange = .none) -> NodeID
  {
    let id = intern(name)
    return add(.param, payload: id.rawValue, value.map { [$0] } ?? [], at: range)
  }

  /// - Parameter branches: conditions and blocks in turn, and last the block of a final `else` if there is one.
  package mutating func `if`(_ branches: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.if, branches, at: range)
  }

  package mutating func `while`(_ condition: NodeID, _ body: NodeID, at range: SourceRange = .none) -> NodeID
  {
    add(.while, [condition, body], at: range)
  }

  package mutating func `for`(
    _ name: String, in iterable: NodeID, _ body: NodeID, at range: SourceRange = .none
  ) -> NodeID {
    let id = intern(name)
    return add(.for, payload: id.rawValue, [iterable, body], at: range)
  }

  package mutating func `repeat`(_ count: NodeID, _ body: NodeID, at range: SourceRange = .none) -> NodeID {
    add(.repeat, [count, body], at: range)
  }

  package mutating func `break`(at range: SourceRange = .none) -> NodeID { add(.break, [], at: range) }
  package mutating func `continue`(at range: SourceRange = .none) -> NodeID { add(.continue, [], at: range) }

  package mutating func `return`(_ values: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.return, values, at: range)
  }

  /// - Parameters:
  ///   - parameters: `parameter` nodes.
  ///   - body: a `block`, or an expression for `fn f(x) = …`.
  package mutating func function(
    _ name: String, _ parameters: [NodeID], _ body: NodeID, at range: SourceRange = .none
  ) -> NodeID {
    let id = intern(name)
    return add(.function, payload: id.rawValue, parameters + [body], at: range)
  }

  package mutating func include(_ path: String, at range: SourceRange = .none) -> NodeID {
    tree.texts.append(path)
    return add(.include, payload: Int32(tree.texts.count - 1), [], at: range)
  }

  package mutating func block(_ statements: [NodeID], at range: SourceRange = .none) -> NodeID {
    add(.block, statements, at: range)
  }
}

// MARK: For the parser, whose names have numbers already

extension SyntaxBuilder {
  mutating func argument(_ value: NodeID, _ name: NameID?, at range: SourceRange) -> NodeID {
    add(.argument, payload: name?.rawValue ?? -1, CollectionOfOne(value), at: range)
  }

  mutating func field(_ base: NodeID, _ name: NameID, at range: SourceRange) -> NodeID {
    add(.field, payload: name.rawValue, CollectionOfOne(base), at: range)
  }

  mutating func parameter(_ name: NameID, default value: NodeID?, at range: SourceRange) -> NodeID {
    add(.parameter, payload: name.rawValue, value.map { [$0] } ?? [], at: range)
  }

  mutating func param(_ name: NameID, _ value: NodeID?, at range: SourceRange) -> NodeID {
    add(.param, payload: name.rawValue, value.map { [$0] } ?? [], at: range)
  }

  mutating func `for`(_ name: NameID, in iterable: NodeID, _ body: NodeID, at range: SourceRange) -> NodeID {
    add(.for, payload: name.rawValue, [iterable, body], at: range)
  }

  mutating func function(
    _ name: NameID, _ parameters: [NodeID], _ body: NodeID, at range: SourceRange
  ) -> NodeID {
    add(.function, payload: name.rawValue, parameters + [body], at: range)
  }

  /// Keeps how a number was written.
  mutating func spell(_ node: NodeID, as spelling: String) { tree.spellings[node] = spelling }
}
