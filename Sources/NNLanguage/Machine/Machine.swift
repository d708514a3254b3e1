import CNumerics
import NNCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs code: registers on one stack, frames in an array, no native recursion for calls of the language.
final class Machine {
  let resources: Resources
  let globals: Globals
  unowned let host: any Host
  var random: RandomStream
  /// What the random numbers were started with.
  var seed: UInt32
  /// The graph, params and slices.
  var tracking: Tracking
  /// The tape of `tracking`, at hand.
  let tape: Tape
  let statementNumbers = StatementNumbers()
  let differentiation: Differentiation
  /// Slices that run as plans.
  var replays = SliceReplays()
  /// Where the tape's origin was found.
  var lastOrigin = StatementInPlay()
  /// Where `step` finds params and gradients.
  var stepPlaces = StepPlaces()
  /// Stands for the value of a param that is gone; nothing that is fresh asks for one.
  let zeroMatrix: Matrix
  /// Whether networks drop what they dropped last, instead of drawing anew.
  var repeatsDropout = false
  /// The format numbers are shown in.
  var display = DisplaySettings()
  /// How many more loop rounds and calls may run; a host sets it.
  var stepsLeft = Int.max
  /// The call depth at which a program is stopped.
  var depthLimit = Machine.mostDepth {
    didSet { lastFrame = frames + (depthLimit - 1) }
  }
  static let mostDepth = 20_000
  /// Whether a `dW1 = ?` was met: then a script has not done its work.
  var hasHoles = false
  /// Runs an included file; set by the interpreter, which knows sources and files.
  var includeHandler: (_ path: String, _ base: String) throws(Diagnostic) -> Void = {
    _, _ throws(Diagnostic) in
  }

  // The whole stack is valid at all times: places not in use hold a number. Fresh memory is zero, which is the
  // number 0, so untouched pages cost nothing.
  let stack: UnsafeMutablePointer<Value>
  /// How often `ans` was set.
  var answers = 0
  /// How many trainings have begun.
  var trainings = 0
  let stackEnd: UnsafeMutablePointer<Value>
  /// Where arguments of builtins end that lie above all frames: those that a builtin gave, and places of arguments that
  /// a call by names leaves out.
  private var argumentsEnd: UnsafeMutablePointer<Value>
  /// How far frames may reach: builtins put their arguments above.
  private let stackLimit: UnsafeMutablePointer<Value>
  static let stackCapacity = 1 << 22
  // Global variables lie below the stack, so that the top level, whose registers begin at the stack's own begin,
  // reaches them as it reaches its registers.
  private let memory: UnsafeMutableRawPointer

  let frames: UnsafeMutablePointer<Frame>
  /// The running frame; one below the first where none is.
  private(set) var frame: UnsafeMutablePointer<Frame>
  /// The last frame that the depth limit lets be.
  private var lastFrame: UnsafeMutablePointer<Frame>
  /// Registers moved aside while code of the top level runs inside another run.
  private var parked: [UnsafeMutableBufferPointer<Value>] = []
  /// Names of inlined builtins that the user gave functions to: then instructions for them look again.
  var hasShadowedBuiltins = false
  /// The expression being fused, see Chains.swift.
  let chain = Chain()
  var chainTemporaries = ChainTemporaries()
  /// The fewest elements for which a chain is worth describing.
  var worthFusing = 2048
  /// The results of the last builtin beyond its first.
  var extraResults: [Value] = []
  /// What an interrupt is said to have stopped, once a builtin kept what it had done and returned that: its
  /// statement is finished, then the run ends.
  private(set) var pendingInterrupt: Diagnostic?

