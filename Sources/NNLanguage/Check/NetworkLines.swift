import NNCore

/// Networks as `check` judges them: `A = forward(net, X)` is taken apart into the lines that it stands for, and a field
/// such as `net.W1` is a variable of that name.
struct NetworkLines {
  private let networks: [String: Network]
  /// Networks whose run was taken apart.
  private var seen: Set<String> = []
  /// Activations that no variable of the program is.
  private(set) var functions: [String: Function] = [:]
  /// Gradients that the program calls `dW1` where they are `net.dW1`.
  private(set) var aliases: [String: String] = [:]
  private let named: (Function) -> String?

  init(_ machine: Machine, _ scopes: [Machine.Scope]) {
    var networks: [String: Network] = [:]
    var functions: [(name: String, function: Function)] = []
    for scope in scopes {
      for variable in machine.variables(of: scope) where networks[variable.name] == nil {
        switch machine.place(of: variable).pointee {
        case .object(let object): networks[variable.name] = object as? Network
        case .function(let function): functions.append((variable.name, function))
        default: break
        }
      }
    }
    self.networks = networks
    named = { function in functions.first { $0.function === function }?.name }
  }

  // MARK: Fields

  private func field(_ name: String) -> (network: Network, field: String)? {
    guard let point = name.lastIndex(of: "."), let network = networks[String(name[..<point])] else {
      return nil
    }
    return (network, String(name[name.index(after: point)...]))
  }

  /// The value of `net.W1`; nil for other names.
  func value(_ name: String) -> Value? { field(name).flatMap { $0.network.fieldValue($0.field) } }

  /// The value of a field where there is one network alone, whose gradients go by plain names too.
  func valueOfOnlyNetwork(_ field: String) -> Value? {
    networks.count == 1 ? networks.first?.value.fieldValue(field) : nil
  }

  /// Everything in the networks that has numbers.
  var fields: [(name: String, matrix: Matrix)] {
    networks.sorted { $0.key < $1.key }.flatMap { name, network in
      network.allFieldNames().compactMap { field in
        if case .matrix(let matrix)? = network.fieldValue(field) { return ("\(name).\(field)", matrix) }
        return nil
      }
    }
  }

  func isParam(_ name: String) -> Bool { field(name).map { $0.network.param($0.field) != nil } ?? false }

  /// The statements that assigned gradients of networks by hand, with the variables these belong to.
  var hands: [(variable: String, statement: Int32)] {
    networks.flatMap { name, network in
      network.state.handStatements.map { ("\(name).\($0.key)", $0.value) }
    }
    .sorted { $0.1 < $1.1 }
  }

  /// A line in which fields of networks are variables.
  func plain(_ line: CheckProblem.Line) -> CheckProblem.Line {
    let tree = line.tree
    if networks.isEmpty && aliases.isEmpty { return line }
    var builder = SyntaxBuilder()
    var isChanged = false
    let copy = builder.copy(line.node, from: tree) { node, builder in
      let name: String?
      switch tree.kind(node) {
      case .field: name = path(node, tree)
      case .name: name = tree.nameID(node).flatMap { aliases[tree.name($0)] }
      default: name = nil
      }
      guard let name else { return nil }
      isChanged = true
      return builder.name(name)
    }
    return isChanged ? line.with(copy, builder) : line
  }

  private func path(_ node: NodeID, _ tree: SyntaxTree) -> String? {
    guard let (base, field) = tree.fieldOfVariable(node), networks[base] != nil else { return nil }
    return "\(base).\(field)"
  }

  /// Lets `dW1` stand for `net.dW1`, as long as it can mean nothing else.
  ///
  /// - Parameters:
  ///   - variables: what the cost depends on.
  ///   - isKnown: whether the program has a variable of a name.
  mutating func findAliases(_ variables: Set<String>, isKnown: (String) -> Bool) {
    guard seen.count == 1, let network = seen.first else { return }
    for variable in variables where variable.hasPrefix(network + ".") {
      let field = String(variable.dropFirst(network.utf8.count + 1))
      guard !isKnown(field), !variables.contains(field), isKnown(GradientName.of(field)) else { continue }
      aliases[GradientName.of(field)] = GradientName.of(variable)
    }
  }

  // MARK: Runs

  /// The lines that a statement of the cost stands for: itself, behind those of a network that it runs.
  ///
  /// - Throws: where one network runs twice, since its fields keep one run only.
  mutating func lines(_ line: CheckProblem.Line) throws(Diagnostic) -> [CheckProblem.Line] {
    var run: (name: String, call: NodeID, input: NodeID)?
    var pending = [line.node]
    while let node = pending.popLast() {
      pending.append(contentsOf: line.tree.children(node))
      guard let (name, input) = forward(node, line.tree) else { continue }
      guard seen.insert(name).inserted else {
        throw Diagnostic(
          .error, "\(name) runs more than once on the way, and \(name).Z1 is of the last run only"
        )
        .hinting("let one forward(\(name), …) run all examples")
      }
      run = (name, node, input)
    }
    guard let run, let network = networks[run.name] else { return [plain(line)] }
    var result = layers(of: network, run.name, run.input, line)
    var builder = SyntaxBuilder()
    let output = "\(run.name).A\(network.depth)"
    let copy = builder.copy(line.node, from: line.tree) { node, builder in
      node == run.call ? builder.name(output) : nil
    }
    result.append(plain(line.with(copy, builder, offset: Int64(result.count))))
    return result
  }

