@testable import NNCore

/// What a gradient check tries of an operation: shapes of the operands and attributes.
struct GradientCase: CustomStringConvertible {
  var shapes: [Shape]
  var attributes = Attributes.none

  var description: String {
    shapes.map { "\($0.rows)×\($0.columns)" }.joined(separator: ", ")
      + " (\(attributes.first), \(attributes.second))"
  }

  /// Every way operands of a row may come: all broadcasts, all transpositions, all dimensions.
  static func all(for row: Operation) -> [GradientCase] {
    let small = [Shape(1, 1), Shape(1, 3), Shape(2, 1), Shape(2, 3)]
    switch row.shape {
    case .elementwise: return broadcasts(row.arity.lowerBound, small).map { GradientCase(shapes: $0) }
    case .product:
      let sizes = [(2, 3, 4), (1, 3, 2), (3, 1, 2), (2, 3, 1), (1, 1, 1)]
      return sizes.flatMap { m, k, n in
        (0..<4).map { flags in
          let (a, b) = (Shape(m, k), Shape(k, n))
          return GradientCase(
            shapes: [flags & 1 == 0 ? a : a.transposed, flags & 2 == 0 ? b : b.transposed],
            attributes: Attributes(flags))
        }
      }
    case .transpose:
      return [Shape(2, 3), Shape(3, 1), Shape(1, 3), Shape(1, 1)].map { GradientCase(shapes: [$0]) }
    case .same where row.id == .softmax:
      return [Shape(2, 3), Shape(3, 1), Shape(1, 3)].map { GradientCase(shapes: [$0]) }
    case .reduction, .selection, .same:
      return [Shape(2, 3), Shape(3, 1), Shape(1, 3), Shape(1, 1)].flatMap { shape in
        (0...2).map { GradientCase(shapes: [shape], attributes: Attributes($0)) }
      }
    case .squareToScalar: return (1...3).map { GradientCase(shapes: [Shape($0, $0)]) }
    case .square:
      let exponents = row.id == .matrixPower ? [-2, -1, 0, 1, 2, 3, 5, 6] : [0]
      return (1...3).flatMap { n in
        exponents.map { GradientCase(shapes: [Shape(n, n)], attributes: Attributes($0)) }
      }
    case .solve:
      return [
        GradientCase(shapes: [Shape(3, 3), Shape(3, 2)]),
        GradientCase(shapes: [Shape(3, 3), Shape(3, 1)], attributes: Attributes(1)),
        GradientCase(shapes: [Shape(4, 2), Shape(4, 1)]), GradientCase(shapes: [Shape(5, 3), Shape(5, 2)]),
        GradientCase(shapes: [Shape(2, 4), Shape(2, 1)]), GradientCase(shapes: [Shape(3, 5), Shape(3, 2)]),
        GradientCase(shapes: [Shape(1, 3), Shape(1, 2)]),
      ]
    case .reshape: return [GradientCase(shapes: [Shape(2, 3)], attributes: Attributes(3, 2))]
    case .stretch:
      return [Shape(1, 3), Shape(2, 1), Shape(1, 1), Shape(2, 3)].map {
        GradientCase(shapes: [$0], attributes: Attributes(2, 3))
      }
    case .index:
      return [
        GradientCase(shapes: [Shape(3, 4), Shape(1, 2), Shape(1, 5)]),
        GradientCase(shapes: [Shape(1, 4), Shape(1, 1), Shape(3, 1)]),
      ]
    case .scatter:
      return [GradientCase(shapes: [Shape(2, 3), Shape(1, 2), Shape(1, 3)], attributes: Attributes(3, 4))]
    case .joinColumns:
      return [
        [Shape(2, 1), Shape(2, 3)], [Shape(2, 2)],
        [Shape(2, 1), Shape(0, 0), Shape(2, 2), Shape(2, 1), Shape(2, 1)],
      ]
      .map { GradientCase(shapes: $0) }
    case .joinRows:
      return [[Shape(1, 2), Shape(3, 2)], [Shape(1, 2), Shape(1, 2), Shape(2, 2), Shape(1, 2)]]
        .map { GradientCase(shapes: $0) }
    case .repeatMatrix:
      return [(Shape(2, 3), 2, 3), (Shape(1, 3), 2, 1), (Shape(3, 1), 1, 2), (Shape(1, 1), 3, 2)]
        .map { GradientCase(shapes: [$0], attributes: Attributes($1, $2)) }
    case .diagonal:
      return [Shape(1, 3), Shape(3, 1), Shape(3, 3), Shape(2, 3), Shape(3, 2), Shape(1, 1)]
        .map { GradientCase(shapes: [$0]) }
    case .cost:
      return [Shape(2, 3), Shape(1, 4), Shape(3, 1)].map { GradientCase(shapes: [$0, $0]) }
    }
  }