  init(resources: Resources, host: any Host) throws(Diagnostic) {
    guard let memory = calloc(Globals.capacity + Machine.stackCapacity, MemoryLayout<Value>.stride) else {
      throw Diagnostic(.error, "there is no memory for the machine's stack")
    }
    self.resources = resources
    self.host = host
    let tracking = Tracking()
    self.tracking = tracking
    tape = tracking.tape
    differentiation = Differentiation(tracking.tape, in: resources)
    do { zeroMatrix = try Matrix(repeating: 0, .scalar, in: resources) } catch {
      throw Diagnostic(core: error)
    }
    seed = host.entropy()
    random = RandomStream(seed: seed)
    self.memory = memory
    stack =
      memory.bindMemory(to: Value.self, capacity: Globals.capacity + Machine.stackCapacity) + Globals.capacity
    globals = Globals(resources: resources, top: stack)
    stackEnd = stack + Machine.stackCapacity
    argumentsEnd = stack
    frames = .allocate(capacity: Machine.mostDepth + 9) + 1
    frame = frames - 1
    lastFrame = frames + (Machine.mostDepth - 1)
    stackLimit = stackEnd - 256
    display.cancellation = resources.cancellation
  }

  deinit {
    clearStack(from: stack - globals.count, to: stackTop)
    free(memory)
    (frames - 1).deallocate()
  }

  var isIdle: Bool { frameCount == 0 }
}

// MARK: Frames

extension Machine {
  /// The first place above everything that running frames and builtins use.
  var stackTop: UnsafeMutablePointer<Value> {
    guard frameCount > 0 else { return max(stack, argumentsEnd) }
    return max(
      frame.pointee.registers + frame.pointee.code._withUnsafeGuaranteedRef { $0.layout.registerCount },
      argumentsEnd)
  }

  var frameCount: Int { frame - frames + 1 }

  /// The running code.
  var code: Code { frame.pointee.code._withUnsafeGuaranteedRef { $0 } }

  /// The number of the instruction that is being run.
  var instructionAtPlay: Int { frame.pointee.next - code.start - 1 }

  /// The syntax behind the instruction that is being run.
  var nodeAtPlay: NodeID { code.nodes[instructionAtPlay] }

  /// Begins a frame whose arguments lie at `registers`, and makes it the running one.
  ///
  /// - Throws: where calls nest too deep or the registers do not fit.
  @inline(__always)
  func push(
    _ code: Unmanaged<Code>, function: Unmanaged<Function>?, registers: UnsafeMutablePointer<Value>,
    given: Int,
    isEntry: Bool
  ) throws(Diagnostic) -> UnsafePointer<Instruction> {
    let layout = code._withUnsafeGuaranteedRef { $0.layout }
    if frame >= lastFrame || registers + layout.registerCount > stackLimit { throw tooDeep(code) }
    var place = registers + given
    // What the caller left above the arguments goes; then everything there is a number.
    if !isEntry, frame.pointee.mayHoldReferences { clearStack(from: place, to: stackTop) }
    let constants = registers + layout.localCount
    while place < constants {
      place.initialize(to: .nothing)
      place += 1
    }
    var number = layout.numbers
    while number < layout.numbersEnd {
      place.uncheckedNumber = number.pointee
      place += 1
      number += 1
    }
    frame += 1
    frame.initialize(
      to: Frame(
        next: layout.start, registers: registers, code: code, function: function, notes: nil,
        isEntry: isEntry,
        hasVariables: layout.localCount > 1
      ))
    return layout.start
  }

  /// Ends the running frame: its registers are cleared but for the first `results`, and the caller runs on.
  @inline(__always)
  func pop(keeping results: Int) {
    let ended = frame
    frame -= 1
    let (registers, layout) = (
      ended.pointee.registers, ended.pointee.code._withUnsafeGuaranteedRef { $0.layout }
    )
    clearStack(from: registers + results, to: registers + layout.localCount)
    guard ended.pointee.mayHoldReferences else { return }
    // The constants between are numbers.
    let temporaries = max(layout.firstTemporary, results)
    clearStack(from: registers + temporaries, to: registers + layout.registerCount)
    if let notes = ended.pointee.notes {
      forgetParams(of: ended.pointee)
      notes.deallocate()
    }
  }

