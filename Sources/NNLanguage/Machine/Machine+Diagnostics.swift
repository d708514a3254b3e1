import NNCore
import NNFormats

// What the machine says when something does not work: the facts thrown below, put in the words of the source.
extension Machine {
  func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  // MARK: Where it happened

  /// Adds to an error where it happened: the place, the operands, the rounds of loops, the calls around.
  func explained(_ error: Diagnostic, entryDepth: Int) -> Diagnostic {
    if error.severity == .interrupt, let pendingInterrupt { return pendingInterrupt }
    let index = instructionAtPlay
    let node = code.nodes[index]
    var result = error
    if error.source == nil || error.range.isNone {
      if case .some(let core) = error.core { result = described(core, node, code[index]) }
      result = result.located(at: code.tree.range(node), in: code.tree.source)
    }
    result = notingRounds(result, index)
    var depth = frameCount - 1
    var shown = 0
    while depth >= entryDepth, !frames[depth].isEntry || depth > 0 {
      let caller = depth - 1
      guard caller >= 0, !frames[depth].isEntry else { break }
      if shown < 3 { result.addCall(callSite(of: depth)) }
      shown += 1
      depth -= 1
    }
    return result
  }

  private func callSite(of depth: Int) -> Diagnostic.Frame {
    let name = frames[depth].code._withUnsafeGuaranteedRef { $0.name }
    let caller = frames[depth - 1].code._withUnsafeGuaranteedRef { $0 }
    let index = max(0, frames[depth - 1].next - caller.start - 1)
    return Diagnostic.Frame(
      name: name, source: caller.tree.source ?? Source(name: "", text: ""),
      range: caller.tree.range(caller.nodes[index]))
  }

  /// "in round 3 of the repeat in line 7", from the innermost loop outwards.
  private func notingRounds(_ error: Diagnostic, _ index: Int) -> Diagnostic {
    var result = error
    for loop in code.loops where loop.range.contains(index) {
      guard case .number(let round) = (frame.pointee.registers + loop.counter).pointee, round >= 1 else {
        continue
      }
      let line = code.tree.source.map { $0.line(of: code.tree.range(loop.node).start) } ?? 0
      let keyword =
        switch code.tree.kind(loop.node) {
        case .while: "while"
        case .for: "for"
        default: "repeat"
        }
      let isElsewhere = result.source.map { $0.name != code.tree.source?.name } ?? false
      let file = isElsewhere ? code.tree.source.map { " of \($0.name)" } ?? "" : ""
      result = result.noting("in round \(Int(round)) of the \(keyword) in line \(line)\(file)")
    }
    return result
  }

  // MARK: Numbers that do not fit

  /// The error of an operator or a builtin, with its operands by their names.
  private func described(_ error: CoreError, _ node: NodeID, _ instruction: Instruction) -> Diagnostic {
    switch error {
    case .shapesDoNotFit(_, let a, let b): shapesDoNotFit(a, b, node, instruction)
    case .bothStretch(_, let a, let b): bothStretch(a, b, node)
    case .badIndex(let number, let axis, let count): badIndex(number, axis, count, node)
    case .singular(let name, _): Diagnostic(core: error).hinting(singularHint(name, node))
    case .badArgument(let name, let operand, _, _), .wrongShape(let name, let operand, _, _):
      labelled(Diagnostic(core: error), name, operand, node)
    default: Diagnostic(core: error)
    }
  }

  /// The same error at an operand of a builtin's call.
  func labelled(_ error: Diagnostic, _ name: String, _ operand: Int, _ node: NodeID) -> Diagnostic {
    guard let builtin = Builtins.index(of: name).map({ Builtins.table[$0] }),
      code.tree.kind(node) == .call, text(code.tree.child(node, 0)) == name,
      let argument = argumentNode(operand, of: node, builtin)
    else { return error }
    return error.located(at: code.tree.range(argument), in: code.tree.source)
  }

  /// The expression that a builtin's argument was written as.
  func argumentNode(_ index: Int, of call: NodeID, _ builtin: Builtin) -> NodeID? {
    let tree = code.tree
    guard tree.kind(call) == .call else { return nil }
    for (position, child) in tree.children(call).dropFirst().enumerated() {
      let argument = tree.argument(child)
      if let name = argument.name {
        if index < builtin.parameters.count, builtin.parameters[index].name == tree.name(name) {
          return argument.value
        }
      } else if position == index {
        return argument.value
      }
    }
    return nil
  }

