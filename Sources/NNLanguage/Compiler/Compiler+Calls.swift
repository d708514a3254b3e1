import NNCore

extension Compiler {
  /// Compiles a call; its results lie from the register returned upwards.
  ///
  /// - Parameter wanted: how many results; 0 for a statement, where there may be none.
  mutating func compileCall(_ node: NodeID, wanted: Int, isStatement: Bool = false) throws(Diagnostic) -> Int
  {
    guard case .call(let callee, let argumentList) = tree.expression(node) else { return 0 }
    let arguments = Array(argumentList)
    let calleeName = tree.kind(callee) == .name ? name(callee) : nil
    let builtin = calleeName.flatMap { isFree($0) ? Builtins.index(of: $0) : nil }
    if let builtin { try checkScoped(Builtins.table[builtin], node, isStatement: isStatement) }
    if let builtin, wanted <= 1, let window = try compileInlined(node, builtin, arguments) { return window }

    let names = arguments.map { tree.argument($0).name.map(tree.name) }
    let hasNames = names.contains { $0 != nil }
    let slot = builtin == nil && !hasNames ? globalSlot(calleeName) : nil
    var target: Place?
    if slot == nil, builtin == nil || hasNames { target = try compileCallee(callee, calleeName) }
    let window = scope.nextTemporary
    let replayed = isStatement && !hasNames ? replayedCall(builtin, arguments) : nil
    var shortcut: Int?
    if let replayed, let place = replayed.variable {
      shortcut = emit(.replay, setting: Int(replayed.call.rawValue), place, at: node)
    }
    let isScoped = builtin.map { Builtins.table[$0].isScoped } ?? false
    for argument in arguments {
      let register = scope.temporary()
      // An argument by name is a setting, never the name of a variable.
      let isVariable = isScoped && tree.argument(argument).name == nil
      try compileArgument(tree.argument(argument).value, into: .register(register), isScoped: isVariable)
      scope.nextTemporary = register + 1
    }
    scope.reserve(upTo: window + max(1, wanted, arguments.count))
    if let replayed, replayed.variable == nil {
      shortcut = emit(.replay, setting: Int(replayed.call.rawValue), .register(window), at: node)
    }
    if hasNames {
      scope.draft.content.callShapes.append(CallShape(names: names, wanted: wanted))
      let index = scope.draft.content.callShapes.count - 1
      emit(
        .callNamed, setting: wanted, .register(window), .plain(index), target ?? .none, at: node)
    } else if let slot {
      emit(.callGlobal, setting: wanted, .register(window), .plain(arguments.count), .global(slot), at: node)
    } else if let builtin {
      emit(
        .callBuiltin, setting: wanted, .register(window), .plain(arguments.count), .plain(builtin), at: node)
    } else {
      emit(.call, setting: wanted, .register(window), .plain(arguments.count), target ?? .none, at: node)
    }
    if let shortcut {
      patch(shortcut, .c)
      answeredCall = shortcut
    }
    scope.nextTemporary = window + 1
    return window
  }

  /// The call of a builtin that a replay may answer, and the variable it speaks of; nil for the value in its window.
  private func replayedCall(_ builtin: Int?, _ arguments: [NodeID]) -> (call: ReplayedCall, variable: Place?)?
  {
    guard let builtin, arguments.count == 1, scope.isTopLevel else { return nil }
    let value = tree.argument(arguments[0]).value
    switch Builtins.table[builtin].name {
    case "step": return (.step, nil)
    case "forward", "backward":
      guard tree.kind(value) == .name, case .global(let slot) = variable(name(value)) else { return nil }
      return (Builtins.table[builtin].name == "forward" ? .forward : .backward, .global(slot))
    default: return nil
    }
  }

  /// The slot of a callee that is a global variable.
  private func globalSlot(_ name: String?) -> Int? {
    guard let name, case .global(let slot) = variable(name) else { return nil }
    return slot
  }

  /// Whether a name is no variable of the functions around, so that it may be a builtin's.
  private func isFree(_ name: String) -> Bool {
    if case .global = variable(name) { return true }
    return false
  }

