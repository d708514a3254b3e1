import NNCore

/// Builtins that are no operations of the graph, but whose result has a shape that numbers tell.
enum MadeShapes {
  /// Those that draw random numbers, and so cannot be tried.
  static let drawing: Set = ["rand", "randn", "randint", "permutation", "shuffle"]

  static func shape(of name: String, _ arguments: [PreviewValue]) -> PreviewValue? {
    switch name {
    case "zeros", "ones", "rand", "randn":
      guard arguments.count == 2 else { return nil }
      return matrix(arguments[0].size, arguments[1].size)
    case "randint":
      guard arguments.count == 4 else { return nil }
      return matrix(arguments[2].size, arguments[3].size)
    case "eye":
      guard arguments.count == 1 else { return nil }
      return matrix(arguments[0].size, arguments[0].size)
    case "permutation":
      guard arguments.count == 1 else { return nil }
      return matrix(1, arguments[0].size)
    case "linspace":
      guard arguments.count == 3 else { return nil }
      return matrix(1, arguments[2].size)
    case "reshape":
      guard arguments.count == 3 else { return nil }
      return matrix(arguments[1].size, arguments[2].size)
    case "repmat":
      guard arguments.count == 3, let shape = arguments[0].shape, let down = arguments[1].size,
        let across = arguments[2].size
      else { return nil }
      let (rows, columns) = (
        shape.rows.multipliedReportingOverflow(by: down),
        shape.columns.multipliedReportingOverflow(by: across)
      )
      return rows.overflow || columns.overflow
        ? nil : .shape(Shape(rows.partialValue, columns.partialValue))
    case "onehot":
      guard arguments.count == 2, let classes = arguments[1].size, let count = arguments[0].shape?.count
      else { return nil }
      return .shape(Shape(classes, count))
    case "shuffle":
      guard arguments.count == 1 else { return nil }
      return arguments[0]
    case "rows": return arguments.first?.shape.map { .number(Scalar($0.rows)) }
    case "columns": return arguments.first?.shape.map { .number(Scalar($0.columns)) }
    case "numel": return arguments.first?.shape.map { .number(Scalar($0.count)) }
    default: return nil
    }
  }

  private static func matrix(_ rows: Int?, _ columns: Int?) -> PreviewValue? {
    guard let rows, let columns else { return nil }
    return .shape(Shape(rows, columns))
  }
}