  private func shapesDoNotFit(_ a: Shape, _ b: Shape, _ node: NodeID, _ instruction: Instruction)
    -> Diagnostic
  {
    let operands = operandTexts(node)
    guard operands.count >= 2 else {
      return Diagnostic(.error, "shapes do not fit: \(a) and \(b)")
        .hinting(joinHint(node, a, b))
    }
    let (left, right) = (operands[0], operands[1])
    var result = Diagnostic(.error, "shapes do not fit: \(left.phrase) is \(a), \(right.phrase) is \(b)")
    result = result.located(at: code.tree.range(node), in: code.tree.source)
    result = result.labelled(left.range, "\(a)").labelled(right.range, "\(b)")
    if let rule = shapeRule(node, left, right) { return result.hinting(rule) }
    for hint in ShapeHints(
      left: left, right: right, a: a, b: b, isProduct: isProduct(instruction, a, b), flags: flags(instruction)
    ).lines {
      result = result.hinting(hint)
    }
    return result
  }

  /// The rule of what is neither a product nor goes element by element.
  private func shapeRule(_ node: NodeID, _ left: OperandText, _ right: OperandText) -> String? {
    // `A += B` is a statement.
    guard [.binary, .call].contains(code.tree.kind(node)) else { return nil }
    if case .binary(.leftDivide, _, _) = code.tree.expression(node) {
      return "\(left.factor) \\ \(right.factor) needs as many rows in \(right.phrase) as in \(left.phrase)"
    }
    guard case .call(let callee, _) = code.tree.expression(node) else { return nil }
    switch text(callee) {
    case "bce", "mse", "crossentropy": return "a cost compares element by element: both shapes must be equal"
    default: return nil
    }
  }

  /// What there is for a matrix without an inverse.
  private func singularHint(_ name: String, _ node: NodeID) -> String? {
    switch code.tree.expression(node) {
    case .binary(.leftDivide, _, _):
      let operands = operandTexts(node)
      return "pinv(\(operands[0].phrase))*\(operands[1].factor) is the solution of least norm"
    case .call where name == "inv": return "pinv gives its pseudoinverse"
    default: return nil
    }
  }

  private func joinHint(_ node: NodeID, _ a: Shape, _ b: Shape) -> String? {
    switch code.tree.kind(node) {
    case .matrixRow: "[a, b] needs as many rows in both: \(a.rows) and \(b.rows) here"
    case .matrix: "[a; b] needs as many columns in both: \(a.columns) and \(b.columns) here"
    default: nil
    }
  }

  private func isProduct(_ instruction: Instruction, _ a: Shape, _ b: Shape) -> Bool {
    switch instruction.opcode {
    case .product: true
    default: instruction.opcode.isMultiply && instruction.setting & 1 == 0 && !a.isScalar && !b.isScalar
    }
  }

  private func flags(_ instruction: Instruction) -> Int {
    instruction.opcode == .product ? Int(instruction.setting) : 0
  }

  private func bothStretch(_ a: Shape, _ b: Shape, _ node: NodeID) -> Diagnostic {
    let operands = operandTexts(node)
    guard operands.count >= 2 else { return Diagnostic(.error, "shapes do not fit: \(a) and \(b)") }
    let (left, right) = (operands[0], operands[1])
    let column = a.columns == 1 ? left : right
    let row = a.columns == 1 ? right : left
    return Diagnostic(
      .error,
      "shapes do not fit: \(left.phrase) is \(a), \(right.phrase) is \(b), and both would have to stretch"
    )
    .located(at: code.tree.range(node), in: code.tree.source)
    .labelled(left.range, "\(a)").labelled(right.range, "\(b)")
    .hinting("\(column.factor)*\(row.factor) is the outer product, every element with every other")
    .hinting(a.transposed == b ? "\(left.transposed) has the shape of \(right.phrase)" : nil)
  }

  private func badIndex(_ number: Scalar, _ axis: Int, _ count: Int, _ node: NodeID) -> Diagnostic {
    let things = axis == 0 ? "row" : axis == 1 ? "column" : "element"
    let base = code.tree.kind(node) == .index ? text(code.tree.child(node, 0)) : "it"
    let written = display.text(number)
    if number.rounded() != number {
      return Diagnostic(.error, "a subscript is a whole number, and this is \(written)")
    }
    let range = count == 0 ? "\(base) has none" : "\(base) has \(plural(count, things)), counted from 1"
    let error = Diagnostic(.error, "\(base) has no \(things) \(written)")
    if base == "args", count == 0 { return error.hinting("the script got no arguments") }
    if number < 0, count > 0 {
      let place = axis == 0 ? "\(base)[end, :]" : axis == 1 ? "\(base)[:, end]" : "\(base)[end]"
      return error.hinting(range).hinting("the last is \(place)")
    }
    return error.hinting(range)
      .hinting(number == Scalar(count + 1) ? growthHint(base, axis) : nil)
  }

