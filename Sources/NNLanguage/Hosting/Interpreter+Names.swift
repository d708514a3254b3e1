import NNCore

// What completion asks: what can follow a point, and what a call's arguments are called.
extension Interpreter {
  /// The fields of the value that a path such as `net` or `history.net` leads to, and in a few words what they hold.
  public func fields(of path: [String]) -> [(name: String, description: String)] {
    guard let first = path.first, var value = self[first] else { return [] }
    for name in path.dropFirst() {
      guard case .object(let object) = value, let next = object.field(name) else { return [] }
      value = next
    }
    switch value {
    case .object(let object): return object.fieldNames.map { ($0, object.field($0)?.briefKind ?? "") }
    case .table(let table): return table.fields
    default: return []
    }
  }

  /// The columns of the table that a variable holds, if it does.
  public func columnNames(of name: String) -> [String] {
    if case .table(let table)? = self[name] { return table.names }
    return []
  }

  /// The parameters of a function, the user's own or a builtin.
  public func parameters(of name: String) -> [Builtin.Parameter] {
    if case .function(let function)? = self[name] {
      switch function.body {
      case .user(let code):
        return code.parameters.map { Builtin.Parameter($0.name, isRequired: !$0.hasDefault) }
      case .builtin(let index): return Builtins.table[index].parameters
      }
    }
    return Builtins.index(of: name).map { Builtins.table[$0].parameters } ?? []
  }

  /// A number with the digits that are shown now; in a table where a number must not be wide, in powers of ten then.
  public func text(_ number: Scalar, isBrief: Bool = false) -> String {
    let text = machine.display.text(number)
    guard isBrief, text.utf8.count > 12 else { return text }
    return ValueFormat(precision: 4, kind: .scientific).apply(to: number)
  }
}

extension Value {
  /// What it is, in a word: its shape, or the kind.
  package var briefKind: String { shape.map { "\($0)" } ?? kindWithArticle }
}

extension TableValue {
  /// The columns that can follow a point, and what every table has.
  fileprivate var fields: [(name: String, description: String)] {
    let columns = table.columns.filter { Lexer.isName($0.name) }.map { column in
      switch column.values {
      case .numbers: (column.name, "numbers")
      case .text: (column.name, "text")
      }
    }
    return columns
      + ["names", "rows", "columns"].filter { table.index(of: $0) == nil }.map { ($0, "of the table") }
  }
}
