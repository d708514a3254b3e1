import Testing

@testable import NNCore

/// One loop over the rows: an operation is not there before it passes here.
@Suite("Every row")
struct RowTests {
  let resources = Resources(limit: 1 << 30)

  /// Operands and settings that the row takes; several, of all the forms that its shape rule has.
  static func uses(_ row: Operation, seed: UInt64) -> [(operands: [Grid], attributes: Attributes)] {
    var numbers = Draws(seed)
    let (m, n, k) = (numbers.whole(2...5), numbers.whole(6...9), numbers.whole(10...12))
    func grid(_ rows: Int, _ columns: Int, _ operand: Int = 0) -> Grid {
      let probe = row.probe[min(operand, row.probe.count - 1)]
      return Grid(rows, columns, (0..<rows * columns).map { _ in numbers.number(probe, places: m) })
    }
    func each(_ settings: [Attributes], _ operands: () -> [Grid]) -> [(
      operands: [Grid], attributes: Attributes
    )] {
      settings.map { (operands(), $0) }
    }
    switch row.shape {
    case .elementwise:
      let shapes = [(m, n), (1, n), (m, 1), (1, 1)]
      let count = row.arity.lowerBound
      return (0..<count).flatMap { whole in
        shapes.map { shape in
          ((0..<count).map { $0 == whole ? grid(m, n, $0) : grid(shape.0, shape.1, $0) }, Attributes.none)
        }
      }
    case .product:
      return [(m, k, n), (1, k, n), (m, 1, n), (m, k, 1), (1, 1, 1), (17, 33, 9), (40, 3, 41)].flatMap {
        (m, k, n) in
        [
          ([grid(m, k), grid(k, n)], Attributes(0)), ([grid(k, m), grid(k, n)], Attributes(1)),
          ([grid(m, k), grid(n, k)], Attributes(2)), ([grid(k, m), grid(n, k)], Attributes(3)),
        ]
      }
    case .reduction, .selection:
      return each([0, 1, 2].map { Attributes($0) }) { [grid(m, n)] }
        + each([0, 1, 2].map { Attributes($0) }) { [grid(70, 3)] }
        + each([0, 1, 2].map { Attributes($0) }) { [grid(3, 300)] } + each([Attributes(1)]) { [grid(40, 1)] }
    case .transpose:
      return each([.none]) { [grid(m, n)] } + each([.none]) { [grid(50, 70)] }
        + each([.none]) { [grid(1, n)] }
    case .same:
      return each((row.id == .softmax ? [0] : [0, 1, 2]).map { Attributes($0) }) { [grid(m, n)] }
        + each((row.id == .softmax ? [0] : [0, 1, 2]).map { Attributes($0) }) { [grid(300, 3)] }
    case .squareToScalar, .square:
      let settings = row.id == .matrixPower ? [-2, -1, 0, 1, 2, 5].map { Attributes($0) } : [.none]
      return each(settings) { [grid(m, m)] } + each(settings) { [grid(1, 1)] }
    case .solve:
      return each([Attributes(0), Attributes(1)]) { [grid(m, m), grid(m, 3)] }
        + each([.none]) { [grid(n, m), grid(n, 2)] } + each([.none]) { [grid(m, n), grid(m, 2)] }
    case .reshape: return each([Attributes(n, m), Attributes(1, m * n)]) { [grid(m, n)] }
    case .stretch:
      return [
        ([grid(1, n)], Attributes(m, n)), ([grid(m, 1)], Attributes(m, n)), ([grid(1, 1)], Attributes(m, n)),
        ([grid(m, n)], Attributes(m, n)),
      ]
    case .index: return each([.none]) { [grid(m, m), grid(1, 7, 1), grid(4, 1, 2)] }
    case .scatter: return each([Attributes(m, m)]) { [grid(7, 4), grid(1, 7, 1), grid(4, 1, 2)] }
    case .joinColumns:
      return each([.none]) { [grid(m, n), grid(m, 1), grid(m, k)] } + each([.none]) { [grid(m, n)] }
    case .joinRows: return each([.none]) { [grid(m, n), grid(1, n), grid(k, n)] }
    case .repeatMatrix: return each([Attributes(2, 3), Attributes(0, 1), Attributes(1, 0)]) { [grid(m, n)] }
    case .diagonal:
      return [[grid(1, n)], [grid(n, 1)], [grid(m, n)], [grid(n, m)], [grid(1, 1)]].map { ($0, .none) }
    case .cost:
      return each([.none]) { [grid(m, n), grid(m, n, 1)] }
        + each([.none]) { [grid(40, 60), grid(40, 60, 1)] }
    }
  }

