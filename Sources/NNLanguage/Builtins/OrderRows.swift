import NNCore

extension Builtins {
  static let orderRows: [Builtin] = [
    .operation(
      .sort, "A, dim?, descending = false", .shape,
      forms: "sort(A); sort(A, dim); sort(A, descending = true); s, k = sort(v)", body: sort),
    .operation(.sortedPlaces, "A, dim?", .shape) { call throws(Diagnostic) in
      try call.apply(.sortedPlaces, Attributes(try call.dimension(1)), 0)
    },
    Builtin(
      "unique", "A", .shape, forms: "unique(A); values, counts = unique(A)",
      summary: "The different elements, ascending, and how often each occurs.",
      shapes: "1×k; of a list of strings a list",
      details: "nan counts as one element, the last.", example: "unique([3 1 3 2 1])",
      related: ["sort", "find", "onehot"], body: unique),
    Builtin(
      "find", "A", .shape, forms: "find(v); i, j = find(A)",
      summary: "The places, from 1, of the elements that are not 0.",
      shapes: "1×k, or the rows and the columns, 1×k each",
      details: "Of a matrix a single result counts row by row, as reshape does.",
      example: "find([5 0 7] > 4)",
      related: ["where", "argmax", "any"], body: find),
  ]

  private static func sort(_ call: Call) throws(Diagnostic) -> Value {
    if case .list = call[0] { return try sortedStrings(call) }
    let dimension = try call.dimension(1)
    let isDescending = try call.truth(2, default: false)
    var operand = call.traced(0)
    if operand.value.shape == nil { throw call.wrong(0, wanted: "a matrix") }
    // Descending is the negated in ascending order: equals keep their old order, and a nan stays last.
    if isDescending { operand = TracedValue(value: try call.machine.apply(.negate, .none, [operand])) }
    let sorted = try call.machine.apply(.sort, Attributes(dimension), [operand])
    if call.wanted > 1 {
      let matrix = try matrix(operand.value, call)
      call.addResult(
        try call.value { () throws(CoreError) in
          try places(inSorted: matrix, dimension, in: call.resources)
        })
    }
    return isDescending ? try call.machine.apply(.negate, .none, [TracedValue(value: sorted)]) : sorted
  }

  private static func matrix(_ value: Value, _ call: Call) throws(Diagnostic) -> Matrix {
    if case .matrix(let matrix) = value { return matrix }
    let number = value.number ?? .nan
    return try call.core { () throws(CoreError) in
      try Matrix(repeating: number, .scalar, in: call.resources)
    }
  }

  /// Where the sorted elements stood, from 1: in their column (dimension 1), their row (2) or, row by row, anywhere.
  private static func places(inSorted a: Matrix, _ dimension: Int, in resources: Resources) throws(CoreError)
    -> Matrix
  {
    let places = try Operation.apply(.sortedPlaces, a, Attributes(dimension), in: resources)
    for k in 0..<places.count {
      let place = Int(places.pointer[k])
      let counted = dimension == 1 ? place / a.columns : dimension == 2 ? place % a.columns : place
      places.mutablePointer[k] = Scalar(counted + 1)
    }
    return places
  }

  private static func sortedStrings(_ call: Call) throws(Diagnostic) -> Value {
    let strings = try call.strings(0)
    let isDescending = try call.truth(2, default: false)
    let order = strings.indices.sorted {
      isDescending ? strings[$1] < strings[$0] : strings[$0] < strings[$1]
    }
    if call.wanted > 1 { call.addResult(try call.row(order.map { Scalar($0 + 1) })) }
    return try call.list(of: order.map { .string(strings[$0]) })
  }

  private static func unique(_ call: Call) throws(Diagnostic) -> Value {
    if case .list = call[0] {
      let runs = runs(of: try call.strings(0).sorted())
      call.addResult(try call.row(runs.map { Scalar($0.count) }))
      return try call.list(of: runs.map { .string($0.value) })
    }
    let matrix = try call.matrix(0)
    if call.wanted > 1 {
      let sorted = try call.core { () throws(CoreError) in
        try Operation.apply(.sort, matrix, in: call.resources)
      }
      // By bits, since a nan does not equal itself.
      let bits = sorted.buffer.map { $0.isNaN ? Scalar.nan.bitPattern : ($0 + 0).bitPattern }
      call.addResult(try call.row(runs(of: bits).map { Scalar($0.count) }))
    }
    let unique = try call.core { () throws(CoreError) in try Searching.unique(matrix, in: call.resources) }
    return call.untraced(unique, from: matrix)
  }

  /// Neighbours that are equal, as one of them and their count.
  private static func runs<Elements: Sequence>(of elements: Elements) -> [(
    value: Elements.Element, count: Int
  )]
  where Elements.Element: Equatable {
    var runs: [(value: Elements.Element, count: Int)] = []
    for element in elements {
      if let last = runs.last, last.value == element {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((element, 1))
      }
    }
    return runs
  }

  private static func find(_ call: Call) throws(Diagnostic) -> Value {
    let matrix = try call.matrix(0)
    let places = try call.core { () throws(CoreError) in try Searching.find(matrix, in: call.resources) }
    guard call.wanted > 1 else { return call.value(places) }
    let (rows, columns) = try call.core { () throws(CoreError) in
      try Searching.rowsAndColumns(places, columns: matrix.columns, in: call.resources)
    }
    call.addResult(call.value(columns))
    return call.value(rows)
  }
}
