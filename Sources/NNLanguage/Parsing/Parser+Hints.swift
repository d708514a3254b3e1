/// What people from other languages meant, told from the words and marks around an error.
extension Parser {
  /// A foreign operator here.
  func foreignSpelling() -> Diagnostic? {
    guard let foreign = ForeignSpelling(rawValue: token.detail) else { return nil }
    let diagnostic = error("\(foreignName(foreign)) has no meaning here", at: token.range)
    if position == statementStart, foreign == .percent || foreign == .slashSlash {
      return diagnostic.hinting("a comment begins with `#`")
    }
    switch foreign {
    case .at where !standsBehindOperand: return functionHandle(diagnostic)
    case .broadcastDot where isHalfOpenRange: return halfOpenRange(diagnostic)
    case .ellipsis where standsBehindOperand && nextToken.beginsOperand && nextToken.start == token.end:
      return suggest("a range has a `:`", [Edit(range: token.range, text: ":")], in: diagnostic)
    case .percent where standsBehindString:
      return diagnostic.hinting("a value stands in the string itself, in braces: `\"x = {x:.2f}\"`")
    // Between matrices the one is wrong and between conditions the other: which these are is not known here.
    case .ampersand where !isInCondition, .pipe where !isInCondition:
      return diagnostic.hinting(foreign.row.hint)
    default:
      return suggest(foreign.row.hint, example: foreign.row.example, edits(for: foreign), in: diagnostic)
    }
  }

  private var standsBehindOperand: Bool {
    position > statementStart && input.tokens[position - 1].endsOperand
  }

  private var standsBehindString: Bool {
    guard position > statementStart else { return false }
    let previous = input.tokens[position - 1].kind
    return previous == .string || previous == .stringEnd
  }

  /// Whether the statement begins with a condition that this token is part of.
  private var isInCondition: Bool {
    isKeyword(.if, at: statementStart) || isKeyword(.while, at: statementStart)
  }

  // MARK: Functions and ranges of other languages

  /// `@(x) x.^2` as `x -> x.^2`, `@sin` as `sin`.
  private func functionHandle(_ diagnostic: Diagnostic) -> Diagnostic {
    let removal = Edit(range: token.range, text: "")
    guard nextToken.kind == .leftParenthesis, nextToken.payload >= 0 else {
      return nextToken.kind == .name
        ? suggest("a function is a value by its name", [removal], in: diagnostic)
        : diagnostic.hinting("a function as a value is `x -> x^2`")
    }
    let (opener, closer) = (position + 1, Int(nextToken.payload))
    var head = source.text(SourceRange(input.tokens[opener].start, input.tokens[closer].end))
    if closer == opener + 2 { head = source.text(input.tokens[opener + 1].range) }
    let body = SourceRange(token.start, input.tokens[closer + 1].start)
    return suggest(
      "a function as a value has `->`", example: "x -> x^2", [Edit(range: body, text: "\(head) -> ")],
      in: diagnostic)
  }

  /// `0..<n`, met at its last dot.
  private var isHalfOpenRange: Bool {
    guard position > statementStart, nextToken.kind == .binaryOperator,
      nextToken.detail == BinaryOperator.less.rawValue, nextToken.start == token.end
    else { return false }
    let previous = input.tokens[position - 1]
    return previous.end == token.start && source.bytes[Int(previous.end) - 1] == ASCII.dot
  }

  /// `0..<n` as `0:n - 1`.
  private func halfOpenRange(_ diagnostic: Diagnostic) -> Diagnostic {
    let stop = input.tokens[min(position + 2, input.tokens.count - 1)]
    let text = source.text(stop.range)
    let last = Int(text).map { String($0 - 1) } ?? "\(text) - 1"
    let edit = Edit(range: SourceRange(token.start - 1, stop.end), text: ":\(last)")
    return suggest("a range has a `:` and holds its end", example: "0:n - 1", [edit], in: diagnostic)
  }

  /// A spelling as messages name it; a dot with what it stands before.
  private func foreignName(_ foreign: ForeignSpelling) -> String {
    switch foreign {
    case .backtick: "a backquote"
    case .broadcastDot: "`\(source.text(token.range.union(nextToken.range)))`"
    default: "`\(source.text(token.range))`"
    }
  }

