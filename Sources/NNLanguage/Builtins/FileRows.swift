import NNCore
import NNFormats

extension Builtins {
  static let fileRows: [Builtin] = [
    Builtin(
      "read", "path", .data, summary: "What a file holds; its name tells the format.",
      details: """
        .csv and .tsv: a table, or a matrix where there are numbers only and no names. .npy: a matrix.
        .npz and .safetensors: named matrices, d = read("x.npz"); d.W1. .idx and MNIST's own names: a matrix.
        """,
      example: "t = read(\"flowers.csv\")", related: ["write", "xy", "matrix"], body: read),
    Builtin(
      "write", "value, path, …", .data, forms: "write(value, path); write(W1, b1, \"x.npz\")",
      summary:
        "Makes a file of a matrix, a table or several matrices, whole or not at all; its name tells the format.",
      details: "Several matrices keep the names of their variables: .npz and .safetensors hold them.",
      example: "write([1 2; 3 4], \"a.csv\")", related: ["read"], body: write),
  ]

  // MARK: read

  private static func read(_ call: Call) throws(Diagnostic) -> Value {
    let path = try call.string(0)
    let format = try format(of: path, call, 0)
    let bytes: [UInt8]
    do { bytes = try call.machine.host.readFile(path) } catch {
      if call.resources.cancellation.isRaised { try call.machine.stop() }
      throw call.labelling(Diagnostic(.error, "cannot read \(path): \(error.reason)"), 0)
    }
    let content: FileContent
    do throws(FormatError) { content = try format.read(bytes, in: call.resources) } catch {
      throw failure(error, "cannot read \(path)", call, 0)
    }
    switch content {
    case .table(let table): return .table(TableValue(table))
    case .matrix(let matrix): return call.value(matrix)
    case .matrices(let matrices): return .object(NamedMatrices(matrices))
    case .readable(let matrices, let others): return .object(NamedMatrices(matrices, unreadable: others))
    case .tensors(let tensors, let metadata):
      let network = try Network.read(tensors, metadata, call.machine)
      return .object(network ?? NamedMatrices(tensors))
    }
  }

  private static func format(of path: String, _ call: Call, _ index: Int, isWriting: Bool = false)
    throws(Diagnostic) -> FileFormat
  {
    let format = FileFormat.named(path)
    if let format, !isWriting || format.isWritten { return format }
    let names = isWriting ? FileFormat.allCases.filter(\.isWritten) : FileFormat.allCases
    let name = path.isEmpty ? "\"\"" : SafeText.escaped(path)
    let problem =
      format.map { "\(name) would be \($0.noun), a format that is only read" }
      ?? "the name \(name) tells no format"
    throw call.labelling(call.fail(problem), index)
      .hinting("names end in \(names.map(\.ending).joined(separator: ", "))")
  }

  private static func failure(_ error: FormatError, _ what: String, _ call: Call, _ index: Int) -> Diagnostic
  {
    if case .core(let error) = error { return Diagnostic(core: error) }
    return call.labelling(Diagnostic(.error, "\(what): \(error.description)"), index)
  }

  // MARK: write

  private static func write(_ call: Call) throws(Diagnostic) -> Value {
    let last = call.count - 1
    guard case .text(let path) = call[last] else { throw pathIsNotLast(call, last) }
    let format = try format(of: path.string, call, last, isWriting: true)
    let content = try content(of: call, format)
    let bytes: [UInt8]
    do throws(FormatError) { bytes = try format.write(content, in: call.resources) } catch {
      let error = failure(error, "cannot write \(path.string)", call, 0)
      throw error.hinting(call.count > 2 ? "names for several matrices end in .npz or .safetensors" : nil)
    }
    do { try call.machine.host.writeFile(path.string, bytes) } catch {
      throw call.labelling(Diagnostic(.error, "cannot write \(path.string): \(error.reason)"), last)
    }
    return .nothing
  }

  private static func pathIsNotLast(_ call: Call, _ last: Int) -> Diagnostic {
    guard call[0].string != nil else { return call.wrong(last, wanted: "a string, the path,") }
    let order = (1...last).map { call.brief($0) } + [call.brief(0)]
    return call.labelling(call.fail("the path stands last, behind what is written"), 0)
      .hinting("write(\(order.joined(separator: ", ")))")
  }

  private static func content(of call: Call, _ format: FileFormat) throws(Diagnostic) -> FileContent {
    let takesNames = format == .npz || format == .safetensors
    guard call.count > 2 || (takesNames && call[0].shape != nil) else {
      return try content(of: call[0], call, format)
    }
    var matrices: [NamedMatrix] = []
    for index in 0..<(call.count - 1) {
      let name = call.argumentName(index) ?? "arr_\(index)"
      if matrices.contains(where: { $0.name == name }) { throw call.fail("\(name) is given twice") }
      matrices.append(NamedMatrix(name, try call.matrix(index)))
    }
    return .matrices(matrices)
  }

  private static func content(of value: Value, _ call: Call, _ format: FileFormat) throws(Diagnostic)
    -> FileContent
  {
    switch value {
    case .table(let table): return .table(table.table)
    case .matrix, .number: return .matrix(try call.matrix(0))
    case .object(let object): return try object.content(for: format)
    case .list(let list):
      let holdsNumbers = list.elements.allSatisfy { $0.number != nil }
      throw call.wrong(0, wanted: "a matrix or a table")
        .hinting(holdsNumbers ? "a list of numbers: matrix(\(call.brief(0)))" : nil)
    default: throw call.wrong(0, wanted: "a matrix or a table")
    }
  }
}
