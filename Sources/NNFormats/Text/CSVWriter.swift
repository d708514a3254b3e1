import NNCore

/// Writes delimited text: numbers in their shortest form that reads back as the same double, cells quoted only
/// where they must be, lines ending in LF.
struct CSVWriter {
  private let delimiter: UInt8
  private let resources: Resources
  private var output: [UInt8] = []
  private var nextCheck = 0

  init(_ delimiter: UInt8, _ resources: Resources) {
    self.delimiter = delimiter
    self.resources = resources
  }

  /// The names, then the rows.
  consuming func write(_ table: Table) throws(FormatError) -> [UInt8] {
    let columns = table.columns
    if columns.isEmpty { throw .emptyMatrix(Shape(0, 0), format) }
    for column in columns.indices {
      appendName(columns[column].name)
      end(column, of: columns.count)
    }
    for row in 0..<table.rowCount {
      try check()
      for column in columns.indices {
        switch columns[column].values {
        case .numbers(let matrix): append(matrix.pointer[row])
        case .text(let text):
          // An empty cell alone on its line would be a blank line.
          append(text.values[row], isQuoted: text.values[row].isEmpty && columns.count == 1)
        }
        end(column, of: columns.count)
      }
    }
    return output
  }

  /// One line a row, without names.
  ///
  /// - Throws: `FormatError.emptyMatrix`: text cannot tell a 0×3 from a 3×0.
  consuming func write(_ matrix: Matrix) throws(FormatError) -> [UInt8] {
    if matrix.count == 0 { throw .emptyMatrix(matrix.shape, format) }
    let columns = matrix.columns
    for row in 0..<matrix.rows {
      for column in 0..<columns {
        if column % 1024 == 0 { try check() }
        append(matrix.pointer[row * columns + column])
        end(column, of: columns)
      }
    }
    return output
  }

  private var format: FileFormat { delimiter == .tab ? .tsv : .csv }

  /// Looks now and then whether to go on.
  private mutating func check() throws(FormatError) {
    if output.count < nextCheck { return }
    nextCheck = output.count + 1 << 20
    // Growing, the array has a second, larger block for a moment.
    try resources.checkRoom(for: 3 * output.count)
  }

  /// Ends a cell.
  private mutating func end(_ column: Int, of count: Int) {
    output.append(column + 1 < count ? delimiter : .lineFeed)
  }

  private mutating func append(_ value: Scalar) {
    var text = value.description
    text.withUTF8 { text in
      let isWhole = text.count > 2 && text[text.count - 2] == .point && text[text.count - 1] == .zero
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<(text.count - (isWhole ? 2 : 0))]))
    }
  }

  /// A name that looks like a number is quoted, so that it is known for a name.
  private mutating func appendName(_ name: String) {
    append(name, isQuoted: name.hasPrefix("#") || NumberText.isNumberOrMissing(name))
  }

  private mutating func append(_ text: String, isQuoted: Bool) {
    guard isQuoted || needsQuotes(text) else {
      output.append(contentsOf: text.utf8)
      return
    }
    output.append(.quote)
    for byte in text.utf8 {
      if byte == .quote { output.append(.quote) }
      output.append(byte)
    }
    output.append(.quote)
  }

  private func needsQuotes(_ text: String) -> Bool {
    let isBlank = { (byte: UInt8?) in byte == .space || byte == .tab }
    return isBlank(text.utf8.first) || isBlank(text.utf8.last)
      || text.utf8.contains { byte in
        byte == .quote || byte == .lineFeed || byte == .carriageReturn || byte == delimiter
          // What could be taken for the delimiter when the file is read.
          || (delimiter == .comma && (byte == .semicolon || byte == .tab))
      }
  }
}