  private func checkScoped(_ builtin: Builtin, _ node: NodeID, isStatement: Bool) throws(Diagnostic) {
    if builtin.isStatement, !isStatement {
      throw fail("\(builtin.name) is a statement of its own and gives no value", at: node)
    }
  }

  private mutating func compileCallee(_ callee: NodeID, _ name: String?) throws(Diagnostic) -> Place {
    guard let name else {
      let place = Place.register(scope.temporary())
      return try compile(callee, into: place)
    }
    switch variable(name) {
    case .register(let register): return .register(register)
    case .global(let slot):
      let place = Place.register(scope.temporary())
      if Builtins.index(of: name) == nil {
        emit(.loadGlobalOr, place, .plain(slot), .plain(constantIndex(.nothing)), at: callee)
      } else {
        emit(.resolveCallee, place, .plain(slot), .plain(string(name)), at: callee)
      }
      return place
    case .cell, .capture: return try compileName(callee, name)
    }
  }

  private mutating func compileArgument(_ value: NodeID, into place: Place, isScoped: Bool) throws(Diagnostic)
  {
    // `check(J, dW1)` speaks of the variables; whether they have values is for the builtin to say.
    if isScoped, tree.kind(value) == .name, case .global(let slot) = variable(name(value)),
      Builtins.value(named: name(value)) == nil
    {
      emit(.loadGlobalOr, place, .plain(slot), .plain(constantIndex(.nothing)), at: value)
    } else if isScoped, tree.kind(value) == .name, case .register(let register) = variable(name(value)) {
      emit(.moveAnything, place, .register(register), at: value)
    } else {
      try compile(value, into: place)
    }
  }

  /// An elementwise builtin of one or two operands, as an instruction without a call.
  private mutating func compileInlined(_ node: NodeID, _ builtin: Int, _ arguments: [NodeID])
    throws(Diagnostic)
    -> Int?
  {
    guard let operation = Builtins.table[builtin].inlined, arguments.count == operation.operands,
      arguments.allSatisfy({ tree.argument($0).name == nil })
    else { return nil }
    let place = scope.temporary()
    let mark = scope.nextTemporary
    let first = try compile(tree.argument(arguments[0]).value)
    if operation.operands == 1 {
      emitUnary(operation.id, .register(place), first, at: node)
    } else {
      let second = try compile(tree.argument(arguments[1]).value)
      emit(
        Opcode.binary(operation.id), setting: Int(operation.id.rawValue), .register(place), first, second,
        at: node)
    }
    scope.nextTemporary = mark
    return place
  }

  // MARK: Subscripts

  mutating func compileIndex(_ node: NodeID, _ base: NodeID, _ subscripts: [NodeID], _ target: Place?)
    throws(Diagnostic) -> Place
  {
    let place = target ?? .register(scope.temporary())
    let mark = scope.nextTemporary
    let basePlace = try compile(base)
    let window = try compileSubscripts(subscripts, of: basePlace)
    emit(.index, setting: setting(subscripts), place, basePlace, .register(window), at: node)
    scope.nextTemporary = mark
    return place
  }

  /// Compiles subscripts into a row of registers; `:` becomes nothing.
  private mutating func compileSubscripts(_ subscripts: [NodeID], of base: Place) throws(Diagnostic) -> Int {
    let window = scope.nextTemporary
    for (position, node) in subscripts.enumerated() {
      let register = scope.temporary()
      endStack.append((base, position, subscripts.count))
      defer { endStack.removeLast() }
      try compileSubscript(node, into: .register(register))
      scope.nextTemporary = register + 1
    }
    return window
  }

  private mutating func compileSubscript(_ node: NodeID, into place: Place) throws(Diagnostic) {
    if tree.kind(node) == .colon {
      emit(.loadConstant, place, .plain(constantIndex(.nothing)), at: node)
    } else {
      try compile(node, into: place)
    }
  }

  private func setting(_ subscripts: [NodeID]) -> Int { SubscriptSetting(subscripts.map(kind)).raw }

