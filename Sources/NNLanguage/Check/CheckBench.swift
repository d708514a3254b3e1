import NNCore

/// An interpreter of its own in which statements are tried on other numbers than the user's.
struct CheckBench {
  let interpreter: Interpreter
  private let host = SilentHost()

  /// - Parameter cancellation: the flag of the interpreter that asks, so that Ctrl-C ends the search too.
  init(memoryLimit: Int, cancellation: Cancellation) throws(Diagnostic) {
    interpreter = try Interpreter(host: host, memoryLimit: memoryLimit, cancellation: cancellation)
    interpreter.stepLimit = 100_000_000
  }

  var machine: Machine { interpreter.machine }

  // MARK: Variables

  /// Gives a variable a value that shares nothing with the graph it came from.
  func set(_ name: String, _ value: Value) throws(Diagnostic) {
    interpreter[name] = nil
    interpreter[name] = try plain(value)
  }

  private func plain(_ value: Value) throws(Diagnostic) -> Value {
    switch value {
    case .matrix(let matrix):
      do { return Value.matrix(try matrix.copy(in: interpreter.resources)).unboxed } catch {
        throw Diagnostic(core: error)
      }
    case .list(let list):
      var elements: [Value] = []
      for element in list.elements { elements.append(try plain(element)) }
      do { return .list(try List(elements, in: interpreter.resources)) } catch {
        throw Diagnostic(core: error)
      }
    default: return value
    }
  }

  /// A variable's value as a matrix of plain data; nil where it has none or is not numeric.
  func matrix(_ name: String) -> Matrix? {
    switch interpreter[name] {
    case .number(let number): try? Matrix(repeating: number, .scalar, in: interpreter.resources)
    case .matrix(let matrix): matrix
    default: nil
    }
  }

  // MARK: Statements

  /// A statement made ready to run many times; numbers of its text that are keys of `literals` become their values.
  func prepare(_ line: CheckProblem.Line, literals: [Double: Double] = [:]) throws(Diagnostic) -> Code {
    var builder = SyntaxBuilder()
    let copy = builder.copy(line.node, from: line.tree) { node, builder in
      guard line.tree.kind(node) == .number, case .number(let value) = line.tree.expression(node),
        let other = literals[value]
      else { return nil }
      return builder.number(other)
    }
    return try prepare(copy, &builder)
  }

  /// The same for a statement of a tree that is being built.
  func prepare(_ statement: NodeID, _ builder: inout SyntaxBuilder) throws(Diagnostic) -> Code {
    let block = builder.block([statement])
    var tree = builder.finish(block)
    tree.hideValues()
    return try interpreter.prepare(tree)
  }

  func prepare(_ text: String) throws(Diagnostic) -> Code {
    guard case .complete(let tree) = Parser.parse(Source(name: "<check>", text: text)) else {
      throw Diagnostic(.error, "check made a line that cannot be read: \(text)")
    }
    return try interpreter.prepare(tree)
  }

  func run(_ code: Code) throws(Diagnostic) { try machine.run(code) }

  /// Gives the interpreter a function of another one, from its text.
  func define(_ name: String, _ function: Function) throws(Diagnostic) {
    guard case .user(let code) = function.body else { return interpreter[name] = .function(function) }
    for (capture, cell) in zip(code.captureNames, function.captures) where interpreter[capture] == nil {
      try set(capture, cell.value)
    }
    var builder = SyntaxBuilder()
    let copy = builder.copy(code.node, from: code.tree)
    if code.tree.kind(code.node) == .function {
      try run(try prepare(copy, &builder))
      // A function may be held by a variable of another name than its own.
      if let own = code.tree.nameID(code.node).map(code.tree.name), own != name {
        interpreter[name] = interpreter[own]
      }
    } else {
      let target = builder.name(name)
      try run(try prepare(builder.assign(target, copy), &builder))
    }
  }
}

/// A host that shows nothing and has no files: what is tried must leave no trace.
private final class SilentHost: MemoryHost {
  override func write(_ text: String) {}
  override func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
    throw HostError("check writes no files")
  }
}

extension Interpreter {
  /// A program to run again and again.
  func prepare(_ tree: SyntaxTree) throws(Diagnostic) -> Code {
    try Compiler.compile(
      tree, name: "<check>", globals: machine.globals, isInteractive: false, numbers: machine.statementNumbers
    )
  }
}
