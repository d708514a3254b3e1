import NNCore

/// A way to mend a wrong line.
struct GradientFix {
  let replacement: Replacement
  let mistakes: [Mistake]
  let scale: GradientScale
  let rank: Int
}

/// Looks for the smallest change of a line's own text that makes it right: one edit, then two.
struct GradientSearch {
  let judge: GradientJudge
  let hand: CheckProblem.Hand
  let program: HandProgram
  let inputScales: [String: GradientScale]
  /// What a mended line may be a multiple of.
  let scales: [GradientScale]
  private let context: EditContext
  /// Steps that are left as they are.
  private var frozen: Set<Int> = []
  private var tried: Set<Replacement> = []
  private static let largestFormula = 80
  /// Pairs of edits tried at most.
  private static let mostPairs = 6000

  init(
    judge: GradientJudge, hand: CheckProblem.Hand, program: HandProgram, inputScales: [String: GradientScale],
    scales: [GradientScale]
  ) throws(Diagnostic) {
    self.judge = judge
    self.hand = hand
    self.program = program
    self.inputScales = inputScales
    self.scales = scales
    context = EditContext(
      judge.problem, hand: hand, probe: judge.worlds[0][0].probes[0], helpers: try judge.helperShapes())
    for (index, step) in program.steps.enumerated() where !isOwn(index) {
      if try judge.isReadByRightLine(step, besides: hand) { frozen.insert(index) }
    }
  }

  /// Whether a step is the gradient's own line, not that of a variable it reads.
  private func isOwn(_ step: Int) -> Bool {
    hand.lines.contains { $0.isSame(as: program.steps[step].line) }
  }

  /// The fixes of one edit, the likeliest first: more than one where different mistakes fit.
  mutating func fixes() throws(Diagnostic) -> [GradientFix] {
    let singles = singles()
    var found: [GradientFix] = []
    for (step, edit) in singles {
      if let best = found.first, edit.rank > best.rank { break }
      try tryOut(Replacement(step: step, formula: edit.formula), [edit.mistake], edit.rank, &found)
    }
    if let term = try missingTerm(), found.first.map({ $0.rank > term.rank }) ?? true {
      found.insert(term, at: 0)
    }
    return distinct(found)
  }

  /// The fixes of two edits.
  mutating func doubleFixes() throws(Diagnostic) -> [GradientFix] { distinct(try pairs(singles())) }

  private func singles() -> [(step: Int, edit: LineEdit)] {
    var singles: [(step: Int, edit: LineEdit)] = []
    for (index, step) in program.steps.enumerated().reversed() where !frozen.contains(index) {
      guard let formula = step.formula, formula.size <= Self.largestFormula else { continue }
      for edit in edits(of: formula, step) { singles.append((index, edit)) }
    }
    return singles.sorted { $0.edit.rank < $1.edit.rank }
  }

  private func edits(of formula: LineFormula, _ step: HandProgram.Step) -> [LineEdit] {
    LineEdits(context: context, text: step.reader.text).all(of: formula).filter { $0.formula != formula }
  }

  private mutating func tryOut(
    _ replacement: Replacement, _ mistakes: [Mistake], _ rank: Int, _ found: inout [GradientFix]
  ) throws(Diagnostic) {
    guard tried.insert(replacement).inserted,
      let scale = try judge.match(program, replacement, inputScales, scales)
    else { return }
    found.append(GradientFix(replacement: replacement, mistakes: mistakes, scale: scale, rank: rank))
  }

  // MARK: Two edits

  private mutating func pairs(_ singles: [(step: Int, edit: LineEdit)]) throws(Diagnostic) -> [GradientFix] {
    var found: [GradientFix] = []
    var count = 0
    let first = singles.filter { $0.edit.rank <= 2 }
    for limit in 0...4 {
      for (step, edit) in first where edit.rank <= limit {
        for next in edits(of: edit.formula, program.steps[step]) where edit.rank + next.rank == limit {
          count += 1
          if count > Self.mostPairs { return found }
          guard edit.mistake.kind != next.mistake.kind || edit.mistake != next.mistake else { continue }
          try tryOut(
            Replacement(step: step, formula: next.formula), [edit.mistake, next.mistake], limit + 10, &found)
        }
      }
      if !found.isEmpty { return found }
    }
    return found
  }

  // MARK: A missing term

