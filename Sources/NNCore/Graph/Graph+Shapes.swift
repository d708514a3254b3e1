extension Graph {
  /// The shape of an elementwise result; nil where both operands would have to grow.
  @inline(__always)
  func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
    if a == b || b.isScalar { return a }
    if a.isScalar { return b }
    let full = Shape(a.rows == 1 ? b.rows : a.rows, a.columns == 1 ? b.columns : a.columns)
    return full == a || full == b ? full : nil
  }

  func reducedShape(_ shape: Shape, _ dimension: Int) -> Shape {
    switch dimension {
    case 1: Shape(1, shape.columns)
    case 2: Shape(shape.rows, 1)
    default: .scalar
    }
  }

  /// The operand of a `stretch` that a formula made.
  @inline(__always)
  package func stretchedOperand(_ id: NodeID) -> NodeID? {
    let node = at(id)
    guard node.pointee.operation == .stretch, node.pointee.kind == .operation,
      !node.pointee.flags.contains(.forward)
    else { return nil }
    return node.pointee.inputs.0
  }

  /// A literal, or a matrix of one.
  @inline(__always)
  func constant(_ id: NodeID) -> Scalar? {
    if at(id).pointee.kind == .literal { return literalValue(id) }
    return stretchedOperand(id).flatMap { literalValue($0) }
  }
}
