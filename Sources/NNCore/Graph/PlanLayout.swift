import CNumerics

/// Lays a plan out: which node runs in which step, and where each value stands.
struct PlanLayout {
  private(set) var givens: [NodeID] = []
  private(set) var outputs: [NodeID]
  private(set) var outputShapes: [Shape] = []
  private(set) var steps: [Plan.Step] = []
  private(set) var elements: [Plan.Element] = []
  private(set) var matrixSteps: [Plan.MatrixStep] = []
  private(set) var operands: [Plan.OperandPlace] = []
  /// By slot: the place in the plan's memory, -1 where the caller sets it.
  private(set) var offsets: [Int] = []
  /// What stands in the memory from the start.
  private(set) var constants: [(offset: Int, value: Scalar)] = []
  /// The size of the memory, in scalars.
  private(set) var memory = 0
  private(set) var isBrief = true

  private let graph: Graph
  /// The needed nodes that are computed, in order.
  private var computed: [NodeID] = []
  /// By node: its slot, -1 for none yet.
  private var slot: [Int32]
  /// By node: the step that computes it; -1 for what is there from the start, -2 for what is not needed.
  private var stepOf: [Int32]
  /// By node: whether it has room for one block only.
  private var isBlock: [Bool]
  private var drafts: [Draft] = []
  /// The last chain of each shape.
  private var openChains: [(shape: Shape, step: Int32)] = []
  private var work = 0.0
  /// Whether products read data that a forward computation turned where it lies. Not in plans that stand for
  /// lines: the bits of a product may depend on how its operands lie.
  private let turnsOperands: Bool

  private struct Draft {
    var isChain: Bool
    var shape: Shape
    var nodes: [NodeID]
  }

  /// - Parameters:
  ///   - isGiven: whether the caller supplies a forward node's value; else the plan computes it.
  ///   - outputs: the nodes to write out.
  init(_ graph: Graph, outputs: [NodeID], turnsOperands: Bool = false, isGiven: (NodeID) -> Bool) {
    self.graph = graph
    self.turnsOperands = turnsOperands
    self.outputs = outputs
    slot = [Int32](repeating: -1, count: graph.count)
    stepOf = [Int32](repeating: -2, count: graph.count)
    isBlock = [Bool](repeating: false, count: graph.count)
    findNeeded(isGiven)
    assignOuterSlots()
    for node in computed { schedule(node) }
    place()
    emit()
    isBrief = isBrief && work < 1e7
  }

  // MARK: What is needed

  private mutating func findNeeded(_ isGiven: (NodeID) -> Bool) {
    var needed = [Bool](repeating: false, count: graph.count)
    var last: NodeID = -1
    for id in outputs {
      needed[Int(id)] = true
      last = max(last, id)
    }
    for id in stride(from: last, through: 0, by: -1) where needed[Int(id)] {
      let kind = graph.at(id).pointee.kind
      if kind == .literal {
        stepOf[Int(id)] = -1
      } else if kind != .operation || isGiven(id) {
        stepOf[Int(id)] = -1
        givens.append(id)
      } else {
        computed.append(id)
        forEachOperand(of: id) { needed[Int($0)] = true }
      }
    }
    givens.reverse()
    computed.reverse()
  }

  /// The operands as a plan reads them: elementwise operations of several operands look through stretches.
  @inline(__always)
  private func forEachOperand(of id: NodeID, _ body: (NodeID) -> Void) {
    let node = graph.at(id)
    if node.pointee.inputCount > 1, isElementwise(node.pointee.operation) {
      graph.forEachInput(of: id) { body(graph.stretchedOperand($0) ?? $0) }
    } else if turnsOperands, node.pointee.operation == .product {
      graph.forEachInput(of: id) { body(turnedLeaf($0) ?? $0) }
    } else {
      graph.forEachInput(of: id, body)
    }
  }

  /// The leaf whose transpose a node is.
  private func turnedLeaf(_ id: NodeID) -> NodeID? {
    let node = graph.at(id)
    guard node.pointee.kind == .operation, node.pointee.operation == .transpose,
      graph.at(node.pointee.inputs.0).pointee.kind != .operation
    else { return nil }
    return node.pointee.inputs.0
  }

