import NNCore

/// What `check` looks at: how J is computed, the gradients the user wrote for it, and what both read.
struct CheckProblem {
  /// A statement that can be run again elsewhere.
  struct Line {
    let tree: SyntaxTree
    let node: NodeID
    let names: StatementNames
    /// The order of the program; lines of one statement follow each other.
    let number: Int64
    /// Where it stands; line 0 is nowhere.
    let file: String
    let sourceLine: Int

    init(
      tree: SyntaxTree, node: NodeID, names: StatementNames, number: Int64, file: String, sourceLine: Int?
    ) {
      self.tree = tree
      self.node = node
      self.names = names
      self.number = number
      self.file = file
      self.sourceLine = sourceLine ?? 0
    }

    /// - Parameter statement: its number in the interpreter.
    init(_ tree: SyntaxTree, _ node: NodeID, statement: Int32) {
      self.init(
        tree: tree, node: node, names: StatementNames(node, in: tree), number: Int64(statement) << 16,
        file: tree.source?.name ?? "", sourceLine: tree.source.map { $0.line(of: tree.range(node).start) })
    }

    /// Its number in the interpreter.
    var statement: Int32 { Int32(truncatingIfNeeded: number >> 16) }

    /// The numbers written in it.
    var numbers: [Double] {
      var numbers: [Double] = []
      var pending = [node]
      while let node = pending.popLast() {
        if tree.kind(node) == .number, case .number(let number) = tree.expression(node) {
          numbers.append(number)
        }
        pending += tree.children(node)
      }
      return numbers
    }

    /// The functions it calls by name.
    var calls: [String] { names.reads.filter { Builtins.index(of: $0) != nil } }

    /// The statement in the canonical style.
    var text: String { tree.printed(node) }
  }

  /// A gradient that the user wrote.
  struct Hand {
    /// The variable it is the gradient of.
    let variable: String
    /// The statements that make it: the last assigned it, those before are what that one went on from.
    let lines: [Line]
    let isParam: Bool

    var gradient: String { GradientName.of(variable) }
  }

  let cost: String
  /// The statements that compute the cost from params, in order.
  var forward: [Line] = []
  /// The params that they read.
  var params: [String] = []
  /// In the order of the program.
  var hands: [Hand] = []
  /// How the variables are made that hand-written lines read besides: `delta = A2 - Y`.
  var helpers: [String: [Line]] = [:]
  /// Everything else that is read: the data.
  var inputs: [String: Value] = [:]
  /// The user's functions that are called, their own calls included.
  var functions: [String: Function] = [:]
  /// Gradients of a network by the names that the program gives them: `dW1` for `net.dW1`.
  var aliases: [String: String] = [:]

  /// The variables that the cost depends on and that can have gradients.
  var variables: Set<String> { Set(forward.flatMap(\.names.targets)).union(params) }

  /// The forward statement that computes a variable.
  func definition(of variable: String) -> Line? { forward.last { $0.names.targets.contains(variable) } }

  /// The forward statements that read a variable: what its gradient must answer to.
  func readers(of variable: String) -> [Line] { forward.filter { $0.names.reads.contains(variable) } }
}

extension Machine {
  /// Gathers what `check(J)` needs to know.
  ///
  /// - Throws: where J is not computed from params by statements that can be run again.
  func checkProblem(_ cost: VariableReference) throws(Diagnostic) -> CheckProblem {
    let scope = cost.scope
    var problem = CheckProblem(cost: cost.name)
    var networks = NetworkLines(self, scope == .global ? [.global] : [scope, .global])
    for number in try slice(of: cost) {
      guard let line = line(number) else { continue }
      problem.forward += try networks.lines(line)
    }
    var gatherer = CheckGatherer(machine: self, scope: scope, problem: problem, networks: networks)
    gatherer.gather()
    return gatherer.problem
  }

  /// A statement by its number.
  func line(_ number: Int32) -> CheckProblem.Line? {
    guard let code = code(of: number) else { return nil }
    let node = code.statements[Int(number) - code.firstStatement].node
    return CheckProblem.Line(code.tree, node, statement: number)
  }

  private func code(of number: Int32) -> Code? {
    if let code = tracking.sources[number] { return code }
    return statementNumbers.code(of: number)
  }
}

/// Follows names from the statements of a cost and of its gradients to everything they need.
private struct CheckGatherer {
  let machine: Machine
  let scope: Machine.Scope
  var problem: CheckProblem
  private var networks: NetworkLines
  private var known: Set<String> = []

  init(machine: Machine, scope: Machine.Scope, problem: CheckProblem, networks: NetworkLines) {
    self.machine = machine
    self.scope = scope
    self.problem = problem
    self.networks = networks
  }

  private var scopes: [Machine.Scope] { scope == .global ? [.global] : [scope, .global] }

  mutating func gather() {
    let computed = Set(problem.forward.flatMap(\.names.targets))
    for line in problem.forward {
      for name in line.names.reads where !computed.contains(name) { follow(name) }
    }
    let (machine, scopes) = (machine, scopes)
    networks.findAliases(problem.variables) { machine.variable($0, in: scopes) != nil }
    problem.aliases = networks.aliases
    findHands()
    for hand in problem.hands {
      for line in hand.lines { follow(line.names.reads, beside: computed) }
    }
  }

  private func line(_ number: Int32) -> CheckProblem.Line? { machine.line(number).map(networks.plain) }

  // MARK: Gradients written by hand

