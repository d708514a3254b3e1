import NNCore

// The machine adds two numbers in a few instructions because it looks at the tag byte of a `Value` in place instead
// of copying the value out, which would retain and release. Swift lays an enum of a `Double` and single references
// out as eight bytes of payload and one of tag, tags numbered by declaration. `LayoutTests` holds it to that.
extension UnsafeMutablePointer<Value> {
  @inline(__always)
  private var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) }

  /// The tag byte: 0 for a number.
  @inline(__always)
  var tag: UInt8 { raw.load(fromByteOffset: 8, as: UInt8.self) }

  @inline(__always)
  var isNumber: Bool { tag == 0 }

  /// The tag of `Value.matrix`.
  @inline(__always)
  var isMatrix: Bool { tag == 1 }

  /// The number in a place known to hold one; writing needs the place to hold a number already.
  @inline(__always)
  var uncheckedNumber: Scalar {
    get { raw.load(as: Scalar.self) }
    nonmutating set { raw.storeBytes(of: newValue, as: Scalar.self) }
  }

  /// Puts a number in the place, releasing what stood there.
  @inline(__always)
  func setNumber(_ number: Scalar) {
    if isNumber { uncheckedNumber = number } else { pointee = .number(number) }
  }

  /// What stands before the elements of a matrix, in a place known to hold one.
  @inline(__always)
  var uncheckedHeader: UnsafeMutablePointer<MatrixStorage.Header> {
    (raw.load(as: UnsafeMutableRawPointer.self) + MatrixStorage.headerOffset)
      .assumingMemoryBound(to: MatrixStorage.Header.self)
  }

  /// The elements of a matrix in a place known to hold one.
  @inline(__always)
  var uncheckedElements: UnsafeMutablePointer<Scalar> { uncheckedHeader.pointee.elements }

  /// The storage of a matrix in a place known to hold one, without counting a reference.
  @inline(__always)
  var uncheckedStorage: MatrixStorage {
    _read { yield raw.assumingMemoryBound(to: MatrixStorage.self).pointee }
    nonmutating _modify { yield &raw.assumingMemoryBound(to: MatrixStorage.self).pointee }
  }

  /// The address of the storage of a matrix in a place known to hold one: tells whether two are the same without
  /// counting references.
  @inline(__always)
  var storageAddress: UnsafeRawPointer { raw.load(as: UnsafeRawPointer.self) }

  /// The function in a place, without counting a reference; nil where something else stands.
  @inline(__always)
  var uncheckedFunction: Unmanaged<Function>? {
    tag == 4 ? raw.load(as: Unmanaged<Function>.self) : nil
  }

  /// Whether the place holds a matrix that nothing else refers to.
  @inline(__always)
  var holdsUniqueMatrix: Bool { isMatrix && isKnownUniquelyReferenced(&uncheckedStorage) }

  /// Moves the value out, leaving a number behind.
  @inline(__always)
  func take() -> Value {
    let value = move()
    initialize(to: .number(0))
    return value
  }
}
