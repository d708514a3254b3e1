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
      .reduction(.median),
      .reduction(.any),
      .reduction(.all),
      .reduction(.norm),
      .operation(.cumulativeSum, "A, dim?", .reductions) { call throws(Diagnostic) in
        try call.apply(.cumulativeSum, Attributes(try call.dimension(1)), 0)
      },
      .operation(.cumulativeProduct, "A, dim?", .reductions) { call throws(Diagnostic) in
        try call.apply(.cumulativeProduct, Attributes(try call.dimension(1)), 0)
      },
      Builtin(
        "diff", "A, dim?", .reductions, forms: "diff(v); diff(A, 1)",
        summary:
          "Differences of neighbours: along a vector, down each column (dim 1) or along each row (dim 2).",
        shapes: "one element less than v; dim 1: (m-1)×n, dim 2: m×(n-1)",
        example: "diff([1 4 9 16])", related: ["cumsum", "-"], body: differences),
    ]

  /// A[2:end, :] - A[1:end - 1, :], or the same with columns.
  private static func differences(_ call: Call) throws(Diagnostic) -> Value {
    guard let shape = call[0].shape else { throw call.wrong(0, wanted: "a matrix") }
    var dimension = try call.dimension(1)
    if dimension == 0 {
      guard shape.isVector || shape.count == 0 else {
        throw call.fail("a \(shape) matrix has differences in two directions")
          .hinting(
            "\(call.name)(\(call.brief(0)), 1) goes down the columns, \(call.name)(\(call.brief(0)), 2) along the rows"
          )
      }
      dimension = shape.columns == 1 && shape.rows != 1 ? 1 : 2
    }
    let (rows, columns) = (shape.rows, shape.columns)
    let count = max(0, (dimension == 1 ? rows : columns) - 1)
    func neighbours(from first: Int) throws(Diagnostic) -> TracedValue {
      let some = Subscript.strided(first: first, step: 1, count: count)
      let picked =
        dimension == 1 ? (some, Subscript.all(count: columns)) : (Subscript.all(count: rows), some)
      let (i, j) = try call.core { () throws(CoreError) in
        (try picked.0.numbers(in: call.resources), try picked.1.numbers(in: call.resources))
      }
      let operands = [call.traced(0), TracedValue(value: .matrix(i)), TracedValue(value: .matrix(j))]
      return TracedValue(value: try call.machine.apply(.index, .none, operands))
    }
    return try call.machine.apply(.subtract, .none, [neighbours(from: 1), neighbours(from: 0)])
  }

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
