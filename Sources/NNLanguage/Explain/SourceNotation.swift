import NNCore

/// Formulas in the language itself: syntax trees, which the printer writes.
struct SourceNotation {
  private var make = SyntaxBuilder()

  /// The source text of a formula.
  static func text(_ formula: Formula) -> String {
    var notation = SourceNotation()
    let root = notation.node(formula)
    return notation.make.finish(root).printed()
  }

  private mutating func node(_ formula: Formula) -> NodeID {
    switch formula.kind {
    case .name(let name): return self.name(name)
    case .number(let n, let d): return fraction(n, d)
    case .source(let tree, let expression, _): return make.copy(expression, from: tree)
    case .pi: return make.name("pi")
    case .text(let text): return make.name(text)
    case .matrix(let matrix): return literal(matrix)
    case .filled(let n, let d): return filled(n, d, formula.shape)
    case .stretched(let part):
      let ones = make.call("ones", size(formula.shape))
      return make.binary(part.shape.isScalar ? .multiply : .elementMultiply, node(part), ones)
    case .operation(let id, let operands, let attributes):
      return operation(id, operands, attributes, formula.shape)
    case .picked(let base, let rows, let columns):
      let base = node(base)
      return make.index(base, [places(rows), places(columns)])
    case .scattered(let values, let rows, let columns):
      let arguments = [node(values), places(rows), places(columns)] + size(formula.shape)
      return make.call("scatter", arguments)
    }
  }

  // MARK: Leaves

  private mutating func name(_ name: String) -> NodeID {
    let parts = name.split(separator: ".")
    var result = make.name(String(parts[0]))
    for field in parts.dropFirst() { result = make.field(result, String(field)) }
    return result
  }

  private mutating func number(_ value: Scalar) -> NodeID { make.number(value) }

  private mutating func number(_ value: Int) -> NodeID { make.number(Scalar(value)) }

  private mutating func fraction(_ n: Scalar, _ d: Scalar) -> NodeID {
    if d == 1 { return number(n) }
    let above = number(n)
    return make.binary(.divide, above, number(d))
  }

  private mutating func literal(_ matrix: Matrix) -> NodeID {
    if matrix.count == 0 { return make.call("zeros", size(matrix.shape)) }
    var rows: [NodeID] = []
    for row in 0..<matrix.rows {
      var elements: [NodeID] = []
      for column in 0..<matrix.columns { elements.append(number(matrix[row, column])) }
      rows.append(make.matrixRow(elements))
    }
    return make.matrix(rows)
  }

  private mutating func size(_ shape: Shape) -> [NodeID] { [number(shape.rows), number(shape.columns)] }

  private mutating func filled(_ n: Scalar, _ d: Scalar, _ shape: Shape) -> NodeID {
    let size = size(shape)
    if n == 0, d == 1, n.sign == .plus { return make.call("zeros", size) }
    var result = make.call("ones", size)
    if n == -1 { result = make.unary(.minus, result) }
    if abs(n) != 1 { result = make.binary(.multiply, number(n), result) }
    return d == 1 ? result : make.binary(.divide, result, number(d))
  }

  // MARK: Operations

  private mutating func operation(
    _ id: OperationID, _ operands: [Formula], _ attributes: Attributes, _ shape: Shape
  ) -> NodeID {
    if let binary = id.binaryOperator(operands.map(\.shape)) {
      let left = node(operands[0])
      return make.binary(binary, left, node(operands[1]))
    }
    let x = operands.map { node($0) }
    switch id {
    case .product:
      let left = attributes.first & 1 == 0 ? x[0] : make.transpose(x[0])
      let right = attributes.first & 2 == 0 ? x[1] : make.transpose(x[1])
      return make.binary(.multiply, left, right)
    case .negate: return make.unary(.minus, x[0])
    case .not: return make.unary(.not, x[0])
    case .transpose: return make.transpose(x[0])
    case .solve:
      return make.binary(.leftDivide, attributes.first == 0 ? x[0] : make.transpose(x[0]), x[1])
    case .matrixPower: return make.binary(.power, x[0], number(attributes.first))
    case .joinColumns: return make.matrix([make.matrixRow(x)])
    case .joinRows:
      var rows: [NodeID] = []
      for element in x { rows.append(make.matrixRow([element])) }
      return make.matrix(rows)
    case .reshape, .stretch: return make.call(Operation[id].name, x + size(shape))
    case .repeatMatrix:
      return make.call("repmat", x + [number(attributes.first), number(attributes.second)])
    case .largest, .smallest: return extreme(id == .largest ? "max" : "min", x[0], attributes.first)
    case .logSumExp: return make.call("logsumexp", x + (attributes.first == 1 ? [] : [number(2)]))
    default:
      return make.call(Operation[id].name, x + (attributes.first == 0 ? [] : [number(attributes.first)]))
    }
  }

  private mutating func extreme(_ name: String, _ x: NodeID, _ dimension: Int) -> NodeID {
    if dimension == 0 { return make.call(name, [x]) }
    let callee = make.name(name)
    let argument = make.argument(x)
    let value = number(dimension)
    return make.call(callee, [argument, make.argument(value, named: "dim")])
  }

  // MARK: Places

  /// Places as users count them, from 1.
  private mutating func places(_ places: Formula.Places) -> NodeID {
    switch places {
    case .all: return make.colon()
    case .range(let first, _, 1): return number(first + 1)
    case .range(let first, let step, let count):
      let start = number(first + 1)
      let stop = number(first + (count - 1) * step + 1)
      if step == 1 { return make.range(start, stop) }
      return make.range(start, step: number(step), stop)
    case .list(let list):
      var elements: [NodeID] = []
      for place in list { elements.append(number(place + 1)) }
      return elements.isEmpty ? make.matrix([]) : make.matrix([make.matrixRow(elements)])
    case .computed(let formula):
      let value = node(formula)
      return make.binary(.add, value, number(1))
    }
  }
}

extension OperationID {
  /// The operator that an elementwise operation is written with, for operands of these shapes.
  func binaryOperator(_ shapes: [Shape]) -> BinaryOperator? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: shapes.contains { $0.isScalar } ? .multiply : .elementMultiply
    case .divide: shapes[1].isScalar ? .divide : .elementDivide
    case .power: shapes.allSatisfy(\.isScalar) ? .power : .elementPower
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .and: .and
    case .or: .or
    default: nil
    }
  }
}