  /// By operation, whether it runs in chains; a stretch does, as a copy.
  private static let elementwise: [Bool] = OperationID.allCases.map { id in
    if case .matrix = Operation[id].kernel { return id == .stretch }
    return true
  }

  @inline(__always)
  private func isElementwise(_ operation: OperationID) -> Bool {
    Self.elementwise[Int(operation.rawValue)]
  }

  private mutating func assignOuterSlots() {
    for id in givens { slot[Int(id)] = newSlot() }
    for id in outputs {
      let own = newSlot()
      outputShapes.append(graph[id].shape)
      // A node wanted twice, or one that is there already, is copied at the end.
      if slot[Int(id)] < 0, graph[id].kind == .operation { slot[Int(id)] = own }
    }
  }

  private mutating func newSlot(_ offset: Int = -1) -> Int32 {
    offsets.append(offset)
    return Int32(offsets.count - 1)
  }

  // MARK: Steps

  /// Puts a node into the last chain of its shape if all its operands are there by then, else into a new step.
  private mutating func schedule(_ id: NodeID) {
    let (operation, shape) = (graph.at(id).pointee.operation, graph.at(id).pointee.shape)
    let isChain = isElementwise(operation)
    var ready: Int32 = -1
    var elements = shape.count
    forEachOperand(of: id) { input in
      ready = max(ready, stepOf[Int(input)])
      elements &+= graph.at(input).pointee.shape.count
    }
    work += Scalar(elements) * (operation.isSlow ? 8 : 1)
    if !isChain { estimate(id, operation, shape) }
    let open = isChain ? lastChain(of: shape) : -1
    if open >= 0, ready <= open, drafts[Int(open)].nodes.count < Self.chainLimit {
      drafts[Int(open)].nodes.append(id)
      stepOf[Int(id)] = open
    } else {
      let step = Int32(drafts.count)
      stepOf[Int(id)] = step
      if isChain { openChain(of: shape, step) }
      drafts.append(Draft(isChain: isChain, shape: shape, nodes: [id]))
    }
  }

  /// Operations to a chain: their blocks share the first cache.
  private static let chainLimit = 24

  private func lastChain(of shape: Shape) -> Int32 {
    for entry in openChains where entry.shape == shape { return entry.step }
    return -1
  }

  private mutating func openChain(of shape: Shape, _ step: Int32) {
    if let index = openChains.firstIndex(where: { $0.shape == shape }) {
      openChains[index].step = step
    } else {
      if openChains.count == 16 { openChains.removeFirst() }
      openChains.append((shape, step))
    }
  }

  private mutating func estimate(_ id: NodeID, _ operation: OperationID, _ shape: Shape) {
    switch operation {
    case .product:
      let inner = graph.at(graph.at(id).pointee.inputs.0).pointee.shape.count
      work += Scalar(inner) * Scalar(shape.columns) / 4
    case .inverse, .determinant, .solve, .matrixPower: isBrief = false
    // Places that a derivation made are always inside.
    case .index, .scatter: isBrief = isBrief && !graph.at(id).pointee.flags.contains(.forward)
    default: break
    }
  }

  // MARK: Places

  /// Gives every computed value its place. A value read only by later operations of its own chain gets room for
  /// one block; others get memory that is free again after the last step that reads them.
  private mutating func place() {
    let (lastStep, lastInChain) = lastUses()
    var pool = Pool()
    var expiring: [[NodeID]] = Array(repeating: [], count: drafts.count)
    for (index, draft) in drafts.enumerated() {
      var blocks = Pool()
      var blockPlaces: [(NodeID, Int)] = []
      for (position, id) in draft.nodes.enumerated() {
        if draft.isChain { releaseBlocks(&blocks, &blockPlaces, position, lastInChain) }
        guard slot[Int(id)] < 0 else { continue }
        let count = graph.at(id).pointee.shape.count
        if draft.isChain, Int(lastStep[Int(id)]) == index {
          let size = min(count, Plan.blockCount)
          let offset = blocks.take(size)
          blockPlaces.append((id, offset))
          isBlock[Int(id)] = true
          // Block places are relative until the step's whole room is known.
          slot[Int(id)] = newSlot(offset)
        } else {
          slot[Int(id)] = newSlot(pool.take(count))
          let last = lastStep[Int(id)]
          if last >= 0, Int(last) < drafts.count { expiring[Int(last)].append(id) }
        }
      }
      if blocks.size > 0 { settleBlocks(draft, &pool, blocks.size) }
      for id in expiring[index] {
        pool.release(offsets[Int(slot[Int(id)])], graph.at(id).pointee.shape.count)
      }
    }
    memory = pool.size
    placeConstants()
  }

