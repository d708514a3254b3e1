import NNCore

// Calls other than the plain call of a user's function, which Machine+Loop does itself.
extension Machine {
  typealias Next = UnsafePointer<Instruction>

  /// Calls whatever the callee is; where to go on.
  func callAnything(_ instruction: Instruction, _ callee: Slot, _ next: Next) throws(Diagnostic) -> Next {
    let window = frame.pointee.registers + instruction.a.offset
    let function = try function(in: callee.pointee, node: calleeNode)
    return try start(
      function, window: window, count: instruction.b.index, wanted: Int(instruction.setting), next)
  }

  /// Begins a call of `function` on the arguments in the window.
  private func start(_ function: Function, window: Slot, count: Int, wanted: Int, _ next: Next)
    throws(Diagnostic)
    -> Next
  {
    switch function.body {
    case .builtin(let index):
      try callBuiltin(index, window: window, count: count, wanted: wanted, at: nodeAtPlay)
      return next
    case .user(let code):
      try checkCount(count, of: code)
      // A function found by its name alone is held by the variable that has it.
      return try push(
        .passUnretained(code), function: .passUnretained(function), registers: window, given: count,
        isEntry: false)
    }
  }

  func callBuiltin(_ instruction: Instruction, _ window: Slot, _ next: Next) throws(Diagnostic) -> Next {
    let index = instruction.c.index
    if hasShadowedBuiltins, let function = shadowing(Builtins.table[index].name) {
      return try start(
        function, window: window, count: instruction.b.index, wanted: Int(instruction.setting), next)
    }
    try callBuiltin(
      index, window: window, count: instruction.b.index, wanted: Int(instruction.setting), at: nodeAtPlay)
    return next
  }

  /// Calls a builtin; its results take the place of its arguments.
  func callBuiltin(_ index: Int, window: Slot, count: Int, wanted: Int, at node: NodeID?) throws(Diagnostic) {
    let entry = Builtins.entries[index]
    if count < entry.required || count > entry.most { throw wrongCount(Builtins.table[index], count) }
    if cancellation.isRaised { try stop() }
    extraResults.removeAll(keepingCapacity: true)
    let call = Call(
      machine: self, index: index, arguments: UnsafeMutableBufferPointer(start: window, count: count),
      wanted: wanted,
      node: node)
    let result = try entry.body(call)
    for offset in 0..<count { (window + offset).pointee = .number(0) }
    window.pointee = result
    guard wanted > 1 else { return }
    if extraResults.count + 1 < wanted {
      throw Diagnostic(
        .error, "\(call.name) gives \(plural(extraResults.count + 1, "result")), and \(wanted) are wanted")
    }
    for offset in 1..<wanted { (window + offset).pointee = extraResults[offset - 1] }
    extraResults.removeAll(keepingCapacity: true)
  }

  private var cancellation: Cancellation { resources.cancellation }

  // MARK: Named arguments

  func callNamed(_ instruction: Instruction, _ window: Slot, _ callee: Slot, _ next: Next) throws(Diagnostic)
    -> Next
  {
    let shape = code.callShapes[instruction.b.index]
    let function = try function(in: callee.pointee, node: calleeNode)
    let parameters = parameterNames(of: function)
    let count = try arrange(window, shape.names, parameters, function)
    switch function.body {
    case .builtin(let index):
      let builtin = Builtins.table[index]
      try checkGiven(window, builtin.parameters.map { ($0.name, !$0.isRequired) }, count, function.name)
      try callBuiltin(index, window: window, count: count, wanted: shape.wanted, at: nodeAtPlay)
      return next
    case .user(let code):
      try checkGiven(window, code.parameters.map { ($0.name, $0.hasDefault) }, count, function.name)
      return try push(
        .passUnretained(code), function: .passUnretained(function), registers: window, given: count,
        isEntry: false)
    }
  }

