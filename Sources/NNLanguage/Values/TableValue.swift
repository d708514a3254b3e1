import NNCore
import NNFormats

/// A table value: named columns of numbers or text.
public final class TableValue {
  package let table: Table

  package init(_ table: Table) { self.table = table }

  /// The names of the columns, in order.
  public var names: [String] { table.names }
  /// How many rows, the header not counted.
  public var rowCount: Int { table.rowCount }
}

extension TableValue {
  /// `t.name`: a column, or `names`, `rows`, `columns` where no column is called that.
  func field(_ name: String, in machine: Machine) throws(Diagnostic) -> Value {
    if table.index(of: name) != nil { return try column(name, in: machine) }
    switch name {
    case "names":
      return .list(
        try machine.throwingDiagnostics { () throws(CoreError) in
          try List(names.map { .string($0) }, in: machine.resources)
        })
    case "rows": return .number(Scalar(rowCount))
    case "columns": return .number(Scalar(names.count))
    default: throw unknownColumn(name)
    }
  }

  /// A column: numbers as an m×1 matrix, text as a list of strings.
  func column(_ name: String, in machine: Machine) throws(Diagnostic) -> Value {
    switch table[name] {
    case .numbers(let matrix): return Value.matrix(matrix).unboxed
    case .text(let text):
      return .list(
        try machine.throwingDiagnostics { () throws(CoreError) in
          try List(text.values.map { .string($0) }, in: machine.resources)
        })
    case nil: throw unknownColumn(name)
    }
  }

  func unknownColumn(_ name: String) -> Diagnostic {
    Diagnostic(.error, "the table has no column \(name)")
      .hinting(
        Suggestion.nearest(to: name, in: names).map { "did you mean \($0)?" }
          ?? "it has \(names.prefix(12).joined(separator: ", "))")
  }

  /// How a program writes a column: `t.name`, or `t["a name"]` where that is no field.
  func field(_ column: String, of base: String) -> String {
    let isName: Bool
    if case .complete(let tree) = Parser.parse(Source(name: "", text: "t.\(column)")),
      let statement = tree.children(tree.root).first,
      case .expression(let node) = tree.statement(statement), case .field(_, let name) = tree.expression(node)
    {
      isName = tree.name(name) == column
    } else {
      isName = false
    }
    return isName ? "\(base).\(column)" : "\(base)[\"\(column.escapedForSource)\"]"
  }

  /// The given rows, in that order.
  func rows(_ rows: Subscript, in resources: Resources) throws(Diagnostic) -> TableValue {
    try Diagnostic.fromFormats { () throws(FormatError) in
      var columns: [Table.Column] = []
      for column in table.columns {
        do throws(CoreError) {
          switch column.values {
          case .numbers(let matrix):
            columns.append(
              Table.Column(column.name, .numbers(try matrix.gather(rows, .one(0), in: resources))))
          case .text(let text):
            let values = (0..<rows.count).map { text.values[rows[$0]] }
            columns.append(Table.Column(column.name, .text(try TextColumn(values, in: resources))))
          }
        } catch { throw FormatError.core(error) }
      }
      return TableValue(try Table(columns))
    }
  }

  /// The table with a column replaced or added at the end.
  func setting(_ name: String, to value: Value, in machine: Machine) throws(Diagnostic) -> TableValue {
    let values = try columnValues(value, name, in: machine)
    return try Diagnostic.fromFormats { () throws(FormatError) in
      var columns = table.columns
      let column = Table.Column(name, values)
      if let index = table.index(of: name) { columns[index] = column } else { columns.append(column) }
      return TableValue(try Table(columns))
    }
  }

  private func columnValues(_ value: Value, _ name: String, in machine: Machine) throws(Diagnostic)
    -> Table.Values
  {
    let resources = machine.resources
    switch value {
    case .matrix(let matrix) where matrix.shape.isVector:
      return .numbers(
        try machine.throwingDiagnostics { () throws(CoreError) in
          try matrix.gather(.all(count: matrix.count), shape: Shape(matrix.count, 1), in: resources)
        })
    case .number(let number):
      return .numbers(
        try machine.throwingDiagnostics { () throws(CoreError) in
          try Matrix(repeating: number, Shape(max(rowCount, 1), 1), in: resources)
        })
    case .list(let list):
      let strings = list.elements.compactMap(\.string)
      guard strings.count == list.count else { fallthrough }
      return .text(
        try machine.throwingDiagnostics { () throws(CoreError) in try TextColumn(strings, in: resources) })
    default:
      throw Diagnostic(
        .error, "column \(name) needs a vector or a list of strings, and this is \(value.kindWithArticle)")
    }
  }
}

extension Diagnostic {
  /// Runs work on files and tables, its errors as diagnostics.
  static func fromFormats<Result>(_ work: () throws(FormatError) -> Result) throws(Diagnostic) -> Result {
    do { return try work() } catch {
      if case .core(let core) = error { throw Diagnostic(core: core) }
      throw Diagnostic(.error, error.description)
    }
  }
}
