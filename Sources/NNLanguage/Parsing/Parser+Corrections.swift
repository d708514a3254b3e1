/// A part of the text and what should stand in its place.
struct Edit {
  var range: SourceRange
  var text: String
}

/// Errors offer the corrected statement, and only one that parses.
extension Parser {
  /// The longest statement that is shown corrected, in bytes.
  private static let longestCorrection = 160

  /// `text`, and the statement as it would be after the edits if that is right.
  func hint(_ text: String, correcting edits: [Edit]) -> String {
    guard let corrected = corrected(edits) else { return text }
    return "\(text): `\(corrected)`"
  }

  /// The statement after the edits, which are in the order of the text; nil if it would still be wrong.
  func corrected(_ edits: [Edit]) -> String? {
    guard offersCorrections, let region = statementRegion else { return nil }
    var text = ""
    var offset = region.start
    for edit in edits {
      guard edit.range.start >= offset, edit.range.end <= region.end else { return nil }
      text += source.text(SourceRange(offset, edit.range.start)) + edit.text
      offset = edit.range.end
    }
    text += source.text(SourceRange(offset, region.end))
    return Parser.isRight(text) ? text : nil
  }

  /// Whether a corrected statement parses, or is the first line of one that does.
  private static func isRight(_ text: String) -> Bool {
    var parser = Parser(Lexer.tokenize(Source(name: "", text: text)), limits: Limits())
    parser.offersCorrections = false
    if case .failed = parser.run() { return false }
    return true
  }

  /// The statement that is being read, up to the end of its line; nil when it is long.
  private var statementRegion: SourceRange? {
    let start = list.tokens[statementStart].start
    var last = max(position, statementStart)
    while true {
      let token = list.tokens[last]
      if token.end - start > Parser.longestCorrection { return nil }
      switch token.kind {
      case .newline, .endOfInput, .semicolon: return statementRegion(start, endingBefore: last)
      case .rightBrace where token.payload >= 0 && token.payload < statementStart:
        return statementRegion(start, endingBefore: last)
      case .leftParenthesis, .leftBracket: last = max(Int(token.payload), last) + 1
      default: last += 1
      }
    }
  }

  private func statementRegion(_ start: Int32, endingBefore token: Int) -> SourceRange? {
    guard token > statementStart else { return nil }
    let region = SourceRange(start, list.tokens[token - 1].end)
    let isOneLine = source.bytes[Int(region.start)..<Int(region.end)].allSatisfy { $0 != ASCII.newline }
    return isOneLine ? region : nil
  }
}
