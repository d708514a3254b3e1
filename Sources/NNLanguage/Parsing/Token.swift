/// What a token is; `Token.detail` says which operator, word or foreign spelling.
package enum TokenKind: UInt8, Sendable {
  case endOfInput
  /// One line break or several with nothing between them.
  case newline
  case number
  /// A text without slots, quotes included.
  case string
  /// `"…{`
  case stringStart
  /// `}…{`
  case stringMiddle
  /// `}…"`
  case stringEnd
  /// `:8.3f` at the end of a slot.
  case format
  case name
  case keyword
  case leftParenthesis, rightParenthesis
  case leftBracket, rightBracket
  case leftBrace, rightBrace
  case comma, semicolon, colon, dot, arrow, question
  case assign
  /// `+=` and the like.
  case compoundAssign
  case binaryOperator
  /// `!`
  case not
  case transpose
  /// A spelling from another language, understood well enough to say what is written here instead.
  case foreign
  /// Text that is no token; `Token.payload` is its place in `TokenList.problems`.
  case error
}

/// The reserved words.
package enum Keyword: UInt8, CaseIterable, Sendable {
  case `if`, `else`, `while`, `for`, `in`, `repeat`, `break`, `continue`, `return`, fn, param, include, end

  package var spelling: String { Keyword.spellings[Int(rawValue)] }

  // In the order of the cases. Asking each for its own name would take Swift a millisecond at every start.
  private static let spellings = [
    "if", "else", "while", "for", "in", "repeat", "break", "continue", "return", "fn", "param", "include",
    "end",
  ]
}

/// A piece of the text that the parser takes as one.
package struct Token: Sendable {
  package var start: Int32
  package var end: Int32
  /// An index into the table of `TokenList` that belongs to the kind; for a bracket, the token that is its
  /// partner; -1 for nothing.
  package var payload: Int32 = -1
  package var kind: TokenKind
  /// The raw value of a `BinaryOperator`, `Keyword` or `ForeignSpelling`.
  package var detail: UInt8 = 0
  /// Blank space, a line break or a comment stands before it.
  package var spaceBefore = false

  package var range: SourceRange { SourceRange(start, end) }
}

/// The tokens of a source, `endOfInput` last, and the tables they point into.
package struct TokenList: Sendable {
  package let source: Source
  package internal(set) var tokens: [Token] = []
  /// Comments are no tokens; these are their places, `#` included.
  package internal(set) var comments: [SourceRange] = []
  var names = NameTable()
  var numbers: [Double] = []
  var strings: [String] = []
  var formats: [FormatSpec] = []
  var problems: [LexicalProblem] = []

  init(source: Source) { self.source = source }
}

/// Names with their numbers; keywords are kept in the same table, so that a word is looked up once.
struct NameTable: Sendable {
  private(set) var names: [String] = []
  private var entries: [String: Int32] = NameTable.keywords

  /// Keywords are numbered from -1 down.
  private static let keywords = Dictionary(
    uniqueKeysWithValues: Keyword.allCases.map { ($0.spelling, -1 - Int32($0.rawValue)) })

  enum Word {
    case keyword(Keyword)
    case name(NameID)
  }

  /// What a word is. `Dictionary` compares strings by canonical equivalence, as names are.
  mutating func word(_ text: String) -> Word {
    if let entry = entries[text] {
      guard entry < 0 else { return .name(NameID(entry)) }
      if let keyword = Keyword(rawValue: UInt8(-1 - entry)) { return .keyword(keyword) }
    }
    return .name(insert(text))
  }

  /// The number of a name, be it a keyword elsewhere: `table.end` is a field.
  mutating func id(_ text: String) -> NameID {
    if let entry = entries[text], entry >= 0 { return NameID(entry) }
    if entries[text] != nil {
      let escaped = "." + text
      if let entry = entries[escaped] { return NameID(entry) }
      return insert(text, under: escaped)
    }
    return insert(text)
  }

  private mutating func insert(_ text: String, under key: String? = nil) -> NameID {
    let id = NameID(Int32(names.count))
    names.append(text)
    entries[key ?? text] = id.rawValue
    return id
  }
}
