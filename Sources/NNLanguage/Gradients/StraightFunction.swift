import NNCore

/// Tells whether a function of the user is straight lines, so that training may lay it out as a plan instead of
/// calling it for every batch.
///
/// What it computes from params is on the tape, operation by operation. What it computes from a batch's data alone is
/// there only where one elementwise operator does it, as the `1 - Y` of a cost; anything else would stay what it was
/// for the first batch. What it reads from outside stays what it is while a network trains.
struct StraightFunction {
  /// What a value depends on.
  enum Kind {
    case constant
    /// The batch, but no param.
    case data
    /// Params.
    case tracked
  }

  /// What functions read and call of the top level.
  struct Outer {
    var reads: Set<String> = []
    var functions: Set<String> = []
  }

  private let machine: Machine
  private let code: Code
  private let depth: Int
  private let stack = StackGuard()
  private var locals: [String: Kind] = [:]
  private(set) var outer = Outer()

  /// The kind of a function's result; nil where it branches, or does more than compute.
  static func result(of function: Function, _ arguments: [Kind], _ machine: Machine) -> Kind? {
    guard case .user(let code) = function.body else { return function.operation == nil ? nil : .tracked }
    return walk(code, arguments, machine)?.kind
  }

  /// The same for code, with what it reads of the top level.
  static func walk(
    _ code: Code, _ arguments: [Kind], _ machine: Machine, depth: Int = 0
  ) -> (kind: Kind, outer: Outer)? {
    guard depth < 8, !machine.hasShadowedBuiltins, code.parameters.count == arguments.count,
      // Branches are no statements of their own, but they leave jumps in the code.
      code.nodes.indices.allSatisfy({ code[$0].opcode.isStraight })
    else { return nil }
    var walk = StraightFunction(machine: machine, code: code, depth: depth)
    for (parameter, kind) in zip(code.parameters, arguments) { walk.locals[parameter.name] = kind }
    return walk.run().map { ($0, walk.outer) }
  }

  private init(machine: Machine, code: Code, depth: Int) {
    (self.machine, self.code, self.depth) = (machine, code, depth)
  }

  private var tree: SyntaxTree { code.tree }

  private mutating func run() -> Kind? {
    for statement in code.statements {
      let node = statement.node
      if tree.kind(node).isExpression { return kind(of: node) }
      switch tree.statement(node) {
      case .assign(let target, let value) where tree.kind(target) == .name:
        guard let id = tree.nameID(target), let kind = kind(of: value) else { return nil }
        // Data under another name is still data; data computed anew would be the first batch's for ever.
        if kind == .data, tree.kind(value) != .name { return nil }
        locals[tree.name(id)] = kind
      case .return(let values) where values.count == 1: return kind(of: values[values.startIndex])
      default: return nil
      }
    }
    return nil
  }

  private mutating func kind(of node: NodeID) -> Kind? {
    switch tree.expression(node) {
    case .number: return .constant
    case .name(let id):
      let name = tree.name(id)
      if let kind = locals[name] { return kind }
      if code.localNames.contains(name) { return nil }
      outer.reads.insert(name)
      return .constant
    case .unary(.plus, _): return nil
    case .unary(_, let operand), .transpose(let operand): return kind(ofOperation: [operand])
    case .binary(let operation, let left, let right):
      guard StraightLine.isArithmetic(operation), stack.hasRoom else { return nil }
      if operation == .power, !StraightLine.isLiteral(right, tree) { return nil }
      if isNoted(node) { return .data }
      return kind(ofOperation: [left, right])
    case .call(let callee, let arguments): return kind(ofCall: callee, arguments)
    default: return nil
    }
  }

  /// The kind of an operation's result; nil where data that the tape does not see through goes in, or only data.
  private mutating func kind(ofOperation operands: [NodeID]) -> Kind? {
    var result = Kind.constant
    for operand in operands {
      guard let kind = kind(of: operand) else { return nil }
      if kind == .data, tree.kind(operand) != .name, !isNoted(operand) { return nil }
      if kind == .tracked || result == .constant { result = kind }
    }
    return result == .data ? nil : result
  }

  /// Whether an expression is one elementwise operator on data under a name and a name or number: the tape keeps how
  /// that was computed.
  private func isNoted(_ node: NodeID) -> Bool {
    guard case .binary(let operation, let left, let right) = tree.expression(node),
      operation.elementwiseOperation != nil
    else { return false }
    if operation == .multiply, !isNumber(left), !isNumber(right) { return false }
    return (isData(left) || isData(right)) && [left, right].allSatisfy { isData($0) || isNumber($0) }
  }

  private func isData(_ node: NodeID) -> Bool {
    tree.kind(node) == .name && tree.nameID(node).map { locals[tree.name($0)] == .data } == true
  }

  private func isNumber(_ node: NodeID) -> Bool { StraightLine.isLiteral(node, tree) }

  private mutating func kind(ofCall callee: NodeID, _ arguments: NodeList) -> Kind? {
    if let operands = StraightLine.operands(of: callee, arguments, tree) {
      return kind(ofOperation: operands)
    }
    guard tree.kind(callee) == .name, let id = tree.nameID(callee),
      !code.localNames.contains(tree.name(id)),
      case .function(let function)? = machine.globals.value(of: tree.name(id)),
      case .user(let called) = function.body, arguments.allSatisfy({ tree.argument($0).name == nil })
    else { return nil }
    var kinds: [Kind] = []
    for argument in arguments {
      let value = tree.argument(argument).value
      guard let kind = kind(of: value), kind != .data || tree.kind(value) == .name else { return nil }
      kinds.append(kind)
    }
    guard let result = Self.walk(called, kinds, machine, depth: depth + 1), result.kind != .data else {
      return nil
    }
    outer.reads.formUnion(result.outer.reads)
    outer.functions.formUnion(result.outer.functions)
    outer.functions.insert(tree.name(id))
    return result.kind
  }
}
