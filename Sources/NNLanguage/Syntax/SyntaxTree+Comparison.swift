extension SyntaxTree {
  /// Whether two trees say the same, whatever their places, parentheses and number spellings.
  package static func areSame(_ a: SyntaxTree, _ b: SyntaxTree) -> Bool {
    areSame(a.root, in: a, b.root, in: b)
  }

  /// Whether two nodes say the same.
  package static func areSame(_ a: NodeID, in first: SyntaxTree, _ b: NodeID, in second: SyntaxTree) -> Bool {
    var pending = [(a, b)]
    while let (a, b) = pending.popLast() {
      guard first.kind(a) == second.kind(b), first.childCount(a) == second.childCount(b),
        areSameAlone(a, in: first, b, in: second)
      else { return false }
      pending.append(contentsOf: zip(first.children(a), second.children(b)))
    }
    return true
  }

  /// Compares what the nodes carry themselves.
  private static func areSameAlone(_ a: NodeID, in first: SyntaxTree, _ b: NodeID, in second: SyntaxTree)
    -> Bool
  {
    let (x, y) = (first.nodes[Int(a.rawValue)], second.nodes[Int(b.rawValue)])
    guard x.detail == y.detail, x.flags.contains(.echo) == y.flags.contains(.echo) else { return false }
    switch x.kind {
    case .number:
      let (x, y) = (first.numbers[Int(x.payload)], second.numbers[Int(y.payload)])
      return x == y || x.isNaN && y.isNaN
    case .string, .include:
      return first.texts[Int(x.payload)].utf8.elementsEqual(second.texts[Int(y.payload)].utf8)
    case .slot: return first.formats[Int(x.payload)] == second.formats[Int(y.payload)]
    default: return first.nameID(a).map { first.name($0) } == second.nameID(b).map { second.name($0) }
    }
  }
}
