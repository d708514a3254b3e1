import NNCore
import NNFormats

/// A network: layers, their params, and what the last `forward` computed. `b = a` names the same one.
///
/// Layers are numbered by dense layers. Of layer k, Wk and bk are its params, Zk is Wk*A + bk, and Ak is what comes
/// out of it, after everything that stands before the next dense layer.
final class Network: Object {
  let layers: [Layer]
  var state: NetworkState
  let tape: Tape
  let resources: Resources
  private let ended: EndedParams
  private var holder: ParamHolder?

  init(_ layers: [Layer], _ machine: Machine, matrices: [NamedMatrix]) {
    self.layers = layers
    state = NetworkState()
    tape = machine.tracking.tape
    resources = machine.resources
    ended = machine.tracking.ended
    super.init()
    let owner = ParamHolder(self)
    holder = owner
    for matrix in matrices {
      let number = machine.tracking.newParam(.held(owner, matrix.name))
      matrix.matrix.storage.node = tape.paramChanged(number)
      state.params.append(NetworkState.Param(name: matrix.name, number: number, value: matrix.matrix))
    }
  }

  /// Whether a training run or a step is at work on the params' elements. Functions of the user that it calls (a learning
  /// rate, a loss) may read them, and must not put others in their place.
  private var isMoving = false

  /// Does what writes to the params' elements where they lie.
  ///
  /// - Throws: what `body` throws; also where such work goes on already.
  func moving<Result>(_ body: () throws(Diagnostic) -> Result) throws(Diagnostic) -> Result {
    try checkNotMoving("it is trained")
    isMoving = true
    defer { isMoving = false }
    return try body()
  }

  private func checkNotMoving(_ what: String) throws(Diagnostic) {
    if isMoving { throw Diagnostic(.error, "\(what) by a function that the network's own training calls") }
  }

  deinit {
    holder?.end()
    ended.numbers += state.params.map(\.number)
  }

  override var kindWithArticle: String { "a network" }

  /// How many features an example has.
  var inputCount: Int {
    if case .dense(let inputs, _, _, _)? = layers.first { return inputs }
    return 0
  }

  /// How many dense layers there are.
  var depth: Int { denseLayers.count }

  private var denseLayers: [Layer] {
    layers.filter {
      if case .dense = $0 { return true }
      return false
    }
  }

  /// Rows of what comes out.
  var outputCount: Int {
    if case .dense(_, let outputs, _, _)? = denseLayers.last { return outputs }
    return 0
  }

  /// The function applied last.
  var outputFunction: Function? {
    for layer in layers.reversed() {
      switch layer {
      case .dense(_, _, let activation, _): return activation
      case .function(let function): return function
      case .dropout, .batchNorm: continue
      }
    }
    return nil
  }

  func param(_ name: String) -> Int? { state.params.indices.first { state.params[$0].name == name } }

  /// The values that the graph may know, params apart.
  override var reachableValues: [Value] {
    state.traces.map(\.value) + layers.flatMap { LayerValue($0).reachableValues }
  }

  override var fieldNames: [String] { allFieldNames() }
  override func field(_ name: String) -> Value? { fieldValue(name) }
  override func field(_ name: String, near place: inout Int) -> Value? { fieldValue(name, near: &place) }
  override func setField(_ name: String, to value: Value) throws(Diagnostic) { try set(name, to: value) }
  override func savedState() -> Any? { state }
  override func restoreState(_ saved: Any) { if let saved = saved as? NetworkState { restore(saved) } }
  override func matrices(inState state: Any) -> [Matrix] { (state as? NetworkState)?.allMatrices ?? [] }
  override func isSameState(_ a: Any, _ b: Any) -> Bool {
    guard let a = a as? NetworkState, let b = b as? NetworkState else { return false }
    return a.isIdentical(to: b)
  }
  override func copied(in machine: Machine) throws(Diagnostic) -> Object { try copy(in: machine) }
  override func content(for format: FileFormat) throws(Diagnostic) -> FileContent {
    try fileContent(for: format)
  }
  override var gradientTargets: [Matrix] { differentiable }
  override var gradientTargetNames: [String] { differentiableNames }
  override func receiveGradients(_ gradients: [Matrix?]) { receive(gradients) }
  override func describe(width: Int) -> [String] { summary() }
}

// MARK: - Fields

extension Network {
  /// The names of all fields that have a value, for completion.
  func allFieldNames() -> [String] {
    let params = state.params.map(\.name)
    let gradients = state.params.filter { $0.gradient != nil }.map { GradientName.of($0.name) }
    let traces = state.traces.map(\.name)
    let traceGradients = state.traces.filter { $0.gradient != nil }.map { GradientName.of($0.name) }
    let running = state.running.flatMap { [$0.meanName, $0.varianceName] }
    let masks = state.masks.indices.map { "mask\($0 + 1)" }
    return params + gradients + traces + traceGradients + running + masks
  }

