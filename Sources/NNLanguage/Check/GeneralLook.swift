import NNCore

// A second look at what is right for the one example that a program has: lines may lack a sum over examples or a
// division by their number, and no numbers can tell. It adds a note and never changes a verdict.

extension CheckWorldMaker {
  /// What stands for a single number of the program where there are more examples.
  private enum Grown {
    /// Itself: a rate, a weight.
    case kept
    /// A row of numbers, one for each example: a label.
    case row
    /// The number of examples.
    case count
  }

  private static let examples = 3
  private static let mostWorlds = 8

  /// Worlds with more examples, one for each way in which the program's numbers may stand for them; empty where there
  /// are more than one already, or where it is not clear what the examples are.
  func generalWorlds() -> [CheckWorld] {
    let data = numericInputs.filter { !problem.params.contains($0.name) }
    let scalars = data.filter(\.matrix.isScalar)
    guard data.allSatisfy({ $0.matrix.columns == 1 }), scalars.count < data.count, scalars.count <= 4 else {
      return []
    }
    var choices: [[String: Grown]] = [[:]]
    for (name, matrix) in scalars {
      let options: [Grown] = matrix.buffer[0] == 1 ? [.row, .count, .kept] : [.row, .kept]
      choices = choices.flatMap { choice in options.map { choice.merging([name: $0]) { $1 } } }
    }
    var worlds: [CheckWorld] = []
    for choice in choices where worlds.count < Self.mostWorlds {
      let probes = (1...2).compactMap { try? grownProbe(choice, seed: UInt32($0)) }
      if !probes.isEmpty { worlds.append(CheckWorld(probes: probes, isOriginal: false)) }
    }
    return worlds
  }

  private func grownProbe(_ choice: [String: Grown], seed: UInt32) throws -> CheckProbe? {
    var fresh = FreshInputs(seed: seed, in: bench.interpreter.resources)
    var probe = CheckProbe()
    for (name, value) in problem.inputs { probe.values[name] = value }
    for (name, matrix) in numericInputs {
      let value: Matrix
      if problem.params.contains(name) {
        value = try fresh.matrix(.real, matrix.shape)
      } else if !matrix.isScalar {
        value = try fresh.matrix(InputKind(matrix), Shape(matrix.rows, Self.examples))
      } else {
        switch choice[name] ?? .kept {
        case .kept: continue
        case .row:
          let isLabel = matrix.buffer[0] == 0 || matrix.buffer[0] == 1
          value = try fresh.matrix(isLabel ? .zerosAndOnes : .real, Shape(1, Self.examples))
        case .count:
          value = try fresh.matrix(.constant(Scalar(Self.examples)), .scalar)
        }
      }
      probe.values[name] = .matrix(value)
    }
    guard try run(&probe) else { return nil }
    probe.count = Scalar(Self.examples)
    probe.isGrown = true
    return probe
  }
}

extension CheckReport {
  /// Says of right lines what they lack where there are more examples.
  ///
  /// - Parameter worlds: as `CheckWorldMaker.generalWorlds` makes them; a line has to be wrong in all of them.
  mutating func addGeneralNotes(_ problem: CheckProblem, _ worlds: [CheckWorld], _ runner: HandRunner)
    throws(Diagnostic)
  {
    guard !worlds.isEmpty, lines.contains(where: { $0.verdict == .right }) else { return }
    var found: [String: CheckedLine] = [:]
    var rightSomewhere: Set<String> = []
    for world in worlds {
      let judge = GradientJudge(problem, [[world]], runner)
      let judgements = try judge.judgeAll()
      let report = try ReportWriter(judge: judge, judgements: judgements, factor: nil).report()
      for line in report.lines {
        if line.verdict == .right { rightSomewhere.insert(line.gradient) }
        if found[line.gradient] == nil, line.correction != nil { found[line.gradient] = line }
      }
    }
    for index in lines.indices where lines[index].verdict == .right {
      guard let line = found[lines[index].gradient], !rightSomewhere.contains(line.gradient),
        let correction = line.correction
      else { continue }
      lines[index].notes.append("this is for one example; in general \(correction)")
    }
  }
}
