/// What people from other languages meant, told from the words and marks around an error.
extension Parser {
  /// A foreign operator here, with the corrected statement.
  mutating func foreignSpelling() -> Diagnostic? {
    guard let foreign = ForeignSpelling(rawValue: token.detail) else { return nil }
    let diagnostic = error("`\(source.text(token.range))` is no operator here", at: token.range)
    return diagnostic.hinting(hint(foreign.row.hint, correcting: edits(for: foreign)))
  }

  private func edits(for foreign: ForeignSpelling) -> [Edit] {
    switch foreign {
    case .percent: return callEdits("mod(", ")")
    case .slashSlash: return position == statementStart ? commentEdits() : quotientEdits()
    case .radical: return rootEdits()
    default:
      guard let replacement = foreign.row.replacement else { return [] }
      return [Edit(range: token.range, text: replacement)]
    }
  }

  /// `// text` as a comment of this language; its words are no statement, so no correction is offered.
  private func commentEdits() -> [Edit] { [] }

  /// The operands on both sides of the operator here, as far as a product reaches.
  private func operands() -> (left: SourceRange, right: SourceRange)? {
    guard let left = make.tree.lastRange, left.end == previousEnd, position > statementStart else {
      return nil
    }
    var rest = self
    rest.offersCorrections = false
    rest.advanceOverLine()
    guard let node = try? rest.parseUnary() else { return nil }
    return (left, rest.make.tree.range(node))
  }

  /// `a % b` as `mod(a, b)`.
  private func callEdits(_ head: String, _ tail: String) -> [Edit] {
    guard let (left, right) = operands() else { return [] }
    let text = head + source.text(left) + ", " + source.text(right) + tail
    return [Edit(range: left.union(right), text: text)]
  }

  private func quotientEdits() -> [Edit] {
    guard let (left, right) = operands() else { return [] }
    return [Edit(range: left.union(right), text: "floor(\(source.text(left)) / \(source.text(right)))")]
  }

  /// `√x` as `sqrt(x)`.
  private func rootEdits() -> [Edit] {
    var rest = self
    rest.offersCorrections = false
    rest.advance()
    guard let node = try? rest.parsePostfix() else { return [] }
    let operand = rest.make.tree.range(node)
    let inner = source.text(operand)
    let text = rest.make.tree.isParenthesized(node) ? "sqrt" + inner : "sqrt(\(inner))"
    return [Edit(range: SourceRange(token.start, operand.end), text: text)]
  }

  // MARK: Two operands side by side

  /// An operand stands here directly behind another: an operator was left out, or a word stands for one.
  func missingOperator(after node: NodeID?) -> Diagnostic? {
    if let diagnostic = wordForOperator() ?? foreignStatement() ?? conditionalOperator() { return diagnostic }
    guard position > 0, token.beginsOperand, list.tokens[position - 1].endsOperand else { return nil }
    let previous = list.tokens[position - 1]
    let place = SourceRange(previous.end, token.start)
    let diagnostic = error("an operator is missing before \(described(token))", at: token.range)
    if previous.kind == .number, !token.spaceBefore {
      return diagnostic.hinting(hint("a product needs its `*`", correcting: [Edit(range: place, text: "*")]))
    }
    if mode == .grouped {
      return diagnostic.hinting(
        hint("arguments are separated by `,`", correcting: [Edit(range: place, text: ", ")]))
    }
    return position == statementStart + 1 && previous.kind == .name
      ? diagnostic.hinting(callHint(previous)) : diagnostic
  }

  /// `print x` as `print(x)`.
  private func callHint(_ name: Token) -> String {
    var last = position
    while !list.tokens[last].endsLine { last += 1 }
    let edits = [
      Edit(range: SourceRange(name.end, token.start), text: "("),
      Edit(range: SourceRange(list.tokens[last - 1].end, list.tokens[last - 1].end), text: ")"),
    ]
    return hint("a function is called with parentheses", correcting: edits)
  }

