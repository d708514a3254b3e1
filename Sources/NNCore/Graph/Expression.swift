infix operator .* : MultiplicationPrecedence
infix operator ./ : MultiplicationPrecedence

/// A node of a `Graph`, written like the matrix it stands for: derivative rules are formulas in it, in the notation
/// of the language (`*` is the matrix product, `.*` goes element by element).
///
/// An expression does not keep its graph: it lives in a rule, and the derivation that calls the rule does.
package struct Expression {
  // Counting references to the graph would take most of a rule's time.
  private let reference: Unmanaged<Graph>
  package let id: NodeID

  @inline(__always)
  init(_ graph: Graph, _ id: NodeID) {
    reference = .passUnretained(graph)
    self.id = id
  }

  @inline(__always)
  private init(_ reference: Unmanaged<Graph>, _ id: NodeID) {
    self.reference = reference
    self.id = id
  }

  /// The node that `make` makes in the same graph.
  @inline(__always)
  private func with(_ make: (Graph) -> NodeID) -> Expression {
    Expression(reference, reference._withUnsafeGuaranteedRef(make))
  }

  @inline(__always)
  func read<Result>(_ body: (Graph) -> Result) -> Result { reference._withUnsafeGuaranteedRef(body) }

  package var shape: Shape { read { $0.at(id).pointee.shape } }
  package var rows: Int { shape.rows }
  package var columns: Int { shape.columns }
  package var attributes: Attributes { read { $0.at(id).pointee.attributes } }

  /// A number, to stand in the same formula.
  package func number(_ value: Scalar) -> Expression { with { $0.literal(value) } }

  /// A matrix of one number, in the same formula.
  package func filled(_ value: Scalar, _ shape: Shape) -> Expression { with { $0.literal(value, shape) } }
}

// MARK: - Operators

extension Expression {
  package static func + (a: Expression, b: Expression) -> Expression { a.with(.add, b) }
  package static func - (a: Expression, b: Expression) -> Expression { a.with(.subtract, b) }
  package static func .* (a: Expression, b: Expression) -> Expression { a.with(.multiply, b) }
  package static func ./ (a: Expression, b: Expression) -> Expression { a.with(.divide, b) }
  package static prefix func - (a: Expression) -> Expression { a.with { $0.negate(a.id) } }
  /// The matrix product.
  package static func * (a: Expression, b: Expression) -> Expression {
    a.with { $0.product(a.id, b.id) }
  }

  package static func + (a: Expression, b: Scalar) -> Expression { a + a.number(b) }
  package static func + (a: Scalar, b: Expression) -> Expression { b.number(a) + b }
  package static func - (a: Expression, b: Scalar) -> Expression { a - a.number(b) }
  package static func - (a: Scalar, b: Expression) -> Expression { b.number(a) - b }
  package static func .* (a: Scalar, b: Expression) -> Expression { b.number(a) .* b }
  package static func .* (a: Expression, b: Scalar) -> Expression { a .* a.number(b) }
  package static func ./ (a: Expression, b: Scalar) -> Expression { a ./ a.number(b) }
  package static func ./ (a: Scalar, b: Expression) -> Expression { b.number(a) ./ b }

  @inline(__always)
  private func with(_ operation: OperationID, _ other: Expression) -> Expression {
    with { $0.elementwise(operation, id, other.id) }
  }
}

// MARK: - Functions

extension Expression {
  /// The transpose.
  package var T: Expression { with { $0.transpose(id) } }

  package var squared: Expression { with(.power, number(2)) }
  /// Element by element.
  package func raised(to exponent: Expression) -> Expression { with(.power, exponent) }

  package var abs: Expression { apply(.abs) }
  package var sign: Expression { apply(.sign) }
  package var sqrt: Expression { apply(.sqrt) }
  package var exp: Expression { apply(.exp) }
  package var log: Expression { apply(.log) }
  package var sin: Expression { apply(.sin) }
  package var cos: Expression { apply(.cos) }
  package var sinh: Expression { apply(.sinh) }
  package var cosh: Expression { apply(.cosh) }
  package var tanh: Expression { apply(.tanh) }
  package var sigmoid: Expression { apply(.sigmoid) }
  package var floor: Expression { apply(.floor) }

  /// An elementwise function of one operand.
  package func apply(_ operation: OperationID) -> Expression {
    with { $0.elementwise(operation, id) }
  }

  /// An elementwise function of two operands: a comparison, a maximum, an angle.
  package func apply(_ operation: OperationID, _ other: Expression) -> Expression { with(operation, other) }
  package func apply(_ operation: OperationID, _ other: Scalar) -> Expression {
    with(operation, number(other))
  }

  /// `self` where true, element by element, else `other`.
  package func chosen(where condition: Expression, else other: Expression) -> Expression {
    with { $0.choose(condition.id, id, other.id) }
  }

  /// The sum of everything (0), down the rows (1: 1×n) or along the columns (2: m×1).
  package func sum(_ dimension: Int = 0) -> Expression { with { $0.sum(id, dimension) } }

  /// Another reduction, as it stands.
  package func reduced(_ operation: OperationID, _ dimension: Int) -> Expression {
    with { $0.intern(operation, id, -1, -1, Attributes(dimension), $0.reducedShape(shape, dimension)) }
  }

  /// The sums over what `shape` was stretched along to get this.
  package func summed(to shape: Shape) -> Expression { with { $0.sumToShape(id, shape) } }

  /// Repeated along rows or columns of count one to fill `shape`.
  package func stretched(_ shape: Shape) -> Expression { with { $0.stretch(id, shape) } }

  package func reshaped(_ shape: Shape) -> Expression { with { $0.reshape(id, shape) } }

  /// Left times right, either transposed.
  package func product(_ other: Expression, transposed left: Bool = false, _ right: Bool = false)
    -> Expression
  {
    with { $0.product(id, other.id, left, right) }
  }

  /// Any operation, as it stands; the caller knows the shape of its result.
  package func apply(
    _ operation: OperationID, _ others: [Expression], _ attributes: Attributes = .none, _ shape: Shape
  ) -> Expression {
    with { $0.intern(operation, many: [id] + others.map(\.id), attributes, shape) }
  }
}

extension Expression {
  /// Data of the same shape whose columns sum to one, for the sample of the rewrite that asks for them.
  var oneHot: Expression { with { $0.sampleOneHot ?? id } }
}
