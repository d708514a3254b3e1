public import NNCore

/// The language, ready to run: variables, random state, and a machine. A process may have any number of these; none
/// sees another.
///
/// ```swift
/// let host = MemoryHost()
/// let interpreter = try Interpreter(host: host)
/// try interpreter.run("X = [1, 2; 3, 4]; print(X*X)")
/// interpreter["X"]           // .matrix(…), 2×2
/// ```
///
/// An interpreter belongs to the thread that uses it; `cancellation` alone may be touched from elsewhere. Give the
/// thread at least 1 MB of stack: language calls take none of it, deeply nested source does.
public final class Interpreter {
  let machine: Machine
  private let host: any Host
  /// Paths being included, to notice one that includes itself.
  private var including: [String] = []

  /// - Parameters:
  ///   - host: files, output and clock; kept by the caller.
  ///   - memoryLimit: bytes that all values together may take.
  ///   - cancellation: raise it from anywhere to stop what is running.
  /// - Throws: where there is no memory to start.
  public init(host: any Host, memoryLimit: Int = 4 << 30, cancellation: Cancellation = Cancellation())
    throws(Diagnostic)
  {
    self.host = host
    machine = try Machine(resources: Resources(limit: memoryLimit, cancellation: cancellation), host: host)
    machine.includeHandler = { [unowned self] path, base throws(Diagnostic) in
      try self.include(path, from: base)
    }
  }

  /// The flag that stops what is running; safe to raise from any thread and from a signal handler.
  public var cancellation: Cancellation { machine.resources.cancellation }

  /// What matrices made by the host are counted against.
  public var resources: Resources { machine.resources }

  /// How many more loop rounds and calls may run before a program is stopped.
  public var stepLimit: Int {
    get { machine.stepsLeft }
    set { machine.stepsLeft = newValue }
  }

  /// How deep calls may nest, at most 20,000.
  public var depthLimit: Int {
    get { machine.depthLimit }
    set { machine.depthLimit = min(max(1, newValue), Machine.mostDepth) }
  }

  /// Significant digits that numbers are shown with, 1 to 17.
  public var digits: Int {
    get { machine.display.digits }
    set { machine.display.digits = min(max(1, newValue), 17) }
  }

  /// Whether a program left a hole, `dW1 = ?`, that is still to be filled.
  public var hasHoles: Bool { machine.hasHoles }

  /// The arguments of a script, as `args` reads them.
  public func setArguments(_ arguments: [String]) throws(Diagnostic) {
    let values = arguments.map { Value.string($0) }
    let list = try machine.throwingDiagnostics { () throws(CoreError) in try List(values, in: resources) }
    self["args"] = .list(list)
  }

  // MARK: Running

  /// Parses and runs a program.
  ///
  /// - Parameters:
  ///   - text: the program.
  ///   - name: what messages call it.
  /// - Throws: the first syntax error, or what stopped the program; statements before it keep their effect.
  public func run(_ text: String, name: String = "<string>") throws(Diagnostic) {
    try run(Source(name: name, text: text))
  }

  /// The same for a source that the host has read.
  public func run(_ source: Source, isInteractive: Bool = false) throws(Diagnostic) {
    try run(try parse(source), name: source.name, isInteractive: isInteractive)
  }

  /// Runs a tree that was parsed before, or one statement of its top level.
  package func run(
    _ tree: SyntaxTree, statement: NodeID? = nil, name: String, isInteractive: Bool
  ) throws(Diagnostic) {
    guard machine.globals.count + tree.nameCount < Globals.capacity / 2 else {
      throw Diagnostic(.error, "the program has too many variables")
    }
    let (globals, numbers) = (machine.globals, machine.statementNumbers)
    if let statement {
      let code = try Compiler.compile(
        tree, statement: statement, name: name, globals: globals, isInteractive: isInteractive,
        numbers: numbers)
      try machine.run(code)
    } else {
      let pieces = try Compiler.pieces(
        tree, name: name, globals: globals, isInteractive: isInteractive, numbers: numbers)
      for piece in pieces { try machine.run(piece.code(numbers)) }
    }
  }

  /// The value of an expression.
  ///
  /// - Throws: as `run`.
  public func evaluate(_ text: String) throws(Diagnostic) -> Value {
    let slot = machine.globals.slot(of: "ans")
    let before = machine.globals[slot].pointee
    defer { machine.globals[slot].pointee = before }
    let answers = machine.answers
    var tree = try parse(Source(name: "<expression>", text: text))
    tree.hideValues()
    try run(tree, name: "<expression>", isInteractive: true)
    if machine.answers > answers { return machine.globals[slot].pointee }
    // A name alone is no answer that `ans` would keep.
    guard let last = tree.children(tree.root).last, case .expression(let node) = tree.statement(last),
      case .name(let id) = tree.expression(node)
    else { return .nothing }
    return self[tree.name(id)] ?? Builtins.value(named: tree.name(id)) ?? .nothing
  }

  func parse(_ source: Source) throws(Diagnostic) -> SyntaxTree {
    switch Parser.parse(source) {
    case .complete(let tree): return tree
    case .incomplete(let incomplete): throw incomplete.diagnostic
    case .failed(let diagnostics): throw diagnostics[0]
    }
  }

  private func include(_ path: String, from base: String) throws(Diagnostic) {
    if path.isEmpty { throw Diagnostic(.error, "the path of the file to include is empty") }
    let resolved = host.resolve(path, relativeTo: base)
    if including.contains(resolved) { throw Diagnostic(.error, "\(path) includes itself") }
    guard including.count < 64 else { throw Diagnostic(.error, "files include each other too deep") }
    let bytes: [UInt8]
    do { bytes = try host.readFile(resolved) } catch {
      if cancellation.isRaised { try machine.stop() }
      throw Diagnostic(.error, "cannot read \(path): \(error.reason)")
    }
    including.append(resolved)
    defer { including.removeLast() }
    try run(Source(name: resolved, bytes: bytes))
  }

  // MARK: Variables

  /// A variable's value; nil where it has none. Setting gives it one, as an assignment would; nil takes it away.
  public subscript(name: String) -> Value? {
    get { machine.globals.value(of: name) }
    set { machine.setGlobal(name, newValue ?? .nothing) }
  }

  /// The names of all variables that have a value, in the order they were first used.
  public var variableNames: [String] {
    machine.globals.names.filter { machine.globals.value(of: $0) != nil }
  }

  /// What a variable is to the graph.
  public func role(of name: String) -> VariableRole { machine.role(named: name) }
}
