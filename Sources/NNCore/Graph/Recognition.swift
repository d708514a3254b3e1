/// Activations that a forward computation writes out by hand, recognised so that their gradients come out as short
/// as those of the functions with names.
package enum Activation: Sendable {
  case sigmoid
  case softmax
}

/// A forward value that is an activation of `argument`, and the steps on the way, which gradients go past.
struct Recognised {
  var activation: Activation
  var argument: NodeID
  var steps: [NodeID]
}

extension Graph {
  /// What activation a forward value is, if it is one.
  func activation(_ id: NodeID) -> Activation? {
    let node = self[id]
    guard node.kind == .operation else { return nil }
    switch node.operation {
    case .sigmoid: return .sigmoid
    case .softmax: return .softmax
    case .divide: return recognised(id)?.activation
    default: return nil
    }
  }

  func recognised(_ id: NodeID) -> Recognised? {
    guard at(id).pointee.operation == .divide, at(id).pointee.kind == .operation else { return nil }
    return sigmoidByHand(id) ?? softmaxByHand(id)
  }

  /// `1 ./ (1 + exp(-Z))`, in either order of the sum.
  private func sigmoidByHand(_ id: NodeID) -> Recognised? {
    let quotient = self[id]
    guard constant(quotient.inputs.0) == 1, let sum = operation(quotient.inputs.1, .add) else { return nil }
    let (one, power) =
      constant(sum.inputs.0) == 1 ? (sum.inputs.0, sum.inputs.1) : (sum.inputs.1, sum.inputs.0)
    guard constant(one) == 1, let exponential = operation(power, .exp),
      let negative = operation(exponential.inputs.0, .negate)
    else { return nil }
    return Recognised(
      activation: .sigmoid, argument: negative.inputs.0,
      steps: [quotient.inputs.1, power, exponential.inputs.0])
  }

  /// `E ./ sum(E, 1)` with `E = exp(Z)` or `E = exp(Z - max(Z, dim = 1))`; the shift changes nothing.
  private func softmaxByHand(_ id: NodeID) -> Recognised? {
    let quotient = self[id]
    guard let sum = operation(quotient.inputs.1, .sum), sum.attributes.first == 1,
      sum.inputs.0 == quotient.inputs.0, let exponential = operation(quotient.inputs.0, .exp)
    else { return nil }
    var steps = [quotient.inputs.0, quotient.inputs.1]
    let inner = exponential.inputs.0
    guard let shift = operation(inner, .subtract), let largest = operation(shift.inputs.1, .largest),
      largest.inputs.0 == shift.inputs.0
    else { return Recognised(activation: .softmax, argument: inner, steps: steps) }
    steps += [inner, shift.inputs.1]
    return Recognised(activation: .softmax, argument: shift.inputs.0, steps: steps)
  }

  private func operation(_ id: NodeID, _ operation: OperationID) -> Node? {
    let node = self[id]
    return node.kind == .operation && node.operation == operation ? node : nil
  }
}
