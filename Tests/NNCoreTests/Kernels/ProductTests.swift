import Foundation
import Testing

@testable import NNCore

@Suite("Matrix products")
struct ProductTests {
  let resources = Resources(limit: 4 << 30)

  private func close(_ a: Grid, _ b: Grid, _ tolerance: Double) -> Bool {
    a.rows == b.rows && a.columns == b.columns
      && zip(a.elements, b.elements).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test("every shape up to ten, every transposition")
  func small() throws {
    var numbers = Draws(1)
    for m in 0...10 {
      for n in 0...10 {
        for k in 0...10 {
          let (a, b) = (numbers.grid(m, k), numbers.grid(k, n))
          let expected = reference(.product, [a, b], .none)
          for flags in 0..<4 {
            let left = try (flags & 1 == 0 ? a : a.transposed).matrix(in: resources)
            let right = try (flags & 2 == 0 ? b : b.transposed).matrix(in: resources)
            let result = try Operation.apply(.product, left, right, Attributes(flags), in: resources)
            #expect(close(Grid(result), expected, 1e-14), "\(m)×\(k) times \(k)×\(n), \(flags)")
          }
        }
      }
    }
  }

  @Test(
    "shapes around the limits between ways to compute",
    arguments: [
      (16, 16, 16), (16, 16, 17), (1, 1, 5000), (1, 5000, 3), (5000, 1, 3), (4, 1025, 1), (1025, 1, 4),
      (2, 2, 1024),
      (2, 3, 1025), (1, 900, 7), (900, 1, 7), (64, 65, 66), (1, 33, 2000), (33, 1, 2000), (130, 70, 3),
      (3, 2, 700),
    ])
  func limits(m: Int, n: Int, k: Int) throws {
    var numbers = Draws(UInt64(m * 31 + n * 7 + k))
    let (a, b) = (numbers.grid(m, k), numbers.grid(k, n))
    let expected = reference(.product, [a, b], .none)
    for flags in 0..<4 {
      let left = try (flags & 1 == 0 ? a : a.transposed).matrix(in: resources)
      let right = try (flags & 2 == 0 ? b : b.transposed).matrix(in: resources)
      let result = try Operation.apply(.product, left, right, Attributes(flags), in: resources)
      #expect(close(Grid(result), expected, 1e-14 * Double(k)))
    }
  }

  /// Every element is one fused running sum over k, whatever it is computed by: shapes that tiles compute, against
  /// four elements of a column at a time, which are small products.
  @Test(
    "small and middle products agree to the last bit, however their operands lie",
    arguments: [
      (17, 8, 60), (20, 20, 20), (32, 33, 34), (23, 24, 25), (9, 47, 100), (128, 64, 784), (128, 784, 64),
      (64, 9, 1000), (3, 700, 10), (100, 71, 3), (200, 200, 200), (7, 31, 513), (500, 10, 500),
    ])
  func agreement(m: Int, n: Int, k: Int) throws {
    var numbers = Draws(UInt64(m * 131 + n * 17 + k))
    let (a, b) = (numbers.grid(m, k), numbers.grid(k, n))
    var first: Grid?
    for flags in 0..<4 {
      let left = try (flags & 1 == 0 ? a : a.transposed).matrix(in: resources)
      let right = try (flags & 2 == 0 ? b : b.transposed).matrix(in: resources)
      let result = Grid(try Operation.apply(.product, left, right, Attributes(flags), in: resources))
      if let first { #expect(result == first, "\(flags)") } else { first = result }
    }
    let whole = try #require(first)
    for i in stride(from: 0, to: m, by: 4) {
      for j in stride(from: i / 4 % 3, to: n, by: 3) {
        let rows = min(4, m - i)
        let band = Grid(rows, k, Array(a.elements[i * k..<(i + rows) * k]))
        let column = Grid(k, 1, (0..<k).map { b[$0, j] })
        let part = try Operation.apply(
          .product, band.matrix(in: resources), column.matrix(in: resources), .none, in: resources)
        #expect(part.elements == (0..<rows).map { whole[i + $0, j] }, "row \(i), column \(j)")
      }
    }
  }

  @Test("work in several blocks")
  func blocks() throws {
    let (m, n, k) = (1100, 700, 1000)
    var numbers = Draws(2)
    let a = try numbers.grid(m, k).matrix(in: resources)
    let b = try numbers.grid(k, n).matrix(in: resources)
    let c = try Operation.apply(.product, a, b, in: resources)
    for (i, j) in [(0, 0), (m - 1, n - 1), (511, 3), (512, 699), (1099, 1), (700, 350)] {
      let expected = exactSum((0..<k).map { a[i, $0] * b[$0, j] })
      #expect(abs(c[i, j] - expected) < 1e-11)
    }
  }

  @Test("a product of nothing is zeros")
  func empty() throws {
    let a = try Matrix(repeating: 1, Shape(3, 0), in: resources)
    let b = try Matrix(repeating: 1, Shape(0, 2), in: resources)
    #expect(try Operation.apply(.product, a, b, in: resources).elements == [0, 0, 0, 0, 0, 0])
    let c = try Matrix(repeating: 1, Shape(3, 0), in: resources)
    let d = try Matrix(repeating: 1, Shape(0, 3), in: resources)
    #expect(try Operation.apply(.product, d, c, in: resources).shape == Shape(0, 0))
  }

  @Test(
    "nan and infinity go where arithmetic takes them", arguments: [(3, 3, 3), (50, 60, 70), (50, 1, 300)])
  func undefined(m: Int, n: Int, k: Int) throws {
    var numbers = Draws(3)
    var (a, b) = (numbers.grid(m, k), numbers.grid(k, n))
    a[1, 1] = .nan
    b[2, 0] = .infinity
    let c = try Operation.apply(.product, a.matrix(in: resources), b.matrix(in: resources), in: resources)
    for i in 0..<m {
      for j in 0..<n {
        #expect(c[i, j].isNaN == (i == 1))
        if i != 1 { #expect(c[i, j].isInfinite == (j == 0)) }
      }
    }
  }

  @Test("one product has the same bits in every run")
  func repeated() throws {
    var numbers = Draws(4)
    for (m, n, k) in [(300, 200, 100), (512, 512, 512), (1000, 1, 1000)] {
      let a = try numbers.grid(m, k).matrix(in: resources)
      let b = try numbers.grid(k, n).matrix(in: resources)
      let first = try Operation.apply(.product, a, b, in: resources)
      for _ in 0..<5 { #expect(try Operation.apply(.product, a, b, in: resources) == first) }
    }
  }

  @Test("a raised flag stops a product that is under way")
  func interrupt() throws {
    let resources = Resources(limit: 4 << 30)
    let a = try Matrix(repeating: 1, Shape(3000, 3000), in: resources)
    let cancellation = resources.cancellation
    let clock = ContinuousClock()
    // A thread of its own: the pool of tasks may be busy with other tests.
    let start = clock.now
    Thread.detachNewThread {
      usleep(30_000)
      cancellation.raise()
    }
    #expect(throws: CoreError.interrupted) {
      for _ in 0..<100 { _ = try Operation.apply(.product, a, a, in: resources) }
    }
    // Without the flag the work would take a minute.
    #expect(start.duration(to: clock.now) < .seconds(20))
  }

  @Test("powers of a matrix")
  func powers() throws {
    let fibonacci = try Matrix(rows: 2, columns: 2, [1, 1, 1, 0], in: resources)
    #expect(
      try Operation.apply(.matrixPower, fibonacci, Attributes(10), in: resources).elements == [
        89, 55, 55, 34,
      ])
    #expect(
      try Operation.apply(.matrixPower, fibonacci, Attributes(0), in: resources).elements == [1, 0, 0, 1])
    let one = try Matrix(rows: 2, columns: 2, [1, 1, 1, 1], in: resources)
    #expect(throws: CoreError.singular(name: "inv", Shape(2, 2))) {
      try Operation.apply(.matrixPower, one, Attributes(-1), in: resources)
    }
  }

  @Test("turning large and long matrices", arguments: [(1, 1), (1, 1000), (33, 65), (100, 31), (1000, 7)])
  func transposed(m: Int, n: Int) throws {
    var numbers = Draws(6)
    let a = numbers.grid(m, n)
    #expect(try Grid(Operation.apply(.transpose, a.matrix(in: resources), in: resources)) == a.transposed)
  }
}
