import Foundation
import Testing

@testable import NNCore

@Suite("Linear algebra")
struct LinearAlgebraTests {
  let resources = Resources(limit: 4 << 30)

  private func product(_ a: Matrix, _ b: Matrix, _ flags: Int = 0) throws -> Matrix {
    try Operation.apply(.product, a, b, Attributes(flags), in: resources)
  }

  private func distance(_ a: Matrix, _ b: Matrix) -> Double {
    #expect(a.shape == b.shape)
    return zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
  }

  private func random(_ m: Int, _ n: Int, seed: UInt64 = 1) throws -> Matrix {
    var numbers = Draws(seed)
    return try numbers.grid(m, n, -1...1).matrix(in: resources)
  }

  @Test("A times the solution is b", arguments: [1, 2, 5, 40, 200], [1, 3])
  func solves(n: Int, r: Int) throws {
    let (a, b) = (try random(n, n), try random(n, r, seed: 2))
    let x = try Operation.apply(.solve, a, b, in: resources)
    #expect(distance(try product(a, x), b) < 1e-10 * Double(n))
    let y = try Operation.apply(.solve, a, b, Attributes(1), in: resources)
    #expect(distance(try product(a, y, 1), b) < 1e-10 * Double(n))
  }

  @Test("least squares: the rest is at right angles to the columns", arguments: [(5, 1), (10, 3), (200, 20)])
  func leastSquares(m: Int, n: Int) throws {
    let (a, b) = (try random(m, n), try random(m, 2, seed: 2))
    let x = try Operation.apply(.solve, a, b, in: resources)
    let rest = try Operation.apply(.subtract, product(a, x), b, in: resources)
    #expect(try product(a, rest, 1).elements.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("of many least squares solutions, the shortest")
  func shortest() throws {
    let a = try Matrix(rows: 3, columns: 2, [1, 1, 1, 1, 1, 1], in: resources)
    let b = try Matrix(rows: 3, columns: 1, [2, 2, 2], in: resources)
    let x = try Operation.apply(.solve, a, b, in: resources)
    #expect(x.elements.allSatisfy { abs($0 - 1) < 1e-14 })
  }

  @Test(
    "the pseudoinverse: Penrose's four conditions", arguments: [(1, 1), (3, 3), (6, 2), (2, 6), (40, 30)])
  func pseudoinverse(m: Int, n: Int) throws {
    for a in [try random(m, n), try product(random(m, 1), random(1, n, seed: 3))] {
      let p = try LinearAlgebra.pseudoinverse(a, in: resources)
      let (ap, pa) = (try product(a, p), try product(p, a))
      #expect(p.shape == Shape(n, m))
      for (x, y) in [
        (try product(ap, a), a), (try product(pa, p), p),
        (try Operation.apply(.transpose, ap, in: resources), ap),
        (try Operation.apply(.transpose, pa, in: resources), pa),
      ] { #expect(distance(x, y) < 1e-11) }
    }
  }

  @Test("the inverse", arguments: [1, 2, 7, 100])
  func inverse(n: Int) throws {
    let a = try random(n, n)
    let identity = try Matrix(rows: n, columns: n, Grid(n, n) { $0 == $1 ? 1 : 0 }.elements, in: resources)
    #expect(distance(try product(a, Operation.apply(.inverse, a, in: resources)), identity) < 1e-10)
  }

  @Test("a singular matrix is an error that says so")
  func singular() throws {
    for n in [1, 2, 30] {
      let zero = try Matrix(repeating: 0, Shape(n, n), in: resources)
      let b = try Matrix(repeating: 1, Shape(n, 1), in: resources)
      #expect(throws: CoreError.singular(name: "inv", Shape(n, n))) {
        try Operation.apply(.inverse, zero, in: resources)
      }
      #expect(throws: CoreError.singular(name: "\\", Shape(n, n))) {
        try Operation.apply(.solve, zero, b, in: resources)
      }
      #expect(try Operation.apply(.determinant, zero, in: resources).elements == [0])
      #expect(try LinearAlgebra.reciprocalCondition(zero, in: resources) == 0)
    }
  }

  @Test("a nearly singular matrix has a result, and a condition that warns")
  func nearlySingular() throws {
    let hilbert = try Grid(12, 12) { 1 / Double($0 + $1 + 1) }.matrix(in: resources)
    _ = try Operation.apply(.inverse, hilbert, in: resources)
    #expect(try LinearAlgebra.reciprocalCondition(hilbert, in: resources) < 1e-15)
    #expect(try LinearAlgebra.reciprocalCondition(random(5, 5), in: resources) > 1e-4)
  }

  @Test("determinants with their sign")
  func determinants() throws {
    let swapped = try Matrix(rows: 2, columns: 2, [0, 1, 1, 0], in: resources)
    #expect(try Operation.apply(.determinant, swapped, in: resources).elements == [-1])
    let empty = try Matrix(repeating: 0, Shape(0, 0), in: resources)
    #expect(try Operation.apply(.determinant, empty, in: resources).elements == [1])
  }

