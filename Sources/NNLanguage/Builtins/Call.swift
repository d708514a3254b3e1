import NNCore

/// A call of a builtin: its arguments by position, `nothing` where one was left out.
///
/// The accessors throw diagnostics that name the builtin and the parameter; the machine adds the place.
struct Call {
  let machine: Machine
  /// The builtin's place in the table.
  let index: Int
  let arguments: UnsafeMutableBufferPointer<Value>
  /// How many results the caller wants; 0 for a statement.
  let wanted: Int
  /// The call in the running code; nil where native code calls.
  let node: NodeID?

  var builtin: Builtin { Builtins.table[index] }
  var name: String { builtin.name }
  var resources: Resources { machine.resources }
  var count: Int { arguments.count }

  /// An argument; `nothing` where it was not given.
  subscript(index: Int) -> Value { index < arguments.count ? arguments[index] : .nothing }

  func isGiven(_ index: Int) -> Bool { !self[index].isNothing }

  /// Moves an argument out, so that the only reference to a matrix can be the callee's.
  func take(_ index: Int) -> Value {
    guard let base = arguments.baseAddress, index < arguments.count else { return .nothing }
    return (base + index).take()
  }
}

// MARK: The text of arguments

extension Call {
  /// The text of each argument; nil for one that was left out.
  var argumentNodes: [NodeID?] { (0..<count).map { argumentNode($0) } }

  /// The expression that an argument was written as.
  func argumentNode(_ index: Int) -> NodeID? {
    node.flatMap { machine.argumentNode(index, of: $0, builtin) }
  }

  /// The name of the variable that an argument is; nil for any other expression.
  func argumentName(_ index: Int) -> String? {
    guard let node = argumentNode(index) else { return nil }
    let tree = machine.code.tree
    return tree.kind(node) == .name ? tree.nameID(node).map(tree.name) : nil
  }

  /// What messages call an argument: its text where that is short, else the parameter's name.
  func phrase(_ index: Int) -> String {
    guard let node = argumentNode(index) else { return parameterName(index) }
    let text = machine.text(node)
    return machine.isShort(text) ? text : parameterName(index)
  }

  /// The text of an argument for code that a message shows; `…` where it is long.
  func brief(_ index: Int) -> String {
    guard let node = argumentNode(index) else { return "…" }
    return machine.isShort(machine.text(node)) ? machine.text(node) : "…"
  }

  func parameterName(_ index: Int) -> String {
    let parameters = builtin.parameters
    return index < parameters.count ? parameters[index].name : "argument \(index + 1)"
  }
}

// MARK: Errors

extension Call {
  /// The error that says what an argument should have been.
  func wrong(_ index: Int, wanted: String) -> Diagnostic {
    if let undefined = undefined(index) { return undefined }
    if !isGiven(index) { return Diagnostic(.error, "\(name) needs \(wanted) as \(parameterName(index))") }
    return labelling(
      Diagnostic(
        .error,
        "\(name) needs \(wanted) as \(parameterName(index)), and this is \(self[index].kindWithArticle)"),
      index)
  }

  /// The error for an argument that is a variable without a value; nil where it is none.
  func undefined(_ index: Int) -> Diagnostic? {
    guard !isGiven(index), let variable = argumentName(index) else { return nil }
    return labelling(machine.undefined(name: variable), index)
  }

  /// The error for a number outside of what an argument may be.
  func outside(_ index: Int, _ number: Scalar, wanted: String) -> Diagnostic {
    labelling(
      Diagnostic(
        .error,
        "\(name): \(parameterName(index)) must be \(wanted), and this is \(machine.display.text(number))"),
      index)
  }

  /// The same error with a mark under an argument, where its text is known.
  func labelling(_ error: Diagnostic, _ index: Int) -> Diagnostic {
    guard let node = argumentNode(index) else { return error }
    return error.located(at: machine.code.tree.range(node), in: machine.code.tree.source)
  }

  /// Runs work whose errors, where they have no place, are about an argument.
  func locating<Result>(_ index: Int, _ work: () throws(Diagnostic) -> Result) throws(Diagnostic) -> Result {
    do throws(Diagnostic) { return try work() } catch {
      throw error.severity == .error ? labelling(error, index) : error
    }
  }

  func fail(_ message: String, hint: String? = nil) -> Diagnostic {
    Diagnostic(.error, "\(name): \(message)").hinting(hint)
  }
}

// MARK: Results

extension Call {
  /// Gives a result beyond the first; `a, b = f()` reads them in order. Not before the last call of a function of
  /// the user's, which has results of its own.
  func addResult(_ value: Value) { machine.extraResults.append(value) }

  /// Runs work of the core, its errors as diagnostics.
  func core<Result>(_ work: () throws(CoreError) -> Result) throws(Diagnostic) -> Result {
    try machine.throwingDiagnostics(work)
  }

  /// A matrix as a value; a 1×1 becomes a number.
  func value(_ matrix: Matrix) -> Value { Value.matrix(matrix).unboxed }

  /// A matrix made by work of the core, as a value.
  func value(_ work: () throws(CoreError) -> Matrix) throws(Diagnostic) -> Value { value(try core(work)) }

  /// Numbers as a row.
  func row(_ numbers: [Scalar]) throws(Diagnostic) -> Value {
    try value { () throws(CoreError) in try Matrix(rows: 1, columns: numbers.count, numbers, in: resources) }
  }

  /// A list value.
  func list(of values: [Value]) throws(Diagnostic) -> Value {
    .list(try core { () throws(CoreError) in try List(values, in: resources) })
  }
}
