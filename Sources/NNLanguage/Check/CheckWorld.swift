import NNCore

/// One choice of numbers for everything a cost is computed from, with the true gradients.
struct CheckProbe {
  /// Inputs, params and what the forward statements computed from them, as plain data.
  var values: [String: Value] = [:]
  /// By variable: the gradient of the cost.
  var truth: [String: Matrix] = [:]
  var cost: Scalar = 0
  /// The number of examples.
  var count: Scalar = 1
  /// Whether there are more examples than in the program.
  var isGrown = false
}

/// Probes of one choice of shapes.
struct CheckWorld {
  var probes: [CheckProbe]
  /// Numbers of the source text that stand for sizes which are others here.
  var literals: [Double: Double] = [:]
  /// Whether the shapes are the user's own.
  var isOriginal: Bool
}

/// Makes the numbers that hand-written gradients are judged by.
struct CheckWorldMaker {
  let problem: CheckProblem
  let bench: CheckBench
  /// The largest input, in elements, that is tried at its own size.
  private static let mostElements = 20_000
  private static let largestSize = 40

  /// Worlds in which a right line has to be right: the user's shapes, and shapes that tell all dimensions apart.
  /// Of each inner group one is enough: in it, numbers equal to a size are themselves, or the size.
  func worlds() throws(Diagnostic) -> [[CheckWorld]] {
    for (name, function) in problem.functions { try bench.define(name, function) }
    let ties = try? tiedInputs()
    let sizes = ties?.otherSizes(above: isLarge ? Self.largestSize : .max) ?? [:]
    var result: [[CheckWorld]] = []
    if !isLarge || sizes.isEmpty {
      guard let own = try world(ties, [:], literals: [:]) else {
        throw Diagnostic(.error, "\(problem.cost) cannot be computed for other numbers of the same kind")
      }
      result.append([own])
    }
    guard !sizes.isEmpty, let ties else { return result }
    let others = try otherWorlds(ties, sizes)
    if !others.isEmpty {
      result.append(others)
    } else if result.isEmpty, let own = try world(ties, [:], literals: [:]) {
      result.append([own])
    }
    return result
  }

  private func otherWorlds(_ ties: TiedInputs, _ sizes: [ObjectIdentifier: Int]) throws(Diagnostic)
    -> [CheckWorld]
  {
    var literals: [Double: Double] = [:]
    for symbol in ties.symbols.map(\.root) {
      if let size = sizes[ObjectIdentifier(symbol)] { literals[Double(symbol.value)] = Double(size) }
    }
    // A size that also belongs to a dimension that stays is not replaced in the first place.
    for symbol in ties.symbols.map(\.root) where sizes[ObjectIdentifier(symbol)] == nil {
      literals[Double(symbol.value)] = nil
    }
    var result: [CheckWorld] = []
    for map in literals.isEmpty ? [[:]] : [literals, [:]] {
      if let world = try world(ties, sizes, literals: map) { result.append(world) }
    }
    return result
  }

  var numericInputs: [(name: String, matrix: Matrix)] {
    problem.inputs.keys.sorted().compactMap { name in
      switch problem.inputs[name] {
      case .matrix(let matrix): (name, matrix)
      case .number(let number):
        (try? Matrix(repeating: number, .scalar, in: bench.interpreter.resources)).map { (name, $0) }
      default: nil
      }
    }
  }

  private var isLarge: Bool { numericInputs.contains { $0.matrix.shape.count > Self.mostElements } }

  // MARK: Running the forward statements

  private func world(
    _ ties: TiedInputs?, _ sizes: [ObjectIdentifier: Int], literals: [Double: Double]
  ) throws(Diagnostic) -> CheckWorld? {
    var probes: [CheckProbe] = []
    for seed in 0..<(sizes.isEmpty ? 3 : 2) {
      for tameness in 0..<3 {
        if let probe = try probe(ties, sizes, literals, seed: UInt32(seed + 1), tameness: tameness) {
          probes.append(probe)
          break
        }
        try checkInterrupt()
      }
    }
    return probes.isEmpty ? nil : CheckWorld(probes: probes, literals: literals, isOriginal: sizes.isEmpty)
  }

  /// - Parameter tameness: 0 for any numbers of the kind, 1 for the user's own moved, 2 for the user's own.
  private func probe(
    _ ties: TiedInputs?, _ sizes: [ObjectIdentifier: Int], _ literals: [Double: Double], seed: UInt32,
    tameness: Int
  ) throws(Diagnostic) -> CheckProbe? {
    guard tameness == 0 || sizes.isEmpty else { return nil }
    var fresh = FreshInputs(seed: seed, in: bench.interpreter.resources)
    var probe = CheckProbe()
    for (name, value) in problem.inputs { probe.values[name] = value }
    do {
      for (name, matrix) in numericInputs {
        let shape = ties?.shape(of: name, sizes) ?? matrix.shape
        let value = try input(name, matrix, shape, literals, tameness, &fresh)
        probe.values[name] = .matrix(value)
      }
    } catch { throw Diagnostic(core: error) }
    return try run(&probe, literals, ties, sizes) ? probe : nil
  }

