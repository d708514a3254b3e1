import NNCore

extension Machine {
  /// Judges the gradients that the user wrote by hand for a cost.
  ///
  /// - Parameter only: the names of the gradients asked for; nil for all.
  /// - Throws: where the cost cannot be run again, or no gradient was written by hand.
  func check(_ cost: VariableReference, only: Set<String>?) throws(Diagnostic) -> CheckReport {
    if let shape = place(of: cost).pointee.shape, !shape.isScalar {
      throw Diagnostic(.error, "\(cost.name) is \(shape); check needs a single number, the cost")
    }
    let problem = try checkProblem(cost)
    if let missing = only?.subtracting(problem.hands.map(\.gradient)).sorted().first {
      let isVariable = problem.hands.contains { $0.variable == missing }
      throw Diagnostic(
        .error, "there is no line of yours that assigns \(isVariable ? "the gradient " : "")\(missing)"
      )
      .hinting(isVariable ? "the gradient is meant: check(\(cost.name), \(GradientName.of(missing)))" : nil)
    }
    guard !problem.hands.isEmpty else {
      throw Diagnostic(.error, "there is no gradient of \(cost.name) written by hand to check")
        .hinting(
          "assign one, such as \(GradientName.of(problem.params.first ?? "W")) = …; explain(\(cost.name)) shows how"
        )
    }
    let limit = max(1 << 28, resources.limit)
    let maker = CheckWorldMaker(
      problem: problem, bench: try CheckBench(memoryLimit: limit, cancellation: resources.cancellation))
    let worlds = try maker.worlds()
    let runner = try HandRunner(
      problem, try CheckBench(memoryLimit: limit, cancellation: resources.cancellation))
    let judge = GradientJudge(problem, worlds, runner)
    let judgements = try judge.judgeAll()
    let factor = try judge.factorOfCost(judgements)
    var report = try ReportWriter(judge: judge, judgements: judgements, factor: factor).report()
    try report.addGeneralNotes(problem, maker.generalWorlds(), runner)
    if let only { report.lines.removeAll { !only.contains($0.gradient) } }
    return report
  }
}

extension Interpreter {
  /// What `check(J)` finds out about the gradients written by hand for the variable `cost`, as values.
  ///
  /// - Throws: where the variable is not computed from params, or no gradient was written by hand.
  public func check(_ cost: String) throws(Diagnostic) -> CheckReport {
    guard let variable = machine.variable(cost, in: [.global]) else { throw machine.undefinedGlobal(cost) }
    return try machine.check(variable, only: nil)
  }
}
