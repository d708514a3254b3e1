/// Turns the bytes a terminal sends into events: UTF-8, escape sequences, bracketed paste.
///
/// Knows no terminal and no clock: who feeds it decides when a sequence that stays unfinished is taken as it is.
struct InputDecoder {
  /// Escape sequences, ESC included, that go through as characters because the user bound them.
  var passedSequences: Set<[UInt8]> = []

  private var bytes: [UInt8] = []
  private var position = 0
  /// How many bytes came before those in `bytes`.
  private var dropped = 0
  private var paste: PasteScan?

  private struct PasteScan {
    var start: Int
    var scanned: Int
  }

  var isEmpty: Bool { position == bytes.count && paste == nil }
  /// Whether bytes of an unfinished paste wait; these are never taken as they are.
  var isPasting: Bool { paste != nil }
  /// Whether an event can be had without more bytes; a paste counts from its first byte on.
  var hasEvent: Bool {
    if paste != nil { return true }
    var ahead = self
    return ahead.next() != nil || ahead.paste != nil
  }
  /// Whether what waits is the beginning of a character beyond ASCII.
  var isInCharacter: Bool { paste == nil && position < bytes.count && bytes[position] >= 0x80 }
  /// How many bytes have come, and how many of them were used, since the start.
  var received: Int { dropped + bytes.count }
  var consumed: Int { dropped + (paste?.start ?? position) }

  mutating func append(_ new: some Sequence<UInt8>) {
    if paste == nil, position > 0 {
      bytes.removeFirst(position)
      dropped += position
      position = 0
    }
    bytes.append(contentsOf: new)
  }

  /// The next event, or nil when more bytes must come first.
  ///
  /// - Parameter isFinal: nothing follows what is unfinished; take it as it is.
  mutating func next(isFinal: Bool = false) -> InputEvent? {
    if paste != nil { return nextPaste(isFinal: isFinal) }
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    if byte == Self.escape { return nextEscape(isFinal: isFinal) }
    if byte < 0x80 { return character(Unicode.Scalar(byte), length: 1) }
    return nextScalar(isFinal: isFinal)
  }

  /// Where in an unfinished paste Ctrl-C stands: someone pressed it because the paste has lost its end.
  private var interruptInPaste: Int? { paste.flatMap { bytes[$0.start...].lastIndex(of: 0x03) } }
  var hasInterruptInPaste: Bool { interruptInPaste != nil }

  /// Gives an unfinished paste up: what came of it is taken for the whole, or up to a Ctrl-C is forgotten.
  mutating func abandonPaste() -> InputEvent? {
    guard let scan = paste else { return nil }
    guard let interrupt = interruptInPaste else {
      return endPaste(scan.start..<bytes.count, next: bytes.count)
    }
    position = interrupt + 1
    paste = nil
    return .character("\u{3}")
  }

  /// Forgets everything up to the last Ctrl-C; false when there is none.
  mutating func dropThroughInterrupt() -> Bool {
    guard paste == nil, let last = bytes[position...].lastIndex(of: 0x03) else { return false }
    position = last + 1
    return true
  }

  // MARK: characters

  private static let escape: UInt8 = 0x1B

  private mutating func character(_ scalar: Unicode.Scalar, length: Int) -> InputEvent {
    position += length
    return .character(scalar)
  }

