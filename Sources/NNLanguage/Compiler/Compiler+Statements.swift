import NNCore

extension Compiler {
  mutating func compileStatement(_ node: NodeID) throws(Diagnostic) {
    let mark = scope.nextTemporary
    defer { scope.nextTemporary = mark }
    switch tree.statement(node) {
    case .block(let statements): for statement in statements { try compileStatement(statement) }
    case .if(let branches, let otherwise): try compileIf(branches, otherwise)
    case .while(let condition, let body): try compileWhile(node, condition, body)
    case .for(let name, let iterable, let body): try compileFor(node, tree.name(name), iterable, body)
    case .repeat(let count, let body): try compileRepeat(node, count, body)
    case .break: try compileExit(node) { $0.breaks.append($1) }
    case .continue: try compileExit(node) { $0.continues.append($1) }
    default: try compileSimple(node)
    }
  }

  /// A statement that happens whole or not at all.
  private mutating func compileSimple(_ node: NodeID) throws(Diagnostic) {
    let start = here
    var target: Place?
    switch tree.statement(node) {
    case .expression(let value): try compileExpressionStatement(node, value)
    case .assign(let place, let value): target = try compileAssign(node, place, value)
    case .compoundAssign(let operation, let place, let value):
      target = try compileCompound(node, operation, place, value)
    case .multiAssign(let targets, let value): try compileMultiAssign(node, Array(targets), value)
    case .param(let name, let value): target = try compileParam(node, tree.name(name), value)
    case .return(let values): try compileReturn(node, Array(values))
    case .function(let name, let parameters, let body):
      let code = try compileFunction(tree.name(name), Array(parameters), body, at: node)
      try store(tree.name(name), at: node) { compiler, place throws(Diagnostic) in
        compiler.emitClosure(code, into: place, at: node)
      }
    case .include(let path):
      emit(.include, .plain(string(path)), at: node)
    default: break
    }
    scope.draft.statements.append(Code.Statement(range: start..<here, node: node, target: target))
    // Elsewhere the ends of rounds and the next call find an interrupt soon enough.
    if scope.isTopLevel, scope.loops.isEmpty,
      scope.draft.instructions[start...].contains(where: \.opcode.isCall)
    {
      emit(.checkInterrupt, at: node)
    }
  }

  // MARK: Expressions and assignments

  private mutating func compileExpressionStatement(_ node: NodeID, _ value: NodeID) throws(Diagnostic) {
    let echoes = tree.echoes(node) && scope.isTopLevel
    // A name alone goes through a move, which asks whether it has a value.
    let target: Place? = tree.kind(value) == .name ? .register(scope.temporary()) : nil
    answeredCall = nil
    let place = try compile(value, into: target, isStatement: true)
    // What a replay answers gives no value: nothing of it is shown.
    defer { if let answeredCall { patch(answeredCall, .c) } }
    let isAnswer = tree.kind(value) != .name && isInteractive && scope.isTopLevel
    if isAnswer { emit(.answer, .global(globals.slot(of: "ans")), place, at: value) }
    guard echoes else { return }
    let shown = tree.kind(value) == .name ? name(value) : (isInteractive ? "ans" : "")
    emit(.echo, setting: 0, place, .plain(string(shown)), at: value)
  }

  /// The variable assigned, for a whole variable.
  private mutating func compileAssign(_ node: NodeID, _ target: NodeID, _ value: NodeID) throws(Diagnostic)
    -> Place?
  {
    if tree.kind(value) == .hole {
      let field = tree.fieldOfVariable(target).map { "\($0.base).\($0.field)" }
      emit(.hole, .plain(string(field ?? name(target))), at: node)
      return nil
    }
    guard tree.kind(target) == .name else {
      let place = try compile(value)
      try compileElementAssign(node, target, place)
      noteDefinition(ofPart: target, by: node)
      echoTarget(node, target)
      return nil
    }
    let name = name(target)
    let place = try store(name, at: node) { compiler, place throws(Diagnostic) in
      try compiler.compile(value, into: place)
    }
    noteDefinition(of: name, by: node)
    echoTarget(node, target)
    return place
  }

