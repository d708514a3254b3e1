import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A text that was or will be parsed: its name, and its bytes as they came, valid UTF-8 or not.
public final class Source: Sendable {
  /// A path, `<stdin>`, or for a line at the prompt `<prompt:3>`.
  public let name: String
  /// The text: UTF-8, if all is well.
  public let bytes: [UInt8]
  /// Where each line begins; empty until somebody asks.
  private let lineTable = Mutex<[Int32]>([])

  /// A source of bytes, which need not be valid UTF-8: the parser says where they are not.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// A source of a text.
  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The longest source that offsets can address, in bytes.
  public static let sizeLimit = Int(Int32.max) - 1

  /// The whole text as a range.
  public var range: SourceRange { SourceRange(0, Int32(clamping: bytes.count)) }
}

extension Source {
  /// A place as editors count: both from 1, columns in characters as a person sees them.
  public struct Location: Hashable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1, in characters.
    public var column: Int
  }

  /// Line and column of a byte offset.
  public func location(of offset: Int32) -> Location {
    let line = line(of: offset)
    return Location(line: line, column: column(of: offset, inLine: line))
  }

  /// The line that holds a byte offset, from 1.
  public func line(of offset: Int32) -> Int {
    withLineTable { starts in
      var low = 0
      var high = starts.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= offset { low = middle } else { high = middle }
      }
      return low + 1
    }
  }

  /// The column of a byte offset, from 1.
  public func column(of offset: Int32) -> Int { column(of: offset, inLine: line(of: offset)) }

  /// How many lines there are; a text that ends with a line break has an empty last line.
  public var lineCount: Int { withLineTable { $0.count } }

  /// The bytes of line `line`, from 1, without the line break.
  public func lineRange(_ line: Int) -> SourceRange {
    let (start, end) = withLineTable { starts in
      (Int(starts[line - 1]), line < starts.count ? Int(starts[line]) : bytes.count)
    }
    var last = end
    if last > start, bytes[last - 1] == ASCII.newline { last -= 1 }
    if last > start, last < end || line < lineCount, bytes[last - 1] == ASCII.carriageReturn { last -= 1 }
    return SourceRange(Int32(clamping: start), Int32(clamping: last))
  }

  /// The text of line `line`, from 1, without the line break.
  public func lineText(_ line: Int) -> String { text(lineRange(line)) }

  /// The text of a range, mended where it is not valid UTF-8.
  public func text(_ range: SourceRange) -> String {
    let start = min(max(Int(range.start), 0), bytes.count)
    let end = min(max(Int(range.end), start), bytes.count)
    return start == end ? "" : String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

extension Source {
  /// How many bytes of a line are counted in characters; beyond them a column is counted in code points, so that
  /// a line of many megabytes is no burden.
  private static let exactColumns = 1 << 16

  private func column(of offset: Int32, inLine line: Int) -> Int {
    let start = Int(withLineTable { $0[line - 1] })
    let end = min(Int(offset), bytes.count)
    guard start < end else { return 1 }
    if end - start > Source.exactColumns { return 1 + codePoints(in: start..<end) }
    return 1 + String(decoding: bytes[start..<end], as: UTF8.self).count
  }

  /// Counts the bytes that continue no character, eight at a time.
  private func codePoints(in range: Range<Int>) -> Int {
    bytes.withUnsafeBytes { bytes in
      var count = range.count
      var position = range.lowerBound
      while position + 8 <= range.upperBound {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        count &-= (word >> 7 & ~(word >> 6) & 0x0101_0101_0101_0101).nonzeroBitCount
        position &+= 8
      }
      while position < range.upperBound {
        if bytes[position] & 0xC0 == 0x80 { count &-= 1 }
        position &+= 1
      }
      return count
    }
  }

  private func withLineTable<Result>(_ body: ([Int32]) -> Result) -> Result {
    lineTable.withLock { table in
      if table.isEmpty { table = findLines() }
      return body(table)
    }
  }

  /// A line ends with LF, CR LF or a CR alone; a byte order mark stands before the first line.
  private func findLines() -> [Int32] {
    var starts = [Int32(hasByteOrderMark ? 3 : 0)]
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      let hasCarriageReturn = memchr(base, Int32(ASCII.carriageReturn), bytes.count) != nil
      var position = 0
      while position < bytes.count, position < Source.sizeLimit {
        if hasCarriageReturn {
          let isBreak =
            bytes[position] == ASCII.newline
            || bytes[position] == ASCII.carriageReturn
              && (position + 1 == bytes.count || bytes[position + 1] != ASCII.newline)
          position += 1
          if isBreak { starts.append(Int32(position)) }
        } else {
          guard let found = memchr(base + position, Int32(ASCII.newline), bytes.count - position) else {
            return
          }
          position = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found)) + 1
          starts.append(Int32(clamping: position))
        }
      }
    }
    return starts
  }

  var hasByteOrderMark: Bool { bytes.starts(with: [0xEF, 0xBB, 0xBF]) }
}
