import NNCore

/// What came of a file with gradients written by hand, as `nnrepl check` judges it.
public struct Exercise: Sendable {
  /// What `check` found; nil where there was nothing to check.
  public var report: CheckReport?
  /// What failed: lines that are no gradients, or the file as a whole.
  public var failures: [Diagnostic] = []
  /// Whether another variable could have been the cost as well: nothing but its place in the program tells.
  public var isCostGuessed = false

  /// Whether every gradient line is right and nothing failed.
  public var isRight: Bool { failures.isEmpty && report?.isRight == true }
}

extension Interpreter {
  /// Runs a program with gradients written by hand, and checks them.
  ///
  /// A gradient line that fails is judged all the same; the program goes on with the true gradient in its place. Any
  /// other line that fails ends the run, and what was computed until then is checked.
  ///
  /// - Parameters:
  ///   - source: the program.
  ///   - cost: the variable whose gradients are checked; nil for the one that all others lead to.
  public func runExercise(_ source: Source, cost: String? = nil) -> Exercise {
    var exercise = Exercise()
    var asked: [String] = []
    var holes: [CheckedLine] = []
    do {
      let tree = try parse(source)
      asked = tree.costsAskedFor
      defer { holes = self.holes(in: tree) }
      try runStatements(tree, asked)
    } catch {
      exercise.failures.append(error)
      if error.severity == .interrupt { return exercise }
    }
    do throws(Diagnostic) {
      let found = costName(asked)
      guard let name = cost ?? found?.name else {
        throw Diagnostic(.error, "no variable of \(source.name) is computed from params to a single number")
          .hinting("declare what is trained: param W = …, and compute the cost from it")
      }
      exercise.report = try check(name)
      exercise.isCostGuessed = cost == nil && found?.isGuessed == true
      exercise.report?.add(holes)
    } catch {
      if !holes.isEmpty, exercise.failures.isEmpty {
        exercise.report = CheckReport(cost: cost ?? costName(asked)?.name ?? "", lines: holes)
        return exercise
      }
      // Of a program that failed before there was anything to check, the reason is enough.
      if exercise.failures.isEmpty { exercise.failures.append(error) }
    }
    return exercise
  }

  /// The gradients that a program leaves to be written, `dW1 = ?`.
  private func holes(in tree: SyntaxTree) -> [CheckedLine] {
    var found: [CheckedLine] = []
    var pending = [tree.root]
    while let node = pending.popLast() {
      pending += tree.children(node).reversed()
      guard tree.kind(node) == .assign, tree.kind(tree.child(node, 1)) == .hole else { continue }
      let name = tree.printed(tree.child(node, 0))
      var line = CheckedLine(
        gradient: name, text: tree.printed(node), file: tree.source?.name ?? "",
        line: tree.source.map { $0.line(of: tree.range(node).start) } ?? 0, verdict: .undecided)
      line.isHole = true
      if let shape = try? machine.answerHole(name, in: [.global]).first { line.notes.append(shape) }
      found.append(line)
    }
    return found
  }

  /// Runs the statements of a program one by one.
  ///
  /// - Parameter asked: names that may be the cost's.
  private func runStatements(_ tree: SyntaxTree, _ asked: [String]) throws(Diagnostic) {
    for statement in tree.children(tree.root) {
      var single = tree
      single.root = statement
      do {
        try run(single, name: tree.source?.name ?? "", isInteractive: false)
      } catch {
        guard error.severity != .interrupt, standIn(for: statement, in: tree, asked) else { throw error }
      }
    }
  }

  /// Gives the gradients that a failed line was to assign their true values.
  private func standIn(for statement: NodeID, in tree: SyntaxTree, _ asked: [String]) -> Bool {
    if let (base, field) = tree.assignedField(statement) { return standIn(for: field, of: base, asked) }
    let targets = StatementNames(statement, in: tree).targets
    let values = targets.compactMap { GradientName.variable(of: $0).flatMap(differentiable) }
    guard !targets.isEmpty, values.count == targets.count, let gradients = gradients(for: values, asked)
    else {
      return false
    }
    for (name, gradient) in zip(targets, gradients) { machine.standIn(gradient, for: name) }
    return true
  }

  private func standIn(for field: String, of base: String, _ asked: [String]) -> Bool {
    guard let network = self[base]?.network,
      let variable = GradientName.variable(of: field),
      case .matrix(let value)? = network.fieldValue(variable),
      let gradient = gradients(for: [value], asked)?.first
    else { return false }
    return (try? network.set(field, to: .matrix(gradient))) != nil
  }

  /// What a gradient's name is about: a variable, else the field of the only network.
  private func differentiable(_ name: String) -> Matrix? {
    if case .matrix(let matrix)? = self[name] { return matrix }
    let networks = variableNames.compactMap { self[$0]?.network }
    guard self[name] == nil, networks.count == 1, case .matrix(let matrix)? = networks[0].fieldValue(name)
    else { return nil }
    return matrix
  }

