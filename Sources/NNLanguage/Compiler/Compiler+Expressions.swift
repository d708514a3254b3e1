import NNCore

extension Compiler {
  /// Compiles an expression; the value ends in `target`, or where the result says.
  @discardableResult
  mutating func compile(_ node: NodeID, into target: Place? = nil, isStatement: Bool = false)
    throws(Diagnostic)
    -> Place
  {
    switch tree.expression(node) {
    case .number(let number): return move(constant(number), into: target, at: node)
    case .string(let text): return load(.string(text), into: target, at: node)
    case .name: return move(try compileName(node, name(node)), into: target, at: node)
    case .unary(let operation, let operand): return try compileUnary(node, operation, operand, target)
    case .binary: return try compileBinary(node, target)
    case .transpose(let operand):
      return try computing(target) { compiler, place throws(Diagnostic) in
        compiler.emit(.transpose, place, try compiler.compile(operand), at: node)
      }
    case .range(let start, let step, let stop): return try compileRange(node, start, step, stop, target)
    case .matrix(let rows): return try compileMatrix(node, Array(rows), target)
    case .interpolation(let parts): return try compileInterpolation(node, Array(parts), target)
    case .call:
      let window = try compileCall(node, wanted: isStatement ? 0 : 1, isStatement: isStatement)
      return move(.register(window), into: target, at: node)
    case .index(let base, let subscripts): return try compileIndex(node, base, Array(subscripts), target)
    case .field(let base, let field):
      return try computing(target) { compiler, place throws(Diagnostic) in
        let base = try compiler.compile(base)
        compiler.emit(.field, place, base, .plain(compiler.string(compiler.tree.name(field))), at: node)
      }
    case .lambda(let parameters, let body):
      let code = try compileFunction(lambdaName(node), Array(parameters), body, at: node)
      return try computing(target) { compiler, place throws(Diagnostic) in
        compiler.emitClosure(code, into: place, at: node)
      }
    case .colon: return load(.nothing, into: target, at: node)
    case .end: return try compileEnd(node, into: target)
    case .hole:
      throw fail(
        "? stands only alone on the right of =", at: node, hint: "dW1 = ? asks what dW1 must look like")
    }
  }

  /// Puts a value that lies at `place` into `target`, if there is one.
  private mutating func move(_ place: Place, into target: Place?, at node: NodeID) -> Place {
    guard let target, target != place else { return place }
    emit(.move, target, place, at: node)
    return target
  }

  /// Loads a constant that is no number.
  private mutating func load(_ value: Value, into target: Place?, at node: NodeID) -> Place {
    let place = target ?? .register(scope.temporary())
    emit(.loadConstant, place, .plain(constantIndex(value)), at: node)
    return place
  }

