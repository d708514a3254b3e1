import Testing

@testable import NNCore

@Suite struct OptimiserTests {
  /// Runs 50 steps on the problem that was recorded and gives the kept rows.
  private func rows(_ rule: any Optimiser, _ schedule: Schedule, clip: Double? = nil) throws -> [[Double]] {
    let resources = Resources(limit: 1 << 20)
    let values = try Matrix(rows: 1, columns: 4, RecordedSteps.start, in: resources)
    let gradient = try Matrix(repeating: 0, Shape(1, 4), in: resources)
    var state = OptimiserState()
    var rows: [[Double]] = []
    for step in 1...50 {
      var squares = 0.0
      for k in 0..<4 {
        let w = values.pointer[k]
        let g = RecordedSteps.scale[k] * (w - RecordedSteps.target[k]) + 0.01 * w * w * w
        gradient.mutablePointer[k] = g
        squares += g * g
      }
      try state.prepare(rule.bufferCount, values.shape, in: resources)
      state.move(
        values.mutablePointer, gradient.pointer, count: 4, by: rule, rate: schedule.rate(ofStep: step),
        scale: clip.map { GradientClip.scale(squares: squares, most: $0) } ?? 1)
      if RecordedSteps.kept.contains(step) { rows.append(values.elements) }
    }
    return rows
  }

  private func expectClose(_ found: [[Double]], _ wanted: [[Double]], _ name: String) {
    #expect(found.count == wanted.count)
    for (a, b) in zip(found.joined(), wanted.joined()) {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(name): \(a) is not \(b)")
    }
  }

  @Test(arguments: RecordedSteps.cases.indices)
  func goesWherePyTorchGoes(_ index: Int) throws {
    let item = RecordedSteps.cases[index]
    expectClose(try rows(item.rule, .constant(item.rate)), item.rows, item.name)
  }

  @Test func clipsAndSchedulesAsPyTorch() throws {
    expectClose(try rows(SGD(), .constant(0.1), clip: 0.5), RecordedSteps.clippedAtHalf, "clip")
    expectClose(try rows(SGD(), .stepwise(0.1, every: 7, factor: 0.6)), RecordedSteps.stepwise, "stepwise")
    expectClose(try rows(SGD(), .cosine(0.1, steps: 50, end: 0.01)), RecordedSteps.cosine, "cosine")
  }

  private static let rules: [any Optimiser] = [
    SGD(), Momentum(), Nesterov(), AdaGrad(), RMSProp(), Adam(), AdamW(weightDecay: 0),
  ]

  @Test func everyRuleReachesTheMinimum() throws {
    let resources = Resources(limit: 1 << 20)
    for rule in Self.rules {
      let values = try Matrix(rows: 1, columns: 2, [1, -2], in: resources)
      var state = OptimiserState()
      for step in 1...6000 {
        try state.prepare(rule.bufferCount, values.shape, in: resources)
        let gradient = try Matrix(
          rows: 1, columns: 2, [values.pointer[0] - 3, 4 * (values.pointer[1] + 1)], in: resources)
        let rate = Schedule.cosine(0.02, steps: 6000, end: 0).rate(ofStep: step)
        // AdaGrad divides by the root of all squares so far: it needs a larger rate to get there.
        let scaled = rule is AdaGrad ? 25 * rate : rate
        state.move(values.mutablePointer, gradient.pointer, count: 2, by: rule, rate: scaled)
      }
      #expect(abs(values.pointer[0] - 3) < 1e-3, "\(rule.name) ends at \(values.elements)")
      #expect(abs(values.pointer[1] + 1) < 1e-3, "\(rule.name) ends at \(values.elements)")
    }
  }

  @Test func rulesDifferFromEachOtherAfterTwoSteps() throws {
    var seen: [[Double]] = []
    for rule in Self.rules.dropLast() {
      let place = try rows(rule, .constant(0.05))[1]
      #expect(!seen.contains(place), "\(rule.name) goes where another rule goes")
      seen.append(place)
    }
  }

  @Test func stateIsCopiedWhereAnEarlierOneIsKept() throws {
    let resources = Resources(limit: 1 << 20)
    let values = try Matrix(repeating: 1, Shape(1, 2), in: resources)
    let gradient = try Matrix(repeating: 0.5, Shape(1, 2), in: resources)
    var state = OptimiserState()
    try state.prepare(2, values.shape, in: resources)
    state.move(values.mutablePointer, gradient.pointer, count: 2, by: Adam(), rate: 0.1)
    let kept = state
    let before = kept.buffers.map(\.elements)
    try state.prepare(2, values.shape, in: resources)
    state.move(values.mutablePointer, gradient.pointer, count: 2, by: Adam(), rate: 0.1)
    #expect(kept.buffers.map(\.elements) == before)
    #expect(state.buffers.map(\.elements) != before)
    #expect((kept.steps, state.steps) == (1, 2))
  }
}
