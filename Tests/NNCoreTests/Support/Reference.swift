import Foundation
@testable import NNCore

/// What each operation is, said in the plainest way.
///
/// The switch has no default: an operation without a reference does not compile.
func reference(_ id: OperationID, _ x: [Grid], _ attributes: Attributes) -> Grid {
  if let scalar = scalarReference(id) {
    let rows = x.map(\.rows).contains(0) ? 0 : x.map(\.rows).max() ?? 0
    let columns = x.map(\.columns).contains(0) ? 0 : x.map(\.columns).max() ?? 0
    return Grid(rows, columns) { i, j in scalar(x.map { $0.stretched(i, j) }) }
  }
  return matrixReference(id, x, attributes)
}

private func matrixReference(_ id: OperationID, _ x: [Grid], _ attributes: Attributes) -> Grid {
  let a = x.first ?? Grid(0, 0, [])
  let dimension = attributes.first
  switch id {
  case .product:
    let left = dimension & 1 == 0 ? a : a.transposed
    let right = dimension & 2 == 0 ? x[1] : x[1].transposed
    return Grid(left.rows, right.columns) { i, j in
      exactSum((0..<left.columns).map { left[i, $0] * right[$0, j] })
    }
  case .transpose: return a.transposed
  case .solve: return gauss(dimension == 0 ? a : a.transposed, x[1])
  case .inverse: return gauss(a, Grid(a.rows, a.rows) { $0 == $1 ? 1 : 0 })
  case .determinant: return Grid(1, 1, [cofactors(a)])
  case .trace: return Grid(1, 1, [exactSum((0..<a.rows).map { a[$0, $0] })])
  case .matrixPower:
    let base = attributes.first < 0 ? matrixReference(.inverse, [a], .none) : a
    return (0..<abs(attributes.first)).reduce(Grid(a.rows, a.rows) { $0 == $1 ? 1 : 0 }) { power, _ in
      matrixReference(.product, [power, base], .none)
    }
  case .sum: return reduced(a, dimension, exactSum)
  case .mean: return reduced(a, dimension, mean)
  case .prod: return reduced(a, dimension) { $0.reduce(1, *) }
  case .largest: return reduced(a, dimension) { $0.max() ?? .nan }
  case .smallest: return reduced(a, dimension) { $0.min() ?? .nan }
  case .norm: return reduced(a, dimension) { exactSum($0.map { $0 * $0 }).squareRoot() }
  case .logSumExp: return reduced(a, dimension) { log(exactSum($0.map(exp))) }
  case .any: return reduced(a, dimension) { $0.contains { $0 != 0 } ? 1 : 0 }
  case .all: return reduced(a, dimension) { $0.contains(0) ? 0 : 1 }
  case .variance: return reduced(a, dimension, variance)
  case .deviation: return reduced(a, dimension) { variance($0).squareRoot() }
  case .argmax: return reduced(a, dimension) { x in Double((x.firstIndex(of: x.max() ?? .nan) ?? 0) + 1) }
  case .argmin: return reduced(a, dimension) { x in Double((x.firstIndex(of: x.min() ?? .nan) ?? 0) + 1) }
  case .reshape: return Grid(attributes.first, attributes.second, a.elements)
  case .stretch: return Grid(attributes.first, attributes.second) { a.stretched($0, $1) }
  case .index:
    return Grid(x[1].elements.count, x[2].elements.count) {
      a[Int(x[1].elements[$0]), Int(x[2].elements[$1])]
    }
  case .scatter:
    var result = Grid(attributes.first, attributes.second) { _, _ in 0 }
    for i in 0..<a.rows {
      for j in 0..<a.columns { result[Int(x[1].elements[i]), Int(x[2].elements[j])] += a[i, j] }
    }
    return result
  case .joinColumns: return matrixReference(.joinRows, x.map(\.transposed), .none).transposed
  case .joinRows: return Grid(x.map(\.rows).reduce(0, +), a.columns, x.flatMap(\.elements))
  case .repeatMatrix:
    return Grid(a.rows * attributes.first, a.columns * attributes.second) { a[$0 % a.rows, $1 % a.columns] }
  case .diagonal:
    let n = a.elements.count
    if a.rows == 1 || a.columns == 1 { return Grid(n, n) { $0 == $1 ? a.elements[$0] : 0 } }
    return Grid(min(a.rows, a.columns), 1) { i, _ in a[i, i] }
  case .cumulativeSum: return mapped(a, dimension) { x in x.indices.map { x[...$0].reduce(0, +) } }
  case .cumulativeProduct: return mapped(a, dimension) { x in x.indices.map { x[...$0].reduce(1, *) } }
  case .median:
    return reduced(a, dimension) { x in
      let sorted = x.sorted()
      return (sorted[(x.count - 1) / 2] + sorted[x.count / 2]) / 2
    }
  case .sort: return mapped(a, dimension) { $0.sorted() }
  case .sortedPlaces:
    return Grid(a.rows, a.columns) { i, j in
      let rows = dimension == 2 ? [i] : Array(0..<a.rows)
      let line = rows.flatMap { row in (dimension == 1 ? [j] : Array(0..<a.columns)).map { (row, $0) } }
      let order = line.sorted { a[$0.0, $0.1] < a[$1.0, $1.1] }
      let place = order[dimension == 1 ? i : dimension == 2 ? j : i * a.columns + j]
      return Double(place.0 * a.columns + place.1)
    }
  case .softmax:
    return mapped(a, 1) { x in
      let powers = x.map(exp)
      return powers.map { $0 / exactSum(powers) }
    }
  case .meanSquaredError: return cost(x) { a, y in (a - y) * (a - y) }
  case .binaryCrossEntropy:
    return cost(x) { a, y in -(y * max(log(a), -100) + (1 - y) * max(log(1 - a), -100)) }
  case .crossEntropy: return cost(x) { a, y in -y * max(log(a), -100) }
  case .add, .subtract, .multiply, .divide, .power, .atan2, .maximum, .minimum, .modulo, .equal, .notEqual,
    .less,
    .lessEqual, .greater, .greaterEqual, .and, .or, .leakyRelu, .elu, .choose, .clip, .negate, .not, .abs,
    .sign,
    .sqrt, .exp, .log, .log2, .log10, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh, .tanh, .floor,
    .ceil,
    .round, .isnan, .isinf, .isfinite, .sigmoid, .relu, .softplus, .gelu, .erf:
    preconditionFailure("elementwise")
  }
}

