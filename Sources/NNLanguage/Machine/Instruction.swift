import NNCore

/// One step of the register machine: an opcode, a small setting, and three operands; 16 bytes.
struct Instruction {
  var opcode: Opcode
  /// Of an elementwise operation: how many instructions further the expression ends that it is part of, as long as
  /// all in between are elementwise too; see Chains.swift.
  var following: UInt8 = 0
  /// An `OperationID`, a count of wanted results or subscripts: whatever the opcode says.
  var setting: UInt16
  var a: Place
  var b: Place
  var c: Place

  init(_ opcode: Opcode, setting: Int = 0, _ a: Place = .none, _ b: Place = .none, _ c: Place = .none) {
    self.opcode = opcode
    self.setting = UInt16(truncatingIfNeeded: setting)
    self.a = a
    self.b = b
    self.c = c
  }
}

/// The setting of an instruction with subscripts: how many there are, and what the first two are by the way they are
/// written, whatever their values: of other values only the elements can tell.
struct SubscriptSetting {
  enum Kind: Int {
    case unknown
    /// A comparison: 1 for what is taken.
    case mask
    /// Places from 1: `[1 1]`.
    case places
  }

  let raw: Int
  private static let countBits = 12

  init(_ kinds: [Kind]) {
    let bits = kinds.prefix(2).enumerated().reduce(0) { $0 | $1.element.rawValue << (2 * $1.offset) }
    raw = min(kinds.count, 1 << Self.countBits - 1) | bits << Self.countBits
  }

  init(_ setting: UInt16) { raw = Int(setting) }

  var count: Int { raw & (1 << Self.countBits - 1) }
  func kind(_ position: Int) -> Kind {
    Kind(rawValue: raw >> (Self.countBits + 2 * position) & 3) ?? .unknown
  }
}

/// Where an operand lies, or a plain number such as a jump's distance.
///
/// While code is being compiled a place says what kind it is; `CodeDraft.settle` then turns each into a distance from
/// the frame's register 0, in bytes, so that the machine finds every operand by one addition: locals first, then the
/// numbers among the constants, then temporaries; global variables, which only the top level names, lie below
/// register 0. Jumps become distances too, from the instruction that follows.
struct Place: Equatable {
  var raw: Int32

  private enum Kind: Int32 { case register, constant, global, plain }

  private init(_ kind: Kind, _ index: Int) { raw = kind.rawValue << 29 | Int32(truncatingIfNeeded: index) }

  static func register(_ index: Int) -> Place { Place(.register, index) }
  static func constant(_ index: Int) -> Place { Place(.constant, index) }
  static func global(_ slot: Int) -> Place { Place(.global, slot) }
  /// A jump target, a count, an index into a side table.
  static func plain(_ index: Int) -> Place { Place(.plain, index) }
  static let none = Place(.plain, 0)

  private var kind: Kind { Kind(rawValue: raw >> 29) ?? .plain }
  var draftIndex: Int { Int(raw & 0x1FFF_FFFF) }
  var isGlobal: Bool { kind == .global }
  var isConstant: Bool { kind == .constant }
  var isRegister: Bool { kind == .register }

  /// The distance from register 0, in code whose variables number `locals` and whose number constants `constants`.
  func settled(locals: Int, constants: Int) -> Place {
    switch kind {
    case .register: Place(offset: draftIndex < locals ? draftIndex : draftIndex + constants)
    case .constant: Place(offset: locals + draftIndex)
    case .global: Place(offset: -1 - draftIndex)
    case .plain: Place(raw: Int32(truncatingIfNeeded: draftIndex))
    }
  }

  /// The distance that a jump to instruction `target` goes from the one after instruction `index`.
  func settled(jumpAt index: Int) -> Place {
    Place(raw: Int32(truncatingIfNeeded: (draftIndex - index - 1) * MemoryLayout<Instruction>.stride))
  }
}

extension Place {
  // Of a settled place:

  private init(raw: Int32) { self.raw = raw }

  /// The place so many registers above register 0.
  init(offset: Int) { raw = Int32(truncatingIfNeeded: offset * MemoryLayout<Value>.stride) }

  /// How many registers above register 0.
  @inline(__always) var offset: Int { Int(raw) / MemoryLayout<Value>.stride }
  /// The plain number.
  @inline(__always) var index: Int { Int(raw) }
  @inline(__always) var isGlobalVariable: Bool { raw < 0 }
  /// The slot of a global variable.
  var slot: Int { -1 - offset }
}

extension UnsafeMutablePointer<Value> {
  /// The place of an operand, for the pointer to register 0.
  @inline(__always)
  subscript(place: Place) -> UnsafeMutablePointer<Value> {
    (UnsafeMutableRawPointer(self) + Int(place.raw)).assumingMemoryBound(to: Value.self)
  }
}

