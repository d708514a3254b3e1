import NNCore
import NNFormats

// A network in a safetensors file: its matrices as tensors, its layers in the file's notes.
extension Network {
  static let layersKey = "layers"
  static let formatKey = "nnrepl"

  /// - Throws: for other formats, and where a layer has a function that only this program knows.
  func fileContent(for format: FileFormat) throws(Diagnostic) -> FileContent {
    guard format == .safetensors else {
      throw Diagnostic(.error, "a network is written to a .safetensors file")
    }
    for layer in layers {
      if let function = layer.userFunction {
        throw Diagnostic(.error, "a file cannot hold \(function.name), which is a function of this program")
          .hinting("write its matrices: write(net.W1, net.b1, \"net.npz\")")
      }
    }
    var tensors = state.params.map { NamedMatrix($0.name, $0.value) }
    for running in state.running {
      tensors.append(NamedMatrix(running.meanName, running.mean))
      tensors.append(NamedMatrix(running.varianceName, running.variance))
    }
    let text = layers.map(\.text).joined(separator: "; ")
    return .tensors(
      tensors, metadata: [MetadataEntry(Self.formatKey, "1"), MetadataEntry(Self.layersKey, text)])
  }

  /// The network that a file holds; nil where its notes do not say that it holds one.
  ///
  /// - Throws: where the notes do not read as layers, and where a matrix is missing or has another shape.
  static func read(_ tensors: [NamedMatrix], _ metadata: [MetadataEntry], _ machine: Machine)
    throws(Diagnostic)
    -> Network?
  {
    guard metadata.contains(where: { $0.key == formatKey }),
      let text = metadata.first(where: { $0.key == layersKey })?.value
    else { return nil }
    var layers: [Layer] = []
    for part in text.split(separator: ";").prefix(100_000) { layers.append(try layer(part.trimmingBlanks())) }
    let found = Dictionary(tensors.map { ($0.name, $0.matrix) }) { first, _ in first }
    let expected = try shapes(of: layers)
    var matrices: [NamedMatrix] = []
    for (name, shape) in expected.params {
      matrices.append(NamedMatrix(name, try matrix(name, shape, found)))
    }
    let network = Network(layers, machine, matrices: matrices)
    for (mean, variance, shape) in expected.running {
      network.state.running.append(
        NetworkState.Running(
          meanName: mean, varianceName: variance, mean: try matrix(mean, shape, found),
          variance: try matrix(variance, shape, found)))
    }
    return network
  }

  private static func matrix(_ name: String, _ shape: Shape, _ found: [String: Matrix]) throws(Diagnostic)
    -> Matrix
  {
    guard let matrix = found[name] else {
      throw Diagnostic(.error, "the file has no \(name), which its layers need")
    }
    guard matrix.shape == shape else {
      throw Diagnostic(.error, "\(name) in the file is \(matrix.shape), and its layers need \(shape)")
    }
    return matrix
  }

  /// The shapes that layers' matrices have.
  private static func shapes(of layers: [Layer]) throws(Diagnostic)
    -> (params: [(String, Shape)], running: [(String, String, Shape)])
  {
    var params: [(String, Shape)] = []
    var running: [(String, String, Shape)] = []
    var number = 0
    var width: Int?
    for layer in layers {
      switch layer {
      case .dense(let inputs, let outputs, _, _):
        if let width, width != inputs {
          throw Diagnostic(.error, "the layers in the file do not fit each other")
        }
        (number, width) = (number + 1, outputs)
        params += [("W\(number)", Shape(outputs, inputs)), ("b\(number)", Shape(outputs, 1))]
      case .batchNorm:
        guard let width, !params.contains(where: { $0.0 == "gamma\(number)" }) else {
          throw Diagnostic(.error, "the layers in the file do not fit each other")
        }
        params += [("gamma\(number)", Shape(width, 1)), ("beta\(number)", Shape(width, 1))]
        running.append(("mean\(number)", "var\(number)", Shape(width, 1)))
      case .dropout, .function:
        if width == nil { throw Diagnostic(.error, "the layers in the file do not begin with a dense one") }
      }
    }
    if width == nil { throw Diagnostic(.error, "the file names no layers") }
    return (params, running)
  }

  /// A layer by the text that `Layer.text` gives it.
  private static func layer(_ text: String) throws(Diagnostic) -> Layer {
    let unreadable = Diagnostic(
      .error, "the file has a layer that is not known: \(SafeText.escaped(String(text.prefix(60))))")
    guard let open = text.firstIndex(of: "(") else {
      guard let function = builtinFunction(text) else { throw unreadable }
      return .function(function)
    }
    guard text.last == ")" else { throw unreadable }
    let parts = text[text.index(after: open)...].dropLast().split(separator: ",").map { $0.trimmingBlanks() }
    switch (text[..<open], parts.count) {
    case ("dense", 2...3):
      guard let inputs = Int(parts[0]), let outputs = Int(parts[1]), (1...Int(Int32.max)).contains(inputs),
        (1...Int(Int32.max)).contains(outputs)
      else { throw unreadable }
      guard parts.count == 3 else {
        return .dense(inputs: inputs, outputs: outputs, activation: nil, weights: nil)
      }
      guard let function = builtinFunction(parts[2]) else { throw unreadable }
      return .dense(inputs: inputs, outputs: outputs, activation: function, weights: nil)
    case ("dropout", 1):
      guard let part = Double(parts[0]), part >= 0, part < 1 else { throw unreadable }
      return .dropout(part)
    case ("batchnorm", 0): return .batchNorm
    default: throw unreadable
    }
  }

  /// Only functions that work element by element or column by column: a file is data and calls nothing else.
  private static func builtinFunction(_ name: String) -> Function? {
    guard Operation.named(name) != nil, let index = Builtins.index(of: name),
      Builtins.table[index].requiredCount == 1
    else { return nil }
    return Builtins.function(index)
  }
}
