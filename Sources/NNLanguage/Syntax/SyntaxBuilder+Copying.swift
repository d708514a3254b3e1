extension SyntaxBuilder {
  /// A copy of a node of another tree, with everything below it.
  ///
  /// - Parameter substitute: asked for every node before it is copied; what it returns takes the node's place.
  ///   It may copy parts of the node itself.
  package mutating func copy(
    _ root: NodeID, from other: SyntaxTree,
    substituting substitute: (NodeID, inout SyntaxBuilder) -> NodeID? = { _, _ in nil }
  ) -> NodeID {
    // A node is met twice: first its children are put before it, then it is made of their copies.
    var pending: [(node: NodeID, isReady: Bool)] = [(root, false)]
    var made: [NodeID] = []
    while let (node, isReady) = pending.popLast() {
      if isReady {
        let count = other.childCount(node)
        let children = Array(made.suffix(count))
        made.removeLast(count)
        made.append(copyAlone(node, children, from: other))
      } else if let replacement = substitute(node, &self) {
        made.append(replacement)
      } else {
        pending.append((node, true))
        for child in other.children(node).reversed() { pending.append((child, false)) }
      }
    }
    return made[0]
  }

  /// The node itself, with other children.
  private mutating func copyAlone(_ node: NodeID, _ children: [NodeID], from other: SyntaxTree) -> NodeID {
    let old = other.nodes[Int(node.rawValue)]
    var payload = old.payload
    if payload >= 0 {
      let index = Int(payload)
      switch old.kind {
      case .number: payload = Int32(tree.appendNumber(other.numbers[index]))
      case .string, .include: payload = Int32(tree.appendText(other.texts[index]))
      case .slot: payload = Int32(tree.appendFormat(other.formats[index]))
      case .binary: payload = -1
      default: payload = intern(other.names.names[index]).rawValue
      }
    }
    let copy = add(old.kind, detail: old.detail, payload: payload, children, at: .none)
    if let spelling = other.spellings[node] { spell(copy, as: spelling) }
    setFlags(copy, old.flags)
    return copy
  }
}

extension SyntaxTree {
  fileprivate mutating func appendNumber(_ value: Double) -> Int {
    numbers.append(value)
    return numbers.count - 1
  }

  fileprivate mutating func appendText(_ text: String) -> Int {
    texts.append(text)
    return texts.count - 1
  }

  fileprivate mutating func appendFormat(_ format: FormatSpec) -> Int {
    formats.append(format)
    return formats.count - 1
  }
}
