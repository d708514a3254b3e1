import NNCore

/// What a statement of the top level reads and assigns, if it is a straight line: one variable set to arithmetic,
/// products and other operations of the graph on variables and literals, or to calls of functions made of such lines.
/// Run again with values of the same shapes, such a statement records the same operations whatever the numbers are.
struct StraightLine {
  let target: String
  private(set) var reads: Set<String> = []
  /// The functions that it calls and that are no operations.
  private(set) var calls: Set<String> = []

  /// - Returns: nil where the statement branches, subscripts, or reads shapes or settings from variables; where it
  ///   only gives a value another name.
  init?(_ statement: NodeID, in tree: SyntaxTree) {
    let name: NodeID
    let value: NodeID
    switch tree.statement(statement) {
    case .assign(let place, let expression): (name, value) = (place, expression)
    case .compoundAssign(let operation, let place, let expression):
      guard Self.isArithmetic(operation) else { return nil }
      (name, value) = (place, expression)
    default: return nil
    }
    guard tree.kind(name) == .name, let id = tree.nameID(name) else { return nil }
    target = tree.name(id)
    if tree.kind(statement) == .compoundAssign {
      reads.insert(target)
    } else if tree.kind(value) == .name {
      return nil
    }
    guard read(value, in: tree) else { return nil }
  }

  /// Walks an expression; false where it is more than a straight line.
  private mutating func read(_ root: NodeID, in tree: SyntaxTree) -> Bool {
    var pending = [root]
    while let node = pending.popLast() {
      switch tree.expression(node) {
      case .number: break
      case .name(let id): reads.insert(tree.name(id))
      case .unary(.plus, _): return false
      case .unary(_, let operand), .transpose(let operand): pending.append(operand)
      case .binary(let operation, let left, let right):
        guard Self.isArithmetic(operation) else { return false }
        // The power of a matrix is a setting of its operation, not an operand.
        if operation == .power, !Self.isLiteral(right, tree) { return false }
        pending.append(left)
        pending.append(right)
      case .call(let callee, let arguments):
        if let operands = Self.operands(of: callee, arguments, tree) {
          pending += operands
        } else {
          guard tree.kind(callee) == .name, let id = tree.nameID(callee) else { return false }
          calls.insert(tree.name(id))
          pending += arguments.map { tree.argument($0).value }
        }
      default: return false
      }
    }
    return true
  }

  static func isArithmetic(_ operation: BinaryOperator) -> Bool {
    switch operation {
    case .and, .or, .leftDivide: false
    default: true
    }
  }

  static func isLiteral(_ node: NodeID, _ tree: SyntaxTree) -> Bool {
    switch tree.expression(node) {
    case .number: true
    case .unary(.minus, let operand): tree.kind(operand) == .number
    default: false
    }
  }

  /// The operands of a call; nil where it is no operation of the graph, or a dimension is not written out.
  static func operands(of callee: NodeID, _ arguments: NodeList, _ tree: SyntaxTree) -> [NodeID]? {
    guard tree.kind(callee) == .name, let id = tree.nameID(callee),
      let index = Builtins.index(of: tree.name(id)), Builtins.table[index].isOperation
    else { return nil }
    let parameters = Builtins.table[index].parameters
    var operands: [NodeID] = []
    for (position, argument) in arguments.enumerated() {
      let (name, value) = tree.argument(argument)
      let parameter = name.map(tree.name) ?? (position < parameters.count ? parameters[position].name : "")
      if parameter != "dim" {
        operands.append(value)
      } else if !isLiteral(value, tree) {
        return nil
      }
    }
    return operands
  }
}

extension Builtin {
  /// Whether a call comes down to an operation of the graph on its arguments, a dimension apart.
  fileprivate var isOperation: Bool {
    switch group {
    case .elementwise, .activations, .costs, .reductions: true
    default: false
    }
  }
}