  private func parameterNames(of function: Function) -> [String] {
    switch function.body {
    case .builtin(let index): Builtins.table[index].parameters.map(\.name)
    case .user(let code): code.parameters.map(\.name)
    }
  }

  /// Puts arguments given by name where their parameters are; how many places the window then has.
  private func arrange(_ window: Slot, _ names: [String?], _ parameters: [String], _ function: Function)
    throws(Diagnostic) -> Int
  {
    let given = (0..<names.count).map { (window + $0).take() }
    let total = max(parameters.count, names.count)
    for offset in 0..<total { (window + offset).pointee = .nothing }
    var count = 0
    for (position, name) in names.enumerated() {
      let place: Int
      if let name {
        guard let index = parameters.firstIndex(of: name) else {
          throw atArgument(position, unknownParameter(name, parameters, function))
        }
        place = index
      } else {
        place = position
      }
      guard (window + place).pointee.isNothing else {
        let parameter = place < parameters.count ? parameters[place] : "an argument"
        throw atArgument(position, Diagnostic(.error, "\(function.name) gets \(parameter) twice"))
      }
      (window + place).pointee = given[position]
      count = max(count, place + 1)
    }
    return count
  }

  /// The same error at an argument of the call, together with the name it is given by.
  private func atArgument(_ position: Int, _ error: Diagnostic) -> Diagnostic {
    let (tree, node) = (code.tree, nodeAtPlay)
    guard tree.kind(node) == .call, position + 1 < tree.childCount(node) else { return error }
    return error.located(at: tree.range(tree.child(node, position + 1)), in: tree.source)
  }

  private func checkGiven(
    _ window: Slot, _ parameters: [(name: String, hasDefault: Bool)], _ count: Int, _ name: String
  )
    throws(Diagnostic)
  {
    for (index, parameter) in parameters.enumerated() where !parameter.hasDefault {
      if index >= count || (window + index).pointee.isNothing {
        throw Diagnostic(.error, "\(name) needs \(parameter.name)")
      }
    }
  }

  private func unknownParameter(_ name: String, _ parameters: [String], _ function: Function) -> Diagnostic {
    let list = parameters.isEmpty ? "it takes none" : "it takes \(parameters.joined(separator: ", "))"
    return Diagnostic(.error, "\(function.name) has no parameter \(name)")
      .hinting(Suggestion.nearest(to: name, in: parameters).map { "did you mean \($0)?" } ?? list)
  }

  // MARK: What a name in call position means

  /// The function that a callee is. A variable that holds none is passed over for one further out, or a builtin.
  func function(in value: Value, node: NodeID?) throws(Diagnostic) -> Function {
    if case .function(let function) = value { return function }
    let tree = code.tree
    guard let node, tree.kind(node) == .name, let id = tree.nameID(node) else {
      throw notCallable(value, node)
    }
    let name = tree.name(id)
    if case .function(let function)? = globals.value(of: name) { return function }
    if let index = Builtins.index(of: name) { return Builtins.function(index) }
    throw value.isNothing ? undefinedFunction(name) : notCallable(value, node)
  }

  func resolveCallee(_ slot: Slot, _ name: Int) throws(Diagnostic) -> Value {
    if case .function = slot.pointee { return slot.pointee }
    if let index = Builtins.index(of: code.strings[name]) { return .function(Builtins.function(index)) }
    throw undefinedFunction(code.strings[name])
  }

  private var calleeNode: NodeID? {
    let node = nodeAtPlay
    return code.tree.kind(node) == .call ? code.tree.child(node, 0) : nil
  }

  /// The user's function by the name of a builtin, if there is one.
  func shadowing(_ name: String) -> Function? {
    if case .function(let function)? = globals.value(of: name) { return function }
    return nil
  }

  func shadowing(_ id: OperationID) -> Function? {
    guard code.tree.kind(nodeAtPlay) == .call else { return nil }
    return shadowing(Operation[id].name)
  }

  // MARK: Results

