import NNCore

/// What came of a file with gradients written by hand, as `nnrepl check` judges it.
public struct Exercise: Sendable {
  /// What `check` found; nil where there was nothing to check.
  public var report: CheckReport?
  /// What failed: lines that are no gradients, or the file as a whole.
  public var failures: [Diagnostic] = []

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
    do {
      try runStatements(try parse(source))
    } catch {
      exercise.failures.append(error)
      if error.severity == .interrupt { return exercise }
    }
    do throws(Diagnostic) {
      guard let name = cost ?? costName else {
        throw Diagnostic(.error, "no variable of \(source.name) is computed from params to a single number")
          .hinting("declare what is trained: param W = …, and compute the cost from it")
      }
      exercise.report = try check(name)
    } catch {
      // Of a program that failed before there was anything to check, the reason is enough.
      if exercise.failures.isEmpty { exercise.failures.append(error) }
    }
    return exercise
  }

  /// Runs the statements of a program one by one.
  private func runStatements(_ tree: SyntaxTree) throws(Diagnostic) {
    for statement in tree.children(tree.root) {
      var single = tree
      single.root = statement
      do {
        try run(single, name: tree.source?.name ?? "", isInteractive: false)
      } catch {
        guard error.severity != .interrupt, standIn(for: statement, in: tree) else { throw error }
      }
    }
  }

  /// Gives the gradients that a failed line was to assign their true values.
  private func standIn(for statement: NodeID, in tree: SyntaxTree) -> Bool {
    if let (base, field) = tree.assignedField(statement) { return standIn(for: field, of: base) }
    let targets = StatementNames(statement, in: tree).targets
    let values = targets.compactMap { GradientName.variable(of: $0).flatMap(differentiable) }
    guard !targets.isEmpty, values.count == targets.count, let gradients = gradients(for: values) else {
      return false
    }
    for (name, gradient) in zip(targets, gradients) { machine.standIn(gradient, for: name) }
    return true
  }

  private func standIn(for field: String, of base: String) -> Bool {
    guard let network = self[base]?.network,
      let variable = GradientName.variable(of: field),
      case .matrix(let value)? = network.fieldValue(variable),
      let gradient = gradients(for: [value])?.first
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
  private func gradients(for values: [Matrix]) -> [Matrix]? {
    guard let name = costName, case .matrix(let cost)? = self[name],
      let found = try? machine.gradients(of: cost, named: name, for: values)
    else { return nil }
    let known = found.compactMap { $0 }
    return known.count == values.count ? known : nil
  }

  /// The number that most statements lead to: the cost, where a program has one.
  private var costName: String? {
    var best: (name: String, count: Int)?
    for name in variableNames {
      let isGradient = GradientName.variable(of: name).map { differentiable($0) != nil } ?? false
      guard !isGradient, self[name]?.number != nil, let slot = machine.globals.existingSlot(of: name) else {
        continue
      }
      let note = machine.globals.notes[slot]
      let count = machine.tracking.slices.count(of: note.slice)
      if count > 0, best.map({ $0.count <= count }) ?? true { best = (name, count) }
    }
    return best?.name
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
