import NNCore

/// Compiled statements: those of a script, a line of the prompt, or a function's body.
final class Code {
  let name: String
  let tree: SyntaxTree
  /// Whether it is a function's body, not code of the top level.
  let isFunction: Bool
  /// The instructions, and what a call needs to know.
  let layout: Layout
  /// The constants that are no numbers.
  let constants: [Value]
  /// The syntax node behind each instruction, for messages.
  let nodes: [NodeID]
  let parameters: [Parameter]
  /// The names of the first registers: parameters, then the other variables of the function.
  let localNames: [String]
  /// How many arguments a call has to give.
  let requiredParameters: Int
  let mostParameters: Int
  /// Where a closure finds each variable it captures when it is made.
  let captures: [Capture]
  /// What the captured variables are called.
  let captureNames: [String]
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

  /// Instructions, and how a frame is laid out: variables, the numbers among the constants, temporaries.
  struct Layout {
    let start: UnsafePointer<Instruction>
    let localCount: Int
    /// Behind the variables and the numbers among the constants.
    let firstTemporary: Int
    let registerCount: Int
    /// Copied behind the variables of each frame.
    let numbers: UnsafePointer<Scalar>
    let numbersEnd: UnsafePointer<Scalar>
    private let required: Int
    private let optional: UInt

    /// Whether a call may give so many arguments.
    @inline(__always)
    func takes(_ count: Int) -> Bool { UInt(bitPattern: count &- required) <= optional }

