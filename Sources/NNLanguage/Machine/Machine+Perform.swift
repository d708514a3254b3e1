import CNumerics
import NNCore

// What `loop` leaves over: every instruction that has more to do than a step with unboxed numbers.
extension Machine {
  /// Does one instruction of the running frame; where to go on, nil once the entry frame has ended.
  ///
  /// The operators are found in Machine+Operators, calls in Machine+Calls, and so on.
  @inline(never)
  func perform(_ place: Next) throws(Diagnostic) -> Next? {
    let instruction = place.pointee
    let next = place + 1
    // Some instructions go on elsewhere and say so.
    play(place)
    let registers = frame.pointee.registers
    let a = registers[instruction.a]

    /// The operands that are not the result.
    @inline(__always)
    func b() -> Slot { registers[instruction.b] }
    @inline(__always)
    func c() -> Slot { registers[instruction.c] }

    switch instruction.opcode {

    // MARK: operators
    case .add: return try elementwise(.add, place)
    case .subtract: return try elementwise(.subtract, place)
    case .multiply, .multiplyThenAdd, .addToProduct, .multiplyThenSubtract, .subtractFromProduct:
      return try multiply(place)
    case .divide: return try divide(place)
    case .less: return try elementwise(.less, place)
    case .lessEqual: return try elementwise(.lessEqual, place)
    case .greater: return try elementwise(.greater, place)
    case .greaterEqual: return try elementwise(.greaterEqual, place)
    case .equal: return try equality(.equal, place)
    case .notEqual: return try equality(.notEqual, place)
    case .unary, .negate, .absolute, .squareRoot, .floor: return try unary(place)
    case .binary, .modulo, .maximum, .minimum: return try inlinedBinary(place)
    case .product: return try product(place)
    case .power: try power(instruction, a, b(), c())
    case .leftDivide: try leftDivide(instruction, a, b(), c())
    case .transpose: try transpose(instruction, a, b())
    case .truth: a.setNumber(try truth(b()) ? 1 : 0)

    // MARK: control
    case .jump: return next.jumping(instruction.a)
    case .loop, .loopCounting, .loopInRepeat:
      // A round begins in `loop`, unless the program is to stop.
      try stop()
    case .jumpIfFalse: if !(try truth(a)) { return next.jumping(instruction.c) }
    case .jumpIfTrue: if try truth(a) { return next.jumping(instruction.c) }
    case .jumpUnlessLess, .jumpUnlessLessEqual, .jumpUnlessGreater, .jumpUnlessGreaterEqual, .jumpUnlessEqual,
      .jumpUnlessNotEqual:
      if !(try comparison(instruction.opcode, a, b())) { return next.jumping(instruction.c) }
    case .jumpIfGiven: if !a.pointee.isNothing { return next.jumping(instruction.c) }

    // MARK: loops
    case .prepareRepeat: try prepareRepeat(a, b())
    case .nextRepeat: if !beginRound(a, of: a + 1) { return next.jumping(instruction.c) }
    case .prepareRange: try prepareRange(a)
    case .nextInRange: if !(try nextInRange(instruction, a)) { return next.jumping(instruction.c) }
    case .loopInRange:
      if mustStop { try stop() }
      if try nextInRange(instruction, a) { return next.jumping(instruction.c) }
    case .prepareIteration: try prepareIteration(a)
    case .nextIteration:
      guard let value = try nextElement(a) else { return next.jumping(instruction.c) }
      try store(value, in: instruction.b, b())

    // MARK: values
    case .move: try move(instruction, a, b())
    case .moveAnything: a.pointee = b().pointee
    case .loadConstant: try store(code.constants[instruction.b.index], in: instruction.a, a)
    case .loadGlobal: try move(instruction, a, stack[instruction.b])
    case .loadGlobalOr:
      let global = globals[instruction.b.index]
      a.pointee = global.pointee.isNothing ? code.constants[instruction.c.index] : global.pointee
    case .loadCell, .storeCell, .makeCell: try cell(instruction, a, b())
    case .loadCapture: try cell(instruction, a, a)
    case .matrixRow: try joinColumns(a, count: instruction.c.index)
    case .matrixRows: try store(joinRows(b(), count: instruction.c.index), in: instruction.a, a)
    case .range: try store(makeRange(b()), in: instruction.a, a)
    case .formatValue: try format(instruction, a, b())
    case .interpolate: try store(interpolate(b(), count: instruction.c.index), in: instruction.a, a)
    case .closure: try store(.function(makeClosure(instruction.b.index)), in: instruction.a, a)

    // MARK: subscripts and fields
    case .index: try index(instruction, a, b(), c())
    case .indexAssign: try indexAssign(instruction, a, b(), c())
    case .end:
      a.setNumber(try extent(of: b(), position: instruction.c.index, count: Int(instruction.setting)))
    case .field: try store(field(b(), instruction.c.index), in: instruction.a, a)
    case .fieldAssign: try fieldAssign(a, b(), instruction.c.index)

    // MARK: calls
    case .call: return try callAnything(instruction, c(), next)
    case .callGlobal: return try callAnything(instruction, stack[instruction.c], next)
    case .callBuiltin: return try callBuiltin(instruction, a, next)
    case .replay: if try replay(instruction, a) { return next.jumping(instruction.c) }
    case .callNamed: return try callNamed(instruction, a, c(), next)
    case .resolveCallee: a.pointee = try resolveCallee(globals[instruction.b.index], instruction.c.index)
    case .return: return try leave(with: a)
    case .returnResults:
      let isEntry = frame.pointee.isEntry
      try returnResults(instruction, a)
      return isEntry ? nil : frame.pointee.next
    case .returnNothing: return try leaveWithNothing()

    // MARK: statements
    case .echo: try echo(a, instruction.b.index)
    case .answer: try answer(a, b())
    case .declareParam: try declareParam(instruction.a, a, b())
    case .define: noteDefinition(instruction)
    case .hand: noteHand(instruction)
    case .handField: noteHandField(instruction, a)
    case .include: try include(instruction.a.index)
    case .hole: try hole(instruction.a.index)
    case .checkInterrupt: try checkInterrupt()
    case .halt:
      pop(keeping: 0)
      return nil
    case .endFragment:
      leaveFragment()
      return nil
    }
    return next
  }

  /// Makes an instruction the one at play, for what looks at the running statement; it may leave anything in registers.
  @inline(__always)
  func play(_ place: Next) {
    frame.pointee.next = place + 1
    frame.pointee.mayHoldReferences = true
  }

  /// Whether a host or a limit wants the program to stop.
  private var mustStop: Bool { resources.cancellation.isRaised || stepsLeft < 0 }
}
