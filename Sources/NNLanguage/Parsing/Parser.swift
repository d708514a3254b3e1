/// Reads tokens into a syntax tree by recursive descent; its functions bear the names of the productions in
/// `Grammar.md`.
///
/// Operators of one level are gathered in loops, so a sum of a million terms needs no stack. Brackets, blocks, signs
/// and exponents recurse, and their nesting is bounded. The parser cannot be copied: without optimisation every frame
/// of the recursion would hold copies of it.
package struct Parser: ~Copyable {
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

  /// What is read. It and the output are objects so that the parser itself is a few words: without optimisation every
  /// frame of the recursion holds copies of it.
  final class Input {
    let list: TokenList
    let tokens: [Token]
    let limits: Limits
    /// How many faults of a statement a correction may mend, one after the other.
    let correctionBudget: Int

    init(_ list: TokenList, limits: Limits, correctionBudget: Int = 4) {
      self.list = list
      tokens = list.tokens
      self.limits = limits
      self.correctionBudget = correctionBudget
    }
  }

  /// What comes of it.
  final class Output {
    var make: SyntaxBuilder
    var diagnostics: [Diagnostic] = []
    /// What would make the text whole, once the end of input was met too early.
    var expected: Expectation?
    /// A block was missing, so an `end` or `else` of its own is no news.
    var lacksBlock = false
    /// No further errors are looked for.
    var isStopped = false

    init(_ make: SyntaxBuilder) { self.make = make }
  }

  let input: Input
  let output: Output
  let stack = StackGuard()
  /// The token that is read next.
  private(set) var token: Token
  var position = 0 {
    didSet { token = input.tokens[position] }
  }
  var mode = Mode.statement
  var depth = 0
  /// How many subscripts are open: `end` has a meaning inside one.
  var openSubscripts = 0
  /// Where the statement began that is being read.
  var statementStart = 0

  init(_ input: Input) {
    self.input = input
    output = Output(SyntaxBuilder(input.list))
    token = input.tokens[0]
  }

  /// A copy that looks ahead from where `other` stands, and offers no corrections.
  init(lookingAheadFrom other: borrowing Parser) {
    input = Input(other.input.list, limits: other.input.limits, correctionBudget: 0)
    output = Output(other.output.make)
    token = other.token
    position = other.position
    mode = other.mode
    depth = other.depth
    openSubscripts = other.openSubscripts
    statementStart = other.statementStart
  }
}

extension Parser {
  /// Reads a whole program: statements as they stand in a file or at the prompt.
  package static func parse(_ source: Source, limits: Limits = Limits()) -> ParseOutcome {
    var parser = Parser(Input(Lexer.tokenize(source), limits: limits))
    return parser.run()
  }

  /// Reads a single expression; the tree's root is its node.
  package static func parseExpression(_ source: Source, limits: Limits = Limits()) -> ParseOutcome {
    var parser = Parser(Input(Lexer.tokenize(source), limits: limits))
    return parser.runExpression()
  }

  mutating func run() -> ParseOutcome {
    do throws(Diagnostic) {
      try checkBudget()
      let root = try parseProgram()
      return outcome(root)
    } catch {
      if !output.isStopped { output.diagnostics.append(error) }
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
      if !output.isStopped { output.diagnostics.append(error) }
      return outcome(nil)
    }
  }

  private func checkBudget() throws(Diagnostic) {
    guard input.tokens.count - 1 > input.limits.tokens else { return }
    throw tooManyTokens()
  }

  private func outcome(_ root: NodeID?) -> ParseOutcome {
    let diagnostics = output.diagnostics
    if let expected = output.expected, diagnostics.count == 1 {
      return .incomplete(Incomplete(expected: expected, diagnostic: diagnostics[0]))
    }
    guard diagnostics.isEmpty, let root else { return .failed(diagnostics) }
    return .complete(output.make.finish(root))
  }
}

// MARK: Moving through the tokens

extension Parser {
  var source: Source { input.list.source }

  var kind: TokenKind { token.kind }

  /// The token after this one; at the end, the end.
  var nextToken: Token { input.tokens[min(position + 1, input.tokens.count - 1)] }

  /// The end of what was read so far.
  var previousEnd: Int32 { position == 0 ? token.start : input.tokens[position - 1].end }

  /// From the start of a node or token to the end of what was read so far.
  func range(from start: Int32) -> SourceRange { SourceRange(start, max(start, previousEnd)) }

  mutating func advance() {
    if position < input.tokens.count - 1 { position += 1 }
    if mode == .grouped { skipNewlines() }
  }

  mutating func skipNewlines() {
    while kind == .newline { position += 1 }
  }

  /// Passes an operator, a comma or `=`, and the line breaks that may follow one.
  mutating func advanceOverLine() {
    advance()
    skipNewlines()
  }

  /// Whether the token here is the keyword.
  func isKeyword(_ keyword: Keyword) -> Bool {
    kind == .keyword && token.detail == keyword.rawValue
  }

  func isKeyword(_ keyword: Keyword, at index: Int) -> Bool {
    input.tokens[index].kind == .keyword && input.tokens[index].detail == keyword.rawValue
  }

  /// Goes inside brackets of the kind that `mode` says; the mode outside is returned, for the way back.
  mutating func enter(_ mode: Mode) -> Mode {
    defer { self.mode = mode }
    return self.mode
  }

  /// Goes one level deeper, which is refused where it is too deep; `depth` goes back up at the level's end.
  mutating func descend() throws(Diagnostic) {
    guard depth < input.limits.nesting, stack.hasRoom else { throw tooDeep() }
    depth += 1
  }
}
