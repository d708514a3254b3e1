import NNCore

// The lines of an explanation.
extension Explainer {
  /// - Parameter wanted: the variables whose gradients are asked for; all where nil.
  func explanation(_ wanted: [String]? = nil, isExact: Bool = false) throws(Diagnostic) -> Explanation {
    let (plan, held) = try plan(wanted, isExact: isExact)
    var writer = plan.writer
    writer.names = names.merging(held) { name, _ in name }
    let reason = try ReasonText(self, held: held, writer: writer)
    var explanation = Explanation(
      name: variable.name, forward: try forwardLines(writer, held), backward: try backwardLines(plan, reason))
    explanation.isScalar = reason.isScalar
    for (id, name) in names where graph[id].kind != .operation { explanation.values[name] = value(id) }
    for line in explanation.forward + explanation.backward { explanation.values[line.name] = line.value }
    return explanation
  }

  // MARK: Backward

  private func backwardLines(_ plan: LinePlan, _ reason: ReasonText) throws(Diagnostic) -> [Explanation.Line]
  {
    let values = try values(of: plan.lines.map(\.node))
    let owners = gradientOwners
    return try plan.lines.map { line throws(Diagnostic) in
      try checkCancellation()
      return Explanation.Line(
        name: line.name, expression: SourceNotation.text(line.formula), shape: line.formula.shape,
        role: line.role.isGradient ? .gradient : .part, reason: words(for: line, plan, owners, reason),
        value: values[line.node], formula: line.formula)
    }
  }

  /// By gradient, the value of the forward computation whose it is.
  var gradientOwners: [GraphNode: GraphNode] {
    var owners: [GraphNode: GraphNode] = [:]
    for id in derived.ids where Int(id) < derived.lines.count {
      if let line = derived.lines[Int(id)], owners[line.gradient] == nil { owners[line.gradient] = id }
    }
    return owners
  }

  func words(
    for line: LinePlan.Line, _ plan: LinePlan, _ owners: [GraphNode: GraphNode], _ reason: ReasonText
  ) -> String {
    switch line.role {
    case .gradient(let target): return reason(plan.targets[target].node)
    case .saved: return "before it is a gradient"
    case .value: return place(of: line.node, reason)
    case .part:
      return owners[line.node].map { reason($0) } ?? ""
    }
  }

  /// Where in the program a value without a name was computed.
  private func place(of id: GraphNode, _ reason: ReasonText) -> String {
    guard let node = tapeNode(id), let code = machine.statementNumbers.code(of: node.origin) else {
      return ""
    }
    if code.isFunction { return "in \(code.name)" }
    guard graph[id].kind == .operation else { return "" }
    if let held = machine.holderName(node) { return "an earlier \(held)" }
    return "on the way to \(reason.holderName(id) ?? variable.name)"
  }

  // MARK: Forward

  private func forwardLines(
    _ writer: FormulaWriter, _ held: [GraphNode: String]
  ) throws(Diagnostic) -> [Explanation.Line] {
    if !isStraight { return try computed(unrolled(writer), writer, isInside: false) }
    let nodes = Dictionary(names.map { ($0.value, $0.key) }, uniquingKeysWith: min)
    var lines: [Explanation.Line] = []
    for statement in statements {
      lines += try self.lines(of: statement, statement.targets.compactMap { nodes[$0] }, writer, held)
    }
    return lines
  }

  /// A statement, and set in behind it what functions computed in it.
  private func lines(
    of statement: SliceStatement, _ nodes: [GraphNode], _ writer: FormulaWriter, _ held: [GraphNode: String]
  ) throws(Diagnostic) -> [Explanation.Line] {
    try checkCancellation()
    let (left, right) = statement.sides
    let single = statement.targets.count == 1 ? nodes.first : nil
    let line = Explanation.Line(
      name: left, expression: right, shape: single.map { graph[$0].shape } ?? .scalar, role: .value,
      reason: "",
      value: single.flatMap { value($0) }, formula: single.map(writer.written))
    guard statement.hasCall else { return [line] }
    let inner = inside(nodes, held)
    if inner.isEmpty { return [line] }
    return try [line] + computed(inner + nodes, writer, isInside: true)
  }

  /// What leads to values and has a name, but no statement of its own.
  private func inside(_ nodes: [GraphNode], _ held: [GraphNode: String]) -> [GraphNode] {
    var found: Set<GraphNode> = []
    var seen = Set(nodes)
    var pending = nodes
    while let next = pending.popLast() {
      for input in graph.inputs(of: next) where graph[input].kind == .operation && seen.insert(input).inserted
      {
        if let name = names[input], assignedNames.contains(name) { continue }
        if graph[input].flags.contains(.tracked), names[input] != nil || held[input] != nil {
          found.insert(input)
        }
        pending.append(input)
      }
    }
    return found.sorted()
  }

  /// The computation as it went, where statements ran more than once or took names from each other.
  func unrolled(_ writer: FormulaWriter) -> [GraphNode] {
    derived.ids.sorted().filter { id in
      graph[id].kind == .operation && graph[id].flags.contains(.tracked) && writer.names[id] != nil
    }
  }

  private func computed(
    _ nodes: [GraphNode], _ writer: FormulaWriter, isInside: Bool
  ) throws(Diagnostic) -> [Explanation.Line] {
    try nodes.map { id throws(Diagnostic) in
      try checkCancellation()
      let formula = writer.written(id)
      var line = Explanation.Line(
        name: writer.names[id] ?? "", expression: SourceNotation.text(formula), shape: graph[id].shape,
        role: .value, reason: "", value: value(id), formula: formula)
      line.isInside = isInside
      return line
    }
  }
}

extension LinePlan.Line.Role {
  var isGradient: Bool {
    if case .gradient = self { return true }
    return false
  }
}

extension ReasonText {
  /// The name of the value that a node is a part of.
  func holderName(_ node: GraphNode) -> String? { enclosing(node).flatMap { names[$0] } }
}
