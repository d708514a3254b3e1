import NNCore

extension Builtins {
  static let shapeRows: [Builtin] = [
    Builtin(
      "size", "A", .shape, summary: "The rows and columns of a matrix.",
      details: "m, n = size(A) gives both; size(A) alone is [m, n].", example: "m, n = size(zeros(2, 3))",
      related: ["rows", "columns", "numel", "length"]
    ) { call throws(Diagnostic) in
      let shape = try shape(of: call)
      if call.wanted > 1 {
        call.addResult(.number(Scalar(shape.columns)))
        return .number(Scalar(shape.rows))
      }
      let numbers = [Scalar(shape.rows), Scalar(shape.columns)]
      return .matrix(try call.core { () throws(CoreError) in
        try Matrix(rows: 1, columns: 2, numbers, in: call.resources)
      })
    },
    Builtin(
      "rows", "A", .shape, summary: "The number of rows.", example: "rows(zeros(2, 3))", related: ["columns", "size"]
    ) { call throws(Diagnostic) in .number(Scalar(try shape(of: call).rows)) },
    Builtin(
      "columns", "A", .shape, summary: "The number of columns; of data, the number of examples.",
      example: "columns(zeros(2, 3))", related: ["rows", "size"]
    ) { call throws(Diagnostic) in .number(Scalar(try shape(of: call).columns)) },
    Builtin(
      "numel", "A", .shape, summary: "The number of elements.", example: "numel(zeros(2, 3))", related: ["size", "length"]
    ) { call throws(Diagnostic) in .number(Scalar(try shape(of: call).count)) },
    .operation(.reshape, "A, rows, columns", .shape) { call throws(Diagnostic) in
      try call.apply(.reshape, Attributes(try call.size(1), try call.size(2)), 0)
    },
    .operation(.repeatMatrix, "A, down, across", .shape) { call throws(Diagnostic) in
      try call.apply(.repeatMatrix, Attributes(try call.size(1), try call.size(2)), 0)
    },
    .operation(.diagonal, "A", .shape),
  ]

  private static func shape(of call: Call) throws(Diagnostic) -> Shape {
    switch call[0] {
    case .table(let table): return Shape(table.rowCount, table.names.count)
    case .list(let list): return Shape(1, list.count)
    case let value:
      guard let shape = value.shape else { throw call.wrong(0, wanted: "a matrix") }
      return shape
    }
  }
}
