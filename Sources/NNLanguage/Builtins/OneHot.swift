import NNCore

/// Classes as columns: a 1 in the row of the class, 0 elsewhere.
enum OneHot {
  /// - Parameter places: the row, from 0, of each column's 1.
  static func matrix(_ places: [Int], _ rows: Int, in resources: Resources) throws(CoreError) -> Matrix {
    let matrix = try Matrix(repeating: 0, Shape(rows, places.count), in: resources)
    for (column, row) in places.enumerated() { matrix.mutablePointer[row * places.count + column] = 1 }
    return matrix
  }

  /// The class of each column, from 1.
  static func classes(of outputs: Matrix) -> [Int] {
    (0..<outputs.columns).map { classOf($0, in: outputs) }
  }

  /// The class of a column, from 1: of one row by whether it exceeds 0.5, of more by its largest element. 0 where the
  /// column holds a nan.
  @inline(__always)
  static func classOf(_ column: Int, in outputs: Matrix) -> Int {
    let (m, n) = (outputs.rows, outputs.columns)
    let values = outputs.pointer + column
    var best = 0
    for row in 0..<m {
      let value = values[row * n]
      if value.isNaN { return 0 }
      if m == 1 { return value > 0.5 ? 2 : 1 }
      if value > values[best * n] { best = row }
    }
    return best + 1
  }

  /// The first column that is neither one-hot nor, of a single row, 0 or 1.
  static func firstColumnWithoutClass(in labels: Matrix) -> Int? {
    let (m, n) = (labels.rows, labels.columns)
    return (0..<n).first { column in
      let values = labels.pointer + column
      var (ones, zeros) = (0, 0)
      for row in 0..<m {
        if values[row * n] == 1 { ones += 1 }
        if values[row * n] == 0 { zeros += 1 }
      }
      return ones + zeros != m || (m > 1 && ones != 1)
    }
  }
}
