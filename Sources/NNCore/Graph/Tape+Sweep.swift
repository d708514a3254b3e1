/// Freeing what no variable needs. The caller marks what its variables hold and the tape keeps that and what it
/// was computed from:
///
///     tape.beginSweep()
///     for value in variables { tape.mark(value) }
///     tape.finishSweep()
extension Tape {
  /// Whether the tape has doubled since the last sweep, in nodes or in the memory its values take.
  package var needsSweep: Bool {
    nodes.count > 2 * state.pointee.liveCount + 512
      || state.pointee.bytes > 2 * state.pointee.liveBytes + 4 << 20
  }

  package func beginSweep() {
    state.pointee.marked = [Bool](repeating: false, count: nodes.count)
  }

  /// Keeps a variable's value, if it is fresh.
  package func mark(_ matrix: Matrix) {
    let handle = matrix.storage.node
    guard handle.generation == generation, !handle.isParam, handle.index < nodes.count else { return }
    let index = Int(handle.index)
    if nodes.base[index].storage === matrix.storage, isTracked(Int32(index)) {
      state.pointee.marked[index] = true
    }
  }

  /// Removes everything that was not marked and that nothing marked was computed from, and numbers the rest anew.
  package func finishSweep() {
    markInputs()
    let renumbered = compact()
    renumberInputs(renumbered)
    compactLeafSets()
    state.pointee.generation = generation &+ 1 == 0 ? 1 : generation &+ 1
    renewHandles()
    // Numbers that stay are found again: a computation recorded across a sweep has the structure it always has.
    for i in state.pointee.numberCache.indices where state.pointee.numberCache[i] >= 0 {
      let known = Int(state.pointee.numberCache[i])
      state.pointee.numberCache[i] = known < renumbered.count ? renumbered[known] : -1
    }
    (state.pointee.liveCount, state.pointee.liveBytes) = (nodes.count, state.pointee.bytes)
    state.pointee.marked = []
  }

  private func markInputs() {
    for i in stride(from: nodes.count - 1, through: 0, by: -1) where state.pointee.marked[i] {
      // What a stale value was computed from is not needed any more.
      if !state.pointee.leafSets.isFresh(nodes.base[i].leafSet) { detach(i) }
      forEachInput(of: Int32(i)) { state.pointee.marked[Int($0)] = true }
    }
  }

  private func detach(_ i: Int) {
    if nodes.base[i].kind == .operation { nodes.base[i].kind = .data }
    nodes.base[i].inputCount = 0
  }

  private func compact() -> [Int32] {
    var renumbered = [Int32](repeating: -1, count: nodes.count)
    var next = 0
    for i in nodes.indices where state.pointee.marked[i] {
      renumbered[i] = Int32(next)
      if next != i { nodes.swapAt(next, i) }
      next += 1
    }
    nodes.removeLast(nodes.count - next)
    return renumbered
  }

  private func renumberInputs(_ renumbered: [Int32]) {
    var many: [Int32] = []
    state.pointee.bytes = 0
    for i in nodes.indices {
      state.pointee.bytes += nodes.base[i].bytes
      let count = nodes.base[i].inputCount
      if count > 3 {
        let start = Int(nodes.base[i].inputs.0)
        nodes.base[i].inputs.0 = Int32(many.count)
        for j in start..<start + Int(count) { many.append(renumbered[Int(manyInputs[j])]) }
      } else {
        if count > 0 { nodes.base[i].inputs.0 = renumbered[Int(nodes.base[i].inputs.0)] }
        if count > 1 { nodes.base[i].inputs.1 = renumbered[Int(nodes.base[i].inputs.1)] }
        if count > 2 { nodes.base[i].inputs.2 = renumbered[Int(nodes.base[i].inputs.2)] }
      }
    }
    manyInputs.removeAll()
    manyInputs.append(contentsOf: many)
  }

  private func compactLeafSets() {
    var used = [Bool](repeating: false, count: state.pointee.leafSets.count)
    for i in nodes.indices { used[Int(nodes.base[i].leafSet)] = true }
    let renumbered = state.pointee.leafSets.compact(keeping: used)
    for i in nodes.indices { nodes.base[i].leafSet = renumbered[Int(nodes.base[i].leafSet)] }
  }

  private func renewHandles() {
    for i in state.pointee.slots.indices { state.pointee.slots[i].node = -1 }
    for i in nodes.indices {
      let node = nodes.base + i
      if node.pointee.kind == .param {
        if state.pointee.leafSets.isFresh(node.pointee.leafSet) {
          state.pointee.slots[Int(node.pointee.slot)].node = Int32(i)
        }
      } else if let storage = node.pointee.storage, !storage.node.isParam, !storage.node.isReplay {
        storage.node = NodeHandle(index: UInt32(i), generation: generation)
      }
    }
  }
}
