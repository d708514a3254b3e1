/// Whether bytes are text at all.
enum UTF8Check {
  /// The offset of the first byte that is NUL or does not belong to valid UTF-8 (Unicode 15, table 3-7).
  static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var offset = 0
    while true {
      offset += asciiPrefix(bytes, from: offset)
      guard offset < bytes.count else { return nil }
      guard let width = width(bytes, at: offset) else { return offset }
      offset += width
    }
  }

  /// The number of bytes from 1 to 127 from `start` on.
  private static func asciiPrefix(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var offset = start
    while offset < bytes.count, bytes[offset] &- 1 < 0x7F { offset += 1 }
    return offset - start
  }

  /// The width of the character of several bytes at `offset`, if it is valid.
  private static func width(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    let lead = bytes[offset]
    let width: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: width = 2
    case 0xE0...0xEF:
      width = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      width = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard bytes.count - offset >= width, second.contains(bytes[offset + 1]) else { return nil }
    for i in 2..<max(width, 2) where bytes[offset + i] & 0xC0 != 0x80 { return nil }
    return width
  }
}
