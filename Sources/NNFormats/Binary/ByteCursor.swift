/// Walks through the bytes of a binary file; every step is checked against what is there.
struct ByteCursor {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - offset }

  /// The next `count` bytes.
  ///
  /// - Throws: `FormatError.truncated`.
  mutating func take(_ count: Int) throws(FormatError) -> UnsafeRawBufferPointer {
    guard count <= remaining else {
      let (needed, overflow) = offset.addingReportingOverflow(count)
      if overflow { throw .sizeOverflow }
      throw .truncated(needed: needed, size: bytes.count)
    }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
  }

  mutating func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type
  ) throws(FormatError) -> Integer {
    Integer(littleEndian: try take(MemoryLayout<Integer>.size).loadUnaligned(as: type))
  }

  mutating func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type
  ) throws(FormatError) -> Integer {
    Integer(bigEndian: try take(MemoryLayout<Integer>.size).loadUnaligned(as: type))
  }

  /// A little-endian size of 64 bits.
  mutating func size() throws(FormatError) -> Int {
    guard let size = Int(exactly: try littleEndian(UInt64.self)) else { throw .sizeOverflow }
    return size
  }

  /// Whether the next bytes are these; they are stepped over if so.
  mutating func accept(_ signature: [UInt8]) -> Bool {
    guard bytes[offset...].starts(with: signature) else { return false }
    offset += signature.count
    return true
  }
}
