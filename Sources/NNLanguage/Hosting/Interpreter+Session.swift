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

    fileprivate init(random: RandomStream, seed: UInt32, digits: Int) {
      self.random = random
      self.seed = seed
      self.digits = digits
    }

    /// Bytes that it keeps alive and a later state does not: matrices that have changed since, and its own lists.
    public func bytes(notIn later: Snapshot) -> Int {
      var bytes = values.count * (MemoryLayout<Value>.stride + MemoryLayout<VariableNote>.stride)
      for (slot, value) in values.enumerated() {
        guard case .matrix(let matrix) = value else { continue }
        if slot < later.values.count, case .matrix(let other) = later.values[slot],
          other.storage === matrix.storage
        {
          continue
        }
        bytes += matrix.count * MemoryLayout<Scalar>.stride
      }
      return bytes
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
      if !value.isIdentical(to: before) { return false }
    }
    return zip(now.objects, snapshot.objects).allSatisfy { now, before in
      now.object === before.object && now.object.isSameState(now.state, before.state)
    }
  }

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
    for object in machine.reachableObjects(.global) {
      if let state = object.savedState() { snapshot.objects.append((object, state)) }
    }
    return snapshot
  }

  /// Goes back to an earlier state: variables, params, networks, random numbers, settings.
  public func restore(_ snapshot: Snapshot) {
    putBack(snapshot)
    guard !snapshot.fresh.isEmpty else { return }
    // The graph forgot how values were computed from params that have changed since; their statements run again,
    // with the same result, and what those did not compute is put back once more.
    machine.refresh(slots: snapshot.fresh)
    for slot in snapshot.values.indices where !snapshot.fresh.contains(slot) && !snapshot.notes[slot].isParam
    {
      machine.globals[slot].pointee = snapshot.values[slot]
      machine.globals.notes[slot] = snapshot.notes[slot]
    }
    machine.random = snapshot.random
  }

  private func putBack(_ snapshot: Snapshot) {
    for slot in 0..<machine.globals.count {
      let isKnown = slot < snapshot.values.count
      let value = isKnown ? snapshot.values[slot] : .nothing
      let note = isKnown ? snapshot.notes[slot] : VariableNote()
      let wasParam = machine.globals.notes[slot].param
      if wasParam >= 0, wasParam != note.param { machine.tracking.endParam(wasParam) }
      machine.globals[slot].pointee = value
      machine.globals.notes[slot] = note
      if note.isParam { machine.reviveParam(slot) }
    }
    for (object, state) in snapshot.objects { object.restoreState(state) }
    machine.tracking.optimisers = snapshot.optimisers
    machine.random = snapshot.random
    machine.seed = snapshot.seed
    machine.display.digits = snapshot.digits
  }

  /// A variable as `whos` and completion list it.
  public struct VariableSummary {
    public let name: String
    public let value: Value
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

  /// Takes variables away; all where no names are given.
  public func clear(_ names: [String]) throws(Diagnostic) {
    for name in names where self[name] == nil { throw machine.undefinedGlobal(name) }
    for name in names.isEmpty ? variableNames : names { self[name] = nil }
  }

  /// Colours for echoed names; nil for none.
  public var colours: EchoColours? {
    get { machine.display.colours }
    set { machine.display.colours = newValue }
  }
}