  /// Runs `compute` for a place: the target, or a temporary that is free once its operands are.
  private mutating func computing(
    _ target: Place?, _ compute: (inout Compiler, Place) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Place {
    let place = target ?? .register(scope.temporary())
    let mark = scope.nextTemporary
    try compute(&self, place)
    scope.nextTemporary = mark
    return place
  }

  // MARK: Names

  /// What messages call a function without a name: its text, where that is short.
  private func lambdaName(_ node: NodeID) -> String {
    let written = tree.source?.text(tree.range(node)) ?? ""
    return written.isEmpty || written.utf8.count > 32 || written.contains("\n") ? "the function" : written
  }

  /// Where the value of a name can be read.
  mutating func compileName(_ node: NodeID, _ name: String) throws(Diagnostic) -> Place {
    switch variable(name) {
    case .register(let register): return .register(register)
    case .cell(let register):
      let place = Place.register(scope.temporary())
      emit(.loadCell, place, .register(register), at: node)
      return place
    case .capture(let index):
      let place = Place.register(scope.temporary())
      emit(.loadCapture, place, .plain(index), at: node)
      return place
    case .global(let slot):
      if let builtin = Builtins.value(named: name) {
        if let index = Builtins.index(of: name), Builtins.table[index].isStatement,
          globals.value(of: name) == nil, !tree.gives(name)
        {
          throw fail("\(name) is no value: it is called, \(Builtins.table[index].signature)", at: node)
        }
        let place = Place.register(scope.temporary())
        emit(.loadGlobalOr, place, .plain(slot), .plain(constantIndex(builtin)), at: node)
        return place
      }
      if scope.isTopLevel { return .global(slot) }
      let place = Place.register(scope.temporary())
      emit(.loadGlobal, place, .global(slot), at: node)
      return place
    }
  }

  // MARK: Operators

  private mutating func compileUnary(
    _ node: NodeID, _ operation: UnaryOperator, _ operand: NodeID, _ target: Place?
  ) throws(Diagnostic) -> Place {
    if operation == .minus, case .number(let number) = tree.expression(operand) {
      return move(constant(-number), into: target, at: node)
    }
    return try computing(target) { compiler, place throws(Diagnostic) in
      let value = try compiler.compile(operand)
      switch operation {
      case .plus: compiler.emit(.unary, setting: Opcode.plusSetting, place, value, at: node)
      case .minus: compiler.emitUnary(.negate, place, value, at: node)
      case .not: compiler.emitUnary(.not, place, value, at: node)
      }
    }
  }

  /// A chain of operators of any length, from its innermost left operand outwards, without recursion.
  private mutating func compileBinary(_ node: NodeID, _ target: Place?) throws(Diagnostic) -> Place {
    let spine = tree.leftSpine(node)
    let mark = scope.nextTemporary
    var left: Place?
    for link in spine {
      guard case .binary(let operation, let leftNode, let rightNode) = tree.expression(link) else { continue }
      let isLast = link == node
      if operation == .and || operation == .or {
        left = try compileLogical(link, operation, left, leftNode, rightNode, isLast ? target : nil, mark)
      } else {
        left = try compileArithmetic(link, operation, left, leftNode, rightNode, isLast ? target : nil, mark)
      }
    }
    return left ?? .none
  }

  private mutating func compileArithmetic(
    _ node: NodeID, _ operation: BinaryOperator, _ done: Place?, _ leftNode: NodeID, _ rightNode: NodeID,
    _ target: Place?, _ mark: Int
  ) throws(Diagnostic) -> Place {
    var flags = 0
    var left: Place
    if let done {
      left = done
    } else {
      left = try compile(factor(leftNode, operation, transposedFlag: 1, &flags))
    }
    let right = try compile(factor(rightNode, operation, transposedFlag: 2, &flags))
    if flags == 0, let folded = fold(operation, left, right) {
      return move(constant(folded), into: target, at: node)
    }
    let place = target ?? temporary(above: mark, avoiding: left, right, sharing: operation.isElementwise)
    if flags != 0 {
      emit(operation == .multiply ? .product : .leftDivide, setting: flags, place, left, right, at: node)
    } else {
      emitBinary(operation, place, left, right, at: node)
    }
    return place
  }

  /// The operand to multiply or to solve with: of a transpose that the operation can do on its own, what is
  /// transposed.
  private func factor(_ node: NodeID, _ operation: BinaryOperator, transposedFlag: Int, _ flags: inout Int)
    -> NodeID
  {
    guard operation == .multiply || (operation == .leftDivide && transposedFlag == 1),
      case .transpose(let inner) = tree.expression(node)
    else { return node }
    flags |= transposedFlag
    return inner
  }

  // An elementwise operation may write over its first operand; a product may write over neither.
  private mutating func temporary(above mark: Int, avoiding left: Place, _ right: Place, sharing: Bool)
    -> Place
  {
    var register = mark
    while Place.register(register) == right || (!sharing && Place.register(register) == left) {
      register += 1
    }
    scope.reserve(upTo: register + 1)
    return .register(register)
  }

  private func fold(_ operation: BinaryOperator, _ left: Place, _ right: Place) -> Scalar? {
    guard left.isConstant, right.isConstant else { return nil }
    let numbers = scope.draft.numbers
    return Arithmetic.compute(operation, numbers[left.draftIndex], numbers[right.draftIndex])
  }

  mutating func emitUnary(_ id: OperationID, _ place: Place, _ operand: Place, at node: NodeID) {
    emit(Opcode.unary(id), setting: Int(id.rawValue), place, operand, at: node)
  }

  mutating func emitBinary(
    _ operation: BinaryOperator, _ place: Place, _ left: Place, _ right: Place, at node: NodeID
  ) {
    let (opcode, setting) = operation.instruction
    emit(opcode, setting: setting, place, left, right, at: node)
  }

  private mutating func compileLogical(
    _ node: NodeID, _ operation: BinaryOperator, _ done: Place?, _ leftNode: NodeID, _ rightNode: NodeID,
    _ target: Place?, _ mark: Int
  ) throws(Diagnostic) -> Place {
    let left = if let done { done } else { try compile(leftNode) }
    let place = Place.register(max(scope.temporary(), mark))
    emit(.truth, place, left, at: leftNode)
    let skip = emit(operation == .and ? .jumpIfFalse : .jumpIfTrue, place, at: node)
    let right = try compile(rightNode)
    emit(.truth, place, right, at: rightNode)
    patch(skip, .c)
    return move(place, into: target, at: node)
  }

  // MARK: Ranges, matrices, strings

  private mutating func compileRange(
    _ node: NodeID, _ start: NodeID, _ step: NodeID?, _ stop: NodeID, _ target: Place?
  ) throws(Diagnostic) -> Place {
    try computing(target) { compiler, place throws(Diagnostic) in
      let window = compiler.scope.nextTemporary
      compiler.scope.reserve(upTo: window + 3)
      try compiler.compile(start, into: .register(window))
      if let step {
        try compiler.compile(step, into: .register(window + 1))
      } else {
        compiler.emit(.move, .register(window + 1), compiler.constant(1), at: node)
      }
      try compiler.compile(stop, into: .register(window + 2))
      compiler.emit(.range, place, .register(window), at: node)
    }
  }

  private mutating func compileMatrix(_ node: NodeID, _ rows: [NodeID], _ target: Place?) throws(Diagnostic)
    -> Place
  {
    if let literal = try literalMatrix(node, rows) { return load(literal, into: target, at: node) }
    return try computing(target) { compiler, place throws(Diagnostic) in
      let window = compiler.scope.nextTemporary
      for row in rows {
        let first = compiler.scope.nextTemporary
        let elements = Array(compiler.tree.elements(row))
        for element in elements {
          let register = compiler.scope.temporary()
          try compiler.compile(element, into: .register(register))
          compiler.scope.nextTemporary = register + 1
        }
        if elements.isEmpty { compiler.scope.reserve(upTo: first + 1) }
        compiler.emit(.matrixRow, .register(first), .none, .plain(elements.count), at: row)
        compiler.scope.nextTemporary = first + 1
      }
      if rows.isEmpty { compiler.scope.reserve(upTo: window + 1) }
      compiler.emit(.matrixRows, place, .register(window), .plain(rows.count), at: node)
    }
  }

  /// The matrix itself where every element is a literal and every row is as long.
  private func literalMatrix(_ node: NodeID, _ rows: [NodeID]) throws(Diagnostic) -> Value? {
    guard let first = rows.first else { return nil }
    let columns = tree.childCount(first)
    guard columns > 0, rows.count * columns > 1 else { return nil }
    var numbers: [Scalar] = []
    numbers.reserveCapacity(columns)
    for row in rows {
      guard tree.childCount(row) == columns else { return nil }
      for element in tree.elements(row) {
        guard let number = literalNumber(element) else { return nil }
        numbers.append(number)
      }
    }
    do {
      return .matrix(try Matrix(rows: rows.count, columns: columns, numbers, in: globals.resources))
    } catch {
      throw Diagnostic(core: error).located(at: tree.range(node), in: tree.source)
    }
  }

  private func literalNumber(_ node: NodeID) -> Scalar? {
    switch tree.kind(node) {
    case .number:
      if case .number(let number) = tree.expression(node) { return number }
    case .unary:
      if case .unary(.minus, let operand) = tree.expression(node),
        case .number(let number) = tree.expression(operand)
      {
        return -number
      }
    default: break
    }
    return nil
  }

  private mutating func compileInterpolation(_ node: NodeID, _ parts: [NodeID], _ target: Place?)
    throws(Diagnostic) -> Place
  {
    try computing(target) { compiler, place throws(Diagnostic) in
      let window = compiler.scope.nextTemporary
      for part in parts {
        let register = compiler.scope.temporary()
        if compiler.tree.kind(part) == .slot {
          let (value, format) = compiler.tree.slot(part)
          let source = try compiler.compile(value)
          compiler.scope.draft.content.formats.append(format)
          let index = compiler.scope.draft.content.formats.count - 1
          compiler.emit(.formatValue, .register(register), source, .plain(index), at: value)
        } else {
          try compiler.compile(part, into: .register(register))
        }
        compiler.scope.nextTemporary = register + 1
      }
      compiler.emit(.interpolate, place, .register(window), .plain(parts.count), at: node)
    }
  }

  // MARK: Functions

  mutating func emitClosure(_ code: Code, into place: Place, at node: NodeID) {
    scope.draft.content.functions.append(code)
    emit(.closure, place, .plain(scope.draft.content.functions.count - 1), at: node)
  }

  /// The code of a function or lambda whose body stands at `body`.
  mutating func compileFunction(
    _ name: String, _ parameters: [NodeID], _ body: NodeID, at node: NodeID
  ) throws(Diagnostic) -> Code {
    var names: [String] = []
    for parameter in parameters {
      let name = tree.name(tree.parameter(parameter).name)
      if names.contains(name) { throw fail("two parameters are called \(name)", at: parameter) }
      names.append(name)
    }
    let analysis = NameAnalysis(of: body, parameters: names, in: tree) { Builtins.isScoped($0) }
    var locals = analysis.assigned
    if analysis.callsScoped { locals += analysis.assigned.map(GradientName.of) }
    let outer = (scope, endStack)
    let captured = analysis.readInside.intersection(locals)
    scope = FunctionScope(name: name, parent: scope, locals: locals, captured: captured)
    endStack = []  // what stands in brackets outside lies in another frame
    defer { (scope, endStack) = outer }
    scope.draft.content.declaresParams = analysis.declaresParams || analysis.callsScoped
    try compileParameters(parameters, captured: captured)
    if tree.kind(body) == .block {
      try compileStatement(body)
      emit(.returnNothing, at: body)
    } else {
      let start = here
      emit(.return, try compile(body), at: body)
      scope.draft.statements.append(Code.Statement(range: start..<here, node: body, target: nil))
    }
    scope.draft.firstStatement = numbers.takeInFunctions(scope.draft.statements.count)
    scope.draft.content.node = node
    return numbers.register(Code(scope.draft, tree: tree))
  }

  private mutating func compileParameters(_ parameters: [NodeID], captured: Set<String>) throws(Diagnostic) {
    for (register, parameter) in parameters.enumerated() {
      let (name, defaultValue) = tree.parameter(parameter)
      scope.draft.content.parameters.append(
        Code.Parameter(name: tree.name(name), hasDefault: defaultValue != nil))
      if let defaultValue {
        let given = emit(.jumpIfGiven, .register(register), at: parameter)
        let place = try compile(defaultValue)
        emit(.move, .register(register), place, at: parameter)
        patch(given, .c)
      } else if register > 0, scope.draft.content.parameters[register - 1].hasDefault {
        throw fail("\(tree.name(name)) needs a default, since the parameter before it has one", at: parameter)
      }
    }
    for (register, name) in scope.draft.content.localNames.enumerated() where captured.contains(name) {
      emit(.makeCell, .register(register), at: tree.root)
    }
  }
}

extension BinaryOperator {
  /// The opcode and its setting; for the four basic ones bit 0 says that the operator has its dot.
  var instruction: (Opcode, Int) {
    switch self {
    case .add: (.add, 1)
    case .subtract: (.subtract, 1)
    case .multiply: (.multiply, 0)
    case .elementMultiply: (.multiply, 1)
    case .divide: (.divide, 0)
    case .elementDivide: (.divide, 1)
    case .less: (.less, 1)
    case .lessEqual: (.lessEqual, 1)
    case .greater: (.greater, 1)
    case .greaterEqual: (.greaterEqual, 1)
    case .equal: (.equal, 1)
    case .notEqual: (.notEqual, 1)
    case .elementPower: (.binary, Int(OperationID.power.rawValue))
    case .power: (.power, 0)
    case .leftDivide: (.leftDivide, 0)
    case .and: (.binary, Int(OperationID.and.rawValue))
    case .or: (.binary, Int(OperationID.or.rawValue))
    }
  }

