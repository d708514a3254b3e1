import NNCore

/// Reads delimited text: numbers in one pass straight into their matrices, text columns in a second.
///
/// A column is numbers as long as every cell is a number or missing. Without names, and with numbers only, the
/// result is a matrix; else a table.
struct CSVReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// At most this many records follow: every one has a line of its own, and a byte for each cell.
  private let rowCapacity: Int
  private let dialect: CSVDialect
  private let resources: Resources
  /// Where the first data record begins.
  private let dataStart: Int
  private let names: [String]
  private var mark: UInt8 = .point

  /// More columns than any table of measurements has; each costs a name and a matrix of its own.
  static let columnLimit = 1 << 18

  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8?, in resources: Resources
  ) throws(FormatError) -> FileContent {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw .utf16 }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: bytes[3...]) : bytes
    let survey = TextSurvey(body)
    if !survey.isASCII || survey.hasNUL, let offset = UTF8Check.firstInvalid(in: body) {
      let place = CSVCursor(body, delimiter: .comma).place(of: offset)
      throw .badByte(body[offset], line: place.line, column: place.column)
    }
    var reader = try CSVReader(body, lineEnds: survey.lineEnds(in: body), delimiter: delimiter, in: resources)
    return try reader.read()
  }

  private init(
    _ bytes: UnsafeBufferPointer<UInt8>, lineEnds: Int, delimiter: UInt8?, in resources: Resources
  ) throws(FormatError) {
    self.bytes = bytes
    self.resources = resources
    dialect = try CSVDialect.detect(in: bytes, delimiter: delimiter)
    let limit = CSVReader.columnLimit
    var cursor = CSVCursor(bytes, delimiter: dialect.delimiter)
    guard cursor.findRecord() else { throw .empty }
    if dialect.hasHeader {
      if dialect.columnCount > limit { throw .tooManyColumns(found: dialect.columnCount, limit: limit) }
      names = try CSVNames.read(&cursor)
    } else {
      names = []
    }
    dataStart = cursor.offset
    let isEnded = bytes.last == .lineFeed || bytes.last == .carriageReturn
    let before = UnsafeBufferPointer(rebasing: bytes[..<dataStart])
    let lines = lineEnds - TextSurvey(before).lineEnds(in: before) + (isEnded ? 0 : 1)
    rowCapacity = min(lines, (bytes.count - dataStart + 1) / dialect.columnCount)
  }

  private mutating func read() throws(FormatError) -> FileContent {
    // A decimal comma may show only late in the file; what was read before it is then read again.
    let block: CSVBlock
    do {
      block = try readNumbers()
    } catch .mixedDecimalMarks where mark == .point {
      mark = .comma
      block = try readNumbers()
    }
    if !dialect.hasHeader, !block.hasText { return .matrix(try block.matrix(in: resources)) }
    return .table(try table(block))
  }

  private func table(_ block: CSVBlock) throws(FormatError) -> Table {
    let count = dialect.columnCount
    if count > CSVReader.columnLimit { throw .tooManyColumns(found: count, limit: CSVReader.columnLimit) }
    var texts = try readTexts(block)
    var columns: [Table.Column] = []
    for index in 0..<count {
      let name = names.isEmpty ? "c\(index + 1)" : names[index]
      if block.isText(index) {
        let values = texts[index]
        texts[index] = []
        let column = try core { () throws(CoreError) in try TextColumn(values, in: resources) }
        columns.append(Table.Column(name, .text(column)))
      } else {
        columns.append(Table.Column(name, .numbers(try block.column(index, in: resources))))
      }
    }
    return try Table(columns)
  }

  // MARK: Numbers

  /// Reads every cell of the columns that are numbers, finding out which ones are not.
  private func readNumbers() throws(FormatError) -> CSVBlock {
    let block = try CSVBlock(
      rowCapacity: rowCapacity, columns: dialect.columnCount, isMatrix: !dialect.hasHeader, in: resources)
    var cursor = CSVCursor(bytes, delimiter: dialect.delimiter)
    cursor.offset = dataStart
    var nextCheck = 0
    while cursor.findRecord() {
      if cursor.offset >= nextCheck {
        try core { () throws(CoreError) in try resources.checkCancellation() }
        nextCheck = cursor.offset + 1 << 20
      }
      try readRecord(&cursor, into: block)
    }
    return block
  }

  private func readRecord(_ cursor: inout CSVCursor, into block: CSVBlock) throws(FormatError) {
    let start = cursor.offset
    // A record too many for the capacity cannot be whole: its cells are counted, not kept.
    guard block.rowCount < block.rowCapacity, let base = bytes.baseAddress else { throw try raggedRow(start) }
    let end = base + bytes.count
    let last = dialect.columnCount - 1
    var p = base + start
    var column = block.readNumbers(&p, end, delimiter: dialect.delimiter, mark: mark)
    cursor.offset = p - base
    while column <= last {
      let cell = try cursor.nextCell()
      if !block.isText(column) { try set(cell, column, block, cursor) }
      if cell.endsRecord != (column == last) { throw try raggedRow(start) }
      column += 1
    }
    block.endRow()
  }

  /// Sets any kind of cell: a number, missing, quoted, with blanks around it, or text.
  private func set(
    _ cell: CSVCursor.Cell, _ column: Int, _ block: CSVBlock, _ cursor: CSVCursor
  ) throws(FormatError) {
    let content = cursor.content(cell)
    if let value = NumberText.value(content, mark: mark) { return block.set(column, value) }
    let otherMark: UInt8 = mark == .point ? .comma : .point
    if dialect.delimiter == .semicolon, NumberText.value(content, mark: otherMark) != nil {
      let line = cursor.place(of: cell.range.lowerBound).line
      throw .mixedDecimalMarks(line: line, found: cursor.text(cell))
    }
    block.markAsText(column)
  }

  private func raggedRow(_ start: Int) throws(FormatError) -> FormatError {
    var cursor = CSVCursor(bytes, delimiter: dialect.delimiter)
    cursor.offset = start
    let found = try cursor.forEachCell { _, _ in }
    return .raggedRow(line: cursor.place(of: start).line, found: found, wanted: dialect.columnCount)
  }

  // MARK: Text

  /// The strings of the text columns; the others stay empty.
  private func readTexts(_ block: CSVBlock) throws(FormatError) -> [[String]] {
    let rows = block.rowCount
    let isText = (0..<dialect.columnCount).map { block.isText($0) }
    var texts = Array(repeating: [String](), count: isText.count)
    guard block.hasText else { return texts }
    let bytesNeeded = 16 * rows * isText.count { $0 }
    try core { () throws(CoreError) in try resources.reserve(bytesNeeded) }
    defer { resources.release(bytesNeeded) }
    for index in texts.indices where isText[index] { texts[index].reserveCapacity(rows) }

    var cursor = CSVCursor(bytes, delimiter: dialect.delimiter)
    cursor.offset = dataStart
    for row in 0..<rows where cursor.findRecord() {
      if row % 4096 == 0 { try core { () throws(CoreError) in try resources.checkCancellation() } }
      for column in isText.indices {
        let cell = try cursor.nextCell()
        if isText[column] { texts[column].append(cursor.text(cell)) }
      }
    }
    return texts
  }
}

/// The names in a table's first record.
enum CSVNames {
  /// Reads the record; a missing name becomes `c` with its number, a repeated one gets a number at its end.
  static func read(_ cursor: inout CSVCursor) throws(FormatError) -> [String] {
    var names: [String] = []
    var isTaken: Set<String> = []
    let text = cursor
    _ = try cursor.forEachCell { index, cell in
      var name = text.text(cell)
      // NumPy's savetxt marks its header line as a comment.
      if index == 0, !cell.isQuoted, name.hasPrefix("#") {
        name = String(name.drop { $0 == "#" || $0 == " " })
      }
      name = unused(name.isEmpty ? "c\(index + 1)" : name, isTaken)
      isTaken.insert(name)
      names.append(name)
    }
    return names
  }

  private static func unused(_ name: String, _ isTaken: Set<String>) -> String {
    guard isTaken.contains(name) else { return name }
    // Every try that fails is another name of the record: the loop ends.
    var number = 2
    while isTaken.contains("\(name)_\(number)") { number += 1 }
    return "\(name)_\(number)"
  }
}
