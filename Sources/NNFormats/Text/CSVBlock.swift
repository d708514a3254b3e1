import NNCore

/// The numbers of a text table while it is read: one matrix, or a matrix for each column, with room for as many
/// rows as there may be.
struct CSVBlock {
  let rowCapacity: Int
  var rowCount = 0
  private let storage: [Matrix]
  private let bases: [UnsafeMutablePointer<Scalar>]
  private let stride: Int
  private let isMatrix: Bool

  /// - Parameter isMatrix: whether the result is likely to be one matrix and not named columns.
  init(rowCapacity: Int, columns: Int, isMatrix: Bool, in resources: Resources) throws(FormatError) {
    self.rowCapacity = rowCapacity
    self.isMatrix = isMatrix
    stride = isMatrix ? columns : 1
    var storage: [Matrix] = []
    var bases: [UnsafeMutablePointer<Scalar>] = []
    do {
      for column in 0..<columns {
        if storage.isEmpty || !isMatrix {
          storage.append(try Matrix(uninitialized: Shape(rowCapacity, stride), in: resources))
        }
        bases.append(isMatrix ? storage[0].mutablePointer + column : storage[column].mutablePointer)
      }
    } catch {
      throw .core(error)
    }
    self.storage = storage
    self.bases = bases
  }

  @inline(__always)
  func set(_ row: Int, _ column: Int, _ value: Scalar) { bases[column][row * stride] = value }

  /// All columns side by side.
  func matrix(in resources: Resources) throws(FormatError) -> Matrix {
    try trimmed(storage[0], in: resources)
  }

  func column(_ index: Int, in resources: Resources) throws(FormatError) -> Matrix {
    if !isMatrix { return try trimmed(storage[index], in: resources) }
    let result = try core { () throws(CoreError) in
      try Matrix(uninitialized: Shape(rowCount, 1), in: resources)
    }
    for row in 0..<rowCount { result.mutablePointer[row] = bases[index][row * stride] }
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
