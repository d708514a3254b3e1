import NNCore
import Testing

struct RecordedStream: Sendable, CustomTestStringConvertible {
  let seed: UInt32
  let what: String
  let hash: UInt64
  let first: Double
  let last: Double

  init(_ seed: UInt32, _ what: String, _ hash: UInt64, _ first: Double, _ last: Double) {
    (self.seed, self.what, self.hash, self.first, self.last) = (seed, what, hash, first, last)
  }

  var testDescription: String { "seed \(seed), \(what)" }
}

struct RecordedProblem: Sendable, CustomTestStringConvertible {
  let name: String
  let count: Int
  /// Both rows at columns 0, 1, count/2 and the last.
  let some: [Double]
  /// Of each row the sum of its elements times 1, 2, 3 …
  let totals: [Double]
  let classHash: UInt64

  init(_ name: String, _ count: Int, _ some: [Double], _ totals: [Double], _ classHash: UInt64) {
    (self.name, self.count, self.some, self.totals) = (name, count, some, totals)
    self.classHash = classHash
  }

  var testDescription: String { name }
}

/// FNV-1a over the little-endian bytes: two lists have one hash only if all bits agree.
func bits(_ values: [Double]) -> UInt64 {
  var state: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values {
    for shift in stride(from: 0, to: 64, by: 8) {
      state = (state ^ (value.bitPattern >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
    }
  }
  return state
}

@Suite("The random stream is NumPy's")
struct RandomStreamTests {
  let resources = Resources(limit: 1 << 30)

  @Test("a thousand draws have NumPy's bits", arguments: recordedStreams)
  func recorded(stream: RecordedStream) throws {
    let drawn = try draw(stream.what, seed: stream.seed)
    #expect(drawn.first == stream.first)
    #expect(drawn.last == stream.last)
    #expect(bits(drawn) == stream.hash)
  }

  private func draw(_ what: String, seed: UInt32) throws -> [Double] {
    var random = RandomStream(seed: seed)
    let row = Shape(1, 1000)
    let words = what.split(separator: " ")
    switch words[0] {
    case "rand": return try random.uniform(row, in: resources).elements
    case "randn": return try random.normal(row, in: resources).elements
    case "randint":
      let low = try #require(Double(words[1]))
      let high = try #require(Double(words[2]))
      return try random.integers(low, high, row, in: resources).elements
    case "permutation": return try random.permutation(1000, in: resources).elements
    case "shuffle":
      let columns = words.count == 2
      let shape = Shape(columns ? 2 : 1, 1000)
      let elements = (0..<shape.count).map { Double($0) * (columns ? 1 : 0.5) }
      let matrix = try Matrix(rows: shape.rows, columns: shape.columns, elements, in: resources)
      return try random.shuffled(matrix, in: resources).elements
    default: return try interleaved(&random)
    }
  }

  /// The draws of `interleaved` in Scripts/record-random.py.
  private func interleaved(_ random: inout RandomStream) throws -> [Double] {
    let ten = try Matrix(rows: 10, columns: 1, (0..<10).map(Double.init), in: resources)
    var drawn: [Double] = []
    while drawn.count < 1000 {
      drawn += try random.normal(Shape(1, 3), in: resources).elements
      drawn += try random.uniform(Shape(2, 1), in: resources).elements
      drawn += try random.integers(-3, 10, Shape(1, 5), in: resources).elements
      drawn += try random.permutation(7, in: resources).elements
      drawn += try random.shuffled(ten, in: resources).elements
    }
    return drawn
  }

  @Test("the numbers that courses print")
  func course() throws {
    var random = RandomStream(seed: 1)
    let w = try random.normal(Shape(2, 2), in: resources).elements.map { $0 * 0.01 }
    let printed = [0.01624345, -0.00611756, -0.00528172, -0.01072969]
    #expect(zip(w, printed).allSatisfy { abs($0 - $1) < 5e-9 })
  }

  @Test("a copy and a state go on from the same place, a waiting normal number included")
  func copies() throws {
    var random = RandomStream(seed: 7)
    _ = random.normal()
    var copy = random
    var restored = try #require(RandomStream(random.state))
    #expect(random == restored)
    let next = (0..<700).map { _ in random.normal() }
    #expect(next == (0..<700).map { _ in copy.normal() })
    #expect(next == (0..<700).map { _ in restored.normal() })
  }

  @Test("a state that no stream can have is refused")
  func badStates() {
    var state = RandomStream(seed: 0).state
    state.position = 625
    #expect(RandomStream(state) == nil)
    state.position = -1
    #expect(RandomStream(state) == nil)
    state.position = 0
    state.keptNormal = .nan
    #expect(RandomStream(state) == nil)
    state.keptNormal = nil
    state.words.removeLast()
    #expect(RandomStream(state) == nil)
  }

  @Test(
    "seeds are whole numbers of 32 bits", arguments: [-1, 0.5, 4_294_967_296, .nan, .infinity, -.infinity])
  func badSeeds(number: Double) {
    #expect(throws: CoreError.self) { try RandomStream.seed(number) }
  }

  @Test("good seeds", arguments: [0, 1, 4_294_967_295])
  func goodSeeds(number: Double) throws {
    #expect(try RandomStream.seed(number) == UInt32(number))
  }

  @Test(
    "bounds of randint are whole, in order and exact in a matrix",
    arguments: [(0.5, 1), (0, .nan), (3, 2), (0, 1e300), (-.infinity, 0), (0, 9_007_199_254_740_994)])
  func badBounds(low: Double, high: Double) {
    var random = RandomStream(seed: 0)
    #expect(throws: CoreError.self) { try random.integers(low, high, Shape(1, 1), in: resources) }
  }

  @Test("one possible number draws nothing")
  func oneNumber() throws {
    var random = RandomStream(seed: 3)
    let before = random
    #expect(try random.integers(4, 4, Shape(1, 3), in: resources).elements == [4, 4, 4])
    #expect(random == before)
  }

  @Test("a raised flag stops long draws")
  func interrupt() {
    var random = RandomStream(seed: 3)
    resources.cancellation.raise()
    #expect(throws: CoreError.interrupted) { try random.uniform(Shape(1, 1), in: resources) }
    #expect(throws: CoreError.interrupted) { try random.permutation(1 << 17, in: resources) }
    resources.cancellation.clear()
  }
}

@Suite("Toy problems")
struct ToyDataTests {
  let resources = Resources(limit: 1 << 30)

  @Test("the numbers of scikit-learn and of the courses", arguments: recordedProblems)
  func recorded(problem: RecordedProblem) throws {
    let (points, classes) = try make(problem.name)
    #expect(points.shape == Shape(2, problem.count))
    #expect(classes.shape == Shape(1, problem.count))
    let places = [0, 1, problem.count / 2, problem.count - 1]
    for row in 0..<2 {
      for (k, column) in places.enumerated() {
        #expect(abs(points[row, column] - problem.some[row * 4 + k]) < 1e-14)
      }
      let total = (0..<problem.count).reduce(0.0) { $0 + points[row, $1] * Double($1 + 1) }
      #expect(abs(total - problem.totals[row]) < 1e-12 * Double(problem.count * problem.count))
    }
    #expect(bits(classes.elements) == problem.classHash)
  }

  private func make(_ name: String) throws -> ToyData.Problem {
    func seeded(_ seed: UInt32) -> RandomStream { RandomStream(seed: seed) }
    switch name {
    case "moons 7":
      var random = seeded(5)
      return try ToyData.moons(7, noise: nil, &random, in: resources)
    case "moons 200":
      var random = seeded(3)
      return try ToyData.moons(200, noise: 0.2, &random, in: resources)
    case "circles 101":
      var random = seeded(1)
      return try ToyData.circles(101, noise: 0.05, factor: 0.5, &random, in: resources)
    case "blobs 100":
      var random = seeded(4)
      return try ToyData.blobs(100, &random, in: resources)
    case "blobs 11":
      var random = seeded(0)
      return try ToyData.blobs(11, classes: 4, spread: 0.5, &random, in: resources)
    case "spiral":
      var random = seeded(3)
      return try ToyData.spiral(100, &random, in: resources)
    default:
      var random = seeded(1)
      return try ToyData.flower(400, &random, in: resources)
    }
  }

  @Test("exclusive or")
  func xor() throws {
    let (points, classes) = try ToyData.xor(in: resources)
    for k in 0..<4 { #expect(classes[0, k] == (points[0, k] != points[1, k] ? 1 : 0)) }
  }

  @Test("none, one or very many points")
  func counts() throws {
    var random = RandomStream(seed: 0)
    for count in 0...2 {
      #expect(try ToyData.moons(count, noise: 0.1, &random, in: resources).points.columns == count)
      #expect(try ToyData.circles(count, noise: nil, &random, in: resources).points.columns == count)
      #expect(try ToyData.blobs(count, &random, in: resources).points.columns == count)
      #expect(try ToyData.flower(count * 2, &random, in: resources).points.elements.allSatisfy(\.isFinite))
      #expect(try ToyData.spiral(count, &random, in: resources).points.elements.allSatisfy(\.isFinite))
    }
    #expect(throws: CoreError.self) { try ToyData.moons(.max, noise: nil, &random, in: resources) }
    #expect(throws: CoreError.self) { try ToyData.spiral(1 << 40, classes: 1 << 40, &random, in: resources) }
    #expect(throws: CoreError.self) { try ToyData.blobs(1 << 50, &random, in: resources) }
  }
}
