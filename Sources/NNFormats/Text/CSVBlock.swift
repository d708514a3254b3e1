import NNCore

/// The numbers of a text table while it is read: one matrix, or a matrix for each column, with room for as many
/// rows as there may be.
final class CSVBlock {
  let rowCapacity: Int
  private(set) var rowCount = 0
  private let storage: [Matrix]
  private let stride: Int
  private let isMatrix: Bool
  /// Where the current row's number of each column goes; nil once the column is text.
  private let targets: UnsafeMutableBufferPointer<UnsafeMutablePointer<Scalar>?>

  /// - Parameter isMatrix: whether the result is likely to be one matrix and not named columns.
  init(rowCapacity: Int, columns: Int, isMatrix: Bool, in resources: Resources) throws(FormatError) {
    let stride = isMatrix ? columns : 1
    var storage: [Matrix] = []
    do {
      for _ in 0..<(isMatrix ? 1 : columns) {
        storage.append(try Matrix(uninitialized: Shape(rowCapacity, stride), in: resources))
      }
    } catch {
      throw .core(error)
    }
    self.rowCapacity = rowCapacity
    self.isMatrix = isMatrix
    self.stride = stride
    self.storage = storage
    targets = .allocate(capacity: columns)
    for column in 0..<columns {
      let target = isMatrix ? storage[0].mutablePointer + column : storage[column].mutablePointer
      targets.initializeElement(at: column, to: target)
    }
  }

  deinit { targets.deallocate() }

  // MARK: Filling

  func isText(_ column: Int) -> Bool { targets[column] == nil }

  var hasText: Bool { targets.contains(nil) }

  func markAsText(_ column: Int) { targets[column] = nil }

  /// Sets the current row's number of a column that is not text.
  func set(_ column: Int, _ value: Scalar) { targets[column]?.pointee = value }

  func endRow() {
    rowCount += 1
    for column in targets.indices {
      if let target = targets[column] { targets[column] = target + stride }
    }
  }

  /// Reads plain numbers into the current row until something else comes or the record ends.
  ///
  /// - Returns: the column that comes next, which begins at `position`; the number of columns where the record
  ///   was read to its end.
  @inline(__always)
  func readNumbers(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, delimiter: UInt8, mark: UInt8
  ) -> Int {
    let last = targets.count - 1
    for column in 0..<last {
      var p = position
      guard let target = targets[column], let value = NumberScanner.scan(&p, end, mark: mark), p < end,
        p.pointee == delimiter
      else { return column }
      target.pointee = value
      position = p + 1
    }
    var p = position
    guard let target = targets[last], let value = NumberScanner.scan(&p, end, mark: mark),
      p == end || p.pointee == .lineFeed || p.pointee == .carriageReturn
    else { return last }
    target.pointee = value
    // As everywhere, the LF of a CRLF remains.
    position = p == end ? end : p + 1
    return targets.count
  }

  // MARK: Taking out

  /// All columns side by side.
  func matrix(in resources: Resources) throws(FormatError) -> Matrix {
    try trimmed(storage[0], in: resources)
  }

  func column(_ index: Int, in resources: Resources) throws(FormatError) -> Matrix {
    if !isMatrix { return try trimmed(storage[index], in: resources) }
    let result = try core { () throws(CoreError) in
      try Matrix(uninitialized: Shape(rowCount, 1), in: resources)
    }
    let source = storage[0].pointer + index
    for row in 0..<rowCount { result.mutablePointer[row] = source[row * stride] }
    return result
  }

  /// The rows that were read, when blank lines or line ends inside quotes promised more.
  private func trimmed(_ matrix: Matrix, in resources: Resources) throws(FormatError) -> Matrix {
    if rowCount == rowCapacity { return matrix }
    let shape = Shape(rowCount, stride)
    let result = try core { () throws(CoreError) in try Matrix(uninitialized: shape, in: resources) }
    result.mutablePointer.update(from: matrix.pointer, count: shape.count)
    return result
  }
}
