import CNumerics
import NNCore

extension Machine {
  /// Runs from `start` until the entry frame ends: the interpreter's one hot function.
  ///
  /// Each case does the common thing in place, with numbers unboxed, and leaves the rest to a function that is
  /// found beside its kind: operators in Machine+Operators, calls in Machine+Calls, and so on.
  func loop(_ start: UnsafePointer<Instruction>) throws(Diagnostic) {
    var next = start
    var registers = frame.pointee.registers
    let flag = UnsafePointer(resources.cancellation.flag)
    let entryDepth = frameCount

    /// Says where the frame stands, for what looks at the running statement.
    @inline(__always)
    func park() { frame.pointee.next = next }

    @inline(__always)
    func at(_ place: Place) -> UnsafeMutablePointer<Value> { registers + place.offset }

    do {
      while true {
        let instruction = next.pointee
        next += 1
        switch instruction.opcode {

        // MARK: operators
        case .add:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber + c.uncheckedNumber
          } else {
            park()
            try binary(.add, instruction, a, b, c)
          }
        case .subtract:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber - c.uncheckedNumber
          } else {
            park()
            try binary(.subtract, instruction, a, b, c)
          }
        case .multiply:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber * c.uncheckedNumber
          } else {
            park()
            try multiply(instruction, a, b, c)
          }
        case .divide:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber / c.uncheckedNumber
          } else {
            park()
            try divide(instruction, a, b, c)
          }
        case .less:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber < c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try binary(.less, instruction, a, b, c)
          }
        case .lessEqual:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber <= c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try binary(.lessEqual, instruction, a, b, c)
          }
        case .greater:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber > c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try binary(.greater, instruction, a, b, c)
          }
        case .greaterEqual:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber >= c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try binary(.greaterEqual, instruction, a, b, c)
          }
        case .equal:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber == c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try equality(.equal, instruction, a, b, c)
          }
        case .notEqual:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber != c.uncheckedNumber ? 1 : 0
          } else {
            park()
            try equality(.notEqual, instruction, a, b, c)
          }
        case .unary:
          park()
          try unary(instruction, at(instruction.a), at(instruction.b))
        case .binary:
          let (a, b, c) = (at(instruction.a), at(instruction.b), at(instruction.c))
          if a.tag | b.tag | c.tag == 0, instruction.setting == OperationID.modulo.rawValue,
            !hasShadowedBuiltins
          {
            a.uncheckedNumber = Arithmetic.modulo(b.uncheckedNumber, c.uncheckedNumber)
          } else {
            park()
            try inlinedBinary(instruction, a, b, c)
          }
        case .product:
          park()
          try product(instruction, at(instruction.a), at(instruction.b), at(instruction.c))
        case .power:
          park()
          try power(instruction, at(instruction.a), at(instruction.b), at(instruction.c))
        case .leftDivide:
          park()
          try leftDivide(instruction, at(instruction.a), at(instruction.b), at(instruction.c))
        case .transpose:
          park()
          try transpose(instruction, at(instruction.a), at(instruction.b))
        case .truth:
          let b = at(instruction.b)
          let isTrue = try truth(b)
          at(instruction.a).setNumber(isTrue ? 1 : 0)

        // MARK: control
        case .jump:
          next = target(instruction.a)
        case .loop:
          stepsLeft -= 1
          // Before the jump: the message names the round.
          if nn_flag_get(flag) || stepsLeft < 0 { try stop() }
          next = target(instruction.a)
        case .jumpIfFalse:
          if !(try truth(at(instruction.a))) { next = target(instruction.c) }
        case .jumpIfTrue:
          if try truth(at(instruction.a)) { next = target(instruction.c) }
        case .jumpUnlessLess:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0 ? a.uncheckedNumber < b.uncheckedNumber : try compare(.less, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpUnlessLessEqual:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0
            ? a.uncheckedNumber <= b.uncheckedNumber : try compare(.lessEqual, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpUnlessGreater:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0
            ? a.uncheckedNumber > b.uncheckedNumber : try compare(.greater, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpUnlessGreaterEqual:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0
            ? a.uncheckedNumber >= b.uncheckedNumber : try compare(.greaterEqual, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpUnlessEqual:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0
            ? a.uncheckedNumber == b.uncheckedNumber : try compare(.equal, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpUnlessNotEqual:
          let (a, b) = (at(instruction.a), at(instruction.b))
          let holds =
            a.tag | b.tag == 0
            ? a.uncheckedNumber != b.uncheckedNumber : try compare(.notEqual, instruction, a, b)
          if !holds { next = target(instruction.c) }
        case .jumpIfGiven:
          if !at(instruction.a).pointee.isNothing { next = target(instruction.c) }

        // MARK: loops
        case .countRound:
          at(instruction.a).uncheckedNumber += 1
        case .prepareRepeat:
          try prepareRepeat(at(instruction.a), at(instruction.b))
        case .nextRepeat:
          let counter = at(instruction.a)
          let round = counter.uncheckedNumber
          if round >= (counter + 1).uncheckedNumber {
            next = target(instruction.c)
          } else {
            counter.uncheckedNumber = round + 1
          }
        case .prepareRange:
          try prepareRange(at(instruction.a))
        case .nextInRange:
          let counter = at(instruction.a)
          let round = counter.uncheckedNumber
          if round >= (counter + 3).uncheckedNumber {
            next = target(instruction.c)
          } else {
            counter.uncheckedNumber = round + 1
            let number = (counter + 1).uncheckedNumber + round * (counter + 2).uncheckedNumber
            let variable = at(instruction.b)
            if variable.isNumber {
              variable.uncheckedNumber = number
            } else {
              park()
              try store(.number(number), in: instruction.b, variable)
            }
          }
        case .loopInRange:
          stepsLeft -= 1
          if nn_flag_get(flag) || stepsLeft < 0 { try stop() }
          let counter = at(instruction.a)
          let round = counter.uncheckedNumber
          if round < (counter + 3).uncheckedNumber {
            next = target(instruction.c)
            counter.uncheckedNumber = round + 1
            let number = (counter + 1).uncheckedNumber + round * (counter + 2).uncheckedNumber
            let variable = at(instruction.b)
            if variable.isNumber {
              variable.uncheckedNumber = number
            } else {
              park()
              try store(.number(number), in: instruction.b, variable)
            }
          }
        case .prepareIteration:
          try prepareIteration(at(instruction.a))
        case .nextIteration:
          let counter = at(instruction.a)
          park()
          if let value = try nextElement(counter) {
            try store(value, in: instruction.b, at(instruction.b))
          } else {
            next = target(instruction.c)
          }

        // MARK: values
        case .move:
          let (a, b) = (at(instruction.a), at(instruction.b))
          if a.tag | b.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber
          } else {
            park()
            try move(instruction, a, b)
          }
        case .moveAnything:
          at(instruction.a).pointee = at(instruction.b).pointee
        case .loadConstant:
          park()
          try store(code.constants[instruction.b.index], in: instruction.a, at(instruction.a))
        case .loadGlobal:
          let (a, b) = (at(instruction.a), globals[instruction.b.index])
          if a.tag | b.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber
          } else {
            park()
            try move(instruction, a, b)
          }
        case .loadGlobalOr:
          let b = globals[instruction.b.index]
          at(instruction.a).pointee = b.pointee.isNothing ? code.constants[instruction.c.index] : b.pointee
        case .loadCell, .storeCell, .makeCell, .loadCapture:
          park()
          try cell(instruction, at(instruction.a), at(instruction.b))
        case .matrixRow:
          park()
          try joinColumns(at(instruction.a), count: instruction.c.index)
        case .matrixRows:
          park()
          let rows = try joinRows(at(instruction.b), count: instruction.c.index)
          try store(rows, in: instruction.a, at(instruction.a))
        case .range:
          park()
          let range = try makeRange(at(instruction.b))
          try store(range, in: instruction.a, at(instruction.a))
        case .formatValue:
          park()
          try format(instruction, at(instruction.a), at(instruction.b))
        case .interpolate:
          park()
          let text = try interpolate(at(instruction.b), count: instruction.c.index)
          try store(text, in: instruction.a, at(instruction.a))
        case .closure:
          park()
          let function = try makeClosure(instruction.b.index)
          try store(.function(function), in: instruction.a, at(instruction.a))

        // MARK: subscripts and fields
        case .index:
          park()
          try index(instruction, at(instruction.a), at(instruction.b), at(instruction.c))
        case .indexAssign:
          park()
          try indexAssign(instruction, at(instruction.a), at(instruction.b), at(instruction.c))
        case .end:
          park()
          let extent = try extent(
            of: at(instruction.b), position: instruction.c.index, count: Int(instruction.setting))
          at(instruction.a).setNumber(extent)
        case .field:
          park()
          let value = try field(at(instruction.b), instruction.c.index)
          try store(value, in: instruction.a, at(instruction.a))
        case .fieldAssign:
          park()
          try fieldAssign(at(instruction.a), at(instruction.b), instruction.c.index)

        // MARK: calls
        case .call, .callGlobal:
          let callee = instruction.opcode == .call ? at(instruction.c) : globals[instruction.c.index]
          if let function = callee.uncheckedFunction,
            let code = function._withUnsafeGuaranteedRef({ $0.code })
          {
            frame.pointee.next = next
            let count = instruction.b.index
            let (required, most) = code._withUnsafeGuaranteedRef {
              ($0.requiredParameters, $0.mostParameters)
            }
            if count < required || count > most {
              try checkCount(count, of: code._withUnsafeGuaranteedRef { $0 })
            }
            stepsLeft -= 1
            if nn_flag_get(flag) || stepsLeft < 0 { try stop() }
            registers += instruction.a.offset
            next = try push(code, function: function, registers: registers, given: count, isEntry: false)
          } else {
            frame.pointee.next = next
            next = try callAnything(instruction, callee, next)
            registers = frame.pointee.registers
          }
        case .callBuiltin:
          frame.pointee.next = next
          next = try callBuiltin(instruction, at(instruction.a), next)
          registers = frame.pointee.registers
        case .replay:
          park()
          if try replay(instruction, at(instruction.a)) { next = target(instruction.c) }
        case .callNamed:
          frame.pointee.next = next
          next = try callNamed(instruction, at(instruction.a), at(instruction.c), next)
          registers = frame.pointee.registers
        case .resolveCallee:
          at(instruction.a).pointee = try resolveCallee(globals[instruction.b.index], instruction.c.index)
        case .return:
          park()
          let value = at(instruction.a)
          let result = registers
          if value.tag | result.tag == 0 {
            result.uncheckedNumber = value.uncheckedNumber
          } else {
            try returnValue(value, to: result)
          }
          let isEntry = frame.pointee.isEntry
          pop(keeping: 1)
          if isEntry { return }
          next = frame.pointee.next
          registers = frame.pointee.registers
          if (next - 1).pointee.mayWantSeveral { try tooFewResults(1, next - 1) }
        case .returnResults:
          park()
          let isEntry = frame.pointee.isEntry
          try returnResults(instruction, at(instruction.a))
          if isEntry { return }
          next = frame.pointee.next
          registers = frame.pointee.registers
        case .returnNothing:
          let isEntry = frame.pointee.isEntry
          registers.pointee = .nothing
          pop(keeping: 1)
          if isEntry { return }
          next = frame.pointee.next
          registers = frame.pointee.registers
          try tooFewResults(0, next - 1)

        // MARK: statements
        case .echo:
          park()
          try echo(at(instruction.a), instruction.b.index)
        case .answer:
          park()
          try answer(at(instruction.a), at(instruction.b))
        case .declareParam:
          park()
          try declareParam(instruction.a, at(instruction.a), at(instruction.b))
        case .define: noteDefinition(instruction)
        case .hand: noteHand(instruction)
        case .include:
          frame.pointee.next = next
          try include(instruction.a.index)
        case .hole:
          park()
          try hole(instruction.a.index)
        case .checkInterrupt:
          try checkInterrupt()
        case .halt:
          pop(keeping: 0)
          return
        case .endFragment:
          leaveFragment()
          return
        }
      }
    } catch {
      throw explained(error, at: next - 1, entryDepth: entryDepth)
    }
  }

  @inline(__always)
  private func target(_ place: Place) -> UnsafePointer<Instruction> {
    frame.pointee.code._withUnsafeGuaranteedRef { $0.start } + place.index
  }
}

extension Instruction {
  /// Whether a call may want more than one result.
  @inline(__always)
  var mayWantSeveral: Bool { setting > 1 || opcode == .callNamed }

  /// Whether it calls a function or a builtin that is none of the operators.
  var isCall: Bool {
    switch opcode {
    case .call, .callGlobal, .callBuiltin, .callNamed: true
    default: false
    }
  }
}