  /// `and`, `or` and `not` where an operator is expected.
  private func wordForOperator() -> Diagnostic? {
    guard kind == .name, let replacement = NeighbourSpelling.operators[source.text(token.range)] else {
      return precedingNot()
    }
    return error("`\(source.text(token.range))` is no operator here", at: token.range)
      .hinting(hint("here it is `\(replacement)`", correcting: [Edit(range: token.range, text: replacement)]))
  }

  /// `not x`: the error is met at the `x`.
  private func precedingNot() -> Diagnostic? {
    guard position > 0, token.beginsOperand else { return nil }
    let previous = list.tokens[position - 1]
    guard previous.kind == .name, source.text(previous.range) == "not" else { return nil }
    let edit = Edit(range: SourceRange(previous.start, token.start), text: "!")
    return error("`not` is no operator here", at: previous.range)
      .hinting(hint("logical not is `!`", correcting: [edit]))
  }

  /// A statement that begins with a word of another language: `let x = 3`, `def f(x):`.
  private func foreignStatement() -> Diagnostic? {
    let first = list.tokens[statementStart]
    guard first.kind == .name, position > statementStart,
      let word = NeighbourSpelling.statements[source.text(first.range)]
    else { return nil }
    let diagnostic = error("`\(source.text(first.range))` begins no statement here", at: first.range)
    guard let replacement = word.replacement else { return diagnostic.hinting(word.hint) }
    let next = list.tokens[statementStart + 1]
    let range = replacement.isEmpty ? SourceRange(first.start, next.start) : first.range
    return diagnostic.hinting(hint(word.hint, correcting: [Edit(range: range, text: replacement)]))
  }

  /// `a ? b : c`
  private func conditionalOperator() -> Diagnostic? {
    guard kind == .question else { return nil }
    guard position > statementStart + 1, list.tokens[position - 1].kind != .assign else {
      return error("a hole is the whole right side of an assignment", at: token.range)
        .hinting("for example `dW1 = ?`")
    }
    return error("`?` stands only for a hole, as in `dW1 = ?`", at: token.range)
      .hinting(hint("a choice between values is `where(x > 0, a, b)`", correcting: choiceEdits()))
  }

  private func choiceEdits() -> [Edit] {
    guard let condition = make.tree.lastRange, condition.end == previousEnd else { return [] }
    var rest = self
    rest.offersCorrections = false
    rest.advanceOverLine()
    guard let node = try? rest.parseExpression(),
      case .range(let yes, nil, let no) = rest.make.tree.expression(node)
    else { return [] }
    let parts = [condition, rest.make.tree.range(yes), rest.make.tree.range(no)].map { source.text($0) }
    let whole = condition.union(rest.make.tree.range(node))
    return [Edit(range: whole, text: "where(\(parts.joined(separator: ", ")))")]
  }

  // MARK: What stands where it should not

  /// After a whole statement.
  func leftoverHint(after node: NodeID) -> String? {
    switch kind {
    case .assign: return "one statement assigns once: put the second assignment on a line of its own"
    case .comma: return "put each on a line of its own, or a `;` between them"
    case .leftBrace: return "a block follows `if`, `else`, `while`, `for`, `repeat` or `fn f(x)`"
    case .arrow: return "to the left of `->` stand parameters: `x -> x^2`, `(x, y) -> x + y`"
    case .colon: return "a block stands in braces: `{ … }`"
    case .keyword where isKeyword(.end): return "a block stands in braces and ends with `}`"
    case .keyword where isKeyword(.if), .keyword where isKeyword(.else):
      return "a choice between values is `where(x > 0, a, b)`"
    default: return multilineStringHint()
    }
  }

  /// Where an expression should be.
  func expressionHint() -> String? {
    switch kind {
    case .leftBrace: return "a matrix is `[1, 2; 3, 4]`, a list `list(1, \"a\")`"
    case .keyword where isKeyword(.if): return "a choice between values is `where(x > 0, a, b)`"
    case .keyword where isKeyword(.fn): return "a function as a value is `x -> x^2`"
    case .keyword where isKeyword(.end): return "`end` is the last place in a subscript: `x[end]`"
    case .keyword: return "`\(source.text(token.range))` is a reserved word"
    case .question: return "`?` is the whole right side of an assignment: `dW1 = ?`"
    case .comma where mode == .matrix: return "an element is missing before the `,`"
    default: return nil
    }
  }

