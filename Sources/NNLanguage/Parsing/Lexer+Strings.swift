/// Strings, their escapes, and the slots in them.
extension Lexer {
  /// A string, or the part of one before its next slot; `position` is at the `"` or at the `}` of a slot.
  ///
  /// - Parameter colon: where the slot that ends here has a `:` that begins no format; -1 for nowhere.
  mutating func lexString(from start: Int, isContinued: Bool, colon: Int32 = -1) {
    position += 1
    var text = StringText()
    while position < end {
      switch bytes[position] {
      case ASCII.quote:
        position += 1
        return addString(isContinued ? .stringEnd : .string, text, from: start, colon: colon)
      case ASCII.leftBrace where peek(1) != ASCII.leftBrace:
        position += 1
        addString(isContinued ? .stringMiddle : .stringStart, text, from: start, colon: colon)
        return push(.slot, token: list.tokens.count - 1)
      case ASCII.leftBrace:
        text.bytes.append(ASCII.leftBrace)
        position += 2
      case ASCII.rightBrace:
        text.bytes.append(ASCII.rightBrace)
        position += peek(1) == ASCII.rightBrace ? 2 : 1
      case ASCII.backslash: lexEscape(into: &text)
      default: lexCharacter(into: &text)
      }
    }
    let slot = open.first { $0.kind == .slot }.map { list.tokens[Int($0.token)] }
    fail(
      .unterminatedString(slot: slot.map { SourceRange($0.end - 1, $0.end) }), from: start,
      at: start..<start + 1)
  }

  /// The text of a string as it is read, and the first thing wrong with it.
  struct StringText {
    var bytes: [UInt8] = []
    var problem: (kind: LexicalProblem.Kind, range: Range<Int>)?

    mutating func note(_ kind: LexicalProblem.Kind, _ range: Range<Int>) {
      if problem == nil { problem = (kind, range) }
    }
  }

  private mutating func addString(_ kind: TokenKind, _ text: StringText, from start: Int, colon: Int32) {
    if colon >= 0 { return fail(.badFormat, from: start, at: Int(colon)..<start) }
    if let (kind, range) = text.problem { return fail(kind, from: start, at: range) }
    list.strings.append(String(decoding: text.bytes, as: UTF8.self))
    add(kind, from: start, payload: Int32(list.strings.count - 1))
  }

  /// One character that stands for itself.
  private mutating func lexCharacter(into text: inout StringText) {
    let start = position
    let byte = bytes[position]
    if byte >= 0x20, byte < 0x7F {
      text.bytes.append(byte)
      position += 1
      return
    }
    if byte == ASCII.carriageReturn, peek(1) == ASCII.newline { position += 1 }
    let decoded = source.scalar(at: position)
    let first = position
    position += decoded.length
    guard case .valid(let scalar, _) = decoded else {
      return text.note(.badTextInString(nil), start..<position)
    }
    let isPlain = scalar == "\n" || scalar == "\t" || scalar == "\r"
    if !isPlain, scalar.properties.generalCategory == .control || scalar.isDirectionControl {
      text.note(.badTextInString(scalar), start..<position)
    }
    text.bytes.append(contentsOf: bytes[first..<position])
  }

  private mutating func lexEscape(into text: inout StringText) {
    let start = position
    position += min(2, end - position)
    switch bytes[position - 1] {
    case UInt8(ascii: "n"): text.bytes.append(ASCII.newline)
    case UInt8(ascii: "t"): text.bytes.append(ASCII.tab)
    case UInt8(ascii: "r"): text.bytes.append(ASCII.carriageReturn)
    case UInt8(ascii: "u"): lexCodePoint(into: &text, from: start)
    case ASCII.backslash where position - start == 2: text.bytes.append(ASCII.backslash)
    case ASCII.quote, ASCII.leftBrace, ASCII.rightBrace, UInt8(ascii: "'"):
      text.bytes.append(bytes[position - 1])
    default:
      position -= 1
      if position < end { position += source.scalar(at: position).length }
      position = max(position, start + 1)
      text.note(.badEscape, start..<position)
    }
  }

  /// `\u{1F600}`
  private mutating func lexCodePoint(into text: inout StringText, from start: Int) {
    guard peek() == ASCII.leftBrace else { return text.note(.badCodePoint, start..<position) }
    position += 1
    var value: UInt32 = 0
    var digits = 0
    while let digit = ASCII.hexValue(peek()), digits < 8 {
      value = value << 4 | digit
      digits += 1
      position += 1
    }
    let isClosed = peek() == ASCII.rightBrace && position < end
    if isClosed { position += 1 }
    guard isClosed, digits > 0, let scalar = Unicode.Scalar(value) else {
      return text.note(.badCodePoint, start..<position)
    }
    text.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  // MARK: Formats

  /// Takes `:8.3f` when that is what stands between here and the slot's `}`; nothing otherwise.
  mutating func lexFormat() -> Bool {
    let start = position
    var cursor = position + 1
    skipBlanks(&cursor)
    let fillsWithZeros = cursor + 1 < end && bytes[cursor] == 0x30 && ASCII.isDigit(bytes[cursor + 1])
    let width = number(&cursor)
    var digits: Int?
    if cursor < end, bytes[cursor] == ASCII.dot {
      cursor += 1
      guard let number = number(&cursor) else { return false }
      digits = number
    }
    let style = style(&cursor)
    let isEmpty = width == nil && digits == nil && style == nil
    skipBlanks(&cursor)
    guard !isEmpty, cursor < end, bytes[cursor] == ASCII.rightBrace else { return false }
    position = cursor
    if width ?? 0 > FormatSpec.limit || digits ?? 0 > FormatSpec.limit {
      fail(.formatTooLarge, from: start)
    } else {
      list.formats.append(
        FormatSpec(
          width: width ?? 0, digits: digits, style: style ?? .automatic, fillsWithZeros: fillsWithZeros))
      add(.format, from: start, payload: Int32(list.formats.count - 1))
    }
    return true
  }

  private func skipBlanks(_ cursor: inout Int) {
    while cursor < end, bytes[cursor] == UInt8(ascii: " ") { cursor += 1 }
  }

  private func number(_ cursor: inout Int) -> Int? {
    let start = cursor
    var value = 0
    while cursor < end, ASCII.isDigit(bytes[cursor]) {
      value = min(value * 10 + Int(bytes[cursor] &- 0x30), 1_000_000)
      cursor += 1
    }
    return cursor == start ? nil : value
  }

  private func style(_ cursor: inout Int) -> FormatSpec.Style? {
    guard cursor < end else { return nil }
    let style: FormatSpec.Style
    switch bytes[cursor] {
    case UInt8(ascii: "d"): style = .integer
    case UInt8(ascii: "f"): style = .fixed
    case UInt8(ascii: "e"): style = .exponent
    case UInt8(ascii: "g"): style = .general
    default: return nil
    }
    cursor += 1
    return style
  }
}
