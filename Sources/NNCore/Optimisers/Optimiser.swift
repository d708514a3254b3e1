/// A rule that moves params against their gradients: hyperparameters only, a plain value.
///
/// What a rule remembers between steps lives in an `OptimiserState` for each param. The formulas are those of
/// PyTorch's `torch.optim`, so that training compares number by number.
package protocol Optimiser: Sendable {
  /// What the language calls it; states of different kinds are kept apart.
  static var name: String { get }
  /// How many matrices of the param's shape it remembers for each param.
  var bufferCount: Int { get }
  /// The hyperparameters beside the rate, as users name them.
  var settings: [(name: String, value: Scalar)] { get }
  /// Moves one param by one step.
  func move(_ target: OptimiserTarget)
}

extension Optimiser {
  package var name: String { Self.name }
}

/// One param as an optimiser moves it. Nothing here can fail or be interrupted, so a step happens whole.
package struct OptimiserTarget {
  /// The param's elements, to be changed in place.
  package var values: UnsafeMutablePointer<Scalar>
  package var gradient: UnsafePointer<Scalar>
  package var count: Int
  /// The remembered matrices; zeros before the first step.
  package var first: UnsafeMutablePointer<Scalar>
  package var second: UnsafeMutablePointer<Scalar>
  /// What the gradient is multiplied by before anything else: clipping.
  package var scale: Scalar
  package var rate: Scalar
  /// The number of the step, from 1.
  package var step: Int

  package init(
    values: UnsafeMutablePointer<Scalar>, gradient: UnsafePointer<Scalar>, count: Int,
    first: UnsafeMutablePointer<Scalar>, second: UnsafeMutablePointer<Scalar>, scale: Scalar, rate: Scalar,
    step: Int
  ) {
    self.values = values
    self.gradient = gradient
    self.count = count
    self.first = first
    self.second = second
    self.scale = scale
    self.rate = rate
    self.step = step
  }

  /// Calls `body` with each place and its gradient, scaled and with `decay` times the value added.
  @inline(__always)
  func forEach(decay: Scalar, _ body: (_ place: Int, _ gradient: Scalar) -> Void) {
    if decay == 0 {
      for k in 0..<count { body(k, scale * gradient[k]) }
    } else {
      for k in 0..<count { body(k, scale * gradient[k] + decay * values[k]) }
    }
  }
}

/// What an optimiser remembers of one param; copied on write, so that keeping an earlier one is cheap.
package struct OptimiserState {
  /// Steps taken.
  package var steps = 0
  package private(set) var buffers: [Matrix] = []

  package init() {}

  /// The state with its matrices given, as a file holds them.
  package init(steps: Int, buffers: [Matrix]) {
    self.steps = steps
    self.buffers = buffers
  }

  /// Makes room for an optimiser's matrices that nothing else refers to.
  ///
  /// After this a step cannot fail.
  package mutating func prepare(_ count: Int, _ shape: Shape, in resources: Resources) throws(CoreError) {
    if buffers.count != count || buffers.contains(where: { $0.shape != shape }) {
      var fresh: [Matrix] = []
      for _ in 0..<count { fresh.append(try Matrix(repeating: 0, shape, in: resources)) }
      (buffers, steps) = (fresh, 0)
    }
    for index in buffers.indices { try buffers[index].makeUnique(in: resources) }
  }

  /// Moves a param; the state must be prepared and `values` unique.
  package mutating func move(
    _ values: UnsafeMutablePointer<Scalar>, _ gradient: UnsafePointer<Scalar>, count: Int,
    by optimiser: any Optimiser, rate: Scalar, scale: Scalar = 1
  ) {
    steps += 1
    optimiser.move(
      OptimiserTarget(
        values: values, gradient: gradient, count: count,
        first: buffers.first?.mutablePointer ?? values,
        second: buffers.count > 1 ? buffers[1].mutablePointer : values,
        scale: scale, rate: rate, step: steps))
  }
}