  /// Computes the cost and its gradients from the inputs of a probe; false where that is of no use.
  func run(
    _ probe: inout CheckProbe, _ literals: [Double: Double] = [:], _ ties: TiedInputs? = nil,
    _ sizes: [ObjectIdentifier: Int] = [:]
  ) throws(Diagnostic) -> Bool {
    do {
      try compute(&probe, literals, params: problem.params)
      try bench.run(try bench.prepare("backward(\(problem.cost))"))
    } catch {
      try checkInterrupt()
      return false
    }
    return collect(&probe, ties, sizes)
  }

  private func input(
    _ name: String, _ matrix: Matrix, _ shape: Shape, _ literals: [Double: Double], _ tameness: Int,
    _ fresh: inout FreshInputs
  ) throws(CoreError) -> Matrix {
    let isParam = problem.params.contains(name)
    let kind = isParam && !matrix.isScalar ? InputKind.real : InputKind(matrix)
    if !isParam, kind == .kept {
      guard matrix.isScalar, let other = literals[matrix.buffer[0]] else { return matrix }
      return try Matrix(repeating: other, .scalar, in: bench.interpreter.resources)
    }
    if tameness == 2 { return matrix }
    if tameness == 1 { return isParam || kind == .real ? try fresh.moved(matrix, by: 0.1) : matrix }
    return try fresh.matrix(kind, shape)
  }

  /// Sets the inputs, declares params and runs the forward statements.
  private func compute(_ probe: inout CheckProbe, _ literals: [Double: Double], params: [String])
    throws(Diagnostic)
  {
    for (name, value) in probe.values.sorted(by: { $0.key < $1.key }) { try bench.set(name, value) }
    for name in params {
      var builder = SyntaxBuilder()
      let declaration = builder.param(name)
      try bench.run(try bench.prepare(declaration, &builder))
    }
    try bench.run(try bench.prepare("seed(1)"))
    for line in problem.forward { try bench.run(try bench.prepare(line, literals: literals)) }
  }

  /// Reads what was computed; false where it is of no use.
  private func collect(_ probe: inout CheckProbe, _ ties: TiedInputs?, _ sizes: [ObjectIdentifier: Int])
    -> Bool
  {
    guard let cost = bench.matrix(problem.cost), cost.isScalar, cost.buffer[0].isFinite else { return false }
    probe.cost = cost.buffer[0]
    for name in problem.variables {
      probe.values[name] = bench.interpreter[name]
      if let gradient = bench.matrix(GradientName.of(name)) {
        guard gradient.buffer.allSatisfy(\.isFinite) else { return false }
        probe.truth[name] = gradient
      }
    }
    if let examples = ties?.examples {
      let columns = sizes[ObjectIdentifier(examples.columns.symbol.root)] ?? examples.columns.value
      let rows = sizes[ObjectIdentifier(examples.rows.symbol.root)] ?? examples.rows.value
      probe.count = Scalar(countsRows(examples) ? rows : columns)
    }
    return true
  }

  /// Whether the examples are rows: only the number of rows is spoken of.
  private func countsRows(_ examples: TiedShape) -> Bool {
    if examples.columns.value == 1 { return true }
    let lines = problem.forward + problem.hands.flatMap(\.lines)
    if lines.contains(where: { !Set($0.calls).isDisjoint(with: ["bce", "crossentropy", "mse"]) }) {
      return false
    }
    var numbers = Set(lines.flatMap(\.numbers))
    numbers.formUnion(problem.inputs.values.compactMap(\.number))
    return numbers.contains(Double(examples.rows.value)) && !numbers.contains(Double(examples.columns.value))
  }

  /// Runs the forward statements with every input a param, so that the graph sees how shapes depend on each other.
  private func tiedInputs() throws(Diagnostic) -> TiedInputs? {
    var probe = CheckProbe(values: problem.inputs)
    let names = numericInputs.filter { !$0.matrix.isScalar || problem.params.contains($0.name) }.map(\.name)
    try compute(&probe, [:], params: names)
    guard let cost = bench.matrix(problem.cost) else { return nil }
    do { return try TiedInputs(of: cost, in: bench.machine) } catch { return nil }
  }

  private func checkInterrupt() throws(Diagnostic) {
    if bench.interpreter.cancellation.isRaised { throw Diagnostic(.interrupt, "interrupted") }
  }
}
