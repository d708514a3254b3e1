/// Steps measured by a moving mean of squared gradients: `s = beta*s + (1 - beta)*g^2`,
/// `w = w - rate*g/(sqrt(s) + epsilon)` (Tieleman and Hinton 2012).
package struct RMSProp: Optimiser {
  package static let name = "rmsprop"
  package var beta: Scalar
  package var epsilon: Scalar
  package var weightDecay: Scalar

  package init(beta: Scalar = 0.99, epsilon: Scalar = 1e-8, weightDecay: Scalar = 0) {
    self.beta = beta
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  package var bufferCount: Int { 1 }
  package var settings: [(name: String, value: Scalar)] {
    [("beta", beta), ("epsilon", epsilon), ("weight_decay", weightDecay)]
  }

  package func move(_ target: OptimiserTarget) {
    let (values, squares, rate) = (target.values, target.first, target.rate)
    target.forEach(decay: weightDecay) { k, g in
      squares[k] = beta * squares[k] + (1 - beta) * g * g
      values[k] -= rate * g / (squares[k].squareRoot() + epsilon)
    }
  }
}
