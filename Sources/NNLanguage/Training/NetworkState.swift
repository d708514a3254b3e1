import NNCore

/// Everything of a network that changes: a value, so that keeping an earlier state is cheap.
struct NetworkState {
  /// A trainable matrix.
  struct Param {
    let name: String
    let number: Int32
    /// Carries the param's handle.
    var value: Matrix
    var gradient: Matrix?
    /// Whether no step has used the gradient yet.
    var isNewGradient = false
    /// Whether it is backward's, not the user's own.
    var isFromBackward = false
  }

  /// A value of the last `forward`.
  struct Trace {
    let name: String
    var value: Value
    var gradient: Matrix?
  }

  /// What batchnorm remembers for predictions: a row each, not trained.
  struct Running {
    let meanName: String
    let varianceName: String
    var mean: Matrix
    var variance: Matrix
  }

  var params: [Param] = []
  /// By param or value of the last `forward`: the user's last statement that assigned its gradient.
  var handStatements: [String: Int32] = [:]
  var traces: [Trace] = []
  /// What dropout drew in the last `forward`: 1 for what stayed; `mask1` is the first layer's.
  var masks: [Matrix] = []
  var running: [Running] = []
}

extension NetworkState {
  /// Whether it holds the very same matrices.
  func isIdentical(to other: NetworkState) -> Bool {
    matrices.elementsEqual(other.matrices) { $0?.storage === $1?.storage }
      && traces.elementsEqual(other.traces) { $0.value.isIdentical(to: $1.value) }
  }

  /// Everything it holds.
  var allMatrices: [Matrix] {
    let traced = traces.compactMap { trace -> Matrix? in
      if case .matrix(let matrix) = trace.value { return matrix }
      return nil
    }
    return matrices.compactMap(\.self) + traced
  }

  private var matrices: [Matrix?] {
    params.flatMap { [$0.value, $0.gradient] } + traces.map(\.gradient)
      + running.flatMap { [$0.mean, $0.variance] }
  }
}

/// The params of networks that are gone; the machine ends them before it makes new ones.
///
/// A network may be freed at any moment, also inside a sweep, so its end only leaves a note here.
final class EndedParams {
  var numbers: [Int32] = []
}

/// An object that has params, without keeping it alive; the object says when it ends.
///
/// Not a weak reference: those make every retain and release of the object slow.
final class ParamHolder {
  private var holder: Unmanaged<Object>?

  init(_ object: Object) { holder = .passUnretained(object) }

  var object: Object? { holder?.takeUnretainedValue() }
  func end() { holder = nil }
}