  /// `return a`: ends the frame; where the caller goes on, nil where native code waits.
  func leave(with value: Slot) throws(Diagnostic) -> Next? {
    try returnValue(value, to: frame.pointee.registers)
    let isEntry = frame.pointee.isEntry
    pop(keeping: 1)
    if isEntry { return nil }
    let next = frame.pointee.next
    try tooFewResults(1, next - 1)
    return next
  }

  func leaveWithNothing() throws(Diagnostic) -> Next? {
    let isEntry = frame.pointee.isEntry
    frame.pointee.registers.pointee = .nothing
    pop(keeping: 1)
    if isEntry { return nil }
    let next = frame.pointee.next
    try tooFewResults(0, next - 1)
    return next
  }

  private func returnValue(_ value: Slot, to result: Slot) throws(Diagnostic) {
    if value.pointee.isNothing { throw undefined(nodeAtPlay) }
    result.pointee = value.pointee
  }

  /// `return a, b`: as many of the values as the caller wants.
  func returnResults(_ instruction: Instruction, _ values: Slot) throws(Diagnostic) {
    let given = Int(instruction.setting)
    let results = (0..<given).map { (values + $0).pointee }
    if frame.pointee.isEntry {
      let result = frame.pointee.registers
      pop(keeping: 1)
      result.pointee = results[0]
      return
    }
    let registers = frame.pointee.registers
    pop(keeping: 0)
    let wanted = wantedResults(frame.pointee.next - 1)
    if wanted > given { try tooFewResults(given, frame.pointee.next - 1) }
    for offset in 0..<max(1, min(wanted, given)) { (registers + offset).pointee = results[offset] }
  }

  /// How many results the call instruction at `call` wants.
  private func wantedResults(_ call: Next) -> Int { Int(call.pointee.setting) }

  func tooFewResults(_ given: Int, _ call: Next) throws(Diagnostic) {
    let wanted = wantedResults(call)
    guard wanted > given, wanted > 1 || given == 0 else { return }
    let results = given == 0 ? "no result" : plural(given, "result")
    throw Diagnostic(
      .error, "the function gives \(results), and \(wanted) \(wanted == 1 ? "is" : "are") wanted"
    )
    .hinting(given == 0 ? "return gives one: return x" : nil)
  }

  // MARK: Closures and cells

  func makeClosure(_ index: Int) throws(Diagnostic) -> Function {
    let inner = code.functions[index]
    var captures: [Cell] = []
    for capture in inner.captures {
      switch capture {
      case .local(let register):
        guard case .object(let object) = (frame.pointee.registers + register).pointee,
          let cell = object as? Cell
        else {
          throw Diagnostic(.error, "a captured variable has no cell")
        }
        captures.append(cell)
      case .outer(let index):
        guard let function = frame.pointee.function else { continue }
        captures.append(function._withUnsafeGuaranteedRef { $0.captures[index] })
      }
    }
    return Function(inner, captures: captures)
  }

  func cell(_ instruction: Instruction, _ a: Slot, _ b: Slot) throws(Diagnostic) {
    switch instruction.opcode {
    case .makeCell: a.pointee = .object(Cell(a.pointee))
    case .loadCell: a.pointee = try contents(b)
    case .storeCell:
      guard case .object(let object) = a.pointee, let cell = object as? Cell else { return }
      if b.pointee.isNothing { throw Diagnostic(.error, "the right side has no value to give") }
      cell.value = b.pointee
    case .loadCapture:
      guard let function = frame.pointee.function else { return }
      let value = function._withUnsafeGuaranteedRef { $0.captures[instruction.b.index].value }
      if value.isNothing { throw undefined(nodeAtPlay) }
      a.pointee = value
    default: break
    }
  }

  private func contents(_ place: Slot) throws(Diagnostic) -> Value {
    guard case .object(let object) = place.pointee, let cell = object as? Cell, !cell.value.isNothing else {
      throw undefined(nodeAtPlay)
    }
    return cell.value
  }
}
