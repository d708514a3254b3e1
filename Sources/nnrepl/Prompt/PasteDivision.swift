import LineEditing
import NNLanguage

/// Divides pasted lines into statements and commands, so that each is entered by itself.
struct PasteDivision {
  private(set) var entries = PastedEntries()
  private var lines: [Substring] = []
  /// Brackets that are open in `lines`.
  private var depth = 0
  private let isCommand: (String) -> Bool

  init(_ pasted: String, isCommand: @escaping (String) -> Bool) {
    self.isCommand = isCommand
    let pasted = pasted.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in pasted.enumerated() { add(line, before: pasted[(index + 1)...]) }
    entries.rest = lines.joined(separator: "\n")
  }

  private mutating func add(_ line: Substring, before following: ArraySlice<Substring>) {
    if lines.isEmpty, line.allSatisfy(\.isWhitespace) { return }
    lines.append(line)
    depth += Self.openBrackets(line)
    guard isWhole, !Self.goesOn(following) else { return }
    entries.entries.append(lines.joined(separator: "\n"))
    lines = []
    depth = 0
  }

  /// While brackets are open the parser is asked now and then only, for one that can never be closed: it reads all
  /// lines each time, and there may be thousands.
  private var isWhole: Bool {
    if lines.count == 1, isCommand(String(lines[0])) { return true }
    guard depth <= 0 || lines.count & (lines.count - 1) == 0 else { return false }
    return EntryText.isWhole(lines.joined(separator: "\n"))
  }

  private static func openBrackets(_ line: Substring) -> Int {
    Lexer.tokenize(Source(name: "", text: String(line))).tokens.reduce(0) { depth, token in
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: depth + 1
      case .rightParenthesis, .rightBracket, .rightBrace: depth - 1
      default: depth
      }
    }
  }

  /// Whether the statement goes on in the next line, which may begin with `else`, or with the brace of its block.
  private static func goesOn(_ following: ArraySlice<Substring>) -> Bool {
    guard let next = following.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return false }
    let word = next.drop(while: \.isWhitespace)
    return word.hasPrefix("{") || word.prefix { $0.isLetter || $0.isNumber || $0 == "_" } == "else"
  }
}
