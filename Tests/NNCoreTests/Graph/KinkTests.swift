import Testing

@testable import NNCore

/// What gradients are where a derivative jumps, does not exist or is easily computed wrongly.
@Suite("Kinks, ties and zeros")
struct KinkTests {
  /// The gradient of sum(operation(operands)) by each operand.
  private func gradients(
    _ operation: OperationID, _ operands: [[Double]], literals: Set<Int> = [],
    _ attributes: Attributes = .none
  ) throws -> [[Double]] {
    let formula = Formula()
    let inputs = try operands.enumerated().map { index, elements in
      if literals.contains(index) { return formula.graph.expression(formula.graph.literal(elements[0])) }
      return formula.param(try Matrix(rows: 1, columns: elements.count, elements, in: formula.resources))
    }
    let result = try formula.forward(operation, inputs, attributes)
    let sum = try formula.forward(.sum, [result])
    return try formula.gradients(of: sum, inputs).map { gradient in
      try gradient.map { try formula.evaluate($0).elements } ?? []
    }
  }

  @Test("relu, abs and their like at 0")
  func activations() throws {
    #expect(try gradients(.relu, [[-1, 0, 2]]) == [[0, 0, 1]])
    #expect(try gradients(.abs, [[-1, 0, 2]]) == [[-1, 0, 1]])
    #expect(try gradients(.maximum, [[-1, 0, 2], [0]], literals: [1])[0] == [0, 0, 1])
    #expect(try gradients(.leakyRelu, [[-1, 0, 2], [0.1]], literals: [1])[0] == [0.1, 0.1, 1])
    #expect(try gradients(.elu, [[0, 2], [1]], literals: [1])[0] == [1, 1])
  }

  @Test("ties between two matrices are shared evenly")
  func ties() throws {
    #expect(try gradients(.maximum, [[1, 5, 3], [2, 5, 1]]) == [[0, 0.5, 1], [1, 0.5, 0]])
    #expect(try gradients(.minimum, [[1, 5, 3], [2, 5, 1]]) == [[1, 0.5, 0], [0, 0.5, 1]])
    #expect(try gradients(.largest, [[3, 1, 3, 3]]) == [[1.0 / 3, 0, 1.0 / 3, 1.0 / 3]])
    #expect(try gradients(.smallest, [[3, 1, 1, 3]]) == [[0, 0.5, 0.5, 0]])
  }

  @Test("clip lets gradients through up to its bounds")
  func clipping() throws {
    let found = try gradients(.clip, [[-2, -1, 0, 1, 2], [-1], [1]])
    #expect(found == [[0, 1, 1, 1, 0], [1], [1]])
  }

  @Test("products with zeros")
  func products() throws {
    #expect(try gradients(.prod, [[2, 0, 3]]) == [[0, 6, 0]])
    #expect(try gradients(.prod, [[2, 0, 0]]) == [[0, 0, 0]])
    #expect(try gradients(.prod, [[2, 5, 3]]) == [[15, 6, 10]])
  }

  @Test("powers at 0")
  func powers() throws {
    #expect(try gradients(.power, [[0, 2], [0]], literals: [1])[0] == [0, 0])
    #expect(try gradients(.power, [[0, 2], [1]], literals: [1])[0] == [1, 1])
    #expect(try gradients(.power, [[0, 3], [2]], literals: [1])[0] == [0, 6])
    #expect(try gradients(.power, [[0, 3], [0, 2]])[0] == [0, 6])
    #expect(try gradients(.power, [[0, 0], [2, 0]])[1] == [0, 0])
  }

  @Test("the norm and the deviation where they are 0")
  func norms() throws {
    #expect(try gradients(.norm, [[0, 0]]) == [[0, 0]])
    #expect(try gradients(.deviation, [[3, 3]]) == [[0, 0]])
    #expect(try gradients(.norm, [[3, 4]]) == [[0.6, 0.8]])
  }

  @Test("softmax and logsumexp of large numbers")
  func large() throws {
    let found = try gradients(.logSumExp, [[1000, 1000]])[0]
    #expect(found.allSatisfy { abs($0 - 0.5) < 1e-15 })
    #expect(try gradients(.softplus, [[1000, -1000]]) == [[1, 0]])
  }

  @Test("sort sends each gradient back to where the element was")
  func sorting() throws {
    let formula = Formula()
    let x = formula.param(try Matrix(rows: 2, columns: 2, [3, 1, 2, 4], in: formula.resources))
    let weights = formula.data(try Matrix(rows: 2, columns: 2, [10, 20, 30, 40], in: formula.resources))
    let sorted = try formula.forward(.sort, [x])
    let j = try formula.forward(.sum, [try formula.forward(.multiply, [sorted, weights])])
    let gradient = try present(formula.gradients(of: j, [x])[0])
    #expect(try formula.evaluate(gradient).elements == [30, 10, 20, 40])
  }
}
