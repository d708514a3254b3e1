import NNCore

typealias GraphNode = NNCore.NodeID

/// Which lines a derivation is told in, and in what order: one for each gradient that `backward` sets, and before
/// those that read them a few for values that have no name.
struct LinePlan {
  /// A variable whose gradient has a line.
  struct Target {
    /// The variable, `A1` or `net.A1`, and its gradient, `dA1` or `net.dA1`.
    let name: String
    let gradientName: String
    let node: GraphNode
    let isParam: Bool
  }

  struct Line {
    enum Role: Equatable {
      /// The gradient of the target with this index.
      case gradient(Int)
      /// A value of the forward computation that no variable holds now.
      case value
      /// The gradient of such a value, or a part of gradients that several lines read.
      case part
      /// What a variable held before a line takes its name for a gradient.
      case saved
    }
    let name: String
    let formula: Formula
    /// The node whose value it is.
    let node: GraphNode
    let role: Role
  }

  /// What has been found out about a node that is needed.
  private struct Facts {
    var isNeeded = false
    var reads: Int32 = 0
    var weight: Int32 = 0
    var width: Int32 = 0
    var isTemporary = false
    /// The first target whose gradient it is.
    var owner: Int32 = -1
    var isDone = false
  }

  let graph: Graph
  let derived: DerivedGraph
  let targets: [Target]
  private(set) var lines: [Line] = []
  private(set) var writer: FormulaWriter
  private var namer: LineNamer
  private var facts: [Facts]
  /// By gradient, the value held once whose gradient it is.
  private var heldValues: [GraphNode: GraphNode] = [:]
  private var emitted: Set<Int> = []
  /// By target, whether its line is asked for by itself.
  private var isAsked: [Bool]

  /// The longest right side before a part of it gets a line of its own.
  private static let mostWidth: Int32 = 76

  /// - Parameters:
  ///   - wanted: the indices of the targets to be explained; all where nil.
  init(
    _ derived: DerivedGraph, targets: [Target], wanted: [Int]? = nil, writer: FormulaWriter, namer: LineNamer
  ) {
    self.derived = derived
    graph = derived.graph
    self.targets = targets
    self.writer = writer
    self.namer = namer
    facts = [Facts](repeating: Facts(), count: derived.graph.count)
    isAsked = [Bool](repeating: false, count: targets.count)
    let wanted = (wanted ?? Array(targets.indices)).filter { gradient(of: $0) != nil }
    findOwners()
    findNeeded(wanted.compactMap { gradient(of: $0) })
    chooseTemporaries()
    saveOverwritten(wanted)
    emitAll(wanted)
  }

  /// The node of a target's gradient; nil where nothing flows.
  func gradient(of target: Int) -> GraphNode? { derived.lines[Int(targets[target].node)]?.gradient }

  // MARK: What is needed

  private mutating func findOwners() {
    for index in targets.indices.sorted(by: { precedes($0, $1) }) {
      guard let gradient = gradient(of: index), isWorthALine(gradient), facts[Int(gradient)].owner < 0 else {
        continue
      }
      facts[Int(gradient)].owner = Int32(index)
    }
  }

  /// Computed values from the cost down, then params.
  private func precedes(_ a: Int, _ b: Int) -> Bool {
    if targets[a].isParam != targets[b].isParam { return targets[b].isParam }
    if targets[a].node != targets[b].node { return (targets[a].node > targets[b].node) != targets[a].isParam }
    return a < b
  }

  /// Numbers, plain or stretched, are better read where they stand, and values under their own names.
  private func isWorthALine(_ id: GraphNode) -> Bool {
    let node = graph[id]
    guard node.kind == .operation, writer.names[id] == nil else { return false }
    guard let inner = graph.stretchedOperand(id) else { return true }
    return graph[inner].kind == .operation || graph[inner].flags.contains(.tracked)
  }

  private mutating func findNeeded(_ roots: [GraphNode]) {
    for root in roots { facts[Int(root)].isNeeded = true }
    for id in stride(from: GraphNode(graph.count) - 1, through: 0, by: -1) where facts[Int(id)].isNeeded {
      for input in operands(of: id) {
        facts[Int(input)].isNeeded = true
        facts[Int(input)].reads += 1
      }
    }
  }

