import NNCore

/// All builtins: the rows of the families, and one made of each operation that has a name.
public enum Builtins {
  /// The rows, in the order of the reference.
  public static let table: [Builtin] = makingRows + shapeRows + elementwiseRows + reductionRows + linearAlgebraRows
    + gradientRows

  /// The builtins as function values.
  static var functions: [Function] { table.indices.map { Function(builtin: $0, name: table[$0].name) } }

  private static let indices: [String: Int] = {
    var indices: [String: Int] = [:]
    for (index, row) in table.enumerated() { indices[row.name] = index }
    return indices
  }()

  /// The names with a fixed value.
  public static let constants: [(name: String, value: Scalar, summary: String)] = [
    ("pi", .pi, "the ratio of a circle's circumference to its diameter"),
    ("π", .pi, "pi by its letter"),
    ("e", 2.718281828459045, "the base of the natural logarithm"),
    ("inf", .infinity, "infinity"),
    ("nan", .nan, "not a number; equal to nothing, itself included"),
    ("true", 1, "1, as comparisons give it"),
    ("false", 0, "0, as comparisons give it"),
  ]

  static func index(of name: String) -> Int? { indices[name] }

  /// Whether calls of `name` speak of variables, so that a function that has one keeps gradients of its own.
  static func isScoped(_ name: String) -> Bool { index(of: name).map { table[$0].isScoped } ?? false }

  /// What a name means where no variable has it: a constant or a builtin function.
  static func value(named name: String) -> Value? {
    if let constant = constants.first(where: { $0.name == name }) { return .number(constant.value) }
    return index(of: name).map { .function(Function(builtin: $0, name: name)) }
  }

  /// The names of builtins and constants.
  public static let names: [String] = constants.map(\.name) + table.map(\.name)
}

extension Builtin {
  /// The builtin that an operation of the graph is, its text taken from the operation's own row.
  static func operation(
    _ id: OperationID, _ parameters: String, _ group: Group,
    body: (@Sendable (inout Call) throws(Diagnostic) -> Value)? = nil
  ) -> Builtin {
    let row = Operation[id]
    let operands = row.arity.upperBound
    var inlined: Inlined?
    switch row.kernel {
    case .unary, .binary: inlined = Inlined(id: id, operands: operands)
    default: break
    }
    let plain: @Sendable (inout Call) throws(Diagnostic) -> Value = { call throws(Diagnostic) in
      try call.machine.apply(id, .none, call.tracedArguments)
    }
    var chosen = plain
    if let body { chosen = body }
    return Builtin(
      row.name, parameters, group, summary: row.summary, details: row.formula, example: row.example,
      related: row.related, inlined: body == nil ? inlined : nil, body: chosen)
  }

  /// A reduction: of everything, down the rows with dimension 1, along the columns with 2.
  static func reduction(_ id: OperationID, _ group: Group = .reductions) -> Builtin {
    operation(id, "A, dim = all", group) { call throws(Diagnostic) in
      try call.apply(id, Attributes(try call.dimension(1)), 0)
    }
  }
}
