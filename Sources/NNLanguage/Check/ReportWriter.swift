import NNCore

/// Puts what the judge found into words.
struct ReportWriter {
  let judge: GradientJudge
  let judgements: [GradientJudge.Judgement]
  let factor: KnownFactor?

  func report() throws(Diagnostic) -> CheckReport {
    var lines: [CheckedLine] = []
    for judgement in judgements { lines.append(shown(try line(judgement))) }
    return CheckReport(cost: judge.problem.cost, lines: lines, costFinding: factor.map(costFinding))
  }

  /// A line with names as the user wrote them.
  private func shown(_ line: CheckedLine) -> CheckedLine {
    let written = Dictionary(judge.problem.aliases.map { ($1, $0) }) { first, _ in first }
    func shown(_ text: String) -> String {
      let text = text.filter { $0 != Inlining.mark }
      return written.isEmpty ? text : text.replacingPaths { written[$0] }
    }
    var line = line
    line.gradient = shown(line.gradient)
    line.text = shown(line.text)
    line.correction = line.correction.map(shown)
    line.mistakes = line.mistakes.map { Mistake($0.kind, shown($0.sentence)) }
    line.others = line.others.map { other in
      (other.mistakes.map { Mistake($0.kind, shown($0.sentence)) }, shown(other.correction))
    }
    line.notes = line.notes.map(shown)
    line.reason = line.reason.map(shown)
    return line
  }

  // MARK: One line

  private func line(_ judgement: GradientJudge.Judgement) throws(Diagnostic) -> CheckedLine {
    let last = judgement.hand.shown
    var line = CheckedLine(
      gradient: judgement.hand.gradient, text: last.text, file: last.file,
      line: last.sourceLine, verdict: verdict(judgement))
    line.reason = reason(for: judgement.hand.variable)
    if judgement.hand.isOfOneRound {
      line.notes.append("this is what one round of a loop has; it is judged with what the loop adds up")
    } else if judgement.isZero {
      line.notes.append(
        "the true gradient is 0 for all numbers tried, so nothing can be told from values")
    } else if factor != nil {
      line.notes = []
    } else if judgement.scale == nil {
      try describeMistake(judgement, &line)
    }
    if line.verdict == .right { line.notes += rightNotes(judgement) }
    return line
  }

  private func verdict(_ judgement: GradientJudge.Judgement) -> CheckedLine.Verdict {
    if judgement.isZero || judgement.hand.isOfOneRound { return .undecided }
    return judgement.scale != nil || factor != nil ? .right : .wrong
  }

  private func reason(for variable: String) -> String? {
    let readers = judge.problem.readers(of: variable)
    guard !readers.isEmpty else { return nil }
    return readers.prefix(3).map(\.text).joined(separator: " and ")
  }

  private func rightNotes(_ judgement: GradientJudge.Judgement) -> [String] {
    var notes: [String] = []
    if judgement.scale == .count, !judgement.isScaleOpen {
      let name = judgement.hand.gradient
      notes.append(
        "\(name) is \(countText) times the gradient of \(judge.problem.cost): the division by \(countText) comes later"
      )
    }
    let wrong = judgements.filter { $0.scale == nil && !$0.isZero && !$0.hand.isOfOneRound }.map(\.hand)
    let inherited = wrong.filter { judgement.program.gradientsRead.contains($0.variable) }.map(\.gradient)
    if factor == nil, !inherited.isEmpty {
      let names = inherited.sorted().joined(separator: " and ")
      notes.append("the line itself is right; \(names), which it reads, is not")
    }
    return notes
  }

  private var countText: String {
    let context = EditContext(
      judge.problem, hand: judgements[0].hand, probe: judge.worlds[0][0].probes[0])
    return context.counts.first.map { LineReader(SyntaxTree()).text($0.formula) } ?? "m"
  }

  // MARK: A wrong line

  private func describeMistake(_ judgement: GradientJudge.Judgement, _ line: inout CheckedLine)
    throws(Diagnostic)
  {
    guard let best = judgement.fixes.first else { return try describeDifference(judgement, &line) }
    line.mistakes = mistakes(best, judgement)
    line.correction = text(best, judgement.program)
    for other in judgement.fixes.dropFirst() {
      line.others.append((mistakes(other, judgement), text(other, judgement.program)))
    }
    if best.scale == .count, !judgement.hand.isParam {
      line.notes.append(
        "this is \(countText) times the gradient of \(judge.problem.cost): the division by \(countText) comes later"
      )
    }
  }

  /// What is divided by the number of examples twice is told with the line that did it first.
  private func mistakes(_ fix: GradientFix, _ judgement: GradientJudge.Judgement) -> [Mistake] {
    fix.mistakes.map { mistake in
      guard mistake.kind == .countExtra else { return mistake }
      let settled = judgement.program.gradientsRead.filter { judge.scales[$0] == .one }.map(GradientName.of)
        .sorted()
      guard let first = settled.first else { return mistake }
      return Mistake(.countExtra, "the division by \(countText) happens twice: it is in \(first) already")
    }
  }

