import Testing

@testable import NNCore

@Suite("Derived lines")
struct DerivationTests {
  /// Z1 = W1*X + b1, A1 = tanh(Z1), Z2 = W2*A1 + b2.
  private func twoLayers(_ net: Net, outputs: Int = 1, activation: OperationID = .tanh) throws -> Expression {
    let x = try net.data("X", 2, 4)
    let (w1, b1) = (try net.param("W1", 3, 2), try net.param("b1", 3, 1))
    let z1 = try net.line("Z1", .add, net.step(.product, w1, x), b1)
    let a1 = try net.line("A1", activation, z1)
    let (w2, b2) = (try net.param("W2", outputs, 3), try net.param("b2", outputs, 1))
    return try net.line("Z2", .add, net.step(.product, w2, a1), b2)
  }

  private static let body = [
    "db2 = sum(dZ2, 2)", "dW2 = dZ2*A1'", "dA1 = W2'*dZ2", "dZ1 = dA1 .* (1 - A1.^2)", "db1 = sum(dZ1, 2)",
    "dW1 = dZ1*X'",
  ]

  @Test("the two-layer net of the course")
  func course() throws {
    let net = Net()
    let z2 = try twoLayers(net)
    let a2 = try net.line("A2", .sigmoid, z2)
    _ = try net.line("J", .binaryCrossEntropy, a2, try net.data("Y", 1, 4, .mask))
    let lines = try net.lines()
    #expect(
      lines.prefix(3) == [
        "dJ = 1", "dA2 = ((1 - Y) ./ max(1 - A2, 1e-44) - Y ./ max(A2, 1e-44))/4", "dZ2 = (A2 - Y)/4",
      ])
    #expect(Array(lines.dropFirst(3)) == Self.body)
    #expect(try net.error() < 1e-9)
  }

  @Test("softmax and cross-entropy of one-hot classes")
  func softmax() throws {
    let net = Net()
    let a2 = try net.line("A2", .softmax, try twoLayers(net, outputs: 3))
    _ = try net.line("J", .crossEntropy, a2, try net.oneHot("Y", 3, 4))
    let lines = try net.lines()
    #expect(lines[2] == "dZ2 = (A2 - Y)/4")
    #expect(Array(lines.dropFirst(3)) == Self.body)
    #expect(try net.error() < 1e-9)
  }

  @Test("softmax and cross-entropy of weights that do not sum to one")
  func softmaxOfAnything() throws {
    let net = Net()
    let a2 = try net.line("A2", .softmax, try twoLayers(net, outputs: 3))
    _ = try net.line("J", .crossEntropy, a2, try net.data("Y", 3, 4))
    let lines = try net.lines()
    #expect(lines[2] == "dZ2 = (sum(Y, 1) .* A2 - Y)/4", "\(lines)")
    #expect(try net.error() < 1e-9)
  }

  @Test("mean squared error")
  func squares() throws {
    let net = Net()
    let z2 = try twoLayers(net, activation: .relu)
    _ = try net.line("J", .meanSquaredError, z2, try net.data("Y", 1, 4))
    let lines = try net.lines()
    #expect(lines[1] == "dZ2 = (Z2 - Y)/2")
    #expect(lines[5] == "dZ1 = dA1 .* >(Z1, 0)")
  }

  typealias Cost = @Sendable (_ net: Net, _ a: Expression, _ y: Expression) throws -> Void

  /// Y.*log(A) + (1 - Y).*log(1 - A), in the usual orders.
  private static func logprobs(_ net: Net, _ a: Expression, _ y: Expression, swapped: Bool = false) throws
    -> Expression
  {
    let rest = try net.step(.subtract, net.literal(1), y)
    let logA = try net.step(.log, a)
    let logRest = try net.step(.log, net.step(.subtract, net.literal(1), a))
    let first = try swapped ? net.step(.multiply, logA, y) : net.step(.multiply, y, logA)
    let second = try swapped ? net.step(.multiply, logRest, rest) : net.step(.multiply, rest, logRest)
    return try swapped ? net.step(.add, second, first) : net.step(.add, first, second)
  }

  static let byHand: [(form: String, divisor: String, write: Cost)] = [
    (
      "-(1/m)*sum(…)", "m",
      { net, a, y in
        let m = try net.data("m", 1, 1, .inside(4...4))
        let factor = try net.step(.negate, net.step(.divide, net.literal(1), m))
        _ = try net.line("J", .multiply, factor, net.step(.sum, logprobs(net, a, y)))
      }
    ),
    (
      "-1/4*sum(…)", "4",
      { net, a, y in
        let factor = try net.step(.divide, net.literal(-1), net.literal(4))
        _ = try net.line("J", .multiply, factor, net.step(.sum, logprobs(net, a, y)))
      }
    ),
    (
      "-sum(…)/m", "m",
      { net, a, y in
        let m = try net.data("m", 1, 1, .inside(4...4))
        _ = try net.line(
          "J", .divide, net.step(.negate, net.step(.sum, logprobs(net, a, y, swapped: true))), m)
      }
    ),
    (
      "-mean(…)", "4",
      { net, a, y in
        _ = try net.line("J", .negate, net.step(.mean, logprobs(net, a, y)))
      }
    ),
    (
      "logprobs = …; J = -sum(logprobs)/m", "m",
      { net, a, y in
        let m = try net.data("m", 1, 1, .inside(4...4))
        let logprobs = net.name("logprobs", try Self.logprobs(net, a, y), isLine: false)
        net.formula.graph.setFlag(.named, logprobs.id)
        _ = try net.line("J", .divide, net.step(.negate, net.step(.sum, logprobs)), m)
      }
    ),
    (
      "mean(-Y.*log(A) - (1-Y).*log(1-A))", "4",
      { net, a, y in
        let first = try net.step(.multiply, net.step(.negate, y), net.step(.log, a))
        let rest = try net.step(.subtract, net.literal(1), y)
        let second = try net.step(.multiply, rest, net.step(.log, net.step(.subtract, net.literal(1), a)))
        _ = try net.line("J", .mean, net.step(.subtract, first, second))
      }
    ),
    (
      "-(Y*log(A)' + (1-Y)*log(1-A)')/m", "4",
      { net, a, y in
        let first = try net.step(.product, y, net.step(.log, a), attributes: Attributes(2))
        let rest = try net.step(.subtract, net.literal(1), y)
        let other = try net.step(.log, net.step(.subtract, net.literal(1), a))
        let second = try net.step(.product, rest, other, attributes: Attributes(2))
        _ = try net.line("J", .divide, net.step(.negate, net.step(.add, first, second)), net.literal(4))
      }
    ),
    (
      "mean(sum(…, 1))", "4",
      { net, a, y in
        let sums = try net.step(.sum, Self.logprobs(net, a, y), attributes: Attributes(1))
        _ = try net.line("J", .negate, net.step(.mean, sums))
      }
    ),
  ]

  @Test("a cost written out by hand simplifies like the builtin", arguments: byHand.indices)
  func costByHand(index: Int) throws {
    let (form, divisor, write) = Self.byHand[index]
    let net = Net()
    let a2 = try net.line("A2", .sigmoid, try twoLayers(net))
    try write(net, a2, try net.data("Y", 1, 4, .mask))
    let lines = try net.lines()
    #expect(lines.contains("dZ2 = (A2 - Y)/\(divisor)"), "\(form): \(lines)")
    #expect(try net.error() < 1e-9)
  }

  @Test("activations written out by hand")
  func activationsByHand() throws {
    let net = Net()
    let z2 = try twoLayers(net)
    let power = try net.step(.exp, net.step(.negate, z2))
    let a2 = try net.line("A2", .divide, net.literal(1), net.step(.add, net.literal(1), power))
    _ = try net.line("J", .negate, net.step(.mean, Self.logprobs(net, a2, try net.data("Y", 1, 4, .mask))))
    #expect(try net.lines().contains("dZ2 = (A2 - Y)/4"))
    #expect(try net.error() < 1e-9)

    let soft = Net()
    let z = try twoLayers(soft, outputs: 3)
    let e = try soft.line("E", .exp, z)
    let a = try soft.line("A2", .divide, e, soft.step(.sum, e, attributes: Attributes(1)))
    let products = try soft.step(.multiply, try soft.oneHot("Y", 3, 4), soft.step(.log, a))
    let total = try soft.step(.negate, soft.step(.sum, products))
    _ = try soft.line("J", .divide, total, try soft.data("m", 1, 1, .inside(4...4)))
    let lines = try soft.lines()
    #expect(lines.contains("dZ2 = (A2 - Y)/m"), "\(lines)")
    #expect(try soft.error() < 1e-9)
  }

  @Test("the graph of the second seed")
  func scalars() throws {
    let net = Net()
    let (x, y, z) = (try net.param("x", 1, 1), try net.param("y", 1, 1), try net.param("z", 1, 1))
    let p = try net.line("p", .add, x, y)
    _ = try net.line("g", .multiply, p, z)
    let lines = try net.lines()
    #expect(lines == ["dg = 1", "dp = z", "dz = p", "dy = z", "dx = z"], "\(lines)")
  }

  @Test("weight decay beside a cost")
  func decay() throws {
    let net = Net()
    let a2 = try net.line("A2", .sigmoid, try twoLayers(net))
    let cost = try net.step(.binaryCrossEntropy, a2, try net.data("Y", 1, 4, .mask))
    let w2 = net.order.first { $0.name == "W2" }!.node
    let lambda = try net.data("lambda", 1, 1, .inside(0.1...0.2))
    let squares = try net.step(.sum, net.step(.power, w2, net.literal(2)))
    let penalty = try net.step(.multiply, net.step(.divide, lambda, net.literal(8)), squares)
    _ = try net.line("J", .add, cost, penalty)
    let lines = try net.lines()
    #expect(lines.contains("dZ2 = (A2 - Y)/4"))
    #expect(lines.contains("dW2 = lambda/4*W2 + dZ2*A1'"), "\(lines)")
    #expect(try net.error() < 1e-9)
  }

  @Test("saturated outputs give exact finite gradients")
  func saturated() throws {
    for (z, y, expected) in [(800.0, 0.0, 1.0), (800, 1, 0), (-800, 1, -1), (-800, 0, 0), (40, 0, 1)] {
      let formula = Formula()
      let x = formula.param(try Matrix(repeating: z, .scalar, in: formula.resources))
      let a = try formula.forward(.sigmoid, [x])
      let label = formula.data(try Matrix(repeating: y, .scalar, in: formula.resources))
      let j = try formula.forward(.binaryCrossEntropy, [a, label])
      let gradients = formula.gradients(of: j, [x, a]).compactMap(\.self)
      #expect(try formula.evaluate(gradients[0]).elements == [expected])
      #expect(try formula.evaluate(gradients[1]).elements[0].isFinite)
    }
  }

  @Test("equal values with names of their own have gradients of their own")
  func equalValues() throws {
    let net = Net()
    let z = try net.param("z", 2, 3)
    let a = try net.line("a", .tanh, z)
    let b = try net.line("b", .tanh, z)
    _ = try net.line("J", .sum, net.step(.multiply, a, b))
    let lines = try net.lines()
    #expect(lines.prefix(3) == ["dJ = 1", "db = a", "da = b"], "\(lines)")
    #expect(try net.error() < 1e-9)
  }
}
