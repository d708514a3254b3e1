import NNCore

// What is to be known of opcodes outside of the functions that do them: whoever adds one looks through these.
extension Opcode {
  // MARK: What it computes

  /// The operation that it does on its operands, or that a jump decides by; nil where the instruction's setting says
  /// it, and where it does none.
  var elementwiseOperation: OperationID? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case _ where isMultiply: .multiply
    case .divide: .divide
    case .less, .jumpUnlessLess: .less
    case .lessEqual, .jumpUnlessLessEqual: .lessEqual
    case .greater, .jumpUnlessGreater: .greater
    case .greaterEqual, .jumpUnlessGreaterEqual: .greaterEqual
    case .equal, .jumpUnlessEqual: .equal
    case .notEqual, .jumpUnlessNotEqual: .notEqual
    default: nil
    }
  }

  /// How the machine does an elementwise operation of one operand.
  static func unary(_ id: OperationID) -> Opcode {
    switch id {
    case .negate: .negate
    case .abs: .absolute
    case .sqrt: .squareRoot
    case .floor: .floor
    default: .unary
    }
  }

  /// How it does one of two operands that is no operator.
  static func binary(_ id: OperationID) -> Opcode {
    switch id {
    case .modulo: .modulo
    case .maximum: .maximum
    case .minimum: .minimum
    default: .binary
    }
  }

  /// Whether it can be part of a chain; `*` and `/` only turn out to be when they run.
  var isElementwise: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .less, .lessEqual, .greater, .greaterEqual, .equal, .notEqual,
      .binary, .modulo, .maximum, .minimum:
      true
    default: isUnary
    }
  }

  /// An elementwise one that reads `b` alone.
  var isUnary: Bool {
    switch self {
    case .unary, .negate, .absolute, .squareRoot, .floor: true
    default: false
    }
  }

  /// `*` and `.*`, alone or with what the next instruction does.
  var isMultiply: Bool {
    switch self {
    case .multiply, .multiplyThenAdd, .addToProduct, .multiplyThenSubtract, .subtractFromProduct: true
    default: false
    }
  }

  // MARK: Where it leads

  /// The operand that says where a jump goes.
  var target: WritableKeyPath<Instruction, Place>? {
    switch self {
    case .jump, .loop, .loopCounting: \.a
    case .replay, .loopInRange, .loopInRepeat, .nextInRange, .nextRepeat, .nextIteration, .jumpIfFalse,
      .jumpIfTrue, .jumpIfGiven, .jumpUnlessLess, .jumpUnlessLessEqual, .jumpUnlessGreater,
      .jumpUnlessGreaterEqual, .jumpUnlessEqual, .jumpUnlessNotEqual:
      \.c
    default: nil
    }
  }

  /// Whether it calls a function or a builtin that is none of the operators.
  var isCall: Bool {
    switch self {
    case .call, .callGlobal, .callBuiltin, .callNamed: true
    default: false
    }
  }

  /// Whether it stands in straight lines; all others are taken to branch, or to do more than compute.
  var isStraight: Bool {
    switch self {
    case .product, .power, .transpose, .move, .loadConstant, .loadGlobal, .loadGlobalOr, .loadCell,
      .storeCell,
      .makeCell, .loadCapture, .callBuiltin, .call, .callGlobal, .return, .returnNothing:
      true
    default: isElementwise || isMultiply
    }
  }

  /// Whether it notes which statement gave something its value.
  var isDefinition: Bool { self == .define || self == .hand || self == .handField }
}

extension Instruction {
  /// The operation of an elementwise instruction.
  var elementwiseOperation: OperationID? {
    opcode.elementwiseOperation ?? OperationID(rawValue: UInt8(truncatingIfNeeded: setting))
  }
}
