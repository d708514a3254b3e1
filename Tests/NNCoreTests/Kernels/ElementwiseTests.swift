import Foundation
import Testing

@testable import NNCore

@Suite("Elementwise kernels")
struct ElementwiseTests {
  let resources = Resources(limit: 1 << 30)

  static let special: [Double] = [
    0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999999999999994, -0.49999999999999994, 1e-300,
    -1e-300,
    .leastNonzeroMagnitude, 2.2250738585072014e-308, 1e-17, 1e-8, -1e-8, 20, -20, 36.7, -36.7, 37, -37, 700,
    -700,
    709.782712893384, 710,
    -745, -745.2, -746, 745, 1e5, -1e5, 1e16, 9_007_199_254_740_994, 1e300, -1e300, .infinity, -.infinity,
    .nan,
    .pi, 0.7, 0.99999999999999989, 1.0000000000000002, 3, 7, -7, 1000, 4_503_599_627_370_497.5,
  ]

  static let unary = Operation.table.filter { if case .unary = $0.kernel { true } else { false } }.map(\.id)
  static let binary = Operation.table.filter { if case .binary = $0.kernel { true } else { false } }.map(\.id)

  /// Functions by the vector library may be a few units off; all others are the scalar library's own results.
  private static func tolerance(_ id: OperationID) -> Double {
    switch id {
    case .exp, .log, .tanh, .erf: 3
    case .sigmoid, .softplus, .elu: 5
    case .gelu: 40
    default: 0
    }
  }

  @Test("of one number, at the edges of what numbers can be", arguments: unary)
  func edges(id: OperationID) {
    for x in Self.special {
      let value = Operation.scalar(id, x)
      let expected = reference(id, [Grid(1, 1, [x])], .none).elements[0]
      let tiny = abs(value - expected) < 1e-300  // a subnormal has few digits to agree in
      #expect(ulps(value, expected) <= Self.tolerance(id) || tiny, "\(id)(\(x)) = \(value), not \(expected)")
    }
  }

