import NNCore

/// The safetensors file: a JSON header, then the tensors' bytes one after the other.
///
/// As its own reader demands, the tensors fill the data without overlap and without a hole.
enum SafetensorsFile {
  static let metadataKey = "__metadata__"
  /// The format's own limit for the header, in bytes.
  private static let headerLimit = 100_000_000

  static func read(
    _ bytes: UnsafeRawBufferPointer, in resources: Resources
  ) throws(FormatError) -> FileContent {
    var cursor = ByteCursor(bytes)
    let headerSize = try cursor.size()
    guard headerSize <= headerLimit else { throw .wrongSignature(.safetensors) }
    let headerStart = cursor.offset
    let headerBytes = try cursor.take(headerSize)
    if let invalid = UTF8Check.firstInvalid(in: headerBytes.bindMemory(to: UInt8.self)) {
      throw .badHeader(offset: headerStart + invalid, wanted: "UTF-8 text")
    }
    var parser = SafetensorsHeaderParser(headerBytes, startingAt: headerStart)
    let header = try parser.parse()
    let data = try cursor.take(cursor.remaining)
    try checkOffsets(header.tensors, dataSize: data.count, dataStart: headerStart + headerSize)
    var tensors: [NamedMatrix] = []
    for entry in header.tensors {
      tensors.append(NamedMatrix(entry.name, try matrix(entry, data, resources)))
    }
    return .tensors(tensors, metadata: header.metadata)
  }

  private static func checkOffsets(
    _ tensors: [SafetensorsHeader.Tensor], dataSize: Int, dataStart: Int
  ) throws(FormatError) {
    var end = 0
    if let last = tensors.map(\.end).max(), last > dataSize, last <= Int.max - dataStart {
      throw .truncated(needed: dataStart + last, size: dataStart + dataSize)
    }
    // Sorted by the end too: an empty tensor may stand where the next one begins.
    for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.begin == end, tensor.end >= tensor.begin, tensor.end <= dataSize else {
        throw .badOffsets(name: tensor.name, begin: tensor.begin, end: tensor.end, expectedBegin: end)
      }
      end = tensor.end
    }
    if end < dataSize { throw .trailingBytes(count: dataSize - end) }
  }

  private static func matrix(
    _ tensor: SafetensorsHeader.Tensor, _ data: UnsafeRawBufferPointer, _ resources: Resources
  ) throws(FormatError) -> Matrix {
    do throws(FormatError) {
      guard let type = types[tensor.type] else { throw .unsupportedType(found: tensor.type) }
      let wanted = try type.byteCount(tensor.shape)
      let found = tensor.end - tensor.begin
      if found != wanted { throw .wrongByteCount(found: found, wanted: wanted) }
      let bytes = UnsafeRawBufferPointer(rebasing: data[tensor.begin..<tensor.end])
      return try TensorReader.matrix(type, shape: tensor.shape, data: bytes, in: resources)
    } catch .core(let error) {
      throw .core(error)
    } catch {
      throw .inside(name: tensor.name, error)
    }
  }

  private static let types: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32, "I32": .int32,
    "U64": .uint64, "I64": .int64, "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
  ]

  // MARK: Writing

  /// All tensors F64 with two axes, in the order given.
  ///
  /// - Throws: `FormatError.duplicateKey`, `FormatError.badName`.
  static func write(
    _ tensors: [NamedMatrix], metadata: [MetadataEntry], in resources: Resources
  ) throws(FormatError) -> [UInt8] {
    let header = try headerText(tensors, metadata)
    let padding = (8 - header.utf8.count % 8) % 8
    var output: [UInt8] = []
    let size = 8 + header.utf8.count + padding + tensors.reduce(0) { $0 + 8 * $1.matrix.count }
    try resources.checkRoom(for: size)
    output.reserveCapacity(size)
    withUnsafeBytes(of: UInt64(header.utf8.count + padding).littleEndian) { output.append(contentsOf: $0) }
    output += header.utf8
    output += Array(repeating: .space, count: padding)
    for tensor in tensors { output.append(tensor.matrix) }
    return output
  }

  private static func headerText(
    _ tensors: [NamedMatrix], _ metadata: [MetadataEntry]
  ) throws(FormatError) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      try checkUnique(metadata.map(\.key))
      let pairs = metadata.map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
      members.append("\(JSONText.quoted(metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    try checkUnique(tensors.map(\.name))
    var offset = 0
    for tensor in tensors {
      if tensor.name == metadataKey { throw .badName(tensor.name) }
      let end = offset + 8 * tensor.matrix.count
      let shape = tensor.matrix.shape
      members.append(
        """
        \(JSONText.quoted(tensor.name)):{"dtype":"F64","shape":[\(shape.rows),\(shape.columns)],\
        "data_offsets":[\(offset),\(end)]}
        """)
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }

  private static func checkUnique(_ keys: [String]) throws(FormatError) {
    var seen: Set<String> = []
    for key in keys where !seen.insert(key).inserted { throw .duplicateKey(key) }
  }
}

/// What a safetensors header says, in its own order.
struct SafetensorsHeader {
  struct Tensor {
    var name: String
    var type: String
    var shape: [Int]
    /// The bytes of the data part that hold it.
    var begin: Int
    var end: Int
  }

  var tensors: [Tensor] = []
  var metadata: [MetadataEntry] = []
}