private func scalarReference(_ id: OperationID) -> (([Double]) -> Double)? {
  switch id {
  case .add: { $0[0] + $0[1] }
  case .subtract: { $0[0] - $0[1] }
  case .multiply: { $0[0] * $0[1] }
  case .divide: { $0[0] / $0[1] }
  case .power: { $0[1] == 2 ? $0[0] * $0[0] : pow($0[0], $0[1]) }
  case .atan2: { atan2($0[0], $0[1]) }
  case .maximum: { $0[0].isNaN || $0[1].isNaN ? .nan : Swift.max($0[0], $0[1]) }
  case .minimum: { $0[0].isNaN || $0[1].isNaN ? .nan : Swift.min($0[0], $0[1]) }
  case .modulo:
    {
      let rest = fmod($0[0], $0[1])
      return rest != 0 && (rest < 0) != ($0[1] < 0) ? rest + $0[1] : rest
    }
  case .equal: { $0[0] == $0[1] ? 1 : 0 }
  case .notEqual: { $0[0] != $0[1] ? 1 : 0 }
  case .less: { $0[0] < $0[1] ? 1 : 0 }
  case .lessEqual: { $0[0] <= $0[1] ? 1 : 0 }
  case .greater: { $0[0] > $0[1] ? 1 : 0 }
  case .greaterEqual: { $0[0] >= $0[1] ? 1 : 0 }
  case .and: { $0[0] != 0 && $0[1] != 0 ? 1 : 0 }
  case .or: { $0[0] != 0 || $0[1] != 0 ? 1 : 0 }
  case .leakyRelu: { $0[0] > 0 ? $0[0] : $0[0] * $0[1] }
  case .elu: { $0[0] > 0 ? $0[0] : $0[1] * expm1($0[0]) }
  case .choose: { $0[0] != 0 ? $0[1] : $0[2] }
  case .clip: { $0[0].isNaN ? .nan : Swift.min(Swift.max($0[0], $0[1]), $0[2]) }
  case .negate: { -$0[0] }
  case .not: { $0[0] == 0 ? 1 : 0 }
  case .abs: { Swift.abs($0[0]) }
  case .sign: { $0[0].isNaN ? .nan : $0[0] > 0 ? 1 : $0[0] < 0 ? -1 : 0 }
  case .sqrt: { $0[0].squareRoot() }
  case .exp: { Foundation.exp($0[0]) }
  case .log: { Foundation.log($0[0]) }
  case .log2: { Foundation.log2($0[0]) }
  case .log10: { Foundation.log10($0[0]) }
  case .sin: { Foundation.sin($0[0]) }
  case .cos: { Foundation.cos($0[0]) }
  case .tan: { Foundation.tan($0[0]) }
  case .asin: { Foundation.asin($0[0]) }
  case .acos: { Foundation.acos($0[0]) }
  case .atan: { Foundation.atan($0[0]) }
  case .sinh: { Foundation.sinh($0[0]) }
  case .cosh: { Foundation.cosh($0[0]) }
  case .tanh: { Foundation.tanh($0[0]) }
  case .floor: { $0[0].rounded(.down) }
  case .ceil: { $0[0].rounded(.up) }
  case .round: { $0[0].rounded(.toNearestOrAwayFromZero) }
  case .isnan: { $0[0].isNaN ? 1 : 0 }
  case .isinf: { $0[0].isInfinite ? 1 : 0 }
  case .isfinite: { $0[0].isFinite ? 1 : 0 }
  case .sigmoid:
    { x in x[0] < 0 ? Foundation.exp(x[0]) / (1 + Foundation.exp(x[0])) : 1 / (1 + Foundation.exp(-x[0])) }
  case .relu: { $0[0].isNaN ? .nan : Swift.max($0[0], 0) }
  case .softplus: { x in x[0].isNaN ? .nan : Swift.max(x[0], 0) + log1p(Foundation.exp(-Swift.abs(x[0]))) }
  case .gelu: { x in x[0] == -.infinity ? 0 : x[0] * erfc(-x[0] * 0.5.squareRoot()) / 2 }
  case .erf: { Foundation.erf($0[0]) }
  default: nil
  }
}

