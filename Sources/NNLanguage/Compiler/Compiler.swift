import NNCore

/// Turns a syntax tree into code for the machine: names become registers, globals or captures; numbers fold.
struct Compiler {
  let tree: SyntaxTree
  let globals: Globals
  /// Whether assignments show their values and expressions set `ans`, as at the prompt.
  let isInteractive: Bool
  var scope: FunctionScope
  let numbers: StatementNumbers
  /// Whether a name in the source is that of a gradient, `dV` where V is a name too: then hand-written gradients may
  /// be checked.
  let assignsGradients: Bool
  /// The jump over the latest call that a replay may answer.
  var answeredCall: Int?
  /// The names in the statement that was asked for last.
  var latestNames: (node: NodeID, names: StatementNames)?
  /// What `end` means in the subscripts around: the value, the position and how many there are.
  var endStack: [(base: Place, position: Int, count: Int)] = []

  /// Compiles the statements of `tree` for the top level.
  ///
  /// - Parameters:
  ///   - statement: the only one to compile; nil for all.
  ///   - numbers: gives out the numbers of statements.
  /// - Throws: what can be told without running: `break` outside a loop, a misused name.
  static func compile(
    _ tree: SyntaxTree, statement: NodeID? = nil, name: String, globals: Globals, isInteractive: Bool,
    numbers: StatementNumbers
  ) throws(Diagnostic) -> Code {
    try piece(
      tree, [statement ?? tree.root], name: name, globals: globals, isInteractive: isInteractive,
      numbers: numbers
    ).code(numbers)
  }

  /// Compiles a whole program, in pieces of which each but the last ends with an `include`: a piece is numbered when
  /// its turn has come, so that the numbers of statements follow each other as the statements do.
  ///
  /// - Throws: as `compile`, for the whole program before any of it runs.
  static func pieces(
    _ tree: SyntaxTree, name: String, globals: Globals, isInteractive: Bool, numbers: StatementNumbers
  ) throws(Diagnostic) -> [Piece] {
    var groups: [[NodeID]] = [[]]
    if tree.includesFiles {
      // The whole may be one statement too.
      let statements = tree.kind(tree.root) == .block ? Array(tree.children(tree.root)) : [tree.root]
      for statement in statements {
        groups[groups.count - 1].append(statement)
        if tree.includesFiles(in: statement) { groups.append([]) }
      }
    } else {
      groups = [[tree.root]]
    }
    return try groups.map { statements throws(Diagnostic) in
      try piece(
        tree, statements, name: name, globals: globals, isInteractive: isInteractive, numbers: numbers)
    }
  }

  private static func piece(
    _ tree: SyntaxTree, _ statements: [NodeID], name: String, globals: Globals, isInteractive: Bool,
    numbers: StatementNumbers
  ) throws(Diagnostic) -> Piece {
    let scope = FunctionScope(name: name, parent: nil, locals: nil)
    var compiler = Compiler(
      tree: tree, globals: globals, isInteractive: isInteractive, scope: scope, numbers: numbers,
      assignsGradients: tree.includesFiles || tree.namesGradients)
    for statement in statements { try compiler.compileStatement(statement) }
    compiler.emit(.halt, at: tree.root)
    scope.draft.content.node = tree.root
    return Piece(draft: scope.draft, tree: tree)
  }

  /// Code of the top level whose statements have no numbers yet.
  struct Piece {
    fileprivate let draft: CodeDraft
    fileprivate let tree: SyntaxTree

    func code(_ numbers: StatementNumbers) -> Code {
      var draft = draft
      draft.firstStatement = numbers.takeTopLevel(draft.statements.count)
      return numbers.register(Code(draft, tree: tree))
    }
  }
}

extension SyntaxTree {
  /// Whether an `include` stands in it anywhere.
  fileprivate var includesFiles: Bool { nodes.contains { $0.kind == .include } }

  fileprivate func includesFiles(in statement: NodeID) -> Bool {
    var pending = [statement]
    while let node = pending.popLast() {
      if kind(node) == .include { return true }
      pending.append(contentsOf: children(node))
    }
    return false
  }
}

// MARK: Emitting

extension Compiler {
  /// Appends an instruction; returns its number.
  @discardableResult
  mutating func emit(
    _ opcode: Opcode, setting: Int = 0, _ a: Place = .none, _ b: Place = .none, _ c: Place = .none,
    at node: NodeID
  ) -> Int {
    scope.draft.instructions.append(Instruction(opcode, setting: setting, a, b, c))
    scope.draft.nodes.append(node)
    return scope.draft.instructions.count - 1
  }

  var here: Int { scope.draft.instructions.count }

  enum JumpOperand { case a, b, c }

  /// Makes the jump at `instruction` land here.
  mutating func patch(_ instruction: Int, _ operand: JumpOperand) {
    let target = Place.plain(here)
    switch operand {
    case .a: scope.draft.instructions[instruction].a = target
    case .b: scope.draft.instructions[instruction].b = target
    case .c: scope.draft.instructions[instruction].c = target
    }
  }

