import NNCore

// Assignment: a variable that is a param, a value that remembers how it was computed, a name of a builtin.
extension Machine {
  /// Whether a place is a variable, not a temporary.
  @inline(__always)
  func isVariable(_ place: Place) -> Bool {
    place.offset < frame.pointee.code._withUnsafeGuaranteedRef { $0.localCount }
  }

  /// Puts a value where an instruction wants it.
  ///
  /// - Throws: where the place is a param and the value does not have its shape.
  @inline(__always)
  func store(_ value: consuming Value, in place: Place, _ slot: Slot) throws(Diagnostic) {
    if isVariable(place) {
      try assign(value, to: place, slot)
    } else {
      slot.pointee = value
    }
  }

  private func assign(_ value: consuming Value, to place: Place, _ slot: Slot) throws(Diagnostic) {
    if case .nothing = value { throw Diagnostic(.error, "the right side has no value to give") }
    if let note = existingNote(place) {
      if note.pointee.isParam { return try setParam(note, value, slot) }
      note.pointee.slice = Slices.none
    }
    switch value {
    case .matrix(let matrix):
      if !matrix.storage.node.isNone { noteSlice(of: matrix, place) }
    case .function: if place.isGlobalVariable { noteShadowing(place.slot) }
    default: break
    }
    slot.pointee = value
    if tape.needsSweep { sweepTape() }
  }

  func move(_ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) {
    if b.pointee.isNothing { throw undefined(nodeAtPlay) }
    try store(b.pointee, in: instruction.a, a)
  }

  /// Gives a global variable a value from outside; nothing takes it away.
  func setGlobal(_ name: String, _ value: Value) {
    let slot = globals.slot(of: name)
    let note = globals.notes + slot
    if note.pointee.isParam {
      if (try? setParam(note, value, globals[slot])) != nil { return }
      tracking.endParam(note.pointee.param)
    }
    note.pointee = VariableNote()
    switch value {
    case .function: noteShadowing(slot)
    case .matrix(let matrix): tape.takeOver(matrix.storage)
    // A variable is cleared for the memory it takes; replays hold some of that.
    case .nothing: replays.removeAll()
    default: break
    }
    globals[slot].pointee = value
  }

  private func noteShadowing(_ slot: Int) {
    if Builtins.index(of: globals.names[slot]) != nil { hasShadowedBuiltins = true }
  }

  // MARK: Notes

  /// The notes on a variable, where there are any.
  @inline(__always)
  func existingNote(_ place: Place) -> UnsafeMutablePointer<VariableNote>? {
    if place.isGlobalVariable { return globals.notes + place.slot }
    guard let notes = frame.pointee.notes else { return nil }
    return notes + place.offset
  }

  /// The notes on a variable, made for its frame if need be.
  func note(_ place: Place) -> UnsafeMutablePointer<VariableNote> {
    if let note = existingNote(place) { return note }
    return makeNotes(frameCount - 1) + place.offset
  }

  /// Gives a frame notes on its variables.
  func makeNotes(_ index: Int) -> UnsafeMutablePointer<VariableNote> {
    let count = frames[index].code._withUnsafeGuaranteedRef { $0.localCount }
    let notes = UnsafeMutablePointer<VariableNote>.allocate(capacity: max(1, count))
    notes.initialize(repeating: VariableNote(), count: count)
    frames[index].notes = notes
    frames[index].mayHoldReferences = true  // so that the end of the frame looks at its notes
    return notes
  }

  func paramNote(_ place: Place) -> UnsafeMutablePointer<VariableNote>? {
    guard isVariable(place), let note = existingNote(place), note.pointee.isParam else { return nil }
    return note
  }

  /// The statement that gave a variable its value.
  func noteDefinition(_ instruction: Instruction) {
    let number = Int32(truncatingIfNeeded: code.firstStatement + instruction.b.index)
    let note = note(instruction.a)
    if instruction.setting == 1, note.pointee.definition >= 0, note.pointee.definition != number {
      tracking.definitions.link(number, to: note.pointee.definition)
    }
    note.pointee.definition = number
  }

  /// `dV = …` by the user: the statement is its hand definition, and a step may use it.
  func noteHand(_ instruction: Instruction) {
    noteDefinition(instruction)
    let note = note(instruction.a)
    note.pointee.handStatement = note.pointee.definition
    note.pointee.isNewGradient = true
    note.pointee.isFromBackward = false
  }

