import NNCore

/// Says of every gradient written by hand whether it is right and, if not, which mistake it has.
///
/// A line is judged with the true values of the gradients it reads, so that it answers for its own mistakes only.
/// Gradients between params and cost may carry the number of examples as a factor, as many courses write them; what
/// reads them is then judged with that factor.
final class GradientJudge {
  let problem: CheckProblem
  /// The gradients in the order they are judged in: what a line reads is settled before it.
  private let hands: [CheckProblem.Hand]
  let worlds: [[CheckWorld]]
  let runner: HandRunner
  /// By variable: what its hand-written gradient is a multiple of, as far as that is settled.
  private(set) var scales: [String: GradientScale] = [:]
  /// Variables whose gradient is wrong in a way that leaves its scale open.
  private(set) var unsettled: Set<String> = []
  private var knownHelpers: [String: Shape]?

  init(_ problem: CheckProblem, _ worlds: [[CheckWorld]], _ runner: HandRunner) {
    self.problem = problem
    hands = problem.handsInOrderOfReading
    self.worlds = worlds
    self.runner = runner
  }

  /// Whether gradients may wait for their division by the number of examples.
  private lazy var speaksOfCount: Bool = {
    guard let probe = worlds.first?.first?.probes.first else { return false }
    return probe.isGrown || probes.contains { problem.speaks(ofCount: $0.count) }
  }()

  var probes: [CheckProbe] { worlds.flatMap { $0.flatMap(\.probes) } }

  // MARK: Judging

  struct Judgement {
    let hand: CheckProblem.Hand
    let program: HandProgram
    var scale: GradientScale?
    var isZero = false
    var fixes: [GradientFix] = []
    /// Whether its scale hangs on a gradient it reads whose own scale is open.
    var isScaleOpen = false
    /// The scales of the gradients it reads, under which it was judged.
    var inputScales: [String: GradientScale] = [:]
  }

  /// A judgement of each gradient, in the order of their lines.
  func judgeAll() throws(Diagnostic) -> [Judgement] {
    var judgements: [Judgement] = []
    for hand in hands {
      let judgement = try judge(hand)
      judgements.append(judgement)
      if judgement.isZero || hand.isOfOneRound { continue }
      if !judgement.isScaleOpen, let scale = judgement.scale ?? judgement.fixes.first?.scale {
        scales[hand.variable] = scale
      } else if !hand.isParam {
        if let scale = try scaleLaterLinesWant(hand) {
          scales[hand.variable] = scale
        } else {
          unsettled.insert(hand.variable)
        }
      }
    }
    return judgements.sorted { $0.hand.shown.number < $1.hand.shown.number }
  }

  private func judge(_ hand: CheckProblem.Hand) throws(Diagnostic) -> Judgement {
    let program = HandProgram(hand, in: problem)
    var judgement = Judgement(hand: hand, program: program)
    judgement.isZero = probes.allSatisfy { $0.truth[hand.variable]?.isAllZero ?? true }
    if judgement.isZero || hand.isOfOneRound { return judgement }
    let choices = inputScales(of: program)
    for choice in choices {
      guard let scale = try match(program, nil, choice, scalesAllowed(for: hand)) else { continue }
      if let other = judgement.scale {
        judgement.isScaleOpen = other != scale
      } else {
        judgement.scale = scale
        judgement.inputScales = choice
      }
    }
    if judgement.scale != nil { return judgement }
    judgement.inputScales = choices[0]
    var allowed = [scalesAllowed(for: hand)]
    if let scale = try scaleLaterLinesWant(hand) { allowed.insert([scale], at: 0) }
    // Fewer edits count for more than what later lines want.
    for edits in 1...2 {
      for allowed in allowed {
        for choice in choices where judgement.fixes.isEmpty {
          var search = try GradientSearch(
            judge: self, hand: hand, program: program, inputScales: choice, scales: allowed)
          judgement.fixes = try edits == 1 ? search.fixes() : search.doubleFixes()
          if !judgement.fixes.isEmpty { judgement.inputScales = choice }
        }
      }
    }
    return judgement
  }

  /// The scale that a wrong gradient was meant to have, as far as the lines after it tell: the one for which more of
  /// them are right.
  private func scaleLaterLinesWant(_ hand: CheckProblem.Hand) throws(Diagnostic) -> GradientScale? {
    guard !hand.isParam, let place = hands.firstIndex(where: { $0.gradient == hand.gradient }) else {
      return nil
    }
    let later = hands[(place + 1)...].map { (hand: $0, program: HandProgram($0, in: problem)) }
    var counts: [(scale: GradientScale, right: Int)] = []
    for scale in scalesAllowed(for: hand) {
      var assumed = scales
      assumed[hand.variable] = scale
      var right = 0
      for (next, program) in later where !next.isOfOneRound {
        guard let found = try match(program, nil, assumed, scalesAllowed(for: next)) else { continue }
        assumed[next.variable] = found
        right += 1
      }
      counts.append((scale, right))
    }
    guard let best = counts.max(by: { $0.right < $1.right }),
      counts.contains(where: { $0.right < best.right })
    else { return nil }
    return best.scale
  }

  /// A param's gradient is used as it is; one on the way may wait for its division by the number of examples.
  func scalesAllowed(for hand: CheckProblem.Hand) -> [GradientScale] {
    hand.isParam || !speaksOfCount ? [.one] : [.one, .count]
  }

  /// The scales that the gradients a program reads may have: one choice, but for gradients that are wrong themselves.
  private func inputScales(of program: HandProgram) -> [[String: GradientScale]] {
    // All that are settled: an edit may bring in a gradient that the line does not read.
    let choice = scales
    let open = program.gradientsRead.filter(unsettled.contains)
    guard !open.isEmpty else { return [choice] }
    return [GradientScale.count, .one].map { scale in
      choice.merging(open.map { ($0, scale) }) { $1 }
    }
  }

