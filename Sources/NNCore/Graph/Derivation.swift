/// The gradients of one output with respect to the values it was computed from, as nodes of the same graph.
package struct Derivation {
  /// A gradient, and why it reads as it does.
  package struct Line: Sendable {
    package var gradient: NodeID
    package var reason: Reason
    /// The forward node that the reason is about: mostly the one that reads the value.
    package var related: NodeID
  }

  /// By forward node; nil where nothing flows.
  package private(set) var lines: [Line?]

  /// What the derivation reads of each operation.
  package typealias Rules = [Derivative?]

  /// Derives in one pass from the output down, through nodes that lead to wanted ones only.
  ///
  /// - Parameters:
  ///   - output: a 1×1 value.
  ///   - wanted: the forward nodes whose gradients are asked for.
  ///   - seed: the output's own gradient, 1 if nil.
  package init(
    _ graph: Graph, output: NodeID, wanted: [NodeID], seed: NodeID? = nil,
    rules: Rules = Operation.derivatives
  ) {
    lines = [Line?](repeating: nil, count: Int(output) + 1)
    var walk = Walk(graph: graph, rules: rules, leads: Self.leading(graph, output, wanted))
    walk.findActivations(upTo: output, wanted)
    lines[Int(output)] = Line(
      gradient: seed ?? graph.literal(1, graph[output].shape), reason: .seed, related: output)
    for node in stride(from: output, through: 0, by: -1) where walk.leads[Int(node)] {
      guard let line = lines[Int(node)] else { continue }
      walk.finish(node, line)
      walk.pass(line.gradient, through: node, to: &lines)
    }
  }

  /// Which nodes are wanted or computed from one that is.
  private static func leading(_ graph: Graph, _ output: NodeID, _ wanted: [NodeID]) -> [Bool] {
    var leads = [Bool](repeating: false, count: Int(output) + 1)
    for id in wanted where id <= output { leads[Int(id)] = true }
    for id in 0...output where !leads[Int(id)] {
      graph.forEachInput(of: id) { if leads[Int($0)] { leads[Int(id)] = true } }
    }
    return leads
  }
}

extension Operation {
  /// The rules of the table, by operation.
  package static let derivatives: [Derivative?] = table.map(\.derivative)
}

/// The state of one pass from the output down.
private struct Walk {
  let graph: Graph
  let rules: Derivation.Rules
  var leads: [Bool]
  /// Activations written by hand: the gradient goes from them straight to their argument.
  private var activations: [NodeID: Recognised] = [:]
  /// The steps of those, whose own gradients stay within.
  private var steps: Set<NodeID> = []

  init(graph: Graph, rules: Derivation.Rules, leads: [Bool]) {
    self.graph = graph
    self.rules = rules
    self.leads = leads
  }

  /// A gradient with a line of its own is read by others as that line. Numbers, plain or stretched, are not worth one.
  func finish(_ node: NodeID, _ line: Derivation.Line) {
    guard graph.at(node).pointee.flags.contains(.named) else { return }
    let gradient = line.gradient
    let number = graph.stretchedOperand(gradient) ?? gradient
    let isNumber = graph[number].shape.isScalar && !graph[number].flags.contains(.tracked)
    if !isNumber { graph.setFlag(.named, gradient) }
  }

  func pass(_ gradient: NodeID, through node: NodeID, to lines: inout [Derivation.Line?]) {
    guard graph.at(node).pointee.kind == .operation else { return }
    let dy = graph.expression(gradient)
    if !activations.isEmpty, let activation = activations[node] { passBy(activation, node, dy, &lines) }
    guard let rule = rules[Int(graph.at(node).pointee.operation.rawValue)] else { return }
    let y = graph.expression(node)
    let inputs = graph.at(node).pointee.inputs
    switch rule {
    case .unary(let formula):
      let x = inputs.0
      contribute(x, node, &lines) { formula(y, graph.expression(x), dy) }
    case .binary(let left, let right):
      let (a, b) = (inputs.0, inputs.1)
      if let left {
        contribute(a, node, &lines) { left(y, graph.expression(a), graph.expression(b), dy) }
      }
      if let right {
        contribute(b, node, &lines) { right(y, graph.expression(a), graph.expression(b), dy) }
      }
    case .each(let formula):
      let operands = graph.inputs(of: node).map(graph.expression)
      for k in operands.indices {
        contribute(operands[k].id, node, &lines) { formula(y, operands, dy, k) }
      }
    }
  }

