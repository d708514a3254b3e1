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
    guard let node else { return nil }
    let tree = machine.code.tree
    guard tree.kind(node) == .call else { return nil }
    for (position, child) in tree.children(node).dropFirst().enumerated() {
      let argument = tree.argument(child)
      if let name = argument.name {
        if index < builtin.parameters.count, builtin.parameters[index].name == tree.name(name) {
          return argument.value
        }
      } else if position == index {
        return argument.value
      }
    }
    return nil
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
    return text.count <= 24 && !text.contains("\n") ? text : parameterName(index)
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
    if !isGiven(index) { return Diagnostic(.error, "\(name) needs \(wanted) as \(parameterName(index))") }
    return labelling(
      Diagnostic(
        .error,
        "\(name) needs \(wanted) as \(parameterName(index)), and this is \(self[index].kindWithArticle)"),
      index)
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

// MARK: The graph

extension Call {
  /// Applies an operation to arguments, recorded in the graph where they depend on a param.
  func apply(_ id: OperationID, _ attributes: Attributes = .none, _ indices: Int...) throws(Diagnostic)
    -> Value
  {
    try machine.apply(id, attributes, indices.map { traced($0) })
  }

  var tracedArguments: [TracedValue] { (0..<count).map { traced($0) } }

  func traced(_ index: Int) -> TracedValue { TracedValue(value: self[index], node: argumentNode(index)) }
}