  /// The true gradients of the cost; nil where there is no cost yet, or it depends on less.
  private func gradients(for values: [Matrix], _ asked: [String]) -> [Matrix]? {
    guard let name = costName(asked)?.name, case .matrix(let cost)? = self[name],
      let found = try? machine.gradients(of: cost, named: name, for: values)
    else { return nil }
    let known = found.compactMap { $0 }
    return known.count == values.count ? known : nil
  }

  /// The variable that is the cost: the one that the program itself asks about, else one that most of the gradients
  /// written by hand can be of.
  private func costName(_ asked: [String]) -> (name: String, isGuessed: Bool)? {
    let globals = machine.globals
    let notes = variableNames.compactMap { name in
      globals.existingSlot(of: name).map { (name: name, note: globals.notes[$0]) }
    }
    let hands = notes.filter { $0.note.handStatement >= 0 && isGradient($0.name) }
    let found = notes.compactMap { name, note -> CostCandidate? in
      guard !isGradient(name), self[name]?.number != nil else { return nil }
      let slice = machine.tracking.slices[note.slice].statements
      if slice.isEmpty { return nil }
      let names = Set(slice.compactMap(machine.line).flatMap { $0.names.targets + $0.names.reads })
      return CostCandidate(
        name: name, slice: slice, definition: note.definition,
        gradients: hands.count { GradientName.variable(of: $0.name).map(names.contains) ?? false })
    }
    if let name = asked.first(where: { name in found.contains { $0.name == name } }) { return (name, false) }
    // What is computed from gradients, or moves with no param, is no cost.
    let statements = Set(hands.map(\.note.handStatement))
    var left = found.filter { statements.isDisjoint(with: $0.slice) }
    left = left.first(where: hasGradient) == nil ? left : left.filter(hasGradient)
    let most = left.map(\.gradients).max() ?? 0
    left = left.filter { $0.gradients == most }
    if let usual = Self.usualCosts.first(where: { name in left.contains { $0.name == name } }) {
      return (usual, false)
    }
    if let first = statements.min(), left.contains(where: { $0.definition < first }) {
      left = left.filter { $0.definition < first }
    }
    let best = left.max { ($0.slice.count, $0.definition) < ($1.slice.count, $1.definition) }
    return best.map { best in (best.name, left.contains { !Set($0.slice).isSubset(of: best.slice) }) }
  }

  private struct CostCandidate {
    let name: String
    let slice: [Int32]
    let definition: Int32
    /// How many of the gradients written by hand are of variables it is computed from.
    let gradients: Int
  }

  private static let usualCosts = ["J", "L", "loss", "Loss", "cost", "Cost", "E", "C"]

  private func isGradient(_ name: String) -> Bool {
    GradientName.variable(of: name).map { differentiable($0) != nil } ?? false
  }

  /// Whether a number moves with any param; one that is stale counts as such.
  private func hasGradient(_ candidate: CostCandidate) -> Bool {
    let params = variableNames.compactMap { name -> Matrix? in
      guard let slot = machine.globals.existingSlot(of: name), machine.globals.notes[slot].isParam,
        case .matrix(let value)? = self[name]
      else { return nil }
      return value
    }
    guard !params.isEmpty, case .matrix(let value)? = self[candidate.name],
      let gradients = try? machine.gradients(of: value, named: candidate.name, for: params)
    else { return true }
    return gradients.contains { $0.map { !$0.isAllZero } ?? false }
  }
}

extension CheckReport {
  /// Adds gradients that are still to be written, those that another line assigns left out.
  fileprivate mutating func add(_ holes: [CheckedLine]) {
    for hole in holes where !lines.contains(where: { $0.gradient == hole.gradient }) {
      let place = lines.firstIndex { $0.file == hole.file && $0.line > hole.line } ?? lines.count
      lines.insert(hole, at: place)
    }
  }
}

extension SyntaxTree {
  /// The variables whose gradients the program itself asks for by name, the surest first.
  fileprivate var costsAskedFor: [String] {
    var names: [String: [String]] = [:]
    var pending = [root]
    while let node = pending.popLast() {
      pending += children(node).reversed()
      guard kind(node) == .call, case .call(let callee, let arguments) = expression(node),
        case .name(let function) = expression(callee), let first = arguments.first,
        case .name(let cost) = expression(argument(first).value)
      else { continue }
      names[name(function), default: []].append(name(cost))
    }
    return ["check", "gradcheck", "backward", "explain", "forward", "health"].flatMap { names[$0] ?? [] }
  }
}

extension Machine {
  /// Gives a gradient a value in place of a line of the user's that failed; the line stays its definition.
  fileprivate func standIn(_ gradient: Matrix, for name: String) {
    let slot = globals.slot(of: name)
    globals[slot].pointee = Value.matrix(gradient).unboxed
    globals.notes[slot].isNewGradient = true
  }
}
