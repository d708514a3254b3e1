/// What came of parsing a source.
package enum ParseOutcome: Sendable {
  case complete(SyntaxTree)
  /// The text is a right beginning; the prompt asks for more, a file that ends so is wrong.
  case incomplete(Incomplete)
  /// The first errors, in the order of the text; never empty.
  case failed([Diagnostic])
}

/// What a right beginning still lacks.
package struct Incomplete: Sendable {
  package var expected: Expectation
  /// The error, should nothing follow.
  package var diagnostic: Diagnostic
}

/// What must follow at the end of a text that is a right beginning.
package enum Expectation: Hashable, Sendable {
  /// After an operator, a comma or `=`.
  case operand
  /// The bracket opened there by `(`, `[` or `{` is not closed.
  case closing(Character, opened: SourceRange)
  /// The string begun there is not closed.
  case string(opened: SourceRange)
  /// A `{ … }` after the head of a loop, condition or function.
  case block
}

extension ParseOutcome {
  /// The tree; for whoever has no use for a beginning, that is an error as well.
  ///
  /// - Throws: the first error.
  package func tree() throws(Diagnostic) -> SyntaxTree {
    switch self {
    case .complete(let tree): return tree
    case .incomplete(let incomplete): throw incomplete.diagnostic
    case .failed(let diagnostics): throw diagnostics[0]
    }
  }
}
