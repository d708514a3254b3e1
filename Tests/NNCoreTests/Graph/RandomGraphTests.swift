import Testing

@testable import NNCore

/// Computations made at random: what plans and rewrites do to them must not show in the numbers.
@Suite("Random graphs")
struct RandomGraphTests {
  /// A computation of `steps` operations on params and data of a few shapes, ending in a 1×1 value.
  private func build(
    _ formula: Formula, _ seed: UInt64, steps: Int
  ) throws -> (cost: Expression, params: [Expression]) {
    var numbers = ProbeNumbers(seed)
    let (m, n) = (1 + Int(numbers.unit() * 3), 1 + Int(numbers.unit() * 4))
    let shapes = [Shape(m, n), Shape(m, 1), Shape(1, n), Shape(1, 1), Shape(m, n)]
    var values: [Expression] = []
    var params: [Expression] = []
    for shape in shapes {
      let value = try numbers.matrix(shape, .inside(0.2...0.9), in: formula.resources)
      params.append(formula.param(value))
      values.append(params[params.count - 1])
      values.append(formula.data(try numbers.matrix(shape, .inside(0.2...0.9), in: formula.resources)))
    }
    for _ in 0..<steps {
      guard let next = try step(formula, &numbers, values) else { continue }
      values.append(next)
    }
    var cost = try formula.forward(.sum, [values[values.count - 1]])
    for value in values.suffix(4).dropLast() {
      cost = try formula.forward(.add, [cost, try formula.forward(.mean, [value])])
    }
    return (cost, params)
  }

  private func step(
    _ formula: Formula, _ numbers: inout ProbeNumbers, _ values: [Expression]
  ) throws -> Expression? {
    let a = values[Int(numbers.unit() * Double(values.count))]
    let b = values[Int(numbers.unit() * Double(values.count))]
    let literal = formula.literal([1, 2, 0.5, -1, 4][Int(numbers.unit() * 5)])
    let named = numbers.unit() < 0.5
    let kind = Int(numbers.unit() * 16)
    let dimension = Attributes(Int(numbers.unit() * 3))
    func forward(
      _ operation: OperationID, _ inputs: [Expression], _ attributes: Attributes = .none
    ) throws -> Expression {
      try formula.forward(operation, inputs, attributes, named: named)
    }
    let joint = try? ShapeRule.elementwise.shape(of: [a.shape, b.shape], attributes: .none, name: "")
    let fits = joint != nil
    switch kind {
    case 0: return fits ? try forward(.add, [a, b]) : nil
    case 1: return fits ? try forward(.subtract, [a, b]) : nil
    case 2, 3: return fits ? try forward(.multiply, [a, b]) : nil
    case 4: return fits ? try forward(.divide, [a, try forward(.exp, [try forward(.tanh, [b])])]) : nil
    case 5: return try forward(.tanh, [a])
    case 6: return try forward(.sigmoid, [a])
    case 7: return try forward(.negate, [a])
    case 8: return try forward(.multiply, [literal, a])
    case 9: return try forward(.subtract, [formula.literal(1), a])
    case 10: return try forward(.sum, [a], dimension)
    case 11: return try forward(.mean, [a], dimension)
    case 12: return try forward(.log, [try forward(.sigmoid, [a])])
    case 13: return try forward(.divide, [a, formula.literal(4)])
    case 14: return try forward(.transpose, [a])
    default:
      if a.columns == b.rows { return try forward(.product, [try forward(.tanh, [a]), b]) }
      return a.columns == b.columns
        ? try forward(.product, [try forward(.tanh, [a]), b], Attributes(2)) : nil
    }
  }

  @Test("simplified gradients equal plain ones", arguments: 1...300)
  func simplification(seed: Int) throws {
    let (short, plain) = (Formula(), Formula(simplifies: false))
    let steps = 4 + seed % 40
    let (a, b) = (try build(short, UInt64(seed), steps: steps), try build(plain, UInt64(seed), steps: steps))
    let gradients = zip(short.gradients(of: a.cost, a.params), plain.gradients(of: b.cost, b.params))
    for (x, y) in gradients {
      #expect((x == nil) == (y == nil))
      guard let x, let y else { continue }
      #expect(x.shape == y.shape)
      let (left, right) = (try short.evaluate(x).elements, try plain.evaluateEagerly(y).elements)
      let size = right.map(abs).max() ?? 0
      for (l, r) in zip(left, right) {
        #expect(abs(l - r) <= 1e-11 * max(1, size) || (l.isNaN && r.isNaN), "\(l) and \(r)")
      }
    }
  }

  @Test("plans give the bits of the operations one by one", arguments: 1...200)
  func bits(seed: Int) throws {
    let formula = Formula()
    let (cost, params) = try build(formula, UInt64(seed), steps: 4 + seed % 60)
    var outputs = [cost] + formula.gradients(of: cost, params).compactMap(\.self)
    // One of them twice, as two variables may want it.
    outputs.append(outputs[outputs.count - 1])
    let together = try formula.evaluate(outputs)
    for (node, value) in zip(outputs, together) {
      let alone = try formula.evaluateEagerly(node).elements
      let isSame = zip(value.elements, alone).allSatisfy {
        $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
      }
      #expect(isSame)
    }
  }

  @Test(
    "chains longer than a block, with rows and columns that stretch",
    arguments: [
      Shape(3, 700), Shape(700, 3), Shape(1, 5000), Shape(5000, 1), Shape(40, 40), Shape(2, 513), Shape(0, 3),
    ])
  func blocks(shape: Shape) throws {
    let formula = Formula()
    var numbers = ProbeNumbers(2)
    let x = formula.param(try numbers.matrix(shape, in: formula.resources))
    let row = formula.data(try numbers.matrix(Shape(1, shape.columns), in: formula.resources))
    let column = formula.data(try numbers.matrix(Shape(shape.rows, 1), in: formula.resources))
    let number = formula.data(try numbers.matrix(.scalar, in: formula.resources))
    var y = x + row
    y = (y .* column).tanh
    y = y ./ (number .* number + 1) - x
    y = y.chosen(where: x.apply(.greater, row), else: column)
    let stretched = row.stretched(shape) + column
    for node in [y, stretched, y + stretched] {
      let (a, b) = (try formula.evaluate(node).elements, try formula.evaluateEagerly(node).elements)
      let isSame = zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
      #expect(isSame && a.count == shape.count)
    }
  }
}
