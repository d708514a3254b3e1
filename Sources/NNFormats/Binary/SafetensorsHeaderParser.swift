/// Parses the header of a safetensors file.
///
/// The header is JSON of one fixed form, two levels deep; parsing exactly that form needs no recursion, no
/// general tree, and refuses everything the format does not have.
struct SafetensorsHeaderParser {
  private var scanner: ByteScanner
  private var header = SafetensorsHeader()
  private var names: Set<String> = []

  init(_ bytes: UnsafeRawBufferPointer, startingAt start: Int) {
    scanner = ByteScanner(bytes, startingAt: start)
  }

  mutating func parse() throws(FormatError) -> SafetensorsHeader {
    try object { (parser, name) throws(FormatError) in
      if !parser.names.insert(name).inserted { throw .duplicateKey(name) }
      if name == SafetensorsFile.metadataKey {
        try parser.metadata()
      } else {
        try parser.tensor(name)
      }
    }
    guard scanner.isAtEnd else { throw scanner.error(wanting: "the end of the header") }
    return header
  }

  /// `{"key": …, …}`; `member` parses what follows each colon.
  private mutating func object(
    _ member: (inout SafetensorsHeaderParser, String) throws(FormatError) -> Void
  ) throws(FormatError) {
    try scanner.expect("{")
    if scanner.accept("}") { return }
    repeat {
      let key = try JSONText.string(&scanner)
      try scanner.expect(":")
      try member(&self, key)
    } while scanner.accept(",")
    try scanner.expect("}")
  }

  private mutating func metadata() throws(FormatError) {
    var keys: Set<String> = []
    try object { (parser, key) throws(FormatError) in
      if !keys.insert(key).inserted { throw .duplicateKey(key) }
      parser.header.metadata.append(MetadataEntry(key, try JSONText.string(&parser.scanner)))
    }
  }

  private mutating func tensor(_ name: String) throws(FormatError) {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object { (parser, key) throws(FormatError) in
      switch key {
      case "dtype" where type == nil: type = try JSONText.string(&parser.scanner)
      case "shape" where shape == nil: shape = try parser.integers()
      case "data_offsets" where offsets == nil: offsets = try parser.integers()
      case "dtype", "shape", "data_offsets": throw .inside(name: name, .duplicateKey(key))
      default: throw parser.scanner.error(wanting: "one of the keys dtype, shape and data_offsets")
      }
    }
    guard let type else { throw .inside(name: name, .missingKey("dtype")) }
    guard let shape else { throw .inside(name: name, .missingKey("shape")) }
    guard let offsets else { throw .inside(name: name, .missingKey("data_offsets")) }
    guard offsets.count == 2 else { throw scanner.error(wanting: "two offsets") }
    header.tensors.append(
      SafetensorsHeader.Tensor(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1]))
  }

  private mutating func integers() throws(FormatError) -> [Int] {
    var values: [Int] = []
    try scanner.expect("[")
    if scanner.accept("]") { return [] }
    repeat { values.append(try scanner.integer()) } while scanner.accept(",")
    try scanner.expect("]")
    return values
  }
}

/// JSON strings, RFC 8259 section 7.
enum JSONText {
  /// Reads a string of valid UTF-8, its escapes resolved.
  static func string(_ scanner: inout ByteScanner) throws(FormatError) -> String {
    try scanner.expect("\"")
    var utf8: [UInt8] = []
    while let byte = scanner.next() {
      switch byte {
      case .quote: return String(decoding: utf8, as: UTF8.self)
      case UInt8(ascii: "\\"): utf8 += Character(try escape(&scanner)).utf8
      case 0..<0x20: throw scanner.error(wanting: "an escape instead of a control character")
      default: utf8.append(byte)
      }
    }
    throw scanner.error(wanting: "the end of the string")
  }

  private static func escape(_ scanner: inout ByteScanner) throws(FormatError) -> Unicode.Scalar {
    switch scanner.next() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(&scanner)
    default: throw scanner.error(wanting: "an escape that JSON has")
    }
  }

  /// Four hexadecimal digits, or two such escapes that are a surrogate pair.
  private static func unicodeEscape(_ scanner: inout ByteScanner) throws(FormatError) -> Unicode.Scalar {
    let first = try fourDigits(&scanner)
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, scanner.next() == UInt8(ascii: "\\"), scanner.next() == UInt8(ascii: "u") {
      let second = try fourDigits(&scanner)
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw scanner.error(wanting: "a surrogate pair")
  }

  private static func fourDigits(_ scanner: inout ByteScanner) throws(FormatError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = scanner.next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw scanner.error(wanting: "four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The string in quotes, with the escapes that JSON demands.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