  /// All combinations of shapes that stretch to 2×3 or less, one operand having the full shape.
  private static func broadcasts(_ count: Int, _ shapes: [Shape]) -> [[Shape]] {
    var lists: [[Shape]] = [[]]
    for _ in 0..<count { lists = lists.flatMap { list in shapes.map { list + [$0] } } }
    return lists.filter { list in
      let joint = Shape(list.map(\.rows).max() ?? 1, list.map(\.columns).max() ?? 1)
      return list.contains(joint)
    }
  }
}

/// Compares what the rules say with what the kernels do.
struct GradientCheck {
  var rules = Operation.derivatives
  var seed: UInt64 = 1

  /// What was found to be wrong, in words; empty if nothing was.
  func failures(_ row: Operation, _ test: GradientCase) throws -> [String] {
    let setting = try Setting(row, test, seed)
    var found: [String] = []
    let first = try setting.gradients(rules)
    found += try setting.compare(first, of: setting.cost, "gradient")
    found += try setting.compareDotProducts(first, rules)
    let mixed = try setting.mixture(of: first)
    let second = setting.formula.gradients(of: mixed, setting.leaves, rules: rules)
    found += try setting.compare(second, of: mixed, "second derivative")
    return found.map { "\(row.name) of \(test): \($0)" }
  }
}

/// An operation with probing operands, and a 1×1 cost made of its result.
private struct Setting {
  let formula = Formula()
  var operands: [Expression] = []
  /// The operands that have gradients.
  var leaves: [Expression] = []
  var result: Expression
  var weights: Expression
  var cost: Expression
  var numbers: ProbeNumbers

  init(_ row: Operation, _ test: GradientCase, _ seed: UInt64) throws {
    // By the name, so that a new row leaves the numbers of the others, and with them their kinks, where they are.
    numbers = ProbeNumbers(row.name.utf8.reduce(seed) { $0 &* 131 &+ UInt64($1) })
    for (k, shape) in test.shapes.enumerated() {
      let probe = row.probe[min(k, row.probe.count - 1)]
      let axis =
        row.shape == .scatter
        ? (k == 1 ? test.attributes.first : test.attributes.second)
        : (k == 1 ? test.shapes[0].rows : test.shapes[0].columns)
      var value = try numbers.matrix(shape, probe, in: formula.resources, places: axis)
      // Well away from singular, where inverses are probed.
      if row.shape == .square || row.shape == .squareToScalar || row.shape == .solve, k == 0 {
        value = try Setting.dominant(value, formula.resources)
      }
      switch probe {
      case .mask, .places: operands.append(formula.data(value))
      case .inside, .bothSides:
        operands.append(formula.param(value))
        if shape.count > 0 { leaves.append(operands[operands.count - 1]) }
      }
    }
    result = try formula.forward(row.id, operands, test.attributes)
    weights = formula.param(try numbers.matrix(result.shape, .bothSides(0.5...2), in: formula.resources))
    // Not by the operation under test, or a mistake in its sign would meet itself.
    if row.id == .multiply {
      let count = result.shape.count
      let line = try formula.forward(.reshape, [result], Attributes(1, count))
      cost = try formula.forward(
        .product, [line, try formula.forward(.reshape, [weights], Attributes(count, 1))])
    } else {
      cost = try formula.forward(.sum, [try formula.forward(.multiply, [weights, result])])
    }
  }

