import NNCore

// What completion asks: what can follow a point, and what a call's arguments are called.
extension Interpreter {
  /// The fields of the value that a path such as `net` or `history.net` leads to.
  public func fieldNames(of path: [String]) -> [String] {
    guard let first = path.first, var value = self[first] else { return [] }
    for name in path.dropFirst() {
      guard case .object(let object) = value, let next = object.field(name) else { return [] }
      value = next
    }
    switch value {
    case .object(let object): return object.fieldNames
    case .table(let table): return table.names + ["names", "rows", "columns"]
    default: return []
    }
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

  /// A number with the digits that are shown now.
  public func text(_ number: Scalar) -> String { machine.display.text(number) }
}
