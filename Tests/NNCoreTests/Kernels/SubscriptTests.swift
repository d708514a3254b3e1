import Testing

@testable import NNCore

@Suite("Subscripts")
struct SubscriptTests {
  private let resources = Resources(limit: 1 << 26)

  private func row(_ numbers: [Scalar]) throws -> Matrix {
    try Matrix(rows: 1, columns: numbers.count, numbers, in: resources)
  }

  private func places(_ subscript: Subscript) -> [Int] { (0..<`subscript`.count).map { `subscript`[$0] } }

  @Test(
    "numbers from 1 give places from 0, evenly spaced or not",
    arguments: [
      [], [2], [1, 2, 3, 4], [9, 7, 5], [3, 3, 3], [1, 2, 4], [1, 2, 3, 4, 9, 8], [5, 1], [2, 2, 1],
    ] as [[Scalar]])
  func numbers(_ numbers: [Scalar]) throws {
    let picked = try Subscript(try row(numbers), axis: 2, limit: 9, in: resources)
    #expect(places(picked) == numbers.map { Int($0) - 1 })
    #expect(try picked.numbers(in: resources).elements == numbers.map { $0 - 1 })
    let source = try row((1...9).map { Scalar(10 * $0) })
    let shape = Shape(1, numbers.count)
    #expect(try source.gather(picked, shape: shape, in: resources).elements == numbers.map { 10 * $0 })
    #expect(try source.gather(.one(0), picked, in: resources).elements == numbers.map { 10 * $0 })
  }

  @Test("the first wrong number is told", arguments: [[0, 1], [1, 2, 10], [1, 2, 4, 0.5], [1, 3, 2, -1]])
  func wrongNumbers(_ numbers: [Scalar]) throws {
    let wrong = try #require(numbers.first { $0 < 1 || $0 > 9 || $0 != $0.rounded() })
    #expect(throws: CoreError.badIndex(wrong, axis: 1, count: 9)) {
      try Subscript(try row(numbers), axis: 1, limit: 9, in: resources)
    }
  }

  @Test("places in any order are counted as memory, and given back")
  func memory() throws {
    let mask = try Matrix(repeating: 1, Shape(1, 100_000), in: resources)
    let before = resources.used
    do {
      let picked = try Subscript(mask: mask.pointer, count: mask.count, in: resources)
      #expect(picked.count == 100_000)
      #expect(resources.used >= before + 800_000)
    }
    #expect(resources.used == before)
    resources.limit = before + 400_000
    #expect(throws: CoreError.self) {
      try Subscript(mask: mask.pointer, count: mask.count, in: resources)
    }
  }

  @Test("long subscripts look at the flag")
  func interrupts() throws {
    let count = 200_000
    let mask = try Matrix(repeating: 1, Shape(1, count), in: resources)
    let numbers = try row((0..<count).map { Scalar($0 * 7 % count + 1) })
    let picked = try Subscript(numbers, axis: 2, limit: count, in: resources)
    resources.cancellation.raise()
    let works: [() throws -> Void] = [
      { _ = try Subscript(mask: mask.pointer, count: count, in: resources) },
      { _ = try Subscript(numbers, axis: 2, limit: count, in: resources) },
      { _ = try picked.numbers(in: resources) },
      { _ = try mask.gather(picked, shape: Shape(1, count), in: resources) },
      { _ = try mask.gather(.one(0), picked, in: resources) },
      { _ = try mask.gather(.one(0), .all(count: count), in: resources) },
      { _ = try Searching.find(mask, in: resources) },
      { _ = try Searching.rowsAndColumns(numbers, columns: 10, in: resources) },
    ]
    for (index, work) in works.enumerated() {
      #expect(throws: CoreError.interrupted, "work \(index)") { try work() }
    }
  }
}
