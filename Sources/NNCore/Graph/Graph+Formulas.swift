/// The constructors behind the operators of `Expression`: shapes, then rewrites, then the table.
extension Graph {
  /// An elementwise operation of two operands, one of which may stretch to fit the other.
  func elementwise(_ operation: OperationID, _ a: NodeID, _ b: NodeID) -> NodeID {
    let (s, t) = (at(a).pointee.shape, at(b).pointee.shape)
    if let shape = broadcast(s, t) {
      if isSettled(operation, a, b, s == t) { return intern(operation, a, b, -1, .none, shape) }
      return make(Rewrite.Site(operation: operation, a: a, b: b, attributes: .none, shape: shape))
    }
    // Gradients may meet as a row and a column, which the language would not let its users do.
    let full = Shape(max(s.rows, t.rows), max(s.columns, t.columns))
    return elementwise(operation, stretch(a, full), b)
  }

  /// Whether no rewrite can apply, by what is noted on the operands: the usual case, and worth no search.
  @inline(__always)
  private func isSettled(_ operation: OperationID, _ a: NodeID, _ b: NodeID, _ hasSameShapes: Bool) -> Bool {
    let (x, y) = (at(a), at(b))
    let flags = gatherable(x).union(gatherable(y))
    switch operation {
    case .multiply:
      // A product on the right is written without its parentheses.
      if y.pointee.operation == .multiply, y.pointee.kind == .operation, isOpen(y.pointee) { return false }
      return hasSameShapes && flags.isDisjoint(with: [.scaled, .quotient])
    case .add:
      return a != b && flags.isDisjoint(with: .scaled)
    case .subtract:
      // What may be complements is looked at.
      let areProducts = x.pointee.operation == .multiply && y.pointee.operation == .multiply
      return !areProducts && flags.isDisjoint(with: .scaled)
    default: return false
    }
  }

  /// An elementwise function of one operand.
  func elementwise(_ operation: OperationID, _ a: NodeID) -> NodeID {
    if operation != .negate { return intern(operation, a, -1, -1, .none, at(a).pointee.shape) }
    return make(Rewrite.Site(operation: operation, a: a, b: -1, attributes: .none, shape: self[a].shape))
  }

  func negate(_ a: NodeID) -> NodeID { elementwise(.negate, a) }

  func choose(_ condition: NodeID, _ a: NodeID, _ b: NodeID) -> NodeID {
    var shape = self[condition].shape
    for id in [a, b] { shape = broadcast(shape, self[id].shape) ?? shape }
    return intern(.choose, condition, a, b, .none, shape)
  }

  /// The matrix product, either operand transposed.
  func product(_ a: NodeID, _ b: NodeID, _ left: Bool = false, _ right: Bool = false) -> NodeID {
    let s = left ? self[a].shape.transposed : self[a].shape
    let t = right ? self[b].shape.transposed : self[b].shape
    if s.isScalar || t.isScalar { return scaled(a, b, left, right) }
    let shape = Shape(s.rows, t.columns)
    let attributes = Attributes((left ? 1 : 0) | (right ? 2 : 0))
    return make(Rewrite.Site(operation: .product, a: a, b: b, attributes: attributes, shape: shape))
  }

  /// A product with a number goes element by element.
  private func scaled(_ a: NodeID, _ b: NodeID, _ left: Bool, _ right: Bool) -> NodeID {
    elementwise(.multiply, left ? transpose(a) : a, right ? transpose(b) : b)
  }

  func transpose(_ a: NodeID) -> NodeID {
    make(
      Rewrite.Site(operation: .transpose, a: a, b: -1, attributes: .none, shape: self[a].shape.transposed))
  }

  func sum(_ a: NodeID, _ dimension: Int) -> NodeID {
    make(
      Rewrite.Site(
        operation: .sum, a: a, b: -1, attributes: Attributes(dimension),
        shape: reducedShape(self[a].shape, dimension)))
  }

  func stretch(_ a: NodeID, _ shape: Shape) -> NodeID {
    if self[a].shape == shape { return a }
    return make(
      Rewrite.Site(
        operation: .stretch, a: a, b: -1, attributes: Attributes(shape.rows, shape.columns), shape: shape))
  }

  func reshape(_ a: NodeID, _ shape: Shape) -> NodeID {
    if self[a].shape == shape { return a }
    return intern(.reshape, a, -1, -1, Attributes(shape.rows, shape.columns), shape)
  }

  /// The gradient of an operand of `shape` that an operation stretched to the shape of `a`.
  func sumToShape(_ a: NodeID, _ shape: Shape) -> NodeID {
    let full = self[a].shape
    if full == shape { return a }
    let rows = shape.rows == 1 && full.rows != 1
    let columns = shape.columns == 1 && full.columns != 1
    if rows && columns { return sum(a, 0) }
    return sum(a, rows ? 1 : 2)
  }
}
