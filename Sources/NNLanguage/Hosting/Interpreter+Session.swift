import NNCore

// What a session at a prompt needs: lines that may be unfinished, states to go back to, a look at the variables.
extension Interpreter {
  /// All variables, params, random state and settings at one moment; cheap, since matrices are copied on write.
  public final class Snapshot {
    fileprivate var values: [Value] = []
    fileprivate var notes: [VariableNote] = []
    fileprivate var random: RandomStream
    fileprivate var seed: UInt32
    /// Slots of values that the graph knew.
    fileprivate var fresh: Set<Int> = []
    fileprivate var objects: [(object: Object, state: Any)] = []
    fileprivate var digits: Int
    fileprivate var optimisers = OptimiserStates()
    fileprivate var trainings = 0

    fileprivate init(random: RandomStream, seed: UInt32, digits: Int) {
      self.random = random
      self.seed = seed
      self.digits = digits
    }

    /// The bytes of every matrix, list and table it holds, by what makes it the same one.
    private(set) lazy var holdings: [ObjectIdentifier: Int] = {
      var matrices = optimisers.matrices
      var others: [Value] = []
      var walk = ReachableMatrices({ matrices.append($0) }, others: { others.append($0) })
      for value in values { walk.visit(value) }
      for (object, state) in objects { matrices += object.matrices(inState: state) }
      var holdings: [ObjectIdentifier: Int] = [:]
      for matrix in matrices { holdings[ObjectIdentifier(matrix.storage)] = matrix.byteCount }
      for value in others {
        switch value {
        case .list(let list): holdings[ObjectIdentifier(list.storage)] = value.ownByteCount
        case .table(let table): holdings[ObjectIdentifier(table)] = value.ownByteCount
        default: continue
        }
      }
      return holdings
    }()

    /// Bytes that it keeps alive and a later state does not: what has changed since, and its own lists.
    public func bytes(notIn later: Snapshot) -> Int {
      let lists = values.count * (MemoryLayout<Value>.stride + MemoryLayout<VariableNote>.stride)
      let kept = later.holdings
      return holdings.reduce(lists) { $0 + (kept[$1.key] == nil ? $1.value : 0) }
    }
  }

  /// Whether nothing is different in the state now, `ans` apart.
  public func isUnchanged(since snapshot: Snapshot) -> Bool {
    let now = self.snapshot()
    let answer = machine.globals.existingSlot(of: "ans") ?? -1
    guard now.random == snapshot.random, now.digits == snapshot.digits,
      now.objects.count == snapshot.objects.count
    else { return false }
    for (slot, value) in now.values.enumerated() where slot != answer {
      let before = slot < snapshot.values.count ? snapshot.values[slot] : .nothing
      let note = slot < snapshot.notes.count ? snapshot.notes[slot] : VariableNote()
      if !value.isIdentical(to: before) || now.notes[slot] != note { return false }
    }
    return zip(now.objects, snapshot.objects).allSatisfy { now, before in
      now.object === before.object && now.object.isSameState(now.state, before.state)
    }
  }

  /// What the random numbers began with, if any were drawn.
  public var drawnSeed: UInt32? { machine.random == RandomStream(seed: machine.seed) ? nil : machine.seed }

  /// The state as it is now.
  public func snapshot() -> Snapshot {
    let snapshot = Snapshot(random: machine.random, seed: machine.seed, digits: machine.display.digits)
    for slot in 0..<machine.globals.count {
      snapshot.values.append(machine.globals[slot].pointee)
      snapshot.notes.append(machine.globals.notes[slot])
      if case .matrix(let matrix) = machine.globals[slot].pointee, !machine.globals.notes[slot].isParam,
        machine.tracking.tape.isFresh(matrix)
      {
        snapshot.fresh.insert(slot)
      }
    }
    snapshot.optimisers = machine.tracking.optimisers
    snapshot.trainings = machine.trainings
    var objects: [Object] = []
    var walk = ReachableMatrices({ _ in }) { if case .object(let object) = $0 { objects.append(object) } }
    for value in snapshot.values { walk.visit(value) }
    snapshot.objects = objects.compactMap { object in object.savedState().map { (object, $0) } }
    return snapshot
  }