  private func text(_ fix: GradientFix, _ program: HandProgram) -> String {
    let step = program.steps[fix.replacement.step]
    return "\(step.target ?? program.gradient) = \(step.reader.text(fix.replacement.formula))"
  }

  /// Without a known mistake: the shape, the ratio, the direction, the worst element.
  private func describeDifference(_ judgement: GradientJudge.Judgement, _ line: inout CheckedLine)
    throws(Diagnostic)
  {
    let world = judge.worlds[0][0]
    guard let probe = world.probes.first, let truth = probe.truth[judgement.hand.variable] else { return }
    let name = judgement.hand.gradient
    guard let value = try judge.value(judgement.program, world, probe, judgement.inputScales) else {
      let reason = judge.runner.failure.map { ": \($0)" } ?? ""
      line.notes.append("the line cannot be computed\(reason)")
      line.notes.append("\(name) must be \(truth.shape), like \(judgement.hand.variable)")
      return
    }
    if value.shape != truth.shape {
      line.notes.append(
        "it gives \(value.shape), and \(name) must be \(truth.shape), like \(judgement.hand.variable)")
    } else if let ratio = try ratio(judgement), isTelling(ratio) {
      line.notes.append("it is \(judge.runner.bench.interpreter.text(ratio)) times the true gradient")
    } else {
      describeDirection(value, truth, &line)
    }
  }

  /// What a line is times the true gradient, the same in every probe; nil where it is no multiple of it.
  private func ratio(_ judgement: GradientJudge.Judgement) throws(Diagnostic) -> Scalar? {
    var common: Scalar?
    let world = judge.worlds[0][0]
    for probe in world.probes {
      guard let truth = probe.truth[judgement.hand.variable],
        let value = try judge.value(judgement.program, world, probe, judgement.inputScales),
        let ratio = value.ratio(to: truth)
      else { return nil }
      if let common, (common - ratio).magnitude > 1e-6 * common.magnitude { return nil }
      common = common ?? ratio
    }
    return common
  }

  /// Where numbers of the data were drawn anew, a multiple may be one of them: whole ones alone tell something.
  private func isTelling(_ ratio: Scalar) -> Bool {
    if judge.problem.freeNumbers.isEmpty { return true }
    return [ratio, 1 / ratio].contains { ($0 - $0.rounded()).magnitude < 1e-6 && $0.magnitude < 1000 }
  }

  private func describeDirection(_ value: Matrix, _ truth: Matrix, _ line: inout CheckedLine) {
    let interpreter = judge.runner.bench.interpreter
    func show(_ number: Scalar) -> String { interpreter.text(number) }
    if truth.shape.isScalar {
      line.notes.append(
        "for numbers tried here, it is \(show(value.buffer[0])) and should be \(show(truth.buffer[0]))")
      return
    }
    if let cosine = value.cosine(to: truth) {
      line.notes.append(
        "its direction agrees with the true gradient's to a cosine of \(show((cosine * 1000).rounded() / 1000))"
      )
    }
    var worst = 0
    for place in 0..<truth.shape.count {
      let (a, b) = (value.buffer[place] - truth.buffer[place], value.buffer[worst] - truth.buffer[worst])
      if a.magnitude > b.magnitude { worst = place }
    }
    let (row, column) = (worst / truth.shape.columns + 1, worst % truth.shape.columns + 1)
    line.notes.append(
      "for numbers tried here, element [\(row), \(column)] is \(show(value.buffer[worst])) and should be \(show(truth.buffer[worst]))"
    )
  }

  // MARK: The cost

  private func costFinding(_ factor: KnownFactor) -> String {
    let cost = judge.problem.cost
    let line = judge.problem.definition(of: cost)?.text ?? cost
    let multiple =
      switch factor {
      case .minus: "-\(cost)"
      case .count: "\(countText)*\(cost)"
      case .inverseCount: "\(cost)/\(countText)"
      case .two: "2*\(cost)"
      case .half: "\(cost)/2"
      case .minusCount: "-\(countText)*\(cost)"
      case .minusInverseCount: "-\(cost)/\(countText)"
      }
    let detail =
      factor == .minus
      ? "\(cost) lacks its minus, or every gradient has the wrong sign"
      : "either \(cost) lacks a factor, or every gradient has one too many"
    return "the gradients are right for \(multiple), not for \(line): \(detail)"
  }
}

extension String {
  /// The text with other words for the names and paths in it, such as `net.dW1`.
  fileprivate func replacingPaths(_ replacement: (String) -> String?) -> String {
    var result = ""
    var path = ""
    func end() {
      result += replacement(path) ?? path
      path = ""
    }
    for character in self {
      if character.isLetter || character.isNumber || character == "_" || character == "." {
        path.append(character)
      } else {
        end()
        result.append(character)
      }
    }
    end()
    return result
  }
}
