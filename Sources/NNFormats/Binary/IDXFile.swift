import NNCore

/// The IDX file, in which MNIST comes: the first axis counts examples, which become the columns here.
///
/// n labels give 1×n; n images of r×c give (r·c)×n, each pixel row by row; n×k gives k×n.
enum IDXFile {
  static func read(_ bytes: UnsafeRawBufferPointer, in resources: Resources) throws(FormatError) -> Matrix {
    var cursor = ByteCursor(bytes)
    // MNIST is handed out compressed by gzip.
    if cursor.accept([0x1F, 0x8B]) { throw .unsupportedType(found: "gzip") }
    guard cursor.accept([0, 0]) else { throw .wrongSignature(.idx) }
    let code = try cursor.bigEndian(UInt8.self)
    guard let type = types[code] else { throw .unsupportedType(found: "code \(code)") }
    let axes = Int(try cursor.bigEndian(UInt8.self))
    var shape: [Int] = []
    for _ in 0..<axes { shape.append(Int(try cursor.bigEndian(UInt32.self))) }
    guard (1...3).contains(axes) else { throw .tooManyAxes(shape: shape) }

    let data = try cursor.take(try type.byteCount(shape))
    if cursor.remaining > 0 { throw .trailingBytes(count: cursor.remaining) }
    let features = try ElementType.uint8.byteCount(Array(shape.dropFirst()))
    // Read as features × examples in Fortran's order, the data are as they stand.
    return try TensorReader.matrix(
      type, shape: [features, shape[0]], data: data, isBigEndian: true, isColumnMajor: true, in: resources)
  }

  private static let types: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]
}
