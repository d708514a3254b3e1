import Testing

@testable import NNCore

@Suite("The tape")
struct TapeTests {
  @Test("only what depends on a param is recorded")
  func recording() throws {
    let r = Recorder()
    let x = try r.number(2)
    let y = try r.run(.exp, [x])
    #expect(r.tape.count == 0)
    #expect(r.tape.status(of: y) == .untracked)
    let w = try r.param(0, try r.number(3))
    let z = try r.run(.multiply, [w, y])
    #expect(r.tape.status(of: w) == .fresh)
    #expect(r.tape.status(of: z) == .fresh)
    #expect(r.tape.status(of: y) == .untracked)
    #expect(r.tape.count == 3)
  }

  @Test("a changed param makes what was computed from it stale, and nothing else")
  func staleness() throws {
    let r = Recorder()
    let a = try r.param(0, try r.number(1))
    let b = try r.param(1, try r.number(2))
    let fromA = try r.run(.exp, [a])
    let fromB = try r.run(.exp, [b])
    let both = try r.run(.add, [fromA, fromB])
    try r.param(0, try r.number(5))
    #expect(r.tape.status(of: fromA) == .stale(slot: 0))
    #expect(r.tape.status(of: both) == .stale(slot: 0))
    #expect(r.tape.status(of: fromB) == .fresh)
    #expect(r.tape.status(of: a) == .stale(slot: 0))
    #expect(throws: CoreError.stale(slot: 0)) { try r.backward(both, [b]) }
  }

  @Test("operations read stale values as data, and say so when asked for a gradient")
  func staleOperands() throws {
    let r = Recorder()
    let a = try r.param(0, try r.number(1))
    let old = try r.run(.exp, [a])
    let new = try r.param(0, try r.number(2))
    let count = r.tape.count
    let sum = try r.run(.add, [old, old])
    #expect(r.tape.count == count)
    #expect(r.tape.status(of: sum) == .stale(slot: 0))
    let mixed = try r.run(.multiply, [old, new])
    #expect(r.tape.status(of: mixed) == .fresh)
    #expect(try r.backward(mixed, [new])[0]?.elements == old.elements)
  }

  @Test("an alias of a param's old value is data once the param changes")
  func alias() throws {
    let r = Recorder()
    let a = try r.param(0, try r.number(1))
    try r.param(0, try r.number(2))
    let y = try r.run(.exp, [a])
    #expect(r.tape.status(of: y) == .stale(slot: 0))
  }

  @Test("a copy that is changed is data")
  func copies() throws {
    let r = Recorder()
    let a = try r.param(0, try r.number(1))
    var y = try r.run(.exp, [a])
    let kept = y
    try y.makeUnique(in: r.resources)
    #expect(r.tape.status(of: y) == .untracked)
    #expect(r.tape.status(of: kept) == .fresh)
  }

  @Test("a sweep keeps what variables hold and what that was computed from")
  func sweep() throws {
    let r = Recorder()
    let w = try r.param(0, try r.number(0.5))
    let a = try r.run(.exp, [w])
    let b = try r.run(.sin, [a])
    let dropped = try r.run(.cos, [a])
    let before = try r.backward(b, [w])[0]?.elements
    r.sweep([b])
    #expect(r.tape.count == 3)
    #expect(r.tape.status(of: b) == .fresh)
    #expect(r.tape.status(of: a) == .fresh)
    #expect(r.tape.status(of: dropped) == .untracked)
    #expect(try r.backward(b, [w])[0]?.elements == before)
    r.sweep([])
    #expect(r.tape.count == 0)
    #expect(r.tape.status(of: b) == .untracked)
    #expect(throws: CoreError.notTracked) { try r.backward(b, [w]) }
  }

  @Test("after a sweep, operations of many inputs still know them")
  func sweepOfManyInputs() throws {
    let r = Recorder()
    let w = try r.param(0, try r.matrix(1, 1, [2]))
    _ = try r.run(.exp, [w])
    let parts = try (1...5).map { try r.run(.multiply, [w, try r.number(Double($0))]) }
    let joined = try r.run(.joinColumns, parts)
    let sum = try r.run(.sum, [joined])
    r.sweep([sum])
    #expect(try r.backward(sum, [w])[0]?.elements == [15])
  }

  @Test("a stale value that something fresh read is kept, but not what it was computed from")
  func sweepOfStale() throws {
    let r = Recorder()
    var x = try r.param(0, try r.number(1))
    for _ in 0..<10 { x = try r.run(.sin, [x]) }
    let w = try r.param(0, try r.number(2))
    let y = try r.run(.multiply, [x, w])
    r.sweep([y])
    #expect(r.tape.count == 3)
    #expect(try r.backward(y, [w])[0]?.elements == x.elements)
  }

  @Test("a loop that rebuilds its graph runs in constant memory")
  func constantMemory() throws {
    let r = Recorder()
    var w = try r.param(0, try r.number(1))
    var most = (nodes: 0, bytes: 0)
    for _ in 0..<5_000 {
      let y = try r.run(.exp, [w])
      let j = try r.run(.multiply, [y, y])
      if r.tape.needsSweep { r.sweep([j, y]) }
      most = (max(most.nodes, r.tape.count), max(most.bytes, r.resources.used))
      w = try r.param(0, try r.number(w.elements[0] * 0.999))
    }
    #expect(most.nodes < 2_000)
    #expect(most.bytes < 2_000_000)
    r.sweep([])
    #expect(r.tape.state.pointee.leafSets.count == 1)
  }

  #if DEBUG
    static let many = 20_000
  #else
    static let many = 1_000_000
  #endif

  @Test("a million operations are built, differentiated and freed")
  func manyOperations() throws {
    let r = Recorder()
    let x = try r.param(0, try r.number(1))
    var y = x
    for _ in 0..<Self.many { y = try r.run(.sin, [y]) }
    let gradient = try r.backward(y, [x])[0]
    #expect(gradient.map { $0.elements[0] > 0 && $0.elements[0] < 1e-5 } == true)
    r.sweep([])
    #expect(r.tape.count == 0)
  }

  @Test("what a failed statement recorded is forgotten")
  func removal() throws {
    let r = Recorder()
    let w = try r.param(0, try r.number(1))
    let y = try r.run(.exp, [w])
    let mark = r.tape.count
    let z = try r.run(.sin, [y])
    r.tape.removeNodes(from: mark)
    #expect(r.tape.status(of: z) == .untracked)
    let other = try r.run(.cos, [y])
    #expect(r.tape.status(of: z) == .untracked)
    #expect(r.tape.status(of: other) == .fresh)
  }

  @Test("notes without a reader are dropped")
  func notes() throws {
    let r = Recorder()
    let w = try r.param(0, try r.number(1))
    let y = try r.number(0)
    let mark = r.tape.count
    let rest = try Operation.apply(.subtract, [try r.number(1), y], in: r.resources)
    r.tape.note(.subtract, .none, [.literal(1), .matrix(y)], result: rest)
    r.tape.dropNotes(since: mark)
    #expect(r.tape.count == mark)
    r.tape.note(.subtract, .none, [.literal(1), .matrix(y)], result: rest)
    _ = try r.run(.multiply, [w, rest])
    let count = r.tape.count
    r.tape.dropNotes(since: mark)
    #expect(r.tape.count == count)
  }
}
