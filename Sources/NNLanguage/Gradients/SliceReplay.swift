import NNCore

/// A slice of straight lines that runs as plans: reads its inputs and params where the variables are, and writes
/// values and gradients into the variables' own buffers.
///
/// It runs only while the variables are of the kinds and shapes that it was made for; else the statements run, which
/// give the same bits. Everything it looks at in a step is plain memory, so that a step of a small network costs
/// little more than its arithmetic.
final class SliceReplay {
  typealias Slot = Machine.Slot

  /// A variable that the slice reads as data.
  private struct Input {
    let slot: Slot
    let index: Int
    let shape: Shape
    let isNumber: Bool
  }

  private struct Param {
    let slot: Slot
    /// The variable's place among the globals.
    let global: Int
    let number: Int32
    let shape: Shape
  }

  /// A variable that the slice assigns.
  private struct Target {
    let slot: Slot
    let global: Int
    let value: Int
    /// What its note says: the statements that compute it.
    let slice: Int32
    /// The statement, where the variable's name is that of a gradient; else -1.
    let hand: Int32
    /// Whether it gave its value back to the replay for a run.
    var hasLetGo = false
  }

  /// A function that the slice calls, which its variable has to hold still.
  private struct Callee {
    let slot: Slot
    let function: Unmanaged<Function>
  }

  /// A variable that receives a gradient.
  private struct Gradient {
    let slot: Slot
    let global: Int
    let index: Int
    let shape: Shape
  }

  let replay: Replay
  let output: Int
  private let inputs: UnsafeMutableBufferPointer<Input>
  private let params: UnsafeMutableBufferPointer<Param>
  private let targets: UnsafeMutableBufferPointer<Target>
  private let gradients: UnsafeMutableBufferPointer<Gradient>
  private let callees: UnsafeMutableBufferPointer<Callee>
  /// Keeps the functions, so that no other can come to lie where one was.
  private let functions: [Function]
  /// Where backward writes gradients of one number.
  private let numbers: UnsafeMutablePointer<Scalar>
  /// Gradients whose variables have no room for them.
  private var pending: [(index: Int, matrix: Matrix)] = []

  /// - Parameters:
  ///   - replay: names the targets' variables, then those of the params.
  ///   - plan: what the slice reads and assigns.
  init(_ replay: Replay, _ plan: SlicePlan, _ machine: Machine) {
    self.replay = replay
    output = replay.valueIndex(ofNamed: plan.output) ?? 0
    let globals = machine.globals
    inputs = .copy(
      of: plan.inputs.map { variable, index in
        Input(
          slot: globals[variable], index: index, shape: replay.inputs[index].shape,
          isNumber: replay.inputs[index].isNumber)
      })
    params = .copy(
      of: plan.params.map { variable, index in
        Param(
          slot: globals[variable], global: variable, number: replay.params[index].slot,
          shape: replay.params[index].shape)
      })
    targets = .copy(
      of: plan.targets.map {
        Target(
          slot: globals[$0.variable], global: $0.variable, value: $0.value, slice: $0.slice, hand: $0.hand)
      })
    var functions: [Function] = []
    for variable in plan.functions {
      if case .function(let function) = globals[variable].pointee { functions.append(function) }
    }
    self.functions = functions
    callees = .copy(
      of: zip(plan.functions, functions).map { Callee(slot: globals[$0], function: .passUnretained($1)) })
    numbers = .allocate(capacity: max(1, replay.gradientShapes.count))
    numbers.initialize(repeating: .nan, count: replay.gradientShapes.count)
    gradients = .copy(
      of: plan.gradients.map { variable, index in
        Gradient(
          slot: globals[variable], global: variable, index: index, shape: replay.gradientShapes[index])
      })
    for gradient in gradients where gradient.shape.isScalar {
      replay.setGradient(gradient.index, numbers + gradient.index)
    }
  }

  deinit {
    inputs.deallocate()
    params.deallocate()
    targets.deallocate()
    gradients.deallocate()
    callees.deallocate()
    numbers.deallocate()
  }

  // MARK: forward

  /// Computes the values and gives them to their variables.
  ///
  /// - Returns: false, with nothing changed, where the statements have to run.
  func forward(_ machine: Machine) throws(Diagnostic) -> Bool {
    guard readParams(machine) else { return false }
    for callee in callees where callee.slot.uncheckedFunction?.toOpaque() != callee.function.toOpaque() {
      return false
    }
    for target in targets where machine.globals.notes[target.global].isParam { return false }
    letGo()
    let isShared = replay.handOverIfShared()
    guard readInputs(machine) else {
      takeBack()
      return false
    }
    do throws(CoreError) {
      try replay.makeRoom(isShared: isShared)
      try replay.forward()
    } catch {
      takeBack()
      throw Diagnostic(core: error)
    }
    hold(machine)
    return true
  }

