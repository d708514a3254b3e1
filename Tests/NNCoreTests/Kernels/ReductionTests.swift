import Foundation
import Testing

@testable import NNCore

@Suite("Reductions")
struct ReductionTests {
  let resources = Resources(limit: 4 << 30)

  private func row(_ x: [Double]) throws -> Matrix { try Matrix(rows: 1, columns: x.count, x, in: resources) }

  @Test("a sum keeps the digits that a running sum loses", arguments: [0, 1, 2])
  func accuracy(dimension: Int) throws {
    let n = 1_000_000
    let x = [Double](repeating: 0.1, count: n)
    let shape = dimension == 1 ? Shape(n / 2, 2) : Shape(2, n / 2)
    let a = try Matrix(rows: shape.rows, columns: shape.columns, x, in: resources)
    let sums = try Operation.apply(.sum, a, Attributes(dimension), in: resources)
    let expected = 0.1 * Double(n / sums.count)
    let running = x.prefix(n / sums.count).reduce(0, +)
    #expect(abs(running - expected) > 1e-7)
    #expect(sums.elements.allSatisfy { abs($0 - expected) <= expected * 3e-15 })
  }

  @Test(
    "every length, along either axis",
    arguments: Array(0...70) + [255, 256, 257, 1023, 1024, 1025, 2049, 5000])
  func lengths(n: Int) throws {
    let x = (0..<n).map { Double($0 % 17) - 8 }
    let total = x.reduce(0, +)  // whole numbers: exact in any order
    #expect(try Operation.apply(.sum, row(x), in: resources).elements == [total])
    #expect(try Operation.apply(.sum, row(x), Attributes(2), in: resources).elements == [total])
    let three = try Matrix(rows: n, columns: 3, x.flatMap { [$0, 2 * $0, -$0] }, in: resources)
    #expect(
      try Operation.apply(.sum, three, Attributes(1), in: resources).elements == [total, 2 * total, -total])
    if n > 0 {
      #expect(try Operation.apply(.largest, three, Attributes(1), in: resources)[0, 1] == 2 * (x.max() ?? 0))
      #expect(try Operation.apply(.smallest, row(x), in: resources).elements == [x.min()])
    }
  }

  @Test("wide matrices are worked on in strips", arguments: [255, 256, 257, 513])
  func strips(n: Int) throws {
    let a = try Matrix(rows: 100, columns: n, (0..<100 * n).map { Double($0 % 101) }, in: resources)
    let sums = try Operation.apply(.sum, a, Attributes(1), in: resources)
    for j in 0..<n { #expect(sums[0, j] == (0..<100).reduce(0.0) { $0 + a[$1, j] }) }
  }

  @Test("reductions of nothing")
  func empty() throws {
    let none = try Matrix(repeating: 0, Shape(0, 3), in: resources)
    #expect(try Operation.apply(.sum, none, Attributes(1), in: resources).elements == [0, 0, 0])
    #expect(try Operation.apply(.prod, none, in: resources).elements == [1])
    #expect(try Operation.apply(.sum, none, Attributes(2), in: resources).shape == Shape(0, 1))
    #expect(try Operation.apply(.all, none, in: resources).elements == [1])
    #expect(try Operation.apply(.any, none, in: resources).elements == [0])
    #expect(try Operation.apply(.mean, none, in: resources)[0, 0].isNaN)
    #expect(try Operation.apply(.norm, none, in: resources).elements == [0])
    for id in [OperationID.largest, .smallest, .argmax, .argmin] {
      #expect(throws: CoreError.self) { try Operation.apply(id, none, in: resources) }
      #expect(throws: CoreError.self) { try Operation.apply(id, none, Attributes(1), in: resources) }
      #expect(try Operation.apply(id, none, Attributes(2), in: resources).shape == Shape(0, 1))
    }
  }

  @Test("a nan is the largest and the smallest, and the first one is its place")
  func undefined() throws {
    for place in [0, 1, 17, 39] {
      var x = (0..<40).map(Double.init)
      x[place] = .nan
      for (shape, dimension) in [(Shape(1, 40), 0), (Shape(1, 40), 2), (Shape(40, 1), 1)] {
        let a = try Matrix(rows: shape.rows, columns: shape.columns, x, in: resources)
        #expect(try Operation.apply(.largest, a, Attributes(dimension), in: resources)[0, 0].isNaN)
        #expect(try Operation.apply(.smallest, a, Attributes(dimension), in: resources)[0, 0].isNaN)
        #expect(
          try Operation.apply(.argmax, a, Attributes(dimension), in: resources)[0, 0] == Double(place + 1))
        #expect(
          try Operation.apply(.argmin, a, Attributes(dimension), in: resources)[0, 0] == Double(place + 1))
      }
    }
  }

  @Test("the first of equals has the place")
  func ties() throws {
    let x = try row([1, 3, 3, 0, 0])
    #expect(try Operation.apply(.argmax, x, in: resources).elements == [2])
    #expect(try Operation.apply(.argmin, x, in: resources).elements == [4])
  }

  @Test(
    "a norm is right beyond the range of squares",
    arguments: [
      ([3e200, 4e200], 5e200), ([3e-200, 4e-200], 5e-200), ([0, 0], 0), ([3, 4], 5),
      ([.infinity, 1], .infinity),
      ([.leastNonzeroMagnitude], .leastNonzeroMagnitude), ([1.7e308, 0], 1.7e308),
    ] as [([Double], Double)])
  func norms(x: [Double], norm: Double) throws {
    #expect(ulps(try Operation.apply(.norm, row(x), in: resources)[0, 0], norm) <= 1)
    let column = try Matrix(rows: x.count, columns: 1, x, in: resources)
    #expect(ulps(try Operation.apply(.norm, column, Attributes(1), in: resources)[0, 0], norm) <= 1)
  }

  @Test("the norm of nan is nan")
  func normOfNan() throws {
    #expect(try Operation.apply(.norm, row([1, .nan, 1e300]), in: resources)[0, 0].isNaN)
  }

  @Test("a variance does not cancel")
  func variance() throws {
    let x = try row([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    #expect(try Operation.apply(.variance, x, in: resources).elements == [22.5])
  }

  @Test("softmax and logsumexp do not overflow")
  func large() throws {
    let a = try Matrix(rows: 2, columns: 3, [1000, -1000, 0, 1000, -1001, .infinity], in: resources)
    let p = try Operation.apply(.softmax, a, in: resources)
    #expect(p[0, 0] == 0.5 && p[1, 0] == 0.5)
    #expect(abs(p[0, 1] - 1 / (1 + exp(-1))) < 1e-15)
    #expect(p[1, 2].isNaN)
    let sums = try Operation.apply(.logSumExp, a, Attributes(1), in: resources)
    #expect(abs(sums[0, 0] - (1000 + log(2))) < 1e-12)
    #expect(sums[0, 2] == .infinity)
    let nothing = try Matrix(repeating: -.infinity, Shape(2, 2), in: resources)
    #expect(try Operation.apply(.logSumExp, nothing, in: resources).elements == [-.infinity])
  }

  @Test("costs of saturated outputs stay finite")
  func saturated() throws {
    let a = try row([0, 1, 1, 0])
    let y = try row([1, 0, 1, 0])
    #expect(try Operation.apply(.binaryCrossEntropy, a, y, in: resources).elements == [50])
    #expect(try Operation.apply(.crossEntropy, a, y, in: resources).elements == [25])
  }

  @Test("costs of many examples are sums over rows and means over columns")
  func costs() throws {
    let (m, n) = (3, 5000)
    let a = try Matrix(repeating: 0.5, Shape(m, n), in: resources)
    let y = try Matrix(repeating: 1, Shape(m, n), in: resources)
    #expect(try Operation.apply(.meanSquaredError, a, y, in: resources).elements == [0.75])
    #expect(abs(try Operation.apply(.binaryCrossEntropy, a, y, in: resources)[0, 0] - 3 * log(2)) < 1e-15)
    let nan = try Matrix(repeating: .nan, Shape(m, n), in: resources)
    #expect(try Operation.apply(.binaryCrossEntropy, nan, y, in: resources)[0, 0].isNaN)
  }
}
