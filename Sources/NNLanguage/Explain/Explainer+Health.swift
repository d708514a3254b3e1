import NNCore

extension Explainer {
  /// Looks at every value on the way and at the gradients of the params.
  func health() throws(Diagnostic) -> Health {
    let held = try plan([]).held
    let writer = FormulaWriter(
      graph: graph, names: names.merging(held) { name, _ in name }, data: { self.value($0) },
      expressions: expressions)
    return Health(
      origin: variable.name, nonFinite: try nonFinite(writer), activations: try activations(writer),
      gradients: try gradients(), in: machine.resources)
  }

  // MARK: Values

  /// The first value that is not finite, in the order of the computation.
  private func nonFinite(_ writer: FormulaWriter) throws(Diagnostic) -> String? {
    for id in derived.ids.sorted(by: { order($0) < order($1) }) {
      try checkCancellation()
      guard let value = value(id), let index = value.buffer.firstIndex(where: { !$0.isFinite }) else {
        continue
      }
      let number = value.pointer[index].isNaN ? "nan" : value.pointer[index] < 0 ? "-inf" : "inf"
      let place = value.isScalar ? "" : " at [\(index / value.columns + 1), \(index % value.columns + 1)]"
      guard graph[id].kind == .operation else { return "\(names[id] ?? "data") holds \(number)\(place)" }
      let text = short(SourceNotation.text(writer.written(id)), Operation[graph[id].operation].name)
      return "the first \(number) is in \(text)\(place)\(line(id))\(cause(id, index, value.shape))"
    }
    return nil
  }

  /// A formula's text where it can be taken in at a glance, else what it does.
  private func short(_ text: String, _ operation: String) -> String {
    TextWidth.of(text) <= 60 ? text : "\(operation)(…)"
  }

  /// Leaves first, then as the tape has it.
  private func order(_ id: GraphNode) -> GraphNode {
    graph[id].kind == .operation ? id : id - GraphNode(graph.count)
  }

  /// The statement that computed a value, and its line.
  private func line(_ id: GraphNode) -> String {
    guard let origin = tapeNode(id)?.origin, let code = machine.statementNumbers.code(of: origin) else {
      return ""
    }
    let place = Int(origin) - code.firstStatement
    guard code.statements.indices.contains(place), let source = code.tree.source else { return "" }
    let range = code.tree.range(code.statements[place].node)
    let line = source.line(of: range.start)
    let inside = code.isFunction ? " of \(code.name)" : ""
    return ", line \(line)\(inside)"
  }

  /// What the operands were there: `: log of 0`.
  private func cause(_ id: GraphNode, _ index: Int, _ shape: Shape) -> String {
    let node = graph[id]
    guard node.operation.isElementwise else { return "" }
    let show = machine.display
    let numbers = graph.inputs(of: id).compactMap { input -> String? in
      guard let operand = value(input) else { return nil }
      let row = operand.rows == 1 ? 0 : index / shape.columns
      let column = operand.columns == 1 ? 0 : index % shape.columns
      return show.text(operand[row, column])
    }
    let name = Operation[node.operation].name
    if numbers.count == 2, name.first?.isLetter == false { return ": \(numbers[0]) \(name) \(numbers[1])" }
    return ": \(name)(\(numbers.joined(separator: ", ")))"
  }

  // MARK: Activations

  private func activations(_ writer: FormulaWriter) throws(Diagnostic) -> [Health.Activation] {
    var found: [Health.Activation] = []
    for id in derived.ids.sorted() where graph[id].kind == .operation && graph[id].flags.contains(.tracked) {
      try checkCancellation()
      guard let judge = judge(of: id), let value = value(id), value.count > 0 else { continue }
      let name = writer.names[id].map { "\($0) = " } ?? ""
      let text = name + short(SourceNotation.text(writer.written(id)), Operation[graph[id].operation].name)
      found.append(judge(text, value))
    }
    return found
  }

  /// What tells how much of an activation passes no gradient on; nil for other operations.
  private func judge(of id: GraphNode) -> ((String, Matrix) -> Health.Activation)? {
    switch graph[id].operation {
    case .relu: dead
    case .maximum where graph.inputs(of: id).contains { graph.literalValue($0) == 0 }: dead
    case .sigmoid: { saturated($0, $1, 0.5) }
    case .tanh: { saturated($0, $1, 1) }
    default: nil
    }
  }

  /// Units that are 0 for every example.
  private func dead(_ text: String, _ value: Matrix) -> Health.Activation {
    let count = (0..<value.rows).filter { row in (0..<value.columns).allSatisfy { value[row, $0] == 0 } }
      .count
    let examples = value.columns == 1 ? "the one example" : "all \(value.columns) examples"
    let sentence =
      count == 0
      ? "\(text): none of \(value.rows) units is dead"
      : "\(text): \(count) of \(value.rows) units are dead: 0 for \(examples)"
    return Health.Activation(
      name: text, sentence: sentence, part: Scalar(count) / Scalar(value.rows), isRelu: true)
  }

  /// Values near the ends of an activation that lies within `reach` of its middle.
  private func saturated(_ text: String, _ value: Matrix, _ reach: Scalar) -> Health.Activation {
    let middle = reach == 1 ? 0 : 0.5
    let limit = reach * (1 - 2 * Health.saturation)
    let count = value.buffer.filter { abs($0 - middle) > limit }.count
    let part = Scalar(count) / Scalar(value.count)
    let percent = DisplaySettings(digits: 2).text((1000 * part).rounded() / 10)
    let ends = reach == 1 ? "beyond ±0.98" : "below 0.01 or above 0.99"
    return Health.Activation(
      name: text, sentence: "\(text): \(percent) % of its values are saturated (\(ends))", part: part,
      isRelu: false)
  }

  // MARK: Gradients

  /// The gradients of the params, from the first layer on.
  private func gradients() throws(Diagnostic) -> [Health.Gradient] {
    let params = targets.filter { $0.isParam && derived.lines[Int($0.node)] != nil }
    let nodes = params.compactMap { derived.lines[Int($0.node)]?.gradient }
    let values = try values(of: nodes)
    let weights = Set(
      derived.ids.filter { graph[$0].kind == .operation && graph[$0].operation == .product }
        .flatMap { graph.inputs(of: $0) })
    var firstUse: [GraphNode: GraphNode] = [:]
    for id in derived.ids.sorted(by: >) { for input in graph.inputs(of: id) { firstUse[input] = id } }
    let sorted = zip(params, nodes).sorted {
      firstUse[$0.0.node] ?? .max < firstUse[$1.0.node] ?? .max
    }
    var seen: Set<GraphNode> = []
    return sorted.compactMap { param, node in
      guard seen.insert(param.node).inserted, let value = values[node], value.count > 0 else { return nil }
      let squares = value.buffer.reduce(0) { $0 + $1 * $1 }
      return Health.Gradient(
        name: param.name, shape: value.shape, norm: squares.squareRoot(),
        size: (squares / Scalar(value.count)).squareRoot(), isWeight: weights.contains(param.node))
    }
  }
}
