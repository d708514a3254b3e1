import NNCore

/// Writes nodes of a graph as formulas, down to the nodes that have names.
struct FormulaWriter {
  let graph: Graph
  /// The names that stand for nodes.
  var names: [GraphNode: String]
  /// The values of data, by node: for what has no name.
  var data: (GraphNode) -> Matrix?
  /// The expressions of the program that data was given by, where they still give it.
  var expressions: [GraphNode: (tree: SyntaxTree, node: NodeID)] = [:]
  /// Whether `pi` means what it always does.
  var knowsPi = true
  /// Whether a divisor can be written without what keeps it from zero, since it is nowhere near.
  var isSafeDivisor: (GraphNode) -> Bool = { _ in false }
  /// The costs by whose examples a reader expects gradients to be divided.
  var squaredErrors = SquaredErrors()

  /// The formula of a node, by its name if it has one.
  func callAsFunction(_ id: GraphNode) -> Formula {
    if let name = names[id] { return Formula(.name(name), graph[id].shape) }
    return written(id)
  }

  /// What a node computes, even if it has a name.
  func written(_ id: GraphNode) -> Formula {
    let node = graph[id]
    if let (n, d) = graph.fraction(id) { return number(n, d) }
    guard node.kind == .operation else { return Formula(leaf(id), node.shape) }
    let inputs = graph.inputs(of: id)
    return Formula(squaredErrorGradient(node, inputs) ?? kind(node, id, inputs), node.shape)
  }

  /// A number; `2*pi` where a rule wrote that, and `pi` has no other meaning.
  private func number(_ n: Scalar, _ d: Scalar) -> Formula {
    guard n == 2 * .pi, d == 1, knowsPi else { return Formula(.number(n, over: d), .scalar) }
    let factors = [Formula(.number(2, over: 1), .scalar), Formula(.pi, .scalar)]
    return Formula(.operation(.multiply, factors, .none), .scalar)
  }

  private func leaf(_ id: GraphNode) -> Formula.Kind {
    guard let matrix = data(id) else { return .name("?") }
    if let (tree, node) = expressions[id] { return .source(tree, node, matrix) }
    return matrix.isScalar ? .number(matrix.pointer[0], over: 1) : .matrix(matrix)
  }

  private func kind(_ node: Graph.Node, _ id: GraphNode, _ inputs: [GraphNode]) -> Formula.Kind {
    switch node.operation {
    case .stretch where !node.flags.contains(.forward):
      if let (n, d) = graph.fraction(inputs[0]) { return .filled(n, over: d) }
      return .stretched(self(inputs[0]))
    case .index:
      let base = graph[inputs[0]].shape
      return .picked(
        self(inputs[0]), rows: places(inputs[1], base.rows), columns: places(inputs[2], base.columns))
    case .scatter:
      return .scattered(self(inputs[0]), rows: places(inputs[1], nil), columns: places(inputs[2], nil))
    case .maximum where isSafeDivisor(id): return self(inputs[0]).kind
    default: return .operation(node.operation, operands(node, inputs), node.attributes)
    }
  }

  // MARK: Operands

  /// Elementwise operations read rows, columns and numbers as they are where the language stretches them too.
  private func operands(_ node: Graph.Node, _ inputs: [GraphNode]) -> [Formula] {
    let read = inputs.map { graph.stretchedOperand($0) ?? $0 }
    guard inputs.count > 1, node.operation.isElementwise, read != inputs else {
      return inputs.map { self($0) }
    }
    if fits(read, node.shape) { return read.map { self($0) } }
    // Of two that both had to grow, one is grown explicitly.
    for kept in inputs.indices {
      var some = read
      some[kept] = inputs[kept]
      if fits(some, node.shape) { return some.map { self($0) } }
    }
    return inputs.map { self($0) }
  }

  private func fits(_ operands: [GraphNode], _ shape: Shape) -> Bool {
    let joint = try? ShapeRule.elementwise.shape(
      of: operands.map { graph[$0].shape }, attributes: .none, name: "")
    return joint == shape
  }

  /// Whether rows or columns are said in few characters where they stand.
  func areShortPlaces(_ id: GraphNode) -> Bool {
    switch places(id, graph[id].shape.count) {
    case .all, .range: true
    case .list(let list): list.count <= 8
    case .computed: false
    }
  }

  /// - Parameter limit: how many rows or columns there are to pick from; nil where `:` cannot stand.
  private func places(_ id: GraphNode, _ limit: Int?) -> Formula.Places {
    if names[id] == nil, let (first, step) = graph.range(id) {
      let count = graph[id].shape.count
      return Formula.Places((0..<count).map { first + $0 * step }, of: limit)
    }
    if names[id] == nil, graph[id].kind != .operation, let matrix = data(id) {
      return Formula.Places(matrix.elements.map { Int(exactly: $0) ?? 0 }, of: limit)
    }
    return .computed(self(id))
  }
}

extension OperationID {
  /// Whether it goes element by element, rows, columns and numbers stretching to fit.
  var isElementwise: Bool {
    if case .elementwise = Operation[self].shape { return true }
    return false
  }
}
