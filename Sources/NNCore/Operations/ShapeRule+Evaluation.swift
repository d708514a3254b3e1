extension ShapeRule {
  /// The shape of the result, or how the operands do not fit.
  ///
  /// - Parameter name: the operation as the error names it.
  package func shape<Pair: DimensionPair>(
    of operands: [Pair], attributes: Attributes, name: String
  ) throws(CoreError) -> Pair {
    try shape(count: operands.count, attributes: attributes, name: name) { operands[$0] }
  }

  /// The same for `count` operands that lie somewhere else.
  @inline(__always)
  func shape<Pair: DimensionPair>(
    count: Int, attributes: Attributes, name: String, _ operand: (Int) -> Pair
  ) throws(CoreError) -> Pair {
    switch self {
    case .elementwise: return try Pair.broadcast(count, name, operand)
    case .joinColumns: return try Pair.joinedColumns(count, name, operand)
    case .joinRows: return try Pair.joinedRows(count, name, operand)
    case .product: return try Pair.product(operand(0), operand(1), attributes, name)
    case .solve: return try Pair.solution(operand(0), operand(1), attributes, name)
    case .cost: return try Pair.cost(operand(0), operand(1), name)
    case .index: return Pair(operand(1).size, operand(2).size)
    default: return try unary(operand(0), attributes, name)
    }
  }

  private func unary<Pair: DimensionPair>(
    _ a: Pair, _ attributes: Attributes, _ name: String
  ) throws(CoreError) -> Pair {
    switch self {
    case .transpose: return a.transpose
    case .reduction: return a.reduced(attributes.first)
    case .selection: return try a.selected(attributes.first, name)
    case .squareToScalar:
      _ = try a.square(name)
      return Pair(1, 1)
    case .square: return try a.square(name)
    case .reshape: return try a.reshaped(attributes, name)
    case .stretch: return try Pair.broadcast(2, name) { $0 == 0 ? a : Pair(attributes) }
    case .scatter: return Pair(attributes)
    case .repeatMatrix:
      return Pair(
        a.rows.times(Pair.Element(attributes.first)), a.columns.times(Pair.Element(attributes.second)))
    case .diagonal: return a.diagonal
    default: return a
    }
  }
}

extension DimensionPair {
  init(_ rows: Int, _ columns: Int) { self.init(Element(rows), Element(columns)) }
  init(_ attributes: Attributes) { self.init(attributes.first, attributes.second) }

  /// The shape as numbers, for errors.
  var inNumbers: Shape { Shape(rows.value, columns.value) }
  var transpose: Self { Self(columns, rows) }
  /// The number of elements; of a vector its length, as one dimension.
  var size: Element {
    rows.value == 1 ? columns : columns.value == 1 ? rows : rows.times(columns)
  }

  @inline(__always)
  static func broadcast(_ count: Int, _ name: String, _ operand: (Int) -> Self) throws(CoreError) -> Self {
    var joint = operand(0)
    for k in 1..<max(count, 1) {
      let next = operand(k)
      guard let rows = joint.rows.stretched(to: next.rows),
        let columns = joint.columns.stretched(to: next.columns)
      else { throw .shapesDoNotFit(name: name, joint.inNumbers, next.inNumbers) }
      joint = Self(rows, columns)
    }
    for k in 0..<count where joint.covers(operand(k)) { return joint }
    throw growing(count, name, operand, joint)
  }

  /// Every operand is short of the joint shape: two of them, one short of rows and one of columns, for the error.
  private static func growing(
    _ count: Int, _ name: String, _ operand: (Int) -> Self, _ joint: Self
  ) -> CoreError {
    let shapes = (0..<count).map { operand($0).inNumbers }
    let column = shapes.firstIndex { $0.rows == joint.rows.value } ?? 0
    let row = shapes.firstIndex { $0.columns == joint.columns.value } ?? 0
    return .bothStretch(name: name, shapes[min(column, row)], shapes[max(column, row)])
  }

  /// Whether `other` has this very shape, so that it need not stretch.
  private func covers(_ other: Self) -> Bool {
    rows.value == other.rows.value && columns.value == other.columns.value
  }

