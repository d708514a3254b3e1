import CNumerics
import NNCore

// The interpreter's one hot function. What it does to be quick, and why:
//
// - It holds nothing but the common case of the common instructions: numbers that lie unboxed where the operands say,
//   jumps, rounds of loops, calls of the user's functions. Everything else falls out of the switch and is done by
//   `perform`, so that the compiler can keep `next` and `registers` in processor registers. They are passed on by
//   value and never captured: a local function that captured them would force both into memory.
// - A number is recognised by the tag bytes of its operands, all at once (`a.tag | b.tag | c.tag == 0`). The target's
//   is among them, since a value that is not a number has to be released before it is written over.
// - Operands and jumps are distances in bytes, added to a pointer as they are.
extension Machine {
  /// Runs from `start` until the entry frame ends.
  func loop(_ start: Next) throws(Diagnostic) {
    var next = start
    var registers = frame.pointee.registers
    let flag = UnsafePointer(resources.cancellation.flag)
    let entryDepth = frameCount
    do {
      while true {
        let instruction = next
        next += 1
        switch instruction.pointee.opcode {

        // MARK: operators
        case .add:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber + c.uncheckedNumber
          } else {
            next = try elementwise(.add, instruction)
          }
          continue
        case .subtract:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber - c.uncheckedNumber
          } else {
            next = try elementwise(.subtract, instruction)
          }
          continue
        case .multiply:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber * c.uncheckedNumber
          } else {
            next = try multiply(instruction)
          }
          continue
        case .divide:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber / c.uncheckedNumber
          } else {
            next = try divide(instruction)
          }
          continue
        case .multiplyThenAdd:
          let (b, c) = (registers[instruction.pointee.b], registers[instruction.pointee.c])
          let (a, d) = (registers[next.pointee.a], registers[next.pointee.b])
          if a.tag | b.tag | c.tag | d.tag == 0 {
            a.uncheckedNumber = d.uncheckedNumber + b.uncheckedNumber * c.uncheckedNumber
            next += 1
          } else {
            next = try multiply(instruction)
          }
          continue
        case .addToProduct:
          let (b, c) = (registers[instruction.pointee.b], registers[instruction.pointee.c])
          let (a, d) = (registers[next.pointee.a], registers[next.pointee.c])
          if a.tag | b.tag | c.tag | d.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber * c.uncheckedNumber + d.uncheckedNumber
            next += 1
          } else {
            next = try multiply(instruction)
          }
          continue
        case .multiplyThenSubtract:
          let (b, c) = (registers[instruction.pointee.b], registers[instruction.pointee.c])
          let (a, d) = (registers[next.pointee.a], registers[next.pointee.b])
          if a.tag | b.tag | c.tag | d.tag == 0 {
            a.uncheckedNumber = d.uncheckedNumber - b.uncheckedNumber * c.uncheckedNumber
            next += 1
          } else {
            next = try multiply(instruction)
          }
          continue
        case .subtractFromProduct:
          let (b, c) = (registers[instruction.pointee.b], registers[instruction.pointee.c])
          let (a, d) = (registers[next.pointee.a], registers[next.pointee.c])
          if a.tag | b.tag | c.tag | d.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber * c.uncheckedNumber - d.uncheckedNumber
            next += 1
          } else {
            next = try multiply(instruction)
          }
          continue
        case .modulo:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0, !hasShadowedBuiltins {
            a.uncheckedNumber = nn_modulo_number(b.uncheckedNumber, c.uncheckedNumber)
            continue
          }
        case .maximum:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0, !hasShadowedBuiltins {
            let (p, q) = (b.uncheckedNumber, c.uncheckedNumber)
            a.uncheckedNumber = p > q || p != p ? p : q
            continue
          }
        case .minimum:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0, !hasShadowedBuiltins {
            let (p, q) = (b.uncheckedNumber, c.uncheckedNumber)
            a.uncheckedNumber = p < q || p != p ? p : q
            continue
          }
        case .negate:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            a.uncheckedNumber = -b.uncheckedNumber
            continue
          }
        case .absolute:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0, !hasShadowedBuiltins {
            a.uncheckedNumber = b.uncheckedNumber.magnitude
            continue
          }
        case .squareRoot:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0, !hasShadowedBuiltins {
            a.uncheckedNumber = b.uncheckedNumber.squareRoot()
            continue
          }
        case .floor:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0, !hasShadowedBuiltins {
            a.uncheckedNumber = b.uncheckedNumber.rounded(.down)
            continue
          }
        case .less:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber < c.uncheckedNumber ? 1 : 0
            continue
          }
        case .greater:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber > c.uncheckedNumber ? 1 : 0
            continue
          }
        case .equal:
          let (a, b, c) = registers.operands(instruction)
          if a.tag | b.tag | c.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber == c.uncheckedNumber ? 1 : 0
            continue
          }

        // MARK: values
        case .move:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber
            continue
          }
        case .loadGlobal:
          let (a, b) = (registers[instruction.pointee.a], stack[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            a.uncheckedNumber = b.uncheckedNumber
            continue
          }

        // MARK: jumps
        case .jump:
          next = next.jumping(instruction.pointee.a)
          continue
        case .jumpUnlessLess:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if !(a.uncheckedNumber < b.uncheckedNumber) { next = next.jumping(instruction.pointee.c) }
            continue
          }
        case .jumpUnlessLessEqual:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if !(a.uncheckedNumber <= b.uncheckedNumber) { next = next.jumping(instruction.pointee.c) }
            continue
          }
        case .jumpUnlessGreater:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if !(a.uncheckedNumber > b.uncheckedNumber) { next = next.jumping(instruction.pointee.c) }
            continue
          }
        case .jumpUnlessGreaterEqual:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if !(a.uncheckedNumber >= b.uncheckedNumber) { next = next.jumping(instruction.pointee.c) }
            continue
          }
        case .jumpUnlessEqual:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if a.uncheckedNumber != b.uncheckedNumber { next = next.jumping(instruction.pointee.c) }
            continue
          }
        case .jumpUnlessNotEqual:
          let (a, b) = (registers[instruction.pointee.a], registers[instruction.pointee.b])
          if a.tag | b.tag == 0 {
            if a.uncheckedNumber == b.uncheckedNumber { next = next.jumping(instruction.pointee.c) }
            continue
          }

        // MARK: rounds of loops
        case .loop:
          stepsLeft &-= 1
          if !nn_flag_get(flag), stepsLeft >= 0 {
            next = next.jumping(instruction.pointee.a)
            continue
          }
        case .loopCounting:
          stepsLeft &-= 1
          if !nn_flag_get(flag), stepsLeft >= 0 {
            registers[instruction.pointee.b].uncheckedNumber += 1
            next = next.jumping(instruction.pointee.a)
            continue
          }
        case .loopInRepeat:
          let counter = registers[instruction.pointee.a]
          let round = counter.uncheckedNumber
          stepsLeft &-= 1
          if !nn_flag_get(flag), stepsLeft >= 0 {
            if round < (counter + 1).uncheckedNumber {
              counter.uncheckedNumber = round + 1
              next = next.jumping(instruction.pointee.c)
            }
            continue
          }
        case .loopInRange:
          let counter = registers[instruction.pointee.a]
          let variable = registers[instruction.pointee.b]
          let round = counter.uncheckedNumber
          stepsLeft &-= 1
          if !nn_flag_get(flag), stepsLeft >= 0, variable.isNumber {
            if round < (counter + 3).uncheckedNumber {
              counter.uncheckedNumber = round + 1
              variable.uncheckedNumber =
                (counter + 1).uncheckedNumber + round * (counter + 2).uncheckedNumber
              next = next.jumping(instruction.pointee.c)
            }
            continue
          }

        // MARK: calls
        case .call:
          let callee = registers[instruction.pointee.c].uncheckedFunction
          if let callee, try call(callee, instruction, &next, &registers, flag) {
            continue
          }
        case .callGlobal:
          let callee = stack[instruction.pointee.c].uncheckedFunction
          if let callee, try call(callee, instruction, &next, &registers, flag) {
            continue
          }
        case .return:
          let value = registers[instruction.pointee.a]
          if value.tag | registers.tag == 0, !frame.pointee.isEntry, !frame.pointee.mayHoldReferences {
            registers.uncheckedNumber = value.uncheckedNumber
            popNumber()
            next = frame.pointee.next
            registers = frame.pointee.registers
            if (next - 1).pointee.setting > 1 { try tooFewResults(1, next - 1) }
            continue
          }

        // MARK: matrices, for the shortest way there
        case .product:
          next = try product(instruction)
          continue
        case .unary:
          next = try unary(instruction)
          continue

        default: break
        }
        guard let after = try perform(instruction) else { return }
        next = after
        registers = frame.pointee.registers
      }
    } catch {
      throw explained(error, entryDepth: entryDepth)
    }
  }

  /// Begins the call of a user's function with the right number of arguments; else does nothing.
  @inline(__always)
  private func call(
    _ function: Unmanaged<Function>, _ instruction: Next, _ next: inout Next, _ registers: inout Slot,
    _ flag: UnsafePointer<nn_flag>
  ) throws(Diagnostic) -> Bool {
    guard let code = function._withUnsafeGuaranteedRef({ $0.code }) else { return false }
    let count = instruction.pointee.b.index
    if !code._withUnsafeGuaranteedRef({ $0.layout.takes(count) }) { return false }
    frame.pointee.next = next
    stepsLeft &-= 1
    if stepsLeft < 0 { try stop() }
    if nn_flag_get(flag) { try stop() }
    let window = registers[instruction.pointee.a]
    next = try push(code, function: function, registers: window, given: count, isEntry: false)
    registers = window
    return true
  }
}

extension UnsafeMutablePointer<Value> {
  /// The places of an instruction's operands, for the pointer to register 0.
  @inline(__always)
  fileprivate func operands(_ instruction: UnsafePointer<Instruction>) -> (Self, Self, Self) {
    (self[instruction.pointee.a], self[instruction.pointee.b], self[instruction.pointee.c])
  }
}
