/// The right side of a hand-written line, in a form that is easy to take apart and put together otherwise.
indirect enum LineFormula: Hashable {
  case number(Double)
  case name(String)
  case unary(UnaryOperator, LineFormula)
  case binary(BinaryOperator, LineFormula, LineFormula)
  case transpose(LineFormula)
  /// A call of a function by its name; arguments may have names.
  case call(String, [Argument])
  /// Any other expression, taken as it is: its place in `LineReader.others`.
  case other(Int)

  struct Argument: Hashable {
    var name: String?
    var value: LineFormula
  }

  /// How many parts it has.
  var size: Int {
    switch self {
    case .number, .name, .other: 1
    case .unary(_, let operand), .transpose(let operand): operand.size + 1
    case .binary(_, let left, let right): left.size + right.size + 1
    case .call(_, let arguments): arguments.reduce(1) { $0 + $1.value.size }
    }
  }

  /// The names of variables in it.
  var names: Set<String> {
    switch self {
    case .number, .other: []
    case .name(let name): [name]
    case .unary(_, let operand), .transpose(let operand): operand.names
    case .binary(_, let left, let right): left.names.union(right.names)
    case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.value.names) }
    }
  }

  /// How often a variable stands in it.
  func count(of other: String) -> Int {
    switch self {
    case .number, .other: 0
    case .name(let name): name == other ? 1 : 0
    case .unary(_, let operand), .transpose(let operand): operand.count(of: other)
    case .binary(_, let left, let right): left.count(of: other) + right.count(of: other)
    case .call(_, let arguments): arguments.reduce(0) { $0 + $1.value.count(of: other) }
    }
  }

  /// The same with one variable in place of another.
  func replacing(_ name: String, with other: String) -> LineFormula {
    switch self {
    case .name(name): .name(other)
    case .number, .other, .name: self
    case .unary(let operation, let operand): .unary(operation, operand.replacing(name, with: other))
    case .transpose(let operand): .transpose(operand.replacing(name, with: other))
    case .binary(let operation, let left, let right):
      .binary(operation, left.replacing(name, with: other), right.replacing(name, with: other))
    case .call(let function, let arguments):
      .call(
        function,
        arguments.map { Argument(name: $0.name, value: $0.value.replacing(name, with: other)) })
    }
  }

  /// How many transpose marks are in it.
  var transposes: Int {
    switch self {
    case .number, .name, .other: 0
    case .transpose(let operand): operand.transposes + 1
    case .unary(_, let operand): operand.transposes
    case .binary(_, let left, let right): left.transposes + right.transposes
    case .call(_, let arguments): arguments.reduce(0) { $0 + $1.value.transposes }
    }
  }

  /// The transposed expression in its simplest form: `(A*B)'` is `B'*A'`, `A''` is A.
  var transposed: LineFormula {
    switch self {
    case .number: self
    case .transpose(let operand): operand
    case .binary(.multiply, let left, let right): .binary(.multiply, right.transposed, left.transposed)
    case .binary(let operation, let left, let right) where operation.commutesWithTranspose:
      .binary(operation, left.transposed, right.transposed)
    case .unary(let operation, let operand): .unary(operation, operand.transposed)
    default: .transpose(self)
    }
  }
}

extension BinaryOperator {
  /// Whether transposing both operands transposes the result.
  var commutesWithTranspose: Bool {
    switch self {
    case .add, .subtract, .elementMultiply, .elementDivide: true
    default: false
    }
  }
}

/// Formulas out of syntax trees and back.
struct LineReader {
  let tree: SyntaxTree
  /// Expressions that stay as they are.
  private(set) var others: [NodeID] = []
  /// Deeper expressions are taken as they are.
  private static let depthLimit = 60

  init(_ tree: SyntaxTree) { self.tree = tree }

  mutating func formula(_ node: NodeID, depth: Int = 0) -> LineFormula {
    guard depth < Self.depthLimit else { return other(node) }
    switch tree.expression(node) {
    case .number(let number): return .number(number)
    case .name(let id): return .name(tree.name(id))
    case .unary(let operation, let operand): return .unary(operation, formula(operand, depth: depth + 1))
    case .transpose(let operand): return .transpose(formula(operand, depth: depth + 1))
    case .binary(let operation, let left, let right):
      return .binary(operation, formula(left, depth: depth + 1), formula(right, depth: depth + 1))
    case .call(let callee, let arguments):
      guard case .name(let id) = tree.expression(callee) else { return other(node) }
      return .call(
        tree.name(id),
        arguments.map { argument in
          let (name, value) = tree.argument(argument)
          return LineFormula.Argument(name: name.map(tree.name), value: formula(value, depth: depth + 1))
        })
    default: return other(node)
    }
  }

  private mutating func other(_ node: NodeID) -> LineFormula {
    others.append(node)
    return .other(others.count - 1)
  }

  /// A formula as nodes of a tree that is being built.
  ///
  /// - Parameter literals: numbers of the text that are replaced.
  func build(_ formula: LineFormula, _ literals: [Double: Double], _ builder: inout SyntaxBuilder) -> NodeID {
    switch formula {
    case .number(let number): return builder.number(literals[number] ?? number)
    case .name(let name): return builder.name(name)
    case .unary(let operation, let operand):
      let node = build(operand, literals, &builder)
      return builder.unary(operation, node)
    case .transpose(let operand):
      let node = build(operand, literals, &builder)
      return builder.transpose(node)
    case .binary(let operation, let left, let right):
      let (a, b) = (build(left, literals, &builder), build(right, literals, &builder))
      return builder.binary(operation, a, b)
    case .call(let name, let arguments):
      let callee = builder.name(name)
      var nodes: [NodeID] = []
      for argument in arguments {
        let value = build(argument.value, literals, &builder)
        nodes.append(builder.argument(value, named: argument.name))
      }
      return builder.call(callee, nodes)
    case .other(let place): return builder.copy(others[place], from: tree)
    }
  }

  /// The formula as source text.
  func text(_ formula: LineFormula) -> String {
    var builder = SyntaxBuilder()
    let node = build(formula, [:], &builder)
    return builder.finish(node).printed()
  }
}
