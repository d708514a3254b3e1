import NNCore

/// Puts into words why a gradient's line reads as it does.
struct ReasonText {
  let explainer: Explainer
  /// The names of values, those that no variable holds any more among them.
  let names: [GraphNode: String]
  let writer: FormulaWriter
  /// By node of the forward computation, the first one that reads it.
  private let firstReader: [GraphNode: GraphNode]

  init(_ explainer: Explainer, held: [GraphNode: String], writer: FormulaWriter) {
    self.explainer = explainer
    names = explainer.names.merging(held) { name, _ in name }
    self.writer = writer
    var readers: [GraphNode: GraphNode] = [:]
    for id in explainer.derived.ids.sorted() {
      for input in explainer.graph.inputs(of: id) where readers[input] == nil { readers[input] = id }
    }
    firstReader = readers
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
    case .sigmoidUnderBCE: return partial(node) + "\(hasCost(.binaryCrossEntropy) ? "bce" : "cross-entropy") after sigmoid"
    case .softmaxUnderCrossEntropy:
      return "\(hasCost(.crossEntropy) ? "crossentropy" : "cross-entropy") after softmax"
    case .columnsSumToOne: return "crossentropy after softmax; the columns of the labels add up to 1"
    case .sigmoidByHand: return "1 ./ (1 + exp(-\(name))) is sigmoid(\(name))"
    case .softmaxByHand: return "exp(\(name)) over its sums is softmax(\(name))"
    default: return partial(node) + because(line.related) + halved(line.related)
    }
  }

  /// Whether all is about numbers: then gradients are written as partial derivatives.
  var isScalar: Bool {
    explainer.derived.ids.allSatisfy { graph[$0].shape.isScalar }
  }

  private func partial(_ node: GraphNode) -> String {
    guard isScalar, let name = names[node] else { return "" }
    return "∂\(explainer.variable.name)/∂\(name), "
  }

  private func hasCost(_ id: OperationID) -> Bool {
    explainer.derived.ids.contains { graph[$0].kind == .operation && graph[$0].operation == id }
  }

  /// `because Z2 = W2*A1 + b2`: the line that reads the value.
  private func because(_ reader: GraphNode) -> String {
    guard let holder = enclosing(reader), let name = names[holder] else { return "" }
    let line = definingLine(of: holder, name)
    return TextWidth.of(line) <= 44 ? "because \(line)" : "because of \(name)"
  }

  /// The 2 of a squared error meets the count of examples: `/3` where a reader looks for `2/6`.
  private func halved(_ reader: GraphNode) -> String {
    guard reader >= 0, graph[reader].kind == .operation, graph[reader].operation == .meanSquaredError else { return "" }
    let count = graph[graph.inputs(of: reader)[0]].shape.columns
    return count > 2 && count % 2 == 0 ? "; 2/\(count) is 1/\(count / 2)" : ""
  }

  /// The line that computed a value: the author's own where there is one.
  func definingLine(of node: GraphNode, _ name: String) -> String {
    if let statement = explainer.statements.last(where: { $0.targets == [name] }), !explainer.areRepeated {
      return statement.text
    }
    return "\(name) = \(SourceNotation.text(writer.written(node)))"
  }

  /// The value with a name that a node is a part of, itself included.
  func enclosing(_ node: GraphNode) -> GraphNode? {
    var node = node
    while names[node] == nil {
      guard let next = firstReader[node] else { return nil }
      node = next
    }
    return node
  }

  private func uses(of node: GraphNode) -> String {
    var readers: [String] = []
    for id in explainer.derived.ids.sorted() where explainer.graph.inputs(of: id).contains(node) {
      guard let holder = enclosing(id), let name = names[holder], !readers.contains(name) else { continue }
      readers.append(name)
    }
    if readers.count == 1 { return "read more than once in \(readers[0]): its gradients add up" }
    let list = readers.dropLast().joined(separator: ", ") + " and " + (readers.last ?? "")
    return "read by \(list), whose gradients add up"
  }
}
