import NNCore

/// Gathers what there is to know of a value and its gradients, and makes lines of it.
struct Explainer {
  let machine: Machine
  let variable: Machine.VariableReference
  let derived: DerivedGraph
  let targets: [LinePlan.Target]
  /// The names that values have now: variables, fields of networks.
  private(set) var names: [GraphNode: String] = [:]
  /// The expressions of the program that give data without a name.
  private(set) var expressions: [GraphNode: (tree: SyntaxTree, node: NodeID)] = [:]
  /// Whether data has changed since the value was computed.
  private(set) var isOutdated = false
  let statements: [SliceStatement]
  /// Whether the statements tell the computation as they stand: none ran twice, and none takes a name from another.
  private(set) var isStraight = false
  /// By name, the last of those statements that assigns it and nothing else.
  let statementOf: [String: SliceStatement]
  /// What they assign.
  let assignedNames: Set<String>
  private let visible: VisibleNames
  /// By node of the forward computation, its number in the slice.
  private let numbers: [GraphNode: Int]
  /// The formula of a value without a name that has more parts than this gets a line of its own, forward too: such
  /// formulas are as deep as the program's loops ran, and nobody reads them.
  private static let mostParts = 200

  var graph: Graph { derived.graph }
  var output: GraphNode { derived.ids[0] }

  /// - Parameter seed: what the value's own gradient is called, where that is given: `net.dA2`.
  /// - Throws: where the value is no fresh number that depends on a param.
  init(
    _ machine: Machine, _ variable: Machine.VariableReference, _ cost: Matrix, seed: String? = nil
  ) throws(Diagnostic) {
    self.machine = machine
    self.variable = variable
    visible = VisibleNames(machine, variable.scope)
    let found = visible.targets
    do throws(CoreError) {
      let (graph, values) = (machine.differentiation, found.map(\.value))
      derived =
        try seed == nil
        ? graph.derivation(of: cost, named: values) : graph.derivation(ofAny: cost, named: values)
    } catch { throw machine.backwardError(error, cost, variable.name) }
    var targets: [LinePlan.Target] = []
    for (target, node) in zip(found, derived.named) {
      guard let node else { continue }
      if target.gradientName == seed {
        names[node] = target.name
        continue
      }
      let isParam = derived.graph[node].kind == .param
      targets.append(
        LinePlan.Target(name: target.name, gradientName: target.gradientName, node: node, isParam: isParam))
    }
    self.targets = targets
    let (statements, areRepeated) = machine.sliceStatements(of: variable)
    self.statements = statements
    var (statementOf, assigned) = ([String: SliceStatement](), [String]())
    for statement in statements {
      let targets = statement.targets
      assigned += targets
      if targets.count == 1 { statementOf[targets[0]] = statement }
    }
    self.statementOf = statementOf
    assignedNames = Set(assigned)
    var numbers: [GraphNode: Int] = [:]
    for (number, id) in derived.ids.enumerated() { numbers[id] = number }
    try machine.throwingDiagnostics { () throws(CoreError) in try machine.resources.checkCancellation() }
    self.numbers = numbers
    if let seed, let node = derived.seed { names[node] = seed }
    nameLeaves()
    isStraight = !areRepeated && areBound(assigned)
  }

  /// Whether every statement assigned a name of its own, that still holds what it computed.
  private func areBound(_ assigned: [String]) -> Bool {
    let bound = Set(names.values)
    return !assigned.isEmpty && assignedNames.count == assigned.count
      && statementOf.keys.allSatisfy(bound.contains)
  }

  // MARK: Names

  private mutating func nameLeaves() {
    for target in targets where names[target.node] == nil { names[target.node] = target.name }
    for id in derived.ids where names[id] == nil {
      switch graph[id].kind {
      case .param: names[id] = visible.name(ofParam: Int32(graph[id].attributes.first))
      case .data: nameData(id)
      case .operation, .literal: continue
      }
    }
  }

  private mutating func nameData(_ id: GraphNode) {
    guard let node = tapeNode(id) else { return }
    if let storage = node.storage {
      names[id] = visible.name(of: storage)
    } else if let name = visible.name(ofVariable: node.slot), visible.number(name) == node.number {
      names[id] = name
    }
    if names[id] != nil { return }
    if visible.name(ofVariable: node.slot) != nil {
      isOutdated = true
    } else if variable.scope == .global, let expression = machine.expression(ofData: node) {
      expressions[id] = expression
    }
  }

  /// What the tape keeps of a value of the forward computation.
  func tapeNode(_ id: GraphNode) -> TapeNode? {
    numbers[id].map { machine.tracking.tape[derived.places[$0]] }
  }

