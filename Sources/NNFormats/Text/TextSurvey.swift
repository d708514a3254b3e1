/// What one pass over a text finds out, eight bytes at once: most files need no more than this.
struct TextSurvey {
  private(set) var lineFeeds = 0
  private(set) var hasReturns = false
  private(set) var hasNUL = false
  private(set) var isASCII = true

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    var offset = 0
    while bytes.count - offset >= 8 {
      // No more words at once than a byte can count.
      let words = min((bytes.count - offset) / 8, 255)
      add(UnsafeRawPointer(base + offset), words: words)
      offset += 8 * words
    }
    for byte in bytes[offset...] {
      lineFeeds += byte == .lineFeed ? 1 : 0
      hasReturns = hasReturns || byte == .carriageReturn
      hasNUL = hasNUL || byte == 0
      isASCII = isASCII && byte < 0x80
    }
  }

  private mutating func add(_ start: UnsafeRawPointer, words: Int) {
    var feeds: UInt64 = 0
    var returns: UInt64 = 0
    var zeros: UInt64 = 0
    var all: UInt64 = 0
    for word in 0..<words {
      let bytes = (start + 8 * word).loadUnaligned(as: UInt64.self)
      feeds &+= (bytes ^ .repeating(.lineFeed)).zeroBytes
      returns |= (bytes ^ .repeating(.carriageReturn)).zeroBytes
      zeros |= bytes.zeroBytes
      all |= bytes
    }
    for shift in stride(from: 0, to: 64, by: 8) { lineFeeds += Int(feeds >> UInt64(shift) & 0xFF) }
    hasReturns = hasReturns || returns != 0
    hasNUL = hasNUL || zeros != 0
    isASCII = isASCII && all & .repeating(0x80) == 0
  }

  /// The number of line ends, a CRLF being one.
  func lineEnds(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard hasReturns else { return lineFeeds }
    var count = lineFeeds
    for i in bytes.indices where bytes[i] == .carriageReturn {
      if i + 1 == bytes.count || bytes[i + 1] != .lineFeed { count += 1 }
    }
    return count
  }
}

/// Eight bytes in one word.
extension UInt64 {
  /// The byte eight times.
  @inline(__always)
  static func repeating(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// 1 in each byte that is zero here, 0 in the others.
  @inline(__always)
  var zeroBytes: UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((self & low) &+ low) | self | low) >> 7
  }
}