  private mutating func settleBlocks(_ draft: Draft, _ pool: inout Pool, _ size: Int) {
    let start = pool.take(size)
    for id in draft.nodes where isBlock[Int(id)] { offsets[Int(slot[Int(id)])] += start }
    pool.release(start, size)
  }

  private func releaseBlocks(
    _ blocks: inout Pool, _ places: inout [(NodeID, Int)], _ position: Int, _ lastInChain: [Int32]
  ) {
    places.removeAll { id, offset in
      guard Int(lastInChain[Int(id)]) < position else { return false }
      blocks.release(offset, min(graph.at(id).pointee.shape.count, Plan.blockCount))
      return true
    }
  }

  /// By node, the last step that reads it, and within that step the last position in the chain.
  private func lastUses() -> (steps: [Int32], positions: [Int32]) {
    var steps = [Int32](repeating: -1, count: graph.count)
    var positions = [Int32](repeating: -1, count: graph.count)
    for (index, draft) in drafts.enumerated() {
      for (position, id) in draft.nodes.enumerated() {
        forEachOperand(of: id) { input in
          steps[Int(input)] = Int32(index)
          positions[Int(input)] = Int32(position)
        }
      }
    }
    return (steps, positions)
  }

  private mutating func placeConstants() {
    for id in 0..<NodeID(graph.count) where stepOf[Int(id)] == -1 && slot[Int(id)] < 0 {
      guard let value = graph.literalValue(id) else { continue }
      slot[Int(id)] = newSlot(memory)
      constants.append((memory, value))
      memory += 1
    }
  }

  // MARK: Steps as they run

  private mutating func emit() {
    for draft in drafts {
      if draft.isChain { emitChain(draft) } else { emitMatrix(draft.nodes[0]) }
    }
    for (position, id) in outputs.enumerated() {
      let own = Int32(givens.count + position)
      if slot[Int(id)] != own {
        steps.append(.copy(from: slot[Int(id)], to: own, count: graph[id].shape.count))
      }
    }
  }

  /// Chains of one block are taken apart: each operation runs over everything at once anyway.
  private mutating func emitChain(_ draft: Draft) {
    let isSmall = draft.shape.count <= Plan.blockCount
    var first = Int32(elements.count)
    for id in draft.nodes {
      let element = element(id, draft.shape)
      if isSmall, let step = simpleStep(element, draft.shape.count) {
        closeChain(from: &first, draft.shape)
        steps.append(step)
      } else {
        elements.append(element)
      }
    }
    closeChain(from: &first, draft.shape)
  }

  private mutating func closeChain(from first: inout Int32, _ shape: Shape) {
    let count = Int32(elements.count) - first
    if count > 0 { steps.append(.chain(first: first, count: count, shape: shape)) }
    first = Int32(elements.count)
  }

  private func simpleStep(_ element: Plan.Element, _ count: Int) -> Plan.Step? {
    guard element.isFlat, count > 0 else { return nil }
    let (a, b, y) = (element.a, element.b, element.result.slot)
    switch element.function {
    case .unary(let function): return .unary(function, a: a.slot, y: y, count: Int32(count))
    case .binary(let function):
      return .binary(
        function, a: a.slot, aStep: a.step != 0, b: b.slot, bStep: b.step != 0, y: y, count: Int32(count))
    case .ternary, .copy: return nil
    }
  }

