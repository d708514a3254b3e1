/// Reads tokens into a syntax tree by recursive descent; its functions bear the names of the productions in
/// `Grammar.md`.
///
/// Operators of one level are gathered in loops, so a sum of a million terms needs no stack. Brackets, blocks, signs
/// and exponents recurse, and their nesting is bounded.
package struct Parser {
  /// How deep brackets, blocks, signs and exponents may nest.
  package static let nestingLimit = 2_000
  /// How many errors of one source are reported.
  static let errorLimit = 10

  /// What a parse may cost.
  package struct Limits: Sendable {
    package var tokens: Int
    package var nesting: Int

    package init(tokens: Int = .max, nesting: Int = Parser.nestingLimit) {
      self.tokens = tokens
      self.nesting = nesting
    }
  }

  /// What line breaks and blanks mean here.
  enum Mode {
    /// A line break ends the statement.
    case statement
    /// Inside `( )`, an index or a slot: line breaks are blanks.
    case grouped
    /// Directly inside the `[ ]` of a matrix: blanks separate elements, line breaks rows.
    case matrix
  }

  let list: TokenList
  let limits: Limits
  let stack = StackGuard()
  /// How many faults of a statement a correction may mend, one after the other.
  var correctionBudget = 4
  var make: SyntaxBuilder
  var position = 0
  var mode = Mode.statement
  var depth = 0
  /// How many subscripts are open: `end` has a meaning inside one.
  var openSubscripts = 0
  /// Where the statement began that is being read.
  var statementStart = 0
  /// What would make the text whole, once the end of input was met too early.
  var expected: Expectation?
  var diagnostics: [Diagnostic] = []
  /// No further errors are looked for.
  var isStopped = false

  init(_ list: TokenList, limits: Limits) {
    self.list = list
    self.limits = limits
    make = SyntaxBuilder(list)
  }
}

extension Parser {
  /// Reads a whole program: statements as they stand in a file or at the prompt.
  package static func parse(_ source: Source, limits: Limits = Limits()) -> ParseOutcome {
    var parser = Parser(Lexer.tokenize(source), limits: limits)
    return parser.run()
  }

  /// Reads a single expression; the tree's root is its node.
  package static func parseExpression(_ source: Source, limits: Limits = Limits()) -> ParseOutcome {
    var parser = Parser(Lexer.tokenize(source), limits: limits)
    return parser.runExpression()
  }

  mutating func run() -> ParseOutcome {
    do throws(Diagnostic) {
      try checkBudget()
      let root = try parseProgram()
      return outcome(root)
    } catch {
      if !isStopped { diagnostics.append(error) }
      return outcome(nil)
    }
  }

  private mutating func runExpression() -> ParseOutcome {
    do throws(Diagnostic) {
      try checkBudget()
      skipNewlines()
      let root = try parseExpression()
      skipNewlines()
      guard kind == .endOfInput else { throw unexpectedToken(after: root) }
      return outcome(root)
    } catch {
      diagnostics.append(error)
      return outcome(nil)
    }
  }

  private func checkBudget() throws(Diagnostic) {
    guard list.tokens.count - 1 > limits.tokens else { return }
    throw tooManyTokens()
  }

  private consuming func outcome(_ root: NodeID?) -> ParseOutcome {
    if let expected, diagnostics.count == 1 {
      return .incomplete(Incomplete(expected: expected, diagnostic: diagnostics[0]))
    }
    guard diagnostics.isEmpty, let root else { return .failed(diagnostics) }
    return .complete(make.finish(root))
  }
}

// MARK: Moving through the tokens

extension Parser {
  var source: Source { list.source }

  @inline(__always)
  var token: Token { list.tokens[position] }

  @inline(__always)
  var kind: TokenKind { list.tokens[position].kind }

  /// The token after this one; at the end, the end.
  @inline(__always)
  var nextToken: Token { list.tokens[min(position + 1, list.tokens.count - 1)] }

  /// The end of what was read so far.
  var previousEnd: Int32 { position == 0 ? token.start : list.tokens[position - 1].end }

  /// From the start of a node or token to the end of what was read so far.
  func range(from start: Int32) -> SourceRange { SourceRange(start, max(start, previousEnd)) }

  @inline(__always)
  mutating func advance() {
    if position < list.tokens.count - 1 { position += 1 }
    if mode == .grouped { skipNewlines() }
  }

  mutating func skipNewlines() {
    while kind == .newline { position += 1 }
  }

  /// Passes an operator, a comma or `=`, and the line breaks that may follow one.
  @inline(__always)
  mutating func advanceOverLine() {
    advance()
    skipNewlines()
  }

  /// Whether the token here is the keyword.
  func isKeyword(_ keyword: Keyword) -> Bool {
    kind == .keyword && token.detail == keyword.rawValue
  }

  /// Runs `body` inside brackets of the kind that `mode` says.
  mutating func within<Result>(
    _ mode: Mode, _ body: (inout Parser) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    let outer = self.mode
    self.mode = mode
    defer { self.mode = outer }
    if mode == .grouped { skipNewlines() }
    return try body(&self)
  }

  /// Runs `body` one level deeper, which is refused where it is too deep.
  @inline(__always)
  mutating func nested<Result>(
    _ body: (inout Parser) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    guard depth < limits.nesting, stack.hasRoom else { throw tooDeep() }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }
}
