import NNCore

/// An operand on its way to an operation: its value, and the text it was written as, which tells the graph where
/// it came from.
struct TracedValue {
  var value: Value
  /// The expression in the running code; nil where there is none to tell.
  var node: NodeID?
}

// Operations by their rows: the one way from values to values for everything that the graph can differentiate.
extension Machine {
  /// Whether a place may hold a value that the graph knows.
  @inline(__always)
  func mayBeTracked(_ place: Slot) -> Bool { place.isMatrix && !place.uncheckedHeader.pointee.node.isPlain }

  /// The result of an operation, recorded if it depends on a param.
  ///
  /// - Throws: a diagnostic without a place, where shapes do not fit or a value is outside the domain.
  func apply(_ id: OperationID, _ attributes: Attributes = .none, _ inputs: [TracedValue]) throws(Diagnostic)
    -> Value
  {
    var values = inputs.map(\.value)
    let (result, isTracked) = try values.withUnsafeMutableBufferPointer { buffer throws(Diagnostic) in
      try compute(id, attributes, buffer)
    }
    guard isTracked else { return result.unboxed }
    let matrix = try boxed(result)
    if let mark = try inheritedMark(inputs.lazy.map(\.value)) {
      matrix.storage.node = mark
      return .matrix(matrix)
    }
    noteOrigin()
    let isRecorded = tape.record(id, attributes, inputs.map { trace($0) }, result: matrix)
    return isRecorded || !matrix.isScalar ? .matrix(matrix) : result.unboxed
  }

  private func needsNumbers(_ id: OperationID, _ value: Value, _ index: Int) -> Diagnostic {
    let name = Operation[id].name
    var error = Diagnostic(.error, "\(name) needs numbers, and this is \(value.kindWithArticle)")
    if case .table = value { error = error.hinting("matrix(t) makes a matrix of a table's numbers") }
    return labelled(error, name, index, nodeAtPlay)
  }

  private func compute(
    _ id: OperationID, _ attributes: Attributes, _ values: UnsafeMutableBufferPointer<Value>
  )
    throws(Diagnostic) -> (Value, isTracked: Bool)
  {
    var operands: [Operand] = []
    var isTracked = false
    for index in values.indices {
      guard let base = values.baseAddress, let operand = operand(base + index) else {
        throw needsNumbers(id, values[index], index)
      }
      operands.append(operand)
      if mayBeTracked(base + index) { isTracked = true }
    }
    let result = try operands.withUnsafeBufferPointer { operands throws(Diagnostic) in
      try throwingDiagnostics { () throws(CoreError) in
        try Operation.compute(id, operands, attributes, in: resources)
      }
    }
    return (.matrix(result), isTracked)
  }

  private func boxed(_ value: Value) throws(Diagnostic) -> Matrix {
    switch value {
    case .matrix(let matrix): return matrix
    case .number(let number):
      return try throwingDiagnostics { () throws(CoreError) in
        try Matrix(repeating: number, .scalar, in: resources)
      }
    default: throw Diagnostic(.error, "a number is needed, and this is \(value.kindWithArticle)")
    }
  }

  // MARK: Recording

  func recordUnary(
    _ id: OperationID, _ attributes: Attributes, _ instruction: Instruction, _ a: Slot, _ b: Slot
  )
    throws(Diagnostic)
  {
    guard let operand = operand(b) else { throw notNumeric(b) }
    let matrix = try throwingDiagnostics { () throws(CoreError) -> Matrix in
      let result = try Matrix(uninitialized: operand.shape, in: resources)
      try Operation.computeUnary(id, operand, into: result.mutablePointer, in: resources)
      return result
    }
    if isMarked(b) {
      matrix.storage.node = b.uncheckedStorage.node
      return try store(.matrix(matrix), in: instruction.a, a)
    }
    let isRecorded = tape.record(
      id, attributes, input(instruction.b, b, isFirst: true), result: matrix)
    try store(
      isRecorded || !matrix.isScalar ? .matrix(matrix) : .number(matrix.pointer[0]), in: instruction.a, a)
  }