  /// What is missing to the truth, if it is a number times one of the values there are: the gradient of a penalty
  /// on weights, for one.
  private func missingTerm() throws(Diagnostic) -> GradientFix? {
    guard let step = program.steps.indices.last, let formula = program.steps[step].formula,
      let world = judge.worlds.first?.first, let probe = world.probes.first,
      let truth = probe.truth[hand.variable],
      let value = try judge.value(program, world, probe, inputScales), value.shape == truth.shape
    else { return nil }
    let numbers = zip(truth.buffer, value.buffer).map { $0 - $1 }
    guard
      let rest = try? Matrix(
        rows: truth.shape.rows, columns: truth.shape.columns, numbers,
        in: judge.runner.bench.interpreter.resources)
    else { return nil }
    for name in context.names {
      guard let matrix = judge.runner.bench.matrix(name), let ratio = rest.ratio(to: matrix), ratio != 0
      else { continue }
      for factor in factors(ratio) {
        let term = factor == .number(1) ? LineFormula.name(name) : .binary(.multiply, factor, .name(name))
        let replacement = Replacement(step: step, formula: .binary(.add, formula, term))
        let text = program.steps[step].reader.text(term)
        if let scale = try judge.match(program, replacement, inputScales, scales) {
          return GradientFix(
            replacement: replacement,
            mistakes: [Mistake(.termMissing, "the term \(text) is missing")], scale: scale, rank: 2)
        }
      }
    }
    return nil
  }

  /// Formulas of the names and counts there are that have a value.
  private func factors(_ value: Scalar) -> [LineFormula] {
    var candidates: [(LineFormula, Scalar)] = [(.number(1), 1), (.number(2), 2), (.number(0.5), 0.5)]
    for (name, scalar) in context.scalars.sorted(by: { $0.key < $1.key }) where scalar != 0 {
      candidates.append((.name(name), scalar))
      candidates.append((.binary(.multiply, .number(2), .name(name)), 2 * scalar))
    }
    for number in context.literals where number != 0 {
      candidates += [(.number(number), number), (.number(2 * number), 2 * number)]
    }
    for count in context.counts {
      for (formula, number) in candidates where !context.isCount(formula) {
        candidates.append((.binary(.divide, formula, count.formula), number / count.value))
      }
    }
    return candidates.filter { ($0.1 - value).magnitude <= 1e-8 * value.magnitude }.map(\.0)
  }

  // MARK: Choosing

  /// One fix for each kind of mistake among the likeliest, at most two.
  private func distinct(_ fixes: [GradientFix]) -> [GradientFix] {
    guard let lowest = fixes.map(\.rank).min() else { return [] }
    var chosen: [GradientFix] = []
    let best = fixes.filter { $0.rank == lowest }.sorted { order($0) < order($1) }
    func kinds(_ fix: GradientFix) -> [String] { fix.mistakes.map(\.kind.rawValue).sorted() }
    for fix in best where !chosen.contains(where: { kinds($0) == kinds(fix) }) {
      chosen.append(fix)
    }
    return Array(chosen.prefix(2))
  }

  /// A line's own mistakes come before those of what it reads, then short formulas before long ones.
  private func order(_ fix: GradientFix) -> (Int, Int) {
    (isOwn(fix.replacement.step) ? 0 : 1, fix.replacement.formula.size)
  }
}

extension EditContext {
  init(
    _ problem: CheckProblem, hand: CheckProblem.Hand, probe: CheckProbe, helpers: [String: Shape] = [:]
  ) {
    for (name, value) in probe.values {
      if let shape = value.shape { shapes[name] = (shape.rows, shape.columns) }
      if let number = value.number { scalars[name] = number }
    }
    for (variable, gradient) in probe.truth {
      shapes[GradientName.of(variable)] = (gradient.shape.rows, gradient.shape.columns)
    }
    // What is made before the line can stand in it.
    for (name, shape) in helpers {
      guard let lines = problem.helpers[name], lines.allSatisfy({ $0.number < hand.shown.number }) else {
        continue
      }
      shapes[name] = (shape.rows, shape.columns)
    }
    // A gradient that is written later may be made of this one.
    let written = Set(
      problem.hands.filter { $0.shown.number <= hand.shown.number }.map(\.gradient))
    names = shapes.keys.filter { name in
      guard name != hand.gradient else { return false }
      return written.contains(name) || GradientName.variable(of: name).map { probe.truth[$0] == nil } ?? true
    }.sorted()
    for line in problem.forward { noteLink(line, probe) }
    literals = problem.forward.flatMap(\.numbers)
    let readers = problem.readers(of: hand.variable)
    for line in readers { partners.formUnion(line.names.reads.filter { $0 != hand.variable }) }
    following = activations.first { $0.input == hand.variable }?.output
    functions = problem.functions.keys.filter { name in
      if case .user(let code) = problem.functions[name]?.body { return code.parameters.count == 1 }
      return false
    }.sorted()
    noteCounts(probe, problem)
    let values = problem.differentiated
    operands = values.union(values.map(GradientName.of)).union(problem.freeNumbers).filter { name in
      shapes[name].map { $0 == (1, 1) } ?? false
    }
  }

