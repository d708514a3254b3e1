import NNCore

// What is needed, and which parts of it get lines of their own.
extension LinePlan {
  // MARK: What is needed

  mutating func findOwners() {
    for index in targets.indices.sorted(by: { precedes($0, $1) }) {
      guard let gradient = gradient(of: index), isWorthALine(gradient), facts[Int(gradient)].owner < 0 else {
        continue
      }
      facts[Int(gradient)].owner = Int32(index)
    }
  }

  /// Computed values from the cost down, then params.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    if targets[a].isParam != targets[b].isParam { return targets[b].isParam }
    if targets[a].node != targets[b].node { return (targets[a].node > targets[b].node) != targets[a].isParam }
    return a < b
  }

  /// Numbers, plain or stretched, are better read where they stand, and values under their own names.
  func isWorthALine(_ id: GraphNode) -> Bool {
    let node = graph[id]
    guard node.kind == .operation, writer.names[id] == nil else { return false }
    guard let inner = graph.stretchedOperand(id) else { return true }
    return graph[inner].kind == .operation || graph[inner].flags.contains(.tracked)
  }

  mutating func findNeeded(_ roots: [GraphNode]) throws(CoreError) {
    for root in roots { facts[Int(root)].isNeeded = true }
    for id in stride(from: GraphNode(graph.count) - 1, through: 0, by: -1) where facts[Int(id)].isNeeded {
      try resources.checkCancellation()
      for input in operands(of: id) {
        facts[Int(input)].isNeeded = true
        facts[Int(input)].reads += 1
      }
    }
  }

  /// What a node's formula reads; nothing where the node has a name.
  func operands(of id: GraphNode) -> [GraphNode] {
    guard graph[id].kind == .operation, writer.names[id] == nil else { return [] }
    let inputs = graph.inputs(of: id)
    switch graph[id].operation {
    case .index, .scatter: return inputs.prefix(1) + inputs.dropFirst().filter { !writer.areShortPlaces($0) }
    case let operation where inputs.count > 1 && operation.isElementwise:
      return inputs.map { graph.stretchedOperand($0) ?? $0 }
    default: return inputs
    }
  }

  // MARK: Parts with lines of their own

  mutating func chooseTemporaries() throws(CoreError) {
    try markHeld()
    for id in 0..<GraphNode(graph.count) where facts[Int(id)].isNeeded {
      try resources.checkCancellation()
      measure(id)
    }
  }

  /// What variables of functions and of earlier rounds held gets a line, and so do its gradients.
  mutating func markHeld() throws(CoreError) {
    for id in namer.held.keys.sorted() {
      try resources.checkCancellation()
      if facts[Int(id)].isNeeded { facts[Int(id)].isTemporary = true }
      guard Int(id) < derived.lines.count, let gradient = derived.lines[Int(id)]?.gradient,
        isWorthALine(gradient), !graph[gradient].flags.contains(.forward), facts[Int(gradient)].isNeeded,
        facts[Int(gradient)].owner < 0
      else { continue }
      facts[Int(gradient)].isTemporary = true
      heldValues[gradient] = id
    }
  }

  mutating func measure(_ id: GraphNode) {
    let index = Int(id)
    if let name = writer.names[id] {
      facts[index].width = Int32(name.utf8.count)
      return
    }
    guard graph[id].kind == .operation else {
      facts[index].width = leafWidth(id)
      if facts[index].width > 30 { facts[index].isTemporary = true }
      return
    }
    let operands = operands(of: id)
    resetWidth(index, operands)
    while facts[index].width > Self.mostWidth, let longest = cuttable(operands) {
      facts[Int(longest)].isTemporary = true
      resetWidth(index, operands)
    }
    if facts[index].owner >= 0 || facts[index].isTemporary { return }
    let isShared = facts[index].weight >= (facts[index].reads > 2 ? 2 : 3) && facts[index].reads > 1
    if isShared, graph.stretchedOperand(id) == nil { facts[index].isTemporary = true }
  }

  func leafWidth(_ id: GraphNode) -> Int32 {
    if let value = graph.literalValue(id) { return Int32(value.sourceText.utf8.count) }
    guard let matrix = writer.data(id) else { return 1 }
    if writer.expressions[id] != nil { return Int32(SourceNotation.text(writer.written(id)).utf8.count) }
    return matrix.count > 12
      ? 1000 : Int32(SourceNotation.text(Formula(.matrix(matrix), matrix.shape)).utf8.count)
  }

  mutating func resetWidth(_ index: Int, _ operands: [GraphNode]) {
    let isOperator = graph[GraphNode(index)].operation.isOperator
    var width: Int32 = isOperator ? 2 : 8
    var weight: Int32 = graph[GraphNode(index)].operation == .product ? 2 : 1
    for operand in operands {
      let facts = facts[Int(operand)]
      let isCut = facts.owner >= 0 || facts.isTemporary
      width += isCut ? 4 : facts.width
      weight += isCut ? 0 : facts.weight
    }
    facts[index].width = width
    facts[index].weight = weight
  }

  func cuttable(_ operands: [GraphNode]) -> GraphNode? {
    let candidates = operands.filter {
      let facts = facts[Int($0)]
      return facts.owner < 0 && !facts.isTemporary && facts.width > 12 && writer.names[$0] == nil
        && graph[$0].kind == .operation
    }
    return candidates.max { facts[Int($0)].width < facts[Int($1)].width }
  }
}

extension OperationID {
  /// Whether it is written between or before its operands.
  fileprivate var isOperator: Bool {
    switch self {
    case .product, .negate, .transpose, .index, .matrixPower, .solve: true
    default: binaryOperator([.scalar, .scalar]) != nil
    }
  }
}