  private mutating func emitMatrix(_ id: NodeID) {
    let node = graph[id]
    var inputs = graph.inputs(of: id)
    var attributes = node.attributes
    if turnsOperands, node.operation == .product {
      for k in inputs.indices {
        guard let leaf = turnedLeaf(inputs[k]) else { continue }
        inputs[k] = leaf
        attributes.first ^= 1 << k
      }
    }
    if let step = commonStep(node, inputs, attributes, slot[Int(id)]) { return steps.append(step) }
    steps.append(.matrix(Int32(matrixSteps.count)))
    matrixSteps.append(
      Plan.MatrixStep(
        operation: node.operation, attributes: attributes, firstOperand: operands.count,
        operandCount: inputs.count, result: slot[Int(id)], shape: node.shape))
    for input in inputs {
      operands.append(Plan.OperandPlace(slot: slot[Int(input)], shape: graph[input].shape))
    }
  }

  /// The step of an operation that is frequent enough for a step of its own, if its sizes are small enough to say.
  private func commonStep(
    _ node: Graph.Node, _ inputs: [NodeID], _ attributes: Attributes, _ y: Int32
  ) -> Plan.Step? {
    let places = inputs.map { slot[Int($0)] }
    let shapes = inputs.map { graph[$0].shape }
    guard shapes.allSatisfy({ $0.rows <= Int32.max && $0.columns <= Int32.max }) else { return nil }
    let (rows, columns) = (Int32(shapes[0].rows), Int32(shapes[0].columns))
    switch node.operation {
    case .reshape: return .copy(from: places[0], to: y, count: node.shape.count)
    case .product:
      return .product(
        a: places[0], b: places[1], y: y, m: Int32(node.shape.rows), n: Int32(node.shape.columns),
        k: attributes.first & 1 == 0 ? columns : rows, turned: UInt8(attributes.first & 3))
    case .sum where node.shape.count > 0:
      return .sum(a: places[0], y: y, rows: rows, columns: columns, dimension: UInt8(attributes.first & 3))
    case .meanSquaredError:
      return .cost(NN_COST_SQUARES, a: places[0], b: places[1], y: y, rows: rows, columns: columns)
    case .binaryCrossEntropy:
      return .cost(NN_COST_BINARY, a: places[0], b: places[1], y: y, rows: rows, columns: columns)
    case .crossEntropy:
      return .cost(NN_COST_CLASSES, a: places[0], b: places[1], y: y, rows: rows, columns: columns)
    default: return nil
    }
  }

  private func element(_ id: NodeID, _ shape: Shape) -> Plan.Element {
    var result = Plan.Element(
      function: Self.functions[Int(graph.at(id).pointee.operation.rawValue)], a: Plan.Reference(),
      result: reference(id, shape), isFlat: true)
    var count = 0
    forEachOperand(of: id) { input in
      let own = graph.at(input).pointee.shape
      if own != shape, !own.isScalar { result.isFlat = false }
      switch count {
      case 0: result.a = reference(input, shape)
      case 1: result.b = reference(input, shape)
      default: result.c = reference(input, shape)
      }
      count += 1
    }
    return result
  }

  private static let functions: [Plan.Function] = OperationID.allCases.map { id in
    switch Operation[id].kernel {
    case .unary(let kernel): .unary(kernel)
    case .binary(let kernel): .binary(kernel)
    case .ternary(let kernel): .ternary(kernel)
    case .matrix: .copy
    }
  }

  private func reference(_ id: NodeID, _ shape: Shape) -> Plan.Reference {
    let own = graph.at(id).pointee.shape
    let isNumber = own.isScalar && !shape.isScalar
    return Plan.Reference(
      slot: slot[Int(id)], isBlock: isBlock[Int(id)], step: isNumber || own.columns != shape.columns ? 0 : 1,
      row: own.rows == shape.rows ? own.columns : 0)
  }

}

/// Room that is taken and given back, in pieces of exact sizes.
private struct Pool {
  private(set) var size = 0
  private var free: [(size: Int, offsets: [Int])] = []

  mutating func take(_ count: Int) -> Int {
    // Whole cache lines, so that vectors start at their boundaries.
    let padded = (count + 7) & ~7
    for i in free.indices where free[i].size == padded {
      if let offset = free[i].offsets.popLast() { return offset }
    }
    defer { size += padded }
    return size
  }

  mutating func release(_ offset: Int, _ count: Int) {
    let padded = (count + 7) & ~7
    for i in free.indices where free[i].size == padded {
      free[i].offsets.append(offset)
      return
    }
    free.append((padded, [offset]))
  }
}