  /// What a node's formula reads; nothing where the node has a name.
  private func operands(of id: GraphNode) -> [GraphNode] {
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

  private mutating func chooseTemporaries() {
    markHeld()
    for id in 0..<GraphNode(graph.count) where facts[Int(id)].isNeeded { measure(id) }
  }

  /// What variables of functions and of earlier rounds held gets a line, and so do its gradients.
  private mutating func markHeld() {
    for id in namer.held.keys.sorted() {
      if facts[Int(id)].isNeeded { facts[Int(id)].isTemporary = true }
      guard Int(id) < derived.lines.count, let gradient = derived.lines[Int(id)]?.gradient,
        isWorthALine(gradient), !graph[gradient].flags.contains(.forward), facts[Int(gradient)].isNeeded,
        facts[Int(gradient)].owner < 0
      else { continue }
      facts[Int(gradient)].isTemporary = true
      heldValues[gradient] = id
    }
  }

  private mutating func measure(_ id: GraphNode) {
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

  private func leafWidth(_ id: GraphNode) -> Int32 {
    if let value = graph.literalValue(id) { return Int32(value.sourceText.utf8.count) }
    guard let matrix = writer.data(id) else { return 1 }
    return matrix.count > 12 ? 1000 : Int32(SourceNotation.text(Formula(.matrix(matrix), matrix.shape)).utf8.count)
  }

  private mutating func resetWidth(_ index: Int, _ operands: [GraphNode]) {
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

  private func cuttable(_ operands: [GraphNode]) -> GraphNode? {
    let candidates = operands.filter {
      let facts = facts[Int($0)]
      return facts.owner < 0 && !facts.isTemporary && facts.width > 12 && writer.names[$0] == nil
        && graph[$0].kind == .operation
    }
    return candidates.max { facts[Int($0)].width < facts[Int($1)].width }
  }

  // MARK: Lines

  /// Gradients take the names of variables that later lines read: `dx`, say, where `dx = 1e-5` is a step width.
  private mutating func saveOverwritten(_ wanted: [Int]) {
    let assigned = Set(targets.map(\.gradientName))
    for (id, name) in writer.names.sorted(by: { $0.key < $1.key })
    where assigned.contains(name) && facts[Int(id)].isNeeded {
      let saved = namer.name(like: "old_" + name)
      lines.append(Line(name: saved, formula: Formula(.name(name), graph[id].shape), node: id, role: .saved))
      writer.names[id] = saved
    }
  }

  private mutating func emitAll(_ wanted: [Int]) {
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

  private func rank(_ target: Int, _ order: [GraphNode]) -> Int {
    order.firstIndex(of: targets[target].node) ?? order.count + target
  }

  /// The params that a value is computed from directly, in the order of its formula.
  private func paramsRead(by node: GraphNode) -> [GraphNode] {
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
  private func isReady(_ target: Int, _ readers: [GraphNode: Set<GraphNode>]) -> Bool {
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

  private mutating func emit(_ target: Int) {
    guard let root = gradient(of: target), emitted.insert(target).inserted else { return }
    let role = Line.Role.gradient(target)
    let shape = graph[root].shape
    if let known = earlierName(of: root, for: target) {
      lines.append(
        Line(name: targets[target].gradientName, formula: Formula(.name(known), shape), node: root, role: role))
      return
    }
    for id in unfinished(beneath: root) { emitPart(id) }
    let formula = writer.names[root] == nil ? writer.written(root) : writer(root)
    lines.append(Line(name: targets[target].gradientName, formula: formula, node: root, role: role))
    if isWorthALine(root) { writer.names[root] = targets[target].gradientName }
  }

  /// The gradient that already is this very value: of the value that reads the target, where the line would only
  /// say a number or a name.
  private func earlierName(of root: GraphNode, for target: Int) -> String? {
    for line in lines.reversed() where line.node == root {
      guard case .gradient(let index) = line.role else { continue }
      if isWorthALine(root) || writer.names[root] == line.name { return line.name }
      if reads(targets[index].node, targets[target].node) { return line.name }
    }
    return nil
  }

  /// Whether one value is computed from another without one between that has a name.
  private func reads(_ reader: GraphNode, _ node: GraphNode) -> Bool {
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
  private mutating func unfinished(beneath root: GraphNode) -> [GraphNode] {
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

  private mutating func emitPart(_ id: GraphNode) {
    guard writer.names[id] == nil else { return }
    if facts[Int(id)].owner >= 0 { return emit(Int(facts[Int(id)].owner)) }
    let isForward = graph[id].flags.contains(.forward)
    let name = partName(id)
    lines.append(Line(name: name, formula: writer.written(id), node: id, role: isForward ? .value : .part))
    writer.names[id] = name
  }

  private mutating func partName(_ id: GraphNode) -> String {
    if let name = namer.held[id] { return name }
    if let value = heldValues[id], let name = namer.held[value] { return namer.name(like: GradientName.of(name)) }
    return namer.plainName()
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
