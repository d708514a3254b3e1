import NNCore
import NNFormats

extension Builtins {
  static let networkRows: [Builtin] = [
    Builtin(
      "network", "layers, …", .networks,
      forms: "network(dense(2, 4, tanh), dense(4, 1, sigmoid)); network([2, 4, 1], tanh, sigmoid)",
      summary: "A network of layers, its weights drawn anew.",
      details: """
        With sizes, the functions follow: one for the hidden layers and one for the last, or one for each.
        Fields of layer k: Wk, bk, then after forward Zk, Ak, after backward dWk, dbk, dZk, dAk; with batchnorm gammak, betak.
        b = net names the same network; copy(net) makes another.
        """,
      example: "seed(1); net = network([2, 4, 1], tanh, sigmoid); summary(net)",
      related: ["dense", "train", "predict", "forward", "summary"]
    ) { call throws(Diagnostic) in .object(try call.network()) },
    Builtin(
      "dense", "inputs, outputs, activation?, init?", .networks,
      forms: "dense(inputs, outputs); dense(inputs, outputs, activation, init = he)",
      summary: "A layer of a network: Z = W*X + b, A = activation(Z).",
      shapes: "W outputs×inputs, b outputs×1, Z and A outputs×examples",
      details: """
        init makes W: he, xavier, zeros or a function of rows and columns such as (m, n) -> randn(m, n)*0.01;
        without it he for relu and its kin, xavier for others. b begins as 0.
        """,
      example: "dense(2, 4, tanh)", related: ["network", "dropout", "batchnorm", "he", "xavier"]
    ) { call throws(Diagnostic) in
      let inputs = try call.integer(0, in: 1...Int(Int32.max))
      let outputs = try call.integer(1, in: 1...Int(Int32.max))
      let activation = try call.isGiven(2) ? call.function(2) : nil
      let weights = try call.isGiven(3) ? call.function(3) : nil
      return .object(
        LayerValue(.dense(inputs: inputs, outputs: outputs, activation: activation, weights: weights)))
    },
    Builtin(
      "dropout", "p", .networks,
      summary:
        "A layer that in training sets each element to 0 with probability p and divides the others by 1 - p.",
      details:
        "predict leaves everything as it is. net.mask1 is what the first dropout drew last: 1 for what stayed.",
      example: "dropout(0.2)",
      related: ["network", "dense", "batchnorm"]
    ) { call throws(Diagnostic) in
      let part = try call.number(0)
      guard part >= 0, part < 1 else {
        throw call.labelling(call.fail("p must be from 0 to less than 1, and this is \(call.text(part))"), 0)
      }
      return .object(LayerValue(.dropout(part)))
    },
    Builtin(
      "batchnorm", "", .networks,
      summary:
        "A layer that gives each row mean 0 and variance 1 over the examples, then scales and shifts it.",
      details: """
        A = gamma .* (A - mean)./sqrt(var + 1e-5) + beta, with gamma and beta trained.
        predict uses running means and variances that forward and train keep: net.mean1, net.var1.
        """,
      example: "batchnorm()", related: ["network", "dense", "dropout"]
    ) { _ in .object(LayerValue(.batchNorm)) },
    initialiser("he", .he, "2/n", "layers with relu"),
    initialiser("xavier", .xavier, "2/(m + n)", "layers with tanh or sigmoid"),
    Builtin(
      "predict", "net, X", .networks, summary: "What a network makes of X, as plain numbers.",
      shapes: "X features×examples, the result outputs×examples",
      details: "Without dropout, with batchnorm's running values; the network's fields stay as they are.",
      example: "seed(1); predict(network([2, 3, 1], tanh, sigmoid), [0 1; 1 1])",
      related: ["forward", "accuracy", "confusion"]
    ) { call throws(Diagnostic) in
      let network = try call.networkArgument(0)
      return try call.locating(1) { () throws(Diagnostic) in try call.machine.predict(network, call[1]) }
    },
    Builtin(
      "summary", "net", .networks,
      summary: "Shows a network's layers with shapes and the numbers of their params.",
      example: "seed(1); summary(network([2, 4, 1], tanh, sigmoid))", related: ["network", "train"]
    ) { call throws(Diagnostic) in
      let lines = try call.networkArgument(0).summary()
      call.machine.host.write(lines.joined(separator: "\n") + "\n")
      return .nothing
    },
  ]

  private static func initialiser(_ name: String, _ rule: Initialiser, _ variance: String, _ use: String)
    -> Builtin
  {
    Builtin(
      name, "m, n", .networks, summary: "Random weights for \(use): normal numbers of variance \(variance).",
      shapes: "m×n, for m outputs and n inputs", example: "seed(1); \(name)(2, 3)",
      related: ["dense", "randn", "network"]
    ) { call throws(Diagnostic) in
      let shape = Shape(try call.size(0), try call.size(1))
      // The gate names a size that cannot be before anything counts with it.
      _ = try call.core { () throws(CoreError) in try Matrix(uninitialized: shape, in: call.resources) }
      return call.value(
        try call.drawing(shape.count) { random throws(CoreError) in
          try rule.draw(shape, from: &random, in: call.resources)
        })
    }
  }
}

extension Call {
  func networkArgument(_ index: Int) throws(Diagnostic) -> Network {
    guard case .object(let object as Network) = self[index] else { throw wrong(index, wanted: "a network") }
    return object
  }