  private mutating func findHands() {
    let variables = problem.variables
    var calls: [Int64: Inlining] = [:]
    var assigned = networks.hands
    for reference in machine.variables(of: scope) {
      let name = networks.aliases[reference.name] ?? reference.name
      guard let variable = GradientName.variable(of: name),
        let note = machine.existingNote(of: reference)?.pointee, note.handStatement >= 0
      else { continue }
      assigned.append((variable, note.handStatement))
    }
    for (variable, statement) in assigned where variables.contains(variable) {
      guard let line = line(statement) else { continue }
      let lines = chain(line, of: GradientName.of(variable))
      if lines.count == 1, let inlining = calls[line.number] ?? inlined(line) {
        calls[line.number] = inlining
      } else {
        add(lines, variable)
      }
    }
    for (_, inlining) in calls.sorted(by: { $0.key < $1.key }) { add(inlining) }
    problem.hands.sort { ($0.lines.last?.number ?? 0) < ($1.lines.last?.number ?? 0) }
  }

  private mutating func add(_ lines: [CheckProblem.Line], _ variable: String) {
    // A number such as `dx = 1e-5` is no gradient.
    guard lines.contains(where: { !$0.names.reads.isEmpty }) else { return }
    problem.hands.append(
      CheckProblem.Hand(variable: variable, lines: lines, isParam: problem.params.contains(variable)))
  }

  private func inlined(_ line: CheckProblem.Line) -> Inlining? {
    let machine = machine
    let (scopes, variables) = (scopes, problem.variables)
    return Inlining(
      line,
      functions: { name in
        guard let variable = machine.variable(name, in: scopes),
          case .function(let function) = machine.place(of: variable).pointee
        else { return nil }
        return function
      },
      taken: Set(machine.variables(of: scope).map(\.name)).union(variables),
      isGradient: { GradientName.variable(of: $0).map(variables.contains) ?? false })
  }

  /// The lines of a function: its gradients are judged like any others, what else it computes helps.
  private mutating func add(_ inlining: Inlining) {
    var made: [String: [CheckProblem.Line]] = [:]
    for line in inlining.lines {
      for target in line.names.targets {
        made[target] = (line.names.goesOn(from: target) ? made[target] ?? [] : []) + [line]
      }
    }
    for (target, lines) in made.sorted(by: { $0.key < $1.key }) {
      if let variable = GradientName.variable(of: target), problem.variables.contains(variable) {
        add(lines, variable)
      } else {
        problem.helpers[target] = lines
        known.insert(target)
      }
    }
    for line in inlining.lines {
      follow(line.names.reads, beside: Set(problem.forward.flatMap(\.names.targets)))
    }
  }

  /// The statements that a variable's value came from, as long as each went on from the one before.
  private func chain(_ last: CheckProblem.Line, of name: String) -> [CheckProblem.Line] {
    var lines = [last]
    while let first = lines.first, first.names.goesOn(from: name), lines.count < 32,
      let number = machine.tracking.definitions.before(first.statement),
      !lines.contains(where: { $0.statement == number }), let line = line(number)
    {
      lines.insert(line, at: 0)
    }
    return lines
  }

  // MARK: What is read

  private mutating func follow(_ names: [String], beside computed: Set<String>) {
    for name in names where !computed.contains(name) && !isGradient(name) { follow(name) }
  }

  private func isGradient(_ name: String) -> Bool {
    GradientName.variable(of: name).map(problem.variables.contains) ?? false
  }

  private mutating func follow(_ name: String) {
    guard known.insert(name).inserted else { return }
    if let value = networks.value(name) {
      if networks.isParam(name) { problem.params.append(name) }
      problem.inputs[name] = value
      return
    }
    if let function = networks.functions[name] { return follow(function, name) }
    guard let variable = machine.variable(name, in: scopes) else { return }
    let value = machine.place(of: variable).pointee
    let note = machine.existingNote(of: variable)?.pointee
    if note?.isParam == true {
      problem.params.append(name)
    } else if case .function(let function) = value {
      follow(function, name)
      return
    } else if let lines = helper(name, note) {
      problem.helpers[name] = lines
      let computed = Set(problem.forward.flatMap(\.names.targets))
      for line in lines { follow(line.names.reads, beside: computed) }
      return
    }
    problem.inputs[name] = value
  }

  private mutating func follow(_ function: Function, _ name: String) {
    guard case .user(let code) = function.body else { return }
    problem.functions[name] = function
    for name in code.tree.namesRead(by: code.node) { follow(name) }
  }

  /// The statements that make a variable, where its value follows from the cost's variables or their gradients.
  private func helper(_ name: String, _ note: VariableNote?) -> [CheckProblem.Line]? {
    guard let note, note.definition >= 0, let line = line(note.definition),
      note.slice == Slices.none || !problem.forward.contains(where: { $0.number == line.number })
    else { return nil }
    let lines = chain(line, of: name)
    var pending = lines.flatMap(\.names.reads)
    var seen: Set<String> = [name]
    let variables = problem.variables
    while let read = pending.popLast() {
      guard seen.insert(read).inserted else { continue }
      if variables.contains(read) || isGradient(read) { return lines }
      guard let variable = machine.variable(read, in: scopes),
        let definition = machine.existingNote(of: variable)?.pointee.definition, definition >= 0,
        let line = self.line(definition)
      else { continue }
      pending += chain(line, of: read).flatMap(\.names.reads)
    }
    return nil
  }
}