  /// What a variable is written as with one more element, row or column at its end.
  private func growthHint(_ base: String, _ axis: Int) -> String? {
    guard let variable = variable(base, in: callingScopes) else { return nil }
    let value = place(of: variable).pointee
    let tree = code.tree
    let isWhole = axis == 2 || tree.children(nodeAtPlay).dropFirst().contains { tree.kind($0) == .colon }
    let assigned = assignedNode.map { text($0) }.flatMap { isShort($0) && isWhole ? $0 : nil }
    let new = assigned ?? (axis == 0 ? "row" : axis == 1 ? "column" : base == "x" ? "y" : "x")
    let described = assigned == nil && axis < 2 ? "another \(new)" : new
    if case .list = value { return "append(\(base), \(new)) is \(base) with \(new) at its end" }
    guard let shape = value.shape else { return nil }
    // Reading past the last row or column is a slip; who writes there wants another.
    if axis < 2, assignedNode == nil { return nil }
    let isBelow = axis == 0 || axis == 2 && shape.columns == 1 && shape.rows > 1
    let end = axis == 2 ? "at its end" : axis == 0 ? "below" : "at its right"
    return "[\(base)\(isBelow ? ";" : ",") \(new)] is \(base) with \(described) \(end)"
  }

  /// The right side of the assignment whose target is at play.
  var assignedNode: NodeID? {
    let target = nodeAtPlay
    guard let assignment = parent(of: target, .assign), code.tree.child(assignment, 0) == target else {
      return nil
    }
    return code.tree.child(assignment, 1)
  }

  // MARK: Operands as text

  /// An operand as a message speaks of it.
  struct OperandText {
    let range: SourceRange
    /// The text, where it is short; else "the left side".
    let phrase: String
    /// The text, in parentheses where it needs them in a product; what is between brackets left out of a long one.
    let factor: String

    /// The text of what it is transposed.
    var transposed: String { factor.hasSuffix("'") ? String(factor.dropLast()) : factor + "'" }
  }

  private func operandTexts(_ node: NodeID) -> [OperandText] {
    let tree = code.tree
    var nodes: [NodeID]
    switch tree.kind(node) {
    case .binary, .compoundAssign: nodes = [tree.child(node, 0), tree.child(node, 1)]
    case .call: nodes = tree.children(node).dropFirst().map { tree.argument($0).value }
    case .matrixRow, .matrix: return []
    default: return []
    }
    if nodes.count > 2 { nodes = Array(nodes.prefix(2)) }
    let names =
      tree.kind(node) == .call
      ? ["the first argument", "the second argument"] : ["the left side", "the right side"]
    return nodes.enumerated().map { position, node in
      let text = text(node)
      let isShort = isShort(text)
      let isSimple = [.name, .number, .call, .index, .field, .transpose, .matrix].contains(tree.kind(node))
      return OperandText(
        range: tree.range(node), phrase: isShort ? text : names[position],
        factor: !isShort ? outline(node) : isSimple || text.hasPrefix("(") ? text : "(\(text))")
    }
  }

  /// A long operand as a formula in a message shows it.
  private func outline(_ node: NodeID) -> String {
    let tree = code.tree
    switch tree.kind(node) {
    case .matrix: return "[…]"
    case .transpose: return outline(tree.child(node, 0)) + "'"
    case .call, .index:
      let base = text(tree.child(node, 0))
      guard isShort(base) else { return "(…)" }
      return base + (tree.kind(node) == .call ? "(…)" : "[…]")
    default: return "(…)"
    }
  }

  /// Whether a message can hold a piece of source text in the middle of a sentence.
  func isShort(_ text: String) -> Bool { text.count <= 24 && !text.contains("\n") }

  func text(_ node: NodeID) -> String {
    guard let source = code.tree.source else { return code.tree.printed(node) }
    return source.text(code.tree.range(node))
  }

  // MARK: Names without values

  /// What a library's function or number is here, for the `np` in `np.dot(A, B)` or `np.pi`.
  private func withoutModule(_ module: NodeID) -> String? {
    let tree = code.tree
    guard NeighbourSpelling.isModule(module, in: tree), var node = parent(of: module, .field) else {
      return nil
    }
    // np.random.randn, torch.nn.functional.relu
    while let outer = parent(of: node, .field) { node = outer }
    guard case .field(_, let id) = tree.expression(node) else { return nil }
    let name = tree.name(id)
    if let call = parent(of: node, .call), tree.child(call, 0) == node,
      let text = NeighbourSpelling.moduleCallText(call, in: tree)
    {
      return "here it is \(text)"
    }
    if let hint = NeighbourSpelling.hint(forName: name) { return hint }
    if let builtin = Builtins.index(of: name) { return "here it is \(Builtins.table[builtin].signature)" }
    return Builtins.value(named: name) == nil ? nil : "here it is \(name)"
  }