  /// What a subscript is by the way it is written.
  private func kind(_ node: NodeID) -> SubscriptSetting.Kind {
    switch tree.expression(node) {
    case .binary(.equal, _, _), .binary(.notEqual, _, _), .binary(.less, _, _), .binary(.lessEqual, _, _),
      .binary(.greater, _, _), .binary(.greaterEqual, _, _), .binary(.and, _, _), .binary(.or, _, _),
      .unary(.not, _):
      .mask
    case .range: .places
    // Without a comparison in it: [x > 1, 1] is a mask that is put together.
    case .matrix(let rows):
      rows.lazy.flatMap { tree.elements($0) }.allSatisfy { kind($0) != .mask } ? .places : .unknown
    case .call(let callee, _) where tree.kind(callee) == .name:
      Self.givePlaces.contains(name(callee)) ? .places : .unknown
    default: .unknown
    }
  }

  private static let givePlaces: Set = ["find", "randint", "permutation", "argmax", "argmin"]

  mutating func compileEnd(_ node: NodeID, into target: Place?) throws(Diagnostic) -> Place {
    guard let (base, position, count) = endStack.last else {
      throw fail("end stands outside the brackets of a subscript", at: node)
    }
    let place = target ?? .register(scope.temporary())
    emit(.end, setting: count, place, base, .plain(position), at: node)
    return place
  }

  /// `target` is an element or a field: changes it and what holds it, out to the variable.
  mutating func compileElementAssign(_ node: NodeID, _ target: NodeID, _ value: Place) throws(Diagnostic) {
    switch tree.expression(target) {
    case .name:
      try store(name(target), at: target) { compiler, place throws(Diagnostic) in
        compiler.emit(.move, place, value, at: target)
      }
    case .index(let base, let subscripts):
      try changing(base) { compiler, place throws(Diagnostic) in
        let window = try compiler.compileSubscripts(Array(subscripts), of: place)
        compiler.emit(
          .indexAssign, setting: compiler.setting(Array(subscripts)), place, value, .register(window),
          at: target)
      }
    case .field(let base, let field):
      try changing(base) { compiler, place throws(Diagnostic) in
        compiler.emit(
          .fieldAssign, place, value, .plain(compiler.string(compiler.tree.name(field))), at: target)
      }
    default: throw fail("this cannot be assigned to", at: target)
    }
  }

  /// `A[i] += x`: the subscripts are computed once.
  mutating func compileElementCompound(
    _ node: NodeID, _ operation: BinaryOperator, _ target: NodeID, _ value: NodeID
  ) throws(Diagnostic) {
    let right = Place.register(scope.temporary())
    try compile(value, into: right)
    let current = Place.register(scope.temporary())
    switch tree.expression(target) {
    case .index(let base, let subscripts):
      try changing(base) { compiler, place throws(Diagnostic) in
        let window = try compiler.compileSubscripts(Array(subscripts), of: place)
        let setting = compiler.setting(Array(subscripts))
        compiler.emit(.index, setting: setting, current, place, .register(window), at: target)
        compiler.emitBinary(operation, current, current, right, at: node)
        compiler.emit(.indexAssign, setting: setting, place, current, .register(window), at: target)
      }
    case .field(let base, let field):
      try changing(base) { compiler, place throws(Diagnostic) in
        let name = Place.plain(compiler.string(compiler.tree.name(field)))
        compiler.emit(.field, current, place, name, at: target)
        compiler.emitBinary(operation, current, current, right, at: node)
        compiler.emit(.fieldAssign, place, current, name, at: target)
      }
    default: throw fail("this cannot be assigned to", at: target)
    }
  }

  /// Lets `change` work on the place that holds `base`: a variable itself, or a copy that is then stored back.
  private mutating func changing(
    _ base: NodeID, _ change: (inout Compiler, Place) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    if tree.kind(base) == .name {
      switch variable(name(base)) {
      case .register(let register): return try change(&self, .register(register))
      case .global(let slot):
        if scope.isTopLevel { return try change(&self, .global(slot)) }
        throw fail("\(name(base)) is not a variable of this function", at: base)
          .hinting("a function's assignments are its own: pass \(name(base)) in and return the new value")
      case .capture:
        throw fail("\(name(base)) belongs to a function further out", at: base)
      case .cell: break
      }
    }
    let copy = Place.register(scope.temporary())
    try compile(base, into: copy)
    try change(&self, copy)
    try compileElementAssign(base, base, copy)
  }
}