  /// Says that the variable has its value by this statement, for `check`; of a `dV` also that it is the user's, for
  /// `step`.
  private mutating func noteDefinition(of name: String, by node: NodeID) {
    guard let place = wholePlace(name) else { return }
    let isGradient = GradientName.variable(of: name) != nil
    guard isGradient || keepsDefinitions else { return }
    // What a value replaces is remembered where it goes on from it; at the top level always, since lines in between
    // may have read it.
    let remembers = scope.isTopLevel && scope.loops.isEmpty || names(of: node).goesOn(from: name)
    emit(
      isGradient ? .hand : .define, setting: remembers ? 1 : 0, place,
      .plain(scope.draft.statements.count), at: node)
  }

  /// Kept from one target of a statement to the next: there may be thousands.
  private mutating func names(of node: NodeID) -> StatementNames {
    if let latestNames, latestNames.node == node { return latestNames.names }
    let names = StatementNames(node, in: tree)
    latestNames = (node, names)
    return names
  }

  /// The same where a part of the variable is assigned, which keeps the rest of its definition.
  private mutating func noteDefinition(ofPart target: NodeID, by node: NodeID) {
    if tree.kind(target) == .field { return noteDefinition(ofField: target, by: node) }
    guard tree.kind(target) == .index, tree.kind(tree.child(target, 0)) == .name else { return }
    noteDefinition(of: name(tree.child(target, 0)), by: node)
  }

  /// `net.dW1 = …`: the gradient of a network's field.
  private mutating func noteDefinition(ofField target: NodeID, by node: NodeID) {
    guard let (base, field) = tree.fieldOfVariable(target), GradientName.variable(of: field) != nil,
      let place = wholePlace(base)
    else { return }
    let goesOn = tree.kind(node) == .compoundAssign || tree.reads(base, field, in: tree.child(node, 1))
    emit(
      .handField, setting: goesOn ? 1 : 0, place, .plain(scope.draft.statements.count), .plain(string(field)),
      at: node)
  }

  /// Whether statements note that they defined a variable: not in loops that have nothing to do with gradients, whose
  /// rounds it would slow down.
  private var keepsDefinitions: Bool {
    guard scope.isTopLevel || scope.draft.content.declaresParams else { return false }
    return scope.loops.isEmpty || assignsGradients
  }

  /// The place of a variable that is a register or a global.
  func wholePlace(_ name: String) -> Place? {
    switch variable(name) {
    case .register(let register), .cell(let register): .register(register)
    case .global(let slot): .global(slot)
    case .capture: nil
    }
  }