extension UnsafePointer<Instruction> {
  /// Where a jump goes, for the pointer to the instruction that follows it.
  @inline(__always)
  func jumping(_ distance: Place) -> UnsafePointer<Instruction> {
    (UnsafeRawPointer(self) + Int(distance.raw)).assumingMemoryBound(to: Instruction.self)
  }
}

/// What the machine can do; `a` is the result unless said otherwise.
enum Opcode: UInt16 {
  // MARK: operators
  /// a = b op c; bit 0 of `setting` says that the operator goes element by element.
  case add, subtract, multiply, divide
  case less, lessEqual, greater, greaterEqual, equal, notEqual
  /// a = operation `setting` of b, or of b and c.
  case unary, binary
  /// The same for operations that are quick with numbers.
  case negate, absolute, squareRoot, floor
  case modulo, maximum, minimum
  /// `multiply`, its result added to something by the next instruction, or subtracted: both at once for numbers.
  /// The product is the right operand of `multiplyThen…`, the left one of the others.
  case multiplyThenAdd, addToProduct, multiplyThenSubtract, subtractFromProduct
  /// a = b*c with transposed operands, bits 0 and 1 of `setting`.
  case product
  case power, leftDivide, transpose
  /// a = 1 or 0 from a 1×1, as `&&` and `||` need it.
  case truth

  // MARK: control
  /// To a.
  case jump
  /// To a, the start of a loop: here interrupts and limits are looked at.
  case loop
  /// The same, and one more round in b.
  case loopCounting
  /// To c, by the 1×1 in a.
  case jumpIfFalse, jumpIfTrue
  /// To c unless a op b.
  case jumpUnlessLess, jumpUnlessLessEqual, jumpUnlessGreater, jumpUnlessGreaterEqual
  case jumpUnlessEqual, jumpUnlessNotEqual
  /// To c if the parameter in a was given.
  case jumpIfGiven

  // MARK: loops; a is the first of the hidden registers, b the variable, c the exit
  /// Hidden: rounds done, start, step, stop; then count in place of stop.
  case prepareRange, nextInRange
  /// `nextInRange` at the end of a round: to c, the body, as long as there are rounds; a look at interrupts too.
  case loopInRange
  /// Hidden: rounds done, the values.
  case prepareIteration, nextIteration
  /// Hidden: rounds done, how many.
  case prepareRepeat, nextRepeat
  /// `nextRepeat` at the end of a round: to c, the body.
  case loopInRepeat

  // MARK: values
  /// a = b, which must have a value.
  case move
  /// a = b, even nothing.
  case moveAnything
  /// a = constant b, one that is no number.
  case loadConstant
  /// a = the global variable b, which must have a value.
  case loadGlobal
  /// a = the global in slot b, or constant c where it has no value.
  case loadGlobalOr
  case loadCell, storeCell, makeCell, loadCapture
  /// Joins c values from register a side by side, into a.
  case matrixRow
  /// a = c rows from register b, one below the other.
  case matrixRows
  /// a = the range whose start, step and stop lie from register b.
  case range
  /// a = b as text by format c.
  case formatValue
  /// a = the c texts from register b, joined.
  case interpolate
  /// a = function b of the code, with its captures.
  case closure

  // MARK: subscripts and fields
  /// a = b[…], `setting` subscripts from register c.
  case index
  /// a[…] = b, `setting` subscripts from register c.
  case indexAssign
  /// a = what `end` means in subscript c of `setting` of b.
  case end
  /// a = b.name, name c.
  case field
  /// a.name = b, name c.
  case fieldAssign

  // MARK: calls; a is the first register of arguments and results
  /// c is called with b arguments for `setting` results.
  case call, callBuiltin
  /// To c if the `ReplayedCall` in `setting` of the variable or value a is answered; else the call follows.
  case replay
  /// The global in slot c, below the bottom of the stack, is called with b arguments for `setting` results.
  case callGlobal
  /// c is called for `setting` results; the call shape b says how.
  case callNamed
  /// a = the function that the name c means in call position: that of the global in slot b, or a builtin.
  case resolveCallee
  case `return`, returnResults, returnNothing

  // MARK: statements
  case echo
  /// `ans` = b.
  case answer
  case declareParam
  /// Notes that statement b of the code gave the variable in a its value; `setting` 1 says that it made it of the old
  /// one. `hand` is for a gradient, which a step may use then.
  case define, hand
  /// The same for the gradient that is field c of the object in a.
  case handField
  case include, hole
  /// Ends the run if a builtin of the statement before was interrupted and returned what it had done.
  case checkInterrupt
  case halt
  /// The end of a statement run again in the frame it belongs to.
  case endFragment

  /// The `setting` of `unary` that asks for the operand itself, after a look at its kind.
  static let plusSetting = 0xFF
}