  /// A value of the forward computation.
  func value(_ id: GraphNode) -> Matrix? {
    guard let number = numbers[id] else { return nil }
    return try? machine.differentiation.value(at: derived.places[number]) { machine.paramValue($0) }
  }

  /// Values that variables of functions held, and those of earlier rounds; and without a variable, values that are
  /// too much for the line of another.
  private func held() throws(Diagnostic) -> [(node: GraphNode, variable: String?)] {
    var found: [(GraphNode, String?)] = []
    var parts = [Int](repeating: 1, count: graph.count)
    for id in derived.ids.sorted() where graph[id].kind == .operation && names[id] == nil {
      try checkCancellation()
      let count = graph.inputs(of: id).reduce(1) { $0 + parts[Int($1)] }
      let variable = tapeNode(id).flatMap { machine.holderName($0) }
      if variable != nil || count > Self.mostParts {
        found.append((id, variable))
      } else {
        parts[Int(id)] = count
      }
    }
    return found
  }

  private func namer() throws(Diagnostic) -> LineNamer {
    let (visible, used) = (visible, Set(names.values))
    return LineNamer(held: try held(), reserved: targets.map(\.gradientName)) { name in
      used.contains(name) || visible.isUsed(name)
    }
  }

  /// To be called for every line or value: there may be as many as a program ran operations.
  func checkCancellation() throws(Diagnostic) {
    try machine.throwingDiagnostics { () throws(CoreError) in try machine.resources.checkCancellation() }
  }

  private func writer(isExact: Bool, _ safe: Set<GraphNode>) -> FormulaWriter {
    FormulaWriter(
      graph: graph, names: names, data: { self.value($0) }, expressions: expressions,
      knowsPi: !visible.isVariable("pi"),
      isSafeDivisor: { !isExact && safe.contains($0) }, squaredErrors: SquaredErrors(graph))
  }

  // MARK: Lines

  /// The lines of the gradients, and the names of values that had one once.
  ///
  /// - Parameters:
  ///   - wanted: the variables whose gradients are asked for; all where nil.
  ///   - isExact: whether lines keep what matters for other values than the present ones only.
  ///   - namesData: whether larger data without a name gets one instead of the expression that gave it.
  func plan(
    _ wanted: [String]? = nil, isExact: Bool = false, namesData: Bool = false
  ) throws(Diagnostic) -> (plan: LinePlan, held: [GraphNode: String]) {
    let chosen = try wanted?.map { name throws(Diagnostic) in try index(of: name) }
    var namer = try namer()
    var writer = writer(isExact: isExact, isExact ? [] : try safeDivisors())
    if namesData {
      writer.expressions = [:]
      for id in largeData { writer.names[id] = namer.plainName() }
    }
    let plan = try machine.throwingDiagnostics { () throws(CoreError) in
      try LinePlan(
        derived, targets: targets, wanted: chosen, writer: writer, namer: namer, in: machine.resources)
    }
    return (plan, namer.held)
  }

  /// Data without a name that is too large to be written out in a line.
  private var largeData: [GraphNode] {
    var places: Set<GraphNode> = []
    for id in 0..<GraphNode(graph.count) where graph[id].kind == .operation {
      if graph[id].operation == .index || graph[id].operation == .scatter {
        places.formUnion(graph.inputs(of: id).dropFirst())
      }
    }
    return derived.ids.sorted().filter {
      graph[$0].kind == .data && names[$0] == nil && graph[$0].shape.count > 12 && !places.contains($0)
    }
  }

  private func index(of name: String) throws(Diagnostic) -> Int {
    if let index = targets.firstIndex(where: { $0.name == name || $0.gradientName == name }),
      derived.lines[Int(targets[index].node)] != nil
    {
      return index
    }
    let known = targets.map(\.name).filter { $0 != variable.name }
    let error = Diagnostic(.error, "\(variable.name) does not depend on \(name), or \(name) is data")
    throw error.hinting("it depends on \(known.joined(separator: ", "))")
  }

  /// Divisors held away from zero that are nowhere near it.
  private func safeDivisors() throws(Diagnostic) -> Set<GraphNode> {
    var operands: [GraphNode: GraphNode] = [:]
    for id in 0..<GraphNode(graph.count) { if let operand = graph.guarded(id) { operands[id] = operand } }
    if operands.isEmpty { return [] }
    let values = try self.values(of: Array(operands.values))
    return Set(operands.filter { values[$0.value]?.buffer.allSatisfy { $0 >= 1e-40 } ?? false }.keys)
  }

  /// The values of nodes, whichever side they are on.
  func values(of nodes: [GraphNode]) throws(Diagnostic) -> [GraphNode: Matrix] {
    try machine.throwingDiagnostics { () throws(CoreError) in
      try machine.differentiation.values(of: nodes, in: derived) { machine.paramValue($0) }
    }
  }
}
