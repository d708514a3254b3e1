import NNCore

extension Builtins {
  static let shapeRows: [Builtin] = [
    Builtin(
      "size", "A, dim?", .shape, forms: "size(A); m, n = size(A); size(A, dim)",
      summary: "The rows and columns of a matrix or a table.",
      shapes: "[m, n], or one of them: dim 1 m, dim 2 n",
      example: "m, n = size(zeros(2, 3))", related: ["rows", "columns", "numel", "length"], body: size),
    Builtin(
      "rows", "A", .shape, summary: "The number of rows; of data, the number of features.",
      example: "rows(zeros(2, 3))", related: ["columns", "size"]
    ) { call throws(Diagnostic) in .number(Scalar(try shape(of: call).rows)) },
    Builtin(
      "columns", "A", .shape, summary: "The number of columns; of data, the number of examples.",
      example: "columns(zeros(2, 3))", related: ["rows", "size"]
    ) { call throws(Diagnostic) in .number(Scalar(try shape(of: call).columns)) },
    Builtin(
      "numel", "A", .shape, summary: "The number of elements: rows times columns.",
      example: "numel(zeros(2, 3))",
      related: ["size", "length"]
    ) { call throws(Diagnostic) in
      let shape = try shape(of: call)
      return .number(Scalar(shape.rows) * Scalar(shape.columns))
    },
    Builtin(
      "length", "x", .shape, summary: "How many elements a vector or a list has, or characters a string.",
      example: "length([5 6 7])", related: ["numel", "size", "append"], body: length),
    .operation(
      .reshape, "A, rows, columns?", .shape, forms: "reshape(A, m, n); reshape(A, m, -1)", body: reshape),
    .operation(.repeatMatrix, "A, down, across?", .shape, forms: "repmat(A, m, n)") {
      call throws(Diagnostic) in
      let times = try call.shape(1)
      return try call.apply(.repeatMatrix, Attributes(times.rows, times.columns), 0)
    },
    .operation(.stretch, "A, rows, columns?", .shape, forms: "stretch(A, m, n)") { call throws(Diagnostic) in
      let shape = try call.shape(1)
      try checkStretch(call, shape)
      return try call.apply(.stretch, Attributes(shape.rows, shape.columns), 0)
    },
    .operation(.diagonal, "A", .shape, forms: "diag(v); diag(A)"),
    .operation(.scatter, "A, i, j, rows, columns?", .shape, forms: "scatter(A, i, j, m, n)", body: scatter),
  ]

  private static func shape(of call: Call) throws(Diagnostic) -> Shape {
    switch call[0] {
    case .table(let table): return Shape(table.rowCount, table.names.count)
    case let value:
      if let shape = value.shape { return shape }
      let hasLength = value.string != nil || value.list != nil
      throw call.wrong(0, wanted: "a matrix or a table")
        .hinting(hasLength ? "how many it holds is length(\(call.brief(0)))" : nil)
    }
  }

  private static func size(_ call: Call) throws(Diagnostic) -> Value {
    let shape = try shape(of: call)
    let sizes = [Scalar(shape.rows), Scalar(shape.columns)]
    if call.isGiven(1) { return .number(sizes[try call.integer(1, in: 1...2) - 1]) }
    guard call.wanted > 1 else { return try call.row(sizes) }
    call.addResult(.number(sizes[1]))
    return .number(sizes[0])
  }

  private static func length(_ call: Call) throws(Diagnostic) -> Value {
    switch call[0] {
    case .list(let list): return .number(Scalar(list.count))
    case .text(let text): return .number(Scalar(text.count))
    case .number: return .number(1)
    case .matrix(let matrix) where matrix.shape.isVector || matrix.count == 0:
      return .number(Scalar(matrix.count))
    case .matrix, .table:
      let text = call.phrase(0)
      throw call.wrong(0, wanted: "a vector, a list or a string")
        .hinting("rows(\(text)), columns(\(text)) or numel(\(text))")
    default: throw call.wrong(0, wanted: "a vector, a list or a string")
    }
  }

