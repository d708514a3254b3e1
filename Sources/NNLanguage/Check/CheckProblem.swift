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
    /// Of a loop: the statements in it.
    var loop: ClosedRange<Int32>?
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

    /// The same with other names for variables.
    func renaming(_ others: [String: String]) -> Line {
      var builder = SyntaxBuilder()
      let copy = builder.copy(node, from: tree) { node, builder in
        guard tree.kind(node) == .name, let other = tree.nameID(node).flatMap({ others[tree.name($0)] })
        else {
          return nil
        }
        return builder.name(other)
      }
      return with(copy, builder)
    }

    /// Its number in the interpreter.
    var statement: Int32 { Int32(truncatingIfNeeded: number >> 16) }

    /// Whether it is the same statement, with the same names.
    func isSame(as other: Line) -> Bool { number == other.number && names.targets == other.names.targets }

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

    /// Whether it gives a variable a number of the text.
    var isNumber: Bool {
      guard case .assign(_, let value) = tree.statement(node) else { return false }
      if case .unary(_, let operand) = tree.expression(value) { return tree.kind(operand) == .number }
      return tree.kind(value) == .number
    }

    /// The names that stand in it as operands of arithmetic, and nowhere else.
    var operands: Set<String> {
      var operands: Set<String> = []
      var others: Set<String> = []
      var pending: [(node: NodeID, isOperand: Bool)] = [(node, false)]
      while let (node, isOperand) = pending.popLast() {
        if let id = tree.nameID(node), tree.kind(node) == .name {
          if isOperand { operands.insert(tree.name(id)) } else { others.insert(tree.name(id)) }
        }
        for (place, child) in tree.children(node).enumerated() {
          // What is assigned is no operand, nor is an exponent.
          if tree.kind(node) == .assign, place == 0 { continue }
          let isExponent = operation(node).map { $0 == .power || $0 == .elementPower } == true && place == 1
          pending.append((child, operation(node).map(StraightLine.isArithmetic) == true && !isExponent))
        }
      }
      return operands.subtracting(others)
    }

    /// The names that stand in what it divides by.
    var divisors: Set<String> {
      var divisors: Set<String> = []
      var pending = [node]
      while let node = pending.popLast() {
        pending += tree.children(node)
        guard let operation = operation(node), operation == .divide || operation == .elementDivide else {
          continue
        }
        divisors.formUnion(tree.namesRead(by: tree.child(node, 1)))
      }
      return divisors
    }

    private func operation(_ node: NodeID) -> BinaryOperator? {
      guard tree.kind(node) == .binary, case .binary(let operation, _, _) = tree.expression(node) else {
        return nil
      }
      return operation
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
    /// The statements that make it: the last assigned it, those before are what that one went on from. A loop that
    /// adds it up is one of them.
    let lines: [Line]
    let isParam: Bool
    /// The statement that is shown.
    let shown: Line
    /// Whether it is one round's of a loop that adds up others: no gradient of the whole cost.
    var isOfOneRound = false

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
  /// Variables whose value is a number of the text, from which no other data are made.
  var freeNumbers: Set<String> = []
  /// Names that the forward statements use for several values, each with a gradient of its own: what is assigned to
  /// their gradient's name is followed like any other variable.
  var reusedNames: Set<String> = []
  /// Gradients of a network by the names that the program gives them: `dW1` for `net.dW1`.
  var aliases: [String: String] = [:]

  /// The variables that the cost depends on and that can have gradients.
  var variables: Set<String> { Set(forward.flatMap(\.names.targets)).union(params) }

  /// Those of them whose gradients are judged.
  var differentiated: Set<String> { variables.subtracting(reusedNames) }

  /// Whether the lines speak of how many examples there are: else no gradient waits for its division by that.
  func speaks(ofCount count: Scalar) -> Bool {
    if !functions.isEmpty { return true }
    let lines = forward + hands.flatMap(\.lines) + helpers.values.joined()
    return lines.contains { line in
      !Self.counting.isDisjoint(with: line.calls)
        || line.numbers.contains { $0 == count || (1 / $0 - count).magnitude < 1e-9 }
        || line.names.reads.contains { name in
          inputs[name]?.number.map { $0 == count || (1 / $0 - count).magnitude < 1e-9 } ?? false
        }
    }
  }

  private static let counting: Set = [
    "bce", "crossentropy", "mse", "mean", "columns", "rows", "size", "numel", "length", "var", "std",
  ]

  /// The gradients written by hand, each after those that it reads, whichever line was entered last: who mends a line
  /// at the prompt enters it after its readers.
  var handsInOrderOfReading: [Hand] {
    let names = Set(hands.map(\.variable))
    let reads = hands.map { hand in
      HandProgram(hand, in: self).gradientsRead.intersection(names).subtracting([hand.variable])
    }
    var waiting = Array(hands.indices)
    var ordered: [Hand] = []
    var placed: Set<String> = []
    while !waiting.isEmpty {
      // Where some read each other, the order of the lines decides.
      let hand = hands[waiting.remove(at: waiting.firstIndex { reads[$0].isSubset(of: placed) } ?? 0)]
      placed.insert(hand.variable)
      ordered.append(hand)
    }
    return ordered
  }

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

  /// The outermost loop around a line that does not hold another one; nil for none.
  func loop(around line: CheckProblem.Line, without other: CheckProblem.Line) -> CheckProblem.Line? {
    guard let code = code(of: line.statement) else { return nil }
    let (tree, own) = (code.tree, code.statements[Int(line.statement) - code.firstStatement].node)
    let outside =
      code === self.code(of: other.statement)
      ? code.statements[Int(other.statement) - code.firstStatement].node : nil
    // The nodes from the root to the line.
    var path: [(node: NodeID, next: Int)] = [(tree.root, 0)]
    while let (node, next) = path.last, node != own {
      path.removeLast()
      guard next < tree.childCount(node) else { continue }
      path += [(node, next + 1), (tree.child(node, next), 0)]
    }
    let loop = path.map(\.node).first { node in
      switch tree.kind(node) {
      case .for, .while, .repeat: outside.map { !tree.contains($0, in: node) } ?? true
      default: false
      }
    }
    guard let loop else { return nil }
    let inside = code.statements.indices.filter { tree.contains(code.statements[$0].node, in: loop) }
    guard let first = inside.first, let last = inside.last else { return nil }
    let numbers = Int32(code.firstStatement + first)...Int32(code.firstStatement + last)
    var result = CheckProblem.Line(
      tree: tree, node: loop, names: StatementNames(loop: loop, in: tree),
      number: Int64(numbers.lowerBound) << 16 + 0xffff, file: tree.source?.name ?? "",
      sourceLine: tree.source.map { $0.line(of: tree.range(loop).start) })
    result.loop = numbers
    return result
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
  /// The statements in loops that are run as a whole.
  private var loops: [ClosedRange<Int32>] = []

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
    findReusedNames()
    findHands()
    for hand in problem.hands {
      for line in hand.lines { follow(line.names.reads, beside: computed) }
    }
    // Rounds of a loop may count what a number of the data says.
    if loops.isEmpty { findFreeNumbers() }
  }

  /// `Z = W1*X; A = tanh(Z); Z = W2*A`: where `dZ` is assigned again too, it is that of each in turn.
  private mutating func findReusedNames() {
    var targets: Set<String> = []
    for line in problem.forward {
      for name in line.names.targets where !targets.insert(name).inserted && !line.names.goesOn(from: name) {
        guard let statement = note(GradientName.of(name))?.handStatement,
          machine.tracking.definitions.before(statement) != nil
        else { continue }
        problem.reusedNames.insert(name)
      }
    }
  }

  /// A number that the forward statements calculate with may be any other; one that counts, picks or decides may not.
  private mutating func findFreeNumbers() {
    var free: Set<String> = []
    var sources: Set<String> = []
    for (name, value) in problem.inputs where !problem.params.contains(name) {
      guard let definition = note(name)?.definition, definition >= 0, let line = line(definition) else {
        continue
      }
      sources.formUnion(line.names.reads)
      if value.number != nil, line.isNumber { free.insert(name) }
    }
    let operands = problem.forward.map(\.operands)
    let fixed = Set(zip(problem.forward, operands).flatMap { Set($0.names.reads).subtracting($1) })
    problem.freeNumbers = free.intersection(operands.joined()).subtracting(fixed).subtracting(sources)
  }

  private func note(_ name: String) -> VariableNote? {
    machine.variable(name, in: scopes).flatMap { machine.existingNote(of: $0)?.pointee }
  }

  private func line(_ number: Int32) -> CheckProblem.Line? { machine.line(number).map(networks.plain) }

  // MARK: Gradients written by hand

  private mutating func findHands() {
    let variables = problem.differentiated
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
      let lines = wholeLoops(chain(line, of: GradientName.of(variable)))
      if lines.count == 1, let inlining = calls[line.number] ?? inlined(line) {
        calls[line.number] = inlining
      } else {
        let made = lines.map { asOfThen($0) }
        add(made, variable, shown: line)
      }
    }
    for (_, inlining) in calls.sorted(by: { $0.key < $1.key }) { add(inlining) }
    problem.hands.sort { $0.shown.number < $1.shown.number }
    for index in problem.hands.indices {
      let hand = problem.hands[index]
      problem.hands[index].isOfOneRound =
        !hand.lines.contains { $0.loop != nil } && loops.contains { $0.contains(hand.shown.statement) }
    }
  }

  private mutating func add(_ lines: [CheckProblem.Line], _ variable: String, shown: CheckProblem.Line) {
    // A number such as `dx = 1e-5` is no gradient.
    guard lines.contains(where: { !$0.names.reads.isEmpty }) else { return }
    problem.hands.append(
      CheckProblem.Hand(
        variable: variable, lines: lines, isParam: problem.params.contains(variable), shown: shown))
  }

  private func inlined(_ line: CheckProblem.Line) -> Inlining? {
    let machine = machine
    let (scopes, variables) = (scopes, problem.differentiated)
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
      if let variable = GradientName.variable(of: target), problem.differentiated.contains(variable),
        let last = lines.last
      {
        add(lines, variable, shown: last)
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

  /// A gradient that a loop adds up is made by the whole loop: each line that goes on from before it becomes that loop.
  private mutating func wholeLoops(_ lines: [CheckProblem.Line]) -> [CheckProblem.Line] {
    var result: [CheckProblem.Line] = []
    for line in lines {
      guard let before = result.last, let loop = machine.loop(around: line, without: before) else {
        if result.last?.loop?.contains(line.statement) != true { result.append(line) }
        continue
      }
      let whole = networks.plain(loop)
      if let range = whole.loop { loops.append(range) }
      result.append(whole)
    }
    return result
  }

  /// A line with other names for the variables that were something else when it ran than they are at the end.
  private mutating func asOfThen(_ line: CheckProblem.Line) -> CheckProblem.Line {
    if line.loop != nil { return line }
    var names: [String: String] = [:]
    let computed = Set(problem.forward.flatMap(\.names.targets))
    for name in line.names.reads
    where !computed.contains(name) && !isGradient(name) && !line.names.goesOn(from: name) {
      names[name] = version(of: name, at: line)
    }
    return names.isEmpty ? line : line.renaming(names)
  }

  /// The name for what a variable was when a line ran; nil where that is what it is now.
  private mutating func version(of name: String, at line: CheckProblem.Line) -> String? {
    guard let last = note(name)?.definition, last >= line.statement else { return nil }
    var number = last
    var steps = 0
    while number >= line.statement {
      guard let before = machine.tracking.definitions.before(number), before != last, steps < 32 else {
        return nil
      }
      (number, steps) = (before, steps + 1)
    }
    let version = name + String(repeating: Inlining.mark, count: steps)
    if !known.contains(version), let first = self.line(number) {
      known.insert(version)
      let lines = wholeLoops(chain(first, of: name)).map { asOfThen($0).renaming([name: version]) }
      guard leadToGradients(lines, name) else {
        known.remove(version)
        return nil
      }
      problem.helpers[version] = lines
      let computed = Set(problem.forward.flatMap(\.names.targets))
      for line in lines { follow(line.names.reads.filter { $0 != version }, beside: computed) }
    }
    return problem.helpers[version] == nil ? nil : version
  }

  // MARK: What is read

  private mutating func follow(_ names: [String], beside computed: Set<String>) {
    for name in names where !computed.contains(name) && !isGradient(name) { follow(name) }
  }

  private func isGradient(_ name: String) -> Bool {
    GradientName.variable(of: name).map(problem.differentiated.contains) ?? false
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
  private mutating func helper(_ name: String, _ note: VariableNote?) -> [CheckProblem.Line]? {
    guard let note, note.definition >= 0, let line = line(note.definition),
      note.slice == Slices.none || !problem.forward.contains(where: { $0.number == line.number })
    else { return nil }
    let lines = wholeLoops(chain(line, of: name))
    return leadToGradients(lines, name) ? lines.map { asOfThen($0) } : nil
  }

  /// Whether what lines read follows from the cost's variables or their gradients.
  private func leadToGradients(_ lines: [CheckProblem.Line], _ name: String) -> Bool {
    var pending = lines.flatMap(\.names.reads)
    var seen: Set<String> = [name]
    let variables = problem.variables
    while let read = pending.popLast() {
      guard seen.insert(read).inserted else { continue }
      if variables.contains(read) || isGradient(read) || problem.helpers[read] != nil { return true }
      guard let variable = machine.variable(read, in: scopes),
        let definition = machine.existingNote(of: variable)?.pointee.definition, definition >= 0,
        let line = self.line(definition)
      else { continue }
      pending += chain(line, of: read).flatMap(\.names.reads)
    }
    return false
  }
}
