import NNCore

/// One run of a network: what came out, and what layers left on the way.
struct ForwardPass {
  var output: Value
  var traces: [NetworkState.Trace] = []
  /// The 0/1 matrices that dropout drew, in the order of the layers.
  var masks: [Mask] = []
  /// Mean and variance of the batch that batchnorm saw.
  var statistics: [(mean: Value, variance: Value, examples: Int)] = []

  struct Mask {
    let matrix: Matrix
    let keep: Scalar
  }
}

extension Network {
  enum Mode {
    /// Dropout drops, batchnorm takes the batch's own mean and variance.
    case training
    /// Nothing random; batchnorm takes its running mean and variance.
    case prediction
  }

  /// Runs the layers on features × examples.
  ///
  /// - Throws: where X does not have the features that the first layer takes, and what a user's function throws.
  func run(_ input: Value, _ mode: Mode, _ machine: Machine) throws(Diagnostic) -> ForwardPass {
    try checkInput(input)
    var pass = ForwardPass(output: input)
    var number = 0
    var normalised = 0
    for layer in layers {
      switch layer {
      case .dense(_, _, let activation, _):
        finish(number, &pass)
        number += 1
        try dense(number, activation, &pass, machine)
      case .function(let function):
        pass.output = try apply(function, to: pass.output, machine)
      case .dropout(let part):
        if mode == .training { try drop(part, &pass, machine) }
      case .batchNorm:
        try normalise(number, normalised, mode, &pass, machine)
        normalised += 1
      }
    }
    finish(number, &pass)
    return pass
  }

  private func checkInput(_ input: Value) throws(Diagnostic) {
    guard let shape = input.shape else {
      throw Diagnostic(
        .error, "a network takes a matrix, features × examples, and this is \(input.kindWithArticle)")
    }
    guard shape.rows == inputCount else {
      let error = Diagnostic(.error, "the network takes \(inputCount) features, and this is \(shape)")
      let isTurned = shape.columns == inputCount
      throw error.hinting(
        isTurned ? "columns are examples: transpose it with '" : "columns are examples, rows features")
    }
  }

  private func finish(_ number: Int, _ pass: inout ForwardPass) {
    if number > 0 { pass.traces.append(NetworkState.Trace(name: "A\(number)", value: pass.output)) }
  }

  private func value(_ name: String) -> Value {
    param(name).map { .matrix(state.params[$0].value) } ?? .nothing
  }

  private func dense(_ number: Int, _ activation: Function?, _ pass: inout ForwardPass, _ machine: Machine)
    throws(Diagnostic)
  {
    let weights = value("W\(number)")
    // As `*` does it: a product with a number goes element by element.
    let isNumber = weights.shape?.isScalar ?? false
    let product = try machine.run(isNumber ? .multiply : .product, weights, pass.output)
    let sum = try machine.run(.add, product, value("b\(number)"))
    pass.traces.append(NetworkState.Trace(name: "Z\(number)", value: sum))
    pass.output =
      try activation.map { function throws(Diagnostic) in try apply(function, to: sum, machine) } ?? sum
  }

  private func apply(_ function: Function, to value: Value, _ machine: Machine) throws(Diagnostic) -> Value {
    let result = try machine.call(function, [value])
    guard result.shape == value.shape else {
      let given = result.shape.map { "\($0)" } ?? result.kindWithArticle
      throw Diagnostic(
        .error, "\(function.name) makes \(given) of \(value.shape.map { "\($0)" } ?? "its argument")"
      )
      .hinting("an activation keeps the shape")
    }
    return result
  }

  // MARK: Layers without a product

  private func drop(_ part: Scalar, _ pass: inout ForwardPass, _ machine: Machine) throws(Diagnostic) {
    guard part > 0, let shape = pass.output.shape else { return }
    let mask: ForwardPass.Mask
    if let known = repeatedMask(pass.masks.count, shape, keep: 1 - part, machine) {
      mask = known
    } else {
      mask = try newMask(shape, keep: 1 - part, machine)
    }
    pass.masks.append(mask)
    let kept = try machine.run(.multiply, pass.output, .matrix(mask.matrix))
    pass.output = try machine.run(.divide, kept, .number(mask.keep))
  }

  private func newMask(_ shape: Shape, keep: Scalar, _ machine: Machine) throws(Diagnostic)
    -> ForwardPass.Mask
  {
    let matrix = try machine.throwingDiagnostics { () throws(CoreError) in
      try Matrix(uninitialized: shape, in: machine.resources)
    }
    let mask = ForwardPass.Mask(matrix: matrix, keep: keep)
    mask.draw(from: &machine.random)
    return mask
  }

