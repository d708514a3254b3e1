import CNumerics

/// The one heap block of a matrix: shape, graph handle and elements together.
public final class MatrixStorage: ManagedBuffer<MatrixStorage.Header, Scalar> {
  /// What stands before the elements.
  public struct Header {
    @usableFromInline package var shape: Shape
    @usableFromInline package var node: NodeHandle
    @usableFromInline var resources: Unmanaged<Resources>
    @usableFromInline var bytes: Int

    /// How many elements the block has room for.
    @inlinable
    package var capacity: Int { (bytes - MatrixStorage.overhead) / MemoryLayout<Scalar>.stride }

    @usableFromInline
    init(shape: Shape, node: NodeHandle, resources: Unmanaged<Resources>, bytes: Int) {
      self.shape = shape
      self.node = node
      self.resources = resources
      self.bytes = bytes
    }
  }

  /// Where the header and the elements lie in the block, for the machine, which reads them without counting
  /// references.
  @inlinable @inline(__always)
  package static var headerOffset: Int { 2 * MemoryLayout<Int>.size }
  @inlinable @inline(__always)
  package static var elementsOffset: Int { headerOffset + MemoryLayout<Header>.stride }

  /// The fixed cost of a block, in bytes: object header, `Header`, the allocator's own word.
  @usableFromInline static let overhead = 72

  @inlinable
  static func make(_ shape: Shape, in resources: Resources) throws(CoreError) -> MatrixStorage {
    let (count, overflow) = shape.rows.multipliedReportingOverflow(by: shape.columns)
    guard !overflow, shape.rows >= 0, shape.columns >= 0, count < 1 << 56, count > 0 || shape.isSmallWhenEmpty
    else {
      throw .tooLarge(
        rows: Scalar(shape.rows), columns: Scalar(shape.columns),
        bytes: 8 * Scalar(shape.rows) * Scalar(shape.columns), limit: resources.limit)
    }
    let bytes = count * 8 + overhead
    try resources.reserve(bytes)
    let buffer = create(minimumCapacity: count) { _ in
      Header(
        shape: shape, node: .none, resources: Unmanaged.passUnretained(resources), bytes: bytes)
    }
    let storage = unsafeDowncast(buffer, to: MatrixStorage.self)
    if bytes >= largeBlock { adviseLarge(storage.elements, bytes - overhead) }
    return storage
  }

  /// From so many bytes on it is worth asking for large pages.
  @usableFromInline static let largeBlock = 1 << 22

  @usableFromInline
  static func adviseLarge(_ elements: UnsafeMutablePointer<Scalar>, _ bytes: Int) {
    nn_advise_large(elements, bytes)
  }

  deinit {
    let (resources, bytes) = withUnsafeMutablePointerToHeader { ($0.pointee.resources, $0.pointee.bytes) }
    resources._withUnsafeGuaranteedRef { $0.release(bytes) }
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
    withUnsafeMutablePointerToElements { $0 }
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
}
