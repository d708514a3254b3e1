/// One simplification: where it applies and what it puts in place of the formula.
///
/// Rewrites act where a node is made, on its operands, which are simplified already; each looks at a bounded
/// number of nodes. So simplifying is one linear pass, and no rewrite ever waits for another.
struct Rewrite: Sendable {
  /// What a constructor was asked for.
  struct Site {
    var operation: OperationID
    var a: NodeID
    var b: NodeID
    var attributes: Attributes
    var shape: Shape
  }

  let reason: Reason
  let operations: [OperationID]
  /// The node to use instead; nil where the rewrite does not apply.
  let apply: @Sendable (_ graph: Graph, _ site: Site) -> NodeID?
  /// A formula of three matrices m×n that the rewrite applies to, for the test that both sides are equal.
  let sample: @Sendable (_ x: Expression, _ y: Expression, _ z: Expression) -> Expression

  init(
    _ reason: Reason, _ operations: OperationID...,
    apply: @escaping @Sendable (_ graph: Graph, _ site: Site) -> NodeID?,
    sample: @escaping @Sendable (_ x: Expression, _ y: Expression, _ z: Expression) -> Expression
  ) {
    self.reason = reason
    self.operations = operations
    self.apply = apply
    self.sample = sample
  }
}

extension Rewrite {
  /// Every simplification there is, in the order in which they are tried.
  static let table: [Rewrite] = sums + products + matrixProducts + reductions + shapes

  /// The rows of each operation.
  static let byOperation: [[Rewrite]] = OperationID.allCases.map { id in
    table.filter { $0.operations.contains(id) }
  }
}

extension Graph {
  /// The node for a formula, simplified.
  @inline(__always)
  func make(_ site: Rewrite.Site) -> NodeID {
    simplified(site) ?? intern(site.operation, site.a, site.b, -1, site.attributes, site.shape)
  }

  func simplified(_ site: Rewrite.Site) -> NodeID? {
    guard simplifies else { return nil }
    for rewrite in Rewrite.byOperation[Int(site.operation.rawValue)] {
      guard let result = rewrite.apply(self, site) else { continue }
      if fired != nil { fired?.append(rewrite.reason) }
      return result
    }
    return nil
  }

  /// Notes that a rewrite fired that a reader of the line should hear of.
  func tell(_ reason: Reason) {
    telling = reason
    if fired != nil { fired?.append(reason) }
  }
}
