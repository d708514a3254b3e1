/// Cuts a source into tokens, whatever it holds: what is no token becomes one of kind `error`.
///
/// It never fails, so that the line being typed can be coloured by it.
package struct Lexer {
  let source: Source
  let bytes: [UInt8]
  let end: Int
  var position = 0
  var list: TokenList
  /// The brackets and slots that are open, innermost last.
  var open: [Opener] = []
  /// How many of them a `}` could close.
  var openBraces = 0
  /// Blank space stands before the next token.
  var sawSpace = false

  /// What a closing mark would close.
  struct Opener {
    enum Kind { case parenthesis, bracket, brace, slot }
    var kind: Kind
    /// The token that opened it.
    var token: Int32
    /// For a slot: where the last `:` outside brackets stands, were it a format; -1 for nowhere.
    var colon: Int32 = -1
  }

  init(_ source: Source) {
    self.source = source
    bytes = source.bytes
    end = min(source.bytes.count, Source.sizeLimit)
    list = TokenList(source: source)
    list.tokens.reserveCapacity(end / 4 + 8)
    if source.hasByteOrderMark { position = 3 }
  }

  /// All tokens of a source.
  package static func tokenize(_ source: Source) -> TokenList {
    var lexer = Lexer(source)
    while lexer.lexToken() {}
    return lexer.list
  }

  /// Whether a text is a name and nothing else.
  static func isName(_ text: String) -> Bool {
    let tokens = tokenize(Source(name: "", text: text)).tokens
    return tokens.count == 2 && tokens[0].kind == .name && Int(tokens[0].end) == text.utf8.count
  }

  /// The byte at a distance from here; 0 past the end.
  @inline(__always)
  func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < end ? bytes[index] : 0
  }

  /// Adds a token from `start` to here.
  @inline(__always)
  mutating func add(_ kind: TokenKind, from start: Int, payload: Int32 = -1, detail: UInt8 = 0) {
    list.tokens.append(
      Token(
        start: Int32(start), end: Int32(position), payload: payload, kind: kind, detail: detail,
        spaceBefore: sawSpace))
    sawSpace = false
  }

  /// Adds the next `length` bytes as a token.
  @inline(__always)
  mutating func take(_ kind: TokenKind, _ length: Int, payload: Int32 = -1, detail: UInt8 = 0) {
    let start = position
    position += length
    add(kind, from: start, payload: payload, detail: detail)
  }

  mutating func takeOperator(_ operation: BinaryOperator, _ length: Int) {
    take(.binaryOperator, length, detail: operation.rawValue)
  }

  mutating func takeForeign(_ foreign: ForeignSpelling, _ length: Int? = nil) {
    take(.foreign, length ?? foreign.row.spelling.utf8.count, detail: foreign.rawValue)
  }

  /// Adds an error token from `start` to here; the trouble may be a part of it.
  mutating func fail(_ kind: LexicalProblem.Kind, from start: Int, at range: Range<Int>? = nil) {
    let range = range ?? start..<position
    list.problems.append(
      LexicalProblem(kind: kind, range: SourceRange(Int32(range.lowerBound), Int32(range.upperBound))))
    add(.error, from: start, payload: Int32(list.problems.count - 1))
  }
}

extension Lexer {
  /// Adds the next token; false when it was the last.
  mutating func lexToken() -> Bool {
    skipBlanks()
    guard position < end else {
      finish()
      return false
    }
    let byte = bytes[position]
    if ASCII.isLetter(byte) || byte == ASCII.underscore {
      lexWord()
    } else if ASCII.isDigit(byte) || byte == ASCII.dot && ASCII.isDigit(peek(1)) {
      lexNumber()
    } else if byte >= 0x80 {
      lexNonASCII()
    } else {
      lexMark(byte)
    }
    return true
  }

