/// Momentum that looks ahead: `v = beta*v + g`, `w = w - rate*(g + beta*v)` (Sutskever et al. 2013, as PyTorch
/// writes it).
package struct Nesterov: Optimiser {
  package static let name = "nesterov"
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
      values[k] -= rate * (g + beta * velocity[k])
    }
  }
}