  /// The node of a kind that a node is part of.
  private func parent(of node: NodeID, _ kind: NodeKind) -> NodeID? {
    let tree = code.tree
    return tree.nodes.indices.lazy.map { NodeID(Int32($0)) }
      .first { tree.kind($0) == kind && tree.children($0).contains(node) }
  }

  func undefined(_ node: NodeID) -> Diagnostic {
    let tree = code.tree
    guard tree.kind(node) == .name, let id = tree.nameID(node) else {
      switch tree.kind(node) {
      case .assign, .expression, .return, .transpose:
        return undefined(tree.child(node, tree.childCount(node) - 1))
      case .call: return callWithoutValue(node)
      default: break
      }
      if tree.kind(node) == .param, let id = tree.nameID(node) {
        return undefined(name: tree.name(id)).located(at: tree.range(node), in: tree.source)
          .hinting("param \(tree.name(id)) = … gives it a value")
      }
      return Diagnostic(.error, "this has no value").located(at: tree.range(node), in: tree.source)
    }
    if let spelling = withoutModule(node) {
      return Diagnostic(.error, "\(tree.name(id)) is not defined").hinting(spelling)
        .located(at: tree.range(node), in: tree.source)
    }
    let unquoted =
      unquotedPath(node).map { "the name of a file stands in quotes: \"\($0)\"" }
      ?? unquotedNotation(node).map { "a notation stands in quotes: \($0)" }
    if let unquoted {
      return Diagnostic(.error, "\(tree.name(id)) is not defined").hinting(unquoted)
        .located(at: tree.range(node), in: tree.source)
    }
    return undefined(name: tree.name(id)).located(at: tree.range(node), in: tree.source)
  }

  /// `as = "numpy"`, for an argument `as = numpy`.
  private func unquotedNotation(_ node: NodeID) -> String? {
    let tree = code.tree
    for index in tree.nodes.indices where tree.kind(NodeID(Int32(index))) == .argument {
      let argument = tree.argument(NodeID(Int32(index)))
      if argument.value == node, let name = argument.name, tree.name(name) == "as" {
        return "as = \"\(text(node))\""
      }
    }
    return nil
  }

  /// `t.csv`, for the `t` in it.
  private func unquotedPath(_ node: NodeID) -> String? {
    let tree = code.tree
    for index in tree.nodes.indices {
      let field = NodeID(Int32(index))
      guard tree.kind(field) == .field, case .field(let base, let name) = tree.expression(field), base == node
      else { continue }
      let path = text(field)
      return tree.name(name) == "nn" || FileFormat.named(path) != nil ? path : nil
    }
    return nil
  }

  private func callWithoutValue(_ node: NodeID) -> Diagnostic {
    Diagnostic(.error, "\(text(code.tree.child(node, 0))) returns nothing, and a value is needed here")
      .located(at: code.tree.range(node), in: code.tree.source)
  }

  func undefined(name: String) -> Diagnostic {
    if code.localNames.contains(name) {
      let isOutside = globals.value(of: name) != nil
      return Diagnostic(.error, "\(name) has no value yet in \(code.name)")
        .hinting(isOutside ? "\(code.name) assigns \(name), so it does not see the \(name) outside" : nil)
    }
    return Diagnostic(.error, "\(name.shortened) is not defined")
      .hinting(columnHint(name) ?? NameHints.hint(for: name, known: knownNames))
  }

  /// Of a name that a column of a table has: quotes were left out, or the table.
  private func columnHint(_ name: String) -> String? {
    for slot in 0..<globals.count {
      guard case .table(let table) = globals[slot].pointee, table.names.contains(name) else { continue }
      return
        "\(globals.names[slot]) has a column of that name: \"\(name)\" in a call, or \(globals.names[slot]).\(name)"
    }
    return nil
  }

  /// The same where no code is running.
  func undefinedGlobal(_ name: String) -> Diagnostic {
    let known = (0..<globals.count).filter { !globals[$0].pointee.isNothing }.map { globals.names[$0] }
    return Diagnostic(.error, "\(name) is not defined").hinting(NameHints.hint(for: name, known: known))
  }

  func undefinedFunction(_ name: String) -> Diagnostic {
    Diagnostic(.error, "there is no function \(name.shortened)").hinting(
      NameHints.hint(for: name, known: knownNames))
  }

