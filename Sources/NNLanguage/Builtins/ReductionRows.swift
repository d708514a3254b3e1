import NNCore

extension Builtins {
  static let reductionRows: [Builtin] =
    [OperationID.sum, .mean, .prod].map { .reduction($0) }
    + [
      extreme("max", .maximum, .largest, .argmax),
      extreme("min", .minimum, .smallest, .argmin),
      .reduction(.argmax),
      .reduction(.argmin),
      .reduction(.variance),
      .reduction(.deviation),
      .reduction(.any),
      .reduction(.all),
      .reduction(.norm),
      .operation(.cumulativeSum, "A, dim?", .reductions) { call throws(Diagnostic) in
        try call.apply(.cumulativeSum, Attributes(try call.dimension(1)), 0)
      },
    ]

  /// `max(A)`, `max(A, B)`, `max(A, dim = 1)`, and where the largest stands as a second result.
  private static func extreme(
    _ name: String, _ pair: OperationID, _ reduction: OperationID, _ place: OperationID
  ) -> Builtin {
    let row = Operation[pair]
    return Builtin(
      name, "A, B?, dim?", .reductions,
      forms: "\(name)(A, B); \(name)(A); \(name)(A, dim = 1); x, k = \(name)(A)", summary: row.summary,
      shapes: "of two: equal, or 1×n, m×1 and 1×1 stretch; of one: 1×1, dim 1: 1×n, dim 2: m×1",
      details: "A second result is the place of the first one found.", example: row.example,
      related: row.related,
      inlined: Builtin.Inlined(id: pair, operands: 2)
    ) { call throws(Diagnostic) in
      if call.isGiven(1) {
        if call.isGiven(2) {
          throw call.fail("either a second matrix or a dimension is given, not both")
            .hinting("of several numbers: \(name)([a, b, c])")
        }
        return try call.apply(pair, .none, 0, 1)
      }
      guard let shape = call[0].shape else { throw call.wrong(0, wanted: "a matrix") }
      let attributes = Attributes(try call.dimension(2))
      if shape.count == 0, shape.rows == 0 || attributes.first != 1,
        shape.columns == 0 || attributes.first != 2
      {
        throw call.fail("there are no elements")
      }
      let result = try call.apply(reduction, attributes, 0)
      if call.wanted > 1 { call.addResult(try call.apply(place, attributes, 0)) }
      return result
    }
  }
}
