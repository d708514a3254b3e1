/// Steps that shrink where gradients have been large: `s = s + g^2`, `w = w - rate*g/(sqrt(s) + epsilon)`
/// (Duchi et al. 2011).
package struct AdaGrad: Optimiser {
  package static let name = "adagrad"
  package var epsilon: Scalar
  package var weightDecay: Scalar

  package init(epsilon: Scalar = 1e-10, weightDecay: Scalar = 0) {
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  package var bufferCount: Int { 1 }
  package var settings: [(name: String, value: Scalar)] {
    [("epsilon", epsilon), ("weight_decay", weightDecay)]
  }

  package func move(_ target: OptimiserTarget) {
    let (values, squares, rate) = (target.values, target.first, target.rate)
    target.forEach(decay: weightDecay) { k, g in
      squares[k] += g * g
      values[k] -= rate * g / (squares[k].squareRoot() + epsilon)
    }
  }
}