  /// Computes a value straight into the variable where that is possible, else by way of a temporary.
  @discardableResult
  mutating func store(
    _ name: String, at node: NodeID, _ compute: (inout Compiler, Place) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Place? {
    switch variable(name) {
    case .register(let register):
      try compute(&self, .register(register))
      return .register(register)
    case .global(let slot):
      try compute(&self, .global(slot))
      return .global(slot)
    case .cell(let register):
      let temporary = Place.register(scope.temporary())
      try compute(&self, temporary)
      emit(.storeCell, .register(register), temporary, at: node)
      return .register(register)
    case .capture:
      throw fail("\(name) belongs to a function further out", at: node)
    }
  }

  private mutating func echoTarget(_ node: NodeID, _ target: NodeID) {
    guard isInteractive, scope.isTopLevel, tree.echoes(node) else { return }
    var base = target
    while tree.kind(base) == .index || tree.kind(base) == .field { base = tree.child(base, 0) }
    guard tree.kind(base) == .name, case .global(let slot) = variable(name(base)) else { return }
    emit(.echo, .global(slot), .plain(string(name(base))), at: node)
  }

  private mutating func compileCompound(
    _ node: NodeID, _ operation: BinaryOperator, _ target: NodeID, _ value: NodeID
  ) throws(Diagnostic) -> Place? {
    guard tree.kind(target) == .name else {
      try compileElementCompound(node, operation, target, value)
      noteDefinition(ofPart: target, by: node)
      echoTarget(node, target)
      return nil
    }
    let name = name(target)
    if case .capture = variable(name) { throw compoundOnOuter(name, node) }
    if scope.parent != nil, scope.register(of: name) == nil { throw compoundOnOuter(name, node) }
    let right = try compile(value)
    let place = try store(name, at: node) { compiler, place throws(Diagnostic) in
      let current = try compiler.compile(target)
      compiler.emitBinary(operation, place, current, right, at: node)
    }
    noteDefinition(of: name, by: node)
    echoTarget(node, target)
    return place
  }

  private func compoundOnOuter(_ name: String, _ node: NodeID) -> Diagnostic {
    fail("\(name) is not a variable of this function", at: node)
      .hinting("a function's assignments are its own: pass \(name) in and return the new value")
  }

  private mutating func compileMultiAssign(_ node: NodeID, _ targets: [NodeID], _ value: NodeID)
    throws(Diagnostic)
  {
    guard tree.kind(value) == .call else {
      throw fail("\(targets.count) names on the left need a call that gives several results", at: value)
    }
    try checkResultCount(targets.count, at: node)
    let window = try compileCall(value, wanted: targets.count)
    scope.reserve(upTo: max(scope.nextTemporary, window + targets.count))
    for (offset, target) in targets.enumerated() where tree.kind(target) != .discard {
      let result = Place.register(window + offset)
      if tree.kind(target) == .name {
        let name = name(target)
        try store(name, at: target) { compiler, place throws(Diagnostic) in
          compiler.emit(.move, place, result, at: target)
        }
        noteDefinition(of: name, by: node)
      } else {
        try compileElementAssign(node, target, result)
      }
    }
    for target in targets where tree.kind(target) != .discard { echoTarget(node, target) }
  }

  private mutating func compileParam(_ node: NodeID, _ name: String, _ value: NodeID?) throws(Diagnostic)
    -> Place?
  {
    scope.draft.content.declaresParams = true
    guard let place = wholePlace(name) else {
      throw fail("\(name) belongs to a function further out", at: node)
    }
    if scope.captured.contains(name), scope.register(of: name) != nil {
      throw fail("\(name) is read by a function inside, so it cannot be a param here", at: node)
        .hinting("pass \(name) to the inner function as an argument")
    }
    let result = Place.register(scope.temporary())
    if let value {
      try compile(value, into: result)
    } else {
      emit(.move, result, try compileName(node, name), at: node)
    }
    emit(.declareParam, place, result, at: node)
    if isInteractive, scope.isTopLevel, tree.echoes(node) {
      emit(.echo, place, .plain(string(name)), at: node)
    }
    return place
  }

  private mutating func compileReturn(_ node: NodeID, _ values: [NodeID]) throws(Diagnostic) {
    guard !scope.isTopLevel else { throw fail("return stands outside a function", at: node) }
    if values.isEmpty {
      emit(.returnNothing, at: node)
    } else if values.count == 1 {
      emit(.return, try compile(values[0]), at: node)
    } else {
      try checkResultCount(values.count, at: node)
      let window = scope.nextTemporary
      for value in values {
        let register = scope.temporary()
        try compile(value, into: .register(register))
        scope.nextTemporary = register + 1
      }
      emit(.returnResults, setting: values.count, .register(window), at: node)
    }
  }

  /// An instruction has sixteen bits for the count.
  private func checkResultCount(_ count: Int, at node: NodeID) throws(Diagnostic) {
    if count > UInt16.max { throw fail("a call gives at most \(UInt16.max) results", at: node) }
  }

  // MARK: Control

  private mutating func compileIf(_ branches: NodeList, _ otherwise: NodeID?) throws(Diagnostic) {
    var exits: [Int] = []
    let branches = Array(branches)
    for position in stride(from: 0, to: branches.count, by: 2) {
      let jumps = try compileCondition(branches[position])
      try compileStatement(branches[position + 1])
      if position + 2 < branches.count || otherwise != nil {
        exits.append(emit(.jump, at: branches[position]))
      }
      for jump in jumps { patch(jump, .c) }
    }
    if let otherwise { try compileStatement(otherwise) }
    for exit in exits { patch(exit, .a) }
  }

  private mutating func compileWhile(_ node: NodeID, _ condition: NodeID, _ body: NodeID) throws(Diagnostic) {
    let counter = scope.temporary()
    emit(.move, .register(counter), constant(1), at: node)
    let start = here
    let jumps = try compileCondition(condition)
    try compileLoopBody(body, node) { compiler in
      compiler.emit(.loopCounting, .plain(start), .register(counter), at: node)
    }
    for jump in jumps { patch(jump, .c) }
    finishLoop(node, start: start, counter: counter)
  }

  private mutating func compileRepeat(_ node: NodeID, _ count: NodeID, _ body: NodeID) throws(Diagnostic) {
    let counter = scope.temporary()
    let limit = Place.register(scope.temporary())
    try compile(count, into: limit)
    emit(.prepareRepeat, .register(counter), limit, at: count)
    let start = here
    emit(.nextRepeat, .register(counter), at: node)
    try compileLoopBody(body, node) { compiler in
      compiler.emit(.loopInRepeat, .register(counter), .none, .plain(start + 1), at: node)
    }
    patch(start, .c)
    finishLoop(node, start: start, counter: counter)
  }

  private mutating func compileFor(_ node: NodeID, _ name: String, _ iterable: NodeID, _ body: NodeID)
    throws(Diagnostic)
  {
    let counter = scope.temporary()
    scope.reserve(upTo: counter + 4)
    let isRange = tree.kind(iterable) == .range
    if isRange, case .range(let start, let step, let stop) = tree.expression(iterable) {
      try compile(start, into: .register(counter + 1))
      if let step {
        try compile(step, into: .register(counter + 2))
      } else {
        emit(.move, .register(counter + 2), constant(1), at: iterable)
      }
      try compile(stop, into: .register(counter + 3))
      emit(.prepareRange, .register(counter), at: iterable)
    } else {
      try compile(iterable, into: .register(counter + 1))
      emit(.prepareIteration, .register(counter), at: iterable)
    }
    let start = here
    let next: Opcode = isRange ? .nextInRange : .nextIteration
    var exit = start
    var variable = Place.none
    try store(name, at: node) { compiler, place throws(Diagnostic) in
      variable = place
      exit = compiler.emit(next, .register(counter), place, at: node)
    }
    if isRange, here == start + 1 {
      // The end of the round does what its beginning does, and jumps behind it.
      try compileLoopBody(body, node) { compiler in
        compiler.emit(.loopInRange, .register(counter), variable, .plain(start + 1), at: node)
      }
    } else {
      try compileLoopBody(body, node) { compiler in compiler.emit(.loop, .plain(start), at: node) }
    }
    patch(exit, .c)
    finishLoop(node, start: start, counter: counter)
  }

  private mutating func compileLoopBody(_ body: NodeID, _ node: NodeID, again: (inout Compiler) -> Void)
    throws(Diagnostic)
  {
    scope.loops.append(FunctionScope.LoopLabels())
    try compileStatement(body)
    for jump in scope.loops[scope.loops.count - 1].continues { patch(jump, .a) }
    again(&self)
  }

  private mutating func finishLoop(_ node: NodeID, start: Int, counter: Int) {
    if let labels = scope.loops.popLast() { for jump in labels.breaks { patch(jump, .a) } }
    scope.draft.loops.append(Code.Loop(range: start..<here, counter: counter, node: node))
  }

  private mutating func compileExit(
    _ node: NodeID, _ note: (inout FunctionScope.LoopLabels, Int) -> Void
  ) throws(Diagnostic) {
    guard !scope.loops.isEmpty else {
      throw fail("\(tree.kind(node) == .break ? "break" : "continue") stands outside a loop", at: node)
    }
    let jump = emit(.jump, at: node)
    note(&scope.loops[scope.loops.count - 1], jump)
  }

  /// Code that falls through where the condition holds; the jumps taken where it does not, to be patched in `c`.
  private mutating func compileCondition(_ node: NodeID) throws(Diagnostic) -> [Int] {
    let mark = scope.nextTemporary
    defer { scope.nextTemporary = mark }
    if case .binary(let operation, let left, let right) = tree.expression(node) {
      if operation == .and {
        // `a && b && …` of any length leans to the left.
        var terms = [node]
        while case .binary(.and, let left, let right) = tree.expression(terms[terms.count - 1]) {
          terms[terms.count - 1] = right
          terms.append(left)
        }
        var jumps: [Int] = []
        for term in terms.reversed() { jumps += try compileCondition(term) }
        return jumps
      }
      if let opcode = operation.jumpUnless {
        let a = try compile(left)
        let b = try compile(right)
        return [emit(opcode, a, b, at: node)]
      }
    }
    return [emit(.jumpIfFalse, try compile(node), at: node)]
  }
}

extension BinaryOperator {
  /// The jump taken where the comparison does not hold.
  fileprivate var jumpUnless: Opcode? {
    switch self {
    case .less: .jumpUnlessLess
    case .lessEqual: .jumpUnlessLessEqual
    case .greater: .jumpUnlessGreater
    case .greaterEqual: .jumpUnlessGreaterEqual
    case .equal: .jumpUnlessEqual
    case .notEqual: .jumpUnlessNotEqual
    default: nil
    }
  }
}
