public import NNCore
import NNFormats

/// A value of the language: 16 bytes, and for everything but numbers one reference.
///
/// A number is a 1×1 matrix to the user. It is kept unboxed as `number` unless the graph has to know where it
/// came from; then it is a `matrix` of shape 1×1 whose storage carries its node.
public enum Value {
  // The machine's fast path relies on `number` being the first case: see Value+Layout.swift.
  case number(Scalar)
  case matrix(Matrix)
  case text(Text)
  case list(List)
  case function(Function)
  case table(TableValue)
  case object(Object)
  /// The value of a name that has none yet, and of a call that returns nothing.
  case nothing

  /// A text value.
  public static func string(_ string: String) -> Value { .text(Text(string)) }

  /// 1 or 0, which is what the language has for true and false.
  @inlinable
  public static func truth(_ condition: Bool) -> Value { .number(condition ? 1 : 0) }

  /// The text, if the value is one.
  public var string: String? {
    if case .text(let text) = self { return text.string }
    return nil
  }

  /// The number, if the value is a number or any 1×1 matrix.
  public var number: Scalar? {
    switch self {
    case .number(let number): return number
    case .matrix(let matrix) where matrix.isScalar: return matrix.pointer[0]
    default: return nil
    }
  }

  /// What a value of this kind is called in messages: "a string", "a list", "a 2×3 matrix".
  public var kindWithArticle: String {
    switch self {
    case .number: "a number"
    case .matrix(let matrix): "a \(matrix.shape) matrix"
    case .text: "a string"
    case .list: "a list"
    case .function: "a function"
    case .table: "a table"
    case .object(let object): object.kindWithArticle
    case .nothing: "nothing"
    }
  }

  /// The shape of a numeric value.
  public var shape: Shape? {
    switch self {
    case .number: .scalar
    case .matrix(let matrix): matrix.shape
    default: nil
    }
  }

  /// Whether both are numbers with the same bits in the same shape, or the very same value of another kind.
  func hasBits(of other: Value) -> Bool {
    guard case .matrix(let a) = self, case .matrix(let b) = other else { return isIdentical(to: other) }
    return a.shape == b.shape && zip(a.buffer, b.buffer).allSatisfy { $0.bitPattern == $1.bitPattern }
  }

  /// Whether it is the very same value, not one that only looks so; quick whatever its size.
  func isIdentical(to other: Value) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    case (.matrix(let a), .matrix(let b)): a.storage === b.storage
    case (.text(let a), .text(let b)): a === b
    case (.list(let a), .list(let b)): a.storage === b.storage
    case (.function(let a), .function(let b)): a === b
    case (.table(let a), .table(let b)): a === b
    case (.object(let a), .object(let b)): a === b
    case (.nothing, .nothing): true
    default: false
    }
  }

  /// The list, if the value is one.
  var list: List? {
    if case .list(let list) = self { return list }
    return nil
  }

  /// The network, if the value is one.
  var network: Network? {
    if case .object(let object) = self { return object as? Network }
    return nil
  }

  var isNothing: Bool {
    if case .nothing = self { return true }
    return false
  }
}

extension Shape: CustomStringConvertible {
  /// As messages write it: "4×2".
  public var description: String { "\(rows)×\(columns)" }
}

/// Values that carry behaviour of their own: networks, optimisers, layers, results of `train` and `check`.
open class Object {
  /// An object.
  public init() {}

  /// What messages call it: "a network".
  open var kindWithArticle: String { "an object" }
  /// The names that `value.name` can read, in the order completion lists them.
  open var fieldNames: [String] { [] }
  /// The field called `name`; nil where there is none.
  open func field(_ name: String) -> Value? { nil }
  /// The field called `name`, looked for first where the same access last found it; `place` is the object's to write.
  func field(_ name: String, near place: inout Int) -> Value? { field(name) }
  /// What `value[…]` reads.
  func element(at subscripts: [Value], machine: Machine) throws(Diagnostic) -> Value {
    throw Diagnostic(.error, "\(kindWithArticle) has no elements")
  }
  /// The values it holds, for what must find every matrix that can still be reached.
  open var reachableValues: [Value] { [] }
  /// Gives the field called `name` a value.
  ///
  /// - Throws: where it cannot be set.
  open func setField(_ name: String, to value: Value) throws(Diagnostic) {
    throw Diagnostic(.error, "\(kindWithArticle) has no field \(name) that can be set")
  }
  /// What must be kept of it to come back to the present state; nil for what never changes.
  func savedState() -> Any? { nil }
  /// The matrices that a state holds which `savedState` gave.
  func matrices(inState state: Any) -> [Matrix] { [] }
  /// Goes back to a state that `savedState` gave.
  func restoreState(_ state: Any) {}
  /// Whether two states that `savedState` gave are the same.
  func isSameState(_ a: Any, _ b: Any) -> Bool { false }
  /// Another one in the same state, as `copy(x)` makes it; one that never changes is its own copy.
  func copied(in machine: Machine) throws(Diagnostic) -> Object { self }
  /// What `write(x, path)` puts into a file of this format.
  func content(for format: FileFormat) throws(Diagnostic) -> FileContent {
    throw Diagnostic(.error, "\(kindWithArticle) cannot be written to a file")
  }
  /// The values it holds that a cost may have gradients for.
  var gradientTargets: [Matrix] { [] }
  /// The fields that they are.
  var gradientTargetNames: [String] { [] }
  /// Takes those gradients, in order; nil where the cost does not depend on a value.
  func receiveGradients(_ gradients: [Matrix?]) {}
  /// Lines shown when the value is echoed.
  open func describe(width: Int) -> [String] { [kindWithArticle] }
}