  /// `return` of a number from a call that left nothing behind its variables; the caller runs on.
  @inline(__always)
  func popNumber() {
    let ended = frame
    frame -= 1
    if ended.pointee.hasVariables {
      let (registers, count) = (
        ended.pointee.registers, ended.pointee.code._withUnsafeGuaranteedRef { $0.layout.localCount }
      )
      clearStack(from: registers + 1, to: registers + count)
    }
  }

  /// Ends a frame that shares its registers with the one below.
  func leaveFragment() { frame -= 1 }

  @inline(__always)
  private func clearStack(from start: UnsafeMutablePointer<Value>, to end: UnsafeMutablePointer<Value>) {
    var place = start
    while place < end {
      if !place.isNumber { place.pointee = .number(0) }
      place += 1
    }
  }

  private func tooDeep(_ code: Unmanaged<Code>) -> Diagnostic {
    let name = code._withUnsafeGuaranteedRef { $0.name }
    return Diagnostic(.error, "\(name) calls itself too deep: \(frameCount) calls are waiting")
      .hinting("does it have a case that returns without calling itself?")
  }
}

// MARK: Running

extension Machine {
  /// Runs the code of a script or a line to its end.
  func run(_ code: Code) throws(Diagnostic) {
    if isIdle { pendingInterrupt = nil }
    // Other code may have lain where this does.
    lastOrigin = StatementInPlay()
    defer { lastOrigin = StatementInPlay() }
    park()
    defer { unpark() }
    remember(code)
    let start = try push(.passUnretained(code), function: nil, registers: stack, given: 0, isEntry: true)
    try enter(start)
    try checkInterrupt()
  }

  /// Has the run end behind the statement that a builtin, stopped by an interrupt, is part of.
  ///
  /// - Parameter note: how far the builtin was.
  func endAfterStatement(_ note: String) {
    let error = Diagnostic(.interrupt, "interrupted").noting(note)
    pendingInterrupt = explained(error, entryDepth: 1)
  }

  /// Ends the run if a builtin was interrupted.
  func checkInterrupt() throws(Diagnostic) {
    if let pendingInterrupt { throw pendingInterrupt }
  }

  /// Keeps code at hand whose statements may define variables.
  private func remember(_ code: Code) {
    guard code.definesVariables else { return }
    let globals = globals
    tracking.definitions.add(code, statementNumbers) {
      (0..<globals.count).flatMap { slot -> [Int32] in
        if let network = globals[slot].pointee.network {
          return Array(network.state.handStatements.values)
        }
        let note = globals.notes[slot]
        return [note.definition, note.handStatement].filter { $0 >= 0 }
      }
    }
  }

  /// Runs a statement of a frame again, in its registers.
  func run(_ fragment: Code, inFrameOf index: Int) throws(Diagnostic) {
    let owner = frames[index]
    let saved = owner.notes
    frame += 1
    frame.initialize(
      to: Frame(
        next: fragment.start, registers: owner.registers, code: .passUnretained(fragment),
        function: owner.function,
        notes: saved, isEntry: true, mayHoldReferences: true, hasVariables: true))
    frames[index].mayHoldReferences = true
    defer { frames[index].notes = frames[index + 1].notes }
    guard StackGuard().hasRoom else {
      frame -= 1
      throw Diagnostic(.error, "calls nest too deep for the native stack")
    }
    do { try loop(fragment.start) } catch {
      while frameCount > index + 2 { pop(keeping: 0) }
      frame = frames + index
      throw error
    }
  }

  // Code of the top level has its registers at the bottom of the stack. Where it runs inside another run (an
  // included file, a line that `forward` runs again), what lies there is moved aside meanwhile.
  private func park() {
    let count = stackTop - stack
    let copy = UnsafeMutableBufferPointer<Value>.allocate(capacity: count)
    if let base = copy.baseAddress, count > 0 {
      base.moveInitialize(from: stack, count: count)
      stack.initialize(repeating: .number(0), count: count)
    }
    parked.append(copy)
  }

  private func unpark() {
    guard let copy = parked.popLast() else { return }
    if let base = copy.baseAddress, !copy.isEmpty {
      stack.deinitialize(count: copy.count)
      stack.moveInitialize(from: base, count: copy.count)
    }
    copy.deallocate()
  }

