/// Reads the words and numbers of a header, skipping blanks between them.
struct ByteScanner {
  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  private var offset = 0

  /// - Parameter start: where in the file `bytes` begins, for messages.
  init(_ bytes: UnsafeRawBufferPointer, startingAt start: Int) {
    self.bytes = bytes
    self.start = start
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  /// Whether nothing but blanks follows.
  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return offset == bytes.count
    }
  }

  /// The next byte that is no blank.
  mutating func peek() -> UInt8? {
    skipBlanks()
    return offset < bytes.count ? bytes[offset] : nil
  }

  /// Steps over `word` if it stands here.
  mutating func accept(_ word: String) -> Bool {
    skipBlanks()
    guard bytes[offset...].starts(with: word.utf8) else { return false }
    offset += word.utf8.count
    return true
  }

  mutating func expect(_ word: String) throws(FormatError) {
    if !accept(word) { throw error(wanting: "`\(word)`") }
  }

  /// A whole number from 0, in decimal digits.
  mutating func integer() throws(FormatError) -> Int {
    skipBlanks()
    let first = offset
    var value = 0
    while let digit = nextByte().flatMap({ $0 &- .zero }), digit <= 9 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tens.addingReportingOverflow(Int(digit))
      if overflow || overflow2 { throw .sizeOverflow }
      value = sum
      offset += 1
    }
    // As in Python and in JSON, a number has no zeros before it.
    if offset == first || (bytes[first] == .zero && offset - first > 1) {
      throw error(at: first, wanting: "a whole number")
    }
    return value
  }

  private func nextByte() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// The text up to `end`, which is not stepped over.
  mutating func bytes(until end: Character) -> String {
    let first = offset
    while let byte = nextByte(), byte != end.asciiValue { offset += 1 }
    return String(decoding: bytes[first..<offset], as: UTF8.self)
  }

  /// The next byte as it is, blank or not.
  mutating func next() -> UInt8? {
    guard let byte = nextByte() else { return nil }
    offset += 1
    return byte
  }

  func error(wanting wanted: String) -> FormatError { error(at: offset, wanting: wanted) }

  private func error(at place: Int, wanting wanted: String) -> FormatError {
    .badHeader(offset: start + place, wanted: wanted)
  }
}
