/// A hand-written line that calls one of the user's functions, taken apart into the lines of that function: many
/// courses put the backward pass in one, and a mistake is in a line of it.
///
/// Only functions without branches and loops are taken apart. Their parameters become what they were called with;
/// their own variables keep their names, but for those that would hide others.
struct Inlining {
  /// The lines in the order they run.
  private(set) var lines: [CheckProblem.Line] = []
  private let code: Code
  private let call: CheckProblem.Line
  private var names: [String: String] = [:]

  /// Nil where the line is no such call.
  ///
  /// - Parameters:
  ///   - taken: names that the function's own variables must not hide.
  ///   - isGradient: whether a name is that of a gradient of the cost, which stands for it in the function too.
  init?(
    _ line: CheckProblem.Line, functions: (String) -> Function?, taken: Set<String>,
    isGradient: (String) -> Bool
  ) {
    guard let (targets, callee, arguments) = Self.call(line), let function = functions(callee),
      case .user(let code) = function.body, function.captures.isEmpty,
      let (statements, results) = Self.body(code), results.count >= targets.count,
      arguments.count == code.parameters.count
    else { return nil }
    self.code = code
    call = line
    rename(results, to: targets, isGradient)
    bind(arguments, isGradient, taken)
    nameLocals(taken, targets, isGradient)
    for statement in statements { append(statement) }
    for (result, target) in zip(results, targets) { appendResult(result, target) }
    if lines.isEmpty { return nil }
  }

  /// Stands behind names that are the function's own, where others are called alike; never shown.
  static let mark: Character = "\u{1}"

  // MARK: What can be taken apart

  private static func call(_ line: CheckProblem.Line) -> (
    targets: [String], callee: String, arguments: [NodeID]
  )? {
    let tree = line.tree
    let value: NodeID
    switch tree.statement(line.node) {
    case .assign(_, let right), .multiAssign(_, let right): value = right
    default: return nil
    }
    guard case .call(let callee, let arguments) = tree.expression(value),
      case .name(let id) = tree.expression(callee), arguments.allSatisfy({ tree.argument($0).name == nil }),
      !line.names.targets.isEmpty
    else { return nil }
    return (line.names.targets, tree.name(id), arguments.map { tree.argument($0).value })
  }

  private static func body(_ code: Code) -> (statements: [NodeID], results: [NodeID])? {
    let tree = code.tree
    let count = tree.childCount(code.node)
    guard tree.kind(code.node) == .function || tree.kind(code.node) == .lambda, count > 0 else { return nil }
    let body = tree.child(code.node, count - 1)
    guard tree.kind(body) == .block else { return ([], [body]) }
    var statements = Array(tree.children(body))
    guard let last = statements.popLast(), case .return(let results) = tree.statement(last) else {
      return nil
    }
    let isStraight = statements.allSatisfy { statement in
      switch tree.kind(statement) {
      case .assign: tree.kind(tree.child(statement, 0)) == .name
      case .compoundAssign, .multiAssign: true
      default: false
      }
    }
    return isStraight ? (statements, Array(results)) : nil
  }

  // MARK: Names

  private func name(_ node: NodeID) -> String? {
    code.tree.kind(node) == .name ? code.tree.nameID(node).map(code.tree.name) : nil
  }

  /// A result that is one of the function's variables has the name it is given to.
  private mutating func rename(_ results: [NodeID], to targets: [String], _ isGradient: (String) -> Bool) {
    for (result, target) in zip(results, targets) {
      guard let name = name(result), names[name] == nil, !isGradient(name) || name == target else { continue }
      names[name] = target
    }
  }

  private mutating func bind(_ arguments: [NodeID], _ isGradient: (String) -> Bool, _ taken: Set<String>) {
    for (parameter, argument) in zip(code.parameters, arguments) {
      if call.tree.kind(argument) == .name, let id = call.tree.nameID(argument) {
        names[parameter.name] = call.tree.name(id)
      } else {
        let own = unused(parameter.name, taken)
        names[parameter.name] = own
        var builder = SyntaxBuilder()
        let target = builder.name(own)
        let value = builder.copy(argument, from: call.tree)
        append(builder.assign(target, value), builder, at: call.sourceLine)
      }
    }
  }

  private mutating func nameLocals(_ taken: Set<String>, _ targets: [String], _ isGradient: (String) -> Bool)
  {
    for local in code.localNames where names[local] == nil {
      names[local] = isGradient(local) || targets.contains(local) ? local : unused(local, taken)
    }
  }

  private func unused(_ name: String, _ taken: Set<String>) -> String {
    var name = name
    while taken.contains(name) || names.values.contains(name) { name.append(Self.mark) }
    return name
  }

  // MARK: Lines

  private mutating func append(_ statement: NodeID) {
    var builder = SyntaxBuilder()
    let copy = renamed(statement, &builder)
    append(copy, builder, at: code.tree.source.map { $0.line(of: code.tree.range(statement).start) })
  }

  private mutating func appendResult(_ result: NodeID, _ target: String) {
    if let name = name(result), names[name] == target { return }
    var builder = SyntaxBuilder()
    let left = builder.name(target)
    let value = renamed(result, &builder)
    append(
      builder.assign(left, value), builder,
      at: code.tree.source.map { $0.line(of: code.tree.range(result).start) })
  }

  private func renamed(_ node: NodeID, _ builder: inout SyntaxBuilder) -> NodeID {
    let tree = code.tree
    let names = names
    return builder.copy(node, from: tree) { node, builder in
      guard tree.kind(node) == .name, let id = tree.nameID(node), let other = names[tree.name(id)] else {
        return nil
      }
      return builder.name(other)
    }
  }

  private mutating func append(_ statement: NodeID, _ builder: SyntaxBuilder, at sourceLine: Int?) {
    var builder = builder
    let tree = builder.finish(statement)
    lines.append(
      CheckProblem.Line(
        tree: tree, node: statement, names: StatementNames(statement, in: tree),
        number: call.number + Int64(lines.count) + 1, file: code.tree.source?.name ?? "",
        sourceLine: sourceLine))
  }
}
