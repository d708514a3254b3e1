extension Printer {
  func statement(_ node: NodeID, _ indent: Int) -> [Piece] {
    switch tree.statement(node) {
    case .expression(let value): whole(value)
    case .assign(let target, let value): whole(target) + [.text(" = ")] + whole(value)
    case .compoundAssign(let operation, let target, let value):
      whole(target) + [.text(" \(operation.spelling)= ")] + whole(value)
    case .multiAssign(let targets, let value): joined(targets, ", ", target) + [.text(" = ")] + whole(value)
    case .param(let name, let value):
      [.text("param " + tree.name(name))] + (value.map { [.text(" = ")] + whole($0) } ?? [])
    case .if(let branches, let otherwise): branching(Array(branches), otherwise, indent)
    case .while(let condition, let body): head("while ", condition, body, indent)
    case .for(let name, let iterable, let body): head("for \(tree.name(name)) in ", iterable, body, indent)
    case .repeat(let count, let body): head("repeat ", count, body, indent)
    case .break: [.text("break")]
    case .continue: [.text("continue")]
    case .return(let values): [.text(values.isEmpty ? "return" : "return ")] + joined(values, ", ", whole)
    case .function(let name, let parameters, let body):
      [.text("fn \(tree.name(name))(")] + joined(parameters, ", ", parameter) + [.text(")")]
        + functionBody(body, indent)
    case .include(let path): [.text("include \"\(path.escapedForSource)\"")]
    case .block: block(node, indent)
    }
  }

  private func whole(_ node: NodeID) -> [Piece] { [.expression(node, Context())] }

  private func target(_ node: NodeID) -> [Piece] {
    tree.kind(node) == .discard ? [.text("_")] : whole(node)
  }

  private func head(_ words: String, _ value: NodeID, _ body: NodeID, _ indent: Int) -> [Piece] {
    [.text(words)] + whole(value) + [.text(" ")] + block(body, indent)
  }

  private func branching(_ branches: [NodeID], _ otherwise: NodeID?, _ indent: Int) -> [Piece] {
    var pieces: [Piece] = []
    for index in stride(from: 0, to: branches.count, by: 2) {
      pieces += head(index == 0 ? "if " : " else if ", branches[index], branches[index + 1], indent)
    }
    if let otherwise { pieces += [.text(" else ")] + block(otherwise, indent) }
    return pieces
  }

  private func functionBody(_ body: NodeID, _ indent: Int) -> [Piece] {
    tree.kind(body) == .block ? [.text(" ")] + block(body, indent) : [.text(" = ")] + whole(body)
  }

  private func block(_ node: NodeID, _ indent: Int) -> [Piece] {
    if tree.childCount(node) == 0 { return [.text("{ }")] }
    // Deep nesting must not make the text grow with its square.
    let inner = min(indent + 1, 40)
    let margin = "\n" + String(repeating: "  ", count: inner)
    var pieces: [Piece] = [.text("{")]
    for statement in tree.children(node) { pieces += [.text(margin), .statement(statement, indent: inner)] }
    return pieces + [.text("\n" + String(repeating: "  ", count: min(indent, 40)) + "}")]
  }
}
