import NNCore

/// Where a call's arguments go once it is known which function it calls: found once for a place in the code and a
/// function, and kept there.
struct NamedCall {
  /// What the places were found for.
  enum Callee: Equatable {
    case builtin(Int)
    case user(ObjectIdentifier)
  }

  let callee: Callee
  /// The parameter that each argument is for.
  let places: [Int]
  /// How many places the arguments take; those between that are given none are optional.
  let count: Int
}

// Calls with arguments given by name.
extension Machine {
  func callNamed(_ instruction: Instruction, _ window: Slot, _ callee: Slot, _ next: Next) throws(Diagnostic)
    -> Next
  {
    let shape = instruction.b.index
    let function = try function(in: callee.pointee, node: calleeNode)
    switch function.body {
    case .builtin(let index):
      let call = try namedCall(shape, .builtin(index), function)
      arrange(window, call)
      try keeping(window, call.count) { () throws(Diagnostic) in
        try callBuiltin(
          index, window: window, count: call.count, wanted: code.callShapes[shape].wanted, at: nodeAtPlay)
      }
      return next
    case .user(let callee):
      let call = try namedCall(shape, .user(ObjectIdentifier(callee)), function)
      arrange(window, call)
      do {
        return try push(
          .passUnretained(callee), function: .passUnretained(function), registers: window, given: call.count,
          isEntry: false)
      } catch {
        clear(window, call.count)
        throw error
      }
    }
  }

  private func namedCall(_ shape: Int, _ callee: NamedCall.Callee, _ function: Function) throws(Diagnostic)
    -> NamedCall
  {
    if let known = code.namedCalls[shape], known.callee == callee { return known }
    let call = try findPlaces(code.callShapes[shape].names, callee, function)
    code.namedCalls[shape] = call
    return call
  }

  private func findPlaces(_ names: [String?], _ callee: NamedCall.Callee, _ function: Function)
    throws(Diagnostic) -> NamedCall
  {
    let parameters: [(name: String, isOptional: Bool)] =
      switch function.body {
      case .builtin(let index): Builtins.table[index].parameters.map { ($0.name, !$0.isRequired) }
      case .user(let code): code.parameters.map { ($0.name, $0.hasDefault) }
      }
    var places: [Int] = []
    for (position, name) in names.enumerated() {
      var place = position
      if let name {
        guard let index = parameters.firstIndex(where: { $0.name == name }) else {
          throw atArgument(position, unknownParameter(name, parameters.map(\.name), function))
        }
        place = index
      }
      if places.contains(place) {
        let parameter = place < parameters.count ? parameters[place].name : "an argument"
        throw atArgument(position, Diagnostic(.error, "\(function.name) gets \(parameter) twice"))
      }
      places.append(place)
    }
    for (index, parameter) in parameters.enumerated() where !parameter.isOptional && !places.contains(index) {
      throw Diagnostic(.error, "\(function.name) needs \(parameter.name)")
    }
    return NamedCall(callee: callee, places: places, count: (places.max() ?? -1) + 1)
  }

  /// Puts the arguments where their parameters are, and nothing in between.
  private func arrange(_ window: Slot, _ call: NamedCall) {
    let given = call.places.count
    withUnsafeTemporaryAllocation(of: Value.self, capacity: max(1, given)) { arguments in
      guard let base = arguments.baseAddress else { return }
      base.moveInitialize(from: window, count: given)
      // What stood behind the arguments are numbers, or values that nothing reads any more.
      if call.count > given { (window + given).deinitialize(count: call.count - given) }
      window.initialize(repeating: .nothing, count: max(call.count, given))
      for (position, place) in call.places.enumerated() {
        (window + place).moveUpdate(from: base + position, count: 1)
      }
    }
  }

  /// The same error at an argument of the call, together with the name it is given by.
  private func atArgument(_ position: Int, _ error: Diagnostic) -> Diagnostic {
    let (tree, node) = (code.tree, nodeAtPlay)
    guard tree.kind(node) == .call, position + 1 < tree.childCount(node) else { return error }
    return error.located(at: tree.range(tree.child(node, position + 1)), in: tree.source)
  }

  private func unknownParameter(_ name: String, _ parameters: [String], _ function: Function) -> Diagnostic {
    let list = parameters.isEmpty ? "it takes none" : "it takes \(parameters.joined(separator: ", "))"
    return Diagnostic(.error, "\(function.name) has no parameter \(name)")
      .hinting(Suggestion.nearest(to: name, in: parameters).map { "did you mean \($0)?" } ?? list)
  }
}
