import NNCore
import Testing

@testable import NNLanguage

@Suite struct HealthTests {
  static let cases: [(program: String, sentences: [String])] = [
    (
      "param w = [1; -2; -3]; A = relu(w*[1 2]); J = sum(A)",
      [
        "all values on the way to J are finite",
        "A = relu(w*[1, 2]): 2 of 3 units are dead: 0 for all 2 examples",
      ]
    ),
    (
      "param w = 2; x = [1 0 2]\ny = log(w*x)\nJ = sum(y)",
      ["the first -inf is in log(w*x) at [1, 2], line 2: log(0)"]
    ),
    ("param w = 2; x = [1 nan]; J = sum(w*x)", ["x holds nan at [1, 2]"]),
    ("param A = [1 2; 3 4]; J = sum(A .* (A > 10))", ["every gradient is 0: nothing would be learned"]),
    ("param A = [1 2; -3 -4]; H = max(0, A); J = sum(H)", ["H = max(0, A): 1 of 2 units are dead"]),
    ("param w = 0; J = (w - 0)/w", ["the first nan is in (w - 0)/w, line 1: 0 ./ 0"]),
    (
      "param w = [100 -100 0.1]; A = tanh(w); J = sum(A)",
      ["A = tanh(w): 66.7 % of its values are saturated (beyond ±0.98)"]
    ),
    (
      "seed(1); X = randn(2, 5); Y = [0 1 1 0 1]; net = network(dense(2, 3, sigmoid), dense(3, 1, sigmoid)); A = forward(net, X); J = bce(A, Y)",
      ["net.A1 = sigmoid(net.Z1): 0 % of its values", "net.dW1  3×2  norm"]
    ),
  ]

  @Test(arguments: cases.indices) func saysWhatIsWrong(index: Int) throws {
    let (program, sentences) = Self.cases[index]
    let text = try Session().output(of: program + "\nhealth(J)")
    for sentence in sentences { #expect(text.contains(sentence), "\(text)") }
  }

  @Test func vanishingAndExploding() throws {
    let chain = { (scale: String) in
      """
      seed(1); X = randn(3, 4); param W1 = randn(3, 3); param W2 = \(scale)*randn(3, 3); param W3 = \(scale)*randn(1, 3)
      J = mse(W3*tanh(W2*tanh(W1*X)), [1 2 3 4])
      h = health(J)

      """
    }
    let session = try Session()
    try session.interpreter.run(chain("0.0001"))
    #expect(try session.value(of: "h.right").number == 0)
    #expect(
      try session.value(of: "h.sentences[1]").string?.contains(
        "gradients vanish on the way back: an element of dW1") == true)
    try session.interpreter.run(chain("0.5"))
    #expect(try session.value(of: "h.right").number == 1)
    #expect(try session.value(of: "h.names[1]").string == "W1")
    try session.interpreter.run(
      "backward(J); assert_close(h.norms, [norm(dW1) norm(dW2) norm(dW3)], 1e-12); assert(h.finite == 1 && h.dead == 0)"
    )
    try session.interpreter.run(
      "param W1 = ones(3, 3); param W2 = 1e5*ones(3, 3); param W3 = 1e5*ones(1, 3); J = mse(W3*(W2*(W1*X)), [1 2 3 4]); h = health(J)"
    )
    #expect(try session.value(of: "h.sentences[1]").string?.contains("explode") == true)
  }

  @Test func ofANetwork() throws {
    let session = try Session()
    let text = try session.output(
      of:
        "seed(1); X = randn(2, 5); net = network([2, 3, 1], relu, sigmoid); A = forward(net, X); J = mse(A, X[1, :]); health(net)"
    )
    #expect(
      text.contains("net.A1 = relu(net.Z1): none of 3 units is dead")
        || text.contains("units are dead: 0 for all 5"))
    #expect(text.contains("net.dW2"))
    #expect(session.failure(of: "x = 1; health(x)")?.contains("depends on no param") == true)
  }
}
