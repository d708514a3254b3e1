/// Gradient descent with momentum: `v = beta*v + g`, `w = w - rate*v`, where v begins as the first gradient.
package struct Momentum: Optimiser {
  package static let name = "momentum"
  package var beta: Scalar
  package var weightDecay: Scalar

  package init(beta: Scalar = 0.9, weightDecay: Scalar = 0) {
    self.beta = beta
    self.weightDecay = weightDecay
  }

  package var bufferCount: Int { 1 }
  package var settings: [(name: String, value: Scalar)] { [("beta", beta), ("weight_decay", weightDecay)] }

  package func move(_ target: OptimiserTarget) {
    let (values, velocity, rate) = (target.values, target.first, target.rate)
    target.forEach(decay: weightDecay) { k, g in
      velocity[k] = beta * velocity[k] + g
      values[k] -= rate * velocity[k]
    }
  }
}
