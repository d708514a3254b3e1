import NNCore

/// What kind of numbers an input holds, so that other numbers of the same kind can stand in for it.
enum InputKind: Equatable {
  /// Along which lines of a matrix numbers sum to 1.
  enum Examples {
    case columns, rows
    /// Both in what is there: of other shapes one of the two can be had.
    case either
  }

  /// Kept as it is: a single number of the program, which may be a count, a rate or a size.
  case kept
  /// All elements alike, such as a row of ones.
  case constant(Scalar)
  case identity
  /// 0 and 1, each example with exactly one 1.
  case oneHot(Examples)
  case zerosAndOnes
  /// Positive numbers, those of each example with the sum 1.
  case distributions(Examples)
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
      self = Self.sumToOne(matrix).map { .oneHot($0) } ?? .zerosAndOnes
    } else if numbers.allSatisfy({ $0 > 0 && $0 < 1 }) {
      self = Self.sumToOne(matrix).map { .distributions($0) } ?? .fractions
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

  /// The lines of which each sums to 1; nil where there are none.
  private static func sumToOne(_ matrix: Matrix) -> Examples? {
    let shape = matrix.shape
    let columns =
      shape.rows > 1 && linesSumToOne(matrix, count: shape.columns, of: shape.rows, (shape.columns, 1))
    let rows =
      shape.columns > 1 && linesSumToOne(matrix, count: shape.rows, of: shape.columns, (1, shape.columns))
    if columns { return rows ? .either : .columns }
    return rows ? .rows : nil
  }

  /// - Parameter steps: from one element of a line to the next, and from one line to the next.
  private static func linesSumToOne(
    _ matrix: Matrix, count: Int, of length: Int, _ steps: (element: Int, line: Int)
  ) -> Bool {
    (0..<count).allSatisfy { line in
      let sum = (0..<length).reduce(0) { $0 + matrix.buffer[$1 * steps.element + line * steps.line] }
      return (sum - 1).magnitude < 1e-9
    }
  }

  /// Whether other shapes leave open along which lines the numbers sum to 1.
  var isAmbiguous: Bool {
    switch self {
    case .identity, .oneHot(.either), .distributions(.either): true
    default: false
    }
  }

  /// The kind where examples are known to be rows, or columns.
  func settled(asRows: Bool) -> InputKind {
    switch self {
    case .identity, .oneHot(.either): .oneHot(asRows ? .rows : .columns)
    case .distributions(.either): .distributions(asRows ? .rows : .columns)
    default: self
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
    case .oneHot(.either):
      for (row, column) in permutation(min(shape.rows, shape.columns)).enumerated() {
        buffer[row * shape.columns + column] = 1
      }
    case .oneHot(.rows):
      for row in 0..<shape.rows { buffer[row * shape.columns + place(row, of: shape.columns)] = 1 }
    case .oneHot:
      for column in 0..<shape.columns { buffer[place(column, of: shape.rows) * shape.columns + column] = 1 }
    case .zerosAndOnes: fillWithBoth(buffer)
    case .distributions(.either):
      let even = 0.4 / Scalar(shape.columns)
      fill(buffer) { _ in even }
      for (row, column) in permutation(shape.columns).enumerated() {
        buffer[row * shape.columns + column] += 0.6
      }
    case .distributions(let examples): fillDistributions(buffer, shape, areRows: examples == .rows)
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

  /// Where the 1 of an example stands: each class gets one before any gets a second.
  private mutating func place(_ example: Int, of classes: Int) -> Int {
    example < classes ? (example * 7 + 1) % classes : Int(stream.whole(upTo: UInt64(classes - 1)))
  }

  private mutating func permutation(_ count: Int) -> [Int] {
    var places = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      places.swapAt(last, Int(stream.whole(upTo: UInt64(last))))
    }
    return places
  }

  private mutating func fillWithBoth(_ buffer: UnsafeMutableBufferPointer<Scalar>) {
    fill(buffer) { $0.uniform() < 0.5 ? 0 : 1 }
    if buffer.count > 1, let first = buffer.first, buffer.allSatisfy({ $0 == first }) {
      buffer[Int(stream.whole(upTo: UInt64(buffer.count - 1)))] = 1 - first
    }
  }

  private mutating func fillDistributions(
    _ buffer: UnsafeMutableBufferPointer<Scalar>, _ shape: Shape, areRows: Bool
  ) {
    fill(buffer) { 0.2 + $0.uniform() }
    for line in 0..<(areRows ? shape.rows : shape.columns) {
      let places =
        areRows
        ? stride(from: line * shape.columns, to: (line + 1) * shape.columns, by: 1)
        : stride(from: line, to: shape.count, by: max(1, shape.columns))
      let sum = places.reduce(0) { $0 + buffer[$1] }
      for place in places { buffer[place] /= sum }
    }
  }
}
