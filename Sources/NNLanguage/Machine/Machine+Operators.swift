import NNCore

// What the operators do where not all operands are unboxed numbers.
extension Machine {
  typealias Slot = UnsafeMutablePointer<Value>

  // MARK: Elementwise operations

  /// a = b op c, not all of them unboxed numbers; where to go on.
  func elementwise(_ id: OperationID, _ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, c) = operands(of: place)
    guard let left = operand(b), let right = operand(c) else { throw notNumeric(b, c) }
    if a == b, let note = paramNote(instruction.a) {
      try updateParam(note, id, instruction, a, left, right)
      return place + 1
    }
    if mayBeTracked(b) || mayBeTracked(c) {
      try recordBinary(id, .none, instruction, a, b, c)
      return place + 1
    }
    let shape = try throwingDiagnostics { () throws(CoreError) in
      try Operation.elementwiseShape(id, left.shape, right.shape)
    }
    if shape.isScalar {
      let number = Operation.scalar(id, left.elements[0], right.elements[0])
      try store(.number(number), in: instruction.a, a)
      return place + 1
    }
    if instruction.following > 0, shape.count >= worthFusing, let next = try fuse(place) { return next }
    let spare = isSpare(instruction.b, b, for: shape) ? b : isSpare(instruction.c, c, for: shape) ? c : nil
    let limit = Operation.inPlaceLimit(id)
    let isApart = a != b && a != c
    try compute(shape, instruction.a, a, upTo: limit, spare: spare, isApart: isApart) {
      result throws(CoreError) in
      try Operation.computeBinary(id, left, right, into: result, shape, in: resources)
    }
    return place + 1
  }

  func inlinedBinary(_ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, c) = operands(of: place)
    guard let id = OperationID(rawValue: UInt8(truncatingIfNeeded: instruction.setting)) else {
      return place + 1
    }
    if hasShadowedBuiltins, let function = shadowing(id) {
      try store(call(function, [b.pointee, c.pointee]), in: instruction.a, a)
    } else if a.tag | b.tag | c.tag == 0 {
      a.uncheckedNumber = Operation.scalar(id, b.uncheckedNumber, c.uncheckedNumber)
    } else {
      return try elementwise(id, place)
    }
    return place + 1
  }

  /// a = op b; where to go on.
  func unary(_ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, _) = operands(of: place)
    guard let operand = operand(b) else { throw notNumeric(b) }
    guard instruction.setting != Opcode.plusSetting,
      let id = OperationID(rawValue: UInt8(truncatingIfNeeded: instruction.setting))
    else {
      try store(b.pointee, in: instruction.a, a)
      return place + 1
    }
    if hasShadowedBuiltins, let function = shadowing(id) {
      try store(call(function, b.pointee), in: instruction.a, a)
    } else if mayBeTracked(b) {
      try recordUnary(id, .none, instruction, a, b)
    } else if operand.shape.isScalar {
      let number = Operation.scalar(id, operand.elements[0])
      if a.isNumber { a.uncheckedNumber = number } else { try store(.number(number), in: instruction.a, a) }
    } else {
      let shape = operand.shape
      if instruction.following > 0, shape.count >= worthFusing, let next = try fuse(place) {
        return next
      }
      let spare = isSpare(instruction.b, b, for: shape) ? b : nil
      let limit = Operation.inPlaceLimit(id)
      try compute(shape, instruction.a, a, upTo: limit, spare: spare, isApart: a != b) {
        result throws(CoreError) in
        try Operation.computeUnary(id, operand, into: result, in: resources)
      }
    }
    return place + 1
  }

  /// `*`: by a number element by element, else the matrix product.
  func multiply(_ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, c) = operands(of: place)
    if instruction.setting & 1 == 1 || isScalar(b) || isScalar(c) { return try elementwise(.multiply, place) }
    try product(instruction, a, b, c)
    return place + 1
  }

  /// `/` wants a number on its right.
  func divide(_ place: Next) throws(Diagnostic) -> Next {
    let (instruction, _, _, c) = operands(of: place)
    if instruction.setting & 1 == 0, let divisor = operand(c), !divisor.shape.isScalar {
      throw Diagnostic(.error, "/ divides by a number, and here stands a \(divisor.shape) matrix")
        .hinting("./ divides element by element")
        .hinting("A \\ b solves A*x = b")
    }
    return try elementwise(.divide, place)
  }

  func equality(_ id: OperationID, _ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, c) = operands(of: place)
    if operand(b) != nil, operand(c) != nil { return try elementwise(id, place) }
    if b.pointee.isNothing || c.pointee.isNothing { throw notNumeric(b, c) }
    if let results = try Equality.ofElements(b.pointee, c.pointee, resources.cancellation) {
      let column = try throwingDiagnostics { () throws(CoreError) in
        try Matrix(
          rows: results.count, columns: 1, results.map { $0 == (id == .equal) ? 1 : 0 }, in: resources)
      }
      try store(Value.matrix(column).unboxed, in: instruction.a, a)
      return place + 1
    }
    let areEqual = try Equality.holds(b.pointee, c.pointee, resources.cancellation)
    try store(.truth(areEqual == (id == .equal)), in: instruction.a, a)
    return place + 1
  }

  /// An instruction and the places of its operands; from here on it is the one at play.
  @inline(__always)
  private func operands(of place: Next) -> (Instruction, Slot, Slot, Slot) {
    play(place)
    let registers = frame.pointee.registers
    let instruction = place.pointee
    return (instruction, registers[instruction.a], registers[instruction.b], registers[instruction.c])
  }

  /// Fills a matrix of this shape by `work` and puts it in its place: the matrix that lies there already, if it has
  /// no more than `limit` elements, that of an operand which nothing reads again, or a new one.
  @inline(__always)
  private func compute(
    _ shape: Shape, _ place: Place, _ a: Slot, upTo limit: Int, spare: Slot?, isApart: Bool,
    _ work: (UnsafeMutablePointer<Scalar>) throws(CoreError) -> Void
  ) throws(Diagnostic) {
    if shape.count <= limit, let room = room(in: a, for: shape) {
      return try throwingDiagnostics { () throws(CoreError) in try work(room) }
    }
    if let spare, let room = room(in: spare, for: shape) {
      try throwingDiagnostics { () throws(CoreError) in try work(room) }
      return try store(spare.take(), in: place, a)
    }
    if isApart, let room = refitted(place, a, to: shape) {
      return try throwingDiagnostics { () throws(CoreError) in try work(room) }
    }
    let result = try throwingDiagnostics { () throws(CoreError) in
      let result = try Matrix(uninitialized: shape, in: resources)
      try work(result.mutablePointer)
      return result
    }
    try store(.matrix(result), in: place, a)
  }

  /// The small matrix that a temporary still holds, given another shape: lines of a loop take turns with temporaries.
  /// The temporary must be no operand.
  @inline(__always)
  func refitted(_ place: Place, _ slot: Slot, to shape: Shape) -> UnsafeMutablePointer<Scalar>? {
    guard slot.isMatrix, shape.count <= Machine.smallCount else { return nil }
    let header = slot.uncheckedHeader
    guard header.pointee.node.isNone else { return nil }
    let capacity = header.pointee.capacity
    guard shape.count <= capacity, capacity <= Machine.smallCount, !isVariable(place), slot.holdsUniqueMatrix
    else { return nil }
    header.pointee.shape = shape
    header.pointee.node = .none
    return slot.uncheckedElements
  }

  /// The elements of matrices that may stay around in temporaries for results of other shapes.
  private static var smallCount: Int { 64 }

  /// Whether an operand is a temporary, which is read once, with a matrix of this shape that nothing else refers to.
  @inline(__always)
  private func isSpare(_ place: Place, _ slot: Slot, for shape: Shape) -> Bool {
    slot.isMatrix && slot.uncheckedHeader.pointee.shape == shape && !isVariable(place)
      && slot.holdsUniqueMatrix
  }

  // MARK: Products

  /// a = b*c, operands transposed by the bits of the setting; where to go on.
  func product(_ place: Next) throws(Diagnostic) -> Next {
    let (instruction, a, b, c) = operands(of: place)
    try product(instruction, a, b, c)
    return place + 1
  }

  private func product(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    guard let left = operand(b), let right = operand(c) else { throw notNumeric(b, c) }
    let flags = instruction.opcode == .product ? Int(instruction.setting) : 0
    if left.shape.isScalar || right.shape.isScalar {
      return try productByNumber(instruction, flags, a, b, c)
    }
    let attributes = Attributes(flags)
    if mayBeTracked(b) || mayBeTracked(c) {
      return try recordBinary(.product, attributes, instruction, a, b, c)
    }
    let result = try throwingDiagnostics { () throws(CoreError) -> Value? in
      let shape = try Operation.productShape(left.shape, right.shape, flags)
      if shape.isScalar {
        var number = 0.0
        try Operation.computeProduct(left, right, flags, into: &number, shape, in: resources)
        return .number(number)
      }
      if a != b, a != c, Operation.isQuietProduct(left.shape, shape, flags),
        let room = room(in: a, for: shape)
      {
        try Operation.computeProduct(left, right, flags, into: room, shape, in: resources)
        return nil
      }
      if a != b, a != c, let room = refitted(instruction.a, a, to: shape) {
        try Operation.computeProduct(left, right, flags, into: room, shape, in: resources)
        return nil
      }
      let result = try Matrix(uninitialized: shape, in: resources)
      try Operation.computeProduct(left, right, flags, into: result.mutablePointer, shape, in: resources)
      return .matrix(result)
    }
    if let result { try store(result, in: instruction.a, a) }
  }

  /// `x*A'` for a number: the product that the transpose of either operand still needs.
  private func productByNumber(_ instruction: Instruction, _ flags: Int, _ a: Slot, _ b: Slot, _ c: Slot)
    throws(Diagnostic)
  {
    let left = flags & 1 == 1 ? try apply(.transpose, .none, [traced(instruction.b, b)]) : b.pointee
    let right = flags & 2 == 2 ? try apply(.transpose, .none, [traced(instruction.c, c)]) : c.pointee
    let result = try apply(.multiply, .none, [traced(instruction.b, left), traced(instruction.c, right)])
    try store(result, in: instruction.a, a)
  }

  func transpose(_ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) {
    guard operand(b) != nil else { throw notNumeric(b) }
    if b.isNumber { return try store(b.pointee, in: instruction.a, a) }
    try store(try apply(.transpose, .none, [traced(instruction.b, b)]), in: instruction.a, a)
  }

  /// `^`: of numbers the power, of a square matrix repeated products.
  func power(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    guard let base = operand(b), let exponent = operand(c) else { throw notNumeric(b, c) }
    if base.shape.isScalar, exponent.shape.isScalar {
      _ = try elementwise(.power, frame.pointee.next - 1)
      return
    }
    guard exponent.shape.isScalar, base.shape.isSquare else { throw badPower(base.shape, exponent.shape) }
    let number = exponent.elements[0]
    guard let times = Int(exactly: number), abs(times) <= Self.highestPower else {
      let isWhole = number == number.rounded() && number.isFinite
      let wanted = "a whole number" + (isWhole ? " up to \(Self.highestPower)" : "")
      throw Diagnostic(
        .error, "the power of a matrix is \(wanted), and here it is \(display.text(number))"
      )
      .hinting(".^ raises each element")
    }
    let result = try apply(.matrixPower, Attributes(times), [traced(instruction.b, b)])
    try store(result, in: instruction.a, a)
  }

  private static var highestPower: Int { 1 << 30 }

  private func badPower(_ base: Shape, _ exponent: Shape) -> Diagnostic {
    Diagnostic(
      .error, "^ is the power of a number or of a square matrix, and here stands \(base) ^ \(exponent)"
    )
    .hinting(".^ raises each element")
  }

  /// `A \ b`; with a setting of 1 `A' \ b`, which for a square A needs no transpose made.
  func leftDivide(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    guard let left = operand(b), operand(c) != nil else { throw notNumeric(b, c) }
    if left.shape.isScalar {
      let result = try apply(.divide, .none, [traced(instruction.c, c), traced(instruction.b, b)])
      return try store(result, in: instruction.a, a)
    }
    var matrix = traced(instruction.b, b)
    let isTransposed = instruction.setting == 1
    if isTransposed, !left.shape.isSquare {
      matrix = TracedValue(value: try apply(.transpose, .none, [matrix]))
    }
    let attributes = Attributes(isTransposed && left.shape.isSquare ? 1 : 0)
    try store(try apply(.solve, attributes, [matrix, traced(instruction.c, c)]), in: instruction.a, a)
  }

  // MARK: Conditions

  /// Whether a 1×1 is true; anything else cannot be asked.
  @inline(__always)
  func truth(_ place: Slot) throws(Diagnostic) -> Bool {
    if place.isNumber, !place.uncheckedNumber.isNaN { return place.uncheckedNumber != 0 }
    return try unusualTruth(place)
  }

  private func unusualTruth(_ place: Slot) throws(Diagnostic) -> Bool {
    guard let operand = operand(place) else {
      if place.pointee.isNothing { throw undefined(nodeAtPlay) }
      throw Diagnostic(.error, "a condition is one number, and here stands \(place.pointee.kindWithArticle)")
    }
    guard operand.shape.isScalar else {
      throw Diagnostic(.error, "a condition is one number, and here stands a \(operand.shape) matrix")
        .hinting("any(A) asks whether an element is true, all(A) whether every one is")
    }
    if operand.elements[0].isNaN { throw Diagnostic(.error, "a condition cannot be nan") }
    return operand.elements[0] != 0
  }

  /// What a jump that compares asks.
  func comparison(_ opcode: Opcode, _ a: Slot, _ b: Slot) throws(Diagnostic) -> Bool {
    try compare(opcode.elementwiseOperation ?? .notEqual, a, b)
  }

  private func compare(_ id: OperationID, _ a: Slot, _ b: Slot) throws(Diagnostic) -> Bool {
    if let left = operand(a), let right = operand(b) {
      if left.shape.isScalar, right.shape.isScalar {
        return Operation.scalar(id, left.elements[0], right.elements[0]) != 0
      }
      _ = try throwingDiagnostics { () throws(CoreError) in
        try Operation.elementwiseShape(id, left.shape, right.shape)
      }
      throw Diagnostic(
        .error, "a condition is one number, and this compares \(left.shape) with \(right.shape)"
      )
      .hinting("any(…) asks whether an element is true, all(…) whether every one is")
    }
    guard id == .equal || id == .notEqual, !a.pointee.isNothing, !b.pointee.isNothing else {
      throw notNumeric(a, b)
    }
    if let results = try Equality.ofElements(a.pointee, b.pointee, resources.cancellation) {
      if results.count == 1 { return results[0] == (id == .equal) }
      throw Diagnostic(
        .error, "a condition is one number, and this compares \(results.count) elements of a list"
      )
      .hinting("any(…) asks whether an element is true, all(…) whether every one is")
    }
    return try Equality.holds(a.pointee, b.pointee) == (id == .equal)
  }

  // MARK: Operands

  /// The numbers in a place; nil where none are.
  @inline(__always)
  func operand(_ place: Slot) -> Operand? {
    if place.isNumber {
      return Operand(elements: UnsafeRawPointer(place).assumingMemoryBound(to: Scalar.self), shape: .scalar)
    }
    guard place.isMatrix else { return nil }
    return Operand(
      elements: UnsafePointer(place.uncheckedElements), shape: place.uncheckedHeader.pointee.shape)
  }

  @inline(__always)
  func isScalar(_ place: Slot) -> Bool {
    place.isNumber || (place.isMatrix && place.uncheckedHeader.pointee.shape.isScalar)
  }

  /// Room for a result in the matrix that a place holds already, when no one else can see it. Not for what may be
  /// interrupted: a variable is not to be left half changed.
  @inline(__always)
  func room(in place: Slot, for shape: Shape) -> UnsafeMutablePointer<Scalar>? {
    guard place.isMatrix else { return nil }
    let header = place.uncheckedHeader
    guard header.pointee.shape == shape, header.pointee.node.isNone, place.holdsUniqueMatrix else {
      return nil
    }
    header.pointee.node = .none
    return place.uncheckedElements
  }

  /// Runs numeric work, its errors as diagnostics without a place.
  @inline(__always)
  func throwingDiagnostics<Result>(_ work: () throws(CoreError) -> Result) throws(Diagnostic) -> Result {
    do { return try work() } catch { throw Diagnostic(core: error) }
  }
}
