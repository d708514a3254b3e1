import NNCore

/// A call of a builtin: its arguments by position, `nothing` where one was left out.
///
/// The accessors throw diagnostics that name the builtin and the parameter; the machine adds the place.
struct Call {
  let machine: Machine
  let builtin: Builtin
  let arguments: UnsafeMutableBufferPointer<Value>
  /// How many results the caller wants; 0 for a statement.
  let wanted: Int
  /// The call in the running code, and in it the text of each argument.
  let node: NodeID?
  let argumentNodes: [NodeID?]

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

// MARK: Arguments by kind

extension Call {
  private func parameterName(_ index: Int) -> String {
    index < builtin.parameters.count ? builtin.parameters[index].name : "argument \(index + 1)"
  }

  /// The error that says what an argument should have been.
  func wrong(_ index: Int, wanted: String) -> Diagnostic {
    let given = isGiven(index) ? self[index].kindWithArticle : "not given"
    let error = Diagnostic(.error, "\(builtin.name) needs \(wanted) as \(parameterName(index)), and this is \(given)")
    return labelling(error, index)
  }

  /// The same error with a mark under an argument, where its text is known.
  func labelling(_ error: Diagnostic, _ index: Int) -> Diagnostic {
    guard index < argumentNodes.count, let node = argumentNodes[index] else { return error }
    return error.located(at: machine.code.tree.range(node), in: machine.code.tree.source)
  }

  func number(_ index: Int) throws(Diagnostic) -> Scalar {
    guard let number = self[index].number else { throw wrong(index, wanted: "a number") }
    return number
  }

  func number(_ index: Int, default value: Scalar) throws(Diagnostic) -> Scalar {
    isGiven(index) ? try number(index) : value
  }

  /// A whole number that fits `range`.
  func integer(_ index: Int, in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    let number = try number(index)
    guard let integer = Int(exactly: number) else {
      throw labelling(
        Diagnostic(
          .error, "\(builtin.name) needs a whole number as \(parameterName(index)), and this is \(machine.display.text(number))"),
        index)
    }
    guard range.contains(integer) else {
      let bounds = range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw labelling(
        Diagnostic(.error, "\(builtin.name): \(parameterName(index)) must be \(bounds), and this is \(integer)"), index)
    }
    return integer
  }

  func integer(_ index: Int, default value: Int, in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
    isGiven(index) ? try integer(index, in: range) : value
  }

  /// A size: whole and not negative.
  func size(_ index: Int) throws(Diagnostic) -> Int { try integer(index, in: 0...Int.max) }

  func truth(_ index: Int, default value: Bool) throws(Diagnostic) -> Bool {
    isGiven(index) ? try number(index) != 0 : value
  }

  /// A matrix; a number counts as 1×1.
  func matrix(_ index: Int) throws(Diagnostic) -> Matrix {
    switch self[index] {
    case .matrix(let matrix): return matrix
    case .number(let number):
      return try machine.throwingDiagnostics { () throws(CoreError) in
        try Matrix(repeating: number, .scalar, in: resources)
      }
    default: throw wrong(index, wanted: "a matrix")
    }
  }

  /// A matrix that no one else refers to.
  func ownMatrix(_ index: Int) throws(Diagnostic) -> Matrix {
    var matrix = try matrix(index)
    arguments[index] = .nothing
    try core { () throws(CoreError) in try matrix.makeUnique(in: resources) }
    matrix.storage.node = .none
    return matrix
  }

  func string(_ index: Int) throws(Diagnostic) -> String {
    guard let string = self[index].string else { throw wrong(index, wanted: "a string") }
    return string
  }

  func function(_ index: Int) throws(Diagnostic) -> Function {
    guard case .function(let function) = self[index] else { throw wrong(index, wanted: "a function") }
    return function
  }

  func list(_ index: Int) throws(Diagnostic) -> List {
    guard case .list(let list) = self[index] else { throw wrong(index, wanted: "a list") }
    return list
  }

  func table(_ index: Int) throws(Diagnostic) -> TableValue {
    guard case .table(let table) = self[index] else { throw wrong(index, wanted: "a table") }
    return table
  }

  /// A dimension: 1 for down the rows, 2 for along the columns, 0 for everything where none is given.
  func dimension(_ index: Int) throws(Diagnostic) -> Int {
    guard isGiven(index) else { return 0 }
    return try integer(index, in: 1...2)
  }
}

// MARK: Results

extension Call {
  /// Applies an operation to arguments, recorded in the graph where they depend on a param.
  func apply(_ id: OperationID, _ attributes: Attributes = .none, _ indices: Int...) throws(Diagnostic) -> Value {
    try machine.apply(id, attributes, indices.map { traced($0) })
  }

  var tracedArguments: [TracedValue] { (0..<count).map { traced($0) } }

  func traced(_ index: Int) -> TracedValue {
    TracedValue(value: self[index], node: index < argumentNodes.count ? argumentNodes[index] : nil)
  }

  /// Gives a result beyond the first; `a, b = f()` reads them in order.
  func addResult(_ value: Value) { machine.extraResults.append(value) }

  /// Runs work of the core, its errors as diagnostics.
  func core<Result>(_ work: () throws(CoreError) -> Result) throws(Diagnostic) -> Result {
    try machine.throwingDiagnostics(work)
  }

  /// A matrix as a value; a 1×1 becomes a number.
  func value(_ matrix: Matrix) -> Value { Value.matrix(matrix).unboxed }

  func fail(_ message: String, hint: String? = nil) -> Diagnostic {
    Diagnostic(.error, "\(builtin.name): \(message)").hinting(hint)
  }

  /// A list value.
  func list(of values: [Value]) throws(Diagnostic) -> Value {
    .list(try core { () throws(CoreError) in try List(values, in: resources) })
  }
}
