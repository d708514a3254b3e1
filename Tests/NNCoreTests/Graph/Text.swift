@testable import NNCore

/// Nodes as text, for tests to read: names for named values, the language's operators for the rest.
struct Text {
  let graph: Graph
  var names: [NodeID: String]

  func callAsFunction(_ id: NodeID) -> String { names[id] ?? write(id).text }

  private enum Level: Int, Comparable {
    case sum, product, sign, power, atom
    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  private func operand(_ id: NodeID, at level: Level) -> String {
    if let name = names[id] { return name }
    let (text, own) = write(id)
    return own < level ? "(\(text))" : text
  }

  private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  private func write(_ id: NodeID) -> (text: String, level: Level) {
    if let (n, d) = graph.fraction(id) {
      return d == 1 ? (number(n), n < 0 ? .sign : .atom) : ("\(number(n))/\(number(d))", .product)
    }
    let node = graph[id]
    let x = graph.inputs(of: id)
    guard node.kind == .operation else { return ("?\(id)", .atom) }
    switch node.operation {
    case .add: return ("\(operand(x[0], at: .sum)) + \(operand(x[1], at: .product))", .sum)
    case .subtract: return ("\(operand(x[0], at: .sum)) - \(operand(x[1], at: .product))", .sum)
    case .multiply:
      let sign = graph[x[0]].shape.isScalar || graph[x[1]].shape.isScalar ? "*" : " .* "
      return (operand(x[0], at: .product) + sign + operand(x[1], at: .sign), .product)
    case .divide:
      let sign = graph[x[1]].shape.isScalar ? "/" : " ./ "
      return (operand(x[0], at: .product) + sign + operand(x[1], at: .sign), .product)
    case .negate: return ("-" + operand(x[0], at: .sign), .sign)
    case .power: return (operand(x[0], at: .atom) + ".^" + operand(x[1], at: .atom), .power)
    case .product:
      let left = operand(x[0], at: node.attributes.first & 1 == 0 ? .product : .atom)
      let right = operand(x[1], at: node.attributes.first & 2 == 0 ? .sign : .atom)
      return (
        left + (node.attributes.first & 1 == 0 ? "" : "'") + "*" + right
          + (node.attributes.first & 2 == 0 ? "" : "'"),
        .product
      )
    case .transpose: return (operand(x[0], at: .atom) + "'", .atom)
    case .stretch: return ("stretch(\(self(x[0])), \(node.shape.rows), \(node.shape.columns))", .atom)
    case .sum where node.attributes.first == 0: return ("sum(\(self(x[0])))", .atom)
    case .sum: return ("sum(\(self(x[0])), \(node.attributes.first))", .atom)
    default:
      return ("\(Operation[node.operation].name)(\(x.map { self($0) }.joined(separator: ", ")))", .atom)
    }
  }
}

/// A network written down for tests, with names, and the lines derived from it.
final class Net {
  let formula = Formula()
  private(set) var names: [NodeID: String] = [:]
  private(set) var order: [(name: String, node: Expression)] = []
  private var numbers = ProbeNumbers(5)

  func name(_ name: String, _ node: Expression, isLine: Bool = true) -> Expression {
    names[node.id] = name
    if isLine { order.append((name, node)) }
    return node
  }

  func param(_ name: String, _ rows: Int, _ columns: Int) throws -> Expression {
    self.name(name, formula.param(try numbers.matrix(Shape(rows, columns), in: formula.resources)))
  }

  func data(_ name: String, _ rows: Int, _ columns: Int, _ probe: Probe = .inside(-2...2)) throws
    -> Expression
  {
    self.name(
      name, formula.data(try numbers.matrix(Shape(rows, columns), probe, in: formula.resources)),
      isLine: false)
  }

  func oneHot(_ name: String, _ rows: Int, _ columns: Int) throws -> Expression {
    let value = try Matrix(repeating: 0, Shape(rows, columns), in: formula.resources)
    for j in 0..<columns { value.mutablePointer[(j * 7 % rows) * columns + j] = 1 }
    return self.name(name, formula.data(value), isLine: false)
  }

  func literal(_ value: Double) -> Expression { formula.graph.expression(formula.graph.literal(value)) }

  /// A step of a computation that no variable holds.
  func step(_ operation: OperationID, _ inputs: Expression..., attributes: Attributes = .none) throws
    -> Expression
  {
    try formula.forward(operation, inputs, attributes, named: false)
  }

  /// A step that a variable holds.
  func line(
    _ name: String, _ operation: OperationID, _ inputs: Expression..., attributes: Attributes = .none
  ) throws -> Expression {
    self.name(name, try formula.forward(operation, inputs, attributes))
  }

  /// The backward lines, as `dV = …`, from the output down.
  func lines() throws -> [String] {
    let output = order[order.count - 1].node
    formula.graph.facts.answer = { number, fact in
      let id = (0..<NodeID(self.formula.graph.count)).first {
        self.formula.graph[$0].kind == .data && self.formula.graph[$0].attributes.first == Int(number)
      }
      guard let id, let value = self.formula.values[id] else { return false }
      return fact.holds(value.pointer, value.shape)
    }
    let derivation = Derivation(formula.graph, output: output.id, wanted: order.map(\.node.id))
    var text = Text(graph: formula.graph, names: names)
    var result: [String] = []
    for (name, node) in order.reversed() {
      guard let line = derivation.lines[Int(node.id)] else { continue }
      result.append("d\(name) = \(text(line.gradient))")
      if text.names[line.gradient] == nil, formula.graph[line.gradient].kind != .literal {
        text.names[line.gradient] = "d\(name)"
      }
    }
    return result
  }

  /// The largest difference between the derived gradients and central differences.
  func error() throws -> Double {
    let output = order[order.count - 1].node
    let params = order.map(\.node).filter { formula.values[$0.id] != nil }
    let gradients = formula.gradients(of: output, params)
    let run = try formula.runner(output)
    var worst = 0.0
    for (param, gradient) in zip(params, gradients) {
      let exact =
        try gradient.map { try formula.evaluate($0).elements }
        ?? [Double](repeating: 0, count: param.shape.count)
      let original = try present(formula.values[param.id])
      for i in exact.indices {
        var slope = 0.0
        for (step, weight) in [(-3.0, -1.0), (-2, 9), (-1, -45), (1, 45), (2, -9), (3, 1)] {
          var elements = original.elements
          elements[i] += step * 1e-3
          formula.set(
            param,
            to: try Matrix(rows: original.rows, columns: original.columns, elements, in: formula.resources))
          slope += weight * (try run())
        }
        formula.set(param, to: original)
        worst = max(worst, abs(exact[i] - slope / 6e-2) / max(1, abs(exact[i])))
      }
    }
    return worst
  }
}