  func recordBinary(
    _ id: OperationID, _ attributes: Attributes, _ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot
  ) throws(Diagnostic) {
    guard let left = operand(b), let right = operand(c) else { throw notNumeric(b, c) }
    let matrix = try throwingDiagnostics { () throws(CoreError) -> Matrix in
      if id == .product {
        let flags = attributes.first
        let shape = try Operation.productShape(left.shape, right.shape, flags)
        let result = try Matrix(uninitialized: shape, in: resources)
        try Operation.computeProduct(left, right, flags, into: result.mutablePointer, shape, in: resources)
        return result
      }
      let shape = try Operation.elementwiseShape(id, left.shape, right.shape)
      let result = try Matrix(uninitialized: shape, in: resources)
      try Operation.computeBinary(id, left, right, into: result.mutablePointer, shape, in: resources)
      return result
    }
    noteOrigin()
    let (x, y) = (knownPlace(instruction.b, b), knownPlace(instruction.c, c))
    if x >= 0, y >= 0 {
      tape.record(id, attributes, x, y, result: matrix)
      return try store(.matrix(matrix), in: instruction.a, a)
    }
    if isMarked(b) || isMarked(c), let mark = try inheritedMark([b.pointee, c.pointee]) {
      matrix.storage.node = mark
      return try store(.matrix(matrix), in: instruction.a, a)
    }
    let isRecorded = tape.record(
      id, attributes, input(instruction.b, b, isFirst: true), input(instruction.c, c, isFirst: false),
      result: matrix)
    if !isRecorded, matrix.isScalar {
      try store(.number(matrix.pointer[0]), in: instruction.a, a)
    } else {
      try store(.matrix(matrix), in: instruction.a, a)
    }
  }

  /// The place on the tape of an operand that is there already or is a literal; -1 for all others.
  @inline(__always)
  private func knownPlace(_ place: Place, _ slot: Slot) -> Int32 {
    if slot.isNumber {
      let isLiteral = frame.pointee.code._withUnsafeGuaranteedRef { $0.isConstant(place) }
      return isLiteral ? tape.place(ofLiteral: slot.uncheckedNumber) : -1
    }
    return tape.place(slot.uncheckedStorage.node, slot.storageAddress, slot.uncheckedStorage.shape)
  }

  /// Lets the tape keep with what it records now which statement runs.
  @inline(__always)
  private func noteOrigin() {
    if frameCount > 0, !lastOrigin.holds(frame.pointee) { findOrigin() }
  }

  private func findOrigin() {
    let statement = code.statement(at: instructionAtPlay)
    tape.origin = statement.map { Int32(code.firstStatement + $0) } ?? -1
    lastOrigin = StatementInPlay(frame.pointee, statement.map { code.statements[$0].range } ?? 0..<0)
  }

  @inline(__always)
  private func isMarked(_ slot: Slot) -> Bool {
    slot.isMatrix && slot.uncheckedStorage.node.markingStatement != nil
  }

  /// What the tape keeps of an operand of the running instruction. Of literals and of what is on the tape already it
  /// needs no more than the value; where other operands came from is told by the text.
  @inline(__always)
  private func input(_ place: Place, _ slot: Slot, isFirst: Bool) -> TapeInput {
    if slot.isNumber {
      if frame.pointee.code._withUnsafeGuaranteedRef({ $0.isConstant(place) }) {
        return .literal(slot.uncheckedNumber)
      }
    } else if slot.isMatrix, !slot.uncheckedStorage.node.isNone {
      let matrix = Matrix(storage: slot.uncheckedStorage)
      if tape.isFresh(matrix) { return .matrix(matrix) }
    }
    let nodes = operandNodes(nodeAtPlay)
    return trace(TracedValue(value: slot.pointee, node: isFirst ? nodes.first : nodes.last))
  }

  func traced(_ place: Place, _ slot: Slot) -> TracedValue { traced(place, slot.pointee) }

  /// A value together with the text of the operand that `place` is in the running instruction.
  func traced(_ place: Place, _ value: Value) -> TracedValue {
    let instruction = code[instructionAtPlay]
    let nodes = operandNodes(nodeAtPlay)
    return TracedValue(value: value, node: place == instruction.b ? nodes.first : nodes.last)
  }