  private func edits(for foreign: ForeignSpelling) -> [Edit] {
    switch foreign {
    case .percent: return operandEdits { "mod(\($0), \($1))" }
    case .slashSlash: return operandEdits { "floor(\($0) / \($1))" }
    case .dotBackslash: return operandEdits { "\($1) ./ \($0)" }
    case .radical: return rootEdits()
    default:
      guard let replacement = foreign.row.replacement else { return [] }
      return [Edit(range: token.range, text: replacement)]
    }
  }

  /// The operands on both sides of the operator here, as far as a product reaches, written otherwise.
  private func operandEdits(_ rewritten: (String, String) -> String) -> [Edit] {
    guard let left = lastProduct else { return [] }
    var rest = Parser(lookingAheadFrom: self)
    rest.advanceOverLine()
    guard let node = try? rest.parseUnary() else { return [] }
    let ranges = (output.make.tree.range(left), rest.output.make.tree.range(node))
    let text = rewritten(source.text(ranges.0), source.text(ranges.1))
    return [Edit(range: ranges.0.union(ranges.1), text: text)]
  }

  /// The last factors of the expression that ends here.
  private var lastProduct: NodeID? {
    guard var node = lastExpression else { return nil }
    while !output.make.tree.isParenthesized(node) {
      switch output.make.tree.expression(node) {
      case .binary(let operation, _, let right) where operation.precedence < .product: node = right
      case .range(_, _, let stop): node = stop
      case .lambda(_, let body): node = body
      default: return node
      }
    }
    return node
  }

  /// `√x` as `sqrt(x)`.
  private func rootEdits() -> [Edit] {
    var rest = Parser(lookingAheadFrom: self)
    rest.advance()
    guard let node = try? rest.parsePostfix() else { return [] }
    let operand = rest.output.make.tree.range(node)
    let isGroup = rest.output.make.tree.isParenthesized(node)
    let text = isGroup ? "sqrt" + source.text(operand) : "sqrt(\(source.text(operand)))"
    return [Edit(range: SourceRange(token.start, operand.end), text: text)]
  }

  // MARK: Two operands side by side

  /// An operand stands here directly behind another: an operator was left out, or a word stands for one.
  func missingOperator() -> Diagnostic? {
    if let diagnostic = wordForOperator() ?? furtherCondition() ?? foreignStatement() ?? conditionalOperator()
    {
      return diagnostic
    }
    return operandBehindOperand()
  }

  private func operandBehindOperand() -> Diagnostic? {
    guard position > 0, token.beginsOperand, input.tokens[position - 1].endsOperand else { return nil }
    let previous = input.tokens[position - 1]
    let gap = SourceRange(previous.end, token.start)
    let diagnostic = error("an operator is missing before \(described(token))", at: token.range)
    if previous.kind == .number, !token.spaceBefore { return besideNumber(previous, gap, diagnostic) }
    if previous.kind == .transpose, !token.spaceBefore {
      return suggest("a product needs its `*`", [Edit(range: gap, text: "*")], in: diagnostic)
    }
    if mode == .grouped, let list = commaList {
      return suggest("\(list) are separated by `,`", [Edit(range: gap, text: ", ")], in: diagnostic)
    }
    return position == statementStart + 1 && previous.kind == .name ? call(previous, diagnostic) : diagnostic
  }

  /// `2x` and `1..5`.
  private func besideNumber(_ number: Token, _ gap: SourceRange, _ diagnostic: Diagnostic) -> Diagnostic {
    if token.kind == .number, source.bytes[Int(token.start)] == ASCII.dot {
      let dots = SourceRange(
        number.end - (source.bytes[Int(number.end) - 1] == ASCII.dot ? 1 : 0), token.start + 1)
      return suggest("a range has a `:`", example: "1:5", [Edit(range: dots, text: ":")], in: diagnostic)
    }
    if source.bytes[Int(token.start)] == ASCII.underscore {
      return diagnostic.hinting("in a number a `_` stands between two digits: `1_000`")
    }
    return suggest("a product needs its `*`", [Edit(range: gap, text: "*")], in: diagnostic)
  }

