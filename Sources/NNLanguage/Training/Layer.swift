import NNCore

/// A part of a network, as `dense(2, 4, tanh)` describes it; without weights yet.
enum Layer {
  /// `A = activation(W*X + b)`, W outputs × inputs; without an activation A is Z.
  case dense(inputs: Int, outputs: Int, activation: Function?, weights: Function?)
  /// In training sets each element to 0 with this probability and divides the others by what remains of 1.
  case dropout(Scalar)
  /// Mean 0 and variance 1 for each row, then `gamma .* x + beta`.
  case batchNorm
  /// A function of what comes before.
  case function(Function)

  /// A number in the denominator of batchnorm, so that rows that do not vary stay finite.
  static let epsilon = 1e-5
  /// The part of a new batch in the running mean and variance that predictions use.
  static let newPart = 0.1
}

/// A layer as a value.
final class LayerValue: Object {
  let layer: Layer

  init(_ layer: Layer) {
    self.layer = layer
    super.init()
  }

  override var kindWithArticle: String { "a layer" }
  override func describe(width: Int) -> [String] { [layer.text] }

  override var reachableValues: [Value] {
    switch layer {
    case .dense(_, _, let activation, let weights):
      [activation, weights].compactMap { $0.map(Value.function) }
    case .function(let function): [.function(function)]
    case .dropout, .batchNorm: []
    }
  }
}

extension Layer {
  /// As the call that makes it.
  var text: String {
    switch self {
    case .dense(let inputs, let outputs, let activation, _):
      return "dense(\(inputs), \(outputs)\(activation.map { ", \($0.name)" } ?? ""))"
    case .dropout(let part): return "dropout(\(DisplaySettings(digits: 17).text(part)))"
    case .batchNorm: return "batchnorm()"
    case .function(let function): return function.name
    }
  }

  /// For the summary.
  var words: String {
    switch self {
    case .dense(let inputs, let outputs, let activation, _):
      return "dense \(inputs) → \(outputs)\(activation.map { ", \($0.name)" } ?? "")"
    case .dropout(let part): return "dropout \(DisplaySettings().text(part))"
    case .batchNorm: return "batchnorm"
    case .function(let function): return function.name
    }
  }

  /// A user's function in it.
  var userFunction: Function? {
    let function: Function?
    switch self {
    case .dense(_, _, let activation, _): function = activation
    case .function(let applied): function = applied
    case .dropout, .batchNorm: function = nil
    }
    if let function, case .user = function.body { return function }
    return nil
  }
}

extension Function {
  /// The operation that a builtin of this name is; nil for other builtins and for functions of the user.
  var operation: OperationID? {
    guard case .builtin = body else { return nil }
    return Operation.named(name)?.id
  }

  /// Activations that pass on about half of what comes in.
  var halves: Bool {
    switch operation {
    case .relu?, .leakyRelu?, .elu?, .gelu?, .softplus?: true
    default: false
    }
  }
}
