/// Moving means of gradients and of their squares, both corrected for beginning at zero (Kingma and Ba 2015).
///
/// `m = beta1*m + (1 - beta1)*g`, `v = beta2*v + (1 - beta2)*g^2`,
/// `w = w - rate * m/(1 - beta1^t) / (sqrt(v/(1 - beta2^t)) + epsilon)` in step t.
package struct Adam: Optimiser {
  package static let name = "adam"
  package var moments: Moments
  package var weightDecay: Scalar

  package init(moments: Moments = Moments(), weightDecay: Scalar = 0) {
    self.moments = moments
    self.weightDecay = weightDecay
  }

  package var bufferCount: Int { 2 }
  package var settings: [(name: String, value: Scalar)] { moments.settings + [("weight_decay", weightDecay)] }

  package func move(_ target: OptimiserTarget) { moments.move(target, decay: weightDecay) }
}

/// What `adam` and `adamw` share.
package struct Moments: Sendable {
  package var beta1: Scalar
  package var beta2: Scalar
  package var epsilon: Scalar

  package init(beta1: Scalar = 0.9, beta2: Scalar = 0.999, epsilon: Scalar = 1e-8) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  var settings: [(name: String, value: Scalar)] {
    [("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)]
  }

  func move(_ target: OptimiserTarget, decay: Scalar) {
    let (values, mean, square) = (target.values, target.first, target.second)
    let stepSize = target.rate / (1 - Operation.scalar(.power, beta1, Scalar(target.step)))
    let correction = (1 - Operation.scalar(.power, beta2, Scalar(target.step))).squareRoot()
    target.forEach(decay: decay) { k, g in
      mean[k] += (g - mean[k]) * (1 - beta1)
      square[k] = beta2 * square[k] + (1 - beta2) * g * g
      values[k] -= stepSize * (mean[k] / (square[k].squareRoot() / correction + epsilon))
    }
  }
}
