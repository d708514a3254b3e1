/// Adam whose weight decay acts on the value itself and not through the gradient: `w = w*(1 - rate*weight_decay)`
/// before each step (Loshchilov and Hutter 2019).
package struct AdamW: Optimiser {
  package static let name = "adamw"
  package var moments: Moments
  package var weightDecay: Scalar

  package init(moments: Moments = Moments(), weightDecay: Scalar = 0.01) {
    self.moments = moments
    self.weightDecay = weightDecay
  }

  package var bufferCount: Int { 2 }
  package var settings: [(name: String, value: Scalar)] { moments.settings + [("weight_decay", weightDecay)] }

  package func move(_ target: OptimiserTarget) {
    let shrinking = 1 - target.rate * weightDecay
    if shrinking != 1 { for k in 0..<target.count { target.values[k] *= shrinking } }
    moments.move(target, decay: 0)
  }
}
