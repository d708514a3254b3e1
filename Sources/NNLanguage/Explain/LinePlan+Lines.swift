import NNCore

// The lines in their order.
extension LinePlan {
  /// Gradients take the names of variables that later lines read: `dx`, say, where `dx = 1e-5` is a step width.
  mutating func saveOverwritten() {
    let assigned = Set(targets.map(\.gradientName))
    for (id, name) in writer.names.sorted(by: { $0.key < $1.key })
    where assigned.contains(name) && facts[Int(id)].isNeeded {
      let saved = namer.name(like: "old_" + name)
      lines.append(Line(name: saved, formula: Formula(.name(name), graph[id].shape), node: id, role: .saved))
      writer.names[id] = saved
    }
  }

  mutating func emitAll(_ wanted: [Int]) {
    for index in wanted { isAsked[index] = true }
    var params = wanted.filter { targets[$0].isParam }
    var readers: [GraphNode: Set<GraphNode>] = [:]
    var orders: [Int: [GraphNode]] = [:]
    for index in targets.indices where !targets[index].isParam {
      let read = paramsRead(by: targets[index].node)
      orders[index] = read
      for param in read { readers[param, default: []].insert(targets[index].node) }
    }
    for index in wanted.filter({ !targets[$0].isParam }).sorted(by: { precedes($0, $1) }) {
      emit(index)
      let order = orders[index] ?? []
      params.sort { rank($0, order) < rank($1, order) }
      params.removeAll { param in
        guard isReady(param, readers) else { return false }
        emit(param)
        return true
      }
    }
    for param in params.sorted() { emit(param) }
  }

  func rank(_ target: Int, _ order: [GraphNode]) -> Int {
    order.firstIndex(of: targets[target].node) ?? order.count + target
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

  /// Whether the gradients of all values that read a param have their lines, and those that its own line reads.
  func isReady(_ target: Int, _ readers: [GraphNode: Set<GraphNode>]) -> Bool {
    guard let root = gradient(of: target) else { return false }
    let waits = targets.indices.contains {
      !targets[$0].isParam && !emitted.contains($0) && isAsked[$0]
        && readers[targets[target].node]?.contains(targets[$0].node) ?? false
    }
    if waits { return false }
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

  mutating func emit(_ target: Int) {
    guard let root = gradient(of: target), emitted.insert(target).inserted else { return }
    let role = Line.Role.gradient(target)
    let shape = graph[root].shape
    if let known = earlierName(of: root, for: target) {
      lines.append(
        Line(
          name: targets[target].gradientName, formula: Formula(.name(known), shape), node: root, role: role))
      return
    }
    for id in unfinished(beneath: root) { emitPart(id) }
    let formula = writer.names[root] == nil ? writer.written(root) : writer(root)
    lines.append(Line(name: targets[target].gradientName, formula: formula, node: root, role: role))
    if isWorthALine(root) { writer.names[root] = targets[target].gradientName }
  }

  /// The gradient that already is this very value: of the value that reads the target, where the line would only
  /// say a number or a name.
  func earlierName(of root: GraphNode, for target: Int) -> String? {
    for line in lines.reversed() where line.node == root {
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

  mutating func emitPart(_ id: GraphNode) {
    guard writer.names[id] == nil else { return }
    if facts[Int(id)].owner >= 0 { return emit(Int(facts[Int(id)].owner)) }
    let isForward = graph[id].flags.contains(.forward)
    let name = partName(id)
    lines.append(Line(name: name, formula: writer.written(id), node: id, role: isForward ? .value : .part))
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