  /// `net.dW1 = …` by the user.
  func noteHandField(_ instruction: Instruction, _ object: Slot) {
    guard let network = object.pointee.network,
      let variable = GradientName.variable(of: code.strings[instruction.c.index])
    else { return }
    let number = Int32(truncatingIfNeeded: code.firstStatement + instruction.b.index)
    if instruction.setting == 1, let before = network.state.handStatements[variable], before != number {
      tracking.definitions.link(number, to: before)
    }
    network.state.handStatements[variable] = number
  }

  // MARK: Params

  /// `param P = value`.
  func declareParam(_ place: Place, _ slot: Slot, _ value: Slot) throws(Diagnostic) {
    let matrix = try ownMatrix(value.take())
    let note = note(place)
    if note.pointee.isParam { tracking.endParam(note.pointee.param) }
    let owner: Tracking.Owner =
      place.isGlobalVariable ? .global(place.slot) : .local(frame: frameCount - 1, register: place.offset)
    let number = tracking.newParam(owner)
    note.pointee = VariableNote(param: number)
    matrix.storage.node = tape.paramChanged(number)
    slot.pointee = .matrix(matrix)
  }

  /// A new value for a param: a fresh leaf, whatever it was computed from.
  func setParam(_ note: UnsafeMutablePointer<VariableNote>, _ value: consuming Value, _ slot: Slot)
    throws(Diagnostic)
  {
    guard let shape = value.shape else {
      throw Diagnostic(.error, "a param is numeric, and this is \(value.kindWithArticle)")
    }
    if slot.isMatrix, slot.uncheckedStorage.shape != shape {
      throw paramShape(note.pointee.param, slot.uncheckedStorage.shape, shape)
    }
    let matrix = try ownMatrix(value)
    matrix.storage.node = tape.paramChanged(note.pointee.param)
    slot.pointee = .matrix(matrix)
    if frameCount > 0 { noteChange(of: note.pointee.param) }
  }

  private func paramShape(_ number: Int32, _ shape: Shape, _ given: Shape) -> Diagnostic {
    let name = paramName(number)
    return Diagnostic(.error, "\(name) is a param \(shape), and this is \(given)")
      .hinting("use another name, or declare it anew: param \(name) = …")
  }

  /// Makes the value that a restored param has its present one. What was computed from that very value while it was
  /// present is not known to the graph any more, and counts as stale.
  func reviveParam(_ slot: Int) {
    let note = globals.notes[slot]
    guard case .matrix(let matrix) = globals[slot].pointee else { return }
    if tracking.owners[Int(note.param)] == nil {
      tracking.reown(note.param, .global(slot))
    }
    if tape.isFresh(matrix) { return }
    guard let copy = try? matrix.copy(in: resources) else { return }
    copy.storage.node = tape.paramChanged(note.param)
    globals[slot].pointee = .matrix(copy)
  }

  /// The name of the variable that a param is.
  func paramName(_ number: Int32) -> String {
    switch tracking.owners[Int(number)] {
    case .global(let slot): globals.names[slot]
    case .local(let index, let register):
      frames[index].code._withUnsafeGuaranteedRef { $0.localNames[register] }
    case .held(_, let name): name
    case nil: "the param"
    }
  }

  /// The value as a matrix that nothing else refers to and that no node holds.
  private func ownMatrix(_ value: consuming Value) throws(Diagnostic) -> Matrix {
    switch consume value {
    case .number(let number):
      return try throwingDiagnostics { () throws(CoreError) in
        try Matrix(repeating: number, .scalar, in: resources)
      }
    case .matrix(var matrix):
      tape.forgetLast(matrix)
      return try throwingDiagnostics { () throws(CoreError) in
        try matrix.makeUnique(in: resources)
        matrix.storage.node = .none
        return matrix
      }
    case let other: throw Diagnostic(.error, "a param is numeric, and this is \(other.kindWithArticle)")
    }
  }

  /// `P -= …`: in the param's own buffer, recorded nowhere.
  func updateParam(
    _ note: UnsafeMutablePointer<VariableNote>, _ id: OperationID, _ instruction: Instruction, _ slot: Slot,
    _ left: Operand, _ right: Operand
  ) throws(Diagnostic) {
    let result = try throwingDiagnostics { () throws(CoreError) -> Matrix? in
      let shape = try Operation.elementwiseShape(id, left.shape, right.shape)
      if shape == left.shape, shape.count <= Operation.inPlaceLimit(id), slot.holdsUniqueMatrix {
        try Operation.computeBinary(
          id, left, right, into: slot.uncheckedStorage.elements, shape, in: resources)
        return nil
      }
      let result = try Matrix(uninitialized: shape, in: resources)
      try Operation.computeBinary(id, left, right, into: result.mutablePointer, shape, in: resources)
      return result
    }
    if let result {
      try setParam(note, .matrix(result), slot)
    } else {
      slot.uncheckedStorage.node = tape.paramChanged(note.pointee.param)
      noteChange(of: note.pointee.param)
    }
  }