  static func product(
    _ a: Self, _ b: Self, _ attributes: Attributes, _ name: String
  ) throws(CoreError) -> Self {
    let left = attributes.first & 1 == 0 ? a : a.transpose
    let right = attributes.first & 2 == 0 ? b : b.transpose
    guard left.columns.matches(right.rows) else {
      throw .shapesDoNotFit(name: name, left.inNumbers, right.inNumbers)
    }
    return Self(left.rows, right.columns)
  }

  static func solution(
    _ a: Self, _ b: Self, _ attributes: Attributes, _ name: String
  ) throws(CoreError) -> Self {
    if attributes.first != 0 { _ = try a.square(name) }
    guard a.rows.matches(b.rows) else { throw .shapesDoNotFit(name: name, a.inNumbers, b.inNumbers) }
    return Self(a.columns, b.columns)
  }

  static func cost(_ a: Self, _ y: Self, _ name: String) throws(CoreError) -> Self {
    guard a.rows.matches(y.rows), a.columns.matches(y.columns) else {
      throw .shapesDoNotFit(name: name, a.inNumbers, y.inNumbers)
    }
    return Self(1, 1)
  }

  /// Side by side: equal rows; a 0×0 part vanishes.
  @inline(__always)
  static func joinedColumns(
    _ count: Int, _ name: String, _ operand: (Int) -> Self
  ) throws(CoreError) -> Self {
    var result: Self?
    for k in 0..<count {
      let next = operand(k)
      if next.inNumbers == Shape(0, 0) { continue }
      guard let before = result else {
        result = next
        continue
      }
      guard before.rows.matches(next.rows) else {
        throw .shapesDoNotFit(name: name, before.inNumbers, next.inNumbers)
      }
      result = Self(before.rows, before.columns.plus(next.columns))
    }
    return result ?? Self(0, 0)
  }

  /// One below the other: equal columns; a 0×0 part vanishes.
  @inline(__always)
  static func joinedRows(
    _ count: Int, _ name: String, _ operand: (Int) -> Self
  ) throws(CoreError) -> Self {
    do {
      return try joinedColumns(count, name) { operand($0).transpose }.transpose
    } catch {
      guard case .shapesDoNotFit(let name, let a, let b) = error else { throw error }
      throw .shapesDoNotFit(name: name, a.transposed, b.transposed)
    }
  }

  func reduced(_ dimension: Int) -> Self {
    switch dimension {
    case 1: Self(Element(1), columns)
    case 2: Self(rows, Element(1))
    default: Self(1, 1)
    }
  }

  func selected(_ dimension: Int, _ name: String) throws(CoreError) -> Self {
    let (m, n) = (rows.value, columns.value)
    if dimension == 1 ? m == 0 : dimension == 2 ? n == 0 : m == 0 || n == 0 {
      throw .wrongShape(name: name, operand: 0, inNumbers, wanted: "matrix with at least one element")
    }
    return reduced(dimension)
  }

  func square(_ name: String) throws(CoreError) -> Self {
    guard rows.matches(columns) else {
      throw .wrongShape(name: name, operand: 0, inNumbers, wanted: "square matrix")
    }
    return self
  }

  func reshaped(_ attributes: Attributes, _ name: String) throws(CoreError) -> Self {
    let (m, n) = (attributes.first, attributes.second)
    guard m >= 0, n >= 0, m.times(n) == rows.value.times(columns.value) else {
      throw .shapesDoNotFit(name: name, inNumbers, Shape(m, n))
    }
    return Self(attributes)
  }

  var diagonal: Self {
    if rows.value == 1 { return Self(columns, columns) }
    if columns.value == 1 { return Self(rows, rows) }
    return Self(rows.value <= columns.value ? rows : columns, Element(1))
  }
}

extension Dimension {
  /// The joint dimension of two operands, where a 1 stretches; nil where they differ.
  @inline(__always)
  func stretched(to other: Self) -> Self? {
    if value == 1 { return other }
    if other.value == 1 || matches(other) { return self }
    return nil
  }
}
