/// How the learning rate follows the number of the step.
package enum Schedule: Sendable, Equatable {
  case constant(Scalar)
  /// `rate * factor^floor(k/every)` after k steps.
  case stepwise(Scalar, every: Int, factor: Scalar)
  /// From `rate` down to `end` along half a cosine wave in `steps` steps, and `end` from then on.
  case cosine(Scalar, steps: Int, end: Scalar)

  /// The rate of a step.
  ///
  /// - Parameter step: from 1.
  package func rate(ofStep step: Int) -> Scalar {
    let done = step - 1
    switch self {
    case .constant(let rate): return rate
    case .stepwise(let rate, let every, let factor):
      return rate * Operation.scalar(.power, factor, Scalar(done / every))
    case .cosine(let rate, let steps, let end):
      let part = Scalar(min(done, steps)) / Scalar(steps)
      return end + (rate - end) * (1 + Operation.scalar(.cos, .pi * part)) / 2
    }
  }
}

/// Clipping of gradients together: what all of them are multiplied by so that their common norm is at most `most`.
package enum GradientClip {
  /// - Parameter squares: the sum of the squares of all elements.
  package static func scale(squares: Scalar, most: Scalar) -> Scalar {
    // PyTorch's own guard against a norm of zero.
    min(1, most / (squares.squareRoot() + 1e-6))
  }
}
