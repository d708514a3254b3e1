/// The parser's errors. Each is made where the parser stands; the functions are named so that
/// `throw expectedBlock()` reads as a sentence.
extension Parser {
  func error(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.error, message).located(at: range, in: source)
  }

  /// An error at this token: what was wanted, and what stands here.
  func error(expected what: String) -> Diagnostic {
    error("expected \(what), found \(described(token))", at: visibleRange(token))
  }

  /// A token as messages name it.
  func described(_ token: Token) -> String {
    switch token.kind {
    case .newline: "the end of the line"
    case .endOfInput: "the end of the text"
    case .string, .stringStart: "a string"
    case .stringMiddle, .stringEnd: "the end of the { } in a string"
    case .keyword: "the word `\(source.text(token.range))`"
    default: "`\(source.text(token.range).shortened)`"
    }
  }

  /// Where a token is marked: a line break just behind the line's last token.
  func visibleRange(_ token: Token) -> SourceRange {
    switch token.kind {
    case .newline, .endOfInput:
      var index = max(position - 1, 0)
      while index > 0, input.tokens[index].kind == .newline { index -= 1 }
      let end = index < position ? input.tokens[index].end : token.start
      return SourceRange(end, end)
    default: return token.range
    }
  }

  /// What any error at this token says first, because the token itself is the trouble: text that is no token, a
  /// foreign spelling, a bracket that closes nothing.
  mutating func tokenError() -> Diagnostic? {
    switch kind {
    case .error:
      let problem = input.list.problems[Int(token.payload)]
      if case .unterminatedString(let slot) = problem.kind {
        output.expected = .string(opened: slot ?? problem.range)
      }
      return problem.diagnostic(in: source)
    case .foreign: return foreignSpelling()
    case .rightParenthesis, .rightBracket, .rightBrace:
      return token.payload < 0 ? closesNothing() : nil
    default: return nil
    }
  }

  func closesNothing() -> Diagnostic {
    let mark = source.text(token.range)
    let opener = mark == ")" ? "(" : mark == "]" ? "[" : "{"
    return error("this `\(mark)` closes nothing", at: token.range)
      .hinting(openBracketHint(before: position, otherThan: opener))
  }

  /// What is open here in place of the bracket that was closed.
  private func openBracketHint(before end: Int, otherThan opener: String) -> String? {
    var index = end - 1
    while index >= statementStart {
      let token = input.tokens[index]
      switch token.kind {
      case .rightParenthesis, .rightBracket,
        .rightBrace where token.payload >= 0:
        index = Int(token.payload) - 1
      case .leftParenthesis, .leftBracket, .leftBrace:
        let mark = source.text(token.range)
        return mark == opener
          ? nil : "the `\(mark)` in column \(source.column(of: token.start)) is still open"
      default: index -= 1
      }
    }
    return nil
  }

  // MARK: Limits

  mutating func tooDeep() -> Diagnostic {
    output.isStopped = true
    output.expected = nil
    let error =
      depth >= input.limits.nesting
      ? error("this is nested more than \(input.limits.nesting) levels deep", at: visibleRange(token))
      : error("this is nested too deep for the stack of its thread", at: visibleRange(token))
    output.diagnostics.append(error)
    return error
  }

  func tooManyTokens() -> Diagnostic {
    error(
      "the text has more than \(input.limits.tokens) words and marks",
      at: input.tokens[input.limits.tokens].range)
  }

  // MARK: Expressions

  /// Something stands here that continues nothing.
  mutating func unexpectedToken(after node: NodeID) -> Diagnostic {
    if let error = tokenError() ?? missingOperator() { return error }
    return error(expected: mode == .grouped ? "an operator" : "an operator or the end of the statement")
      .hinting(leftoverHint())
  }

  mutating func expectedExpression() -> Diagnostic {
    if kind == .endOfInput { output.expected = .operand }
    if let error = tokenError() ?? rangeWithoutStop() ?? subscriptInCall() { return error }
    return error(expected: "an expression").hinting(expressionHint())
  }

  func chainedComparison(_ left: NodeID) -> Diagnostic {
    let diagnostic = error("comparisons do not chain", at: token.range)
      .labelled(output.make.tree.operatorRange(left)).labelled(token.range, "the left side is already 0 or 1")
    let middle = source.text(output.make.tree.range(output.make.tree.child(left, 1)))
    let edit = Edit(range: SourceRange(token.start, token.start), text: "&& \(middle) ")
    return suggest("both must hold", example: "0 < x && x < 1", [edit], in: diagnostic)
  }

  func missingProduct(after number: NodeID) -> Diagnostic {
    let range = output.make.tree.range(number)
    let diagnostic = error("an operator is missing after \(source.text(range))", at: token.range)
    return suggest(
      "a product needs its `*`", [Edit(range: SourceRange(range.end, token.start), text: "*")], in: diagnostic
    )
  }

  func emptyGroup(_ opener: Int) -> Diagnostic {
    error("`( )` holds no value", at: SourceRange(input.tokens[opener].start, token.end))
      .hinting("an empty matrix is `[]`; a function without parameters is `() -> 1`")
  }

  func discardAsValue() -> Diagnostic {
    error("`_` has no value", at: token.range)
      .hinting("it takes a result that is not wanted: `_, n = size(A)`")
  }

  mutating func missingSubscript() -> Diagnostic {
    error("a subscript is missing", at: token.range)
      .hinting("an element is `A[1, 2]`, a row `A[1, :]`, the last `x[end]`")
  }

  mutating func expectedElement(_ opener: Int) -> Diagnostic {
    if kind == .endOfInput { return unclosed(opener) }
    if let error = tokenError() { return error }
    if input.tokens[opener].payload < 0 { return unclosed(opener) }
    if kind == .assign { return assignmentInExpression() }
    return error(expected: "an element or `]`").hinting(expressionHint())
  }

  /// Inside brackets stands something that neither goes on nor closes them.
  mutating func expectedCloser(of opener: Int) -> Diagnostic {
    if kind == .endOfInput { return unclosed(opener) }
    if let error = tokenError() { return error }
    if input.tokens[opener].payload < 0 { return unclosed(opener) }
    if kind == .assign { return assignmentInExpression() }
    if let error = missingOperator() { return error }
    if kind == .comma {
      return error(expected: "an operator or `)`").hinting("a row is `[a, b]`, a list `list(a, b)`")
    }
    if kind == .semicolon, let list = commaList { return semicolon(in: list) }
    let closer = input.tokens[opener].kind == .leftBracket ? "`]`" : "`)`"
    return error(expected: "an operator, `,` or \(closer)").hinting(groupHint(opener))
  }

  /// Bracket `opener` is not closed before the end of the text, or before what stands here.
  mutating func unclosed(_ opener: Int) -> Diagnostic {
    let token = input.tokens[opener]
    let mark = source.text(token.range)
    let closer: Character = mark == "(" ? ")" : mark == "[" ? "]" : "}"
    if kind == .endOfInput { output.expected = .closing(closer, opened: token.range) }
    let line = source.line(of: token.start)
    let diagnostic = error("`\(closer)` for the `\(mark)` in line \(line) is missing", at: token.range)
      .labelled(token.range, "opened here")
    return kind == .endOfInput ? diagnostic : diagnostic.labelled(self.token.range, "not closed before this")
  }

  // MARK: Strings

  func emptySlot() -> Diagnostic {
    error("the { } in a string holds no expression", at: SourceRange(token.start - 1, token.start + 1))
      .hinting("a brace that is text is written twice: `{{ }}`")
  }

  mutating func expectedSlotEnd(_ string: Token) -> Diagnostic {
    if kind == .endOfInput { output.expected = .string(opened: SourceRange(string.start, string.start + 1)) }
    if let error = badFormat() ?? tokenError() ?? missingOperator() { return error }
    return kind == .endOfInput
      ? error("this string is not closed", at: SourceRange(string.start, string.start + 1))
      : error(expected: "an operator or `}`").hinting("a brace that is text is written twice: `{{`")
  }

  /// The slot goes on with a `:` that begins no format: whatever was met first, that is the trouble.
  private func badFormat() -> Diagnostic? {
    var index = position
    while true {
      switch input.tokens[index].kind {
      case .name, .number, .binaryOperator, .dot: index += 1
      case .error:
        let problem = input.list.problems[Int(input.tokens[index].payload)]
        guard case .badFormat = problem.kind else { return nil }
        return problem.diagnostic(in: source)
      default: return nil
      }
    }
  }

  // MARK: Statements

  mutating func expectedBlock() -> Diagnostic {
    if kind == .endOfInput { output.expected = .block }
    output.lacksBlock = true
    if let error = tokenError() ?? foreignBlock() ?? operandBeforeBlock() { return error }
    return isKeyword(.fn, at: statementStart)
      ? error(expected: "`=` or `{`").hinting("a function is `fn f(x) = x^2` or `fn f(x) { … }`")
      : error(expected: "`{`").hinting("a block stands in braces: `if x > 0 { … }`")
  }

  func misplaced(_ keyword: Keyword) -> Diagnostic {
    let diagnostic = error("the word `\(keyword.spelling)` cannot begin a statement", at: token.range)
    switch keyword {
    case .else:
      return diagnostic.hinting("an `else` follows the `}` of its `if`: `if x > 0 { … } else { … }`")
    case .end:
      return diagnostic.hinting(
        "a block stands in braces and ends with `}`; `end` is the last place in a subscript")
    default: return diagnostic.hinting("`in` belongs to a loop: `for x in xs { … }`")
    }
  }

  func assignmentInCondition() -> Diagnostic {
    suggest(
      "equal is `==`", [Edit(range: token.range, text: "==")],
      in: error("a condition cannot assign", at: token.range))
  }

  func assignmentInExpression() -> Diagnostic {
    suggest(
      "equal is `==`", [Edit(range: token.range, text: "==")],
      in: error("an assignment cannot stand inside an expression", at: token.range))
  }

  mutating func expectedName(_ what: String) -> Diagnostic {
    if let error = tokenError() { return error }
    let diagnostic = error(expected: what)
    guard kind == .keyword else { return diagnostic }
    return diagnostic.hinting("`\(source.text(token.range))` is a reserved word")
  }

  mutating func expectedLoopVariable() -> Diagnostic {
    guard kind == .leftParenthesis, token.payload >= 0 else {
      return expectedName("the loop's variable").hinting("a loop is `for i in 1:10 { … }`")
    }
    var edits = [
      Edit(range: token.range, text: ""), Edit(range: input.tokens[Int(token.payload)].range, text: ""),
    ]
    let second = input.tokens[position + 2]
    if nextToken.kind == .name, second.kind == .assign { edits.insert(inEdit(second, position + 2), at: 1) }
    return suggest(
      "a loop has no parentheses around its head", example: "for i in 1:10 { … }", edits,
      in: error("expected the loop's variable, found `(`", at: token.range))
  }

  /// `in` for the `=` at a place.
  private func inEdit(_ token: Token, _ place: Int) -> Edit {
    let isApart = token.spaceBefore && input.tokens[place + 1].spaceBefore
    return Edit(range: token.range, text: isApart ? "in" : " in ")
  }

  mutating func expectedIn() -> Diagnostic {
    if let error = tokenError() { return error }
    let diagnostic = error(expected: "the word `in`")
    if kind == .comma {
      return diagnostic.hinting(
        "a loop has one variable; number the elements with `for i in 1:length(xs) { … }`")
    }
    let edits = kind == .assign ? [inEdit(token, position)] : []
    return suggest("a loop has `in`", example: "for i in 1:10 { … }", edits, in: diagnostic)
  }

  mutating func expectedParameters() -> Diagnostic {
    if let error = tokenError() { return error }
    return error(expected: "`(`").hinting("a function is `fn f(x) = x^2` or `fn f(x) { … }`")
  }

  mutating func expectedPath() -> Diagnostic {
    if let error = tokenError() { return error }
    if kind == .stringStart { return error("the path of an include is fixed text", at: token.range) }
    return error(expected: "a path in quotes").hinting("for example `include \"lib.nn\"`")
  }

  mutating func expectedAssignment(afterCommaAt comma: Int) -> Diagnostic {
    if kind == .endOfInput || kind == .newline || kind == .semicolon {
      return error("a `,` does not separate statements", at: input.tokens[comma].range)
        .hinting("put each on a line of its own, or a `;` between them")
        .hinting("several results are taken by `m, n = size(A)`")
    }
    if let error = tokenError() { return error }
    return error(expected: "`=`").hinting("several results are taken by `m, n = size(A)`")
  }

  func notAssignable(_ node: NodeID) -> Diagnostic {
    let range = output.make.tree.range(node)
    let diagnostic = error("nothing can be assigned to this", at: range)
    if output.make.tree.isParenthesized(node), let name = output.make.tree.nameID(node) {
      let edit = Edit(range: range, text: output.make.tree.name(name))
      return suggest("a variable has no parentheses", [edit], in: diagnostic)
    }
    switch output.make.tree.kind(node) {
    case .call: return assignmentToCall(node, diagnostic)
    case .matrix: return assignmentToMatrix(node, diagnostic)
    case .binary, .unary, .number,
      .string where kind == .assign:
      return suggest("equal is `==`", [Edit(range: token.range, text: "==")], in: diagnostic)
    default: return diagnostic.hinting(assignableHint)
    }
  }
}
