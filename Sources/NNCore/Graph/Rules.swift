/// The derivative rules that take more than a line, and the parts that several rules share.
enum Rules {
  typealias X = Expression

  /// The number of columns, that is, of examples.
  static func examples(_ a: X) -> X { a.number(Scalar(a.columns)) }

  /// How many elements of `x` went into each of the reduction `y`.
  static func depth(_ x: X, _ y: X) -> X {
    switch y.attributes.first {
    case 1: x.number(Scalar(x.rows))
    case 2: x.number(Scalar(x.columns))
    default: x.number(Scalar(x.shape.count))
    }
  }

  /// `x` kept away from zero, for divisions: far below any number that matters. A factor `x` cancels it, and
  /// where none does the quotient stays finite.
  static func aboveZero(_ x: X) -> X { x.apply(.maximum, 1e-44) }

  static func clampedLog(_ x: X) -> X { x.log.apply(.maximum, Costs.leastLog) }

  /// The density of the normal distribution.
  static func normalDensity(_ x: X) -> X { (-(x.squared) ./ 2).exp ./ x.number(2 * .pi).sqrt }

  /// `x` minus its mean in the sense of the reduction `y`.
  static func centred(_ x: X, _ y: X) -> X { x - x.reduced(.mean, y.attributes.first) }

  // MARK: Elementwise

  /// 1 where `a` wins over `b`, 0 where it does not, half where they are equal; over a literal ties count as lost,
  /// so that max(x, 0) has the gradient of relu.
  static func wins(_ relation: OperationID, _ a: X, _ b: X) -> X {
    if b.isLiteral { return a.apply(relation, b) }
    if a.isLiteral { return a.apply(relation == .greater ? .greaterEqual : .lessEqual, b) }
    return a.apply(relation, b) + a.apply(.equal, b) ./ 2
  }

  /// a^b by a: b .* a^(b - 1), and 0 for b = 0, whatever a is.
  @Sendable
  static func powerBase(_ y: X, _ a: X, _ b: X, _ dy: X) -> X {
    let slope = b .* a.raised(to: b - 1)
    return dy .* (b.isLiteral ? slope : slope.chosen(where: b.apply(.notEqual, 0), else: b.number(0)))
  }

  /// a^b by b: a^b .* log(a), and 0 for a = 0.
  @Sendable
  static func powerExponent(_ y: X, _ a: X, _ b: X, _ dy: X) -> X {
    let slope = y .* a.log
    if let base = a.literal { return dy .* (base == 0 ? a.number(0) : slope) }
    return dy .* slope.chosen(where: a.apply(.notEqual, 0), else: a.number(0))
  }

  // MARK: Matrices

  /// y = op(A)*op(B), where op may transpose: dA = dy*op(B)', itself transposed if A is.
  @Sendable
  static func productLeft(_ y: X, _ a: X, _ b: X, _ dy: X) -> X {
    if isScaling(y, a, b) { return dy .* b }
    let (left, right) = (y.attributes.first & 1 != 0, y.attributes.first & 2 != 0)
    return left ? b.product(dy, transposed: right, true) : dy.product(b, transposed: false, !right)
  }

  /// Whether a product is one of a number with a matrix, whose shapes do not fit as those of matrices do.
  private static func isScaling(_ y: X, _ a: X, _ b: X) -> Bool {
    (a.shape.isScalar && b.shape == y.shape) || (b.shape.isScalar && a.shape == y.shape)
  }

  @Sendable
  static func productRight(_ y: X, _ a: X, _ b: X, _ dy: X) -> X {
    if isScaling(y, a, b) { return dy .* a }
    let (left, right) = (y.attributes.first & 1 != 0, y.attributes.first & 2 != 0)
    return right ? dy.product(a, transposed: true, left) : a.product(dy, transposed: !left, false)
  }

  /// x = A \ b by b: A' \ dx; for a tall A, where x = inv(A'A)*A'*b, A*(A'A \ dx); for a wide one, where
  /// x = A'*inv(AA')*b, AA' \ A*dx.
  @Sendable
  static func solveRight(_ x: X, _ a: X, _ b: X, _ dx: X) -> X {
    if a.shape.isSquare { return a.solved(dx, transposed: x.attributes.first == 0) }
    return a.rows > a.columns ? a * (a.T * a).solved(dx) : (a * a.T).solved(a * dx)
  }

  /// By A: -db*x'; for a tall A the residual adds r*w' with w = A'A \ dx. A wide one, whose x is A'*w with w = AA' \ b,
  /// adds w*(dx - A'*db)'.
  @Sendable
  static func solveMatrix(_ x: X, _ a: X, _ b: X, _ dx: X) -> X {
    if a.shape.isSquare {
      let db = solveRight(x, a, b, dx)
      return x.attributes.first == 0 ? -(db * x.T) : -(x * db.T)
    }
    if a.rows < a.columns {
      let db = solveRight(x, a, b, dx)
      return (a * a.T).solved(b) * (dx - a.T * db).T - db * x.T
    }
    let w = (a.T * a).solved(dx)
    return (b - a * x) * w.T - a * w * x.T
  }