  /// Ends the params of a frame that is left.
  func forgetParams(of frame: Frame) {
    guard let notes = frame.notes else { return }
    let count = frame.code._withUnsafeGuaranteedRef { $0.localCount }
    for index in 0..<count where notes[index].isParam { tracking.endParam(notes[index].param) }
  }

  // MARK: Slices

  private func noteSlice(of matrix: Matrix, _ place: Place) {
    let code = frame.pointee.code._withUnsafeGuaranteedRef { $0 }
    guard let statement = currentStatement else { return }
    let variable = place.isGlobalVariable ? place.slot : place.offset
    tracking.tape.noteHolder(Int32(truncatingIfNeeded: variable), of: matrix.storage, statement: statement)
    // Only where `forward` can be called for the variable: at the top level, and in functions that call it.
    guard place.isGlobalVariable || code.declaresParams else { return }
    let scope = place.isGlobalVariable ? StatementNumbers.topLevel : code.statementNumbers
    settleResults(of: statement)
    let slice = tracking.assign(matrix, statement: statement, scope: scope)
    guard slice != Slices.none else { return }
    note(place).pointee.slice = slice
    tracking.sources[statement] = code
  }

  /// Of a statement with several results, one may be computed from another: what they are computed by is settled
  /// before the first is assigned, or the statement would seem to have run twice on the way to the other.
  private func settleResults(of statement: Int32) {
    let node = code.statements[Int(statement) - code.firstStatement].node
    guard code.tree.kind(node) == .multiAssign else { return }
    let first = frame.pointee.registers + code[instructionAtPlay].b.offset
    for offset in 0..<code.tree.childCount(node) - 1 where first + offset < stackTop {
      if case .matrix(let matrix) = (first + offset).pointee { tracking.settle(matrix) }
    }
  }

  /// The number of the statement being run; nil between statements.
  var currentStatement: Int32? {
    return code.statement(at: instructionAtPlay).map { Int32(code.firstStatement + $0) }
  }

  /// Objects that variables of a scope hold: networks, whose fields have gradients too.
  func reachableObjects(_ scope: Scope) -> [Object] {
    var objects: [Object] = []
    for index in 0..<variableCount(of: scope) {
      guard case .object(let object) = place(index, in: scope).pointee,
        !objects.contains(where: { $0 === object })
      else { continue }
      objects.append(object)
    }
    return objects
  }

  // MARK: Sweeping

  /// Frees what no variable needs of the tape; the roots are all values that the program can still reach.
  func sweepTape() {
    let tape = tracking.tape
    tape.beginSweep()
    var walk = ReachableMatrices { tape.mark($0) }
    for slot in 0..<globals.count { walk.visit(globals[slot].pointee) }
    forEachRegister { walk.visit($0) }
    for value in extraResults { walk.visit(value) }
    tape.finishSweep()
  }
}

/// Finds every matrix that a value holds, however deep, without recursion; and every list, table and object.
struct ReachableMatrices {
  private let found: (Matrix) -> Void
  private let foundOther: (Value) -> Void
  private var pending: [Value] = []
  private var seen: Set<ObjectIdentifier> = []

  init(_ found: @escaping (Matrix) -> Void, others: @escaping (Value) -> Void = { _ in }) {
    self.found = found
    foundOther = others
  }

  mutating func visit(_ value: Value) {
    switch value {
    case .number, .text, .nothing: return
    case .matrix(let matrix): return found(matrix)
    default: pending.append(value)
    }
    while let value = pending.popLast() { enter(value) }
  }

  private mutating func enter(_ value: Value) {
    switch value {
    case .matrix(let matrix): found(matrix)
    case .list(let list):
      guard seen.insert(ObjectIdentifier(list.storage)).inserted else { return }
      foundOther(value)
      for element in list.elements {
        switch element {
        case .number, .text: continue  // a list may be a million of them
        default: pending.append(element)
        }
      }
    case .function(let function):
      guard seen.insert(ObjectIdentifier(function)).inserted else { return }
      for cell in function.captures { pending.append(cell.value) }
    case .object(let object):
      guard seen.insert(ObjectIdentifier(object)).inserted else { return }
      foundOther(value)
      pending.append(contentsOf: object.reachableValues)
    case .table(let table): if seen.insert(ObjectIdentifier(table)).inserted { foundOther(value) }
    case .number, .text, .nothing: break
    }
  }
}