  /// Takes back what a simple statement did before it failed: the first of its targets, random numbers, what a function
  /// did that it called. The finished steps of a training are kept, and so is what a block's statements did.
  ///
  /// - Parameter snapshot: the state before the statement.
  package func takeBack(_ statement: NodeID, of tree: SyntaxTree, to snapshot: Snapshot) {
    switch tree.kind(statement) {
    case .expression, .assign, .compoundAssign, .multiAssign, .param: break
    default: return
    }
    if machine.trainings == snapshot.trainings, !isUnchanged(since: snapshot) { restore(snapshot) }
  }

  /// Goes back to an earlier state: variables, params, networks, random numbers, settings.
  public func restore(_ snapshot: Snapshot) {
    putBack(snapshot)
    guard !snapshot.fresh.isEmpty else { return }
    // The graph forgot how values were computed from params that have changed since; their statements run again,
    // and what those did not compute, or computed differently as random numbers do, is put back once more.
    machine.refresh(slots: snapshot.fresh)
    for slot in snapshot.values.indices where !snapshot.notes[slot].isParam {
      machine.globals.notes[slot] = snapshot.notes[slot]
      let isAgain =
        snapshot.fresh.contains(slot) && machine.globals[slot].pointee.hasBits(of: snapshot.values[slot])
      if !isAgain { machine.globals[slot].pointee = snapshot.values[slot] }
    }
    machine.random = snapshot.random
  }

  private func putBack(_ snapshot: Snapshot) {
    // A number that one param gave up may be another's now: all end before the first comes back.
    for slot in 0..<machine.globals.count {
      let param = machine.globals.notes[slot].param
      if param >= 0, slot >= snapshot.notes.count || snapshot.notes[slot].param != param {
        machine.tracking.endParam(param)
      }
    }
    for slot in 0..<machine.globals.count {
      let isKnown = slot < snapshot.values.count
      machine.globals[slot].pointee = isKnown ? snapshot.values[slot] : .nothing
      machine.globals.notes[slot] = isKnown ? snapshot.notes[slot] : VariableNote()
      if machine.globals.notes[slot].isParam { machine.reviveParam(slot) }
    }
    for (object, state) in snapshot.objects { object.restoreState(state) }
    machine.tracking.optimisers = snapshot.optimisers
    machine.random = snapshot.random
    machine.seed = snapshot.seed
    machine.display.digits = snapshot.digits
  }

  /// A variable as `whos` and completion list it.
  public struct VariableSummary {
    /// The variable's name.
    public let name: String
    /// Its value.
    public let value: Value
    /// What it is to the graph.
    public let role: VariableRole
  }

  /// The variables that have a value, in the order they were first used.
  public var variables: [VariableSummary] {
    (0..<machine.globals.count).compactMap { slot in
      let value = machine.globals[slot].pointee
      if value.isNothing { return nil }
      return VariableSummary(
        name: machine.globals.names[slot], value: value, role: machine.role(ofSlot: slot))
    }
  }

  /// A value as its statement would show it under a name.
  public func echo(_ name: String) throws(Diagnostic) -> String {
    guard let value = self[name] else { throw machine.undefinedGlobal(name) }
    return try machine.display.echo(value, name: name, role: role(of: name), width: machine.host.width)
  }

  /// Takes variables away.
  ///
  /// - Throws: where one has no value; then all stay.
  public func clear(_ names: [String]) throws(Diagnostic) {
    for name in names where self[name] == nil { throw machine.undefinedGlobal(name) }
    for name in names { self[name] = nil }
  }

  /// Colours for echoed names; nil for none.
  public var colours: EchoColours? {
    get { machine.display.colours }
    set { machine.display.colours = newValue }
  }
}
