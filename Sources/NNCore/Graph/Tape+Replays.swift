extension Tape {
  func freeReplayNumber() -> Int {
    state.pointee.replays.firstIndex { $0 == nil } ?? state.pointee.replays.count
  }

  func add(_ replay: Replay) {
    if replay.number == state.pointee.replays.count { state.pointee.replays.append(nil) }
    state.pointee.replays[replay.number] = Unmanaged.passUnretained(replay)
  }

  func remove(_ replay: Replay) {
    if replay.number < state.pointee.replays.count { state.pointee.replays[replay.number] = nil }
  }

  /// The replay whose handle a value carries.
  func replay(of storage: MatrixStorage) -> Replay? {
    let handle = storage.node
    guard handle.isReplay, handle.replay < state.pointee.replays.count else { return nil }
    return state.pointee.replays[handle.replay]?.takeUnretainedValue()
  }

  func paramChangedInReplays(_ slot: Int32) {
    for replay in state.pointee.replays { replay?._withUnsafeGuaranteedRef { $0.paramChanged(slot) } }
  }

  func statusInReplay(of storage: MatrixStorage) -> Status {
    replay(of: storage)?.status(of: storage) ?? .untracked
  }

  /// Takes the computation of a replay's value over, if it is fresh, so that the storage is on the tape.
  package func takeOver(_ storage: MatrixStorage) {
    if storage.node.isReplay, statusInReplay(of: storage) == .fresh { replay(of: storage)?.handOver() }
  }

  func append(_ step: ReplayLayout.Step, _ inputs: [Int32], _ storage: MatrixStorage?) -> Int32 {
    var set: Int32 = 0
    for input in inputs { set = state.pointee.leafSets.union(set, nodes.base[Int(input)].leafSet) }
    var places: (Int32, Int32, Int32) = (-1, -1, -1)
    if inputs.count > 3 {
      places.0 = Int32(manyInputs.count)
      manyInputs.append(contentsOf: inputs)
    } else {
      if inputs.count > 0 { places.0 = inputs[0] }
      if inputs.count > 1 { places.1 = inputs[1] }
      if inputs.count > 2 { places.2 = inputs[2] }
    }
    var node = TapeNode(
      .operation, step.operation, inputCount: Int32(inputs.count), inputs: places, leafSet: set,
      origin: step.origin, attributes: step.attributes, shape: step.shape, storage: storage)
    node.slice = step.slice
    node.holder = step.holder
    node.isAbsent = storage == nil
    return append(node)
  }
}
