@testable import NNCore

/// A forward computation for tests, written as formulas: leaves with values, and any node evaluated.
final class Formula {
  let graph = Graph()
  let resources = Resources(limit: 1 << 30)
  private(set) var values: [NodeID: Matrix] = [:]
  private var next = 0

  init(simplifies: Bool = true) { graph.simplifies = simplifies }

  /// A leaf that gradients are wanted for.
  func param(_ value: Matrix) -> Expression {
    leaf(.param, value, [.tracked, .named])
  }

  func data(_ value: Matrix) -> Expression { leaf(.data, value, .named) }

  private func leaf(_ kind: Graph.Kind, _ value: Matrix, _ flags: Graph.Flags) -> Expression {
    let id = graph.addForward(kind, .add, [], Attributes(next, 0), value.shape, flags)
    next += 1
    values[id] = value
    return Expression(graph, id)
  }

  /// A value of the forward computation, as the tape would hand it over.
  func forward(
    _ operation: OperationID, _ inputs: [Expression], _ attributes: Attributes = .none, named: Bool = true
  ) throws -> Expression {
    let row = Operation[operation]
    let shape = try row.shape.shape(of: inputs.map(\.shape), attributes: attributes, name: row.name)
    var flags: Graph.Flags = named ? .named : []
    if inputs.contains(where: { graph[$0.id].flags.contains(.tracked) }) { flags.insert(.tracked) }
    let id = graph.addForward(.operation, operation, inputs.map(\.id), attributes, shape, flags)
    return Expression(graph, id)
  }

  func literal(_ value: Double) -> Expression { graph.expression(graph.literal(value)) }

  func set(_ leaf: Expression, to value: Matrix) { values[leaf.id] = value }

  /// The values of nodes, computed by a plan from the leaves.
  func evaluate(_ nodes: [Expression]) throws -> [Matrix] {
    let (plan, results) = try prepared(nodes)
    try run(plan)
    return results
  }

  /// Computes a 1×1 node from the leaves' present values, again and again.
  func runner(_ node: Expression) throws -> () throws -> Double {
    let (plan, results) = try prepared([node])
    return {
      try self.run(plan)
      return results[0].pointer[0]
    }
  }

  private func prepared(_ nodes: [Expression]) throws -> (Plan, [Matrix]) {
    let layout = PlanLayout(graph, outputs: nodes.map(\.id)) { _ in false }
    let plan = try Plan(layout, in: resources)
    let results = try nodes.map { try Matrix(uninitialized: $0.shape, in: resources) }
    for (index, result) in results.enumerated() { plan.setOutput(index, result.mutablePointer) }
    return (plan, results)
  }

  private func run(_ plan: Plan) throws {
    for (index, id) in plan.givens.enumerated() { plan.setGiven(index, try present(values[id]).pointer) }
    try plan.run(in: resources)
    withExtendedLifetime(values) {}
  }

  func evaluate(_ node: Expression) throws -> Matrix { try evaluate([node])[0] }

  /// The values of nodes, computed one operation at a time without a plan.
  func evaluateEagerly(_ node: Expression) throws -> Matrix {
    var known: [NodeID: Matrix] = values
    for id in 0...node.id where known[id] == nil {
      let n = graph[id]
      if let value = graph.literalValue(id) {
        known[id] = try Matrix(repeating: value, .scalar, in: resources)
      } else if n.kind == .operation {
        let inputs = graph.inputs(of: id).compactMap { known[$0] }
        known[id] = try Operation.apply(n.operation, inputs, n.attributes, in: resources)
      }
    }
    return try present(known[node.id])
  }

  /// The gradients of a 1×1 node.
  func gradients(
    of output: Expression, _ wanted: [Expression], rules: Derivation.Rules = Operation.derivatives
  ) -> [Expression?] {
    let derivation = Derivation(graph, output: output.id, wanted: wanted.map(\.id), rules: rules)
    return wanted.map { leaf in
      derivation.lines[Int(leaf.id)].map { Expression(graph, $0.gradient) }
    }
  }
}

struct Missing: Error {}

func present<T>(_ value: T?) throws -> T {
  guard let value else { throw Missing() }
  return value
}

/// Reproducible numbers for tests.
struct ProbeNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func unit() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) / 9_007_199_254_740_992
  }

  mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  mutating func matrix(_ shape: Shape, _ probe: Probe, in resources: Resources, places: Int = 1) throws
    -> Matrix
  {
    let elements = (0..<shape.count).map { _ -> Double in
      switch probe {
      case .inside(let range): return number(in: range)
      case .bothSides(let range): return (unit() < 0.5 ? -1 : 1) * number(in: range)
      case .mask: return unit() < 0.5 ? 0 : 1
      case .places: return (unit() * Double(places)).rounded(.down)
      }
    }
    return try Matrix(rows: shape.rows, columns: shape.columns, elements, in: resources)
  }

  mutating func matrix(_ shape: Shape, in resources: Resources) throws -> Matrix {
    try matrix(shape, .inside(-2...2), in: resources)
  }
}
