/// A matrix of `Scalar`s, stored row by row; a value with copy-on-write storage.
public struct Matrix {
  @usableFromInline package var storage: MatrixStorage

  @inlinable
  package init(storage: MatrixStorage) { self.storage = storage }

  /// Room for `shape`, its elements not yet set: the caller writes all of them before anything else.
  ///
  /// - Throws: `CoreError.tooLarge` where the size overflows, `CoreError.outOfMemory` past the limit.
  @inlinable
  package init(uninitialized shape: Shape, in resources: Resources) throws(CoreError) {
    storage = try MatrixStorage.make(shape, in: resources)
  }

  /// All elements `value`.
  public init(repeating value: Scalar, _ shape: Shape, in resources: Resources) throws(CoreError) {
    try self.init(uninitialized: shape, in: resources)
    storage.elements.update(repeating: value, count: shape.count)
  }

  /// `elements` row by row; there must be `rows * columns` of them.
  public init(rows: Int, columns: Int, _ elements: [Scalar], in resources: Resources) throws(CoreError) {
    precondition(elements.count == rows * columns, "rows * columns elements")
    try self.init(uninitialized: Shape(rows, columns), in: resources)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { storage.elements.update(from: base, count: source.count) }
    }
  }

  /// Rows and columns.
  @inlinable public var shape: Shape { storage.shape }
  /// How many rows.
  @inlinable public var rows: Int { storage.shape.rows }
  /// How many columns.
  @inlinable public var columns: Int { storage.shape.columns }
  /// How many elements.
  @inlinable public var count: Int { storage.shape.count }
  /// Whether it is 1×1.
  @inlinable public var isScalar: Bool { storage.shape.isScalar }

  /// The elements, row by row.
  public var elements: [Scalar] { Array(buffer) }

  /// Element (`row`, `column`), both from 0.
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "subscript inside the matrix")
    return storage.elements[row * columns + column]
  }

  /// Read-only view of the elements, valid while the matrix is alive.
  @inlinable
  package var buffer: UnsafeBufferPointer<Scalar> {
    UnsafeBufferPointer(start: storage.elements, count: count)
  }

  /// The elements for reading; keep the matrix alive across the use.
  @inlinable
  package var pointer: UnsafePointer<Scalar> { UnsafePointer(storage.elements) }

  /// The elements for writing, of a matrix that was just made or made unique.
  @inlinable
  package var mutablePointer: UnsafeMutablePointer<Scalar> { storage.elements }

  /// Makes sure that no other value shares the elements, copying them when one does.
  @inlinable
  package mutating func makeUnique(in resources: Resources) throws(CoreError) {
    if !isKnownUniquelyReferenced(&storage) { try self = copy(in: resources) }
  }

  /// The same elements in storage of their own, as plain data.
  @usableFromInline
  package func copy(in resources: Resources) throws(CoreError) -> Matrix {
    let result = try Matrix(uninitialized: shape, in: resources)
    result.storage.elements.update(from: storage.elements, count: count)
    return result
  }
}

extension Matrix: Equatable {
  /// Same shape and elements; a nan equals nothing, as for numbers.
  public static func == (a: Matrix, b: Matrix) -> Bool {
    a.shape == b.shape && a.buffer.elementsEqual(b.buffer)
  }
}
