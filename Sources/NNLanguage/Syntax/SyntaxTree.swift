/// A program or an expression as flat arrays: nodes refer to each other by index, so that building, walking and
/// freeing a tree of a million nodes recurses nowhere.
///
/// A child's index is smaller than its parent's. Chains of binary operators lean left without a bound on their
/// length (`leftSpine` walks one); in every other direction the depth is bounded by `Parser.nestingLimit`.
package struct SyntaxTree: Sendable {
  /// What the tree was read from; nil for one that was built.
  package var source: Source?
  /// The whole: a `block` of the top-level statements, or one expression.
  package internal(set) var root = NodeID(-1)

  var nodes: [Node] = []
  var ranges: [SourceRange] = []
  /// The children of all nodes, each node's in a row.
  var links: [NodeID] = []
  var names: NameTable
  var numbers: [Double] = []
  var texts: [String] = []
  var formats: [FormatSpec] = []
  /// How numbers were written, where that is not how they are printed.
  var spellings: [NodeID: String] = [:]

  struct Node: Sendable {
    var kind: NodeKind
    /// An operator's raw value.
    var detail: UInt8 = 0
    var flags: NodeFlags = []
    /// An index into the table that belongs to the kind; -1 for nothing.
    var payload: Int32 = -1
    var firstLink: Int32 = 0
    var linkCount: Int32 = 0
  }

  init(source: Source? = nil, names: NameTable = NameTable()) {
    self.source = source
    self.names = names
  }
}

/// Marks on a node that do not change its value.
package struct NodeFlags: OptionSet, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The statement's value is shown: it is at the top level and no `;` hides it.
  package static let echo = NodeFlags(rawValue: 1)
  /// The user put parentheses around the expression.
  package static let parenthesized = NodeFlags(rawValue: 2)
}

extension SyntaxTree {
  package var nodeCount: Int { nodes.count }
  package var nameCount: Int { names.names.count }

  @inline(__always)
  package func kind(_ node: NodeID) -> NodeKind { nodes[Int(node.rawValue)].kind }

  /// Whether a node is a sum.
  func isSum(_ node: NodeID) -> Bool {
    if case .binary(.add, _, _) = expression(node) { return true }
    return false
  }

  /// Where the node was written, its own parentheses included; `.none` for one that was built.
  @inline(__always)
  package func range(_ node: NodeID) -> SourceRange { ranges[Int(node.rawValue)] }

  /// The node's children in the order that `NodeKind` lists.
  @inline(__always)
  package func children(_ node: NodeID) -> ArraySlice<NodeID> {
    let node = nodes[Int(node.rawValue)]
    return links[Int(node.firstLink)..<Int(node.firstLink) + Int(node.linkCount)]
  }

  @inline(__always)
  package func childCount(_ node: NodeID) -> Int { Int(nodes[Int(node.rawValue)].linkCount) }

  /// Child `position`, from 0.
  @inline(__always)
  package func child(_ node: NodeID, _ position: Int) -> NodeID {
    links[Int(nodes[Int(node.rawValue)].firstLink) + position]
  }

  /// A name's text, as it was first spelled in this tree.
  package func name(_ id: NameID) -> String { names.names[Int(id.rawValue)] }

  /// The name that a `name`, `field`, `argument`, `parameter`, `param`, `for` or `function` node carries.
  package func nameID(_ node: NodeID) -> NameID? {
    switch kind(node) {
    case .name, .field, .argument, .parameter, .param, .for, .function:
      let payload = nodes[Int(node.rawValue)].payload
      return payload < 0 ? nil : NameID(payload)
    default: return nil
    }
  }

  /// Whether the statement's value is to be shown.
  package func echoes(_ node: NodeID) -> Bool { nodes[Int(node.rawValue)].flags.contains(.echo) }

  /// Lets no statement show its value, as if `;` stood behind each.
  package mutating func hideValues() {
    for index in nodes.indices { nodes[index].flags.remove(.echo) }
  }

  /// Whether the user put parentheses around the expression.
  package func isParenthesized(_ node: NodeID) -> Bool {
    nodes[Int(node.rawValue)].flags.contains(.parenthesized)
  }

  /// Where a binary operator itself was written; `.none` in a tree that was built.
  package func operatorRange(_ node: NodeID) -> SourceRange {
    let node = nodes[Int(node.rawValue)]
    guard node.kind == .binary, node.payload >= 0, let source,
      let row = BinaryOperator(rawValue: node.detail)?.row
    else { return .none }
    let isOther = source.bytes[Int(node.payload)] >= 0x80
    let spelling = isOther ? row.alternative ?? row.spelling : row.spelling
    return SourceRange(node.payload, node.payload + Int32(spelling.utf8.count))
  }

  /// The `binary` nodes from `node` down its left operands, innermost first: a walk over them is a walk over a
  /// chain of any length without recursion.
  package func leftSpine(_ node: NodeID) -> [NodeID] {
    var spine: [NodeID] = []
    var next = node
    while kind(next) == .binary {
      spine.append(next)
      next = child(next, 0)
    }
    return spine.reversed()
  }
}