  /// Beyond ASCII. What is no UTF-8 becomes U+FFFD, one for each longest piece that might have been some.
  private mutating func nextScalar(isFinal: Bool) -> InputEvent? {
    let lead = bytes[position]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(lead) else { return character("\u{FFFD}", length: 1) }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for index in 1..<length {
      guard position + index < bytes.count else {
        return isFinal ? character("\u{FFFD}", length: index) : nil
      }
      let byte = bytes[position + index]
      guard Self.continuation(after: lead, at: index).contains(byte) else {
        return character("\u{FFFD}", length: index)
      }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return character(Unicode.Scalar(value) ?? "\u{FFFD}", length: length)
  }

  /// The bytes that may follow; the first excludes overlong forms, surrogates and what is above U+10FFFF.
  private static func continuation(after lead: UInt8, at index: Int) -> ClosedRange<UInt8> {
    guard index == 1 else { return 0x80...0xBF }
    switch lead {
    case 0xE0: return 0xA0...0xBF
    case 0xED: return 0x80...0x9F
    case 0xF0: return 0x90...0xBF
    case 0xF4: return 0x80...0x8F
    default: return 0x80...0xBF
    }
  }

  // MARK: escape sequences

  private mutating func nextEscape(isFinal: Bool) -> InputEvent? {
    guard position + 1 < bytes.count else {
      return isFinal ? character("\u{1B}", length: 1) : nil
    }
    switch bytes[position + 1] {
    case UInt8(ascii: "["): return nextControlSequence(at: position + 2, isFinal: isFinal)
    case UInt8(ascii: "O"): return nextSingleShift(isFinal: isFinal)
    case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
      position += 2
      return .key(.newline)
    case Self.escape where position + 2 < bytes.count && bytes[position + 2] == UInt8(ascii: "["):
      position += 1  // Alt and a function key: as the key alone
      return nextEscape(isFinal: isFinal)
    default: return character("\u{1B}", length: 1)
    }
  }

  private mutating func nextSingleShift(isFinal: Bool) -> InputEvent? {
    guard position + 2 < bytes.count else {
      return isFinal ? character("\u{1B}", length: 1) : nil
    }
    return functionKey(endingAt: position + 2, parameters: [])
  }

  /// CSI: parameter bytes, intermediate bytes, a final byte.
  private mutating func nextControlSequence(at start: Int, isFinal: Bool) -> InputEvent? {
    var end = start
    if end < bytes.count, bytes[end] == UInt8(ascii: "[") { end += 1 }  // the Linux console's function keys
    while end < bytes.count, (0x20...0x3F).contains(bytes[end]) { end += 1 }
    guard end < bytes.count else { return isFinal ? character("\u{1B}", length: 1) : nil }
    guard (0x40...0x7E).contains(bytes[end]) else { return character("\u{1B}", length: 1) }
    let parameters = bytes[start..<end].split(separator: UInt8(ascii: ";")).map {
      Int(String(decoding: $0.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)) ?? 0
    }
    if bytes[end] == UInt8(ascii: "~"), parameters == [200] {
      paste = PasteScan(start: end + 1, scanned: end + 1)
      return nextPaste(isFinal: isFinal)
    }
    return functionKey(endingAt: end, parameters: parameters)
  }

  private mutating func functionKey(endingAt end: Int, parameters: [Int]) -> InputEvent {
    if passedSequences.contains(Array(bytes[position...end])) { return character("\u{1B}", length: 1) }
    position = end + 1
    return .key(FunctionKey(final: bytes[end], parameters: parameters))
  }

  // MARK: bracketed paste

  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  private mutating func nextPaste(isFinal: Bool) -> InputEvent? {
    guard var scan = paste else { return nil }
    while scan.scanned + Self.pasteEnd.count <= bytes.count {
      if bytes[scan.scanned] == Self.escape,
        bytes[scan.scanned..<scan.scanned + Self.pasteEnd.count].elementsEqual(Self.pasteEnd)
      {
        return endPaste(scan.start..<scan.scanned, next: scan.scanned + Self.pasteEnd.count)
      }
      scan.scanned += 1
    }
    paste = scan
    return isFinal ? endPaste(scan.start..<bytes.count, next: bytes.count) : nil
  }

  private mutating func endPaste(_ range: Range<Int>, next: Int) -> InputEvent {
    let text = String(decoding: bytes[range], as: UTF8.self)
    position = next
    paste = nil
    return .paste(text)
  }
}

extension FunctionKey {
  /// The key of a control sequence: `CSI parameters final`, in the dialects of xterm, the Linux console, rxvt and
  /// kitty; the second parameter is 1 and the sum of Shift 1, Alt 2, Ctrl 4.
  fileprivate init(final: UInt8, parameters: [Int]) {
    let first = parameters.first ?? 1
    let modifiers = parameters.count > 1 ? max(0, parameters[1] - 1) : 0
    let byWords = modifiers & 6 != 0
    switch final {
    case UInt8(ascii: "A"): self = .up
    case UInt8(ascii: "B"): self = .down
    case UInt8(ascii: "C"): self = byWords ? .wordRight : .right
    case UInt8(ascii: "D"): self = byWords ? .wordLeft : .left
    case UInt8(ascii: "H"): self = .home
    case UInt8(ascii: "F"): self = .end
    case UInt8(ascii: "c"): self = .wordRight
    case UInt8(ascii: "d"): self = .wordLeft
    case UInt8(ascii: "Z"): self = .backTab
    case UInt8(ascii: "u"): self = first == 13 ? .newline : .other
    case UInt8(ascii: "~"): self = Self.numbered(first, byWords: byWords, parameters: parameters)
    default: self = .other
    }
  }

  private static func numbered(_ number: Int, byWords: Bool, parameters: [Int]) -> FunctionKey {
    switch number {
    case 1, 7: .home
    case 4, 8: .end
    case 3: byWords ? .deleteWordRight : .delete
    case 5: .pageUp
    case 6: .pageDown
    case 27 where parameters.last == 13: .newline
    default: .other
    }
  }
}
