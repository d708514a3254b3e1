import NNCore

/// The statements that make one hand-written gradient, in order, each with the formula that may be wrong in it.
struct HandProgram {
  struct Step {
    let line: CheckProblem.Line
    /// The variable it assigns; nil for a statement that cannot be edited.
    let target: String?
    let reader: LineReader
    let formula: LineFormula?
  }

  let gradient: String
  private(set) var steps: [Step] = []
  /// The gradients of other variables that it reads.
  private(set) var gradientsRead: Set<String> = []

  init(_ hand: CheckProblem.Hand, in problem: CheckProblem) {
    self.init(hand.gradient, hand.lines, in: problem)
  }

  /// The statements that make a variable which hand-written lines read.
  init?(helper name: String, in problem: CheckProblem) {
    guard let lines = problem.helpers[name] else { return nil }
    self.init(name, lines, in: problem)
  }

  private init(_ name: String, _ own: [CheckProblem.Line], in problem: CheckProblem) {
    gradient = name
    var lines = own
    var pending = lines.flatMap(\.names.reads)
    var seen: Set<String> = [name]
    // What the rounds of a loop make anew is the loop's own affair.
    for line in own where line.loop != nil {
      seen.formUnion(line.names.targets.filter { !line.names.goesOn(from: $0) })
    }
    while let name = pending.popLast() {
      guard seen.insert(name).inserted else { continue }
      if let variable = GradientName.variable(of: name), problem.differentiated.contains(variable) {
        gradientsRead.insert(variable)
      } else if let helper = problem.helpers[name] {
        lines += helper.filter { line in !lines.contains { $0.isSame(as: line) } }
        pending += helper.flatMap(\.names.reads)
      }
    }
    // What a line reads was made before it, whatever the last round of a loop did afterwards.
    steps = Self.ordered(lines).map(Self.step)
  }

  /// Whether a statement is one of its steps.
  func contains(_ line: CheckProblem.Line) -> Bool { steps.contains { $0.line.isSame(as: line) } }

  /// Lines so that each follows those whose targets it reads, else in the order of the program.
  private static func ordered(_ lines: [CheckProblem.Line]) -> [CheckProblem.Line] {
    var rest = lines.sorted { $0.number < $1.number }
    var result: [CheckProblem.Line] = []
    while !rest.isEmpty {
      let place =
        rest.firstIndex { line in
          !rest.contains { other in
            !other.isSame(as: line)
              && other.names.targets.contains {
                line.names.reads.contains($0) && !line.names.targets.contains($0)
              }
          }
        } ?? 0
      result.append(rest.remove(at: place))
    }
    return result
  }

  private static func step(_ line: CheckProblem.Line) -> Step {
    var reader = LineReader(line.tree)
    switch line.tree.statement(line.node) {
    case _ where line.loop != nil: return Step(line: line, target: nil, reader: reader, formula: nil)
    case .assign(let target, let value) where line.tree.kind(target) == .name:
      let formula = reader.formula(value)
      return Step(line: line, target: name(target, line), reader: reader, formula: formula)
    case .compoundAssign(let operation, let target, let value) where line.tree.kind(target) == .name:
      let name = name(target, line)
      let formula = LineFormula.binary(operation, .name(name), reader.formula(value))
      return Step(line: line, target: name, reader: reader, formula: formula)
    default: return Step(line: line, target: nil, reader: reader, formula: nil)
    }
  }

  private static func name(_ node: NodeID, _ line: CheckProblem.Line) -> String {
    line.tree.nameID(node).map(line.tree.name) ?? ""
  }
}

/// A step of a program with another formula.
struct Replacement: Hashable {
  let step: Int
  let formula: LineFormula
}

/// Runs hand-written lines on the numbers of a probe.
final class HandRunner {
  let bench: CheckBench
  private let problem: CheckProblem
  private var known: [Key: Code] = [:]
  /// Why the last program that failed did so.
  private(set) var failure: String?

  private struct Key: Hashable {
    let number: Int64
    /// One statement may stand with different names for variables.
    let names: [String]
    let literals: [Double: Double]
  }

  init(_ problem: CheckProblem, _ bench: CheckBench) throws(Diagnostic) {
    self.problem = problem
    self.bench = bench
    for (name, function) in problem.functions { try bench.define(name, function) }
  }

  /// Puts the numbers of a probe into the variables.
  ///
  /// - Parameter scales: by variable, what its gradient is multiplied by.
  func load(_ probe: CheckProbe, _ scales: [String: Scalar]) throws(Diagnostic) {
    for (name, value) in probe.values { bench.interpreter[name] = try plain(value) }
    for (variable, gradient) in probe.truth {
      let scaled = try scaled(gradient, by: scales[variable] ?? 1)
      bench.interpreter[GradientName.of(variable)] = Value.matrix(scaled).unboxed
    }
  }

  private func plain(_ value: Value) throws(Diagnostic) -> Value {
    guard case .matrix(let matrix) = value else { return value }
    do { return Value.matrix(try matrix.copy(in: bench.interpreter.resources)).unboxed } catch {
      throw Diagnostic(core: error)
    }
  }

  private func scaled(_ matrix: Matrix, by factor: Scalar) throws(Diagnostic) -> Matrix {
    do {
      let copy = try matrix.copy(in: bench.interpreter.resources)
      if factor != 1 { for k in 0..<copy.shape.count { copy.mutablePointer[k] *= factor } }
      return copy
    } catch { throw Diagnostic(core: error) }
  }

  /// Code for each step.
  func code(_ program: HandProgram, _ replacement: Replacement?, _ literals: [Double: Double])
    throws(Diagnostic)
    -> [Code]
  {
    var codes: [Code] = []
    // What a changed line reads besides has to be made first.
    for name in replacement?.formula.names.sorted() ?? [] {
      guard let helper = HandProgram(helper: name, in: problem) else { continue }
      for step in helper.steps { codes.append(try code(step.line, literals)) }
    }
    for (index, step) in program.steps.enumerated() {
      if let replacement, replacement.step == index {
        codes.append(try code(step, replacement.formula, literals))
      } else {
        codes.append(try code(step.line, literals))
      }
    }
    return codes
  }

  private func code(_ line: CheckProblem.Line, _ literals: [Double: Double]) throws(Diagnostic) -> Code {
    let key = Key(number: line.number, names: line.names.targets + line.names.reads, literals: literals)
    if let code = known[key] { return code }
    let code = try bench.prepare(line, literals: literals)
    known[key] = code
    return code
  }

  private func code(_ step: HandProgram.Step, _ formula: LineFormula, _ literals: [Double: Double])
    throws(Diagnostic)
    -> Code
  {
    var builder = SyntaxBuilder()
    let value = step.reader.build(formula, literals, &builder)
    let target = builder.name(step.target ?? "")
    return try bench.prepare(builder.assign(target, value), &builder)
  }

  /// The gradient that a program computes from what is loaded; nil where it fails.
  func run(_ codes: [Code], of program: HandProgram) throws(Diagnostic) -> Matrix? {
    let before = Set(program.steps.flatMap(\.line.names.targets) + [program.gradient]).map { name in
      (name: name, value: bench.interpreter[name])
    }
    defer { for (name, value) in before { bench.interpreter[name] = value } }
    do {
      for code in codes { try bench.run(code) }
    } catch {
      if bench.interpreter.cancellation.isRaised { throw error }
      failure = error.message
      return nil
    }
    return bench.matrix(program.gradient)
  }
}