    fileprivate init(
      _ instructions: [Instruction], _ numbers: [Scalar], localCount: Int, registerCount: Int,
      parameters: ClosedRange<Int>
    ) {
      let start = UnsafeMutablePointer<Instruction>.allocate(capacity: instructions.count)
      start.initialize(from: instructions, count: instructions.count)
      let copy = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, numbers.count))
      copy.initialize(from: numbers, count: numbers.count)
      self.start = UnsafePointer(start)
      self.localCount = localCount
      firstTemporary = localCount + numbers.count
      self.registerCount = registerCount
      self.numbers = UnsafePointer(copy)
      numbersEnd = UnsafePointer(copy + numbers.count)
      required = parameters.lowerBound
      optional = UInt(parameters.count - 1)
    }

    var constants: [Scalar] { Array(UnsafeBufferPointer(start: numbers, count: numbersEnd - numbers)) }

    fileprivate func deallocate() {
      start.deallocate()
      numbers.deallocate()
    }
  }

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
    var counter: Int
    let node: NodeID
  }

  /// A simple statement's instructions, which `forward` runs again.
  struct Statement {
    let range: Range<Int>
    let node: NodeID
    /// The variable it assigns, if it assigns one whole variable.
    var target: Place?
  }

  /// Where the function or lambda stands whose body this is; the root of the tree for code of the top level.
  let node: NodeID
  /// Whether statements note that they defined a variable, so that the code must be kept at hand.
  let definesVariables: Bool

  private var fragments: [Int: Code] = [:]
  /// How the calls with named arguments were last done, for each of `callShapes`.
  var namedCalls: [NamedCall?]
  /// The builtins that calls name, for those among `strings` that were called.
  var builtins: [Function?]
  /// Where an object last had the field of a name among `strings`; the object says what the number means.
  var fieldPlaces: [Int]

  /// A part of other code: the same places, and jumps that stay inside it.
  private init(_ whole: Code, statement: Statement) {
    var part = statement.range.map { whole[$0] }
    // What is computed again is not shown again.
    while part.last?.opcode == .echo { part.removeLast() }
    for index in part.indices where part[index].opcode.isDefinition {
      // Numbers of statements count from the fragment's first, which is this one.
      part[index].b = .none
    }
    part.append(Instruction(whole.isFunction ? .endFragment : .halt))
    name = whole.name
    tree = whole.tree
    isFunction = whole.isFunction
    layout = Layout(
      part, whole.layout.constants, localCount: whole.localCount, registerCount: whole.layout.registerCount,
      parameters: whole.requiredParameters...whole.mostParameters)
    constants = whole.constants
    nodes = Array(whole.nodes[statement.range].prefix(part.count - 1)) + [statement.node]
    parameters = whole.parameters
    localNames = whole.localNames
    mostParameters = whole.mostParameters
    requiredParameters = whole.requiredParameters
    captures = whole.captures
    captureNames = whole.captureNames
    functions = whole.functions
    loops = []
    let own = Statement(range: 0..<part.count - 1, node: statement.node, target: statement.target)
    statements = [own]
    firstStatement = whole.firstStatement + (whole.statements.firstIndex { $0.range == statement.range } ?? 0)
    callShapes = whole.callShapes
    namedCalls = whole.namedCalls
    strings = whole.strings
    builtins = whole.builtins
    fieldPlaces = whole.fieldPlaces
    formats = whole.formats
    declaresParams = whole.declaresParams
    node = whole.node
    definesVariables = false
  }

  init(_ draft: consuming CodeDraft, tree: SyntaxTree) {
    draft.settle()
    name = draft.name
    self.tree = tree
    isFunction = draft.isFunction
    let required = draft.parameters.lastIndex { !$0.hasDefault }.map { $0 + 1 } ?? 0
    layout = Layout(
      draft.instructions, draft.numbers, localCount: draft.localNames.count,
      registerCount: draft.registerCount, parameters: required...draft.parameters.count)
    constants = draft.constants
    nodes = draft.nodes
    parameters = draft.parameters
    localNames = draft.localNames
    mostParameters = draft.parameters.count
    requiredParameters = required
    captures = draft.captures
    captureNames = draft.captureNames
    functions = draft.functions
    loops = draft.loops
    statements = draft.statements
    firstStatement = draft.firstStatement
    callShapes = draft.callShapes
    namedCalls = Array(repeating: nil, count: draft.callShapes.count)
    strings = draft.strings
    builtins = Array(repeating: nil, count: draft.strings.count)
    fieldPlaces = Array(repeating: -1, count: draft.strings.count)
    formats = draft.formats
    declaresParams = draft.declaresParams
    node = draft.node
    definesVariables = draft.instructions.contains { $0.opcode.isDefinition }
  }

  /// Knows the code by the numbers of its statements.
  var registry: StatementNumbers?

  deinit {
    registry?.forget(self)
    layout.deallocate()
  }

  /// The first instruction.
  var start: UnsafePointer<Instruction> { layout.start }
  var localCount: Int { layout.localCount }

  /// One statement by itself, to be run again in the same kind of frame.
  func fragment(_ index: Int) -> Code {
    if let known = fragments[index] { return known }
    let made = Code(self, statement: statements[index])
    fragments[index] = made
    return made
  }

  subscript(index: Int) -> Instruction { layout.start[index] }

  var statementNumbers: ClosedRange<Int32> {
    Int32(truncatingIfNeeded: firstStatement)...Int32(truncatingIfNeeded: firstStatement + statements.count)
  }

  /// Whether a settled place is one of the numbers among the constants.
  func isConstant(_ place: Place) -> Bool {
    place.offset >= localCount && place.offset < layout.firstTemporary
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
  var numbers: [Scalar] = []
  var constants: [Value] = []
  var parameters: [Code.Parameter] = []
  var localNames: [String] = []
  var registerCount = 0
  var captures: [Code.Capture] = []
  var captureNames: [String] = []
  var functions: [Code] = []
  var loops: [Code.Loop] = []
  var statements: [Code.Statement] = []
  var firstStatement = 0
  var callShapes: [CallShape] = []
  var strings: [String] = []
  /// Where each of them stands.
  var stringIndices: [String: Int] = [:]
  var formats: [FormatSpec] = []
  var declaresParams = false
  var node = NodeID(-1)
  let isFunction: Bool

  init(name: String, isFunction: Bool) {
    self.name = name
    self.isFunction = isFunction
  }

  /// Turns the places of all instructions into distances from register 0.
  mutating func settle() {
    markChains()
    joinPairs()
    let (locals, count) = (localNames.count, numbers.count)
    func settled(_ place: Place) -> Place { place.settled(locals: locals, constants: count) }
    for index in instructions.indices {
      instructions[index].a = settled(instructions[index].a)
      instructions[index].b = settled(instructions[index].b)
      instructions[index].c = settled(instructions[index].c)
      if let target = instructions[index].opcode.target {
        let place = Place.plain(instructions[index][keyPath: target].index)
        instructions[index][keyPath: target] = place.settled(jumpAt: index)
      }
    }
    for index in loops.indices { loops[index].counter += count }
    for index in statements.indices { statements[index].target = statements[index].target.map(settled) }
    registerCount += count
  }
}

/// How a call with named arguments is written.
struct CallShape {
  /// The name of each argument; nil for one told by its position.
  let names: [String?]
  /// How many results are wanted.
  let wanted: Int
}
