import Testing

@testable import NNCore

extension Replay {
  /// The `k`th named value as it is now.
  fileprivate func named(_ k: Int) -> Matrix? { valueIndex(ofNamed: k).map { value($0) } }

  fileprivate func rerun() throws {
    try makeRoom(isShared: handOverIfShared())
    try forward()
  }

  /// The gradients of the first `count` named values.
  fileprivate func gradients(_ count: Int, in resources: Resources) throws -> [Matrix?] {
    var rooms: [Matrix] = []
    for (index, shape) in gradientShapes.enumerated() {
      rooms.append(try Matrix(repeating: .nan, shape, in: resources))
      setGradient(index, rooms[index].mutablePointer)
    }
    #expect(isDerivationValid)
    try backward()
    return (0..<count).map { k in gradientIndex(ofNamed: k).map { rooms[$0] } }
  }
}

@Suite("Replays")
struct ReplayTests {
  /// The two-layer net on four examples, recorded once.
  private final class Network {
    let r = Recorder()
    var x: Matrix
    var y: Matrix
    var values: [Matrix] = []

    init() throws {
      x = try r.matrix(2, 4, [0, 0, 1, 1, 0, 1, 0, 1])
      y = try r.matrix(1, 4, [0, 1, 1, 0])
      try r.param(0, try r.matrix(3, 2, [0.1, -0.2, 0.3, 0.4, -0.5, 0.6]))
      try r.param(1, try r.matrix(3, 1, [0, 0.1, 0]))
      try r.param(2, try r.matrix(1, 3, [0.7, -0.8, 0.9]))
      try r.param(3, try r.matrix(1, 1, [0.05]))
      try forward()
    }

    /// Z1, A1, Z2, A2, J on the tape.
    func forward() throws {
      let p1 = try r.run(.product, [(r.params[0]!, .matrix(r.params[0]!)), (x, .matrix(x, variable: 7))])
      let z1 = try r.run(.add, [p1, r.params[1]!])
      let a1 = try r.run(.tanh, [z1])
      let z2 = try r.run(.add, [try r.run(.product, [r.params[2]!, a1]), r.params[3]!])
      let a2 = try r.run(.sigmoid, [z2])
      let j = try r.run(.binaryCrossEntropy, [(a2, .matrix(a2)), (y, .matrix(y, variable: 8))])
      values = [z1, a1, z2, a2, j]
    }

    var named: [Matrix] { values + (0..<4).map { r.params[$0]! } }

    func makeReplay() throws -> Replay {
      let replay = try present(
        try r.differentiation.replay(of: values[4], named: named) {
          $0.storage === x.storage ? 7 : $0.storage === y.storage ? 8 : -1
        })
      #expect(
        replay.inputs == [
          Replay.Input(variable: 8, shape: Shape(1, 4), isNumber: false),
          Replay.Input(variable: 7, shape: Shape(2, 4), isNumber: false),
        ])
      #expect(replay.params.map(\.slot) == [3, 2, 1, 0])
      return replay
    }

    func set(_ replay: Replay) {
      for (k, input) in replay.inputs.enumerated() { replay.setInput(k, input.variable == 7 ? x : y) }
      for (k, param) in replay.params.enumerated() { replay.setParam(k, r.params[param.slot]!.pointer) }
    }

