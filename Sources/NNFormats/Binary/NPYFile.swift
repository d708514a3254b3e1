import NNCore

/// NumPy's file of one array, as numpy.lib.format describes it: versions 1 to 3, real numbers of any size and
/// byte order. An array of one axis becomes a row.
enum NPYFile {
  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func read(_ bytes: UnsafeRawBufferPointer, in resources: Resources) throws(FormatError) -> Matrix {
    var cursor = ByteCursor(bytes)
    let header = try NPYHeader.read(&cursor)
    let data = try cursor.take(header.byteCount)
    if cursor.remaining > 0 { throw .trailingBytes(count: cursor.remaining) }
    return try TensorReader.matrix(
      header.type, shape: header.shape, data: data, isBigEndian: header.isBigEndian,
      isColumnMajor: header.isColumnMajor, in: resources)
  }

  /// Doubles row by row, with the header NumPy writes.
  static func write(_ matrix: Matrix, in resources: Resources) throws(FormatError) -> [UInt8] {
    let description =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(matrix.rows), \(matrix.columns)), }"
    // The data begin at a multiple of 64.
    let unpadded = signature.count + 4 + description.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = unpadded + padding - signature.count - 4
    try resources.checkRoom(for: unpadded + padding + matrix.count * 8)
    var output: [UInt8] = []
    output.reserveCapacity(unpadded + padding + matrix.count * 8)
    output += signature
    output += [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)]
    output += description.utf8
    output += Array(repeating: .space, count: padding)
    output.append(.lineFeed)
    output.append(matrix)
    return output
  }
}

/// What stands before an array's data.
struct NPYHeader {
  var type: ElementType
  var isBigEndian: Bool
  var isColumnMajor: Bool
  var shape: [Int]
  /// The size of the data.
  var byteCount: Int

  static func read(_ cursor: inout ByteCursor) throws(FormatError) -> NPYHeader {
    guard cursor.accept(NPYFile.signature) else { throw .wrongSignature(.npy) }
    let major = try cursor.littleEndian(UInt8.self)
    _ = try cursor.littleEndian(UInt8.self)
    let length: Int
    switch major {
    case 1: length = Int(try cursor.littleEndian(UInt16.self))
    case 2, 3: length = Int(try cursor.littleEndian(UInt32.self))
    default: throw .unsupportedVersion(.npy, Int(major))
    }
    let start = cursor.offset
    var parser = HeaderParser(try cursor.take(length), startingAt: start)
    return try parser.header()
  }

  /// - Throws: `FormatError.unsupportedType`, `FormatError.tooManyAxes`, `FormatError.sizeOverflow`.
  fileprivate init(descriptor: String, isColumnMajor: Bool, shape: [Int]) throws(FormatError) {
    guard let (type, isBigEndian) = NPYHeader.type(descriptor) else {
      throw .unsupportedType(found: descriptor)
    }
    guard shape.count <= 2 else { throw .tooManyAxes(shape: shape) }
    self.type = type
    self.isBigEndian = isBigEndian
    self.isColumnMajor = isColumnMajor
    self.shape = shape
    byteCount = try type.byteCount(shape)
  }

  /// `<f8` and its like: byte order (`|` where it does not matter), kind, bytes.
  private static func type(_ descriptor: String) -> (ElementType, isBigEndian: Bool)? {
    let types: [Substring: ElementType] = [
      "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16,
      "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    guard let type = types[descriptor.dropFirst()] else { return nil }
    switch descriptor.first {
    case "<", "=": return (type, false)
    case ">": return (type, true)
    case "|" where type.size == 1: return (type, false)
    default: return nil
    }
  }
}

/// Parses the header's Python dictionary: exactly the keys descr, fortran_order and shape, in any order.
private struct HeaderParser {
  private var scanner: ByteScanner

  init(_ bytes: UnsafeRawBufferPointer, startingAt start: Int) {
    scanner = ByteScanner(bytes, startingAt: start)
  }

  mutating func header() throws(FormatError) -> NPYHeader {
    var descriptor: String?
    var isColumnMajor: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.accept("}") {
      let key = try string()
      try scanner.expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try self.descriptor()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try truth()
      case "shape" where shape == nil: shape = try self.shape()
      case "descr", "fortran_order", "shape": throw .duplicateKey(key)
      default: throw scanner.error(wanting: "one of the keys descr, fortran_order and shape")
      }
      if !scanner.accept(",") {
        try scanner.expect("}")
        break
      }
    }
    guard scanner.isAtEnd else { throw scanner.error(wanting: "the end of the header") }
    guard let descriptor else { throw .missingKey("descr") }
    guard let isColumnMajor else { throw .missingKey("fortran_order") }
    guard let shape else { throw .missingKey("shape") }
    return try NPYHeader(descriptor: descriptor, isColumnMajor: isColumnMajor, shape: shape)
  }

  // A list describes records, which are no matrix.
  private mutating func descriptor() throws(FormatError) -> String {
    if scanner.peek() == UInt8(ascii: "[") { throw .unsupportedType(found: "records") }
    return try string()
  }

  private mutating func truth() throws(FormatError) -> Bool {
    if scanner.accept("True") { return true }
    if scanner.accept("False") { return false }
    throw scanner.error(wanting: "True or False")
  }

  private mutating func string() throws(FormatError) -> String {
    let quote: Character = scanner.peek() == .quote ? "\"" : "'"
    try scanner.expect(quote.description)
    let text = scanner.bytes(until: quote)
    try scanner.expect(quote.description)
    return text
  }

  /// `()`, `(3,)`, `(3, 4)`; Python 2 wrote `(3L, 4L)`.
  private mutating func shape() throws(FormatError) -> [Int] {
    var shape: [Int] = []
    try scanner.expect("(")
    while !scanner.accept(")") {
      shape.append(try scanner.integer())
      _ = scanner.accept("L")
      if !scanner.accept(",") {
        // A lone number in parentheses is a number, not a tuple.
        if shape.count == 1 { throw scanner.error(wanting: "a comma") }
        try scanner.expect(")")
        break
      }
    }
    return shape
  }
}