  private func forward(_ node: NodeID, _ tree: SyntaxTree) -> (name: String, input: NodeID)? {
    guard tree.kind(node) == .call, case .call(let callee, let arguments) = tree.expression(node),
      case .name(let id) = tree.expression(callee), tree.name(id) == "forward", arguments.count == 2,
      let first = arguments.first, let last = arguments.last,
      case .name(let network) = tree.expression(tree.argument(first).value),
      networks[tree.name(network)] != nil
    else { return nil }
    return (tree.name(network), tree.argument(last).value)
  }

  private mutating func layers(
    of network: Network, _ name: String, _ input: NodeID, _ line: CheckProblem.Line
  ) -> [CheckProblem.Line] {
    var writer = LayerWriter(line: line) { builder in builder.copy(input, from: line.tree) }
    var (number, normalised, masks) = (0, 0, 0)
    for layer in network.layers {
      switch layer {
      case .dense(_, _, let activation, _):
        if number > 0 { writer.assign("\(name).A\(number)") }
        number += 1
        let (weights, bias) = ("\(name).W\(number)", "\(name).b\(number)")
        writer.apply { input, builder in
          let weights = builder.name(weights)
          let product = builder.binary(.multiply, weights, input(&builder))
          let bias = builder.name(bias)
          return builder.binary(.add, product, bias)
        }
        writer.assign("\(name).Z\(number)")
        if let activation { apply(activation, &writer, name) }
      case .function(let function): apply(function, &writer, name)
      case .dropout(let part):
        guard part > 0 else { continue }
        masks += 1
        let mask = "\(name).mask\(masks)"
        writer.apply { input, builder in
          let kept = builder.binary(.elementMultiply, input(&builder), builder.name(mask))
          return builder.binary(.divide, kept, builder.number(1 - part))
        }
      case .batchNorm:
        normalised += 1
        let (gamma, beta) = ("\(name).gamma\(number)", "\(name).beta\(number)")
        writer.assign("\(name).A\(number)" + String(repeating: Inlining.mark, count: normalised))
        writer.apply { input, builder in
          let two = builder.number(2)
          let mean = builder.call("mean", [input(&builder), two])
          return builder.binary(.subtract, input(&builder), mean)
        }
        writer.assign("\(name).C\(number)" + String(repeating: Inlining.mark, count: normalised))
        writer.apply { centred, builder in
          let square = builder.binary(.elementPower, centred(&builder), builder.number(2))
          let axis = builder.number(2)
          let variance = builder.call("mean", [square, axis])
          let deviation = builder.call(
            "sqrt", [builder.binary(.add, variance, builder.number(Layer.epsilon))])
          let scaled = builder.binary(.elementDivide, centred(&builder), deviation)
          let gamma = builder.name(gamma)
          let product = builder.binary(.elementMultiply, gamma, scaled)
          return builder.binary(.add, product, builder.name(beta))
        }
      }
    }
    writer.assign("\(name).A\(number)")
    return writer.lines
  }

  private mutating func apply(_ function: Function, _ writer: inout LayerWriter, _ network: String) {
    var name = function.name
    if case .user = function.body {
      name = named(function) ?? "\(network).\(function.name)\(Inlining.mark)"
      functions[name] = function
    }
    writer.apply { input, builder in builder.call(name, [input(&builder)]) }
  }
}

/// Writes what layers do as lines.
private struct LayerWriter {
  typealias Expression = (inout SyntaxBuilder) -> NodeID

  private(set) var lines: [CheckProblem.Line] = []
  private let line: CheckProblem.Line
  private var current: Expression

  init(line: CheckProblem.Line, input: @escaping Expression) {
    self.line = line
    current = input
  }

  mutating func apply(_ make: @escaping (Expression, inout SyntaxBuilder) -> NodeID) {
    let input = current
    current = { builder in make(input, &builder) }
  }

  /// Gives the value so far a name.
  mutating func assign(_ name: String) {
    var builder = SyntaxBuilder()
    let target = builder.name(name)
    let value = current(&builder)
    let statement = builder.assign(target, value)
    lines.append(line.with(statement, builder, offset: Int64(lines.count)))
    current = { builder in builder.name(name) }
  }
}

extension CheckProblem.Line {
  /// Another statement in the place of this one.
  ///
  /// - Parameter offset: how many lines of the same statement stand before it.
  /// The same line with another statement.
  func with(_ statement: NodeID, _ builder: SyntaxBuilder, offset: Int64 = 0) -> Self {
    var builder = builder
    let tree = builder.finish(statement)
    let names =
      loop == nil ? StatementNames(statement, in: tree) : StatementNames(loop: statement, in: tree)
    var line = Self(
      tree: tree, node: statement, names: names, number: number + offset, file: file, sourceLine: sourceLine)
    line.loop = loop
    return line
  }
}