// MARK: Parts

/// The sum with the lost digits carried along (Neumaier).
func exactSum(_ x: [Double]) -> Double {
  var (sum, lost) = (0.0, 0.0)
  for value in x {
    let next = sum + value
    lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }
  return sum + lost
}

private func mean(_ x: [Double]) -> Double { exactSum(x) / Double(x.count) }

private func variance(_ x: [Double]) -> Double {
  let centre = mean(x)
  return mean(x.map { ($0 - centre) * ($0 - centre) })
}

private func reduced(_ a: Grid, _ dimension: Int, _ body: ([Double]) -> Double) -> Grid {
  switch dimension {
  case 1: Grid(1, a.columns) { body(a.column($1)) }
  case 2: Grid(a.rows, 1) { i, _ in body(a.row(i)) }
  default: Grid(1, 1, [body(a.elements)])
  }
}

private func mapped(_ a: Grid, _ dimension: Int, _ body: ([Double]) -> [Double]) -> Grid {
  switch dimension {
  case 1: Grid(a.columns, a.rows, (0..<a.columns).flatMap { body(a.column($0)) }).transposed
  case 2: Grid(a.rows, a.columns, (0..<a.rows).flatMap { body(a.row($0)) })
  default: Grid(a.rows, a.columns, body(a.elements))
  }
}

private func cost(_ x: [Grid], _ term: (Double, Double) -> Double) -> Grid {
  Grid(1, 1, [exactSum(zip(x[0].elements, x[1].elements).map(term)) / Double(x[0].columns)])
}

/// Solves by elimination with pivots; a tall system by its normal equations, a wide one by those of its least solution.
private func gauss(_ a: Grid, _ b: Grid) -> Grid {
  if a.rows < a.columns {
    let factors = gauss(matrixReference(.product, [a, a.transposed], .none), b)
    return matrixReference(.product, [a.transposed, factors], .none)
  }
  if a.rows > a.columns {
    return gauss(
      matrixReference(.product, [a.transposed, a], .none),
      matrixReference(.product, [a.transposed, b], .none))
  }
  var (left, right) = (a, b)
  let n = a.rows
  for k in 0..<n {
    let pivot = (k..<n).max { abs(left[$0, k]) < abs(left[$1, k]) } ?? k
    for j in 0..<n { (left[k, j], left[pivot, j]) = (left[pivot, j], left[k, j]) }
    for j in 0..<b.columns { (right[k, j], right[pivot, j]) = (right[pivot, j], right[k, j]) }
    for i in 0..<n where i != k {
      let factor = left[i, k] / left[k, k]
      for j in 0..<n { left[i, j] -= factor * left[k, j] }
      for j in 0..<b.columns { right[i, j] -= factor * right[k, j] }
    }
  }
  return Grid(n, b.columns) { right[$0, $1] / left[$0, $0] }
}

/// The determinant by its first row.
private func cofactors(_ a: Grid) -> Double {
  if a.rows == 0 { return 1 }
  return exactSum(
    (0..<a.rows).map { j in
      let minor = Grid(a.rows - 1, a.rows - 1) { a[$0 + 1, $1 < j ? $1 : $1 + 1] }
      return (j % 2 == 0 ? 1 : -1) * a[0, j] * cofactors(minor)
    })
}
