/// How the values that depend on params were computed: an append-only array of nodes, each naming earlier ones.
///
/// Only what depends on a fresh param is recorded, with the data it read. Nodes are found by `NodeHandle`s that
/// stand in the storages of the recorded values; a handle counts only while the node it names holds that very
/// storage, so one from before a sweep, or of a value that was copied and changed, is plain data.
/// Nothing here recurses: nodes stand behind their inputs, and every walk is one pass over the array.
package final class Tape {
  let nodes = FlatArray<TapeNode>(capacity: 256)
  /// The inputs of nodes that have more than three.
  let manyInputs = FlatArray<Int32>()
  /// The rest of what the tape knows; behind an address for the reason that `FlatArray` gives.
  let state: UnsafeMutablePointer<State>

  struct State {
    var leafSets = LeafSets()
    var slots: [ParamSlot] = []
    var generation: UInt32 = 1
    var origin: Int32 = -1
    // What tells that a sweep is due: see `needsSweep`.
    var bytes = 0
    var liveCount = 0
    var liveBytes = 0
    var marked: [Bool] = []
    /// By number, the computations that run again in place.
    var replays: [Unmanaged<Replay>?] = []
    /// How many of them have values that belong to the params as they are.
    var freshReplays = 0
    /// Recently recorded numbers, so that the literals of a loop are one node each.
    var numberCache = [Int32](repeating: -1, count: 64)
  }

  /// The statement that is running, kept with each node it records.
  package var origin: Int32 {
    get { state.pointee.origin }
    set { state.pointee.origin = newValue }
  }

  @inline(__always) var generation: UInt32 { state.pointee.generation }

  package init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    nodes.deallocate()
    manyInputs.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  struct ParamSlot {
    var version: UInt32 = 1
    /// The node of the current version in the current generation, or -1.
    var node: Int32 = -1
  }

  package var count: Int { nodes.count }

  package subscript(index: Int32) -> TapeNode { at(index).pointee }

  /// The node in its array, valid until the next one is recorded.
  @inline(__always)
  func at(_ index: Int32) -> UnsafeMutablePointer<TapeNode> {
    assert(index >= 0 && Int(index) < nodes.count)
    return nodes.base + Int(index)
  }

  /// The inputs of a node, in order.
  package func inputs(of index: Int32) -> [Int32] {
    var result: [Int32] = []
    forEachInput(of: index) { result.append($0) }
    return result
  }

  @inline(__always)
  func forEachInput(of index: Int32, _ body: (Int32) -> Void) {
    let count = at(index).pointee.inputCount
    let inputs = at(index).pointee.inputs
    if count <= 3 {
      if count > 0 { body(inputs.0) }
      if count > 1 { body(inputs.1) }
      if count > 2 { body(inputs.2) }
    } else {
      for i in Int(inputs.0)..<Int(inputs.0 + count) { body(manyInputs[i]) }
    }
  }
}

// MARK: - Params

extension NodeHandle {
  /// Set in the index of a param's handle, whose other bits are its slot and whose generation is its version.
  static let paramBit: UInt32 = 1 << 31

  /// Whether this is the handle of a param's value, of this version or an earlier one.
  @inline(__always) package var isParam: Bool { index & Self.paramBit != 0 && generation != 0 }
  @inline(__always) var slot: Int { Int(index & ~Self.paramBit) }

  /// Whether it named a node of the tape before a sweep, which kept none for the value: nothing fresh was left of it.
  package func isSwept(in tape: Tape) -> Bool {
    generation != 0 && !isParam && !isReplay && generation != tape.generation
  }
}

extension Tape {
  /// The handle that the storage of a param's present value carries; the caller sets it there.
  package func paramHandle(_ slot: Int32) -> NodeHandle {
    growSlots(slot)
    return NodeHandle(
      index: UInt32(slot) | NodeHandle.paramBit, generation: state.pointee.slots[Int(slot)].version)
  }

  /// Says that the value of the param in `slot` is another one from now on: everything computed from the old one
  /// is stale.
  ///
  /// - Returns: the handle for the storage of the new value.
  @discardableResult
  package func paramChanged(_ slot: Int32) -> NodeHandle {
    if state.pointee.slots.count <= Int(slot) { growSlots(slot) }
    var version = state.pointee.slots[Int(slot)].version &+ 1
    if version == 0 { version = 1 }
    state.pointee.slots[Int(slot)] = ParamSlot(version: version)
    if state.pointee.leafSets.hasFresh { state.pointee.leafSets.change(slot) }
    if state.pointee.freshReplays > 0 { paramChangedInReplays(slot) }
    return NodeHandle(index: UInt32(slot) | NodeHandle.paramBit, generation: version)
  }

  private func growSlots(_ slot: Int32) {
    while state.pointee.slots.count <= Int(slot) { state.pointee.slots.append(ParamSlot()) }
  }

  func paramNode(_ slot: Int, _ shape: Shape) -> Int32 {
    if state.pointee.slots[slot].node >= 0 { return state.pointee.slots[slot].node }
    let set = state.pointee.leafSets.single(Int32(slot))
    let index = append(
      TapeNode(.param, leafSet: set, origin: origin, slot: Int32(slot), shape: shape))
    state.pointee.slots[slot].node = index
    return index
  }
}

// MARK: - What a value is to the graph

extension Tape {
  /// What is known of a value's place in the graph.
  package enum Status: Equatable, Sendable {
    /// Data: it depends on no param.
    case untracked
    case fresh
    /// It, or something it was computed from, was computed from a value that the param in `slot` no longer has.
    case stale(slot: Int32)
  }

  /// Whether the value depends on a param as it is now.
  package func isFresh(_ matrix: Matrix) -> Bool { status(of: matrix) == .fresh }

  package func status(of matrix: Matrix) -> Status {
    let handle = matrix.storage.node
    if handle.isNone { return .untracked }
    if handle.isParam {
      let isCurrent =
        handle.slot < state.pointee.slots.count
        && state.pointee.slots[handle.slot].version == handle.generation
      return isCurrent ? .fresh : .stale(slot: Int32(handle.slot))
    }
    if handle.isReplay { return statusInReplay(of: matrix.storage) }
    guard handle.generation == generation, handle.index < nodes.count else { return .untracked }
    let node = nodes.base + Int(handle.index)
    let changed = state.pointee.leafSets.changedSlot[Int(node.pointee.leafSet)]
    if changed >= 0 { return .stale(slot: changed) }
    return node.pointee.storage === matrix.storage && node.pointee.leafSet != 0 ? .fresh : .untracked
  }

  /// The same of an unboxed number that is on the tape.
  package func status(of handle: NodeHandle) -> Status {
    guard !handle.isNone, handle.generation == generation, handle.index < nodes.count else {
      return .untracked
    }
    let set = nodes.base[Int(handle.index)].leafSet
    let changed = state.pointee.leafSets.changedSlot[Int(set)]
    return changed >= 0 ? .stale(slot: changed) : set == 0 ? .untracked : .fresh
  }

  /// The node of a fresh value, recording a param that was not yet used; nil for data.
  package func node(of matrix: Matrix) -> Int32? {
    guard isFresh(matrix) else { return nil }
    takeOver(matrix.storage)
    let handle = matrix.storage.node
    return handle.isParam ? paramNode(handle.slot, matrix.shape) : Int32(handle.index)
  }

  /// Whether a node takes part in differentiation: it depends on a param that has not changed since.
  @inline(__always)
  func isTracked(_ index: Int32) -> Bool {
    let set = at(index).pointee.leafSet
    return set != 0 && state.pointee.leafSets.isFresh(set)
  }
}
