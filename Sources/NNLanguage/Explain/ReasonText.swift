import NNCore

/// Puts into words why a gradient's line reads as it does.
struct ReasonText {
  let explainer: Explainer
  /// The names of values, those that no variable holds any more among them.
  let names: [GraphNode: String]
  let writer: FormulaWriter
  /// By node of the forward computation, those that read it.
  private let readers: [GraphNode: [GraphNode]]
  /// By node without a name, the value with a name that it is a part of.
  private let holders: [GraphNode: GraphNode]
  /// By node of the forward computation, what made the gradient shorter that comes to it through values without a
  /// name.
  private let simplifiedBeneath: [GraphNode: String]
  /// The names of computed values.
  private let computedNames: Set<String>
  private let operations: Set<OperationID>
  /// The lines of values that reasons have named: many gradients are explained by one of them.
  private let knownLines = Lines()
  /// Whether all is about numbers: then gradients are written as partial derivatives.
  let isScalar: Bool

  init(_ explainer: Explainer, held: [GraphNode: String], writer: FormulaWriter) throws(Diagnostic) {
    self.explainer = explainer
    let names = explainer.names.merging(held) { name, _ in name }
    self.names = names
    self.writer = writer
    let graph = explainer.graph
    computedNames = Set(names.filter { graph[$0.key].kind == .operation }.values)
    let ids = explainer.derived.ids.sorted()
    var readers: [GraphNode: [GraphNode]] = [:]
    var operations: Set<OperationID> = []
    for id in ids {
      try explainer.checkCancellation()
      if graph[id].kind == .operation { operations.insert(graph[id].operation) }
      for input in graph.inputs(of: id) { readers[input, default: []].append(id) }
    }
    // From the cost down, so that what is known of a reader need not be found again by each value beneath it.
    var holders: [GraphNode: GraphNode] = [:]
    var simplifiedBeneath: [GraphNode: String] = [:]
    for id in ids.reversed() {
      try explainer.checkCancellation()
      guard let reader = readers[id]?.first else { continue }
      if names[id] == nil { holders[id] = names[reader] == nil ? holders[reader] : reader }
      if names[reader] == nil {
        let words = explainer.derived.lines[Int(reader)].flatMap { Self.simplified($0.reason, operations) }
        simplifiedBeneath[id] = words ?? simplifiedBeneath[reader]
      }
    }
    self.readers = readers
    self.holders = holders
    self.simplifiedBeneath = simplifiedBeneath
    self.operations = operations
    isScalar = ids.allSatisfy { graph[$0].shape.isScalar }
  }

  private var graph: Graph { explainer.graph }

  /// The reason of the gradient of a value of the forward computation.
  func callAsFunction(_ node: GraphNode) -> String {
    guard let line = explainer.derived.lines[Int(node)] else { return "" }
    let name = names[node] ?? "it"
    switch line.reason {
    case .seed: return isScalar ? "∂\(name)/∂\(name)" : "the gradient of \(name) by itself"
    case .severalUses: return partial(node) + uses(of: node)
    case .stretchedOverRows: return "\(name) was stretched over the rows"
    case .stretchedOverColumns: return "\(name) was stretched over the columns"
    case .stretchedOverBoth: return "\(name) was stretched over rows and columns"
    case .sigmoidUnderBCE, .softmaxUnderCrossEntropy, .columnsSumToOne:
      return partial(node) + (Self.simplified(line.reason, operations) ?? "")
    case .sigmoidByHand: return "1 ./ (1 + exp(-\(name))) is sigmoid(\(name))"
    case .softmaxByHand: return "exp(\(name)) over its sums is softmax(\(name))"
    default:
      return partial(node) + because(line.related) + halved(line.related, line.gradient)
        + (simplifiedBeneath[node].map { "; " + $0 } ?? "")
    }
  }

  /// What made a line shorter than the chain rule alone.
  private static func simplified(_ reason: Reason, _ operations: Set<OperationID>) -> String? {
    switch reason {
    case .sigmoidUnderBCE:
      "\(operations.contains(.binaryCrossEntropy) ? "bce" : "cross-entropy") after sigmoid"
    case .softmaxUnderCrossEntropy:
      "\(operations.contains(.crossEntropy) ? "crossentropy" : "cross-entropy") after softmax"
    case .columnsSumToOne: "crossentropy after softmax; the columns of the labels add up to 1"
    default: nil
    }
  }

  private func partial(_ node: GraphNode) -> String {
    guard isScalar, let name = names[node] else { return "" }
    return "∂\(explainer.variable.name)/∂\(name), "
  }

  /// `because Z2 = W2*A1 + b2`: the line that reads the value.
  private func because(_ reader: GraphNode) -> String {
    guard let holder = enclosing(reader), let name = names[holder] else { return "" }
    let line = definingLine(of: holder, name)
    return TextWidth.of(line) <= 44 ? "because \(line)" : "because of \(name)"
  }

  /// The 2 of a squared error meets the count of examples and what else there is: `3/2` where a reader looks for
  /// `3*2/4`.
  private func halved(_ reader: GraphNode, _ gradient: GraphNode) -> String {
    guard reader >= 0, graph[reader].kind == .operation, graph[reader].operation == .meanSquaredError,
      !writer.isDoubled(gradient)
    else { return "" }
    let count = graph[graph.inputs(of: reader)[0]].shape.columns
    if count == 2 { return "; 2/2 is 1" }
    return count % 2 == 0 ? "; 2/\(count) is 1/\(count / 2)" : ""
  }

  private final class Lines {
    var texts: [GraphNode: String] = [:]
  }

  /// The line that computed a value: the author's own where there is one.
  private func definingLine(of node: GraphNode, _ name: String) -> String {
    if let known = knownLines.texts[node] { return known }
    let line = writtenLine(of: node, name)
    knownLines.texts[node] = line
    return line
  }

  private func writtenLine(of node: GraphNode, _ name: String) -> String {
    if explainer.isStraight, let statement = explainer.statementOf[name],
      !statement.hasCall || !isInlined(node)
    {
      return statement.text
    }
    return "\(name) = \(SourceNotation.text(writer.written(node)))"
  }

  /// Whether a function, or a network, computed the value from values that no statement here gives.
  private func isInlined(_ node: GraphNode) -> Bool {
    writer.written(node).names.contains {
      computedNames.contains($0) && !explainer.assignedNames.contains($0)
    }
  }

  /// The value with a name that a node is a part of, itself included.
  func enclosing(_ node: GraphNode) -> GraphNode? {
    names[node] == nil ? holders[node] : node
  }

  private func uses(of node: GraphNode) -> String {
    var names: [String] = []
    var seen: Set<String> = []
    for id in readers[node] ?? [] {
      guard let holder = enclosing(id), let name = self.names[holder], seen.insert(name).inserted else {
        continue
      }
      names.append(name)
    }
    if names.count == 1 { return "read more than once in \(names[0]): its gradients add up" }
    if names.count > 6 { return "read by \(names.count) values, whose gradients add up" }
    let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    return "read by \(list), whose gradients add up"
  }
}
