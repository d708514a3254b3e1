/// One value on the tape: what computed it, from which nodes, and the value itself.
package struct TapeNode {
  package enum Kind: UInt8, Sendable {
    /// Computed by `operation` from `inputs`.
    case operation
    /// A param: `slot` says which; the tape holds no reference to its value.
    case param
    /// A value read from outside; `slot` is the variable it was read from, -1 for none.
    case data
    /// A number of the source text.
    case literal
  }

  package internal(set) var kind: Kind
  /// Whether the value is kept nowhere: it is computed again where a derivation needs it.
  var isAbsent = false
  package internal(set) var operation: OperationID
  /// How many inputs; beyond three they stand in the tape's side array, from `inputs.0` on.
  package internal(set) var inputCount: Int32
  package internal(set) var inputs: (Int32, Int32, Int32)
  /// The params this value depends on; 0 for data.
  var leafSet: Int32
  /// The statement that computed the value.
  package internal(set) var origin: Int32
  package internal(set) var slot: Int32
  /// What the language keeps with the node: the statements that computed the value; 0 for nothing yet.
  package internal(set) var slice: Int32 = 0
  /// The variable that the language first gave the value to, by its number in the code of `origin`; of data that no
  /// variable held, the expression there that it is. -1 for none.
  package internal(set) var holder: Int32 = -1
  package internal(set) var attributes: Attributes
  package internal(set) var shape: Shape
  /// The value where it is an unboxed number, that is, where `storage` is nil and the node is no param.
  package internal(set) var number: Scalar
  package internal(set) var storage: MatrixStorage?

  @inline(__always)
  init(
    _ kind: Kind, _ operation: OperationID = .add, inputCount: Int32 = 0,
    inputs: (Int32, Int32, Int32) = (-1, -1, -1), leafSet: Int32 = 0, origin: Int32 = -1, slot: Int32 = -1,
    attributes: Attributes = .none, shape: Shape = .scalar, number: Scalar = 0, storage: MatrixStorage? = nil
  ) {
    self.kind = kind
    self.operation = operation
    self.inputCount = inputCount
    self.inputs = inputs
    self.leafSet = leafSet
    self.origin = origin
    self.slot = slot
    self.attributes = attributes
    self.shape = shape
    self.number = number
    self.storage = storage
  }

  /// The value; nil for an unboxed number and for a param.
  package var matrix: Matrix? { storage.map(Matrix.init(storage:)) }

  /// Whether the value's storage lies at an address.
  @inline(__always)
  func holds(_ address: UnsafeRawPointer) -> Bool {
    storage.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) } == address
  }

  /// Bytes the tape keeps alive through this node.
  var bytes: Int { storage == nil ? 0 : shape.count * MemoryLayout<Scalar>.stride }
}

/// An operand as it is recorded.
package struct TapeInput {
  @usableFromInline var storage: MatrixStorage?
  @usableFromInline var number: Scalar
  @usableFromInline var node: NodeHandle
  @usableFromInline var variable: Int32
  @usableFromInline var isLiteral: Bool
  /// What the operand was written as, in the code of the running statement; -1 where nobody may ask.
  @usableFromInline var expression: Int32

  @inlinable
  init(
    storage: MatrixStorage? = nil, number: Scalar = 0, node: NodeHandle = .none, variable: Int32 = -1,
    isLiteral: Bool = false, expression: Int32 = -1
  ) {
    self.expression = expression
    self.storage = storage
    self.number = number
    self.node = node
    self.variable = variable
    self.isLiteral = isLiteral
  }

  /// A matrix, and the variable it was read from if it was read from one.
  @inlinable
  package static func matrix(_ value: Matrix, variable: Int32 = -1, expression: Int32 = -1) -> TapeInput {
    TapeInput(storage: value.storage, variable: variable, expression: expression)
  }

  /// An unboxed number that is not part of the source text.
  @inlinable
  package static func number(_ value: Scalar, variable: Int32 = -1, expression: Int32 = -1) -> TapeInput {
    TapeInput(number: value, variable: variable, expression: expression)
  }

  /// A number written in the source text: simplification may compute with it.
  @inlinable
  package static func literal(_ value: Scalar) -> TapeInput { TapeInput(number: value, isLiteral: true) }

  /// An unboxed number that is on the tape itself.
  @inlinable
  package static func node(_ handle: NodeHandle, _ value: Scalar) -> TapeInput {
    TapeInput(number: value, node: handle)
  }
}