  /// The place of a number of the source text.
  mutating func constant(_ number: Scalar) -> Place {
    if let index = knownNumber(number) { return .constant(index) }
    scope.draft.numbers.append(number)
    return .constant(scope.draft.numbers.count - 1)
  }

  /// The index of a constant that is no number.
  mutating func constantIndex(_ value: Value) -> Int {
    scope.draft.content.constants.append(value)
    return scope.draft.content.constants.count - 1
  }

  // Recent constants are looked through so that `x*2 + y*2` keeps one; a long list of numbers is not searched
  // from end to end for each.
  private func knownNumber(_ number: Scalar) -> Int? {
    scope.draft.numbers.indices.suffix(16).last {
      scope.draft.numbers[$0].bitPattern == number.bitPattern
    }
  }

  mutating func string(_ text: String) -> Int {
    if let index = scope.draft.stringIndices[text] { return index }
    scope.draft.content.strings.append(text)
    scope.draft.stringIndices[text] = scope.draft.content.strings.count - 1
    return scope.draft.content.strings.count - 1
  }

  func fail(_ message: String, at node: NodeID, hint: String? = nil) -> Diagnostic {
    Diagnostic(.error, message).located(at: tree.range(node), in: tree.source).hinting(hint)
  }
}

// MARK: Variables

/// Where a name's value lives.
enum Variable {
  case register(Int)
  /// A register that holds a cell, since an inner function reads the variable.
  case cell(Int)
  /// A variable of a function further out, by its place among the captures.
  case capture(Int)
  case global(Int)
}

extension Compiler {
  /// The variable that `name` means here; reading one that nobody assigned yet is found out when it runs.
  func variable(_ name: String) -> Variable {
    if let register = scope.register(of: name) {
      return scope.captured.contains(name) ? .cell(register) : .register(register)
    }
    if let index = scope.capture(name) { return .capture(index) }
    return .global(globals.slot(of: name))
  }

  func name(_ node: NodeID) -> String { tree.nameID(node).map(tree.name) ?? "" }
}

/// Gives every statement a number of its own: those of the top level in the order they were written, and those of
/// functions, apart from them, so that a number tells which of the two a statement is.
final class StatementNumbers {
  static let topLevel: ClosedRange<Int32> = 0...(1 << 30 - 1)
  private var nextTopLevel = 0
  private var nextInFunctions = 1 << 30

  /// The first of `count` numbers for the top level.
  func takeTopLevel(_ count: Int) -> Int {
    defer { nextTopLevel += count }
    return nextTopLevel
  }

  /// The first of `count` numbers for a function.
  func takeInFunctions(_ count: Int) -> Int {
    defer { nextInFunctions += count }
    return nextInFunctions
  }

  // MARK: Whose a number is

  /// Not a weak reference: those make every retain and release of the code slow. Code that ends says so.
  private struct Entry {
    let first: Int32
    var code: Unmanaged<Code>?
  }

  /// The code there is, by its first number; that of the top level apart from functions.
  private var topLevel: [Entry] = []
  private var functions: [Entry] = []
  /// The count at which entries of code that is gone are dropped.
  private var nextCleaning = 1024

  /// Notes which code has just taken its numbers.
  func register(_ code: Code) -> Code {
    let entry = Entry(first: Int32(truncatingIfNeeded: code.firstStatement), code: .passUnretained(code))
    code.registry = self
    if code.isFunction { functions.append(entry) } else { topLevel.append(entry) }
    if topLevel.count + functions.count >= nextCleaning {
      topLevel.removeAll { $0.code == nil }
      functions.removeAll { $0.code == nil }
      nextCleaning = max(1024, 2 * (topLevel.count + functions.count))
    }
    return code
  }

  /// Code is about to be gone.
  func forget(_ code: Code) {
    let first = Int32(truncatingIfNeeded: code.firstStatement)
    // Code without statements shares its first number with what came next.
    func drop(_ entries: inout [Entry]) {
      var index = Self.count(of: entries, upTo: first) - 1
      while index >= 0, entries[index].first == first {
        if entries[index].code?.toOpaque() == Unmanaged.passUnretained(code).toOpaque() {
          entries[index].code = nil
        }
        index -= 1
      }
    }
    if code.isFunction { drop(&functions) } else { drop(&topLevel) }
  }

  /// The code that a statement stands in; nil for a number nobody has, and for code that is gone.
  func code(of statement: Int32) -> Code? {
    let entries = Self.topLevel.contains(statement) ? topLevel : functions
    let count = Self.count(of: entries, upTo: statement)
    guard count > 0, let code = entries[count - 1].code?.takeUnretainedValue(),
      Int(statement) < code.firstStatement + code.statements.count
    else { return nil }
    return code
  }

  /// How many entries begin at `number` or before.
  private static func count(of entries: [Entry], upTo number: Int32) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].first <= number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
