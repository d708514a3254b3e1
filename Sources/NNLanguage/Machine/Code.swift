import NNCore

/// Compiled statements: those of a script, a line of the prompt, or a function's body.
final class Code {
  /// What was written: the same for a statement of it that runs by itself.
  let content: Content
  let tree: SyntaxTree
  /// The instructions, and what a call needs to know.
  let layout: Layout
  private let numbers: Numbers
  /// The syntax node behind each instruction, for messages.
  let nodes: [NodeID]
  let loops: [Loop]
  /// Simple statements, in the order of their instructions.
  let statements: [Statement]
  /// The number of the first of `statements` in its interpreter; later statements have higher numbers.
  let firstStatement: Int

  /// What the instructions refer to, and what is known of the function they are.
  struct Content {
    var name: String
    /// Whether it is a function's body, not code of the top level.
    let isFunction: Bool
    /// Where the function or lambda stands whose body this is; the root of the tree for code of the top level.
    var node = NodeID(-1)
    var parameters: [Parameter] = []
    /// The names of the first registers: parameters, then the other variables of the function.
    var localNames: [String] = []
    /// Where a closure finds each variable it captures when it is made.
    var captures: [Capture] = []
    /// What the captured variables are called.
    var captureNames: [String] = []
    var functions: [Code] = []
    /// The constants that are no numbers.
    var constants: [Value] = []
    /// Calls with named arguments, field names and formats, by the index that instructions carry.
    var callShapes: [CallShape] = []
    var strings: [String] = []
    var formats: [FormatSpec] = []
    /// Whether `param`, `backward` and the like stand in it, so that its frames keep notes on their variables.
    var declaresParams = false
  }

  var name: String { content.name }
  var isFunction: Bool { content.isFunction }
  var node: NodeID { content.node }
  var parameters: [Parameter] { content.parameters }
  var localNames: [String] { content.localNames }
  var captures: [Capture] { content.captures }
  var captureNames: [String] { content.captureNames }
  var functions: [Code] { content.functions }
  var constants: [Value] { content.constants }
  var callShapes: [CallShape] { content.callShapes }
  var strings: [String] { content.strings }
  var formats: [FormatSpec] { content.formats }
  var declaresParams: Bool { content.declaresParams }

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
    fileprivate let required: Int
    private let optional: UInt

    /// Whether a call may give so many arguments.
    @inline(__always)
    func takes(_ count: Int) -> Bool { UInt(bitPattern: count &- required) <= optional }

    fileprivate init(
      _ instructions: [Instruction], _ numbers: Numbers, localCount: Int, registerCount: Int,
      _ parameters: [Parameter]
    ) {
      let start = UnsafeMutablePointer<Instruction>.allocate(capacity: instructions.count)
      start.initialize(from: instructions, count: instructions.count)
      self.start = UnsafePointer(start)
      self.localCount = localCount
      firstTemporary = localCount + numbers.count
      self.registerCount = registerCount
      self.numbers = numbers.start
      numbersEnd = numbers.start + numbers.count
      required = parameters.lastIndex { !$0.hasDefault }.map { $0 + 1 } ?? 0
      optional = UInt(parameters.count - required)
    }

    fileprivate func deallocate() { start.deallocate() }
  }

  /// The numbers among the constants, which the fragments of a code share: each has all of them in its frames.
  fileprivate final class Numbers {
    let start: UnsafePointer<Scalar>
    let count: Int

    init(_ numbers: [Scalar]) {
      let copy = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, numbers.count))
      copy.initialize(from: numbers, count: numbers.count)
      start = UnsafePointer(copy)
      count = numbers.count
    }

    deinit { start.deallocate() }
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
  private init(_ whole: Code, _ index: Int) {
    let statement = whole.statements[index]
    var part = statement.range.map { whole[$0] }
    // What is computed again is not shown again.
    while part.last?.opcode == .echo { part.removeLast() }
    for place in part.indices where part[place].opcode.isDefinition {
      // Numbers of statements count from the fragment's first, which is this one.
      part[place].b = .none
    }
    part.append(Instruction(whole.isFunction ? .endFragment : .halt))
    content = whole.content
    numbers = whole.numbers
    tree = whole.tree
    layout = Layout(
      part, whole.numbers, localCount: whole.localCount, registerCount: whole.layout.registerCount,
      whole.parameters)
    nodes = Array(whole.nodes[statement.range].prefix(part.count - 1)) + [statement.node]
    loops = []
    let own = Statement(range: 0..<part.count - 1, node: statement.node, target: statement.target)
    statements = [own]
    firstStatement = whole.firstStatement + index
    namedCalls = whole.namedCalls
    builtins = whole.builtins
    fieldPlaces = whole.fieldPlaces
    definesVariables = false
  }

  init(_ draft: consuming CodeDraft, tree: SyntaxTree) {
    draft.settle()
    content = draft.content
    numbers = Numbers(draft.numbers)
    self.tree = tree
    layout = Layout(
      draft.instructions, numbers, localCount: content.localNames.count,
      registerCount: draft.registerCount, content.parameters)
    nodes = draft.nodes
    loops = draft.loops
    statements = draft.statements
    firstStatement = draft.firstStatement
    namedCalls = Array(repeating: nil, count: content.callShapes.count)
    builtins = Array(repeating: nil, count: content.strings.count)
    fieldPlaces = Array(repeating: -1, count: content.strings.count)
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
  /// How many arguments a call has to give.
  var requiredParameters: Int { layout.required }

  /// One statement by itself, to be run again in the same kind of frame.
  func fragment(_ index: Int) -> Code {
    if let known = fragments[index] { return known }
    let made = Code(self, index)
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
  var content: Code.Content
  var instructions: [Instruction] = []
  var nodes: [NodeID] = []
  var numbers: [Scalar] = []
  var registerCount = 0
  var loops: [Code.Loop] = []
  var statements: [Code.Statement] = []
  var firstStatement = 0
  /// Where each of the strings stands.
  var stringIndices: [String: Int] = [:]

  init(name: String, isFunction: Bool) { content = Code.Content(name: name, isFunction: isFunction) }

  /// Turns the places of all instructions into distances from register 0.
  mutating func settle() {
    markChains()
    joinPairs()
    let (locals, count) = (content.localNames.count, numbers.count)
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
