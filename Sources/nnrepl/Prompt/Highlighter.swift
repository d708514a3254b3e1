import LineEditing
import NNLanguage

/// Colours a line by the tokens that the language itself sees in it.
final class Highlighter {
  private let interpreter: Interpreter
  /// The text asked about last, since colours and brackets are asked for one after the other.
  private var latest = Lexer.tokenize(Source(name: "", text: ""))
  private var latestText = ""

  init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  func styles(for text: String, isCommand: Bool) -> [StyledRange] {
    let tokens = tokens(of: text)
    var styles: [StyledRange] = []
    for (index, token) in tokens.tokens.enumerated() {
      let style = isCommand && index == 0 ? Theme.command : style(of: token, in: tokens)
      if style != .plain { styles.append(StyledRange(Int(token.start)..<Int(token.end), style)) }
    }
    return styles + tokens.comments.map { StyledRange(Int($0.start)..<Int($0.end), Theme.comment) }
  }

  private func tokens(of text: String) -> TokenList {
    if text != latestText { (latest, latestText) = (Lexer.tokenize(Source(name: "", text: text)), text) }
    return latest
  }

  private func style(of token: Token, in tokens: TokenList) -> TextStyle {
    switch token.kind {
    case .keyword: Theme.keyword
    case .string, .stringStart, .stringMiddle, .stringEnd: Theme.string
    case .error, .foreign: Theme.error
    case .name:
      style(ofName: String(decoding: tokens.source.bytes[Int(token.start)..<Int(token.end)], as: UTF8.self))
    default: .plain
    }
  }

  private func style(ofName name: String) -> TextStyle {
    if interpreter[name] != nil { return Theme.style(for: interpreter.role(of: name)) }
    return Help.entry(named: name) != nil ? Theme.builtin : .plain
  }

  /// The bracket before the cursor, or else the one at it, with its partner, as the lexer pairs them: brackets in
  /// strings and comments are none.
  func matchingBrackets(in text: String, at cursor: Int) -> BracketPair? {
    let tokens = tokens(of: text).tokens
    for place in [cursor - 1, cursor] {
      guard let index = tokens.firstIndex(where: { $0.isBracket && Int($0.start) == place }),
        let partner = tokens[index].partner(in: tokens, at: index)
      else { continue }
      let other = Int(tokens[partner].start)
      return BracketPair(opening: min(place, other), closing: max(place, other))
    }
    return nil
  }
}

extension Token {
  fileprivate var isBracket: Bool {
    switch kind {
    case .leftParenthesis, .rightParenthesis, .leftBracket, .rightBracket, .leftBrace, .rightBrace: true
    default: false
    }
  }

  fileprivate func partner(in tokens: [Token], at index: Int) -> Int? {
    let partner = Int(payload)
    return tokens.indices.contains(partner) && partner != index && tokens[partner].isBracket ? partner : nil
  }
}
