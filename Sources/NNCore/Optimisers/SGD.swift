import CNumerics

/// Gradient descent: `w = w - rate*g`.
package struct SGD: Optimiser {
  package static let name = "sgd"
  package var weightDecay: Scalar

  package init(weightDecay: Scalar = 0) { self.weightDecay = weightDecay }

  package var bufferCount: Int { 0 }
  package var settings: [(name: String, value: Scalar)] { [("weight_decay", weightDecay)] }

  package func move(_ target: OptimiserTarget) {
    let (values, rate) = (target.values, target.rate)
    target.forEach(decay: weightDecay) { k, g in values[k] -= rate * g }
  }

  /// Moves a param as `SGD()` does at this rate.
  package static func move(
    _ values: UnsafeMutablePointer<Scalar>, _ gradient: UnsafePointer<Scalar>, count: Int, rate: Scalar
  ) {
    nn_descend(count, rate, gradient, values)
  }
}
