import NNCore

// Values as text: interpolation, and what statements show.
extension Machine {
  func format(_ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) {
    let format = code.formats[instruction.c.index]
    if b.pointee.isNothing { throw undefined(slotNode) }
    a.pointee = .string(try display.text(b.pointee, format))
  }

  private var slotNode: NodeID { nodeAtPlay }

  func interpolate(_ first: Slot, count: Int) throws(Diagnostic) -> Value {
    var text = ""
    for offset in 0..<count { text += (first + offset).pointee.string ?? "" }
    return .string(text)
  }

  /// Shows a value under its name; an expression's value has none in a script.
  func echo(_ slot: Slot, _ name: Int) throws(Diagnostic) {
    if slot.pointee.isNothing { return }
    let name = code.strings[name]
    host.write(try display.echo(slot.pointee, name: name, role: role(named: name), width: host.width))
  }

  /// `ans = value`, for expressions at the prompt that have one.
  func answer(_ a: Slot, _ b: Slot) throws(Diagnostic) {
    if b.pointee.isNothing { return }
    if b.isMatrix { tape.takeOver(b.uncheckedStorage) }
    a.pointee = b.pointee
    answers += 1
  }

  /// What a variable is to the graph, for its echo and for `whos`.
  func role(named name: String) -> VariableRole {
    guard let slot = globals.existingSlot(of: name) else { return .data }
    return role(ofSlot: slot)
  }

  func role(ofSlot slot: Int) -> VariableRole {
    let note = globals.notes[slot]
    if note.isParam { return .param }
    if let variable = GradientName.variable(of: globals.names[slot]), globals.value(of: variable) != nil {
      if note.isFromBackward { return .gradient }
      if note.handStatement >= 0 { return .handGradient }
    }
    if case .matrix(let matrix) = globals[slot].pointee, tracking.tape.isFresh(matrix) { return .computed }
    return note.slice != Slices.none ? .computed : .data
  }

  func include(_ path: Int) throws(Diagnostic) {
    guard !code.isFunction else { throw Diagnostic(.error, "include stands only outside functions") }
    let (tree, node) = (code.tree, nodeAtPlay)
    do { try includeHandler(code.strings[path], tree.source?.name ?? "") } catch {
      // An error without a place is about the include itself.
      guard let source = tree.source, error.source != nil else { throw error }
      var error = error
      error.addCall(Diagnostic.Frame(name: nil, source: source, range: tree.range(node)))
      throw error
    }
  }
}

/// What a variable is to the graph.
public enum VariableRole: String, Sendable {
  case data
  case param
  case computed
  case gradient
  /// A gradient whose value came from a line of the user's.
  case handGradient = "hand-written gradient"
}
