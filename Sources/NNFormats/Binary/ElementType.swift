import NNCore

/// How a binary file stores a real number. All become doubles: integers beyond 2⁵³ are rounded to the nearest.
enum ElementType: Sendable {
  case bool
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float16, bfloat16, float32, float64

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// The bytes that an array of these sizes takes.
  ///
  /// - Throws: `FormatError.sizeOverflow`.
  func byteCount(_ shape: [Int]) throws(FormatError) -> Int {
    // Zero wins over any other size, whatever their order.
    if shape.contains(0) { return 0 }
    var bytes = size
    for axis in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: axis)
      if overflow { throw .sizeOverflow }
      bytes = product
    }
    return bytes
  }

  /// Turns elements into doubles: all that `source` has, one after the other, to `target`.
  func decode(_ source: UnsafeRawBufferPointer, isBigEndian: Bool, to target: Layout) {
    switch self {
    case .bool: target.fill(source, UInt8.self, isBigEndian) { $0 == 0 ? 0 : 1 }
    case .int8: target.fill(source, Int8.self, isBigEndian) { Scalar($0) }
    case .int16: target.fill(source, Int16.self, isBigEndian) { Scalar($0) }
    case .int32: target.fill(source, Int32.self, isBigEndian) { Scalar($0) }
    case .int64: target.fill(source, Int64.self, isBigEndian) { Scalar($0) }
    case .uint8: target.fill(source, UInt8.self, isBigEndian) { Scalar($0) }
    case .uint16: target.fill(source, UInt16.self, isBigEndian) { Scalar($0) }
    case .uint32: target.fill(source, UInt32.self, isBigEndian) { Scalar($0) }
    case .uint64: target.fill(source, UInt64.self, isBigEndian) { Scalar($0) }
    case .float16: target.fill(source, UInt16.self, isBigEndian, HalfFloat.value)
    case .bfloat16:
      target.fill(source, UInt16.self, isBigEndian) { Scalar(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: target.fill(source, UInt32.self, isBigEndian) { Scalar(Float(bitPattern: $0)) }
    case .float64: target.fill(source, UInt64.self, isBigEndian) { Scalar(bitPattern: $0) }
    }
  }

  /// Where decoded elements go: a matrix in the file's order, or across it.
  struct Layout {
    let elements: UnsafeMutablePointer<Scalar>
    /// The file's own rows and columns, row by row.
    let rows: Int
    let columns: Int
    /// The length of the matrix's rows where it is transposed to the file's; nil where it is not.
    let transposedColumns: Int?

    @inline(__always)
    func fill<Raw: FixedWidthInteger & BitwiseCopyable>(
      _ source: UnsafeRawBufferPointer, _ type: Raw.Type, _ isBigEndian: Bool, _ value: (Raw) -> Scalar
    ) {
      guard let base = source.baseAddress else { return }
      let width = MemoryLayout<Raw>.size
      precondition(source.count == rows * columns * width, "the caller checked the sizes")
      @inline(__always)
      func element(_ index: Int) -> Scalar {
        let raw = (base + index * width).loadUnaligned(as: Raw.self)
        return value(isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw))
      }
      guard let stride = transposedColumns else {
        for index in 0..<(rows * columns) { elements[index] = element(index) }
        return
      }
      forEachTile { tileRows, tileColumns in
        for row in tileRows {
          for column in tileColumns { elements[column * stride + row] = element(row * columns + column) }
        }
      }
    }

    // Square tiles: their lines of both sides stay in the cache.
    @inline(__always)
    private func forEachTile(_ body: (Range<Int>, Range<Int>) -> Void) {
      let side = 32
      for top in stride(from: 0, to: rows, by: side) {
        for left in stride(from: 0, to: columns, by: side) {
          body(top..<min(top + side, rows), left..<min(left + side, columns))
        }
      }
    }
  }
}

/// IEEE 754 binary16.
enum HalfFloat {
  /// The value of the 16 bits: sign, 5 bits of exponent, 10 of significand.
  static func value(_ bits: UInt16) -> Scalar {
    let sign: Scalar = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Scalar(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (fraction + 1024) * Scalar(bitPattern: UInt64(exponent - 25 + 1023) << 52)
    }
  }
}

/// Makes a matrix of at most two axes from decoded elements.
enum TensorReader {
  /// - Parameters:
  ///   - shape: no axis gives 1×1, one gives a row 1×n.
  ///   - data: exactly the bytes that the shape needs, as the caller has checked.
  ///   - isColumnMajor: Fortran's order.
  static func matrix(
    _ type: ElementType, shape: [Int], data: UnsafeRawBufferPointer, isBigEndian: Bool = false,
    isColumnMajor: Bool = false, in resources: Resources
  ) throws(FormatError) -> Matrix {
    guard shape.count <= 2 else { throw .tooManyAxes(shape: shape) }
    let rows = shape.count == 2 ? shape[0] : 1
    let columns = shape.last ?? 1
    let result = try core { () throws(CoreError) in
      try Matrix(uninitialized: Shape(rows, columns), in: resources)
    }
    if result.count > 0 {
      // What is not transposed, or a single line, needs no shape: then every element is a row.
      let isTransposed = isColumnMajor && rows > 1 && columns > 1
      let fileShape = isTransposed ? Shape(columns, rows) : Shape(result.count, 1)
      try decode(type, data, fileShape, isBigEndian, isTransposed, to: result, resources)
    }
    return result
  }

  /// Decodes some rows of the file after another, so that the work can be stopped in between.
  private static func decode(
    _ type: ElementType, _ data: UnsafeRawBufferPointer, _ fileShape: Shape, _ isBigEndian: Bool,
    _ isTransposed: Bool, to result: Matrix, _ resources: Resources
  ) throws(FormatError) {
    let rowBytes = fileShape.columns * type.size
    let rowsAtOnce = max(1, (1 << 20) / fileShape.columns)
    for top in stride(from: 0, to: fileShape.rows, by: rowsAtOnce) {
      try core { () throws(CoreError) in try resources.checkCancellation() }
      let bottom = min(top + rowsAtOnce, fileShape.rows)
      let rows = UnsafeRawBufferPointer(rebasing: data[(top * rowBytes)..<(bottom * rowBytes)])
      let layout = ElementType.Layout(
        elements: result.mutablePointer + top, rows: bottom - top,
        columns: fileShape.columns, transposedColumns: isTransposed ? fileShape.rows : nil)
      type.decode(rows, isBigEndian: isBigEndian, to: layout)
    }
  }
}

extension Array<UInt8> {
  /// Appends the elements of a matrix as little-endian doubles, row by row.
  mutating func append(_ matrix: Matrix) {
    #if _endian(little)
      append(contentsOf: UnsafeRawBufferPointer(matrix.buffer))
    #else
      for value in matrix.buffer {
        Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
      }
    #endif
  }
}