  /// A^k by A, by halving k: the rule of products applied to the squarings that make up the power.
  static func matrixPower(_ a: X, _ k: Int, _ dy: X) -> X {
    if k == 0 { return a.filled(0, a.shape) }
    if k == 1 { return dy }
    if k < 0 {
      let b = a.inverse
      let db = k == .min ? a.filled(.nan, a.shape) : matrixPower(b, -k, dy)
      return -(b.T * db * b.T)
    }
    if k % 2 == 0 {
      let half = a.power(k / 2)
      return matrixPower(a, k / 2, dy * half.T + half.T * dy)
    }
    return dy * a.power(k - 1).T + matrixPower(a, k - 1, a.T * dy)
  }

  // MARK: Reductions

  /// The product of the others, for each element: y./x where no element is zero; where one is, the product of the
  /// rest goes to it alone; where two are, nothing.
  @Sendable
  static func prod(_ y: X, _ x: X, _ dy: X) -> X {
    let dimension = y.attributes.first
    let isZero = x.apply(.equal, 0)
    let rest = x.number(1).chosen(where: isZero, else: x)
    let product = rest.reduced(.prod, dimension) .* isZero.sum(dimension).apply(.equal, 1)
    return dy .* product.stretched(x.shape).chosen(where: isZero, else: y ./ rest)
  }

  /// The largest or the smallest: equal ones share the gradient.
  @Sendable
  static func selected(_ y: X, _ x: X, _ dy: X) -> X {
    let isChosen = x.apply(.equal, y)
    return dy .* isChosen ./ isChosen.sum(y.attributes.first)
  }

  /// exp(x)/sum(exp(x)) along a dimension; more exact for large numbers than exp(x - logsumexp(x)).
  static func softmax(_ x: X, _ dimension: Int) -> X {
    switch dimension {
    case 1: x.apply(.softmax)
    case 2: x.T.apply(.softmax).T
    default: x.reshaped(Shape(x.shape.count, 1)).apply(.softmax).reshaped(x.shape)
    }
  }

  /// The deviation of single elements is always 0.
  @Sendable
  static func deviation(_ y: X, _ x: X, _ dy: X) -> X {
    if y.shape == x.shape { return x.filled(0, x.shape) }
    return dy .* centred(x, y) ./ aboveZero(y) ./ depth(x, y)
  }

  // MARK: Shaping

  @Sendable
  static func joinedColumns(_ y: X, _ x: [X], _ dy: X, _ k: Int) -> X? {
    if x[k].shape.count == 0 { return nil }
    let first = x[..<k].reduce(0) { $0 + $1.columns }
    return dy.indexed(y.range(0, y.rows), y.range(first, x[k].columns))
  }

  @Sendable
  static func joinedRows(_ y: X, _ x: [X], _ dy: X, _ k: Int) -> X? {
    if x[k].shape.count == 0 { return nil }
    let first = x[..<k].reduce(0) { $0 + $1.rows }
    return dy.indexed(y.range(first, x[k].rows), y.range(0, y.columns))
  }

  /// The copies' gradients added up: those below each other as rows of one wide matrix, then those side by side.
  @Sendable
  static func repeated(_ y: X, _ x: X, _ dy: X) -> X {
    let (m, n) = (x.rows, x.columns)
    let (down, across) = (y.attributes.first, y.attributes.second)
    let once = dy.reshaped(Shape(down, m * n * across)).sum(1).reshaped(Shape(m, n * across))
    return once.T.reshaped(Shape(across, n * m)).sum(1).reshaped(Shape(n, m)).T
  }

  @Sendable
  static func diagonal(_ y: X, _ x: X, _ dy: X) -> X {
    if x.shape.isVector { return x.columns == 1 ? dy.diagonal : dy.diagonal.T }
    let places = y.range(0, min(x.rows, x.columns))
    return dy.diagonal.scattered(places, places, x.shape)
  }

  /// Each element's gradient goes back to where the element came from.
  @Sendable
  static func sorted(_ y: X, _ x: X, _ dy: X) -> X {
    let line = Shape(1, x.shape.count)
    let places = x.apply(.sortedPlaces, [], y.attributes, x.shape).reshaped(line)
    return dy.reshaped(line).scattered(x.range(0, 1), places, line).reshaped(x.shape)
  }

  /// The gradient goes to the middle of the sorted elements, or in halves to the two there.
  @Sendable
  static func median(_ y: X, _ x: X, _ dy: X) -> X {
    let dimension = y.attributes.first
    let length = dimension == 1 ? x.rows : dimension == 2 ? x.columns : x.shape.count
    let places = x.range((length - 1) / 2, length % 2 == 0 ? 2 : 1)
    let count = places.shape.count
    let part = count == 1 ? dy : 0.5 .* dy
    switch dimension {
    case 1:
      let middle = part.stretched(Shape(count, x.columns))
      return sorted(y, x, middle.scattered(places, x.range(0, x.columns), x.shape))
    case 2:
      let middle = part.stretched(Shape(x.rows, count))
      return sorted(y, x, middle.scattered(x.range(0, x.rows), places, x.shape))
    default:
      let line = Shape(1, length)
      let middle = part.stretched(Shape(1, count)).scattered(x.range(0, 1), places, line)
      return sorted(y, x, middle.reshaped(x.shape))
    }
  }

