import Testing

@testable import NNCore

@Suite("Sorting and searching")
struct SortingTests {
  let resources = Resources(limit: 1 << 30)

  private func row(_ x: [Double]) throws -> Matrix { try Matrix(rows: 1, columns: x.count, x, in: resources) }

  private func mixed(_ n: Int) -> [Double] {
    var numbers = Draws(UInt64(n))
    return (0..<n).map { k in
      switch k % 11 {
      case 0: .nan
      case 1: -.infinity
      case 2: .infinity
      case 3: Double(numbers.whole(-3...3))
      case 4: numbers.number() * 4 * .leastNonzeroMagnitude
      default: numbers.number(-1e6...1e6)
      }
    }
  }

  @Test("ascending, nan last", arguments: [0, 1, 2, 50, 255, 256, 257, 3000])
  func sorts(n: Int) throws {
    let x = mixed(n)
    let sorted = try Operation.apply(.sort, row(x), in: resources).elements
    let numbers = x.filter { !$0.isNaN }.sorted()
    #expect(Array(sorted.prefix(numbers.count)) == numbers)
    #expect(sorted.dropFirst(numbers.count).allSatisfy { $0.isNaN })
    #expect(sorted.count == n)
  }

  @Test("the order of equals is kept", arguments: [10, 400])
  func stable(n: Int) throws {
    let x = (0..<n).map { [0.0, -0.0, 1, .nan][$0 % 4] }
    let order = try Sorting.order(of: row(x), in: resources).elements.map { Int($0) }
    let expected =
      (0..<n).filter { $0 % 4 < 2 } + (0..<n).filter { $0 % 4 == 2 } + (0..<n).filter { $0 % 4 == 3 }
    #expect(order == expected)
  }

  @Test("the order sorts", arguments: [0, 1, 5, 300, 5000])
  func order(n: Int) throws {
    let x = mixed(n)
    let order = try Sorting.order(of: row(x), in: resources).elements.map { Int($0) }
    #expect(order.sorted() == Array(0..<n))
    let sorted = try Operation.apply(.sort, row(x), in: resources).elements
    #expect(zip(order, sorted).allSatisfy { x[$0] == $1 || (x[$0].isNaN && $1.isNaN) })
  }

  @Test("what is not zero, row by row")
  func find() throws {
    let a = try Matrix(rows: 2, columns: 3, [0, 5, 0, .nan, 0, -1], in: resources)
    #expect(try Searching.find(a, in: resources).elements == [2, 4, 6])
    #expect(try Searching.find(row([]), in: resources).shape == Shape(1, 0))
  }

  @Test("every element once")
  func unique() throws {
    let x = try row([3, 1, .nan, 3, -0.0, 0, .nan, 1])
    let once = try Searching.unique(x, in: resources).elements
    #expect(Array(once.prefix(3)) == [0, 1, 3])
    #expect(once.count == 4 && once[3].isNaN)
    #expect(try Searching.unique(row([]), in: resources).count == 0)
  }

  @Test("labels from 1 as columns")
  func oneHot() throws {
    let hot = try Searching.oneHot(row([2, 1, 3]), classes: 3, in: resources)
    #expect(hot.elements == [0, 1, 0, 1, 0, 0, 0, 0, 1])
    for bad in [0, 4, 1.5, -1, .nan, .infinity, 1e300] {
      #expect(throws: CoreError.self) { try Searching.oneHot(row([bad]), classes: 3, in: resources) }
    }
    #expect(throws: CoreError.self) { try Searching.oneHot(row([1]), classes: 0, in: resources) }
  }
}