  func fieldValue(_ name: String) -> Value? {
    var place = -1
    return fieldValue(name, near: &place)
  }

  func fieldValue(_ name: String, near place: inout Int) -> Value? {
    if place < 0 || !isField(name, at: place) {
      guard let found = fieldPlace(name) else { return rarerField(name) }
      place = found
    }
    switch (place & 3, place >> 2) {
    case (0, let index): return .matrix(state.params[index].value)
    case (1, let index): return state.params[index].gradient.map { Value.matrix($0).unboxed }
    case (2, let index): return state.traces[index].value
    case (_, let index): return state.traces[index].gradient.map { Value.matrix($0).unboxed }
    }
  }

  /// Where a field is: four times its index among params (0), their gradients (1), what `forward` computed (2) or the
  /// gradients of that (3).
  private func fieldPlace(_ name: String) -> Int? {
    for place in 0..<4 * max(state.params.count, state.traces.count) where isField(name, at: place) {
      return place
    }
    return nil
  }

  private func isField(_ name: String, at place: Int) -> Bool {
    let index = place >> 2
    switch place & 3 {
    case 0: return index < state.params.count && state.params[index].name == name
    case 1: return index < state.params.count && GradientName.of(state.params[index].name) == name
    case 2: return index < state.traces.count && state.traces[index].name == name
    default: return index < state.traces.count && GradientName.of(state.traces[index].name) == name
    }
  }

  private func rarerField(_ name: String) -> Value? {
    for running in state.running {
      if running.meanName == name { return Value.matrix(running.mean).unboxed }
      if running.varianceName == name { return Value.matrix(running.variance).unboxed }
    }
    return state.masks.indices.first { name == "mask\($0 + 1)" }.map { .matrix(state.masks[$0]) }
  }

  /// Gives a param a value, or a value a gradient by hand.
  func set(_ name: String, to value: Value) throws(Diagnostic) {
    if let index = param(name) { return try setParam(index, value) }
    if let variable = GradientName.variable(of: name) {
      if let index = param(variable) {
        state.params[index].gradient = try plain(value, as: name, of: state.params[index].value.shape)
        state.params[index].isNewGradient = true
        state.params[index].isFromBackward = false
        return
      }
      if let index = state.traces.firstIndex(where: { $0.name == variable }),
        let shape = state.traces[index].value.shape
      {
        state.traces[index].gradient = try plain(value, as: name, of: shape)
        return
      }
    }
    for index in state.running.indices {
      if state.running[index].meanName == name {
        state.running[index].mean = try plain(value, as: name, of: state.running[index].mean.shape)
        return
      }
      if state.running[index].varianceName == name {
        state.running[index].variance = try plain(value, as: name, of: state.running[index].variance.shape)
        return
      }
    }
    throw unsettable(name)
  }

  private func setParam(_ index: Int, _ value: Value) throws(Diagnostic) {
    let param = state.params[index]
    try checkNotMoving("\(param.name) is set")
    let matrix = try plain(value, as: param.name, of: param.value.shape)
    matrix.storage.node = tape.paramChanged(param.number)
    state.params[index].value = matrix
  }

  /// A matrix of its own with the value's elements.
  private func plain(_ value: Value, as name: String, of shape: Shape) throws(Diagnostic) -> Matrix {
    guard let given = value.shape else {
      throw Diagnostic(.error, "\(name) is numeric, and this is \(value.kindWithArticle)")
    }
    guard given == shape else { throw Diagnostic(.error, "\(name) is \(shape), and this is \(given)") }
    do throws(CoreError) {
      if case .matrix(let matrix) = value { return try matrix.copy(in: resources) }
      return try Matrix(repeating: value.number ?? .nan, shape, in: resources)
    } catch { throw Diagnostic(core: error) }
  }

  /// The error for a field that comes with `forward` or `backward`; nil for others.
  func notYet(_ name: String, _ path: String) -> Diagnostic? {
    func isLayer(_ name: String, _ letters: String) -> Bool {
      guard let first = name.first, letters.contains(first), let k = Int(name.dropFirst()) else {
        return false
      }
      return 1...max(1, depth) ~= k
    }
    if isLayer(name, "ZA") {
      return Diagnostic(.error, "\(path).\(name) has no value yet").hinting("forward(\(path), X) computes it")
    }
    guard let variable = GradientName.variable(of: name), isLayer(variable, "ZA") || param(variable) != nil
    else {
      return nil
    }
    return Diagnostic(.error, "\(path).\(name) has no value yet")
      .hinting("a cost J of forward(\(path), X), then backward(J) computes it")
  }

  private func unsettable(_ name: String) -> Diagnostic {
    let error = Diagnostic(.error, "a network has no field \(name) that can be set")
    if let nearest = Suggestion.nearest(to: name, in: allFieldNames()) {
      return error.hinting("did you mean \(nearest)?")
    }
    return error.hinting("its params are \(state.params.map(\.name).joined(separator: ", "))")
  }
}
