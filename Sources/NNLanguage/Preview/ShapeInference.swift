import NNCore

/// Finds the shape that an expression would have, from the shape rules alone: nothing is computed but numbers, so it
/// costs next to nothing whatever the matrices are.
struct ShapeInference {
  let tree: SyntaxTree
  let variable: (String) -> Value?
  /// What statements before on the same line would assign.
  var assigned: [String: PreviewValue] = [:]
  /// Everything that was looked at can be computed without any effect.
  private(set) var isPure = true
  /// Multiplications and the like that computing would take, roughly.
  private(set) var cost = 0.0

  /// Shapes that do not fit; the preview says so.
  struct Mismatch: Error {
    let message: String
  }

  private let stack = StackGuard()

  init(_ tree: SyntaxTree, variable: @escaping (String) -> Value?) {
    self.tree = tree
    self.variable = variable
  }

  // MARK: statements

  /// What a statement would show, and the expression whose value that is, if it is one's; nil for what shows nothing.
  mutating func result(of statement: NodeID) throws(Mismatch) -> (value: PreviewValue, node: NodeID?)? {
    switch tree.statement(statement) {
    case .expression(let node): return (try value(of: node), node)
    case .param(_, let node?): return (try value(of: node), node)
    case .assign(let target, let node):
      if case .hole = tree.expression(node) { return nil }
      let value = try value(of: node)
      if case .index(let base, let subscripts) = tree.expression(target) {
        try checkPlace(try index(base, subscripts), value)
      }
      return (value, node)
    case .compoundAssign(let operation, let target, let node):
      return (try combine(operation, try value(of: target), try value(of: node)), nil)
    default: return nil
    }
  }

  /// A statement before the last: what it assigns is known to those behind it.
  mutating func pass(_ statement: NodeID) throws(Mismatch) {
    guard let (value, _) = try result(of: statement) else { return }
    switch tree.statement(statement) {
    case .assign(let target, _), .compoundAssign(_, let target, _):
      guard case .name(let name) = tree.expression(target) else { return }
      assigned[tree.name(name)] = value
    case .param(let name, _): assigned[tree.name(name)] = value
    default: break
    }
  }

  private func checkPlace(_ place: PreviewValue, _ value: PreviewValue) throws(Mismatch) {
    guard let place = place.shape, let shape = value.shape, !shape.isScalar, shape != place,
      !(shape.isVector && place.isVector && shape.count == place.count)
    else { return }
    throw Mismatch("the place is \(place), the value \(shape)")
  }

  // MARK: expressions

  mutating func value(of node: NodeID) throws(Mismatch) -> PreviewValue {
    guard stack.hasRoom else { return giveUp() }
    switch tree.expression(node) {
    case .number(let number): return .number(number)
    case .name(let name): return value(named: tree.name(name))
    case .unary(_, let operand): return try elementwise([try value(of: operand)], "-") { -($0[0]) }
    case .binary: return try chain(node)
    case .transpose(let operand): return transposed(try value(of: operand))
    case .range(let start, let step, let stop): return try range(start, step, stop)
    case .matrix(let rows): return try matrix(rows)
    case .call(let callee, let arguments): return try call(callee, arguments)
    case .index(let base, let subscripts): return try index(base, subscripts)
    case .field(let base, let name): return field(base, tree.name(name))
    default: return giveUp()
    }
  }

  private mutating func giveUp() -> PreviewValue {
    isPure = false
    return .unknown
  }

  private mutating func value(named name: String) -> PreviewValue {
    if let value = assigned[name] { return value }
    if let value = variable(name) { return PreviewValue(value) }
    if let constant = Builtins.constants.first(where: { $0.name == name }) { return .number(constant.value) }
    return giveUp()
  }

  /// What a network or a table has under a name.
  private mutating func field(_ base: NodeID, _ name: String) -> PreviewValue {
    guard case .name(let id) = tree.expression(base), assigned[tree.name(id)] == nil else { return giveUp() }
    switch variable(tree.name(id)) {
    case .object(let object as Network)?: return object.field(name).map { PreviewValue($0) } ?? giveUp()
    case .table(let table)?:
      guard case .numbers(let column)? = table.table[name] else { return giveUp() }
      return PreviewValue(.matrix(column))
    default: return giveUp()
    }
  }

  /// A chain of operators of any length, from its left end.
  private mutating func chain(_ node: NodeID) throws(Mismatch) -> PreviewValue {
    let spine = tree.leftSpine(node)
    guard let first = spine.first else { return giveUp() }
    var result = try value(of: tree.child(first, 0))
    for node in spine {
      guard case .binary(let operation, _, let right) = tree.expression(node) else { return giveUp() }
      result = try combine(operation, result, try value(of: right))
    }
    return result
  }

