import NNCore

/// What kind of numbers an input holds, so that other numbers of the same kind can stand in for it.
enum InputKind: Equatable {
  /// Kept as it is: a single number of the program, which may be a count, a rate or a size.
  case kept
  /// All elements alike, such as a row of ones.
  case constant(Scalar)
  case identity
  /// 0 and 1, each column with exactly one 1.
  case oneHot
  case zerosAndOnes
  /// Positive columns that sum to 1.
  case distributions
  case whole(Scalar, Scalar)
  /// Between 0 and 1.
  case fractions
  case positive
  case real

  /// The kind of a matrix of data.
  init(_ matrix: Matrix) {
    let numbers = matrix.buffer
    guard let first = numbers.first, numbers.count > 1 else {
      self = .kept
      return
    }
    if numbers.allSatisfy({ $0 == first }) {
      self = .constant(first)
    } else if Self.isIdentity(matrix) {
      self = .identity
    } else if numbers.allSatisfy({ $0 == 0 || $0 == 1 }) {
      self = matrix.shape.rows > 1 && Self.sumsToOne(matrix) ? .oneHot : .zerosAndOnes
    } else if numbers.allSatisfy({ $0 > 0 && $0 < 1 }) {
      self = matrix.shape.rows > 1 && Self.sumsToOne(matrix) ? .distributions : .fractions
    } else if numbers.allSatisfy({ $0 == $0.rounded() && $0.magnitude < 1e9 }) {
      self = .whole(numbers.min() ?? 0, numbers.max() ?? 0)
    } else {
      self = numbers.allSatisfy { $0 > 0 } ? .positive : .real
    }
  }

  private static func isIdentity(_ matrix: Matrix) -> Bool {
    guard matrix.shape.rows == matrix.shape.columns else { return false }
    return matrix.buffer.enumerated().allSatisfy { place, number in
      number == (place % (matrix.shape.columns + 1) == 0 ? 1 : 0)
    }
  }

  private static func sumsToOne(_ matrix: Matrix) -> Bool {
    let (rows, columns) = (matrix.shape.rows, matrix.shape.columns)
    return (0..<columns).allSatisfy { column in
      let sum = (0..<rows).reduce(0) { $0 + matrix.buffer[$1 * columns + column] }
      return (sum - 1).magnitude < 1e-9
    }
  }
}

/// Draws inputs of a kind; the same seed draws the same numbers.
struct FreshInputs {
  private var stream: RandomStream
  let resources: Resources

  init(seed: UInt32, in resources: Resources) {
    stream = RandomStream(seed: seed)
    self.resources = resources
  }

  /// Numbers of a kind in a shape.
  mutating func matrix(_ kind: InputKind, _ shape: Shape) throws(CoreError) -> Matrix {
    let result = try Matrix(repeating: 0, shape, in: resources)
    let buffer = UnsafeMutableBufferPointer(start: result.mutablePointer, count: shape.count)
    switch kind {
    case .kept, .real: fill(buffer) { $0.normal() }
    case .constant(let number): fill(buffer) { _ in number }
    case .identity: for k in 0..<min(shape.rows, shape.columns) { buffer[k * (shape.columns + 1)] = 1 }
    case .oneHot: for column in 0..<shape.columns { buffer[row(column, shape) * shape.columns + column] = 1 }
    case .zerosAndOnes: fillWithBoth(buffer)
    case .distributions: fillDistributions(buffer, shape)
    case .whole(let low, let high): fill(buffer) { (low + ($0.uniform() * (high - low + 1)).rounded(.down)) }
    case .fractions: fill(buffer) { 0.1 + 0.8 * $0.uniform() }
    case .positive: fill(buffer) { 0.3 + 1.5 * $0.uniform() }
    }
    return result
  }

  /// The same numbers, a little moved: where others of the kind do not do.
  mutating func moved(_ matrix: Matrix, by amount: Scalar) throws(CoreError) -> Matrix {
    let result = try matrix.copy(in: resources)
    let buffer = UnsafeMutableBufferPointer(start: result.mutablePointer, count: matrix.shape.count)
    for k in buffer.indices { buffer[k] += amount * (1 + buffer[k].magnitude) * stream.normal() }
    return result
  }

  private mutating func fill(
    _ buffer: UnsafeMutableBufferPointer<Scalar>, _ draw: (inout RandomStream) -> Scalar
  ) {
    for k in buffer.indices { buffer[k] = draw(&stream) }
  }

  /// Each row gets its 1 before any gets a second.
  private mutating func row(_ column: Int, _ shape: Shape) -> Int {
    column < shape.rows ? (column * 7 + 1) % shape.rows : Int(stream.whole(upTo: UInt64(shape.rows - 1)))
  }

  private mutating func fillWithBoth(_ buffer: UnsafeMutableBufferPointer<Scalar>) {
    fill(buffer) { $0.uniform() < 0.5 ? 0 : 1 }
    if buffer.count > 1, let first = buffer.first, buffer.allSatisfy({ $0 == first }) {
      buffer[Int(stream.whole(upTo: UInt64(buffer.count - 1)))] = 1 - first
    }
  }

  private mutating func fillDistributions(_ buffer: UnsafeMutableBufferPointer<Scalar>, _ shape: Shape) {
    fill(buffer) { 0.2 + $0.uniform() }
    for column in 0..<shape.columns {
      let places = stride(from: column, to: shape.count, by: max(1, shape.columns))
      let sum = places.reduce(0) { $0 + buffer[$1] }
      for place in places { buffer[place] /= sum }
    }
  }
}
