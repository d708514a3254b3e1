import Testing

@testable import NNCore

@Suite("Rewrites")
struct RewriteTests {
  static let shapes = [Shape(2, 3), Shape(3, 3), Shape(1, 4), Shape(4, 1), Shape(1, 1)]

  @Test("both sides of every rewrite are equal", arguments: Rewrite.table.indices, shapes)
  func equality(index: Int, shape: Shape) throws {
    let rewrite = Rewrite.table[index]
    let plain = try sides(rewrite, shape, simplifies: false)
    let short = try sides(rewrite, shape, simplifies: true)
    for (a, b) in zip(plain.value.elements, short.value.elements) {
      #expect(abs(a - b) <= 1e-13 * max(1, abs(a)), "\(rewrite.reason): \(a) and \(b)")
    }
    #expect(plain.value.shape == short.value.shape)
    // On columns and numbers some samples are nothing to simplify.
    if shape == Shape(2, 3) {
      #expect(short.fired.contains(rewrite.reason), "\(rewrite.reason) did not fire")
    }
    let isFinite = short.value.elements.allSatisfy(\.isFinite)
    #expect(isFinite)
  }

  private func sides(
    _ rewrite: Rewrite, _ shape: Shape, simplifies: Bool
  ) throws -> (value: Matrix, fired: [Reason]) {
    let formula = Formula(simplifies: simplifies)
    formula.graph.fired = []
    formula.graph.facts.answer = { _, _ in true }
    var numbers = ProbeNumbers(3)
    let leaves = try (0..<3).map { _ in
      formula.param(try numbers.matrix(shape, .inside(0.2...0.8), in: formula.resources))
    }
    let oneHot = try Matrix(repeating: 0, shape, in: formula.resources)
    for column in 0..<shape.columns {
      oneHot.mutablePointer[column % shape.rows * shape.columns + column] = 1
    }
    formula.graph.sampleOneHot = formula.data(oneHot).id
    let node = rewrite.sample(leaves[0], leaves[1], leaves[2])
    return (try formula.evaluateEagerly(node), formula.graph.fired ?? [])
  }
}
