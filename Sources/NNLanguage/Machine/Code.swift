import NNCore

/// Compiled statements: those of a script, a line of the prompt, or a function's body.
final class Code {
  let name: String
  let tree: SyntaxTree
  let instructions: UnsafeMutableBufferPointer<Instruction>
  let constants: UnsafeMutableBufferPointer<Value>
  /// The syntax node behind each instruction, for messages.
  let nodes: [NodeID]
  let parameters: [Parameter]
  /// The names of the first registers: parameters, then the other variables of the function.
  let localNames: [String]
  let localCount: Int
  let registerCount: Int
  /// How many arguments a call has to give.
  let requiredParameters: Int
  /// Where a closure finds each variable it captures when it is made.
  let captures: [Capture]
  let functions: [Code]
  let loops: [Loop]
  /// Simple statements, in the order of their instructions.
  let statements: [Statement]
  /// The number of the first of `statements` in its interpreter; later statements have higher numbers.
  let firstStatement: Int
  /// Calls with named arguments, field names and formats, by the index that instructions carry.
  let callShapes: [CallShape]
  let strings: [String]
  let formats: [FormatSpec]
  /// Whether `param`, `backward` and the like stand in it, so that its frames keep notes on their variables.
  let declaresParams: Bool

  struct Parameter {
    let name: String
    let hasDefault: Bool
  }

  /// What a closure captures: a cell in a register of the function around it, or one which that captured itself.
  enum Capture {
    case local(Int)
    case outer(Int)
  }

  /// A loop's instructions, and the hidden register that counts its rounds.
  struct Loop {
    let range: Range<Int>
    let counter: Int
    let node: NodeID
  }

  /// A simple statement's instructions, which `forward` runs again.
  struct Statement {
    let range: Range<Int>
    let node: NodeID
    /// The variable it assigns, if it assigns one whole variable.
    let target: Place?
  }

  init(_ draft: consuming CodeDraft, tree: SyntaxTree) {
    name = draft.name
    self.tree = tree
    instructions = .allocate(capacity: draft.instructions.count)
    _ = instructions.initialize(from: draft.instructions)
    constants = .allocate(capacity: max(1, draft.constants.count))
    _ = constants.initialize(from: draft.constants.isEmpty ? [.nothing] : draft.constants)
    nodes = draft.nodes
    parameters = draft.parameters
    localNames = draft.localNames
    localCount = draft.localNames.count
    registerCount = draft.registerCount
    requiredParameters = draft.parameters.lastIndex { !$0.hasDefault }.map { $0 + 1 } ?? 0
    captures = draft.captures
    functions = draft.functions
    loops = draft.loops
    statements = draft.statements
    firstStatement = draft.firstStatement
    callShapes = draft.callShapes
    strings = draft.strings
    formats = draft.formats
    declaresParams = draft.declaresParams
  }

  deinit {
    instructions.deallocate()
    constants.deinitialize()
    constants.deallocate()
  }

  /// The first instruction.
  var start: UnsafePointer<Instruction> { UnsafePointer(instructions.baseAddress.unsafelyUnwrapped) }
  /// Where constants begin; never nil, so that it can stand among the machine's bases.
  var constantBase: UnsafeMutablePointer<Value> { constants.baseAddress.unsafelyUnwrapped }

  subscript(index: Int) -> Instruction { instructions[index] }

  var statementNumbers: ClosedRange<Int32> {
    Int32(truncatingIfNeeded: firstStatement)...Int32(truncatingIfNeeded: firstStatement + statements.count)
  }

  /// The simple statement that instruction `index` belongs to.
  func statement(at index: Int) -> Int? {
    var low = 0
    var high = statements.count
    while low < high {
      let middle = (low + high) / 2
      if statements[middle].range.upperBound <= index { low = middle + 1 } else { high = middle }
    }
    return low < statements.count && statements[low].range.contains(index) ? low : nil
  }
}

/// The parts of a `Code` while it is being compiled.
struct CodeDraft {
  var name: String
  var instructions: [Instruction] = []
  var nodes: [NodeID] = []
  var constants: [Value] = []
  var parameters: [Code.Parameter] = []
  var localNames: [String] = []
  var registerCount = 0
  var captures: [Code.Capture] = []
  var functions: [Code] = []
  var loops: [Code.Loop] = []
  var statements: [Code.Statement] = []
  var firstStatement = 0
  var callShapes: [CallShape] = []
  var strings: [String] = []
  var formats: [FormatSpec] = []
  var declaresParams = false

  init(name: String) { self.name = name }
}

/// How a call with named arguments is written.
struct CallShape {
  /// The name of each argument; nil for one told by its position.
  let names: [String?]
  /// How many results are wanted.
  let wanted: Int
}
