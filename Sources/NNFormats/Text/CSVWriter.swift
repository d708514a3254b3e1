import NNCore

/// Writes delimited text: numbers in their shortest form that reads back as the same double, cells quoted only
/// where they must be, lines ending in LF.
enum CSVWriter {
  /// The names, then the rows.
  static func write(_ table: Table, delimiter: UInt8) throws(FormatError) -> [UInt8] {
    if table.columns.isEmpty { throw .emptyMatrix(Shape(0, 0), delimiter == .tab ? .tsv : .csv) }
    var output: [UInt8] = []
    appendRecord(&output, delimiter, table.columns.count) { output, column in
      appendName(table.columns[column].name, to: &output, delimiter)
    }
    for row in 0..<table.rowCount {
      appendRecord(&output, delimiter, table.columns.count) { output, column in
        switch table.columns[column].values {
        case .numbers(let matrix): append(matrix.pointer[row], to: &output)
        case .text(let text):
          let text = text.values[row]
          // An empty cell alone on its line would be a blank line.
          append(text, to: &output, delimiter, isQuoted: text.isEmpty && table.columns.count == 1)
        }
      }
    }
    return output
  }

  /// One line a row, without names.
  ///
  /// - Throws: `FormatError.emptyMatrix`: text cannot tell a 0×3 from a 3×0.
  static func write(_ matrix: Matrix, delimiter: UInt8) throws(FormatError) -> [UInt8] {
    if matrix.count == 0 { throw .emptyMatrix(matrix.shape, delimiter == .tab ? .tsv : .csv) }
    var output: [UInt8] = []
    let columns = matrix.columns
    for row in 0..<matrix.rows {
      appendRecord(&output, delimiter, columns) { output, column in
        append(matrix.pointer[row * columns + column], to: &output)
      }
    }
    return output
  }

  @inline(__always)
  private static func appendRecord(
    _ output: inout [UInt8], _ delimiter: UInt8, _ columns: Int,
    _ appendCell: (inout [UInt8], Int) -> Void
  ) {
    for column in 0..<columns {
      if column > 0 { output.append(delimiter) }
      appendCell(&output, column)
    }
    output.append(.lineFeed)
  }

  private static func append(_ value: Scalar, to output: inout [UInt8]) {
    var text = value.description
    text.withUTF8 { text in
      let isWhole = text.count > 2 && text[text.count - 2] == .point && text[text.count - 1] == .zero
      output.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<(text.count - (isWhole ? 2 : 0))]))
    }
  }

  /// A name that looks like a number is quoted, so that it is known for a name.
  private static func appendName(_ name: String, to output: inout [UInt8], _ delimiter: UInt8) {
    append(name, to: &output, delimiter, isQuoted: name.hasPrefix("#") || NumberText.isNumberOrMissing(name))
  }

  private static func append(
    _ text: String, to output: inout [UInt8], _ delimiter: UInt8, isQuoted: Bool
  ) {
    guard isQuoted || needsQuotes(text, delimiter) else {
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

  private static func needsQuotes(_ text: String, _ delimiter: UInt8) -> Bool {
    let isBlank = { (byte: UInt8?) in byte == .space || byte == .tab }
    return isBlank(text.utf8.first) || isBlank(text.utf8.last)
      || text.utf8.contains { byte in
        byte == .quote || byte == .lineFeed || byte == .carriageReturn || byte == delimiter
          // What could be taken for the delimiter when the file is read.
          || (delimiter == .comma && (byte == .semicolon || byte == .tab))
      }
  }
}