  // One of the two may be -1, and follows from the other.
  private static func reshape(_ call: Call) throws(Diagnostic) -> Value {
    guard let count = call[0].shape?.count else { throw call.wrong(0, wanted: "a matrix") }
    var shape: Shape
    switch (call[1].number, call[2].number) {
    case (-1, -1): throw bothFollow(call)
    case (let side?, nil) where !call.isGiven(2): throw oneSide(call, side)
    case (-1, _?):
      shape = Shape(-1, try call.size(2))
      shape.rows = try rest(call, count, shape.columns, "columns")
    case (_?, -1):
      shape = Shape(try call.size(1), -1)
      shape.columns = try rest(call, count, shape.rows, "rows")
    case (nil, nil) where !call.isGiven(2): shape = try sizes(call)
    default: shape = try call.shape(1)
    }
    let (wanted, isTooLarge) = shape.rows.multipliedReportingOverflow(by: shape.columns)
    if isTooLarge || wanted != count {
      throw call.fail(
        "\(call.phrase(0)) has \(count) elements, and \(shape) has \(isTooLarge ? "too many" : "\(wanted)")")
    }
    return try call.apply(.reshape, Attributes(shape.rows, shape.columns), 0)
  }

  /// `reshape(A, [m n])`
  private static func sizes(_ call: Call) throws(Diagnostic) -> Shape {
    if case .matrix(let sizes) = call[1], sizes.count == 2, sizes.buffer.contains(-1) {
      let texts = sizes.elements.map { call.machine.display.text($0) }
      throw call.labelling(
        call.fail(
          "-1 stands only for one of two numbers",
          hint: "reshape(\(call.brief(0)), \(texts.joined(separator: ", ")))"), 1)
    }
    return try call.shape(1)
  }

  private static func bothFollow(_ call: Call) -> Diagnostic {
    call.fail("only one of rows and columns can be -1: it follows from the other", hint: lines(call))
  }

  private static func oneSide(_ call: Call, _ side: Scalar) -> Diagnostic {
    let (a, n) = (call.brief(0), call.machine.display.text(side))
    let hint =
      side == -1
      ? lines(call) : "reshape(\(a), \(n), -1) has \(n) rows, reshape(\(a), -1, \(n)) has \(n) columns"
    return call.labelling(call.fail("rows and columns are needed, one of which may be -1", hint: hint), 1)
  }

  private static func lines(_ call: Call) -> String {
    "reshape(\(call.brief(0)), 1, -1) is a row, reshape(\(call.brief(0)), -1, 1) a column"
  }

  private static func rest(_ call: Call, _ count: Int, _ side: Int, _ noun: String) throws(Diagnostic) -> Int
  {
    if side > 0, count % side == 0 { return count / side }
    let lines = "\(side) \(side == 1 ? String(noun.dropLast()) : noun)"
    throw call.fail("\(call.phrase(0)) has \(count) elements, which do not fill \(lines)")
  }

  private static func checkStretch(_ call: Call, _ shape: Shape) throws(Diagnostic) {
    guard let own = call[0].shape,
      own.rows != 1 && own.rows != shape.rows || own.columns != 1 && own.columns != shape.columns
    else { return }
    throw call.labelling(
      call.fail(
        "\(call.phrase(0)) is \(own), and only 1×1, 1×\(shape.columns) and \(shape.rows)×1 stretch to \(shape)"
      ),
      0)
  }

  private static func scatter(_ call: Call) throws(Diagnostic) -> Value {
    let shape = try call.shape(3)
    let values = try call.matrix(0)
    var inputs = [call.traced(0)]
    for (argument, (limit, wanted)) in [(shape.rows, values.rows), (shape.columns, values.columns)]
      .enumerated()
    {
      let places = try call.vector(argument + 1)
      guard places.count == wanted else {
        throw call.fail(
          "\(call.phrase(0)) is \(values.shape), so \(call.parameterName(argument + 1)) needs \(wanted) numbers, and has \(places.count)"
        )
      }
      let numbers = try call.core { () throws(CoreError) in
        try Subscript(places, axis: argument, limit: limit, in: call.resources).numbers(in: call.resources)
      }
      inputs.append(TracedValue(value: .matrix(numbers), node: nil))
    }
    return try call.machine.apply(.scatter, Attributes(shape.rows, shape.columns), inputs)
  }
}