  @Test(
    "kernel and shape rule agree with a plain reference", arguments: OperationID.allCases, [UInt64(1), 2, 3])
  func values(id: OperationID, seed: UInt64) throws {
    let row = Operation[id]
    for (operands, attributes) in Self.uses(row, seed: seed) {
      let result = try Operation.apply(
        id, operands.map { try $0.matrix(in: resources) }, attributes, in: resources)
      let expected = reference(id, operands, attributes)
      #expect(result.shape == Shape(expected.rows, expected.columns), "\(row.name) \(attributes)")
      let scale = expected.elements.map(abs).max() ?? 0
      for (a, b) in zip(result.elements, expected.elements) {
        #expect(
          abs(a - b) <= 1e-15 * abs(b) * 4 + Self.slack(id) * max(scale, 1), "\(row.name) \(attributes)")
      }
    }
  }

  /// What rounding may cost beyond four units in the last place; exact operations are given nothing.
  private static func slack(_ id: OperationID) -> Double {
    switch id {
    case .solve, .inverse, .matrixPower: 1e-9
    case .determinant, .product, .logSumExp, .softmax, .deviation, .cumulativeSum, .cumulativeProduct, .mean,
      .variance, .sum:
      1e-13
    default: 1e-15
    }
  }

  @Test("a kernel fills its result and writes nothing beside it", arguments: OperationID.allCases)
  func bounds(id: OperationID) throws {
    let mark = -1.234567e-300
    for (operands, attributes) in Self.uses(Operation[id], seed: 4) {
      let matrices = try operands.map { try $0.matrix(in: resources) }
      let shape = try Operation[id].shape.shape(of: matrices.map(\.shape), attributes: attributes, name: "")
      let room = UnsafeMutableBufferPointer<Double>.allocate(capacity: shape.count + 32)
      defer { room.deallocate() }
      room.initialize(repeating: mark)
      let base = try #require(room.baseAddress)
      let list = matrices.map { Operand($0) }
      try list.withUnsafeBufferPointer {
        try Operation[id].evaluate($0, attributes, into: base + 16, shape, resources)
      }
      #expect(room[..<16].allSatisfy { $0 == mark })
      #expect(room[(16 + shape.count)...].allSatisfy { $0 == mark })
      #expect(!room[16..<(16 + shape.count)].contains(mark))
      withExtendedLifetime(matrices) {}
    }
  }

  @Test(
    "operands keep their values, and the same operands give the same bits", arguments: OperationID.allCases)
  func purity(id: OperationID) throws {
    for (operands, attributes) in Self.uses(Operation[id], seed: 5) {
      let matrices = try operands.map { try $0.matrix(in: resources) }
      let first = try Operation.apply(id, matrices, attributes, in: resources)
      let second = try Operation.apply(id, matrices, attributes, in: resources)
      #expect(first.elements.map(\.bitPattern) == second.elements.map(\.bitPattern))
      #expect(zip(matrices, operands).allSatisfy { $0.elements == $1.elements })
    }
  }

  @Test("an allocation that fails is an error, and nothing stays allocated", arguments: OperationID.allCases)
  func allocationFailure(id: OperationID) throws {
    let (operands, attributes) = try #require(Self.uses(Operation[id], seed: 6).last)
    let resources = Resources(limit: 1 << 30)
    let matrices = try operands.map { try $0.matrix(in: resources) }
    let before = resources.used
    var successes = 0
    for countdown in 0..<20 where successes == 0 {
      resources.allocationsUntilFailure = countdown
      if (try? Operation.apply(id, matrices, attributes, in: resources)) != nil { successes += 1 }
      resources.allocationsUntilFailure = nil
      #expect(resources.used == before)
    }
    #expect(successes == 1)
    withExtendedLifetime(matrices) {}
  }

  @Test("examples and formulas name only what exists")
  func related() {
    let other: Set<String> = ["standardize", "svd", "eye", "find", "unique", "onehot", "cumsum", "pinv"]
    let names = Set(Operation.table.map(\.name)).union(other)
    for row in Operation.table {
      #expect(row.related.allSatisfy(names.contains), "\(row.name): \(row.related)")
      #expect(!row.related.contains(row.name))
    }
  }

  @Test("a name finds its row")
  func named() {
    #expect(Operation.named("tanh")?.id == .tanh)
    #expect(Operation.named("no such operation") == nil)
  }
}
