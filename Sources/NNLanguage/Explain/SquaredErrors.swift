import NNCore

/// Finds where the 2 of a mean of squares has met an even count m: `(A - Y)/3` is written `2*(A - Y)/6`.
///
/// Doubling a number is exact, so both spellings give the same bits.
struct SquaredErrors {
  /// What the costs of the graph compare, and over how many examples.
  private var costs: [(a: GraphNode, b: GraphNode, count: Scalar)] = []

  /// None.
  init() {}

  init(_ graph: Graph) {
    for id in 0..<GraphNode(graph.count) where graph[id].kind == .operation {
      let inputs = graph.inputs(of: id)
      switch graph[id].operation {
      case .meanSquaredError: add(inputs[0], inputs[1], count: graph[inputs[0]].shape.columns)
      case .mean where graph[id].attributes.first == 0:
        guard let (a, b) = Self.squaredDifference(inputs[0], graph) else { continue }
        add(a, b, count: graph[inputs[0]].shape.count)
      default: continue
      }
    }
  }

  private mutating func add(_ a: GraphNode, _ b: GraphNode, count: Int) {
    if count > 2, count % 2 == 0 { costs.append((a, b, Scalar(count))) }
  }

  /// What `(A - Y).^2` compares.
  private static func squaredDifference(_ id: GraphNode, _ graph: Graph) -> (GraphNode, GraphNode)? {
    guard graph[id].kind == .operation, graph[id].operation == .power else { return nil }
    let power = graph.inputs(of: id)
    guard graph.literalValue(power[1]) == 2, graph[power[0]].kind == .operation,
      graph[power[0]].operation == .subtract
    else { return nil }
    let difference = graph.inputs(of: power[0])
    return (difference[0], difference[1])
  }

  var isEmpty: Bool { costs.isEmpty }

  /// Whether dividing by `divisor` is dividing by half the examples of a cost.
  func isHalf(_ divisor: Scalar) -> Bool { costs.contains { $0.count == 2 * divisor } }

  /// Whether a node is the difference of what a cost over so many examples compares.
  func isDifference(_ inputs: [GraphNode], count: Scalar) -> Bool {
    costs.contains { $0.count == count && ([$0.a, $0.b] == inputs || [$0.b, $0.a] == inputs) }
  }
}

extension FormulaWriter {
  /// Whether a gradient is written with the 2 of a squared error.
  func isDoubled(_ id: GraphNode) -> Bool {
    graph[id].kind == .operation && squaredErrorGradient(graph[id], graph.inputs(of: id)) != nil
  }

  /// `2*(A - Y)/m` for a quotient by half of m.
  func squaredErrorGradient(_ node: Graph.Node, _ inputs: [GraphNode]) -> Formula.Kind? {
    guard !squaredErrors.isEmpty, node.operation == .divide, !node.flags.contains(.forward),
      case (let half, 1)? = graph.fraction(inputs[1]), squaredErrors.isHalf(half),
      let dividend = doubled(inputs[0], count: 2 * half)
    else { return nil }
    return .operation(.divide, [dividend, Formula(.number(2 * half, over: 1), .scalar)], .none)
  }

  /// Twice a product with a difference of outputs and labels in it: the 2 stands in front. Nil for anything else, and
  /// for a product of more factors than a line has.
  private func doubled(_ id: GraphNode, count: Scalar, depth: Int = 8) -> Formula? {
    let node = graph[id]
    guard names[id] == nil, node.kind == .operation, depth > 0 else { return nil }
    let inputs = graph.inputs(of: id)
    switch node.operation {
    case .subtract where squaredErrors.isDifference(inputs, count: count): return twice(written(id))
    case .multiply where graph[inputs[0]].shape == node.shape,
      .product where node.attributes.first & 1 == 0:
      guard !node.flags.contains(.forward),
        let left = doubled(inputs[0], count: count, depth: depth - 1)
          ?? (isDifference(inputs[1], count: count) ? twice(self(inputs[0])) : nil),
        case .operation(let operation, var operands, let attributes) = written(id).kind
      else { return nil }
      operands[0] = left
      return Formula(.operation(operation, operands, attributes), node.shape)
    default: return nil
    }
  }

  private func isDifference(_ id: GraphNode, count: Scalar) -> Bool {
    names[id] == nil && graph[id].kind == .operation && graph[id].operation == .subtract
      && squaredErrors.isDifference(graph.inputs(of: id), count: count)
  }

  private func twice(_ formula: Formula) -> Formula {
    let two = Formula(.number(2, over: 1), .scalar)
    return Formula(.operation(.multiply, [two, formula], .none), formula.shape)
  }
}