  /// Adds what one reader contributes to the gradient of an operand.
  @inline(__always)
  private func contribute(
    _ operand: NodeID, _ node: NodeID, _ lines: inout [Derivation.Line?], _ formula: () -> Expression?
  ) {
    guard leads[Int(operand)], isOpen(from: node, to: operand) else { return }
    graph.telling = nil
    graph.explain(.rule, about: node)
    guard let contribution = formula() else { return }
    add(contribution.id, to: operand, node, &lines)
  }

  private func add(
    _ contribution: NodeID, to operand: NodeID, _ node: NodeID, _ lines: inout [Derivation.Line?]
  ) {
    let shape = graph.at(operand).pointee.shape
    let full = graph.at(contribution).pointee.shape
    let gradient = full == shape ? contribution : graph.sumToShape(contribution, shape)
    if let known = lines[Int(operand)] {
      lines[Int(operand)] = Derivation.Line(
        gradient: graph.elementwise(.add, known.gradient, gradient), reason: .severalUses, related: node)
    } else {
      let reason = graph.telling ?? stretching(shape, full)
      lines[Int(operand)] = Derivation.Line(gradient: gradient, reason: reason, related: node)
    }
  }

  private func stretching(_ shape: Shape, _ full: Shape) -> Reason {
    switch (shape.rows != full.rows, shape.columns != full.columns) {
    case (false, false): .rule
    case (true, false): .stretchedOverRows
    case (false, true): .stretchedOverColumns
    case (true, true): .stretchedOverBoth
    }
  }
}

// MARK: - Activations written by hand

extension Walk {
  /// Finds the activations whose steps nothing else reads.
  mutating func findActivations(upTo output: NodeID, _ wanted: [NodeID]) {
    guard graph.simplifies else { return }
    var reads: [Int32] = []
    for node in 0...output where leads[Int(node)] {
      guard let found = graph.recognised(node), leads[Int(found.argument)] else { continue }
      if reads.isEmpty { reads = countReads(upTo: output) }
      guard isPrivate(found, node, reads), !found.steps.contains(output) else { continue }
      activations[node] = found
      if found.steps.contains(where: wanted.contains) {
        steps.formUnion(found.steps)
      } else {
        for step in found.steps { leads[Int(step)] = false }
      }
    }
  }

  private func countReads(upTo output: NodeID) -> [Int32] {
    var reads = [Int32](repeating: 0, count: Int(output) + 1)
    for node in 0...output { graph.forEachInput(of: node) { reads[Int($0)] += 1 } }
    return reads
  }

  private func isPrivate(_ found: Recognised, _ node: NodeID, _ reads: [Int32]) -> Bool {
    for step in found.steps {
      var inside: Int32 = 0
      for reader in found.steps + [node] { graph.forEachInput(of: reader) { if $0 == step { inside += 1 } } }
      if reads[Int(step)] != inside { return false }
    }
    return true
  }

  /// Steps that have names get their gradients from within, but pass nothing on to the argument.
  private func isOpen(from node: NodeID, to operand: NodeID) -> Bool {
    steps.isEmpty || !(steps.contains(node) && !steps.contains(operand))
  }

  private func passBy(
    _ activation: Recognised, _ node: NodeID, _ dy: Expression, _ lines: inout [Derivation.Line?]
  ) {
    let y = graph.expression(node)
    let reason: Reason
    graph.telling = nil
    graph.explain(.rule, about: node)
    let gradient: Expression
    switch activation.activation {
    case .sigmoid: (gradient, reason) = (dy .* (y .* (1 - y)), .sigmoidByHand)
    case .softmax: (gradient, reason) = (y .* (dy - (dy .* y).sum(1)), .softmaxByHand)
    }
    if graph.telling == nil { graph.tell(reason) }
    add(gradient.id, to: activation.argument, node, &lines)
  }
}