  @Test("nan and infinity neither hang nor trap", arguments: [Double.nan, .infinity, -.infinity])
  func undefined(value: Double) throws {
    var grid = Grid(4, 4) { Double($0 * 4 + $1) }
    grid[2, 1] = value
    let a = try grid.matrix(in: resources)
    let b = try Matrix(repeating: 1, Shape(4, 1), in: resources)
    let tall = try Matrix(rows: 5, columns: 1, [1, 2, value, 4, 5], in: resources)
    let right = try Matrix(repeating: 1, Shape(5, 1), in: resources)
    #expect(try Operation.apply(.inverse, a, in: resources).elements.allSatisfy { $0.isNaN })
    #expect(try Operation.apply(.solve, a, b, in: resources).elements.allSatisfy { $0.isNaN })
    #expect(try Operation.apply(.solve, tall, right, in: resources).elements.allSatisfy { $0.isNaN })
    #expect(try Operation.apply(.determinant, a, in: resources)[0, 0].isNaN)
    for work in [
      { _ = try LinearAlgebra.eigen(a, in: resources) },
      { _ = try LinearAlgebra.singularValues(a, in: resources) },
    ] as [() throws -> Void] {
      let error = #expect(throws: CoreError.self) { try work() }
      guard case .notFinite(_, let number, let row, let column)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(number.bitPattern == value.bitPattern && a[row, column].bitPattern == value.bitPattern)
    }
  }

  @Test("nothing at all")
  func empty() throws {
    let a = try Matrix(repeating: 0, Shape(0, 0), in: resources)
    let b = try Matrix(repeating: 0, Shape(0, 2), in: resources)
    #expect(try Operation.apply(.inverse, a, in: resources).shape == Shape(0, 0))
    #expect(try Operation.apply(.solve, a, b, in: resources).shape == Shape(0, 2))
    #expect(
      try Operation.apply(
        .solve, Matrix(repeating: 1, Shape(3, 0), in: resources),
        Matrix(repeating: 1, Shape(3, 1), in: resources), in: resources
      ).shape == Shape(0, 1))
    #expect(
      try Operation.apply(
        .solve, Matrix(repeating: 1, Shape(0, 3), in: resources),
        Matrix(repeating: 1, Shape(0, 1), in: resources), in: resources
      ).elements == [0, 0, 0])
    #expect(try LinearAlgebra.eigen(a, in: resources).values.count == 0)
    let parts = try LinearAlgebra.singularValues(
      Matrix(repeating: 0, Shape(3, 0), in: resources), in: resources)
    #expect(parts.u.shape == Shape(3, 0) && parts.s.count == 0 && parts.v.shape == Shape(0, 0))
  }

  @Test("eigenvectors of a symmetric matrix", arguments: [1, 2, 10, 60])
  func symmetric(n: Int) throws {
    let half = try random(n, n)
    let a = try Operation.apply(.add, half, Operation.apply(.transpose, half, in: resources), in: resources)
    try check(a)
  }

  @Test("eigenvectors of a matrix with real eigenvalues", arguments: [2, 5, 20])
  func triangular(n: Int) throws {
    var numbers = Draws(9)
    try check(
      Grid(n, n) { $0 > $1 ? 0 : $0 == $1 ? Double($0 * 3 - n) : numbers.number(-1...1) }.matrix(
        in: resources))
  }

  private func check(_ a: Matrix) throws {
    let (values, vectors) = try LinearAlgebra.eigen(a, in: resources)
    let scaled = try Operation.apply(
      .multiply, vectors, Operation.apply(.transpose, values, in: resources), in: resources)
    #expect(distance(try product(a, vectors), scaled) < 1e-9)
    #expect(values.elements == values.elements.sorted())
    let lengths = try Operation.apply(.norm, vectors, Attributes(1), in: resources)
    #expect(lengths.elements.allSatisfy { abs($0 - 1) < 1e-12 })
  }

  @Test("complex eigenvalues are an error that shows one")
  func complex() throws {
    let turn = try Matrix(rows: 2, columns: 2, [0, -1, 1, 0], in: resources)
    #expect(throws: CoreError.complexEigenvalues(real: 0, imaginary: 1)) {
      try LinearAlgebra.eigen(turn, in: resources)
    }
    let wide = try Matrix(repeating: 0, Shape(2, 3), in: resources)
    #expect(throws: CoreError.self) { try LinearAlgebra.eigen(wide, in: resources) }
    #expect(throws: CoreError.self) { try LinearAlgebra.reciprocalCondition(wide, in: resources) }
  }

  @Test(
    "singular values put the matrix together again", arguments: [(1, 1), (3, 5), (5, 3), (40, 7), (30, 30)])
  func singularValues(m: Int, n: Int) throws {
    let a = try random(m, n)
    let (u, s, v) = try LinearAlgebra.singularValues(a, in: resources)
    let scaled = try Operation.apply(
      .multiply, u, Operation.apply(.transpose, s, in: resources), in: resources)
    #expect(distance(try product(scaled, v, 2), a) < 1e-12)
    #expect(s.elements == s.elements.sorted(by: >) && s.elements.allSatisfy { $0 >= 0 })
    let gram = Grid(try product(u, u, 1))
    for i in 0..<gram.rows {
      for j in 0..<gram.columns { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-12) }
    }
  }

  @Test("a raised flag stops LAPACK too, and what it was doing ends by itself")
  func interrupt() throws {
    let resources = Resources(limit: 4 << 30)
    var numbers = Draws(1)
    let a = try numbers.grid(900, 900).matrix(in: resources)
    let used = resources.used
    let cancellation = resources.cancellation
    let clock = ContinuousClock()
    for work in 0..<3 {
      cancellation.clear()
      // A thread of its own: the pool of tasks may be busy with other tests.
      let start = clock.now
      Thread.detachNewThread {
        usleep(20_000)
        cancellation.raise()
      }
      #expect(throws: CoreError.interrupted) {
        for _ in 0..<1000 {
          switch work {
          case 0: _ = try LinearAlgebra.singularValues(a, in: resources)
          case 1: _ = try LinearAlgebra.eigen(a, in: resources)
          default: _ = try Operation.apply(.inverse, a, in: resources)
          }
        }
      }
      // Without the flag the work would take a minute.
      #expect(start.duration(to: clock.now) < .seconds(20))
      #expect(resources.used == used)
    }
  }
}