  fileprivate func network() throws(Diagnostic) -> Network {
    try machine.makeNetwork(try self[0].shape == nil ? layers(0) : sizedLayers())
  }

  private func layers(_ first: Int) throws(Diagnostic) -> [Layer] {
    var layers: [Layer] = []
    for index in first..<count {
      switch self[index] {
      case .object(let object as LayerValue): layers.append(object.layer)
      case .function(let function): layers.append(.function(function))
      default: throw wrong(index, wanted: "a layer such as dense(2, 4, tanh)")
      }
    }
    try checkOrder(layers)
    return layers
  }

  /// `[2, 4, 1], tanh, sigmoid`.
  private func sizedLayers() throws(Diagnostic) -> [Layer] {
    let sizes = try matrix(0)
    guard sizes.shape.isVector, sizes.count >= 2 else {
      throw labelling(fail("sizes are a row of at least two numbers: [inputs, …, outputs]"), 0)
    }
    var numbers: [Int] = []
    for element in sizes.buffer {
      guard let number = Int(exactly: element), number >= 1, number <= Int(Int32.max) else {
        throw labelling(fail("sizes are whole numbers of at least 1, and one is \(text(element))"), 0)
      }
      numbers.append(number)
    }
    var functions: [Function] = []
    for index in 1..<max(1, count) { functions.append(try function(index)) }
    let last = numbers.count - 1
    guard functions.count <= max(2, last) else {
      throw fail("there are \(functions.count) functions for \(machine.plural(last, "layer"))")
    }
    return (0..<last).map { k in
      .dense(
        inputs: numbers[k], outputs: numbers[k + 1], activation: chosen(functions, k, last), weights: nil)
    }
  }

  // One function for each layer, or one for the hidden ones and one for the last.
  private func chosen(_ functions: [Function], _ layer: Int, _ count: Int) -> Function? {
    if functions.count == count { return functions[layer] }
    if layer == count - 1 { return functions.count > 1 ? functions.last : nil }
    return functions.count > 2 ? functions[min(layer, functions.count - 2)] : functions.first
  }

  private func checkOrder(_ layers: [Layer]) throws(Diagnostic) {
    var width: Int?
    var isNormalised = false
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(let inputs, let outputs, _, _):
        if let width, width != inputs {
          throw labelling(
            fail("\(layer.text) takes \(inputs) features, and \(width) come out of the layer before"), index
          ).hinting("dense(\(width), \(outputs), …)")
        }
        (width, isNormalised) = (outputs, false)
      case .batchNorm where isNormalised:
        throw labelling(fail("one batchnorm is enough between two dense layers"), index)
      case .batchNorm where width != nil: isNormalised = true
      default: if width == nil { throw labelling(fail("the first layer is a dense one"), index) }
      }
    }
  }
}

extension Machine {
  /// A network with its weights drawn, layer after layer.
  func makeNetwork(_ layers: [Layer]) throws(Diagnostic) -> Network {
    var matrices: [NamedMatrix] = []
    var running: [NetworkState.Running] = []
    var number = 0
    var width = 0
    for layer in layers {
      switch layer {
      case .dense(let inputs, let outputs, let activation, let weights):
        (number, width) = (number + 1, outputs)
        let shape = Shape(outputs, inputs)
        matrices.append(NamedMatrix("W\(number)", try draw(weights, shape, activation)))
        matrices.append(NamedMatrix("b\(number)", try filled(0, outputs)))
      case .batchNorm:
        matrices.append(NamedMatrix("gamma\(number)", try filled(1, width)))
        matrices.append(NamedMatrix("beta\(number)", try filled(0, width)))
        running.append(
          NetworkState.Running(
            meanName: "mean\(number)", varianceName: "var\(number)", mean: try filled(0, width),
            variance: try filled(1, width)))
      case .dropout, .function: continue
      }
    }
    let network = Network(layers, self, matrices: matrices)
    network.state.running = running
    return network
  }

  private func filled(_ value: Scalar, _ rows: Int) throws(Diagnostic) -> Matrix {
    try throwingDiagnostics { () throws(CoreError) in
      try Matrix(repeating: value, Shape(rows, 1), in: resources)
    }
  }

  private func draw(_ weights: Function?, _ shape: Shape, _ activation: Function?) throws(Diagnostic)
    -> Matrix
  {
    guard let weights else {
      let rule: Initialiser = activation?.halves == true ? .he : .xavier
      return try throwingDiagnostics { () throws(CoreError) in
        try rule.draw(shape, from: &random, in: resources)
      }
    }
    let result = try call(weights, [.number(Scalar(shape.rows)), .number(Scalar(shape.columns))])
    guard let given = result.shape else {
      throw Diagnostic(.error, "init makes \(result.kindWithArticle), and weights are a matrix")
    }
    guard given == shape else {
      throw Diagnostic(.error, "init makes a \(given) matrix, and the weights are \(shape)")
        .hinting("init is called with rows and columns: (m, n) -> randn(m, n)*0.01")
    }
    return try throwingDiagnostics { () throws(CoreError) in
      if case .matrix(let matrix) = result { return try matrix.copy(in: resources) }
      return try Matrix(repeating: result.number ?? .nan, shape, in: resources)
    }
  }
}