  /// The expressions of an instruction's operands.
  private func operandNodes(_ node: NodeID) -> [NodeID] {
    let tree = code.tree
    switch tree.kind(node) {
    case .binary, .compoundAssign:
      return [
        withoutTranspose(tree.child(node, 0), isLeft: true),
        withoutTranspose(tree.child(node, 1), isLeft: false),
      ]
    case .unary, .transpose: return [tree.child(node, 0)]
    case .call: return tree.children(node).dropFirst().map { tree.argument($0).value }
    default: return []
    }
  }

  /// What is transposed, where the instruction itself does that.
  private func withoutTranspose(_ node: NodeID, isLeft: Bool) -> NodeID {
    let instruction = code[instructionAtPlay]
    let isDone =
      instruction.opcode == .product
      || (instruction.opcode == .leftDivide && instruction.setting == 1 && isLeft)
    return isDone && code.tree.kind(node) == .transpose ? code.tree.child(node, 0) : node
  }

  // MARK: Where operands come from

  /// What the tape keeps of an operand. Of data that was computed in the statement itself, as the `1 - Y` and the
  /// `1/m` of a cost, it keeps how: the printed gradient is to say `/m`, and simplification to see `1 - Y`.
  func trace(_ input: TracedValue) -> TapeInput {
    switch input.value {
    case .matrix(let matrix):
      if let node = input.node, matrix.storage.node.isNone { noteData(matrix, node) }
      let variable = input.node.flatMap(variableNumber)
      let expression = variable == nil ? input.node?.rawValue : nil
      return .matrix(matrix, variable: variable ?? -1, expression: expression ?? -1)
    case .number(let number):
      guard let node = input.node, let known = traceNumber(node, depth: 0),
        known.value.bitPattern == number.bitPattern
      else { return .number(number, expression: input.node?.rawValue ?? -1) }
      return known.input
    default: return .number(.nan)
    }
  }

  /// A number by its text: a literal, a variable, or arithmetic on those.
  private func traceNumber(_ node: NodeID, depth: Int) -> (input: TapeInput, value: Scalar)? {
    guard depth < 8 else { return nil }
    let tree = code.tree
    switch tree.expression(node) {
    case .number(let number): return (.literal(number), number)
    case .name:
      guard let slot = variableSlot(node), slot.isNumber else { return nil }
      return (.number(slot.uncheckedNumber, variable: variableNumber(node) ?? -1), slot.uncheckedNumber)
    case .unary(.minus, let operand):
      guard let inner = traceNumber(operand, depth: depth + 1) else { return nil }
      if tree.kind(operand) == .number { return (.literal(-inner.value), -inner.value) }
      let number = Operation.scalar(.negate, inner.value)
      return (.node(tape.note(.negate, .none, [inner.input], number: number), number), number)
    case .binary(let operation, let left, let right):
      guard let id = operation.elementwiseOperation, let a = traceNumber(left, depth: depth + 1),
        let b = traceNumber(right, depth: depth + 1)
      else { return nil }
      let number = Operation.scalar(id, a.value, b.value)
      return (.node(tape.note(id, .none, [a.input, b.input], number: number), number), number)
    case .call(let callee, let arguments):
      return traceSize(callee, arguments).map { (.number($0), $0) } ?? traceFunction(callee, arguments, depth)
    default: return nil
    }
  }

  /// `columns(X)` and `rows(X)` of a variable.
  private func traceSize(_ callee: NodeID, _ arguments: NodeList) -> Scalar? {
    let tree = code.tree
    guard arguments.count == 1, tree.kind(callee) == .name, let name = tree.nameID(callee).map(tree.name),
      let slot = variableSlot(tree.argument(arguments[arguments.startIndex]).value), slot.isMatrix
    else { return nil }
    let shape = slot.uncheckedStorage.shape
    return name == "columns" ? Scalar(shape.columns) : name == "rows" ? Scalar(shape.rows) : nil
  }