  private mutating func combine(
    _ operation: BinaryOperator, _ a: PreviewValue, _ b: PreviewValue
  ) throws(Mismatch) -> PreviewValue {
    switch operation {
    case .multiply where a.number == nil && b.number == nil: return try product(a, b)
    case .leftDivide: return try solution(a, b)
    case .power where a.number == nil || b.number == nil: return try power(a, b)
    case .divide where b.number == nil: return giveUp()
    case .or, .and:
      guard let left = a.shape, let right = b.shape else { return giveUp() }
      for shape in [left, right] where !shape.isScalar {
        throw Mismatch("\(operation.spelling) takes one number: any or all makes one of a \(shape)")
      }
      return .shape(.scalar)
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual:
      guard a.number == nil || b.number == nil else { return .shape(.scalar) }
      return try elementwise([a, b], operation.spelling, nil)
    default: return try elementwise([a, b], operation.spelling) { Self.compute(operation, $0[0], $0[1]) }
    }
  }

  private static func compute(_ operation: BinaryOperator, _ a: Scalar, _ b: Scalar) -> Scalar? {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .elementMultiply: a * b
    case .divide, .elementDivide: a / b
    default: nil
    }
  }

  // MARK: shapes

  private mutating func elementwise(
    _ operands: [PreviewValue], _ name: String, _ compute: (([Scalar]) -> Scalar?)?
  ) throws(Mismatch) -> PreviewValue {
    let numbers = operands.compactMap(\.number)
    if numbers.count == operands.count {
      guard let compute, let number = compute(numbers) else { return .shape(.scalar) }
      return .number(number)
    }
    return try apply(.elementwise, operands, Attributes.none, name)
  }

  /// The shape that a rule gives.
  mutating func apply(
    _ rule: ShapeRule, _ operands: [PreviewValue], _ attributes: Attributes, _ name: String
  ) throws(Mismatch) -> PreviewValue {
    let shapes = operands.compactMap(\.shape)
    guard shapes.count == operands.count, !shapes.isEmpty else { return giveUp() }
    cost += shapes.reduce(0) { $0 + Double($1.rows) * Double($1.columns) }
    do throws(CoreError) {
      let shape = try rule.shape(of: shapes, attributes: attributes, name: name)
      cost += Double(shape.rows) * Double(shape.columns)
      return .shape(shape)
    } catch {
      throw Mismatch(error, product: false)
    }
  }

  private mutating func product(_ a: PreviewValue, _ b: PreviewValue) throws(Mismatch) -> PreviewValue {
    guard let left = a.shape, let right = b.shape else { return giveUp() }
    if left.isScalar || right.isScalar { return try apply(.elementwise, [a, b], .none, "*") }
    cost += Double(left.rows) * Double(left.columns) * Double(right.columns)
    guard left.columns == right.rows else { throw Mismatch("\(left) times \(right) do not fit") }
    return .shape(Shape(left.rows, right.columns))
  }

  private mutating func solution(_ a: PreviewValue, _ b: PreviewValue) throws(Mismatch) -> PreviewValue {
    if let side = a.shape { cost += pow(Double(side.columns), 2) * Double(side.rows) }
    return try apply(.solve, [a, b], .none, "\\")
  }

  private mutating func power(_ a: PreviewValue, _ b: PreviewValue) throws(Mismatch) -> PreviewValue {
    guard let shape = a.shape, let exponent = b.shape else { return giveUp() }
    guard exponent.isScalar else { throw Mismatch("\(shape) ^ \(exponent): .^ works element by element") }
    if shape.isScalar { return .shape(.scalar) }
    guard shape.rows == shape.columns else {
      throw Mismatch("\(shape) is not square: .^ works element by element")
    }
    if let number = b.number, number.rounded() != number {
      throw Mismatch("the power of a matrix is a whole number: .^ works element by element")
    }
    cost += pow(Double(shape.rows), 3) * 8
    return .shape(shape)
  }

  private func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }

  private func transposed(_ value: PreviewValue) -> PreviewValue {
    if case .shape(let shape) = value { return .shape(shape.transposed) }
    return value
  }

  private mutating func range(_ start: NodeID, _ step: NodeID?, _ stop: NodeID) throws(Mismatch)
    -> PreviewValue
  {
    let first = try value(of: start).number
    let last = try value(of: stop).number
    let width = try step.map { node throws(Mismatch) in try value(of: node).number } ?? 1
    guard let first, let last, let width, width != 0 else { return giveUp() }
    let count = ((last - first) / width + 1e-10).rounded(.down) + 1
    guard count.isFinite, count < 1e15 else { return giveUp() }
    cost += max(0, count)
    return .shape(Shape(1, Int(max(0, count))))
  }

  private mutating func matrix(_ rows: NodeList) throws(Mismatch) -> PreviewValue {
    if rows.isEmpty { return .shape(Shape(0, 0)) }
    var shapes: [PreviewValue] = []
    for row in rows {
      var elements: [PreviewValue] = []
      for element in tree.elements(row) { elements.append(try value(of: element)) }
      shapes.append(try apply(.joinColumns, elements, .none, "[ ]"))
    }
    return try apply(.joinRows, shapes, .none, "[ ]")
  }

  private mutating func index(_ base: NodeID, _ subscripts: NodeList) throws(Mismatch) -> PreviewValue {
    guard let shape = try value(of: base).shape else { return giveUp() }
    let list = Array(subscripts)
    if list.count == 2 {
      guard let rows = try count(list[0], shape.rows, "row"),
        let columns = try count(list[1], shape.columns, "column")
      else { return giveUp() }
      return .shape(Shape(rows, columns))
    }
    guard list.count == 1, shape.rows == 1 || shape.columns == 1,
      let picked = try count(list[0], max(shape.rows, shape.columns), "element")
    else { return giveUp() }
    return .shape(shape.columns == 1 && shape.rows != 1 ? Shape(picked, 1) : Shape(1, picked))
  }

  /// How many places a subscript picks of `length`; nil where that depends on values.
  private mutating func count(_ node: NodeID, _ length: Int, _ thing: String) throws(Mismatch) -> Int? {
    switch tree.expression(node) {
    case .colon: return length
    case .end: return 1
    case .range(let start, nil, let stop):
      guard let first = try place(start, length), let last = try place(stop, length) else { return nil }
      return max(0, last - first + 1)
    default:
      guard let number = try value(of: node).size else { return nil }
      if number < 1 || number > length { throw Mismatch("there is no \(thing) \(number): it has \(length)") }
      return 1
    }
  }

  private mutating func place(_ node: NodeID, _ length: Int) throws(Mismatch) -> Int? {
    if case .end = tree.expression(node) { return length }
    return try value(of: node).size
  }

  // MARK: calls

  private mutating func call(_ callee: NodeID, _ arguments: NodeList) throws(Mismatch) -> PreviewValue {
    guard case .name(let id) = tree.expression(callee) else { return giveUp() }
    let name = tree.name(id)
    if case .function? = variable(name) { return giveUp() }
    var positional: [PreviewValue] = []
    var dimension = 0
    for node in arguments {
      let argument = tree.argument(node)
      let value = try value(of: argument.value)
      if let name = argument.name {
        guard tree.name(name) == "dim", let number = value.size else { return giveUp() }
        dimension = number
      } else {
        positional.append(value)
      }
    }
    if let result = MadeShapes.shape(of: name, positional) {
      if name == "reshape", let from = positional[0].shape, let to = result.shape, from.count != to.count {
        throw Mismatch("\(from) has \(from.count) elements, \(to) has \(to.count)")
      }
      return made(name, result)
    }
    return try operation(name, positional, dimension)
  }

  /// The result of `zeros` and its like; those that draw have an effect.
  private mutating func made(_ name: String, _ result: PreviewValue) -> PreviewValue {
    if MadeShapes.drawing.contains(name) { isPure = false }
    if let shape = result.shape { cost += Double(shape.rows) * Double(shape.columns) }
    return result
  }

  /// What `max(A, dim = 1)` is, where `max(A, B)` goes element by element.
  private static let extremes: [String: OperationID] = ["max": .largest, "min": .smallest]

  private mutating func operation(
    _ name: String, _ arguments: [PreviewValue], _ dimension: Int
  ) throws(Mismatch) -> PreviewValue {
    if dimension > 0, arguments.count == 1, let extreme = Self.extremes[name] {
      return try apply(Operation[extreme].shape, arguments, Attributes(dimension), name)
    }
    guard let row = Operation.named(name), Builtins.index(of: name) != nil, let first = arguments.first else {
      return giveUp()
    }
    switch row.shape {
    case .reduction, .selection:
      var dimension = dimension
      if arguments.count == 2 { dimension = arguments[1].size ?? -1 }
      guard (0...2).contains(dimension) else { return giveUp() }
      return try apply(row.shape, [first], Attributes(dimension), name)
    case .elementwise, .same, .square, .squareToScalar, .diagonal, .cost, .transpose:
      guard row.arity.contains(arguments.count) else { return giveUp() }
      cost += 20 * Double(first.shape.map { $0.rows } ?? 0) * Double(first.shape.map { $0.columns } ?? 0)
      return try apply(row.shape, arguments, .none, name)
    default: return giveUp()
    }
  }
}

extension ShapeInference.Mismatch {
  init(_ message: String) { self.message = message }

  init(_ error: CoreError, product: Bool) {
    switch error {
    case .shapesDoNotFit(_, let a, let b): message = "\(a) and \(b) do not fit"
    case .bothStretch(_, let a, let b): message = "\(a) and \(b) would both have to stretch"
    case .wrongShape(let name, _, let shape, let wanted):
      message = "\(name) needs a \(wanted), this is \(shape)"
    default: message = "the shapes do not fit"
    }
  }
}