  /// A statement that makes one variable out of one other of the same shape is an activation, whatever it is called.
  private mutating func noteLink(_ line: CheckProblem.Line, _ probe: CheckProbe) {
    let sources = line.names.reads.filter {
      (probe.values[$0]?.shape?.count ?? 1) > 1 || probe.truth[$0] != nil
    }
    guard case .assign(let target, let value) = line.tree.statement(line.node), sources.count == 1,
      case .name(let id) = line.tree.expression(target),
      let a = probe.values[line.tree.name(id)]?.shape, let z = probe.values[sources[0]]?.shape, a == z
    else { return }
    let (output, input) = (line.tree.name(id), sources[0])
    links.append(Link(input: input, output: output, text: line.tree.printed(value)))
    let function = Self.function(line.tree, value)
    let known = Self.derivative(of: function, input: input, output: output)
    // Of one that is written out, or the user's own, the usual derivatives are tried.
    let tried =
      known.map { [$0] }
      ?? ["sigmoid", "tanh", "relu"].compactMap {
        Self.derivative(of: $0, input: input, output: output)
      }
    for derivative in tried {
      activations.append(
        Activation(
          function: function.isEmpty ? "the activation" : function, input: input, output: output,
          text: line.tree.printed(value), derivative: derivative))
    }
  }

  private static func function(_ tree: SyntaxTree, _ value: NodeID) -> String {
    guard case .call(let callee, _) = tree.expression(value), case .name(let id) = tree.expression(callee)
    else {
      return ""
    }
    return tree.name(id)
  }

  /// The derivative of an activation as a course writes it.
  private static func derivative(of function: String, input: String, output: String) -> LineFormula? {
    let (z, a) = (LineFormula.name(input), LineFormula.name(output))
    let argument = [LineFormula.Argument(name: nil, value: z)]
    switch function {
    case "sigmoid":
      let rest = LineFormula.binary(.subtract, .number(1), a)
      return LineFormula.binary(.elementMultiply, a, rest)
    case "tanh":
      let square = LineFormula.binary(.elementPower, a, .number(2))
      return LineFormula.binary(.subtract, .number(1), square)
    case "relu": return LineFormula.binary(.greater, z, .number(0))
    case "softplus": return LineFormula.call("sigmoid", argument)
    case "exp": return a
    case "log": return LineFormula.binary(.elementDivide, .number(1), z)
    case "sin": return LineFormula.call("cos", argument)
    case "cos": return LineFormula.unary(.minus, .call("sin", argument))
    case "sqrt": return LineFormula.binary(.elementDivide, .number(0.5), a)
    default: return nil
    }
  }

  /// `m` where a variable holds the count, else the number.
  /// The number of examples where no variable holds it: as a number of the program, else of the data's columns.
  private func counting(_ probe: CheckProbe) -> LineFormula {
    let data = probe.values.filter { name, value in
      probe.truth[name] == nil && value.shape?.columns == Int(probe.count) && (value.shape?.rows ?? 0) > 1
    }
    guard probe.isGrown, let name = data.keys.min() else { return .number(probe.count) }
    return .call("columns", [LineFormula.Argument(name: nil, value: .name(name))])
  }

  private mutating func noteCounts(_ probe: CheckProbe, _ problem: CheckProblem) {
    guard probe.count > 1 else { return }
    let names = scalars.filter { $0.value == probe.count }.map(\.key)
    // One that lines divide by: a loop's variable may have ended as the same number.
    let lines = problem.forward + problem.hands.flatMap(\.lines)
    let divisors = lines.reduce(into: Set<String>()) { $0.formUnion($1.divisors) }
    func order(_ name: String) -> (Int, Int, String) { (divisors.contains(name) ? 0 : 1, name.count, name) }
    let shortest = names.min { order($0) < order($1) }
    let formula: LineFormula = shortest.map { .name($0) } ?? counting(probe)
    counts.append((formula, probe.count))
    elementCounts = Set(shapes.values.map { Double($0.rows * $0.columns) }).subtracting([probe.count, 1])
  }
}
