/// Which variables a statement assigns and which names it reads, told from its text.
struct StatementNames {
  /// The variables assigned, in order; of `x[1] = …` and `x.f = …` the variable x.
  private(set) var targets: [String] = []
  /// The names read, functions among them, each once and in order.
  private(set) var reads: [String] = []
  /// The targets whose old value lives on in the new one: `x += 1`, `x = x/m`, `x[1] = 2`.
  private(set) var kept: Set<String> = []
  /// The targets of which an element or a field alone is assigned.
  private(set) var changedInPart: Set<String> = []

  init(_ statement: NodeID, in tree: SyntaxTree) {
    switch tree.kind(statement) {
    case .assign: addTarget(tree.child(statement, 0), tree)
    case .compoundAssign:
      addTarget(tree.child(statement, 0), tree)
      if let last = targets.last { keep(last) }
    case .multiAssign: for target in tree.children(statement).dropLast() { addTarget(target, tree) }
    case .param: if let id = tree.nameID(statement) { targets.append(tree.name(id)) }
    default: break
    }
    switch tree.kind(statement) {
    case .assign, .compoundAssign: addReads(tree.child(statement, 1), tree)
    case .multiAssign: addReads(tree.child(statement, tree.childCount(statement) - 1), tree)
    default: for child in tree.children(statement) { addReads(child, tree) }
    }
    for target in targets where reads.contains(target) { kept.insert(target) }
  }

  /// The names of a loop as a whole: its targets are what its rounds assign, and it reads what none of them made before.
  init(loop: NodeID, in tree: SyntaxTree) {
    var pending = [loop]
    while let node = pending.popLast() {
      switch tree.kind(node) {
      case .assign, .compoundAssign, .multiAssign:
        let names = StatementNames(node, in: tree)
        targets += names.targets
        kept.formUnion(names.kept)
      case .for:
        if let id = tree.nameID(node) { targets.append(tree.name(id)) }
        pending += tree.children(node)
      default: pending += tree.children(node)
      }
    }
    reads = tree.namesRead(by: loop).filter { !targets.contains($0) || kept.contains($0) }
  }

  /// Whether the statement makes the new value of a variable out of its old one.
  func goesOn(from name: String) -> Bool { kept.contains(name) }

  private mutating func keep(_ name: String) {
    kept.insert(name)
    if !reads.contains(name) { reads.append(name) }
  }

  private mutating func addTarget(_ target: NodeID, _ tree: SyntaxTree) {
    var base = target
    while tree.kind(base) == .index || tree.kind(base) == .field {
      for subscript_ in tree.children(base).dropFirst() { addReads(subscript_, tree) }
      base = tree.child(base, 0)
    }
    guard tree.kind(base) == .name, let id = tree.nameID(base) else { return }
    targets.append(tree.name(id))
    if base != target {
      keep(tree.name(id))
      changedInPart.insert(tree.name(id))
    }
  }

  private mutating func addReads(_ expression: NodeID, _ tree: SyntaxTree) {
    for name in tree.namesRead(by: expression) where !reads.contains(name) { reads.append(name) }
  }
}

extension SyntaxTree {
  /// Whether a node is another one or below it.
  func contains(_ node: NodeID, in other: NodeID) -> Bool {
    var pending = [other]
    while let next = pending.popLast() {
      if next == node { return true }
      // Children have smaller numbers than what they are part of.
      if next.rawValue > node.rawValue { pending += children(next) }
    }
    return false
  }

  /// The variable and the field that a statement assigns: `net.dW1 = …`.
  func assignedField(_ statement: NodeID) -> (base: String, field: String)? {
    guard kind(statement) == .assign || kind(statement) == .compoundAssign else { return nil }
    return fieldOfVariable(child(statement, 0))
  }

  /// The parts of `net.dW1`, where the first is a variable's name.
  func fieldOfVariable(_ node: NodeID) -> (base: String, field: String)? {
    guard case .field(let base, let field) = expression(node), case .name(let id) = expression(base) else {
      return nil
    }
    return (name(id), name(field))
  }

  /// Whether an expression reads a field of a variable.
  func reads(_ base: String, _ field: String, in expression: NodeID) -> Bool {
    var pending = [expression]
    while let node = pending.popLast() {
      if kind(node) == .field, let found = fieldOfVariable(node), found == (base, field) { return true }
      pending.append(contentsOf: children(node))
    }
    return false
  }

  /// The names that an expression, a function or a body reads from around it, in order of appearance: not its
  /// parameters, nor what the body itself assigns.
  func namesRead(by root: NodeID) -> [String] {
    var found: [String] = []
    var own: [Set<String>] = []
    var pending: [(node: NodeID, depth: Int)] = [(root, 0)]
    while let (node, depth) = pending.popLast() {
      own.removeLast(own.count - depth)
      var inner = depth
      switch kind(node) {
      case .name:
        guard let id = nameID(node) else { continue }
        let name = name(id)
        if !own.contains(where: { $0.contains(name) }), !found.contains(name) { found.append(name) }
      case .lambda, .function:
        own.append(ownNames(of: node))
        inner += 1
      default: break
      }
      for child in children(node).reversed() { pending.append((child, inner)) }
    }
    return found
  }

  /// The parameters of a function or lambda and the variables that its body assigns.
  private func ownNames(of function: NodeID) -> Set<String> {
    var names: Set<String> = []
    for parameter in children(function).dropLast() {
      if let id = nameID(parameter) { names.insert(name(id)) }
    }
    let body = child(function, childCount(function) - 1)
    if kind(body) == .block {
      names.formUnion(NameAnalysis(of: body, parameters: [], in: self) { _ in false }.assigned)
    }
    return names
  }
}
