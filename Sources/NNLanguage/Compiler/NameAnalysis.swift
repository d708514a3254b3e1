/// Which names a function body assigns and reads, found before it is compiled.
struct NameAnalysis {
  private let tree: SyntaxTree
  /// Names assigned in the body itself, in order of appearance.
  private(set) var assigned: [String] = []
  /// Names that functions inside read from around them.
  private(set) var readInside: Set<String> = []
  /// Whether the body calls `backward` or the like, which assign gradients of its variables.
  private(set) var callsScoped = false
  private(set) var declaresParams = false

  /// - Parameter body: the nodes of a body: statements, or one expression.
  init(of body: NodeID, parameters: [String], in tree: SyntaxTree, isScoped: (String) -> Bool) {
    self.tree = tree
    assigned = parameters
    var pending = [body]
    while let node = pending.popLast() {
      visit(node, isScoped: isScoped, pending: &pending)
    }
  }

  private mutating func visit(_ node: NodeID, isScoped: (String) -> Bool, pending: inout [NodeID]) {
    switch tree.kind(node) {
    case .assign, .compoundAssign: noteTarget(tree.child(node, 0))
    case .multiAssign: for target in tree.children(node).dropLast() { noteTarget(target) }
    case .param:
      note(node)
      declaresParams = true
    case .for: note(node)
    case .function:
      note(node)
      readInside.formUnion(Self.freeNames(of: node, in: tree))
      return
    case .lambda:
      readInside.formUnion(Self.freeNames(of: node, in: tree))
      return
    case .call:
      let callee = tree.child(node, 0)
      if case .name = tree.kind(callee), let id = tree.nameID(callee), isScoped(tree.name(id)) {
        callsScoped = true
      }
    default: break
    }
    pending.append(contentsOf: tree.children(node).reversed())
  }

  private mutating func noteTarget(_ target: NodeID) {
    var base = target
    while tree.kind(base) == .index || tree.kind(base) == .field { base = tree.child(base, 0) }
    if tree.kind(base) == .name { note(base) }
  }

  private mutating func note(_ node: NodeID) {
    if let id = tree.nameID(node) { assigned.append(tree.name(id)) }
  }

  /// Every name that a function or lambda mentions anywhere and that might come from around it.
  private static func freeNames(of function: NodeID, in tree: SyntaxTree) -> Set<String> {
    var names: Set<String> = []
    var pending = Array(tree.children(function))
    while let node = pending.popLast() {
      if tree.kind(node) == .name, let id = tree.nameID(node) { names.insert(tree.name(id)) }
      pending.append(contentsOf: tree.children(node))
    }
    return names
  }
}
