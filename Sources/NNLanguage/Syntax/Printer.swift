/// Writes a syntax tree as source text in the canonical style: `W2'*dZ2 .* (1 - A1.^2)`.
///
/// Parsing what is printed gives the same tree. The user's own parentheses and number spellings are kept, further
/// parentheses stand only where they are needed. A stack of pieces of its own keeps it from recursing.
package struct Printer {
  let tree: SyntaxTree
  private var output = ""
  private var pending: [Piece] = []

  /// What is still to be written.
  enum Piece {
    case text(String)
    case expression(NodeID, Context)
    case statement(NodeID, indent: Int)
  }

  /// What an expression must respect where it stands.
  struct Context {
    /// An expression that binds less tightly is put in parentheses.
    var minimum = Precedence.lambda
    /// No blanks around operators: the parts of a range.
    var isTight = false
    /// A range needs parentheses: the `:` would begin a format.
    var isInSlot = false

    func needing(_ minimum: Precedence) -> Context {
      Context(minimum: minimum, isTight: isTight, isInSlot: isInSlot)
    }
  }

  init(_ tree: SyntaxTree) { self.tree = tree }

  /// The text of a node: an expression, a statement, or a whole program.
  package static func text(_ node: NodeID, in tree: SyntaxTree) -> String {
    var printer = Printer(tree)
    printer.pending = [
      tree.kind(node).isStatement ? .statement(node, indent: 0) : .expression(node, Context())
    ]
    if node == tree.root, tree.kind(node) == .block { printer.pending = printer.program(node) }
    return printer.run()
  }

  private mutating func run() -> String {
    while let piece = pending.popLast() {
      switch piece {
      case .text(let text): output += text
      case .expression(let node, let context): push(pieces(node, context))
      case .statement(let node, let indent): push(statement(node, indent))
      }
    }
    return output
  }

  private mutating func push(_ pieces: [Piece]) { pending.append(contentsOf: pieces.reversed()) }

  /// The top-level statements, a `;` behind those that hide their value.
  private func program(_ block: NodeID) -> [Piece] {
    let pieces = tree.children(block).flatMap { statement -> [Piece] in
      let isHidden = tree.kind(statement).canEcho && !tree.echoes(statement)
      return [.statement(statement, indent: 0), .text(isHidden ? ";\n" : "\n")]
    }
    return pieces.reversed()
  }
}

extension SyntaxTree {
  /// The source text of a node in the canonical style.
  package func printed(_ node: NodeID) -> String { Printer.text(node, in: self) }
  /// The source text of the whole.
  package func printed() -> String { printed(root) }
}

extension SyntaxTree: CustomStringConvertible {
  package var description: String { root.rawValue < 0 ? "" : printed() }
}

extension NodeKind {
  /// Whether a statement of the kind has a value to show.
  package var canEcho: Bool {
    switch self {
    case .expression, .assign, .compoundAssign, .multiAssign, .param: true
    default: false
    }
  }
}
