/// The one heap block of a matrix: shape, graph handle and elements together.
public final class MatrixStorage: ManagedBuffer<MatrixStorage.Header, Scalar> {
  /// What stands before the elements.
  public struct Header {
    @usableFromInline var shape: Shape
    @usableFromInline var node: NodeHandle
    @usableFromInline var resources: Unmanaged<Resources>
    @usableFromInline var bytes: Int

    @usableFromInline
    init(shape: Shape, node: NodeHandle, resources: Unmanaged<Resources>, bytes: Int) {
      self.shape = shape
      self.node = node
      self.resources = resources
      self.bytes = bytes
    }
  }

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
    return unsafeDowncast(buffer, to: MatrixStorage.self)
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
