import NNCore

// The lines in their order.
extension LinePlan {
  /// Gradients take the names of variables that later lines read: `dx`, say, where `dx = 1e-5` is a step width.
  mutating func saveOverwritten() {
    let assigned = Set(targets.map(\.gradientName))
    for (id, name) in writer.names.sorted(by: { $0.key < $1.key })
    where assigned.contains(name) && facts[Int(id)].isNeeded {
      let saved = namer.name(like: "old_" + name)
      add(Line(name: saved, formula: Formula(.name(name), graph[id].shape), node: id, role: .saved))
      writer.names[id] = saved
    }
  }

  mutating func emitAll(_ wanted: [Int]) throws(CoreError) {
    for index in wanted { isAsked[index] = true }
    var orders: [Int: [GraphNode]] = [:]
    // By param, the targets that read it and have no line yet.
    var readers: [GraphNode: [Int]] = [:]
    for index in targets.indices where !targets[index].isParam {
      try resources.checkCancellation()
      let read = paramsRead(by: targets[index].node)
      orders[index] = read
      if isAsked[index] { for param in read { readers[param, default: []].append(index) } }
    }
    var params = wanted.filter { targets[$0].isParam }
    for index in wanted.filter({ !targets[$0].isParam }).sorted(by: { precedes($0, $1) }) {
      try emit(index)
      let rank = ranks(orders[index] ?? [])
      var done: Set<Int> = []
      for param in params.filter({ hasNoReader($0, &readers) }).sorted(by: { rank($0) < rank($1) })
      where isReady(param) {
        try emit(param)
        done.insert(param)
      }
      if !done.isEmpty { params.removeAll(where: done.contains) }
    }
    for param in params.sorted() { try emit(param) }
  }

  /// Params in the order of a formula, then the others.
  private func ranks(_ order: [GraphNode]) -> (Int) -> Int {
    let places = Dictionary(order.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: min)
    return { [targets] target in places[targets[target].node] ?? order.count + target }
  }

  /// Whether the gradients of all values that read a param have their lines.
  private func hasNoReader(_ target: Int, _ readers: inout [GraphNode: [Int]]) -> Bool {
    let node = targets[target].node
    while let last = readers[node]?.last, emitted.contains(last) { readers[node]?.removeLast() }
    return readers[node]?.isEmpty ?? true
  }

  /// The params that a value is computed from directly, in the order of its formula.
  func paramsRead(by node: GraphNode) -> [GraphNode] {
    var found: [GraphNode] = []
    var seen: Set<GraphNode> = [node]
    var pending = Array(graph.inputs(of: node).reversed())
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if graph[next].kind == .param { found.append(next) }
      if writer.names[next] == nil { pending.append(contentsOf: graph.inputs(of: next).reversed()) }
    }
    return found
  }

  /// Whether the gradients that a param's own line reads have their lines.
  private func isReady(_ target: Int) -> Bool {
    guard let root = gradient(of: target) else { return false }
    var seen: Set<GraphNode> = [root]
    var pending = operands(of: root)
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      let facts = facts[Int(next)]
      if facts.owner >= 0 {
        if !targets[Int(facts.owner)].isParam, writer.names[next] == nil { return false }
      } else {
        pending.append(contentsOf: operands(of: next))
      }
    }
    return true
  }

  mutating func emit(_ target: Int) throws(CoreError) {
    try resources.checkCancellation()
    guard let root = gradient(of: target), emitted.insert(target).inserted else { return }
    let role = Line.Role.gradient(target)
    let shape = graph[root].shape
    if let known = earlierName(of: root, for: target) {
      add(
        Line(
          name: targets[target].gradientName, formula: Formula(.name(known), shape), node: root, role: role))
      return
    }
    for id in unfinished(beneath: root) { try emitPart(id) }
    let formula = writer.names[root] == nil ? writer.written(root) : writer(root)
    add(Line(name: targets[target].gradientName, formula: formula, node: root, role: role))
    if isWorthALine(root) { writer.names[root] = targets[target].gradientName }
  }

  /// The gradient that already is this very value: of the value that reads the target, where the line would only
  /// say a number or a name.
  func earlierName(of root: GraphNode, for target: Int) -> String? {
    for index in (linesOfNode[root] ?? []).reversed() {
      let line = lines[index]
      guard case .gradient(let index) = line.role else { continue }
      if isWorthALine(root) || writer.names[root] == line.name { return line.name }
      if reads(targets[index].node, targets[target].node) { return line.name }
    }
    return nil
  }

  /// Whether one value is computed from another without one between that has a name.
  func reads(_ reader: GraphNode, _ node: GraphNode) -> Bool {
    var seen: Set<GraphNode> = []
    var pending = [reader]
    while let next = pending.popLast() {
      for input in graph.inputs(of: next) where seen.insert(input).inserted {
        if input == node { return true }
        if writer.names[input] == nil { pending.append(input) }
      }
    }
    return false
  }

  /// What needs a line before the one of `root`, in order.
  mutating func unfinished(beneath root: GraphNode) -> [GraphNode] {
    var found: [GraphNode] = []
    var pending = operands(of: root)
    while let next = pending.popLast() {
      guard !facts[Int(next)].isDone else { continue }
      facts[Int(next)].isDone = true
      if writer.names[next] == nil, facts[Int(next)].owner >= 0 || facts[Int(next)].isTemporary {
        found.append(next)
      }
      pending.append(contentsOf: operands(of: next))
    }
    return found.sorted()
  }

  mutating func emitPart(_ id: GraphNode) throws(CoreError) {
    try resources.checkCancellation()
    guard writer.names[id] == nil else { return }
    if facts[Int(id)].owner >= 0 { return try emit(Int(facts[Int(id)].owner)) }
    let isForward = graph[id].flags.contains(.forward)
    let name = partName(id)
    add(Line(name: name, formula: writer.written(id), node: id, role: isForward ? .value : .part))
    writer.names[id] = name
  }

  mutating func partName(_ id: GraphNode) -> String {
    if let name = namer.held[id] { return name }
    if let value = heldValues[id], let name = namer.held[value] {
      return namer.name(like: GradientName.of(name))
    }
    return namer.plainName()
  }
}