  /// `0...3`, met at the last dot, which belongs to the 3.
  func dottedRange() -> Diagnostic? {
    guard kind == .number, position > 1, !token.spaceBefore, source.bytes[Int(token.start)] == ASCII.dot,
      input.tokens[position - 2].kind == .number
    else { return nil }
    let dots = SourceRange(input.tokens[position - 2].end - 1, token.start + 1)
    return suggest(
      "a range has a `:`", [Edit(range: dots, text: ":")],
      in: error("`...` has no meaning here", at: dots))
  }

  /// What the innermost open bracket holds, where commas separate it: the arguments of a call, the subscripts of an
  /// index.
  var commaList: String? {
    guard let opener = openList else { return nil }
    return input.tokens[opener].kind == .leftParenthesis ? "arguments" : "subscripts"
  }

  /// The bracket that opens that list.
  private var openList: Int? {
    var index = position - 1
    while index > statementStart {
      let token = input.tokens[index]
      switch token.kind {
      case .leftParenthesis:
        return input.tokens[index - 1].kind == .name && !token.spaceBefore ? index : nil
      case .leftBracket: return input.tokens[index - 1].endsOperand ? index : nil
      case .stringStart, .stringMiddle: return nil
      case .rightParenthesis, .rightBracket: index = token.payload < 0 ? index - 1 : Int(token.payload) - 1
      default: index -= 1
      }
    }
    return nil
  }

  // MARK: Subscripts

  /// `a[:2]` and `a[: 2]`: a `:` that has something behind it in its subscript.
  func rangeWithoutStart() -> Diagnostic {
    let diagnostic = error("a range has a first number before its `:`", at: token.range)
    if nextToken.spaceBefore {
      return suggestComma(SourceRange(token.end, nextToken.start), in: diagnostic)
    }
    if nextToken.kind == .colon { return diagnostic.hinting("every second one is `A[1:2:end]`") }
    let start = Edit(range: SourceRange(token.start, token.start), text: "1")
    return suggest("the first is 1", [start], in: diagnostic)
  }

  /// `a[2:]` and `a[1 :]`, met behind the `:`.
  func rangeWithoutStop() -> Diagnostic? {
    guard openSubscripts > 0, mode == .grouped, position > 1, token.endsSubscript else { return nil }
    let colon = input.tokens[position - 1]
    guard colon.kind == .colon else { return nil }
    let diagnostic = error("a range has a last number behind its `:`", at: colon.range)
    if colon.spaceBefore {
      return suggestComma(SourceRange(input.tokens[position - 2].end, colon.start), in: diagnostic)
    }
    let end = SourceRange(colon.end, colon.end)
    return suggest("the last is `end`", [Edit(range: end, text: "end")], in: diagnostic)
  }

  /// `a[1; 2]` and `f(1; 2)`
  func semicolon(in list: String) -> Diagnostic {
    suggest(
      "\(list) are separated by `,`", [Edit(range: token.range, text: ",")],
      in: error("a `;` does not separate \(list)", at: token.range))
  }

  private func suggestComma(_ gap: SourceRange, in diagnostic: Diagnostic) -> Diagnostic {
    suggest("subscripts are separated by `,`", [Edit(range: gap, text: ", ")], in: diagnostic)
  }

  /// `A(:, 1)` and `A(end)`, met at the `:` or the `end`.
  func subscriptInCall() -> Diagnostic? {
    guard let opener = openList, input.tokens[opener].kind == .leftParenthesis,
      nextToken.kind == .comma || nextToken.kind == .rightParenthesis,
      kind == .colon || isKeyword(.end)
    else { return nil }
    let closer = Int(input.tokens[opener].payload)
    let edits =
      closer < 0
      ? []
      : [
        Edit(range: input.tokens[opener].range, text: "["),
        Edit(range: input.tokens[closer].range, text: "]"),
      ]
    return suggest(
      "elements are picked with brackets", example: "A[:, 1]", edits, in: error(expected: "an expression"))
  }

  // MARK: Calls

