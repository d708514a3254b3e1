import NNCore

extension Interpreter {
  /// What a line would give if it were run now.
  public enum Preview: Hashable, Sendable {
    /// The shape of its last value.
    case shape(String)
    /// A small value as it would be shown.
    case value(String)
    /// Why its shapes do not fit.
    case mismatch(String)
  }

  /// What the last statement of a line would give, found from shape rules and, where it is cheap and has no effect,
  /// by computing it. Nothing changes, whatever the line says.
  ///
  /// - Parameter isStale: asked before the dearer part, whether the answer is still wanted.
  /// - Returns: nil where nothing useful can be said: the line is not whole, calls functions of the user's, has
  ///   names without values.
  public func preview(_ text: String, isStale: () -> Bool = { false }) -> Preview? {
    guard text.utf8.count <= 10_000, machine.isIdle else { return nil }
    let source = Source(name: "<preview>", text: text)
    guard case .complete(let tree) = Parser.parse(source, limits: .init(tokens: 2_000, nesting: 100)),
      case .block(let statements) = tree.statement(tree.root), let last = statements.last
    else { return nil }
    var inference = ShapeInference(tree) { [unowned self] in self[$0] }
    do throws(ShapeInference.Mismatch) {
      for statement in statements.dropLast() { try inference.pass(statement) }
      guard let (value, node) = try inference.result(of: last), let shape = value.shape else { return nil }
      guard let node else {
        return value.number.map { .value(machine.display.text($0)) } ?? .shape("\(shape)")
      }
      if tree.isTrivial(node) && shape.isScalar { return nil }
      if statements.count == 1, inference.isPure, inference.cost <= Self.mostCost, shape.count <= 8,
        !isStale(),
        let text = computed(tree, node)
      {
        return .value(text)
      }
      return .shape("\(shape)")
    } catch {
      return .mismatch(error.message)
    }
  }

  /// Operations that take about a millisecond.
  private static let mostCost = 200_000.0

  /// The value of an expression that is cheap and without effect, on one line.
  private func computed(_ tree: SyntaxTree, _ node: NodeID) -> String? {
    guard let source = tree.source else { return nil }
    let steps = stepLimit
    let stream = machine.random
    defer {
      stepLimit = steps
      machine.random = stream
    }
    stepLimit = 10_000
    guard let value = try? evaluate(source.text(tree.range(node))),
      let text = try? machine.display.text(value), !text.contains("\n"), text.count <= 60
    else { return nil }
    return text
  }
}

extension SyntaxTree {
  /// Whether it says its own value: a number.
  fileprivate func isTrivial(_ node: NodeID) -> Bool {
    switch expression(node) {
    case .number: return true
    case .unary(_, let operand): return kind(operand) == .number
    default: return false
    }
  }
}
