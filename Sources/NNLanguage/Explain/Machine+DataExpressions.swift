import NNCore

// Data that the graph reads and no variable holds, such as the `X - mean(X, 2)` in `W*(X - mean(X, 2))`: its own text
// says it, as long as the text still gives it.
extension Machine {
  /// The expression that gave a piece of data, where it has no effect and gives the same bits now.
  func expression(ofData node: TapeNode) -> (tree: SyntaxTree, node: NodeID)? {
    guard node.kind == .data, node.holder >= 0, let code = statementNumbers.code(of: node.origin),
      !code.isFunction,
      Int(node.holder) < code.tree.nodeCount
    else { return nil }
    let expression = NodeID(node.holder)
    if isPure(expression, in: code.tree), let value = valueAgain(expression, in: code.tree),
      gives(value, node)
    {
      return (code.tree, expression)
    }
    return line(ofData: node, expression, code.tree)
  }

  /// Whether a value has the bits of a piece of data.
  private func gives(_ value: Value, _ node: TapeNode) -> Bool {
    switch (value, node.matrix) {
    case (.matrix(let a), let b?):
      a.shape == b.shape && zip(a.buffer, b.buffer).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (_, nil): value.number?.bitPattern == node.number.bitPattern
    case (_, let b?): b.isScalar && value.number?.bitPattern == b.pointer[0].bitPattern
    }
  }

  /// `X[:, 3]` for what was written as `X[:, t]` when `t` was 3.
  private func line(
    ofData node: TapeNode, _ expression: NodeID, _ tree: SyntaxTree
  ) -> (tree: SyntaxTree, node: NodeID)? {
    guard tree.kind(expression) == .index, tree.childCount(expression) == 3, let data = node.matrix,
      let name = tree.nameID(tree.child(expression, 0)).map(tree.name),
      case .matrix(let base)? = globals.value(of: name)
    else { return nil }
    let takesColumn = tree.kind(tree.child(expression, 1)) == .colon
    guard takesColumn || tree.kind(tree.child(expression, 2)) == .colon else { return nil }
    let count = takesColumn ? base.columns : base.rows
    guard data.shape == (takesColumn ? Shape(base.rows, 1) : Shape(1, base.columns)),
      let place = (0..<count).first(where: { line in
        (0..<data.count).allSatisfy {
          let element = takesColumn ? base[$0, line] : base[line, $0]
          return element.bitPattern == data.pointer[$0].bitPattern
        }
      })
    else { return nil }
    var make = SyntaxBuilder()
    let (whole, one, all) = (make.name(name), make.number(Scalar(place + 1)), make.colon())
    let index = make.index(whole, takesColumn ? [all, one] : [one, all])
    return (make.finish(index), index)
  }

  /// Whether an expression is made of data, operators and functions of the language without effects.
  private func isPure(_ root: NodeID, in tree: SyntaxTree) -> Bool {
    var pending = [root]
    while let node = pending.popLast() {
      switch tree.kind(node) {
      case .call:
        guard tree.kind(tree.child(node, 0)) == .name,
          let name = tree.nameID(tree.child(node, 0)).map(tree.name),
          isPureBuiltin(name)
        else { return false }
        pending.append(contentsOf: tree.children(node).dropFirst())
        continue
      case .name:
        guard let name = tree.nameID(node).map(tree.name), isData(name) else { return false }
      case .lambda, .hole, .string, .interpolation, .slot, .field: return false
      default: break
      }
      pending.append(contentsOf: tree.children(node))
    }
    return true
  }

  private func isPureBuiltin(_ name: String) -> Bool {
    if case .function? = globals.value(of: name) { return false }
    guard let builtin = Builtins.index(of: name).map({ Builtins.table[$0] }) else { return false }
    switch builtin.group {
    case .making, .shape, .elementwise, .reductions, .linearAlgebra, .activations, .costs: return true
    default: return name == "onehot"
    }
  }

  /// Whether a name stands for numbers.
  private func isData(_ name: String) -> Bool {
    switch globals.value(of: name) {
    case .number, .matrix: true
    case nil: Builtins.constants.contains { $0.name == name }
    default: false
    }
  }

  private func valueAgain(_ node: NodeID, in tree: SyntaxTree) -> Value? {
    let source = Source(name: "<expression>", text: tree.printed(node))
    guard case .complete(var again) = Parser.parse(source) else { return nil }
    again.hideValues()
    let answer = globals[globals.slot(of: "ans")]
    let before = answer.pointee
    defer { answer.pointee = before }
    answer.pointee = .nothing
    let code = try? Compiler.compile(
      again, name: source.name, globals: globals, isInteractive: true, numbers: statementNumbers)
    guard let code, (try? run(code)) != nil else { return nil }
    return answer.pointee
  }
}
