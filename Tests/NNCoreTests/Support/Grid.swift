@testable import NNCore

/// A matrix as plain nested numbers, for references that must not share code with what they test.
struct Grid: Equatable {
  var rows: Int
  var columns: Int
  var elements: [Double]

  init(_ rows: Int, _ columns: Int, _ elements: [Double]) {
    precondition(elements.count == rows * columns)
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  init(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) {
    self.init(rows, columns, (0..<rows).flatMap { i in (0..<columns).map { element(i, $0) } })
  }

  init(_ matrix: Matrix) { self.init(matrix.rows, matrix.columns, matrix.elements) }

  subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  var transposed: Grid { Grid(columns, rows) { self[$1, $0] } }
  func row(_ i: Int) -> [Double] { (0..<columns).map { self[i, $0] } }
  func column(_ j: Int) -> [Double] { (0..<rows).map { self[$0, j] } }

  /// The element that stands at (i, j) once this stretched.
  func stretched(_ i: Int, _ j: Int) -> Double { self[rows == 1 ? 0 : i, columns == 1 ? 0 : j] }

  func matrix(in resources: Resources) throws -> Matrix {
    try Matrix(rows: rows, columns: columns, elements, in: resources)
  }
}

/// Small, fast and repeatable: tests must not take their numbers from what they test.
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_f491_4f6c_dd1d
  }

  mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() >> 33) % (range.upperBound - range.lowerBound + 1)
  }

  mutating func number(_ range: ClosedRange<Double> = -2...2) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) / 9_007_199_254_740_992
  }

  mutating func number(_ probe: Probe, places: Int) -> Double {
    switch probe {
    case .inside(let range): return number(range)
    case .bothSides(let range): return number(range) * (next() >> 40 & 1 == 0 ? 1 : -1)
    case .mask: return Double(whole(0...1))
    case .places: return Double(whole(0...places - 1))
    }
  }

  mutating func grid(_ rows: Int, _ columns: Int, _ range: ClosedRange<Double> = -2...2) -> Grid {
    Grid(rows, columns, (0..<rows * columns).map { _ in number(range) })
  }
}

/// How many representable numbers lie between two, at most; 0 for two nans.
func ulps(_ a: Double, _ b: Double) -> Double {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  if !a.isFinite || !b.isFinite { return .infinity }
  return abs(a - b) / max(a.magnitude, b.magnitude).ulp
}