  /// What each product that an element is part of passes on to it: the product of its other factors. Before the first
  /// zero these are y./x, behind it nothing; the zero itself takes the products as they were with a 1 in its place.
  @Sendable
  static func cumulativeProduct(_ y: X, _ x: X, _ dy: X) -> X {
    let dimension = y.attributes.first
    let isZero = x.apply(.equal, 0)
    let zeros = isZero.cumulativeSum(dimension)
    let isFirst = isZero .* zeros.apply(.equal, 1)
    let others = x.number(1).chosen(where: isFirst, else: x)
      .apply(.cumulativeProduct, [], y.attributes, x.shape)
    let divisor = x.number(1).chosen(where: isZero, else: x)
    let before = cumulativeSum(y, x, dy .* y) ./ divisor .* zeros.apply(.equal, 0)
    return cumulativeSum(y, x, dy .* others).chosen(where: isFirst, else: before)
  }

  /// Running sums from the other end: turned round, summed, turned back.
  @Sendable
  static func cumulativeSum(_ y: X, _ x: X, _ dy: X) -> X {
    let dimension = y.attributes.first
    let rows = dimension == 2 ? x.range(0, x.rows) : x.backwards(x.rows)
    let columns = dimension == 1 ? x.range(0, x.columns) : x.backwards(x.columns)
    return dy.indexed(rows, columns).cumulativeSum(dimension).indexed(rows, columns)
  }
}

// MARK: - Operations that rules are made of

extension Expression {
  /// Whether it is a number of the source text.
  var isLiteral: Bool { literal != nil }
  /// The number that a literal is.
  var literal: Scalar? { read { $0.at(id).pointee.kind == .literal ? $0.literalValue(id) : nil } }

  var inverse: Expression { apply(.inverse, [], .none, shape) }
  var diagonal: Expression {
    let result = shape.isVector ? Shape(shape.count, shape.count) : Shape(min(rows, columns), 1)
    return apply(.diagonal, [], .none, result)
  }

  func power(_ k: Int) -> Expression { k == 1 ? self : apply(.matrixPower, [], Attributes(k), shape) }

  func solved(_ b: Expression, transposed: Bool = false) -> Expression {
    // With a number the language divides.
    if shape.isScalar { return b ./ self }
    return apply(.solve, [b], Attributes(transposed ? 1 : 0), Shape(columns, b.columns))
  }

  /// The elements at `rows` and `columns`, vectors of places from 0.
  func indexed(_ rows: Expression, _ columns: Expression) -> Expression {
    apply(.index, [rows, columns], .none, Shape(rows.shape.count, columns.shape.count))
  }

  /// Zeros of `shape` with these elements added at `rows` and `columns`.
  func scattered(_ rows: Expression, _ columns: Expression, _ shape: Shape) -> Expression {
    apply(.scatter, [rows, columns], Attributes(shape.rows, shape.columns), shape)
  }

  func cumulativeSum(_ dimension: Int) -> Expression {
    apply(.cumulativeSum, [], Attributes(dimension), shape)
  }

  /// The places first, first + 1, … as a row of `count`; see `Graph.range(_:)`.
  func range(_ first: Int, _ count: Int) -> Expression {
    filled(1, Shape(1, count)).cumulativeSum(2) + Scalar(first - 1)
  }

  /// The places count - 1, …, 1, 0.
  func backwards(_ count: Int) -> Expression {
    Scalar(count) - filled(1, Shape(1, count)).cumulativeSum(2)
  }
}

extension Graph {
  /// The first place and the step of a node that counts places, as rules write them: what prints as `3:5`.
  package func range(_ id: NodeID) -> (first: Int, step: Int)? {
    if isCount(id) { return (1, 1) }
    let node = self[id]
    guard node.kind == .operation, let sum = runningCount(node), let offset = literalValue(sum.offset)
    else { return nil }
    return sum.isBackwards ? (Int(offset) - 1, -1) : (Int(offset) + 1, 1)
  }

  private func runningCount(_ node: Node) -> (offset: NodeID, isBackwards: Bool)? {
    let (a, b) = (node.inputs.0, node.inputs.1)
    switch node.operation {
    case .add where isCount(a): return (b, false)
    case .subtract where isCount(b): return (a, true)
    default: return nil
    }
  }

  private func isCount(_ id: NodeID) -> Bool {
    let node = self[id]
    return node.kind == .operation && node.operation == .cumulativeSum && constant(node.inputs.0) == 1
  }
}