  /// Passes blanks and a comment.
  private mutating func skipBlanks() {
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: " "), ASCII.tab, 0x0B, 0x0C: position += 1
      case UInt8(ascii: "#"):
        guard open.last?.kind != .slot else { return }
        skipComment()
      case 0xC2...0xEF:
        guard case .valid(let scalar, let length) = source.scalar(at: position), scalar.isBlank else {
          return
        }
        position += length
      default: return
      }
      sawSpace = true
    }
  }

  /// A comment goes to the end of the line; only what reverses the text that is seen is refused in it.
  private mutating func skipComment() {
    let start = position
    while position < end, bytes[position] != ASCII.newline, bytes[position] != ASCII.carriageReturn {
      if bytes[position] == 0xE2, case .valid(let scalar, let length) = source.scalar(at: position),
        scalar.isDirectionControl
      {
        position += length
        fail(.invisible(scalar), from: position - length)
      } else {
        position += 1
      }
    }
    list.comments.append(SourceRange(Int32(start), Int32(position)))
  }

  private mutating func finish() {
    if end < bytes.count { fail(.sourceTooLarge, from: end) }
    add(.endOfInput, from: end)
  }

  /// A name or a keyword.
  private mutating func lexWord() {
    let start = position
    var isASCII = true
    while position < end {
      if ASCII.continuesName(bytes[position]) {
        position += 1
      } else if bytes[position] >= 0x80, case .valid(let scalar, let length) = source.scalar(at: position),
        scalar.continuesName
      {
        position += length
        isASCII = false
      } else {
        break
      }
    }
    // Behind a `.` any word is a field's name.
    if !isASCII || position - start > 8 || list.tokens.last?.kind == .dot { return addName(from: start) }
    switch list.names.word(text(start..<position)) {
    case .keyword(let keyword): add(.keyword, from: start, detail: keyword.rawValue)
    case .name(let id): add(.name, from: start, payload: id.rawValue)
    }
  }

  private mutating func addName(from start: Int) {
    add(.name, from: start, payload: list.names.id(text(start..<position)).rawValue)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Whatever begins with a byte outside ASCII.
  private mutating func lexNonASCII() {
    let start = position
    guard case .valid(let scalar, let length) = source.scalar(at: position) else {
      while position < end, bytes[position] >= 0x80, case .invalid(let length) = source.scalar(at: position) {
        position += length
      }
      return fail(.invalidUTF8, from: start)
    }
    if scalar.startsName { return lexWord() }
    if let operation = BinaryOperator.symbols[scalar] { return takeOperator(operation, length) }
    if let foreign = ForeignSpelling.symbols[scalar] { return takeForeign(foreign, length) }
    if scalar == "“" || scalar == "”" || scalar == "„" || scalar == "‘" || scalar == "’" || scalar == "‚" {
      return lexTypographicQuotes()
    }
    position += length
    if scalar.isForeignDigit {
      passWhile { $0.isForeignDigit }
      return fail(.foreignDigit(scalar), from: start)
    }
    if scalar.isScriptDigit {
      passWhile { $0.isScriptDigit }
      return fail(.scriptDigit(scalar), from: start)
    }
    fail(scalar.isInvisible ? .invisible(scalar) : .strayCharacter(scalar), from: start)
  }

  private mutating func passWhile(_ belongs: (Unicode.Scalar) -> Bool) {
    while position < end, case .valid(let scalar, let length) = source.scalar(at: position), belongs(scalar) {
      position += length
    }
  }

  /// “text” up to the closing mark on the same line, or the mark alone.
  private mutating func lexTypographicQuotes() {
    let start = position
    position += 3
    let afterMark = position
    while position < end, bytes[position] != ASCII.newline {
      if bytes[position] == 0xE2, peek(1) == 0x80, 0x98...0x9F ~= peek(2) {
        position += 3
        return fail(.typographicQuote, from: start)
      }
      position += 1
    }
    position = afterMark
    fail(.typographicQuote, from: start)
  }
}

extension BinaryOperator {
  /// The operators' spellings of one code point outside ASCII.
  static let symbols: [Unicode.Scalar: BinaryOperator] = {
    var symbols: [Unicode.Scalar: BinaryOperator] = [:]
    for operation in allCases {
      if let other = operation.row.alternative?.unicodeScalars.first { symbols[other] = operation }
    }
    return symbols
  }()
}
