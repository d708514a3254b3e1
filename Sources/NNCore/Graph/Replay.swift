/// A recorded computation that can be run again, forwards and backwards, with the params and data of the moment:
/// what `forward(J)` and `backward(J)` are where the statements are straight lines and shapes are unchanged.
///
/// It is derived once and laid out as two plans. Results are written into the storages of the variables that hold
/// them, so a run allocates nothing; where something else refers to such a storage too, that keeps the old numbers
/// and the variable gets a new one. The values are not on the tape: their storages carry handles of the replay, and
/// the tape takes the computation over only when an operation reads one of them.
///
/// The caller, before a run: lets go of the variables that hold `value(k)` and `gradient(k)`, sets all inputs and
/// params; after it, puts them back.
package final class Replay {
  /// A value that is read from outside.
  package struct Input: Equatable, Sendable {
    /// The variable it is read from.
    package var variable: Int32
    package var shape: Shape
  }

  /// A param, by its slot.
  package struct Param: Equatable, Sendable {
    package var slot: Int32
    package var shape: Shape
  }

  package let inputs: [Input]
  package let params: [Param]

  let tape: Tape
  private let resources: Resources
  /// Its number on the tape, for handles.
  let number: Int
  private let forwardPlan: Plan
  private let backwardPlan: Plan
  private let layout: ReplayLayout

  /// The values a run writes.
  private let values: UnsafeMutablePointer<MatrixStorage>
  private let valueCount: Int
  private let gradients: UnsafeMutablePointer<MatrixStorage>
  private let gradientCount: Int
  /// What the inputs are.
  private var held: [Held]
  private enum Held {
    case matrix(MatrixStorage)
    case number(Scalar)
  }
  /// The param that changed since the last run; -1 for none, -2 before the first run.
  var changedSlot: Int32 = -2

  init(
    _ layout: ReplayLayout, _ tape: Tape, in resources: Resources
  ) throws(CoreError) {
    self.layout = layout
    self.tape = tape
    self.resources = resources
    inputs = layout.inputs
    params = layout.params
    held = [Held](repeating: .number(.nan), count: layout.inputs.count)
    forwardPlan = try Plan(layout.forward, in: resources)
    backwardPlan = try Plan(layout.backward, in: resources)
    number = tape.freeReplayNumber()
    valueCount = forwardPlan.outputs.count
    gradientCount = backwardPlan.outputs.count
    let fresh = try Replay.storages(forwardPlan.outputShapes, in: resources)
    let room = try Replay.storages(backwardPlan.outputShapes, in: resources)
    values = .allocate(capacity: max(1, valueCount))
    gradients = .allocate(capacity: max(1, gradientCount))
    for (k, storage) in fresh.enumerated() { (values + k).initialize(to: storage) }
    for (k, storage) in room.enumerated() { (gradients + k).initialize(to: storage) }
    for k in 0..<valueCount { adopt(k) }
    for k in 0..<gradientCount { backwardPlan.setOutput(k, gradients[k].elements) }
    tape.add(self)
  }

  deinit {
    tape.remove(self)
    values.deinitialize(count: valueCount)
    values.deallocate()
    gradients.deinitialize(count: gradientCount)
    gradients.deallocate()
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

  /// What the next run reads as input `index`: a matrix of the input's shape.
  package func setInput(_ index: Int, _ matrix: Matrix) {
    let storage = matrix.storage
    if case .matrix(let known) = held[index], known === storage { return }
    held[index] = .matrix(storage)
    set(layout.inputPlaces[index], UnsafePointer(storage.elements))
  }

  /// The same for an unboxed number.
  package func setInput(_ index: Int, number: Scalar) {
    held[index] = .number(number)
    let places = layout.inputPlaces[index]
    if places.forward >= 0 { forwardPlan.setGiven(places.forward, number: number) }
    if places.backward >= 0 { backwardPlan.setGiven(places.backward, number: number) }
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

  // MARK: Runs

  /// Whether values and gradients belong to the params as they are.
  package var isFresh: Bool { changedSlot == -1 }

  /// Computes the values anew.
  ///
  /// - Throws: `CoreError.outOfMemory`, `.interrupted` and what kernels throw; values are then those from before.
  package func forward() throws(CoreError) {
    if forwardPlan.isBrief {
      for k in 0..<valueCount where !isKnownUniquelyReferenced(&values[k]) {
        values[k] = try MatrixStorage.make(values[k].shape, in: resources)
        adopt(k)
      }
      try forwardPlan.run(in: resources)
    } else {
      try runAside(forwardPlan, values, valueCount)
      for k in 0..<valueCount { adopt(k) }
    }
    changedSlot = -1
  }

  /// Computes the gradients of the values and params of the last forward run.
  ///
  /// - Returns: false where the derivation does not hold for the data as it is; the caller then goes by the tape.
  package func backward() throws(CoreError) -> Bool {
    for fact in layout.facts where !fact.holds(in: backwardPlan) { return false }
    if backwardPlan.isBrief {
      for k in 0..<gradientCount where !isKnownUniquelyReferenced(&gradients[k]) {
        gradients[k] = try MatrixStorage.make(gradients[k].shape, in: resources)
        backwardPlan.setOutput(k, gradients[k].elements)
      }
      try backwardPlan.run(in: resources)
    } else {
      try runAside(backwardPlan, gradients, gradientCount)
    }
    return true
  }

  /// Runs a plan that may be stopped half way: into storages of its own, which take the others' places at the end.
  private func runAside(
    _ plan: Plan, _ results: UnsafeMutablePointer<MatrixStorage>, _ count: Int
  ) throws(CoreError) {
    let fresh = try Replay.storages(plan.outputShapes, in: resources)
    for (k, storage) in fresh.enumerated() { plan.setOutput(k, storage.elements) }
    try plan.run(in: resources)
    for (k, storage) in fresh.enumerated() { results[k] = storage }
  }

  // MARK: After a run

  /// The value of the `k`th of the values named when the replay was made; nil for a param.
  package func value(_ k: Int) -> Matrix? {
    let index = layout.namedValues[k]
    return index < 0 ? nil : Matrix(storage: values[index])
  }

  /// The gradient of the `k`th named value; nil where the output does not depend on it.
  package func gradient(_ k: Int) -> Matrix? {
    let index = layout.namedGradients[k]
    return index < 0 ? nil : Matrix(storage: gradients[index])
  }

  // MARK: Handing over to the tape

  /// Whether the storage holds value `value` as of now, not one that an earlier run left to somebody else.
  func holds(_ storage: MatrixStorage, value: Int) -> Bool { value < valueCount && values[value] === storage }

  /// Records the computation, so that operations on its values can go on from there. Values that no variable
  /// holds are left out; a derivation that needs one computes it.
  func handOver() {
    var places = [Int32](repeating: -1, count: layout.numbers)
    for leaf in layout.leaves { places[Int(leaf.number)] = place(leaf) }
    for step in layout.steps {
      let storage = step.value < 0 ? nil : values[step.value]
      let place = tape.append(step, step.inputs.map { places[Int($0)] }, storage)
      places[Int(step.number)] = place
      storage?.node = NodeHandle(index: UInt32(place), generation: tape.generation)
    }
  }

  private func place(_ leaf: ReplayLayout.Leaf) -> Int32 {
    switch leaf.kind {
    case .literal(let value): return tape.place(of: .literal(value))
    case .param(let index): return tape.paramNode(Int(params[index].slot), params[index].shape)
    case .input(let index):
      let variable = inputs[index].variable
      switch held[index] {
      case .matrix(let storage): return tape.place(of: .matrix(Matrix(storage: storage), variable: variable))
      case .number(let number): return tape.place(of: .number(number, variable: variable))
      }
    }
  }
}

extension NodeHandle {
  /// Set, with `paramBit` clear, in the index of a handle that a replay gave out.
  static let replayBit: UInt32 = 1 << 30
  static let valueBits: UInt32 = 16

  init(replay: Int, value: Int) {
    self.init(
      index: Self.replayBit | UInt32(truncatingIfNeeded: value),
      generation: UInt32(truncatingIfNeeded: replay) + 1)
  }

  @inline(__always) var isReplay: Bool {
    index & (Self.paramBit | Self.replayBit) == Self.replayBit && generation != 0
  }
  @inline(__always) var replay: Int { Int(generation) - 1 }
  @inline(__always) var replayValue: Int { Int(index & ~Self.replayBit) }
}