  /// Inside parentheses.
  func groupHint(_ opener: Int) -> String? {
    if kind == .comma { return "a row is `[a, b]`, a list `list(a, b)`" }
    if kind == .semicolon, list.tokens[opener].kind == .leftParenthesis {
      return "a matrix is `[1, 2; 3, 4]`"
    }
    return kind == .keyword ? leftoverHint(after: NodeID(0)) : nil
  }

  /// Where a block should begin.
  func blockHint() -> String? {
    let example = "a block stands in braces: `if x > 0 { … }`"
    switch kind {
    case .colon:
      if nextToken.endsLine {
        return hint("a block stands in braces", correcting: [Edit(range: colonRange, text: " {")])
      }
      return example
    case .name where source.text(token.range) == "then" || source.text(token.range) == "do":
      return nextToken.endsLine
        ? hint("a block stands in braces", correcting: [Edit(range: token.range, text: "{")]) : example
    case .assign: return "equal is `==`"
    default: return example
    }
  }

  private var colonRange: SourceRange { SourceRange(previousEnd, token.end) }

  /// A string with line breaks stands just before: perhaps its quote was left out further up.
  private func multilineStringHint() -> String? {
    guard position > 0 else { return nil }
    let previous = list.tokens[position - 1]
    guard previous.kind == .string || previous.kind == .stringEnd else { return nil }
    let first = source.line(of: previous.start)
    guard first != source.line(of: previous.end) else { return nil }
    return "the string before this began in line \(first): is its closing quote missing there?"
  }

  // MARK: Assignments to what is no target

  /// `f(x) = x^2` and `A(1, 2) = 5`.
  func functionOrElementHint(_ call: NodeID) -> String? {
    let tree = make.tree
    let range = tree.range(call)
    guard tree.kind(tree.child(call, 0)) == .name else { return nil }
    let isFunction = tree.children(call).dropFirst().allSatisfy { tree.kind(tree.child($0, 0)) == .name }
    if isFunction {
      let edit = Edit(range: SourceRange(range.start, range.start), text: "fn ")
      return hint("a function begins with `fn`", correcting: [edit])
    }
    return hint(
      "an element stands in `[ ]`",
      correcting: [NeighbourSpelling.indexEdit(call, in: tree)].compactMap { $0 })
  }

  func comparisonHint() -> String? {
    guard kind == .assign else { return "a name, an element `A[1, 2]` or a field `net.W1` can be assigned" }
    return hint("equal is `==`", correcting: [Edit(range: token.range, text: "==")])
  }

  /// `[m, n] = size(A)`
  func resultsHint(_ matrix: NodeID) -> String? {
    let tree = make.tree
    guard let row = tree.children(matrix).first, tree.childCount(matrix) == 1 else { return nil }
    let names = tree.children(row).map { source.text(tree.range($0)) }.joined(separator: ", ")
    return hint(
      "several results are taken without brackets", correcting: [Edit(range: tree.range(matrix), text: names)]
    )
  }

  /// `i++` and `i--`, with nothing behind them.
  var isIncrement: Bool {
    let next = nextToken
    guard next.kind == .binaryOperator, next.detail == token.detail, next.start == token.end else {
      return false
    }
    return list.tokens[min(position + 2, list.tokens.count - 1)].endsLine
  }

  func increment() -> Diagnostic {
    let mark = source.text(token.range)
    let both = token.range.union(nextToken.range)
    return error("`\(mark)\(mark)` is no operator here", at: both)
      .hinting(hint("write", correcting: [Edit(range: both, text: " \(mark)= 1")]))
  }
}

extension Token {
  /// Whether an operand can begin with it.
  var beginsOperand: Bool {
    switch kind {
    case .number, .name, .string, .stringStart, .leftParenthesis, .leftBracket: true
    default: false
    }
  }

  /// Whether a statement can end before it.
  var endsLine: Bool {
    switch kind {
    case .newline, .semicolon, .endOfInput, .rightBrace: true
    default: false
    }
  }
}

extension SyntaxTree {
  /// Where the node that was made last stands.
  var lastRange: SourceRange? { ranges.last }
}
