/// A call in progress.
struct Frame {
  /// The next instruction, while the frame waits for a call it made.
  var next: UnsafePointer<Instruction>
  /// Register 0. The registers of a callee begin at the arguments, inside the caller's.
  let registers: UnsafeMutablePointer<Value>
  let code: Unmanaged<Code>
  /// The function called, for its captures; kept alive by the caller's place that names it, which cannot change
  /// while the caller waits.
  let function: Unmanaged<Function>?
  /// Notes on the frame's variables, made when the first is needed.
  var notes: UnsafeMutablePointer<VariableNote>?
  /// The run loop that entered this frame ends with it: native code waits for the result.
  let isEntry: Bool
  /// Whether anything but numbers may lie in its temporaries: an instruction ran that is more than a step with
  /// unboxed numbers. Else there is nothing to clear behind the variables when it ends, nor before a call.
  var mayHoldReferences = false
  /// Whether variables behind register 0 have to be cleared when it ends.
  let hasVariables: Bool
}
