import CNumerics

/// The one heap block of a matrix: shape, graph handle and elements together.
public final class MatrixStorage: ManagedBuffer<MatrixStorage.Header, Scalar> {
  /// What stands before the elements.
  public struct Header {
    @usableFromInline package var shape: Shape
    @usableFromInline package var node: NodeHandle
    @usableFromInline var resources: Unmanaged<Resources>
    /// How many elements the block has room for.
    @usableFromInline package var capacity: Int
    @usableFromInline package var elements: UnsafeMutablePointer<Scalar>

    @usableFromInline
    init(
      shape: Shape, node: NodeHandle, resources: Unmanaged<Resources>, capacity: Int,
      elements: UnsafeMutablePointer<Scalar>
    ) {
      self.shape = shape
      self.node = node
      self.resources = resources
      self.capacity = capacity
      self.elements = elements
    }
  }

  /// Where the header lies in the block, for the machine, which reads it without counting references.
  @inlinable @inline(__always)
  package static var headerOffset: Int { 2 * MemoryLayout<Int>.size }

  /// The fixed cost of a block, in bytes: object header, `Header`, the allocator's own word.
  @usableFromInline static let overhead = 72

  /// From so many elements on they begin where a line of the cache does. Kernels read a line at a time; where each
  /// read crosses from one line to the next, a pass over large matrices takes half as long again.
  @usableFromInline static let alignedCount = 128
  @usableFromInline static let cacheLine = 64

  /// Elements to ask for, so that `count` of them fit behind the first cache line's beginning.
  @inlinable
  static func reserved(_ count: Int) -> Int {
    count < alignedCount ? count : count + cacheLine / MemoryLayout<Scalar>.stride - 1
  }

  @inlinable
  static func bytes(_ count: Int) -> Int { reserved(count) * MemoryLayout<Scalar>.stride + overhead }

  @inlinable
  static func make(_ shape: Shape, in resources: Resources) throws(CoreError) -> MatrixStorage {
    let (count, overflow) = shape.rows.multipliedReportingOverflow(by: shape.columns)
    guard !overflow, shape.rows >= 0, shape.columns >= 0, count < 1 << 56, count > 0 || shape.isSmallWhenEmpty
    else {
      throw .tooLarge(
        rows: Scalar(shape.rows), columns: Scalar(shape.columns),
        bytes: 8 * Scalar(shape.rows) * Scalar(shape.columns), limit: resources.limit)
    }
    let bytes = bytes(count)
    try resources.reserve(bytes)
    let buffer = create(minimumCapacity: reserved(count)) { buffer in
      let first = buffer.withUnsafeMutablePointerToElements { $0 }
      let elements =
        count < alignedCount
        ? first
        : UnsafeMutableRawPointer(first).alignedUp(toMultipleOf: cacheLine).assumingMemoryBound(
          to: Scalar.self)
      return Header(
        shape: shape, node: .none, resources: Unmanaged.passUnretained(resources), capacity: count,
        elements: elements)
    }
    let storage = unsafeDowncast(buffer, to: MatrixStorage.self)
    if bytes >= largeBlock { adviseLarge(storage.elements, count * MemoryLayout<Scalar>.stride) }
    return storage
  }

  /// From so many bytes on it is worth asking for large pages.
  @usableFromInline static let largeBlock = 1 << 22

  @usableFromInline
  static func adviseLarge(_ elements: UnsafeMutablePointer<Scalar>, _ bytes: Int) {
    nn_advise_large(elements, bytes)
  }

  deinit {
    let (resources, capacity) = withUnsafeMutablePointerToHeader {
      ($0.pointee.resources, $0.pointee.capacity)
    }
    resources._withUnsafeGuaranteedRef { $0.release(MatrixStorage.bytes(capacity)) }
  }

  // By pointer: reading a stored property of a class asks the runtime for exclusive access, which would cost more
  // than adding two small matrices.

  @inlinable
  package var shape: Shape {
    get { withUnsafeMutablePointerToHeader { $0.pointee.shape } }
    set { withUnsafeMutablePointerToHeader { $0.pointee.shape = newValue } }
  }

  /// Where the value stands in the graph, if it was recorded there.
  @inlinable
  package var node: NodeHandle {
    get { withUnsafeMutablePointerToHeader { $0.pointee.node } }
    set { withUnsafeMutablePointerToHeader { $0.pointee.node = newValue } }
  }

  @inlinable
  package var elements: UnsafeMutablePointer<Scalar> {
    withUnsafeMutablePointerToHeader { $0.pointee.elements }
  }
}

/// A place on the tape: an index together with the tape's generation, so that a handle from before a sweep is
/// recognised instead of naming another node.
public struct NodeHandle: Hashable, Sendable {
  @usableFromInline package var index: UInt32
  @usableFromInline package var generation: UInt32

  @inlinable
  package init(index: UInt32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }

  /// A plain value: data.
  public static let none = NodeHandle(index: 0, generation: 0)
  @inlinable package var isNone: Bool { generation == 0 }
  /// Data without a mark of the language's.
  @inlinable package var isPlain: Bool { index | generation == 0 }
}