  /// The scale under which a program is right in every world; nil where it is not.
  ///
  /// - Parameter factor: what the cost is multiplied by.
  func match(
    _ program: HandProgram, _ replacement: Replacement?, _ inputs: [String: GradientScale],
    _ allowed: [GradientScale], factor: KnownFactor? = nil
  ) throws(Diagnostic) -> GradientScale? {
    guard let variable = GradientName.variable(of: program.gradient) else { return nil }
    var left = allowed
    for group in worlds {
      var passing: [GradientScale] = []
      for world in group {
        let here = try surviving(left, world, program, replacement, inputs, variable, factor)
        passing += here.filter { !passing.contains($0) }
      }
      left = left.filter(passing.contains)
      if left.isEmpty { return nil }
    }
    return left.first
  }

  private func surviving(
    _ scales: [GradientScale], _ world: CheckWorld, _ program: HandProgram, _ replacement: Replacement?,
    _ inputs: [String: GradientScale], _ variable: String, _ factor: KnownFactor?
  ) throws(Diagnostic) -> [GradientScale] {
    guard let codes = try codes(program, replacement, world) else { return [] }
    var left = scales
    for probe in world.probes {
      guard let truth = probe.truth[variable], let times = factor.map({ $0.value(in: probe) }) ?? 1 else {
        return []
      }
      try load(probe, inputs, times)
      guard let value = try runner.run(codes, of: program) else { return [] }
      left = left.filter { scale in
        scale.factor(in: probe).map { value.isClose(to: truth, times: $0 * times) } ?? false
      }
      if left.isEmpty { return [] }
    }
    return left
  }

  /// What a program gives in a probe; nil where it fails.
  func value(
    _ program: HandProgram, _ world: CheckWorld, _ probe: CheckProbe, _ inputs: [String: GradientScale]
  ) throws(Diagnostic) -> Matrix? {
    guard let codes = try codes(program, nil, world) else { return nil }
    try load(probe, inputs, 1)
    return try runner.run(codes, of: program)
  }

  /// A formula that cannot be compiled is no candidate.
  private func codes(_ program: HandProgram, _ replacement: Replacement?, _ world: CheckWorld)
    throws(Diagnostic)
    -> [Code]?
  {
    do { return try runner.code(program, replacement, world.literals) } catch {
      if error.severity == .interrupt { throw error }
      return nil
    }
  }

  private var loaded: (cost: Scalar, inputs: [String: GradientScale], times: Scalar)?

  private func load(_ probe: CheckProbe, _ inputs: [String: GradientScale], _ times: Scalar)
    throws(Diagnostic)
  {
    // A probe is told by its cost: two with the same one would be the same numbers.
    if let loaded, loaded.cost == probe.cost, loaded.inputs == inputs, loaded.times == times { return }
    var factors: [String: Scalar] = [:]
    for name in probe.truth.keys {
      factors[name] = times * ((inputs[name] ?? .one).factor(in: probe) ?? 1)
    }
    try runner.load(probe, factors)
    loaded = (probe.cost, inputs, times)
  }

  // MARK: Lines that share steps

  /// Whether a line that is right reads what a step of another one makes: then the step is right too.
  func isReadByRightLine(_ step: HandProgram.Step, besides hand: CheckProblem.Hand) throws(Diagnostic) -> Bool
  {
    for other in problem.hands where other.gradient != hand.gradient && !other.isOfOneRound {
      let program = HandProgram(other, in: problem)
      guard program.contains(step.line) else { continue }
      for unknown in scalesAllowed(for: hand.isParam ? other : hand) {
        let open = program.gradientsRead.filter { scales[$0] == nil }.map { ($0, unknown) }
        let inputs = scales.merging(open) { known, _ in known }
        if try match(program, nil, inputs, scalesAllowed(for: other)) != nil { return true }
      }
    }
    return false
  }

  /// What the variables that hand-written lines read besides look like, by name.
  func helperShapes() throws(Diagnostic) -> [String: Shape] {
    if let knownHelpers { return knownHelpers }
    var shapes: [String: Shape] = [:]
    let world = worlds[0][0]
    for name in problem.helpers.keys where !name.contains(Inlining.mark) {
      guard let program = HandProgram(helper: name, in: problem) else { continue }
      shapes[name] = try value(program, world, world.probes[0], [:])?.shape
    }
    knownHelpers = shapes
    return shapes
  }

  // MARK: The cost's own line

  /// A factor of the cost for which every line is right: then it is the cost whose line is in question.
  func factorOfCost(_ judgements: [Judgement]) throws(Diagnostic) -> KnownFactor? {
    let judged = judgements.filter { !$0.isZero && !$0.hand.isOfOneRound }
    let wrong = judged.filter { $0.scale == nil }
    guard !wrong.isEmpty else { return nil }
    for factor in KnownFactor.allCases {
      let isNegativeCost = factor == .minus && probes.allSatisfy { $0.cost < 0 }
      guard wrong.count > 1 || isNegativeCost, try isRight(judged, for: factor) else { continue }
      return factor
    }
    return nil
  }

  private func isRight(_ judgements: [Judgement], for factor: KnownFactor) throws(Diagnostic) -> Bool {
    var scales: [String: GradientScale] = [:]
    for judgement in judgements {
      let inputs = scales.filter { judgement.program.gradientsRead.contains($0.key) }
      guard
        let scale = try match(
          judgement.program, nil, inputs, scalesAllowed(for: judgement.hand), factor: factor)
      else { return false }
      scales[judgement.hand.variable] = scale
    }
    return true
  }
}
