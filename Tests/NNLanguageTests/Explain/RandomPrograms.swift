import NNCore

/// Programs made at random over every operation that has a gradient: shapes that stretch, values that several lines
/// read, slices, joins, functions, loops, costs. The same seed gives the same program.
struct RandomProgram {
  private struct Term {
    let text: String
    let shape: Shape
  }

  private var state: UInt64
  private var values: [Term] = []
  private(set) var text = ""
  private var count = 0
  private var m = 1
  private var n = 1

  /// - Parameter first: the operation that the first statement is about.
  init(seed: UInt64, about first: OperationID? = nil) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    m = 1 + pick(4)
    n = 1 + pick(4)
    addLeaves()
    if let first, let term = application(of: first) { assign(term) }
    for _ in 0..<(2 + pick(5)) { addStatement() }
    addCost()
  }

  // MARK: Chance

  private mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  private mutating func pick(_ count: Int) -> Int { Int(next() >> 33) % count }
  private mutating func choose<Element>(_ list: [Element]) -> Element { list[pick(list.count)] }

  // MARK: Statements

  private mutating func addLeaves() {
    text += "seed(\(pick(1000)))\n"
    for (name, shape) in [("P", Shape(m, n)), ("q", Shape(m, 1)), ("r", Shape(1, n)), ("s", .scalar)] {
      text += "param \(name) = 0.2 + 0.6*rand(\(shape.rows), \(shape.columns))\n"
      values.append(Term(text: name, shape: shape))
    }
    for (name, shape) in [("X", Shape(m, n)), ("c", Shape(m, 1)), ("k", .scalar)] {
      text += "\(name) = 0.2 + 0.6*rand(\(shape.rows), \(shape.columns))\n"
      values.append(Term(text: name, shape: shape))
    }
  }

  private mutating func addStatement() {
    switch pick(8) {
    case 0: addFunction()
    case 1: addLoop()
    default: assign(expression(depth: 2))
    }
  }

  private mutating func assign(_ term: Term) {
    count += 1
    text += "v\(count) = \(term.text)\n"
    values.append(Term(text: "v\(count)", shape: term.shape))
  }

  private mutating func addFunction() {
    let argument = choose(values)
    let inner = values
    values = [Term(text: "x", shape: argument.shape), Term(text: "P", shape: Shape(m, n))]
    let first = expression(depth: 1)
    values.append(Term(text: "u", shape: first.shape))
    let result = expression(depth: 1)
    values = inner
    count += 1
    text +=
      "fn f\(count)(x) {\n  u = \(first.text)\n  return \(result.text)\n}\nv\(count) = f\(count)(\(argument.text))\n"
    values.append(Term(text: "v\(count)", shape: result.shape))
  }

  private mutating func addLoop() {
    let start = choose(values)
    count += 1
    let name = "v\(count)"
    text += "\(name) = \(start.text)\nfor i in 1:\(2 + pick(2)) { \(name) = tanh(\(name) .* s) + k }\n"
    values.append(Term(text: name, shape: start.shape))
  }

  private mutating func addCost() {
    let last = values[values.count - 1]
    let squashed = "sigmoid(\(last.text))"
    let labels = "(\(squashed) > 0.5)"
    let cost = choose([
      "sum(\(last.text).^2)", "mean(\(last.text))", "bce(\(squashed), 1 - \(labels))",
      "mse(\(last.text), \(last.text) > 0)",
      "-sum(\(labels) .* log(\(squashed)))/\(last.shape.columns)",
      "crossentropy(softmax(\(last.text)), \(labels))",
    ])
    // Some part always depends on params.
    var terms = [cost, "0.01*sum(P .* q)"]
    for value in values.dropLast().suffix(3) where pick(2) == 0 {
      terms.append("0.1*sum(\(value.text) .* \(value.text))")
    }
    text += "J = \(terms.joined(separator: " + "))\n"
  }

  // MARK: Expressions

  private mutating func expression(depth: Int) -> Term {
    if depth == 0 || pick(6) == 0 { return choose(values) }
    for _ in 0..<20 {
      let row = choose(Operation.table.filter { $0.derivative != nil })
      if let term = application(of: row.id, depth: depth - 1) { return term }
    }
    return choose(values)
  }

  /// An operation on random operands, in the language's syntax; nil where none were found that fit.
  private mutating func application(of id: OperationID, depth: Int = 0) -> Term? {
    let a = expression(depth: depth)
    let x = "(\(a.text))"
    let dimension = pick(3)
    let reduced = [Shape.scalar, Shape(1, a.shape.columns), Shape(a.shape.rows, 1)][dimension]
    let by = dimension == 0 ? "" : ", \(dimension)"
    let safe = "(0.3 + 0.5*sigmoid\(x))"
    switch id {
    case .add, .subtract, .multiply: return pair(id, a, depth) { "(\($0)) \(Operation[id].name) (\($1))" }
    case .divide: return pair(id, a, depth) { "(\($0)) ./ (1.5 + sin(\($1)))" }
    case .power: return pair(id, a, depth) { "(0.5 + abs(\($0))).^(\($1))" }
    case .atan2, .maximum, .minimum: return pair(id, a, depth) { "\(Operation[id].name)(\($0), \($1))" }
    case .modulo: return pair(id, a, depth) { "mod(\($0), 1.7 + abs(\($1)))" }
    case .leakyRelu, .elu: return Term(text: "\(Operation[id].name)(\(x) - 0.4, k)", shape: a.shape)
    case .choose: return pair(id, a, depth) { "where(\($0) > 0.5, \($0), \($1))" }
    case .clip: return Term(text: "clip(\(x), 0.3, s)", shape: a.shape)
    case .negate: return Term(text: "-\(x)", shape: a.shape)
    case .asin, .acos, .log, .log2, .log10, .sqrt:
      return Term(text: "\(Operation[id].name)(\(safe))", shape: a.shape)
    case .product: return product(a, depth)
    case .transpose: return Term(text: "\(x)'", shape: a.shape.transposed)
    case .solve, .inverse, .determinant, .trace, .matrixPower: return square(id, a, x)
    case .sum, .mean, .median, .variance:
      return Term(text: "\(Operation[id].name)(\(x)\(by))", shape: reduced)
    case .deviation, .norm, .prod: return Term(text: "\(Operation[id].name)(\(safe)\(by))", shape: reduced)
    case .largest, .smallest:
      let name = id == .largest ? "max" : "min"
      return Term(
        text: dimension == 0 ? "\(name)(\(x))" : "\(name)(\(x), dim = \(dimension))", shape: reduced)
    case .logSumExp:
      let along = 1 + pick(2)
      let shape = along == 1 ? Shape(1, a.shape.columns) : Shape(a.shape.rows, 1)
      return Term(text: "logsumexp(\(x), \(along))", shape: shape)
    case .reshape:
      return Term(text: "reshape(\(x), 1, \(a.shape.count))", shape: Shape(1, a.shape.count))
    case .stretch:
      guard a.shape.isScalar else { return nil }
      return Term(text: "stretch(\(x), \(m), \(n))", shape: Shape(m, n))
    case .index: return slice(a, x)
    case .scatter:
      return Term(
        text:
          "scatter(\(x), 1:\(a.shape.rows), 1:\(a.shape.columns), \(a.shape.rows + 1), \(a.shape.columns + 2))",
        shape: Shape(a.shape.rows + 1, a.shape.columns + 2))
    case .joinColumns: return Term(text: "[\(x), 2*\(x)]", shape: Shape(a.shape.rows, 2 * a.shape.columns))
    case .joinRows: return Term(text: "[\(x); tanh\(x)]", shape: Shape(2 * a.shape.rows, a.shape.columns))
    case .repeatMatrix:
      return Term(text: "repmat(\(x), 2, 3)", shape: Shape(2 * a.shape.rows, 3 * a.shape.columns))
    case .diagonal:
      let shape =
        a.shape.isVector ? Shape(a.shape.count, a.shape.count) : Shape(min(a.shape.rows, a.shape.columns), 1)
      return Term(text: "diag(\(x))", shape: shape)
    case .cumulativeSum, .cumulativeProduct, .sort:
      return Term(text: "\(Operation[id].name)(\(x)\(by))", shape: a.shape)
    case .softmax: return Term(text: "softmax(\(x))", shape: a.shape)
    case .meanSquaredError, .binaryCrossEntropy, .crossEntropy:
      return Term(text: "\(Operation[id].name)(\(safe), \(safe) > 0.6)", shape: .scalar)
    default: return Term(text: "\(Operation[id].name)(\(x))", shape: a.shape)
    }
  }

  private mutating func pair(_ id: OperationID, _ a: Term, _ depth: Int, _ write: (String, String) -> String)
    -> Term?
  {
    for _ in 0..<6 {
      let b = expression(depth: depth)
      if let shape = try? ShapeRule.elementwise.shape(of: [a.shape, b.shape], attributes: .none, name: "") {
        return Term(text: write(a.text, b.text), shape: shape)
      }
    }
    return nil
  }

  private mutating func product(_ a: Term, _ depth: Int) -> Term? {
    for _ in 0..<6 {
      let b = expression(depth: depth)
      for (left, right) in [("", ""), ("'", ""), ("", "'"), ("'", "'")] {
        let s = left.isEmpty ? a.shape : a.shape.transposed
        let t = right.isEmpty ? b.shape : b.shape.transposed
        if s.columns == t.rows, pick(2) == 0 {
          return Term(text: "(\(a.text))\(left)*(\(b.text))\(right)", shape: Shape(s.rows, t.columns))
        }
      }
    }
    return nil
  }

  private mutating func square(_ id: OperationID, _ a: Term, _ x: String) -> Term? {
    let size = a.shape.rows
    let matrix = "(\(x)*\(x)' + 2*eye(\(size), \(size)))"
    switch id {
    case .solve:
      if a.shape.rows > a.shape.columns + 1, pick(2) == 0 {
        return Term(
          text:
            "[\(x); eye(\(a.shape.columns), \(a.shape.columns))] \\ ones(\(a.shape.rows + a.shape.columns), 2)",
          shape: Shape(a.shape.columns, 2))
      }
      let turned = pick(2) == 0 ? "'" : ""
      return Term(text: "\(matrix)\(turned) \\ \(x)", shape: a.shape)
    case .matrixPower:
      return Term(text: "(0.3*\(matrix))^\(choose(["3", "2", "-2", "5"]))", shape: Shape(size, size))
    case .inverse: return Term(text: "inv(\(matrix))", shape: Shape(size, size))
    default: return Term(text: "\(Operation[id].name)(\(matrix))", shape: .scalar)
    }
  }

  private mutating func slice(_ a: Term, _ x: String) -> Term {
    let (rows, columns) = (a.shape.rows, a.shape.columns)
    switch pick(5) {
    case 0: return Term(text: "\(x)[:, \(1 + pick(columns))]", shape: Shape(rows, 1))
    case 1: return Term(text: "\(x)[end:-1:1, :]", shape: a.shape)
    case 2:
      let row = 1 + pick(rows)
      return Term(text: "\(x)[[\(row), \(row), 1], 1:\(columns)]", shape: Shape(3, columns))
    case 3: return Term(text: "\(x)[\(1 + pick(rows)), \(1 + pick(columns))]", shape: .scalar)
    default:
      let first = 1 + pick(rows)
      return Term(text: "\(x)[\(first):\(rows), 1]", shape: Shape(rows - first + 1, 1))
    }
  }
}
