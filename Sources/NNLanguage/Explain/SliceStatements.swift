import NNCore

/// A statement by which a variable was computed, as its author wrote it.
struct SliceStatement {
  let number: Int32
  let tree: SyntaxTree
  let node: NodeID

  /// The variables it assigns.
  var targets: [String] { StatementNames(node, in: tree).targets }

  /// What is assigned and what it is: `Z1` and `W1*X + b1`.
  var sides: (left: String, right: String) {
    switch tree.statement(node) {
    case .assign(let target, let value): (text(target), text(value))
    case .compoundAssign(let operation, let target, let value):
      // As the assignment it stands for.
      (text(target), "\(text(target)) \(operation.spelling) \(parenthesised(value))")
    case .multiAssign(let targets, let value):
      (targets.map { tree.kind($0) == .discard ? "_" : text($0) }.joined(separator: ", "), text(value))
    default: ("", text(node))
    }
  }

  var text: String {
    let (left, right) = sides
    return left.isEmpty ? right : "\(left) = \(right)"
  }

  private func parenthesised(_ value: NodeID) -> String {
    tree.kind(value) == .binary && !tree.isParenthesized(value) ? "(\(text(value)))" : text(value)
  }

  /// As it was written, on one line; what takes several in the canonical style.
  private func text(_ node: NodeID) -> String {
    let written = tree.source?.text(tree.range(node)) ?? ""
    return written.isEmpty || written.contains("\n") ? tree.printed(node) : written
  }

  /// Whether a function of the user's may be called in it.
  var hasCall: Bool {
    var pending = [node]
    while let next = pending.popLast() {
      if tree.kind(next) == .call { return true }
      pending.append(contentsOf: tree.children(next))
    }
    return false
  }
}

extension Machine {
  /// The statements that compute a variable from params, in order; those that ran more than once stand there once.
  func sliceStatements(of variable: VariableReference) -> (statements: [SliceStatement], areRepeated: Bool) {
    let slice = tracking.slices[existingNote(of: variable)?.pointee.slice ?? Slices.none]
    let statements = slice.statements.compactMap { number -> SliceStatement? in
      guard let code = tracking.sources[number] else { return nil }
      let place = Int(number) - code.firstStatement
      // A fragment of other code holds that one statement.
      let statement = code.statements.indices.contains(place) ? code.statements[place] : nil
      return statement.map { SliceStatement(number: number, tree: code.tree, node: $0.node) }
    }
    return (statements, slice.repeated >= 0)
  }

  /// The name of the variable that a value on the tape was given to first.
  func holderName(_ node: TapeNode) -> String? {
    guard node.holder >= 0, let code = statementNumbers.code(of: node.origin) else { return nil }
    let names = code.isFunction ? code.localNames : globals.names
    return names.indices.contains(Int(node.holder)) ? names[Int(node.holder)] : nil
  }
}