  private static func dominant(_ a: Matrix, _ resources: Resources) throws -> Matrix {
    var elements = a.elements
    for i in 0..<min(a.rows, a.columns) {
      elements[i * a.columns + i] += elements[i * a.columns + i] < 0 ? -4 : 4
    }
    return try Matrix(rows: a.rows, columns: a.columns, elements, in: resources)
  }

  func gradients(_ rules: Derivation.Rules) throws -> [Expression?] {
    formula.gradients(of: cost, leaves, rules: rules)
  }

  /// A 1×1 node made of gradients, to be differentiated again.
  func mixture(of gradients: [Expression?]) throws -> Expression {
    var numbers = ProbeNumbers(99)
    var sum = formula.graph.expression(formula.graph.literal(0))
    for gradient in gradients.compactMap(\.self) {
      let weights = formula.data(try numbers.matrix(gradient.shape, in: formula.resources))
      sum = sum + (weights .* gradient).sum()
    }
    // A node of its own, so that what is derived next has it as its output.
    let zero = formula.data(try Matrix(repeating: 0, .scalar, in: formula.resources))
    return try formula.forward(.add, [sum, zero])
  }

  /// Sixth-order central differences of `output` against gradients.
  func compare(_ gradients: [Expression?], of output: Expression, _ what: String) throws -> [String] {
    var failures: [String] = []
    let run = try formula.runner(output)
    for (leaf, gradient) in zip(leaves, gradients) {
      let original = try present(formula.values[leaf.id])
      let exact =
        try gradient.map { try formula.evaluate($0).elements }
        ?? [Double](repeating: 0, count: original.count)
      guard exact.count == original.count else {
        failures.append("\(what) has \(exact.count) elements")
        continue
      }
      for i in 0..<original.count {
        let h = 3e-3 * max(1, abs(original.elements[i]))
        var slope = 0.0
        for (step, weight) in [(-3.0, -1.0), (-2, 9), (-1, -45), (1, 45), (2, -9), (3, 1)] {
          var elements = original.elements
          elements[i] += step * h
          let moved = try Matrix(
            rows: original.rows, columns: original.columns, elements, in: formula.resources)
          formula.set(leaf, to: moved)
          slope += weight * (try run())
        }
        formula.set(leaf, to: original)
        slope /= 60 * h
        let error = abs(exact[i] - slope)
        if !(error <= 1e-11 + 1e-9 * abs(slope)) {
          failures.append("\(what) \(exact[i]), differences \(slope)")
        }
      }
    }
    return failures
  }

  /// ⟨J v, w⟩ = ⟨v, J' w⟩, where J v comes from differentiating J' w, which is linear in w, by w.
  func compareDotProducts(_ gradients: [Expression?], _ rules: Derivation.Rules) throws -> [String] {
    var failures: [String] = []
    var numbers = ProbeNumbers(7)
    for (leaf, gradient) in zip(leaves, gradients) {
      guard let gradient, gradient.shape == leaf.shape else { continue }
      let v = formula.data(try numbers.matrix(leaf.shape, in: formula.resources))
      let zero = formula.data(try Matrix(repeating: 0, .scalar, in: formula.resources))
      let product = try formula.forward(.add, [(v .* gradient).sum(), zero])
      guard let forward = formula.gradients(of: product, [weights], rules: rules)[0] else { continue }
      let left = try formula.evaluate((forward .* weights).sum()).elements[0]
      let right = try formula.evaluate(product).elements[0]
      let size = try formula.evaluate((v.abs .* gradient.abs).sum()).elements[0]
      if !(abs(left - right) <= 1e-13 * max(1, size)) {
        failures.append("⟨Jv, w⟩ = \(left), ⟨v, J'w⟩ = \(right)")
      }
    }
    return failures
  }
}
