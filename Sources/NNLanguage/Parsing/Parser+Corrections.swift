/// A part of the text and what should stand in its place.
struct Edit {
  var range: SourceRange
  var text: String
}

/// Errors offer the corrected statement, and only one that parses.
extension Parser {
  /// The longest statement that is shown corrected, in bytes.
  private static let longestCorrection = 160

  /// `diagnostic` with a hint that shows the statement as it would be after the edits, if that is right.
  ///
  /// - Parameters:
  ///   - text: the hint without an example.
  ///   - example: what the hint shows when there is no correction.
  ///   - faults: how many faults the correction may mend, this one included.
  func suggest(
    _ text: String, example: String? = nil, _ edits: [Edit], faults: Int = .max, in diagnostic: Diagnostic
  ) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.correction = corrected(edits, budget: min(faults, input.correctionBudget))
    guard let shown = diagnostic.correction ?? example else { return diagnostic.hinting(text) }
    return diagnostic.hinting("\(text): `\(shown)`")
  }

  /// The statement after the edits, which are in the order of the text, and after those that further faults in it
  /// ask for; nil if it would still be wrong.
  private func corrected(_ edits: [Edit], budget: Int) -> String? {
    guard budget > 0, !edits.isEmpty, let region = statementRegion else { return nil }
    var text = ""
    var offset = region.start
    for edit in edits {
      guard edit.range.start >= offset, edit.range.end <= region.end else { return nil }
      text += source.text(SourceRange(offset, edit.range.start)) + edit.text
      offset = edit.range.end
    }
    text += source.text(SourceRange(offset, region.end))
    while text.last == " " { text.removeLast() }
    return corrected(text, budget: budget)
  }

  /// The text if it parses, or begins what can; if not, its own correction.
  private func corrected(_ text: String, budget: Int) -> String? {
    let list = Lexer.tokenize(Source(name: "", text: text))
    var parser = Parser(Input(list, limits: Limits(), correctionBudget: budget - 1))
    guard case .failed(let diagnostics) = parser.run() else { return text }
    return diagnostics.count == 1 ? diagnostics[0].correction : nil
  }

  /// The statement that is being read, up to the end of its line; nil when it is long.
  private var statementRegion: SourceRange? {
    let start = input.tokens[statementStart].start
    var last = max(position, statementStart)
    while true {
      let token = input.tokens[last]
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
    let region = SourceRange(start, input.tokens[token - 1].end)
    let isOneLine = source.bytes[Int(region.start)..<Int(region.end)].allSatisfy { $0 != ASCII.newline }
    return isOneLine ? region : nil
  }

  /// The expression that ends just before this token.
  var lastExpression: NodeID? {
    var node = NodeID(Int32(output.make.tree.nodeCount - 1))
    while node.rawValue >= 0, !output.make.tree.kind(node).isExpression { node.rawValue -= 1 }
    guard node.rawValue >= 0, output.make.tree.range(node).end == previousEnd,
      output.make.tree.range(node).start >= input.tokens[statementStart].start
    else { return nil }
    return node
  }
}
