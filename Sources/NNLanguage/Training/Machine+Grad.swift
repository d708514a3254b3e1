import NNCore

/// Stands for the argument by which `grad(f, x)` differentiates, where that is plain data.
final class GradProbe: Object {
  let matrix: Matrix

  init(_ matrix: Matrix) {
    self.matrix = matrix
    super.init()
  }

  override func field(_ name: String) -> Value? { .matrix(matrix) }
}

// `grad`: gradients as values that can be differentiated again.
extension Machine {
  /// The gradient of a number for a value that it was computed from; zeros where it does not depend on it.
  func grad(_ output: Value, by value: Value, named name: String?) throws(Diagnostic) -> Value {
    guard case .matrix(let leaf) = value, tracking.tape.isFresh(leaf) else {
      throw Diagnostic(.error, "grad differentiates by a param, or by what is computed from one")
    }
    if case .matrix(let cost) = output { try checkMark(cost) }
    guard case .matrix(let cost) = output, tracking.tape.status(of: cost) != .untracked else {
      if output.shape?.isScalar == true { return try zeros(leaf.shape) }
      throw Diagnostic(.error, "grad needs a number, and \(name ?? "this") is \(output.kindWithArticle)")
    }
    do {
      let gradients = try differentiation.grad(cost, by: [leaf]) { self.paramValue($0) }
      return .matrix(gradients[0])
    } catch { throw gradError(error, name) }
  }

  private func zeros(_ shape: Shape) throws(Diagnostic) -> Value {
    .matrix(
      try throwingDiagnostics { () throws(CoreError) in try Matrix(repeating: 0, shape, in: resources) })
  }

  private func gradError(_ error: CoreError, _ name: String?) -> Diagnostic {
    switch error {
    case .notScalar(let shape):
      return Diagnostic(.error, "grad needs a number, and \(name ?? "this") is \(shape)")
        .hinting("sum(…) or mean(…) makes one")
    case .stale(let slot): return stale(name ?? "this", param: Int32(slot), named: name)
    default: return Diagnostic(core: error)
    }
  }

  /// The gradient of a function by its first argument, which it gets together with the others.
  func grad(of function: Function, at argument: Value, _ others: [Value]) throws(Diagnostic) -> Value {
    guard let shape = argument.shape else {
      throw Diagnostic(
        .error, "grad differentiates by a number or a matrix, and this is \(argument.kindWithArticle)")
    }
    if case .matrix(let matrix) = argument, tracking.tape.isFresh(matrix) {
      // A node of its own: what the function reads of the same variable by its name is not its argument.
      let leaf = try run(.reshape, argument, attributes: Attributes(shape.rows, shape.columns))
      return try grad(try call(function, [leaf] + others), by: leaf, named: "what \(function.name) gives")
    }
    let probe = GradProbe(try plain(argument, shape))
    let mark = tracking.tape.mark
    let holder = ParamHolder(probe)
    let number = tracking.newParam(.held(holder, "x"))
    probe.matrix.storage.node = tracking.tape.paramChanged(number)
    defer {
      holder.end()
      tracking.endParam(number)
    }
    let output = try call(function, [.matrix(probe.matrix)] + others)
    let gradient = try grad(output, by: .matrix(probe.matrix), named: "what \(function.name) gives")
    // The gradient may depend on params; the argument is data to them.
    tracking.tape.settle(number, probe.matrix, since: mark)
    if case .matrix(let matrix) = gradient, tracking.tape.isFresh(matrix) { return gradient }
    return Value.matrix(try plain(gradient, shape)).unboxed
  }

  /// The value's elements in a matrix of their own.
  private func plain(_ value: Value, _ shape: Shape) throws(Diagnostic) -> Matrix {
    try throwingDiagnostics { () throws(CoreError) in
      if case .matrix(let matrix) = value { return try matrix.copy(in: resources) }
      return try Matrix(repeating: value.number ?? .nan, shape, in: resources)
    }
  }

  /// `grad(f)`: the function that gives the gradient of `f`, with as many parameters as `f` has.
  func gradFunction(of function: Function) throws(Diagnostic) -> Value {
    var count = 1
    if case .user(let code) = function.body { count = max(1, code.parameters.count) }
    let names = (1...count).map { "x\($0)" }.joined(separator: ", ")
    let text = "f -> ((\(names)) -> grad(f, \(names)))\n"
    guard case .complete(let tree) = Parser.parse(Source(name: "grad", text: text)) else {
      throw Diagnostic(.error, "grad cannot be made for so many parameters")
    }
    let whole = try Compiler.compile(
      tree, name: "grad", globals: globals, isInteractive: false, numbers: statementNumbers)
    guard let inner = whole.functions.first?.functions.first else {
      throw Diagnostic(.error, "grad cannot be made of \(function.name)")
    }
    return .function(Function(inner, captures: [Cell(.function(function))]))
  }
}
