import NNCore
import NNFormats

// What the machine asks of every object, for networks.
extension Network {
  /// The values whose gradients `backward` computes, params first.
  var differentiable: [Matrix] {
    state.params.map(\.value)
      + state.traces.compactMap {
        if case .matrix(let matrix) = $0.value { return matrix }
        return nil
      }
  }

  /// The fields that these are.
  var differentiableNames: [String] {
    state.params.map(\.name)
      + state.traces.compactMap {
        if case .matrix = $0.value { return $0.name }
        return nil
      }
  }

  /// Takes the gradients of the values that `differentiable` named; nil where the cost does not depend on one.
  func receive(_ gradients: [Matrix?]) {
    var next = gradients.makeIterator()
    for index in state.params.indices {
      guard let gradient = next.next() ?? nil else { continue }
      state.params[index].gradient = gradient
      state.params[index].isNewGradient = true
      state.params[index].isFromBackward = true
    }
    for index in state.traces.indices {
      guard case .matrix = state.traces[index].value else { continue }
      if let gradient = next.next() ?? nil { state.traces[index].gradient = gradient }
    }
  }

  /// Another network with the same numbers.
  func copy(in machine: Machine) throws(Diagnostic) -> Network {
    var matrices: [NamedMatrix] = []
    for param in state.params { matrices.append(NamedMatrix(param.name, try own(param.value))) }
    let copy = Network(layers, machine, matrices: matrices)
    copy.state.running = state.running
    return copy
  }

  private func own(_ matrix: Matrix) throws(Diagnostic) -> Matrix {
    do { return try matrix.copy(in: resources) } catch { throw Diagnostic(core: error) }
  }

  /// The state to come back to; matrices are shared until one side changes them.
  func restore(_ saved: NetworkState) {
    state = saved
    for index in state.params.indices { revive(index) }
  }

  // A param that has changed since gets a copy of its old value, as a fresh leaf.
  private func revive(_ index: Int) {
    let param = state.params[index]
    if tape.isFresh(param.value) { return }
    guard let copy = try? param.value.copy(in: resources) else { return }
    copy.storage.node = tape.paramChanged(param.number)
    state.params[index].value = copy
  }
}

extension Machine {
  /// Moves the params of a network that have new gradients.
  func step(_ network: Network, by optimiser: OptimiserValue) throws(Diagnostic) {
    let moved = network.state.params.indices.filter { network.state.params[$0].isNewGradient }
    if moved.isEmpty {
      throw Diagnostic(.error, "the network has no new gradients since its last step")
        .hinting("forward(net, X), a cost J of it, and backward(J) compute them")
    }
    try network.moving { () throws(Diagnostic) in
      let rates = try rates(of: moved.map { network.state.params[$0].number }, optimiser)
      var items: [ParamMove] = []
      for index in moved { items.append(try item(network, index)) }
      try move(items, by: optimiser, rates: rates)
    }
    for index in moved {
      let number = network.state.params[index].number
      network.state.params[index].value.storage.node = tracking.tape.paramChanged(number)
      network.state.params[index].isNewGradient = false
      noteChange(of: number)
    }
  }

  private func item(_ network: Network, _ index: Int) throws(Diagnostic) -> ParamMove {
    let number = network.state.params[index].number
    guard let gradient = network.state.params[index].gradient else {
      throw Diagnostic(.error, "a gradient is missing")
    }
    try network.makeUnique(index)
    return ParamMove(
      number: number, values: network.state.params[index].value.mutablePointer, gradient: gradient)
  }
}

extension Network {
  /// Makes sure that nothing else refers to a param's elements.
  func makeUnique(_ index: Int) throws(Diagnostic) {
    let node = state.params[index].value.storage.node
    do throws(CoreError) { try state.params[index].value.makeUnique(in: resources) } catch {
      throw Diagnostic(core: error)
    }
    state.params[index].value.storage.node = node
  }
}
