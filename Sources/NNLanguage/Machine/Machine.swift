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
  /// The graph, params and slices.
  var tracking = Tracking()
  /// The format numbers are shown in.
  var display = DisplaySettings()
  /// How many more loop rounds and calls may run; a host sets it.
  var stepsLeft = Int.max
  /// The call depth at which a program is stopped.
  var depthLimit = Machine.mostDepth
  static let mostDepth = 20_000
  /// Answers `dW1 = ?`; set by the interpreter.
  var holeHandler: (_ name: String) throws(Diagnostic) -> Void = { _ throws(Diagnostic) in }
  /// Runs an included file; set by the interpreter, which knows sources and files.
  var includeHandler: (_ path: String, _ base: String) throws(Diagnostic) -> Void = { _, _ throws(Diagnostic) in }

  // The whole stack is valid at all times: places not in use hold a number. Fresh memory is zero, which is the
  // number 0, so untouched pages cost nothing.
  let stack: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  static let stackCapacity = 1 << 22

  let frames: UnsafeMutablePointer<Frame>
  private(set) var frameCount = 0
  /// Registers, constants and globals of the running frame, by the kind of a `Place`.
  let bases: UnsafeMutablePointer<UnsafeMutablePointer<Value>>
  /// Names of inlined builtins that the user gave functions to: then instructions for them look again.
  var hasShadowedBuiltins = false
  /// The results of the last builtin beyond its first.
  var extraResults: [Value] = []

  init(resources: Resources, host: any Host) throws(Diagnostic) {
    guard let memory = calloc(Machine.stackCapacity, MemoryLayout<Value>.stride) else {
      throw Diagnostic(.error, "there is no memory for the machine's stack")
    }
    self.resources = resources
    self.host = host
    globals = Globals(resources: resources)
    random = RandomStream(seed: host.entropy())
    stack = memory.bindMemory(to: Value.self, capacity: Machine.stackCapacity)
    stackEnd = stack + Machine.stackCapacity
    frames = .allocate(capacity: Machine.mostDepth + 8)
    bases = .allocate(capacity: 4)
    bases.initialize(repeating: stack, count: 4)
  }

  deinit {
    clearStack(from: stack, to: stack + highWater)
    free(stack)
    frames.deallocate()
    bases.deallocate()
  }

  /// The top of what was ever used of the stack.
  private var highWater = 0

  var isIdle: Bool { frameCount == 0 }
}

// MARK: Frames

extension Machine {
  /// The first place above everything the running frames use.
  var stackTop: UnsafeMutablePointer<Value> {
    guard frameCount > 0 else { return stack }
    let frame = frames[frameCount - 1]
    return frame.registers + frame.code._withUnsafeGuaranteedRef { $0.registerCount }
  }

  @inline(__always)
  var frame: UnsafeMutablePointer<Frame> { frames + (frameCount - 1) }

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
    _ code: Unmanaged<Code>, function: Unmanaged<Function>?, registers: UnsafeMutablePointer<Value>, given: Int,
    isEntry: Bool
  ) throws(Diagnostic) -> UnsafePointer<Instruction> {
    let (start, constants, locals, count) = code._withUnsafeGuaranteedRef {
      ($0.start, $0.constantBase, $0.localCount, $0.registerCount)
    }
    if frameCount >= depthLimit || registers + (count + 256) > stackEnd { throw tooDeep(code) }
    var register = given
    while register < locals {
      (registers + register).pointee = .nothing
      register += 1
    }
    let top = (registers + count) - stack
    if top > highWater { highWater = top }
    (frames + frameCount).initialize(
      to: Frame(
        next: start, registers: registers, code: code, function: function, notes: nil, isEntry: isEntry))
    frameCount += 1
    bases[0] = registers
    bases[1] = constants
    return start
  }

  /// Ends the running frame: its registers are cleared but for the first `results`, and the caller runs on.
  @inline(__always)
  func pop(keeping results: Int) {
    frameCount -= 1
    let frame = frames + frameCount
    let count = frame.pointee.code._withUnsafeGuaranteedRef { $0.registerCount }
    var register = results
    while register < count {
      let place = frame.pointee.registers + register
      if !place.isNumber { place.pointee = .number(0) }
      register += 1
    }
    if let notes = frame.pointee.notes {
      forgetParams(of: frame.pointee)
      notes.deallocate()
    }
    if frameCount > 0 { restoreBases() }
  }

  @inline(__always)
  func restoreBases() {
    let caller = frames + (frameCount - 1)
    bases[0] = caller.pointee.registers
    bases[1] = caller.pointee.code._withUnsafeGuaranteedRef { $0.constantBase }
    bases[2] = globals.values
  }

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
    let base = stackTop
    bases[2] = globals.values
    let start = try push(
      .passUnretained(code), function: nil, registers: base, given: 0, isEntry: true)
    try enter(start)
  }

  /// Calls a function from native code and waits for its first result.
  ///
  /// - Throws: what the function throws; also where native calls nest too deep for the thread's stack.
  func call(_ function: Function, _ arguments: [Value]) throws(Diagnostic) -> Value {
    let window = stackTop
    guard window + (arguments.count + 256) < stackEnd else { throw Diagnostic(.error, "calls nest too deep") }
    for (offset, argument) in arguments.enumerated() { (window + offset).pointee = argument }
    switch function.body {
    case .builtin(let index):
      try callBuiltin(index, window: window, count: arguments.count, wanted: 1, at: nil)
    case .user(let code):
      try checkCount(arguments.count, of: code)
      let start = try push(
        .passUnretained(code), function: .passUnretained(function), registers: window, given: arguments.count,
        isEntry: true)
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
      while frameCount >= depth { pop(keeping: 0) }
      throw error
    }
  }
}
