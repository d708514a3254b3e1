/// Walks through delimited text cell by cell, as RFC 4180 has it and common files bend it: lines may end in LF,
/// CRLF or CR, blank lines count for nothing, and blanks around an unquoted cell are not part of it.
struct CSVCursor {
  /// Valid UTF-8 without NUL.
  let bytes: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  /// The byte where the next cell begins.
  var offset = 0

  /// One cell, as offsets into the text.
  struct Cell {
    /// The content without its quotes or the blanks around it.
    var range: Range<Int>
    var isQuoted = false
    /// Two quotes inside stand for one.
    var hasDoubledQuotes = false
    var endsRecord = false
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
  }

  /// Goes to the next record; false at the end of the text.
  mutating func findRecord() -> Bool {
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == .lineFeed || byte == .carriageReturn {
        offset += 1
      } else if byte == .space {
        guard let next = endOfBlanks() else { return true }
        offset = next
      } else {
        return true
      }
    }
    return false
  }

  /// Where the blanks from here end, if nothing else stands on the line.
  private func endOfBlanks() -> Int? {
    var i = offset
    while i < bytes.count, bytes[i] == .space { i += 1 }
    return i == bytes.count || bytes[i] == .lineFeed || bytes[i] == .carriageReturn ? i : nil
  }

  /// The next cell of a record that `findRecord` found, or after a cell that did not end it.
  mutating func nextCell() throws(FormatError) -> Cell {
    let start = skippingBlanks(from: offset)
    if start < bytes.count, bytes[start] == .quote { return try quotedCell(from: start) }
    var end = endOfCell(from: start)
    let next = end
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return Cell(range: start..<end, endsRecord: passTerminator(at: next))
  }

  /// Goes through the cells of the next record; their number.
  mutating func forEachCell(_ body: (Int, Cell) -> Void) throws(FormatError) -> Int {
    var count = 0
    while true {
      let cell = try nextCell()
      body(count, cell)
      count += 1
      if cell.endsRecord { return count }
    }
  }

  private mutating func quotedCell(from start: Int) throws(FormatError) -> Cell {
    var cell = Cell(range: start..<start, isQuoted: true)
    var i = start + 1
    while true {
      while i < bytes.count, bytes[i] != .quote { i += 1 }
      guard i < bytes.count else {
        let place = place(of: start)
        throw .unterminatedQuote(line: place.line, column: place.column)
      }
      if i + 1 < bytes.count, bytes[i + 1] == .quote {
        cell.hasDoubledQuotes = true
        i += 2
      } else {
        break
      }
    }
    cell.range = (start + 1)..<i
    let next = skippingBlanks(from: i + 1)
    guard next == bytes.count || isTerminator(bytes[next]) else {
      let place = place(of: next)
      throw .textAfterQuote(line: place.line, column: place.column)
    }
    cell.endsRecord = passTerminator(at: next)
    return cell
  }

  /// The place of the next delimiter or line end.
  private func endOfCell(from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return start }
    var end = start
    while bytes.count - end >= 8 {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + end).loadUnaligned(as: UInt64.self))
      let found =
        (word ^ .repeating(delimiter)).zeroBytes | (word ^ .repeating(.lineFeed)).zeroBytes
        | (word ^ .repeating(.carriageReturn)).zeroBytes
      if found != 0 { return end + found.trailingZeroBitCount / 8 }
      end += 8
    }
    while end < bytes.count, !isTerminator(bytes[end]) { end += 1 }
    return end
  }

  /// Steps over what ends a cell; true where it ends the record too. The LF of a CRLF remains: it ends a blank
  /// line, which counts for nothing.
  private mutating func passTerminator(at end: Int) -> Bool {
    offset = min(end + 1, bytes.count)
    return end == bytes.count || bytes[end] != delimiter
  }

  @inline(__always)
  private func isTerminator(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == .lineFeed || byte == .carriageReturn
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == .space || (byte == .tab && delimiter != .tab)
  }

  private func skippingBlanks(from start: Int) -> Int {
    var i = start
    while i < bytes.count, isBlank(bytes[i]) { i += 1 }
    return i
  }

  /// The cell's bytes as they stand in the text.
  func content(_ cell: Cell) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[cell.range])
  }

  /// The cell's text.
  func text(_ cell: Cell) -> String {
    let text = String(decoding: content(cell), as: UTF8.self)
    return cell.hasDoubledQuotes ? CSVCursor.joiningDoubledQuotes(text) : text
  }

  private static func joiningDoubledQuotes(_ text: String) -> String {
    var result = ""
    var isSecond = false
    for scalar in text.unicodeScalars {
      isSecond = scalar == "\"" && !isSecond
      if !isSecond { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// Line and column, from 1, of a byte; counted only when a message needs it.
  func place(of offset: Int) -> (line: Int, column: Int) {
    var line = 1
    var lineStart = 0
    for i in 0..<offset {
      let isLineEnd =
        bytes[i] == .lineFeed
        || (bytes[i] == .carriageReturn && !(i + 1 < bytes.count && bytes[i + 1] == .lineFeed))
      if isLineEnd {
        line += 1
        lineStart = i + 1
      }
    }
    return (line, offset - lineStart + 1)
  }
}
