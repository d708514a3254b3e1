/// What is where in a matrix; results whose size depends on the elements.
package enum Searching {
  /// The places of the elements that are not 0, from 1 and row by row: a row.
  package static func find(_ a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let found = try Subscript(mask: a.pointer, count: a.count, in: resources)
    return try found.numbers(from: 1, in: resources)
  }

  /// The rows and columns, from 1, of places that `find` gave in a matrix with so many columns.
  package static func rowsAndColumns(
    _ places: Matrix, columns: Int, in resources: Resources
  ) throws(CoreError) -> (rows: Matrix, columns: Matrix) {
    let row = try Matrix(uninitialized: places.shape, in: resources)
    let column = try Matrix(uninitialized: places.shape, in: resources)
    try resources.inBlocks(places.count) { positions throws(CoreError) in
      for position in positions {
        let (quotient, remainder) = (Int(places.pointer[position]) - 1).quotientAndRemainder(
          dividingBy: columns)
        row.mutablePointer[position] = Scalar(quotient + 1)
        column.mutablePointer[position] = Scalar(remainder + 1)
      }
    }
    return (row, column)
  }

  /// The different elements in ascending order, a nan once and last: a row.
  package static func unique(_ a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    let sorted = try Operation.apply(.sort, a, in: resources)
    let x = sorted.mutablePointer
    var count = 0
    for k in 0..<a.count where count == 0 || (x[k] != x[count - 1] && !(x[k].isNaN && x[count - 1].isNaN)) {
      x[count] = x[k]
      count += 1
    }
    let result = try Matrix(uninitialized: Shape(1, count), in: resources)
    result.mutablePointer.update(from: x, count: count)
    return result
  }

  /// Zeros, `classes`×m, with a 1 in each column at the row that the label (from 1) names.
  ///
  /// - Throws: `CoreError.badArgument` for a label that is not a whole number from 1 to `classes`.
  package static func oneHot(_ labels: Matrix, classes: Int, in resources: Resources) throws(CoreError)
    -> Matrix
  {
    let result = try Matrix(repeating: 0, Shape(classes, labels.count), in: resources)
    for (k, label) in labels.buffer.enumerated() {
      guard let row = Int(exactly: label), (1...max(classes, 1)).contains(row), classes > 0 else {
        throw .badArgument(
          name: "onehot", operand: 0, label, wanted: "whole numbers from 1 to \(classes), the classes")
      }
      result.mutablePointer[(row - 1) * labels.count + k] = 1
    }
    return result
  }
}