    func step(_ gradients: [Matrix?]) throws {
      for slot in 0..<4 {
        let gradient = try present(gradients[5 + slot]).elements
        let old = r.params[Int32(slot)]!
        let new = zip(old.elements, gradient).map { $0 - 0.5 * $1 }
        try r.param(Int32(slot), try r.matrix(old.rows, old.columns, new))
      }
    }
  }

  @Test("a replay gives the bits of the lines it replays")
  func sameBits() throws {
    let (plain, played) = (try Network(), try Network())
    let replay = try played.makeReplay()
    played.values = []
    for _ in 0..<20 {
      try plain.forward()
      let gradients = try plain.r.backward(plain.values[4], plain.named)
      played.set(replay)
      try replay.rerun()
      let replayed = try replay.gradients(9, in: played.r.resources)
      for k in 0..<5 { #expect(replay.named(k)?.elements == plain.values[k].elements) }
      for k in 0..<9 { #expect(replayed[k]?.elements == gradients[k]?.elements) }
      try plain.step(gradients)
      try played.step(replayed)
    }
  }

  @Test("what somebody else holds keeps its numbers")
  func sharedValues() throws {
    let net = try Network()
    let replay = try net.makeReplay()
    net.values = []
    net.set(replay)
    try replay.rerun()
    let kept = try present(replay.named(0))
    let old = kept.elements
    try net.step(try replay.gradients(9, in: net.r.resources))
    net.set(replay)
    try replay.rerun()
    #expect(kept.elements == old)
    #expect(try present(replay.named(0)).elements != old)
    #expect(net.r.tape.status(of: kept) == .stale(slot: 0))
    #expect(net.r.tape.status(of: try present(replay.named(0))) == .fresh)
  }

  @Test("without anybody else's reference, a run writes into the same storages")
  func inPlace() throws {
    let net = try Network()
    let replay = try net.makeReplay()
    net.set(replay)
    try replay.rerun()
    let before = try present(replay.named(2)).pointer
    let used = net.r.resources.used
    try replay.rerun()
    #expect(try present(replay.named(2)).pointer == before)
    #expect(net.r.resources.used == used)
  }

  @Test("operations go on from a replay's values")
  func goingOn() throws {
    let net = try Network()
    let r = net.r
    let replay = try net.makeReplay()
    net.values = []
    net.set(replay)
    #expect(r.tape.status(of: try present(replay.named(4))) == .untracked)
    try replay.rerun()
    let replayed = try replay.gradients(9, in: r.resources)
    let j = try present(replay.named(4))
    #expect(r.tape.status(of: j) == .fresh)
    let doubled = try r.run(.multiply, [(j, .matrix(j)), try r.literal(2)])
    let gradients = try r.backward(doubled, (0..<4).map { r.params[$0]! })
    for k in 0..<4 {
      let expected = try present(replayed[5 + k]).elements.map { 2 * $0 }
      for (a, b) in zip(try present(gradients[k]).elements, expected) { #expect(abs(a - b) < 1e-15) }
    }
    // The tape holds the values now; the next run leaves them alone.
    #expect(!replay.isFresh)
    let old = j.elements
    try net.step(replayed)
    net.set(replay)
    try replay.rerun()
    #expect(replay.isFresh)
    #expect(j.elements == old)
    #expect(r.tape.status(of: j) == .stale(slot: 0))
  }

  @Test("a value that somebody holds stays in the graph when only data changes")
  func sharedFreshValues() throws {
    let net = try Network()
    let r = net.r
    let replay = try net.makeReplay()
    net.values = []
    net.set(replay)
    try replay.rerun()
    let first = try present(replay.named(4))
    net.x = try r.matrix(2, 4, [1, 2, 3, 4, 5, 6, 7, 8])
    net.set(replay)
    try replay.rerun()
    let second = try present(replay.named(4))
    #expect(first.elements != second.elements)
    #expect(r.tape.status(of: first) == .fresh && r.tape.status(of: second) == .fresh)
    let whole = try r.backward(try r.run(.add, [first, second]), [r.params[0]!])[0]
    let parts = [try r.backward(first, [r.params[0]!])[0], try r.backward(second, [r.params[0]!])[0]]
    let sums = zip(try present(parts[0]).elements, try present(parts[1]).elements).map { $0 + $1 }
    for (a, b) in zip(try present(whole).elements, sums) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("a changed param makes a replay's values stale until it runs again")
  func staleness() throws {
    let net = try Network()
    let replay = try net.makeReplay()
    net.set(replay)
    try replay.rerun()
    #expect(replay.isFresh)
    try net.r.param(2, try net.r.matrix(1, 3, [1, 2, 3]))
    #expect(!replay.isFresh)
    #expect(net.r.tape.status(of: try present(replay.named(3))) == .stale(slot: 2))
    net.set(replay)
    try replay.rerun()
    #expect(replay.isFresh)
  }

  @Test("data that no variable stands for cannot be replayed")
  func anonymousData() throws {
    let r = Recorder()
    let w = try r.param(0, try r.number(1))
    let j = try r.run(.multiply, [w, try r.number(3)])
    #expect(try r.differentiation.replay(of: j, named: [w, j]) { _ in -1 } == nil)
  }

  @Test("values that were not kept are computed again when the computation goes on from there")
  func absentValues() throws {
    let r = Recorder()
    let w = try r.param(0, try r.matrix(1, 3, [0.3, 0.5, 0.7]))
    // exp(w) is not needed by the gradient of this, but by that of what follows.
    let shifted = try r.run(.add, [try r.run(.exp, [w]), w])
    let j = try r.run(.sum, [shifted])
    let replay = try present(try r.differentiation.replay(of: j, named: [w, j]) { _ in -1 })
    replay.setParam(0, w.pointer)
    try replay.rerun()
    let value = try present(replay.named(1))
    let square = try r.run(.multiply, [value, value])
    let gradient = try present(try r.backward(square, [w])[0]).elements
    let sum = value.elements[0]
    for (g, x) in zip(gradient, w.elements) {
      #expect(abs(g - 2 * sum * (Operation.scalar(.exp, x) + 1)) < 1e-13)
    }
  }

  @Test("a run that is stopped leaves everything as it was")
  func interruption() throws {
    let r = Recorder()
    var w = try r.param(0, try Matrix(repeating: 0.5, Shape(600, 600), in: r.resources))
    let z = try r.run(.tanh, [try r.run(.product, [try r.run(.product, [w, w]), w])])
    let j = try r.run(.sum, [z])
    let replay = try present(try r.differentiation.replay(of: j, named: [w, z, j]) { _ in -1 })
    replay.setParam(0, w.pointer)
    try replay.rerun()
    let before = try present(replay.named(1)).elements
    w = try r.param(0, try Matrix(repeating: 0.001, Shape(600, 600), in: r.resources))
    replay.setParam(0, w.pointer)
    r.resources.cancellation.raise()
    #expect(throws: CoreError.interrupted) { try replay.rerun() }
    #expect(try present(replay.named(1)).elements == before)
    r.resources.cancellation.clear()
    try replay.rerun()
    #expect(try present(replay.named(1)).elements != before)
  }
}
