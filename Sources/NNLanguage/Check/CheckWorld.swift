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
  /// Numbers of the source text that stand for sizes, or numbers of data, which are others here.
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
  /// Of each inner group one is enough: in it, numbers equal to a size, or to a number of data, are themselves or that.
  func worlds() throws(Diagnostic) -> [[CheckWorld]] {
    let groups = try worlds(Setting(numbers: otherNumbers))
    if !groups.isEmpty { return groups }
    return try keptWorlds()
  }

  /// The same with the program's single numbers.
  func keptWorlds() throws(Diagnostic) -> [[CheckWorld]] {
    let groups = try worlds(Setting())
    guard !groups.isEmpty else {
      throw Diagnostic(.error, "\(problem.cost) cannot be computed for other numbers of the same kind")
    }
    return groups
  }

  /// Whether a single number of the data is drawn anew.
  var drawsNumbers: Bool { !otherNumbers.isEmpty }

  /// What the inputs of a world are drawn by.
  private struct Setting {
    var sizes: [ObjectIdentifier: Int] = [:]
    /// Numbers of the text of the forward statements that become others.
    var literals: [Double: Double] = [:]
    /// Single numbers of the data that are others.
    var numbers: [String: Scalar] = [:]
    /// Whether inputs whose rows and columns sum to 1 keep that in the rows.
    var examplesAreRows = false
  }

  private func worlds(_ setting: Setting) throws(Diagnostic) -> [[CheckWorld]] {
    for (name, function) in problem.functions { try bench.define(name, function) }
    let ties = try? tiedInputs()
    let limit = isLarge ? Self.largestSize : .max
    let sizes = ties.map { $0.otherSizes(above: limit, examples: examples(of: $0)) } ?? [:]
    var result: [[CheckWorld]] = []
    if !isLarge || sizes.isEmpty {
      guard let own = try world(ties, setting) else { return [] }
      result.append(alternatives(own, setting))
    }
    guard !sizes.isEmpty, let ties else { return result }
    let others = try otherWorlds(ties, sizes, setting)
    if !others.isEmpty {
      result.append(others)
    } else if result.isEmpty, let own = try world(ties, setting) {
      result.append(alternatives(own, setting))
    }
    return result
  }

  private func otherWorlds(_ ties: TiedInputs, _ sizes: [ObjectIdentifier: Int], _ setting: Setting)
    throws(Diagnostic) -> [CheckWorld]
  {
    var literals: [Double: Double] = [:]
    for symbol in ties.symbols.map(\.root) {
      if let size = sizes[ObjectIdentifier(symbol)] { literals[Double(symbol.value)] = Double(size) }
    }
    // A size that also belongs to a dimension that stays is not replaced in the first place.
    for symbol in ties.symbols.map(\.root) where sizes[ObjectIdentifier(symbol)] == nil {
      literals[Double(symbol.value)] = nil
    }
    let isAmbiguous = numericInputs.contains { name, matrix in
      !problem.params.contains(name) && InputKind(matrix).isAmbiguous
    }
    var result: [CheckWorld] = []
    for examplesAreRows in isAmbiguous ? [false, true] : [false] {
      for map in literals.isEmpty ? [[:]] : [literals, [:]] {
        var setting = setting
        (setting.sizes, setting.literals, setting.examplesAreRows) = (sizes, map, examplesAreRows)
        if let world = try world(ties, setting) { result += alternatives(world, setting) }
      }
    }
    return result
  }

  /// A world, and the same one where numbers written in the gradients' lines stand for numbers of the data.
  private func alternatives(_ world: CheckWorld, _ setting: Setting) -> [CheckWorld] {
    var literals = world.literals
    for (name, other) in setting.numbers {
      guard let number = problem.inputs[name]?.number else { continue }
      literals[number.magnitude] = other.magnitude
    }
    if literals == world.literals { return [world] }
    return [world, CheckWorld(probes: world.probes, literals: literals, isOriginal: world.isOriginal)]
  }

  /// Other values for the numbers of the data that are operands of the forward statements and equal no size.
  private var otherNumbers: [String: Scalar] {
    let matrices = numericInputs.map(\.matrix).filter { !$0.isScalar }
    let dimensions = Set(matrices.flatMap { [$0.rows, $0.columns] })
    let products = dimensions.flatMap { a in dimensions.map { a * $0 } }
    let sizes = Set((Array(dimensions) + products).map(Scalar.init))
    // Without matrices, one that something is divided by may still count the one example there is.
    let divisors = problem.forward.reduce(into: Set<String>()) { $0.formUnion($1.divisors) }
    var fresh = FreshInputs(seed: 7, in: bench.interpreter.resources)
    var result: [String: Scalar] = [:]
    for name in problem.freeNumbers.sorted() {
      guard let number = problem.inputs[name]?.number, !sizes.contains(number),
        number != 1 || !divisors.contains(name)
      else { continue }
      let size = number.magnitude
      // What is very small or large stands for a limit: 1e-8 beside a divisor.
      guard size >= 1e-3, size <= 1e6,
        let other = try? fresh.matrix(size < 1 ? .fractions : .positive, .scalar)
      else { continue }
      result[name] = number < 0 ? -other.buffer[0] : other.buffer[0]
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

  private func world(_ ties: TiedInputs?, _ setting: Setting) throws(Diagnostic) -> CheckWorld? {
    var probes: [CheckProbe] = []
    for seed in 0..<(setting.sizes.isEmpty ? 3 : 2) {
      for tameness in 0..<3 {
        if let probe = try probe(ties, setting, seed: UInt32(seed + 1), tameness: tameness) {
          probes.append(probe)
          break
        }
        try checkInterrupt()
      }
    }
    if probes.isEmpty { return nil }
    return CheckWorld(probes: probes, literals: setting.literals, isOriginal: setting.sizes.isEmpty)
  }

  /// - Parameter tameness: 0 for any numbers of the kind, 1 for the user's own moved, 2 for the user's own.
  private func probe(_ ties: TiedInputs?, _ setting: Setting, seed: UInt32, tameness: Int)
    throws(Diagnostic) -> CheckProbe?
  {
    guard tameness == 0 || setting.sizes.isEmpty else { return nil }
    var fresh = FreshInputs(seed: seed, in: bench.interpreter.resources)
    var probe = CheckProbe()
    for (name, value) in problem.inputs { probe.values[name] = value }
    do {
      for (name, matrix) in numericInputs {
        if let other = setting.numbers[name] {
          probe.values[name] = .number(other)
          continue
        }
        let shape = ties?.shape(of: name, setting.sizes) ?? matrix.shape
        let value = try input(name, matrix, shape, setting, tameness, &fresh)
        probe.values[name] = .matrix(value)
      }
    } catch { throw Diagnostic(core: error) }
    return try run(&probe, setting.literals, ties, setting.sizes) ? probe : nil
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
    _ name: String, _ matrix: Matrix, _ shape: Shape, _ setting: Setting, _ tameness: Int,
    _ fresh: inout FreshInputs
  ) throws(CoreError) -> Matrix {
    let isParam = problem.params.contains(name)
    let kind = isParam && !matrix.isScalar ? InputKind.real : InputKind(matrix)
    if !isParam, kind == .kept {
      guard matrix.isScalar, let other = setting.literals[matrix.buffer[0]] else { return matrix }
      return try Matrix(repeating: other, .scalar, in: bench.interpreter.resources)
    }
    if tameness == 2 { return matrix }
    if tameness == 1 { return isParam || kind == .real ? try fresh.moved(matrix, by: 0.1) : matrix }
    // A square one can keep both.
    let isSquare = shape.rows == shape.columns
    return try fresh.matrix(isSquare ? kind : kind.settled(asRows: setting.examplesAreRows), shape)
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
    if let examples = ties.flatMap(examples) {
      probe.count = Scalar(sizes[ObjectIdentifier(examples.symbol.root)] ?? examples.value)
    }
    return true
  }

  /// The dimension that counts the examples.
  private func examples(of ties: TiedInputs) -> TiedDimension? {
    ties.examples.map { countsRows($0, ties) ? $0.rows : $0.columns }
  }

  /// Whether the examples are rows. A dimension that a param has too is that of features or units; where that does not
  /// tell, what the lines speak of does.
  private func countsRows(_ examples: TiedShape, _ ties: TiedInputs) -> Bool {
    if examples.columns.value == 1 { return true }
    let shapes = problem.params.compactMap { ties.shapes[$0] }
    let trained = Set(
      shapes.flatMap { [$0.rows, $0.columns] }.filter { $0.value > 1 }.map {
        ObjectIdentifier($0.symbol.root)
      })
    func isTrained(_ dimension: TiedDimension) -> Bool {
      trained.contains(ObjectIdentifier(dimension.symbol.root))
    }
    if isTrained(examples.rows) != isTrained(examples.columns) { return isTrained(examples.columns) }
    let lines = problem.forward + problem.hands.flatMap(\.lines)
    let calls = Set(lines.flatMap(\.calls))
    if !calls.isDisjoint(with: ["bce", "crossentropy", "mse"]) { return false }
    if calls.contains("rows") != calls.contains("columns") { return calls.contains("rows") }
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