  /// `print x` as `print(x)`.
  private func call(_ name: Token, _ diagnostic: Diagnostic) -> Diagnostic {
    var last = position
    while !input.tokens[last].endsLine { last += 1 }
    let end = input.tokens[last - 1].end
    let edits = [
      Edit(range: SourceRange(name.end, token.start), text: "("),
      Edit(range: SourceRange(end, end), text: ")"),
    ]
    let suggested = suggest("a function is called with parentheses", edits, faults: 1, in: diagnostic)
    return suggested.correction == nil ? diagnostic : suggested
  }

  /// `and`, `or` and `not` where an operator is expected.
  private func wordForOperator() -> Diagnostic? {
    guard kind == .name, let replacement = NeighbourSpelling.operators[source.text(token.range)] else {
      return precedingWord()
    }
    return suggest(
      "here it is `\(replacement)`", [Edit(range: token.range, text: replacement)],
      in: error("`\(source.text(token.range))` is not an operator here", at: token.range))
  }

  /// `} elif x < 0 {`
  private func furtherCondition() -> Diagnostic? {
    let word = source.text(token.range)
    guard kind == .name, position > 0, input.tokens[position - 1].kind == .rightBrace,
      NeighbourSpelling.elseIf.contains(word)
    else { return nil }
    return suggest(
      "another condition follows `else if`", example: "} else if x < 0 {",
      [Edit(range: token.range, text: "else if")],
      in: error("`\(word)` does not go on with an `if` here", at: token.range))
  }

  /// `not x` and `lambda x: …`: the error is met at the `x`.
  private func precedingWord() -> Diagnostic? {
    guard position > 0, token.beginsOperand else { return nil }
    let previous = input.tokens[position - 1]
    guard previous.kind == .name else { return nil }
    if source.text(previous.range) == "lambda" {
      return error("`lambda` does not begin an expression here", at: previous.range)
        .hinting("a function as a value is `x -> x^2`")
    }
    guard source.text(previous.range) == "not" else { return nil }
    return suggest(
      "logical not is `!`", [Edit(range: SourceRange(previous.start, token.start), text: "!")],
      in: error("`not` is not an operator here", at: previous.range))
  }

  /// A statement that begins with a word of another language: `let x = 3`, `def f(x):`.
  private func foreignStatement() -> Diagnostic? {
    let first = input.tokens[statementStart]
    guard first.kind == .name, position > statementStart,
      let word = NeighbourSpelling.statements[source.text(first.range)]
    else { return nil }
    let diagnostic = error("`\(source.text(first.range))` does not begin a statement here", at: first.range)
    guard let replacement = word.replacement else { return diagnostic.hinting(word.text) }
    let next = input.tokens[statementStart + 1]
    let range = replacement.isEmpty ? SourceRange(first.start, next.start) : first.range
    return suggest(word.hint, example: word.example, [Edit(range: range, text: replacement)], in: diagnostic)
  }

  /// `a ? b : c`
  private func conditionalOperator() -> Diagnostic? {
    guard kind == .question else { return nil }
    guard position > statementStart + 1, input.tokens[position - 1].endsOperand else {
      return error("a hole is the whole right side of an assignment", at: token.range)
        .hinting("for example `dW1 = ?`")
    }
    return suggest(
      "a choice between values is `where`", example: "where(x > 0, a, b)", choiceEdits(),
      in: error("`?` stands only for a hole, as in `dW1 = ?`", at: token.range))
  }

  private func choiceEdits() -> [Edit] {
    guard let condition = lastExpression.map({ output.make.tree.range($0) }) else { return [] }
    var rest = Parser(lookingAheadFrom: self)
    rest.advanceOverLine()
    guard let node = try? rest.parseExpression(),
      case .range(let yes, nil, let no) = rest.output.make.tree.expression(node)
    else { return [] }
    let parts = [condition, rest.output.make.tree.range(yes), rest.output.make.tree.range(no)].map {
      source.text($0)
    }
    let whole = condition.union(rest.output.make.tree.range(node))
    return [Edit(range: whole, text: "where(\(parts.joined(separator: ", ")))")]
  }

  // MARK: What stands where it should not