  @Test("of two numbers, at the edges of what numbers can be", arguments: binary)
  func pairs(id: OperationID) {
    for a in Self.special {
      for b in Self.special {
        let value = Operation.scalar(id, a, b)
        let expected = reference(id, [Grid(1, 1, [a]), Grid(1, 1, [b])], .none).elements[0]
        let tiny = abs(value - expected) < 1e-300
        #expect(
          ulps(value, expected) <= Self.tolerance(id) || tiny, "\(id)(\(a), \(b)) = \(value), not \(expected)"
        )
      }
    }
  }

  @Test("an element has the same bits wherever it stands", arguments: unary)
  func position(id: OperationID) throws {
    var numbers = Draws(3)
    let x = Self.special + (0..<200).map { _ in numbers.number(-30...30) }
    let whole = try apply(id, x)
    for length in 1...19 {
      for start in [0, 1, 7, 30, 100, x.count - length] {
        let part = try apply(id, Array(x[start..<start + length]))
        #expect(part.map(\.bitPattern) == whole[start..<start + length].map(\.bitPattern))
      }
    }
    #expect(x.map { Operation.scalar(id, $0).bitPattern } == whole.map(\.bitPattern))
  }

  private func apply(_ id: OperationID, _ x: [Double]) throws -> [Double] {
    try Operation.apply(id, Matrix(rows: 1, columns: x.count, x, in: resources), in: resources).elements
  }

  @Test("steps, positions and places of two operands do not change bits", arguments: binary)
  func steps(id: OperationID) throws {
    var numbers = Draws(4)
    let (m, n) = (7, 21)
    let a = Grid(m, n, (0..<m * n).map { _ in numbers.number(-3...3) })
    let b = Grid(m, n, (0..<m * n).map { _ in numbers.number(-3...3) })
    for (left, right) in [
      (a, b), (a, Grid(1, n, b.row(0))), (a, Grid(m, 1, b.column(0))), (a, Grid(1, 1, [b[0, 0]])),
      (Grid(1, n, a.row(0)), b), (Grid(m, 1, a.column(0)), b), (Grid(1, 1, [a[0, 0]]), b),
      (Grid(m, 1, a.column(0)), Grid(1, 1, [2])), (Grid(1, 1, [2]), Grid(1, n, a.row(0))),
    ] {
      let result = try Operation.apply(
        id, left.matrix(in: resources), right.matrix(in: resources), in: resources)
      for i in 0..<result.rows {
        for j in 0..<result.columns {
          let one = Operation.scalar(id, left.stretched(i, j), right.stretched(i, j))
          #expect(one.bitPattern == result[i, j].bitPattern)
        }
      }
    }
  }

  @Test("the result may lie where an operand lies", arguments: binary)
  func inPlace(id: OperationID) throws {
    var numbers = Draws(5)
    let a = try numbers.grid(5, 9).matrix(in: resources)
    let b = try numbers.grid(5, 9).matrix(in: resources)
    let column = try numbers.grid(5, 1).matrix(in: resources)
    for right in [b, column] {
      let expected = try Operation.apply(id, a, right, in: resources).elements
      let left = try a.copy(in: resources)
      try Operation.computeBinary(
        id, Operand(left), Operand(right), into: left.mutablePointer, left.shape, in: resources)
      #expect(left.elements.map(\.bitPattern) == expected.map(\.bitPattern))
    }
    let expected = try Operation.apply(id, a, b, in: resources).elements
    let other = try b.copy(in: resources)
    try Operation.computeBinary(
      id, Operand(a), Operand(other), into: other.mutablePointer, a.shape, in: resources)
    #expect(other.elements.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("long operands, in blocks, are computed like short ones")
  func blocks() throws {
    let n = Operation.inPlaceLimit(.sin) + 12_345
    let x = try Matrix(rows: 1, columns: n, (0..<n).map { Double($0) * 1e-3 }, in: resources)
    let y = try Operation.apply(.sin, x, in: resources)
    let z = try Operation.apply(.atan2, x, y, in: resources)
    let rows = try Operation.apply(.repeatMatrix, x, Attributes(2, 1), in: resources)
    let column = try Matrix(rows: 2, columns: 1, [2, 3], in: resources)
    let stretched = try Operation.apply(.power, column, rows, in: resources)
    for k in [0, 1, 65535, 65536, 65537, n - 1] {
      #expect(y[0, k] == Foundation.sin(x[0, k]))
      #expect(z[0, k] == Foundation.atan2(x[0, k], y[0, k]))
      #expect(stretched[1, k] == Foundation.pow(3, x[0, k]) || x[0, k] == 2)
    }
  }

  @Test("a raised flag stops work before it starts and between blocks")
  func interrupt() throws {
    let x = try Matrix(repeating: 1, Shape(1000, 3), in: resources)
    resources.cancellation.raise()
    defer { resources.cancellation.clear() }
    #expect(throws: CoreError.interrupted) { try Operation.apply(.sin, x, in: resources) }
    #expect(throws: CoreError.interrupted) { try Operation.apply(.add, x, x, in: resources) }
    #expect(throws: CoreError.interrupted) { try Operation.apply(.choose, [x, x, x], in: resources) }
    #expect(throws: CoreError.interrupted) {
      try Operation.apply(.product, x, x, Attributes(1), in: resources)
    }
    #expect(throws: CoreError.interrupted) { try Operation.apply(.sum, x, in: resources) }
  }

  @Test("results that people know by heart")
  func exact() {
    #expect(Operation.scalar(.log10, 1000) == 3)
    #expect(Operation.scalar(.log2, 8) == 3)
    #expect(Operation.scalar(.power, 2, 10) == 1024)
    #expect(Operation.scalar(.power, 10, 3) == 1000)
    #expect(Operation.scalar(.power, 0, 0) == 1)
    #expect(Operation.scalar(.exp, 0) == 1)
    #expect(Operation.scalar(.exp, 1) == M_E)
    #expect(Operation.scalar(.log, 1) == 0)
    #expect(Operation.scalar(.log, 0) == -.infinity)
    #expect(Operation.scalar(.sigmoid, 0) == 0.5)
    #expect(Operation.scalar(.sigmoid, -.infinity) == 0)
    #expect(Operation.scalar(.sigmoid, .infinity) == 1)
    #expect(Operation.scalar(.tanh, 0) == 0)
    #expect(Operation.scalar(.modulo, -7, 3) == 2)
    #expect(Operation.scalar(.modulo, 7, -3) == -2)
    #expect(Operation.scalar(.modulo, 5.5, 2) == 1.5)
    #expect(Operation.scalar(.modulo, 1, 0).isNaN)
    #expect(Operation.scalar(.round, 2.5) == 3)
    #expect(Operation.scalar(.round, -2.5) == -3)
    #expect(Operation.scalar(.round, 0.49999999999999994) == 0)
    #expect(Operation.scalar(.sign, .nan).isNaN)
    #expect(Operation.scalar(.maximum, .nan, 1).isNaN && Operation.scalar(.maximum, 1, .nan).isNaN)
  }

  @Test("a square is a multiplication, to the last bit")
  func squares() {
    var numbers = Draws(9)
    for _ in 0..<1000 {
      let x = numbers.number(-1e3...1e3)
      #expect(Operation.scalar(.power, x, 2) == x * x)
    }
  }

  @Test("tanh and erf are odd, sigmoid mirrors", arguments: [1e-9, 0.3, 1, 5, 20, 400])
  func symmetry(x: Double) {
    #expect(Operation.scalar(.tanh, -x) == -Operation.scalar(.tanh, x))
    #expect(Operation.scalar(.erf, -x) == -Operation.scalar(.erf, x))
    #expect(abs(Operation.scalar(.sigmoid, -x) + Operation.scalar(.sigmoid, x) - 1) <= 2.3e-16)
  }

  @Test("an operation of another kind gives nan for a number")
  func notElementwise() {
    #expect(Operation.scalar(.sum, 1).isNaN)
    #expect(Operation.scalar(.product, 1, 2).isNaN)
  }
}
