/// One step of reading UTF-8 that may be broken.
enum DecodedScalar {
  case valid(Unicode.Scalar, length: Int)
  /// Bytes that are no part of any character.
  case invalid(length: Int)

  var length: Int {
    switch self {
    case .valid(_, let length), .invalid(let length): length
    }
  }
}

extension Source {
  /// The code point at `offset`, which must be inside the text.
  func scalar(at offset: Int) -> DecodedScalar {
    let first = bytes[offset]
    if first < 0x80 { return .valid(Unicode.Scalar(first), length: 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first < 0xF5 else { return .invalid(length: 1) }
    var value = UInt32(first) & (0xFF >> UInt32(length + 1))
    for index in 1..<length {
      guard offset + index < bytes.count, bytes[offset + index] & 0xC0 == 0x80 else {
        return .invalid(length: index)
      }
      value = value << 6 | UInt32(bytes[offset + index] & 0x3F)
    }
    let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= least, let scalar = Unicode.Scalar(value) else { return .invalid(length: 1) }
    return .valid(scalar, length: length)
  }
}