  /// After a whole statement.
  func leftoverHint() -> String? {
    switch kind {
    case _ where position > 0 && input.tokens[position - 1].kind == .question:
      return "`?` is the whole right side of an assignment: `dW1 = ?`"
    case .assign: return "one statement assigns once: put the second assignment on a line of its own"
    case .comma: return "put each on a line of its own, or a `;` between them"
    case .leftBrace: return "a block follows `if`, `else`, `while`, `for`, `repeat` or `fn f(x)`"
    case .arrow: return "to the left of `->` stand parameters: `x -> x^2`, `(x, y) -> x + y`"
    case .colon where mode != .statement || !nextToken.endsLine:
      return "a range is `first:last` or `first:step:last`"
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
    case .leftBrace where position == statementStart: return leftoverHint()
    case .leftBrace where isKeyword(.repeat, at: position - 1):
      return "a loop says how often: `repeat 10 { … }`"
    case .leftBrace where isKeyword(.while, at: position - 1) || isKeyword(.if, at: position - 1):
      return "a condition is missing: `if x > 0 { … }`"
    case .leftBrace: return "a matrix is `[1, 2; 3, 4]`, a list `list(1, \"a\")`"
    case .keyword where isKeyword(.if): return "a choice between values is `where(x > 0, a, b)`"
    case .keyword where isKeyword(.fn): return "a function as a value is `x -> x^2`"
    case .keyword where isKeyword(.end) && nextToken.kind == .assign:
      return "print ends its line; what is to stand on one line is one string: `print(\"{a} {b}\")`"
    case .keyword where isKeyword(.end): return "`end` is the last place in a subscript: `x[end]`"
    case .keyword where mode == .matrix && isKeyword(.for):
      return "a function of every element is `map(x -> x^2, xs)`"
    case .keyword: return "`\(source.text(token.range))` is a reserved word"
    case .question: return "`?` is the whole right side of an assignment: `dW1 = ?`"
    case .comma where mode == .matrix: return "an element is missing before the `,`"
    default: return nil
    }
  }

  /// Inside parentheses.
  func groupHint(_ opener: Int) -> String? {
    if kind == .semicolon, input.tokens[opener].kind == .leftParenthesis {
      return "a matrix is `[1, 2; 3, 4]`"
    }
    return kind == .keyword || kind == .colon ? leftoverHint() : nil
  }

  /// `:`, `then` or `do` where a block should begin.
  func foreignBlock() -> Diagnostic? {
    let word = source.text(token.range)
    guard kind == .colon || kind == .name && (word == "then" || word == "do") else { return nil }
    let range = kind == .colon ? SourceRange(previousEnd, token.end) : token.range
    let isFunction = isKeyword(.fn, at: statementStart)
    let diagnostic = error("expected \(isFunction ? "`=` or `{`" : "`{`"), found `\(word)`", at: token.range)
    if isFunction, !nextToken.endsLine {
      return suggest(
        "a function of one expression has `=`", example: "fn f(x) = x^2", [Edit(range: range, text: " =")],
        in: diagnostic)
    }
    let edits = nextToken.endsLine ? [Edit(range: range, text: kind == .colon ? " {" : "{")] : []
    return suggest(
      "a block stands in braces", example: isFunction ? "fn f(x) { … }" : "if x > 0 { … }", edits,
      in: diagnostic)
  }

  /// After the head of a loop or condition stands an operand: no operator is missing, the block is, unless the two
  /// touch.
  func operandBeforeBlock() -> Diagnostic? {
    if let diagnostic = wordForOperator() ?? foreignStatement() ?? conditionalOperator() { return diagnostic }
    return token.spaceBefore ? nil : operandBehindOperand()
  }

  /// The `:` at the end of a head, as Python writes it: no range goes on over the line there.
  var endsHead: Bool {
    guard mode == .statement, nextToken.kind == .newline || nextToken.kind == .endOfInput else {
      return false
    }
    let first = input.tokens[statementStart]
    return first.kind == .keyword || NeighbourSpelling.statements[source.text(first.range)] != nil
  }

