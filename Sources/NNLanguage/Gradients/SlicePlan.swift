import NNCore

/// What a slice reads and assigns, in variables of the top level: what a replay of it needs to know.
struct SlicePlan {
  struct Target {
    let variable: Int
    let value: Int
    let slice: Int32
    let hand: Int32
  }

  /// The variables read as data, and which input of the replay each is; several may be one.
  var inputs: [(variable: Int, index: Int)] = []
  /// In the order of the replay's params.
  var params: [(variable: Int, index: Int)] = []
  var targets: [Target] = []
  /// The variables of the functions that it calls.
  var functions: [Int] = []
  /// The variables of gradients, and which gradient each receives.
  var gradients: [(variable: Int, index: Int)] = []
  /// The number, among the named values, of the value that the slice is of.
  var output = 0
}

extension Machine {
  /// A replay of a variable's slice, whose statements have just run; nil where it is more than straight lines, or
  /// reads what no variable of the top level holds.
  func makeReplay(of output: Int, _ statements: [Int32]) throws(CoreError) -> SliceReplay? {
    guard case .matrix(let cost) = globals[output].pointee, cost.isScalar, tracking.tape.isFresh(cost),
      let names = straightLines(statements), let variables = variables(names)
    else { return nil }
    let named = variables.targets.map(\.variable) + variables.params
    let replay = try differentiation.replay(of: cost, named: named.compactMap { matrix(in: $0) }) { matrix in
      variables.data.first {
        self.globals[$0].isMatrix && self.globals[$0].uncheckedStorage === matrix.storage
      }
      .map { Int32($0) } ?? -1
    }
    guard let replay, let plan = plan(replay, variables, output) else { return nil }
    return SliceReplay(replay, plan, self)
  }

  private func matrix(in variable: Int) -> Matrix? {
    if case .matrix(let matrix) = globals[variable].pointee { return matrix }
    return nil
  }

  // MARK: What the statements speak of

  private struct Names {
    var reads: Set<String> = []
    var functions: Set<String> = []
    var targets: [(name: String, statement: Int32)] = []
  }

  private func straightLines(_ statements: [Int32]) -> Names? {
    if hasShadowedBuiltins { return nil }
    var names = Names()
    for number in statements {
      guard let code = tracking.sources[number],
        let line = StraightLine(code.statements[Int(number) - code.firstStatement].node, in: code.tree)
      else { return nil }
      names.reads.formUnion(line.reads)
      for call in line.calls {
        guard add(call, line, &names) else { return nil }
      }
      names.targets.removeAll { $0.name == line.target }
      names.targets.append((line.target, number))
    }
    return names
  }

  /// Looks into a function that a statement calls: false where it is more than straight lines.
  private func add(_ name: String, _ line: StraightLine, _ names: inout Names) -> Bool {
    guard case .function(let function)? = globals.value(of: name), case .user(let code) = function.body,
      code.captures.isEmpty,
      let walk = StraightFunction.walk(
        code, [StraightFunction.Kind](repeating: .tracked, count: code.parameters.count), self)
    else { return false }
    names.reads.formUnion(walk.outer.reads)
    names.functions.formUnion(walk.outer.functions)
    names.functions.insert(name)
    return true
  }

  private struct Variables {
    var data: [Int] = []
    var params: [Int] = []
    var targets: [(variable: Int, statement: Int32)] = []
    var functions: [Int] = []
  }

  /// The names as variables; nil where one is none of the top level's, or a value of the graph that the slice does
  /// not compute.
  private func variables(_ names: Names) -> Variables? {
    var variables = Variables()
    for (name, statement) in names.targets {
      guard let slot = globals.existingSlot(of: name), let value = matrix(in: slot),
        tracking.tape.isFresh(value), !globals.notes[slot].isParam
      else { return nil }
      variables.targets.append((slot, statement))
    }
    for name in names.reads.sorted() where !names.targets.contains(where: { $0.name == name }) {
      guard let slot = globals.existingSlot(of: name), globals[slot].pointee.shape != nil else { return nil }
      if globals.notes[slot].isParam {
        variables.params.append(slot)
      } else if let value = matrix(in: slot), tracking.tape.isFresh(value) {
        return nil
      } else {
        variables.data.append(slot)
      }
    }
    variables.functions = names.functions.compactMap { globals.existingSlot(of: $0) }
    return variables
  }

  // MARK: What the replay needs of them

  private func plan(_ replay: Replay, _ variables: Variables, _ output: Int) -> SlicePlan? {
    var plan = SlicePlan()
    plan.functions = variables.functions
    guard setInputs(&plan, replay, variables), setParams(&plan, replay, variables),
      setTargets(&plan, replay, variables, output)
    else { return nil }
    return plan
  }

  private func setInputs(_ plan: inout SlicePlan, _ replay: Replay, _ variables: Variables) -> Bool {
    for (index, input) in replay.inputs.enumerated() {
      let variable = Int(input.variable)
      guard variables.data.contains(variable), globals[variable].isNumber == input.isNumber else {
        return false
      }
      for other in variables.data where other == variable || isSame(other, variable) {
        plan.inputs.append((other, index))
      }
    }
    return variables.data.allSatisfy { data in plan.inputs.contains { $0.variable == data } }
  }

  /// Whether two variables hold one matrix.
  private func isSame(_ a: Int, _ b: Int) -> Bool {
    globals[a].isMatrix && globals[b].isMatrix && globals[a].uncheckedStorage === globals[b].uncheckedStorage
  }

  private func setParams(_ plan: inout SlicePlan, _ replay: Replay, _ variables: Variables) -> Bool {
    for (index, param) in replay.params.enumerated() {
      guard let variable = variables.params.first(where: { globals.notes[$0].param == param.slot }) else {
        return false
      }
      plan.params.append((variable, index))
    }
    return plan.params.count == variables.params.count
  }

  private func setTargets(
    _ plan: inout SlicePlan, _ replay: Replay, _ variables: Variables, _ output: Int
  ) -> Bool {
    for (k, target) in variables.targets.enumerated() {
      guard let value = replay.valueIndex(ofNamed: k) else { return false }
      let isHand = GradientName.variable(of: globals.names[target.variable]) != nil
      plan.targets.append(
        SlicePlan.Target(
          variable: target.variable, value: value, slice: globals.notes[target.variable].slice,
          hand: isHand ? target.statement : -1))
      if target.variable == output { plan.output = k }
    }
    for (k, variable) in (variables.targets.map(\.variable) + variables.params).enumerated() {
      guard let index = replay.gradientIndex(ofNamed: k) else { continue }
      plan.gradients.append((globals.slot(of: GradientName.of(globals.names[variable])), index))
    }
    // A gradient that is itself computed on the way would be written twice.
    return plan.gradients.allSatisfy { gradient in
      !variables.targets.contains { $0.variable == gradient.variable }
        && !variables.data.contains(gradient.variable)
    }
  }
}
