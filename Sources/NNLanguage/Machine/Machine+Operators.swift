import NNCore

// What the operators do where not all operands are unboxed numbers.
extension Machine {
  typealias Slot = UnsafeMutablePointer<Value>

  /// Elements that an operation may change in place without a look at the interrupt flag: about 50 ms of work.
  /// Larger results get memory of their own, so that they can be given up half done.
  static let inPlaceLimit = 50_000_000

  // MARK: Elementwise operators

  func binary(_ id: OperationID, _ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot)
    throws(Diagnostic)
  {
    guard let left = operand(b), let right = operand(c) else { throw notNumeric(b, c) }
    if a == b, instruction.a == instruction.b, let note = paramNote(instruction.a) {
      return try updateParam(note, id, instruction, a, left, right)
    }
    if mayBeTracked(b) || mayBeTracked(c) {
      return try recordBinary(id, .none, instruction, a, b, c)
    }
    let result = try throwingDiagnostics { () throws(CoreError) -> Value? in
      let shape = try Operation.elementwiseShape(id, left.shape, right.shape)
      if shape.isScalar { return .number(Operation.scalar(id, left.elements[0], right.elements[0])) }
      if let room = room(in: a, for: shape) {
        try Operation.computeBinary(id, left, right, into: room, shape, in: resources)
        return nil
      }
      let result = try Matrix(uninitialized: shape, in: resources)
      try Operation.computeBinary(id, left, right, into: result.mutablePointer, shape, in: resources)
      return .matrix(result)
    }
    if let result { try store(result, in: instruction.a, a) }
  }

  /// `*`: by a number element by element, else the matrix product.
  func multiply(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    if instruction.setting & 1 == 1 || isScalar(b) || isScalar(c) {
      try binary(.multiply, instruction, a, b, c)
    } else {
      try product(instruction, a, b, c)
    }
  }

  /// `/` wants a number on its right.
  func divide(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    if instruction.setting & 1 == 0, let divisor = operand(c), !divisor.shape.isScalar {
      throw Diagnostic(.error, "/ divides by a number, and here stands a \(divisor.shape) matrix")
        .hinting("./ divides element by element")
        .hinting("A \\ b solves A*x = b")
    }
    try binary(.divide, instruction, a, b, c)
  }

  func equality(_ id: OperationID, _ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot)
    throws(Diagnostic)
  {
    if operand(b) != nil, operand(c) != nil { return try binary(id, instruction, a, b, c) }
    if b.pointee.isNothing || c.pointee.isNothing { throw notNumeric(b, c) }
    let areEqual = try Equality.holds(b.pointee, c.pointee)
    try store(.truth(areEqual == (id == .equal)), in: instruction.a, a)
  }

  func inlinedBinary(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
    guard let id = OperationID(rawValue: UInt8(truncatingIfNeeded: instruction.setting)) else { return }
    if hasShadowedBuiltins, let function = shadowing(id) {
      return try store(call(function, [b.pointee, c.pointee]), in: instruction.a, a)
    }
    if a.tag | b.tag | c.tag == 0 {
      a.uncheckedNumber = Operation.scalar(id, b.uncheckedNumber, c.uncheckedNumber)
    } else {
      try binary(id, instruction, a, b, c)
    }
  }

  func unary(_ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) {
    guard let operand = operand(b) else { throw notNumeric(b) }
    guard instruction.setting != Opcode.plusSetting,
      let id = OperationID(rawValue: UInt8(truncatingIfNeeded: instruction.setting))
    else { return try store(b.pointee, in: instruction.a, a) }
    if hasShadowedBuiltins, let function = shadowing(id) {
      return try store(call(function, [b.pointee]), in: instruction.a, a)
    }
    if b.isNumber {
      let number = Operation.scalar(id, b.uncheckedNumber)
      if a.isNumber { a.uncheckedNumber = number } else { try store(.number(number), in: instruction.a, a) }
      return
    }
    if mayBeTracked(b) { return try recordUnary(id, .none, instruction, a, b) }
    if operand.shape.isScalar {
      return try store(.number(Operation.scalar(id, operand.elements[0])), in: instruction.a, a)
    }
    let result = try throwingDiagnostics { () throws(CoreError) -> Matrix? in
      if let room = room(in: a, for: operand.shape) {
        try Operation.computeUnary(id, operand, into: room, in: resources)
        return nil
      }
      let result = try Matrix(uninitialized: operand.shape, in: resources)
      try Operation.computeUnary(id, operand, into: result.mutablePointer, in: resources)
      return result
    }
    if let result { try store(.matrix(result), in: instruction.a, a) }
  }

  // MARK: Products

  /// a = b*c, operands transposed by the bits of the setting.
  func product(_ instruction: Instruction, _ a: Slot, _ b: Slot, _ c: Slot) throws(Diagnostic) {
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
      if a != b, a != c, let room = room(in: a, for: shape) {
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
    if base.shape.isScalar, exponent.shape.isScalar { return try binary(.power, instruction, a, b, c) }
    guard exponent.shape.isScalar, base.shape.isSquare else { throw badPower(base.shape, exponent.shape) }
    guard let times = Int(exactly: exponent.elements[0]), abs(times) <= 1 << 30 else {
      throw Diagnostic(
        .error,
        "the power of a matrix is a whole number, and here it is \(display.text(exponent.elements[0]))"
      )
      .hinting(".^ raises each element")
    }
    let result = try apply(.matrixPower, Attributes(times), [traced(instruction.b, b)])
    try store(result, in: instruction.a, a)
  }

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
    guard let operand = operand(place) else { throw notNumeric(place) }
    guard operand.shape.isScalar else {
      throw Diagnostic(.error, "a condition is one number, and here stands a \(operand.shape) matrix")
        .hinting("any(A) asks whether an element is true, all(A) whether every one is")
    }
    if operand.elements[0].isNaN { throw Diagnostic(.error, "a condition cannot be nan") }
    return operand.elements[0] != 0
  }

  func compare(_ id: OperationID, _ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) -> Bool
  {
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
    let storage = place.uncheckedStorage
    return Operand(elements: UnsafePointer(storage.elements), shape: storage.shape)
  }

  @inline(__always)
  func isScalar(_ place: Slot) -> Bool {
    place.isNumber || (place.isMatrix && place.uncheckedStorage.shape.isScalar)
  }

  /// Room for a result in the matrix that a place holds already, when no one else can see it.
  @inline(__always)
  func room(in place: Slot, for shape: Shape) -> UnsafeMutablePointer<Scalar>? {
    guard place.holdsUniqueMatrix else { return nil }
    let storage = place.uncheckedStorage
    guard storage.shape == shape, storage.node.isNone, shape.count <= Machine.inPlaceLimit else { return nil }
    storage.node = .none
    return storage.elements
  }

  /// Runs numeric work, its errors as diagnostics without a place.
  @inline(__always)
  func throwingDiagnostics<Result>(_ work: () throws(CoreError) -> Result) throws(Diagnostic) -> Result {
    do { return try work() } catch { throw Diagnostic(core: error) }
  }
}