  private var knownNames: [String] {
    var names = code.localNames + Builtins.names
    for slot in 0..<globals.count where !globals[slot].pointee.isNothing { names.append(globals.names[slot]) }
    return names
  }

  func notCallable(_ value: Value, _ node: NodeID?) -> Diagnostic {
    let name = node.map { text($0) } ?? "this"
    if value.shape != nil || value.list != nil {
      let arguments = subscriptText()
      if arguments.isEmpty {
        return Diagnostic(.error, "\(name) is \(value.kindWithArticle), not a function")
      }
      return Diagnostic(.error, "\(name) is \(value.kindWithArticle), not a function")
        .hinting("elements are picked with brackets: \(name)[\(arguments)]")
    }
    let error = Diagnostic(.error, "\(name) is \(value.kindWithArticle), not a function")
    guard case .object(let object) = value, object is Network else { return error }
    return error.hinting(
      "predict(\(name), X) gives what it computes; forward(\(name), X) keeps every layer for backward")
  }

  private func subscriptText() -> String {
    let node = nodeAtPlay
    guard code.tree.kind(node) == .call else { return "…" }
    return code.tree.children(node).dropFirst().map { text($0) }.joined(separator: ", ")
  }

  // MARK: Values of the wrong kind

  /// The error for operands of which one at least is not numeric.
  func notNumeric(_ slots: Slot...) -> Diagnostic {
    let node = nodeAtPlay
    let nodes = operandNodesForMessages(node)
    for (position, slot) in slots.enumerated() where slot.pointee.shape == nil {
      let operand = position < nodes.count ? nodes[position] : node
      if slot.pointee.isNothing { return undefined(operand) }
      let isCall = code.tree.kind(node) == .call
      let needed = isCall ? "\(text(code.tree.child(node, 0))) needs numbers" : "numbers are needed here"
      let error = Diagnostic(.error, "\(needed), and this is \(slot.pointee.kindWithArticle)")
        .located(at: code.tree.range(operand), in: code.tree.source)
      if case .text = slot.pointee {
        let isSum = code.tree.kind(node) == .binary && code.tree.isSum(node)
        return error.hinting(isSum ? "\"{a}{b}\" joins values into a string" : nil)
      }
      switch slot.pointee {
      case .table: return error.hinting("matrix(t) makes a matrix of a table's numbers")
      case .list: return error.hinting("matrix(xs) makes a row of a list's numbers")
      case .function where !isCall: return error.hinting("a function is called: f(x)")
      default: return error
      }
    }
    return Diagnostic(.error, "numbers are needed here")
  }

  private func operandNodesForMessages(_ node: NodeID) -> [NodeID] {
    let tree = code.tree
    switch tree.kind(node) {
    case .binary, .compoundAssign: return [tree.child(node, 0), tree.child(node, 1)]
    case .unary, .transpose: return [tree.child(node, 0)]
    case .call: return tree.children(node).dropFirst().map { tree.argument($0).value }
    case .range: return Array(tree.children(node))
    default: return [node]
    }
  }

  // MARK: Calls

  func checkCount(_ count: Int, of code: Code) throws(Diagnostic) {
    if count >= code.requiredParameters, count <= code.parameters.count { return }
    throw wrongCount(
      code.name, count, required: code.requiredParameters, most: code.parameters.count,
      names: code.parameters.map(\.name))
  }

  func wrongCount(_ builtin: Builtin, _ count: Int) -> Diagnostic {
    wrongCount(
      builtin.name, count, required: builtin.requiredCount,
      most: builtin.takesMore ? nil : builtin.parameters.count,
      names: builtin.parameters.map(\.name)
    ).hinting(builtin.signature)
  }

  private func wrongCount(_ name: String, _ count: Int, required: Int, most: Int?, names: [String])
    -> Diagnostic
  {
    let wanted: String
    if let most {
      wanted = required == most ? plural(most, "argument") : "\(required) to \(plural(most, "argument"))"
    } else {
      wanted = "at least \(plural(required, "argument"))"
    }
    let list = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    return Diagnostic(.error, "\(name) takes \(wanted)\(list), not \(count)")
  }

  /// The end of work by an interrupt or a limit.
  func stop() throws(Diagnostic) {
    if resources.cancellation.isRaised { throw Diagnostic(.interrupt, "interrupted") }
    throw Diagnostic(.error, "the program took more steps than it may")
  }

  /// `dW1 = ?`
  func hole(_ name: Int) throws(Diagnostic) {
    hasHoles = true
    for line in try answerHole(code.strings[name]) { host.write(line + "\n") }
  }
}