  /// Whether an operand's storage may take the result.
  fileprivate var isElementwise: Bool {
    switch self {
    case .multiply, .power, .leftDivide: false
    default: true
    }
  }
}

extension SyntaxTree {
  /// Whether a statement gives a name a value.
  fileprivate func gives(_ name: String) -> Bool {
    nodes.indices.contains { index in
      let node = NodeID(Int32(index))
      switch kind(node) {
      case .assign, .multiAssign, .param: return StatementNames(node, in: self).targets.contains(name)
      case .function, .for: return nameID(node).map(self.name) == name
      default: return false
      }
    }
  }

  /// Whether some `dV` and its `V` are both names of the source.
  var namesGradients: Bool {
    let all = Set(names.names)
    return all.contains { name in GradientName.variable(of: name).map(all.contains) ?? false }
  }
}

/// The names of gradients: `dW1` is that of `W1`, `net.dW1` that of the field `net.W1`.
enum GradientName {
  private static let point = UInt8(ascii: ".")

  static func of(_ variable: String) -> String {
    guard let point = variable.utf8.lastIndex(of: point) else { return "d" + variable }
    return variable[...point] + "d" + variable[variable.utf8.index(after: point)...]
  }

  /// The variable whose gradient `name` would be.
  static func variable(of name: String) -> String? {
    let path = name.utf8.lastIndex(of: point).map { name[...$0] } ?? ""
    let own = name[path.endIndex...]
    guard own.utf8.first == UInt8(ascii: "d"), own.utf8.count > 1 else { return nil }
    return String(path) + own.dropFirst()
  }
}