  /// The mask of the last `forward`, while that is to be computed again as it was.
  private func repeatedMask(_ index: Int, _ shape: Shape, keep: Scalar, _ machine: Machine) -> ForwardPass
    .Mask?
  {
    guard machine.repeatsDropout, state.masks.indices.contains(index), state.masks[index].shape == shape
    else {
      return nil
    }
    return ForwardPass.Mask(matrix: state.masks[index], keep: keep)
  }

  private func normalise(
    _ number: Int, _ place: Int, _ mode: Mode, _ pass: inout ForwardPass, _ machine: Machine
  ) throws(Diagnostic) {
    let input = pass.output
    let centred: Value
    let variance: Value
    switch mode {
    case .training:
      let mean = try machine.run(.mean, input, attributes: Attributes(2))
      centred = try machine.run(.subtract, input, mean)
      variance = try machine.run(
        .mean, try machine.run(.multiply, centred, centred), attributes: Attributes(2))
      pass.statistics.append((mean, variance, input.shape?.columns ?? 1))
    case .prediction:
      centred = try machine.run(.subtract, input, .matrix(state.running[place].mean))
      variance = .matrix(state.running[place].variance)
    }
    let deviation = try machine.run(.sqrt, try machine.run(.add, variance, .number(Layer.epsilon)))
    let scaled = try machine.run(
      .multiply, value("gamma\(number)"), try machine.run(.divide, centred, deviation))
    pass.output = try machine.run(.add, scaled, value("beta\(number)"))
  }
}

extension ForwardPass.Mask {
  /// Draws again which elements stay: 1 with probability `keep`, row by row.
  func draw(from random: inout RandomStream) {
    for k in 0..<matrix.count { matrix.mutablePointer[k] = random.uniform() < keep ? 1 : 0 }
  }
}

extension Machine {
  /// The result of an operation on values, recorded where they depend on params.
  func run(_ id: OperationID, _ values: Value..., attributes: Attributes = .none) throws(Diagnostic) -> Value
  {
    try apply(id, attributes, values.map { TracedValue(value: $0, node: nil) })
  }

  /// `forward(net, X)`: keeps Z and A of each layer, and what batchnorm has seen.
  func forward(_ network: Network, _ input: Value) throws(Diagnostic) -> Value {
    let pass = try network.run(input, .training, self)
    var running = network.state.running
    for (index, seen) in pass.statistics.enumerated() {
      try throwingDiagnostics { () throws(CoreError) in
        try running[index].take(seen.mean, seen.variance, examples: seen.examples, in: resources)
      }
    }
    network.state.running = running
    network.state.masks = pass.masks.map(\.matrix)
    let before = network.state.traces
    network.state.traces = pass.traces
    // Gradients of the last backward stay until the next one, as a variable's do.
    for index in network.state.traces.indices where before.indices.contains(index) {
      network.state.traces[index].gradient = before[index].gradient
    }
    return pass.output
  }

  /// `predict(net, X)`: plain numbers, and nothing in the network changes.
  func predict(_ network: Network, _ input: Value) throws(Diagnostic) -> Value {
    let handles = network.state.params.map(\.value.storage.node)
    for param in network.state.params { param.value.storage.node = .none }
    defer {
      for (param, handle) in zip(network.state.params, handles) { param.value.storage.node = handle }
    }
    return try network.run(input, .prediction, self).output
  }
}

extension NetworkState.Running {
  /// Mixes in what a batch had, the variance without bias as PyTorch keeps it.
  mutating func take(_ mean: Value, _ variance: Value, examples: Int, in resources: Resources)
    throws(CoreError)
  {
    let part = Layer.newPart
    let unbiased = examples > 1 ? Scalar(examples) / Scalar(examples - 1) : 1
    self.mean = try mixed(self.mean, mean, 1 - part, part, resources)
    self.variance = try mixed(self.variance, variance, 1 - part, part * unbiased, resources)
  }

  private func mixed(_ old: Matrix, _ new: Value, _ a: Scalar, _ b: Scalar, _ resources: Resources)
    throws(CoreError) -> Matrix
  {
    let result = try Matrix(uninitialized: old.shape, in: resources)
    var elements = Array(repeating: new.number ?? .nan, count: old.count)
    if case .matrix(let matrix) = new { elements = matrix.elements }
    for k in 0..<old.count { result.mutablePointer[k] = a * old.pointer[k] + b * elements[k] }
    return result
  }
}
