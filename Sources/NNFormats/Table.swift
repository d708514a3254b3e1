import NNCore

/// Named columns of equal length, each numbers or text.
package struct Table {
  /// The contents of one column.
  package enum Values {
    /// rows×1; what is missing is nan.
    case numbers(Matrix)
    /// One string a row; what is missing is empty.
    case text(TextColumn)

    package var count: Int {
      switch self {
      case .numbers(let matrix): matrix.rows
      case .text(let text): text.values.count
      }
    }
  }

  package struct Column {
    package var name: String
    package var values: Values

    package init(_ name: String, _ values: Values) {
      self.name = name
      self.values = values
    }
  }

  package let columns: [Column]
  package let rowCount: Int
  private let indices: [String: Int]

  /// - Throws: `FormatError.unequalColumns`, `FormatError.duplicateKey`.
  package init(_ columns: [Column]) throws(FormatError) {
    let rows = columns.first?.values.count ?? 0
    var indices: [String: Int] = [:]
    indices.reserveCapacity(columns.count)
    for (index, column) in columns.enumerated() {
      if column.values.count != rows {
        throw .unequalColumns(name: column.name, found: column.values.count, wanted: rows)
      }
      if indices.updateValue(index, forKey: column.name) != nil { throw .duplicateKey(column.name) }
    }
    self.columns = columns
    self.indices = indices
    rowCount = rows
  }

  package var names: [String] { columns.map(\.name) }

  package func index(of name: String) -> Int? { indices[name] }

  /// The column called `name`; names are compared by canonical equivalence.
  package subscript(name: String) -> Values? { indices[name].map { columns[$0].values } }

  /// The columns side by side, rows × columns.
  ///
  /// - Throws: `FormatError.textColumn` naming the first column that is not numbers, and its first such cell.
  package func matrix(in resources: Resources) throws(FormatError) -> Matrix {
    let sources = try numericColumns()
    let shape = Shape(rowCount, columns.count)
    let result = try core { () throws(CoreError) in try Matrix(uninitialized: shape, in: resources) }
    for (index, source) in sources.enumerated() {
      let target = result.mutablePointer + index
      for row in 0..<rowCount { target[row * shape.columns] = source.pointer[row] }
    }
    return result
  }

  private func numericColumns() throws(FormatError) -> [Matrix] {
    var matrices: [Matrix] = []
    matrices.reserveCapacity(columns.count)
    for column in columns {
      switch column.values {
      case .numbers(let matrix): matrices.append(matrix)
      case .text(let text):
        let row = text.firstThatIsNoNumber ?? 0
        let found = text.values.isEmpty ? "" : text.values[row]
        throw .textColumn(name: column.name, row: row + 1, found: found)
      }
    }
    return matrices
  }
}

/// Strings that count against the memory limit while they are alive.
package final class TextColumn {
  package let values: [String]
  private let resources: Resources
  private let bytes: Int

  /// - Throws: `CoreError.outOfMemory`.
  package init(_ values: [String], in resources: Resources) throws(CoreError) {
    bytes = values.reduce(0) { $0 + TextColumn.bytes(of: $1) }
    try resources.reserve(bytes)
    self.values = values
    self.resources = resources
  }

  deinit { resources.release(bytes) }

  // A string of up to 15 bytes lives in its 16; a longer one has a block of its own behind a 32-byte head.
  private static func bytes(of text: String) -> Int {
    let count = text.utf8.count
    return count > 15 ? count + 48 : 16
  }

  /// The row, from 0, of the first value that keeps the column from being numbers.
  package var firstThatIsNoNumber: Int? {
    values.firstIndex { !NumberText.isNumberOrMissing($0) }
  }
}
