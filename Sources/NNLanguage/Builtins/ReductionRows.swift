import NNCore

extension Builtins {
  static let reductionRows: [Builtin] =
    [OperationID.sum, .mean, .prod].map { .reduction($0) }
    + [
      extreme("max", .maximum, .largest),
      extreme("min", .minimum, .smallest),
      .reduction(.variance),
      .reduction(.deviation),
      .reduction(.any),
      .reduction(.all),
      .operation(.norm, "A", .reductions),
      .operation(.cumulativeSum, "A, dim = all", .reductions) { call throws(Diagnostic) in
        try call.apply(.cumulativeSum, Attributes(try call.dimension(1)), 0)
      },
    ]

  /// `max(A)`, `max(A, B)`, `max(A, dim = 1)`.
  private static func extreme(_ name: String, _ pair: OperationID, _ reduction: OperationID) -> Builtin {
    let row = Operation[pair]
    return Builtin(
      name, "A, B = none, dim = all", .reductions, summary: row.summary, details: row.formula, example: row.example,
      related: row.related, inlined: Builtin.Inlined(id: pair, operands: 2)
    ) { call throws(Diagnostic) in
      guard call.isGiven(1) else { return try call.apply(reduction, Attributes(try call.dimension(2)), 0) }
      if call.isGiven(2) { throw call.fail("either a second matrix or a dimension is given, not both") }
      return try call.apply(pair, .none, 0, 1)
    }
  }
}