  /// A string with line breaks stands just before: perhaps its quote was left out further up.
  private func multilineStringHint() -> String? {
    guard position > 0 else { return nil }
    let previous = input.tokens[position - 1]
    guard previous.kind == .string || previous.kind == .stringEnd else { return nil }
    let first = source.line(of: previous.start)
    guard first != source.line(of: previous.end) else { return nil }
    return "the string before this began in line \(first): is its closing quote missing there?"
  }

  // MARK: Assignments to what is no target

  /// `f(x) = x^2` and `A(1, 2) = 5`.
  func assignmentToCall(_ call: NodeID, _ diagnostic: Diagnostic) -> Diagnostic {
    let tree = output.make.tree
    let callee = tree.child(call, 0)
    guard tree.kind(callee) == .name, let name = tree.nameID(callee).map(tree.name) else {
      return diagnostic.hinting(assignableHint)
    }
    if let builtin = Builtins.index(of: name).map({ Builtins.table[$0] }) {
      return assignmentToBuiltin(builtin, diagnostic)
    }
    let isFunction = tree.children(call).dropFirst().allSatisfy { tree.kind(tree.child($0, 0)) == .name }
    if isFunction {
      let start = tree.range(call).start
      return suggest(
        "a function begins with `fn`", [Edit(range: SourceRange(start, start), text: "fn ")], in: diagnostic)
    }
    let edits = [NeighbourSpelling.indexEdit(call, in: tree)].compactMap { $0 }
    return suggest("an element has `[ ]`", example: "A[1, 2] = 5", edits, in: diagnostic)
  }

  /// `sin(1) = 2`
  private func assignmentToBuiltin(_ builtin: Builtin, _ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.message = "\(builtin.name) is a function, and nothing can be assigned to what it gives"
    if kind != .assign || builtin.isStatement { return diagnostic }
    return suggest("equal is `==`", [Edit(range: token.range, text: "==")], in: diagnostic)
  }

  var assignableHint: String { "a name, an element `A[1, 2]` or a field `net.W1` can be assigned" }

  /// `[m, n] = size(A)`
  func assignmentToMatrix(_ matrix: NodeID, _ diagnostic: Diagnostic) -> Diagnostic {
    let tree = output.make.tree
    guard let row = tree.children(matrix).first, tree.childCount(matrix) == 1 else { return diagnostic }
    let names = tree.children(row).map { source.text(tree.range($0)) }.joined(separator: ", ")
    return suggest(
      "several results are taken without brackets", example: "m, n = size(A)",
      [Edit(range: tree.range(matrix), text: names)], in: diagnostic)
  }

  /// `i++` and `i--`, with nothing behind them.
  var isIncrement: Bool {
    let next = nextToken
    guard next.kind == .binaryOperator, next.detail == token.detail, next.start == token.end else {
      return false
    }
    return input.tokens[min(position + 2, input.tokens.count - 1)].endsLine
  }

  func increment() -> Diagnostic {
    let mark = source.text(token.range)
    let both = token.range.union(nextToken.range)
    return suggest(
      "counting is `\(mark)=`", [Edit(range: both, text: " \(mark)= 1")],
      in: error("`\(mark)\(mark)` is not an operator here", at: both))
  }
}

extension Parser {
  /// `++i` and `--i` as a statement.
  func prefixIncrement() -> Diagnostic? {
    let name = input.tokens[min(position + 2, input.tokens.count - 1)]
    guard prefixOperator != nil, nextToken.kind == .binaryOperator, nextToken.detail == token.detail,
      nextToken.start == token.end, name.kind == .name, name.start == nextToken.end,
      input.tokens[min(position + 3, input.tokens.count - 1)].endsLine
    else { return nil }
    let mark = source.text(token.range)
    return suggest(
      "counting is `\(mark)=`",
      [Edit(range: SourceRange(token.start, name.end), text: "\(source.text(name.range)) \(mark)= 1")],
      in: error("`\(mark)\(mark)` is not an operator here", at: token.range.union(nextToken.range)))
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

  /// Whether a subscript can end before it.
  var endsSubscript: Bool { kind == .comma || kind == .rightBracket }

  /// Whether a statement can end before it.
  var endsLine: Bool {
    switch kind {
    case .newline, .semicolon, .endOfInput, .rightBrace: true
    default: false
    }
  }
}