  /// Every value that a running program may still use, globals apart.
  func forEachRegister(_ body: (Value) -> Void) {
    var place = stack
    while place < stackTop {
      body(place.pointee)
      place += 1
    }
    for copy in parked { copy.forEach(body) }
  }

  /// Calls a function from native code and waits for its first result.
  ///
  /// - Throws: what the function throws; also where native calls nest too deep for the thread's stack.
  func call(_ function: Function, _ arguments: [Value]) throws(Diagnostic) -> Value {
    let window = try window(for: arguments.count)
    for (offset, argument) in arguments.enumerated() { (window + offset).pointee = argument }
    return try call(function, window, arguments.count)
  }

  func call(_ function: Function, _ argument: Value) throws(Diagnostic) -> Value {
    let window = try window(for: 1)
    window.pointee = argument
    return try call(function, window, 1)
  }

  func call(_ function: Function, _ first: Value, _ second: Value) throws(Diagnostic) -> Value {
    let window = try window(for: 2)
    window.pointee = first
    (window + 1).pointee = second
    return try call(function, window, 2)
  }

  /// Room for arguments above everything the running frames use.
  private func window(for count: Int) throws(Diagnostic) -> Slot {
    // Builtins that call functions have no rounds that look for an interrupt.
    if resources.cancellation.isRaised { try stop() }
    let window = stackTop
    guard window + (count + 256) < stackEnd else { throw Diagnostic(.error, "calls nest too deep") }
    return window
  }

  /// Calls a builtin whose arguments lie above the running frame's registers, where what it calls itself would look for
  /// room.
  func keeping(_ window: Slot, _ count: Int, _ body: () throws(Diagnostic) -> Void) throws(Diagnostic) {
    let outer = argumentsEnd
    argumentsEnd = max(outer, window + count)
    defer { argumentsEnd = outer }
    try body()
  }

  private func call(_ function: Function, _ window: Slot, _ count: Int) throws(Diagnostic) -> Value {
    switch function.body {
    case .builtin(let index):
      try keeping(window, count) { () throws(Diagnostic) in
        try callBuiltin(index, window: window, count: count, wanted: 1, at: nil)
      }
    case .user(let code):
      let start: UnsafePointer<Instruction>
      do {
        try checkCount(count, of: code)
        start = try push(
          .passUnretained(code), function: .passUnretained(function), registers: window, given: count,
          isEntry: true)
      } catch {
        clear(window, count)
        throw error
      }
      try enter(start)
    }
    return window.take()
  }

  /// Runs until the entry frame just pushed ends.
  func enter(_ start: UnsafePointer<Instruction>) throws(Diagnostic) {
    guard StackGuard().hasRoom else {
      pop(keeping: 0)
      throw Diagnostic(.error, "calls nest too deep for the native stack")
    }
    let depth = frameCount
    do {
      try loop(start)
    } catch {
      noteFailedHand(in: depth - 1)
      while frameCount >= depth { pop(keeping: 0) }
      throw error
    }
  }

  /// A statement of the top level that failed to compute `dV` is V's hand definition all the same: `check` judges it.
  private func noteFailedHand(in index: Int) {
    let (code, next) = (frames[index].code._withUnsafeGuaranteedRef { $0 }, frames[index].next)
    guard !code.isFunction, let statement = code.statement(at: max(0, next - code.start - 1)) else { return }
    let number = Int32(truncatingIfNeeded: code.firstStatement + statement)
    let node = code.statements[statement].node
    for name in StatementNames(node, in: code.tree).targets where GradientName.variable(of: name) != nil {
      globals.notes[globals.slot(of: name)].handStatement = number
    }
    if let (base, field) = code.tree.assignedField(node), let variable = GradientName.variable(of: field),
      let network = globals.value(of: base)?.network,
      network.fieldValue(variable) != nil
    {
      network.state.handStatements[variable] = number
    }
  }
}
