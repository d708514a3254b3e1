import NNCore

/// All builtins: the rows of the families, and one made of each operation that has a name.
public enum Builtins {
  /// The rows, in the order of the reference.
  public static let table: [Builtin] = families.flatMap { $0 }

  private static let families: [[Builtin]] = [
    makingRows,
    shapeRows,
    orderRows,
    elementwiseRows,
    reductionRows,
    linearAlgebraRows,
    activationRows,
    costRows,
    gradientRows,
    explainRows,
    gradRows,
    checkRows,
    networkRows,
    trainRows,
    optimiserRows,
    randomRows,
    toyDataRows,
    tableRows,
    exampleRows,
    fileRows,
    listRows,
    functionRows,
    outputRows,
    assertionRows,
    sessionRows,
  ]

  /// What a call needs of a row, apart from its texts.
  struct Entry {
    let required: Int
    let most: Int
    let body: Builtin.Body
  }

  static let entries: [Entry] = table.map {
    Entry(required: $0.requiredCount, most: $0.takesMore ? .max : $0.parameters.count, body: $0.body)
  }

  /// A builtin as a function value.
  static func function(_ index: Int) -> Function { Function(builtin: index, name: table[index].name) }

  private static let indices: [String: Int] = {
    var indices: [String: Int] = [:]
    for (index, row) in table.enumerated() { indices[row.name] = index }
    return indices
  }()

  /// A name with a fixed value.
  public struct Constant: Sendable {
    /// What a program calls it by.
    public let name: String
    /// Its value, as long as no variable takes the name.
    public let value: Scalar
    /// One sentence for help.
    public let summary: String
  }

  /// The names with a fixed value.
  public static let constants: [Constant] = [
    Constant(name: "pi", value: .pi, summary: "The ratio of a circle's circumference to its diameter."),
    Constant(name: "π", value: .pi, summary: "pi by its letter."),
    Constant(name: "e", value: 2.718281828459045, summary: "The base of the natural logarithm."),
    Constant(name: "inf", value: .infinity, summary: "Infinity, larger than every other number."),
    Constant(name: "nan", value: .nan, summary: "Not a number; equal to nothing, itself included."),
    Constant(name: "true", value: 1, summary: "1, as comparisons give it."),
    Constant(name: "false", value: 0, summary: "0, as comparisons give it."),
  ]

  static func index(of name: String) -> Int? { indices[name] }

  /// Whether calls of `name` speak of variables, so that a function that has one keeps gradients of its own.
  static func isScoped(_ name: String) -> Bool { index(of: name).map { table[$0].isScoped } ?? false }

  /// What a name means where no variable has it: a constant or a builtin function.
  static func value(named name: String) -> Value? {
    if let constant = constants.first(where: { $0.name == name }) { return .number(constant.value) }
    return index(of: name).map { .function(function($0)) }
  }

  /// The names of builtins and constants.
  public static let names: [String] = constants.map(\.name) + table.map(\.name)
}

extension Builtin {
  /// The builtin that an operation of the graph is, its text taken from the operation's own row.
  static func operation(
    _ id: OperationID, _ parameters: String, _ group: Group, forms: String = "", body: Body? = nil
  ) -> Builtin {
    let row = Operation[id]
    var inlined: Inlined?
    switch row.kernel {
    case .unary, .binary: inlined = body == nil ? Inlined(id: id, operands: row.arity.upperBound) : nil
    default: break
    }
    var chosen: Body = { call throws(Diagnostic) in try call.applyToAll(id) }
    if let body { chosen = body }
    return Builtin(
      row.name, parameters, group, forms: forms, summary: row.summary, shapes: row.shape.explanation(of: row),
      details: row.formula, example: row.example, related: row.related, inlined: inlined, body: chosen)
  }

  /// A reduction: of everything, down the rows with dimension 1, along the columns with 2.
  static func reduction(_ id: OperationID, _ group: Group = .reductions) -> Builtin {
    operation(id, "A, dim?", group) { call throws(Diagnostic) in
      try call.apply(id, Attributes(try call.dimension(1)), 0)
    }
  }
}
