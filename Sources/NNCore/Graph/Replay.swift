/// A recorded computation that can be run again, forwards and backwards, with the params and data of the moment:
/// what `forward(J)` and `backward(J)` are where the statements are straight lines and shapes are unchanged.
///
/// It is derived once and laid out as two plans. Values are written into the storages of the variables that hold
/// them, gradients wherever the caller says, so a run allocates nothing; where something else refers to such a
/// storage too, that keeps the old numbers and the variable gets a new one. The values are not on the tape: their
/// storages carry handles of the replay, and the tape takes the computation over only when an operation reads one.
///
/// The caller, before a forward run: lets go of the variables that hold `value(k)`, calls `makeRoom`, sets all inputs
/// and params; after it, puts the values into their variables.
package final class Replay {
  /// A value that is read from outside.
  package struct Input: Equatable, Sendable {
    /// The variable it is read from.
    package var variable: Int32
    package var shape: Shape
    /// Whether the variable holds an unboxed number.
    package var isNumber: Bool
  }

  /// A param, by its slot.
  package struct Param: Equatable, Sendable {
    package var slot: Int32
    package var shape: Shape
  }

  package let inputs: [Input]
  package let params: [Param]
  package let valueCount: Int
  package let gradientShapes: [Shape]
  /// The memory that plans, values and the data last read take, about.
  package let bytes: Int

  let tape: Tape
  private let resources: Resources
  /// Its number on the tape, for handles.
  package let number: Int
  private let forwardPlan: Plan
  private let backwardPlan: Plan
  private let layout: ReplayLayout

  /// The values of the last run.
  private let values: UnsafeMutablePointer<MatrixStorage>
  /// What the inputs were in the last run; nil for numbers, which stand beside.
  private let held: UnsafeMutablePointer<MatrixStorage?>
  private let heldNumbers: UnsafeMutablePointer<Scalar>
  private let state: UnsafeMutablePointer<State>

  private struct State {
    /// The param that changed since the last run; -1 for none, -2 before the first run.
    var changedSlot: Int32 = -2
    /// The param whose change came before the last run but one.
    var formerSlot: Int32 = -2
    /// Whether the tape has taken over the values of the last run.
    var isOnTape = false
    /// Whether what the derivation knows of the data holds for it as it is; nil where nobody has looked.
    var factsHold: Bool?
  }

  init(
    _ layout: ReplayLayout, _ tape: Tape, in resources: Resources
  ) throws(CoreError) {
    self.layout = layout
    self.tape = tape
    self.resources = resources
    inputs = layout.inputs
    params = layout.params
    forwardPlan = try Plan(layout.forward, in: resources)
    backwardPlan = try Plan(layout.backward, in: resources)
    number = tape.freeReplayNumber()
    valueCount = forwardPlan.outputs.count
    gradientShapes = backwardPlan.outputShapes
    let elements = (forwardPlan.outputShapes + layout.inputs.map(\.shape)).reduce(0) { $0 + $1.count }
    bytes = forwardPlan.bytes + backwardPlan.bytes + elements * MemoryLayout<Scalar>.stride
    let fresh = try Replay.storages(forwardPlan.outputShapes, in: resources)
    values = .allocate(capacity: max(1, valueCount))
    held = .allocate(capacity: max(1, inputs.count))
    held.initialize(repeating: nil, count: inputs.count)
    heldNumbers = .allocate(capacity: max(1, inputs.count))
    heldNumbers.initialize(repeating: .nan, count: inputs.count)
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    for (k, storage) in fresh.enumerated() { (values + k).initialize(to: storage) }
    for k in 0..<valueCount { adopt(k) }
    tape.add(self)
  }

  deinit {
    tape.remove(self)
    if state.pointee.changedSlot == -1 { tape.state.pointee.freshReplays -= 1 }
    values.deinitialize(count: valueCount)
    values.deallocate()
    held.deinitialize(count: inputs.count)
    held.deallocate()
    heldNumbers.deallocate()
    state.deallocate()
  }

  private static func storages(_ shapes: [Shape], in resources: Resources) throws(CoreError)
    -> [MatrixStorage]
  {
    var result: [MatrixStorage] = []
    for shape in shapes { result.append(try MatrixStorage.make(shape, in: resources)) }
    return result
  }

  /// Makes a storage of `values` known to the plans and, by its handle, to the tape.
  private func adopt(_ k: Int) {
    values[k].node = NodeHandle(replay: number, value: k)
    forwardPlan.setOutput(k, values[k].elements)
    for index in layout.backwardReads[k] { backwardPlan.setGiven(index, UnsafePointer(values[k].elements)) }
  }

  // MARK: Before a run

  /// Whether a storage, by its address, is what the last run read as input `index`, so that there is nothing to set.
  @inline(__always)
  package func isInput(_ index: Int, _ storage: UnsafeRawPointer) -> Bool {
    UnsafeRawPointer(held + index).load(as: UnsafeRawPointer?.self) == storage
  }

  /// What the next run reads as input `index`: a matrix of the input's shape.
  package func setInput(_ index: Int, _ matrix: Matrix) {
    let storage = matrix.storage
    if held[index] === storage { return }
    held[index] = storage
    set(layout.inputPlaces[index], UnsafePointer(storage.elements))
    state.pointee.factsHold = nil
  }

  /// The same for an unboxed number.
  package func setInput(_ index: Int, number: Scalar) {
    if heldNumbers[index].bitPattern == number.bitPattern { return }
    heldNumbers[index] = number
    let places = layout.inputPlaces[index]
    if places.forward >= 0 { forwardPlan.setGiven(places.forward, number: number) }
    if places.backward >= 0 { backwardPlan.setGiven(places.backward, number: number) }
    state.pointee.factsHold = nil
  }

  /// Where the next run finds the value of param `index`: elements in the param's shape.
  @inline(__always)
  package func setParam(_ index: Int, _ elements: UnsafePointer<Scalar>) {
    set(layout.paramPlaces[index], elements)
  }

  @inline(__always)
  private func set(_ places: ReplayLayout.Places, _ elements: UnsafePointer<Scalar>) {
    if places.forward >= 0 { forwardPlan.setGiven(places.forward, elements) }
    if places.backward >= 0 { backwardPlan.setGiven(places.backward, elements) }
  }

  /// Where backward writes gradient `index`: room for `gradientShapes[index]`.
  @inline(__always)
  package func setGradient(_ index: Int, _ room: UnsafeMutablePointer<Scalar>) {
    backwardPlan.setOutput(index, room)
  }

  /// Makes sure that the next run overwrites nothing that others see: what they hold is theirs from now on, on the
  /// tape where it is still fresh.
  ///
  /// - Throws: `CoreError.outOfMemory`; the values are then as before.
  package func makeRoom() throws(CoreError) {
    var isShared = false
    for k in 0..<valueCount where !isKnownUniquelyReferenced(&values[k]) { isShared = true }
    if !isShared { return }
    if isFresh { handOver() }
    if !forwardPlan.isBrief { return }
    for k in 0..<valueCount where !isKnownUniquelyReferenced(&values[k]) {
      values[k] = try MatrixStorage.make(values[k].shape, in: resources)
      adopt(k)
    }
  }

  // MARK: Runs

  /// Whether values and gradients belong to the params as they are, and the tape knows nothing of them.
  @inline(__always)
  package var isFresh: Bool { state.pointee.changedSlot == -1 && !state.pointee.isOnTape }

  /// Computes the values anew.
  ///
  /// - Throws: `CoreError.outOfMemory`, `.interrupted` and what kernels throw; values are then those from before.
  package func forward() throws(CoreError) {
    if forwardPlan.isBrief {
      try forwardPlan.run(in: resources)
    } else {
      let fresh = try Replay.storages(forwardPlan.outputShapes, in: resources)
      for (k, storage) in fresh.enumerated() { forwardPlan.setOutput(k, storage.elements) }
      try forwardPlan.run(in: resources)
      for (k, storage) in fresh.enumerated() { values[k] = storage }
      for k in 0..<valueCount { adopt(k) }
    }
    state.pointee.formerSlot = state.pointee.changedSlot
    if state.pointee.changedSlot != -1 { tape.state.pointee.freshReplays += 1 }
    state.pointee.changedSlot = -1
    state.pointee.isOnTape = false
  }

  /// Whether the derivation holds for the data of the last run; else the caller goes by the tape.
  @inline(__always)
  package var isDerivationValid: Bool { state.pointee.factsHold ?? checkFacts() }

  private func checkFacts() -> Bool {
    let holds = layout.facts.allSatisfy { fact in
      guard let storage = held[fact.input] else { return !fact.holds }
      return fact.fact.holds(UnsafePointer(storage.elements), storage.shape) == fact.holds
    }
    state.pointee.factsHold = holds
    return holds
  }

  /// Whether `backward` cannot fail, so that it may write over the gradients there are.
  @inline(__always)
  package var isBackwardBrief: Bool { backwardPlan.isBrief }

  /// Computes the gradients of the values and params of the last forward run.
  ///
  /// - Throws: as `Plan.run`; what was written is then undefined.
  @inline(__always)
  package func backward() throws(CoreError) { try backwardPlan.run(in: resources) }

  // MARK: After a run

  /// Whether the storage, by its address, is what value `k` stands in.
  @inline(__always)
  package func isValue(_ k: Int, _ storage: UnsafeRawPointer) -> Bool {
    UnsafeRawPointer(values + k).load(as: UnsafeRawPointer.self) == storage
  }

  /// A value of the last run.
  @inline(__always)
  package func value(_ k: Int) -> Matrix { Matrix(storage: values[k]) }

  /// Which of the values the `k`th named one is; nil for a param.
  package func valueIndex(ofNamed k: Int) -> Int? {
    layout.namedValues[k] < 0 ? nil : layout.namedValues[k]
  }

  /// Which of the gradients belongs to the `k`th named value; nil where the output does not depend on it.
  package func gradientIndex(ofNamed k: Int) -> Int? {
    layout.namedGradients[k] < 0 ? nil : layout.namedGradients[k]
  }

  // MARK: What the tape asks

  /// Whether the storage holds value `value` as of now, not one that an earlier run left to somebody else.
  func holds(_ storage: MatrixStorage, value: Int) -> Bool { value < valueCount && values[value] === storage }

  /// What a value is that carries this replay's handle.
  func status(of storage: MatrixStorage) -> Tape.Status {
    let isCurrent = holds(storage, value: storage.node.replayValue)
    switch isCurrent ? state.pointee.changedSlot : state.pointee.formerSlot {
    case -1: return isCurrent ? .fresh : .untracked
    case -2: return .untracked
    case let slot: return .stale(slot: slot)
    }
  }

  /// Makes the values stale.
  @inline(__always)
  func paramChanged(_ slot: Int32) {
    guard state.pointee.changedSlot == -1 else { return }
    for param in params where param.slot == slot {
      state.pointee.changedSlot = slot
      tape.state.pointee.freshReplays -= 1
      return
    }
  }

  // MARK: Handing over to the tape

  /// Records the computation, so that operations on its values can go on from there. Values that no variable
  /// holds are left out; a derivation that needs one computes it.
  package func handOver() {
    var places = [Int32](repeating: -1, count: layout.numbers)
    for leaf in layout.leaves { places[Int(leaf.number)] = place(leaf) }
    for step in layout.steps {
      let storage = step.value < 0 ? nil : values[step.value]
      let place = tape.append(step, step.inputs.map { places[Int($0)] }, storage)
      places[Int(step.number)] = place
      storage?.node = NodeHandle(index: UInt32(place), generation: tape.generation)
    }
    state.pointee.isOnTape = true
  }

  private func place(_ leaf: ReplayLayout.Leaf) -> Int32 {
    switch leaf.kind {
    case .literal(let value): return tape.place(of: .literal(value))
    case .param(let index): return tape.paramNode(Int(params[index].slot), params[index].shape)
    case .input(let index):
      let variable = inputs[index].variable
      if let storage = held[index] {
        return tape.place(of: .matrix(Matrix(storage: storage), variable: variable))
      }
      return tape.place(of: .number(heldNumbers[index], variable: variable))
    }
  }
}

extension NodeHandle {
  /// Set, with `paramBit` clear, in the index of a handle that a replay gave out.
  static let replayBit: UInt32 = 1 << 30

  init(replay: Int, value: Int) {
    self.init(
      index: Self.replayBit | UInt32(truncatingIfNeeded: value),
      generation: UInt32(truncatingIfNeeded: replay) + 1)
  }

  /// Whether a replay gave it out.
  @inline(__always) package var isReplay: Bool {
    index & (Self.paramBit | Self.replayBit) == Self.replayBit && generation != 0
  }
  @inline(__always) package var replay: Int { Int(generation) - 1 }
  @inline(__always) var replayValue: Int { Int(index & ~Self.replayBit) }
}