  private func readInputs(_ machine: Machine) -> Bool {
    for input in inputs {
      if input.isNumber {
        guard input.slot.isNumber else { return false }
        replay.setInput(input.index, number: input.slot.uncheckedNumber)
      } else {
        guard input.slot.isMatrix else { return false }
        if replay.isInput(input.index, input.slot.storageAddress) { continue }
        guard case .matrix(let matrix) = input.slot.pointee, isData(matrix, input, machine) else {
          return false
        }
        replay.setInput(input.index, matrix)
      }
    }
    return true
  }

  /// Whether a matrix can take an input's place: data of the same shape, which no other input is to equal.
  private func isData(_ matrix: Matrix, _ input: Input, _ machine: Machine) -> Bool {
    guard matrix.shape == input.shape, matrix.storage.node.markingStatement == nil,
      !machine.tracking.tape.isFresh(matrix)
    else { return false }
    // Variables that were one matrix when the slice was recorded have to be one still, and others different.
    for other in inputs where !other.isNumber && other.slot != input.slot {
      let isOne = other.slot.isMatrix && other.slot.uncheckedStorage === matrix.storage
      if isOne != (other.index == input.index) { return false }
    }
    return true
  }

  private func readParams(_ machine: Machine) -> Bool {
    let notes = machine.globals.notes
    for (index, param) in params.enumerated() {
      guard notes[param.global].param == param.number, param.slot.isMatrix,
        param.slot.uncheckedHeader.pointee.shape == param.shape
      else { return false }
      replay.setParam(index, UnsafePointer(param.slot.uncheckedElements))
    }
    return true
  }

  private func letGo() {
    for k in targets.indices {
      let slot = targets[k].slot
      targets[k].hasLetGo = slot.isMatrix && replay.isValue(targets[k].value, slot.storageAddress)
      if targets[k].hasLetGo { slot.pointee = .number(0) }
    }
  }

  private func takeBack() {
    for target in targets where target.hasLetGo { target.slot.pointee = .matrix(replay.value(target.value)) }
  }

  private func hold(_ machine: Machine) {
    let notes = machine.globals.notes
    for target in targets {
      target.slot.pointee = .matrix(replay.value(target.value))
      notes[target.global].slice = target.slice
      if target.hand >= 0 {
        notes[target.global].handStatement = target.hand
        notes[target.global].isNewGradient = true
        notes[target.global].isFromBackward = false
      }
    }
  }

  // MARK: backward

  /// Computes the gradients and gives them to their variables.
  ///
  /// - Parameter cost: the place of the value to differentiate.
  /// - Returns: false, with nothing changed, where the tape has to do it.
  func backward(_ cost: Slot, _ machine: Machine) throws(Diagnostic) -> Bool {
    guard replay.isFresh, replay.isValue(output, cost.storageAddress), replay.isDerivationValid,
      areInPlace(machine)
    else { return false }
    do throws(CoreError) {
      try makeRoom(machine)
      try replay.backward()
    } catch {
      pending = []
      throw Diagnostic(core: error)
    }
    giveOut(machine)
    return true
  }

  /// Whether values and params are where they were in the last run, and no other variable has one of them: such a
  /// one would have a gradient too. (A variable that takes a value of a replay puts it on the tape.)
  private func areInPlace(_ machine: Machine) -> Bool {
    for target in targets {
      guard target.slot.isMatrix, replay.isValue(target.value, target.slot.storageAddress) else {
        return false
      }
    }
    for param in params where !param.slot.holdsUniqueMatrix { return false }
    for gradient in gradients where machine.globals.notes[gradient.global].isParam { return false }
    return true
  }

  /// Lets backward write into the variables' own matrices where nothing else refers to them.
  private func makeRoom(_ machine: Machine) throws(CoreError) {
    let isBrief = replay.isBackwardBrief
    for gradient in gradients where !gradient.shape.isScalar {
      let slot = gradient.slot
      if isBrief, slot.holdsUniqueMatrix, slot.uncheckedHeader.pointee.shape == gradient.shape,
        slot.uncheckedHeader.pointee.node.isPlain
      {
        replay.setGradient(gradient.index, slot.uncheckedElements)
      } else {
        let matrix = try Matrix(uninitialized: gradient.shape, in: machine.resources)
        replay.setGradient(gradient.index, matrix.mutablePointer)
        pending.append((gradient.global, matrix))
      }
    }
  }

  private func giveOut(_ machine: Machine) {
    if !pending.isEmpty {
      for (global, matrix) in pending { machine.globals[global].pointee = .matrix(matrix) }
      pending.removeAll(keepingCapacity: true)
    }
    let notes = machine.globals.notes
    for gradient in gradients {
      if gradient.shape.isScalar { gradient.slot.setNumber(numbers[gradient.index]) }
      notes[gradient.global].slice = Slices.none
      notes[gradient.global].isNewGradient = true
      notes[gradient.global].isFromBackward = true
    }
  }
}