  /// `sqrt(2)`: a function of a number.
  private func traceFunction(_ callee: NodeID, _ arguments: NodeList, _ depth: Int) -> (
    input: TapeInput, value: Scalar
  )? {
    let tree = code.tree
    guard arguments.count == 1, !hasShadowedBuiltins, tree.kind(callee) == .name,
      let builtin = tree.nameID(callee).map(tree.name).flatMap(Builtins.index(of:)),
      let inlined = Builtins.table[builtin].inlined, inlined.operands == 1,
      let argument = traceNumber(tree.argument(arguments[arguments.startIndex]).value, depth: depth + 1)
    else { return nil }
    let number = Operation.scalar(inlined.id, argument.value)
    let handle = tracking.tape.note(inlined.id, .none, [argument.input], number: number)
    return (.node(handle, number), number)
  }

  /// Notes how a data matrix was computed, where its text is one elementwise operator on variables and numbers.
  private func noteData(_ matrix: Matrix, _ node: NodeID) {
    guard case .binary(let operation, let left, let right) = code.tree.expression(node),
      let id = operation.elementwiseOperation, let a = traceOperand(left), let b = traceOperand(right)
    else { return }
    if operation == .multiply, a.isMatrix, b.isMatrix { return }
    tape.note(id, .none, [a, b], result: matrix)
  }

  private func traceOperand(_ node: NodeID) -> TapeInput? {
    if let slot = variableSlot(node), case .matrix(let matrix) = slot.pointee {
      return .matrix(matrix, variable: variableNumber(node) ?? -1)
    }
    return traceNumber(node, depth: 0)?.input
  }

  /// The variable that holds a list now and is assigned what the call at play makes of it: xs in `xs = f(xs)`.
  func variableReplaced(by value: Value) -> Slot? {
    let call = nodeAtPlay
    guard let statement = code.statement(at: instructionAtPlay), case .list(let list) = value else {
      return nil
    }
    let node = code.statements[statement].node
    guard case .assign(let target, let result) = code.tree.statement(node), result == call,
      code.tree.kind(target) == .name, let slot = variableSlot(target), case .list(let held) = slot.pointee,
      held.storage === list.storage
    else { return nil }
    return slot
  }

  /// The place of the variable that an expression is; nil where it is none.
  private func variableSlot(_ node: NodeID) -> Slot? {
    guard let place = variablePlace(node) else { return nil }
    return frame.pointee.registers + place.offset
  }

  private func variablePlace(_ node: NodeID) -> Place? {
    guard code.tree.kind(node) == .name, let id = code.tree.nameID(node) else { return nil }
    let name = code.tree.name(id)
    if let register = code.localNames.firstIndex(of: name) { return Place(offset: register) }
    guard !code.isFunction, let slot = globals.existingSlot(of: name) else { return nil }
    return Place(offset: -1 - slot)
  }

  /// A number for the graph that tells variables apart: globals by slot, locals by register above them.
  private func variableNumber(_ node: NodeID) -> Int32? {
    variablePlace(node).map {
      $0.isGlobalVariable ? Int32($0.slot) : 1 << 24 + Int32(truncatingIfNeeded: $0.offset)
    }
  }
}

extension Value {
  /// A number as numbers are kept, where it is an untracked 1×1.
  var unboxed: Value {
    if case .matrix(let matrix) = self, matrix.isScalar { return .number(matrix.pointer[0]) }
    return self
  }
}

extension BinaryOperator {
  /// The elementwise operation of an operator on numbers.
  var elementwiseOperation: OperationID? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply, .elementMultiply: .multiply
    case .divide, .elementDivide: .divide
    case .power, .elementPower: .power
    default: nil
    }
  }
}

/// The instructions of the statement that the machine recorded something in last, so that the next operation of the
/// same statement need not look for it.
struct StatementInPlay {
  private var first: UnsafePointer<Instruction>?
  private var count = 0

  init() {}

  init(_ frame: Frame, _ range: Range<Int>) {
    first = frame.code._withUnsafeGuaranteedRef { $0.start } + range.lowerBound
    count = range.count
  }

  /// Whether a frame is at one of them.
  @inline(__always)
  func holds(_ frame: Frame) -> Bool {
    guard let first else { return false }
    let distance = frame.next - first - 1
    return distance >= 0 && distance < count
  }
}
