import NNCore
import NNFormats

/// Makes the contents of a workspace file: every value described in a line, its numbers in tensors.
///
/// A file is data. What describes a value, with `k` the name of a tensor: `nk` a number, `mk` a matrix, `s3:abc` a
/// string of three bytes, `l2 … …` a list of two, `t1 s1:x mk` a table of one column, `ok` network k, `fname` a
/// builtin function.
struct WorkspaceWriter {
  private(set) var tensors: [NamedMatrix] = []
  private(set) var metadata: [MetadataEntry] = [MetadataEntry(WorkspaceKeys.version, "1")]
  private var networks: [ObjectIdentifier: Int] = [:]
  private let resources: Resources

  init(_ resources: Resources) { self.resources = resources }

  /// Adds a variable, if it is of a kind that a file can hold.
  ///
  /// - Returns: whether it is.
  mutating func add(_ name: String, _ value: Value, isParam: Bool) throws(Diagnostic) -> Bool {
    guard let description = try describe(value, depth: 0) else { return false }
    metadata.append(MetadataEntry(WorkspaceKeys.variable + name, (isParam ? "param " : "") + description))
    return true
  }

  mutating func add(_ random: RandomStream.State, digits: Int) throws(Diagnostic) {
    let words = random.words.map { Scalar($0) }
    let kept = random.keptNormal.map { [$0] } ?? []
    let tensor = try self.tensor(words + kept)
    metadata.append(MetadataEntry(WorkspaceKeys.random, "\(tensor) \(random.position)"))
    metadata.append(MetadataEntry(WorkspaceKeys.digits, "\(digits)"))
  }

  // MARK: values

  private mutating func describe(_ value: Value, depth: Int) throws(Diagnostic) -> String? {
    guard depth < WorkspaceKeys.mostDepth else { return nil }
    switch value {
    case .number(let number): return "n\(try tensor([number]))"
    case .matrix(let matrix): return "m\(add(matrix))"
    case .text(let text): return string(text.string)
    case .list(let list):
      var parts = ["l\(list.count)"]
      for element in list.elements {
        guard let part = try describe(element, depth: depth + 1) else { return nil }
        parts.append(part)
      }
      return parts.joined(separator: " ")
    case .table(let table): return try describe(table.table)
    case .function(let function):
      guard case .builtin = function.body else { return nil }
      return "f\(function.name)"
    case .object(let object):
      guard let network = object as? Network else { return nil }
      return try describe(network)
    case .nothing: return nil
    }
  }

  private mutating func describe(_ table: Table) throws(Diagnostic) -> String {
    var parts = ["t\(table.columns.count)"]
    for column in table.columns {
      parts.append(string(column.name))
      switch column.values {
      case .numbers(let matrix): parts.append("m\(add(matrix))")
      case .text(let text):
        parts.append(([("l\(text.values.count)")] + text.values.map(string)).joined(separator: " "))
      }
    }
    return parts.joined(separator: " ")
  }

  /// A network by its number; two variables may hold the same one.
  private mutating func describe(_ network: Network) throws(Diagnostic) -> String? {
    if let number = networks[ObjectIdentifier(network)] { return "o\(number)" }
    guard case .tensors(let tensors, let notes)? = try? network.content(for: .safetensors) else { return nil }
    let number = networks.count + 1
    networks[ObjectIdentifier(network)] = number
    self.tensors += tensors.map { NamedMatrix(WorkspaceKeys.networkPrefix(number) + $0.name, $0.matrix) }
    metadata += notes.map { MetadataEntry(WorkspaceKeys.networkPrefix(number) + $0.key, $0.value) }
    return "o\(number)"
  }

  private func string(_ text: String) -> String { "s\(text.utf8.count):\(text)" }

  // MARK: tensors

  private mutating func add(_ matrix: Matrix) -> Int {
    tensors.append(NamedMatrix("\(tensors.count + 1)", matrix))
    return tensors.count
  }

  private mutating func tensor(_ numbers: [Scalar]) throws(Diagnostic) -> Int {
    do throws(CoreError) {
      let matrix = try Matrix(uninitialized: Shape(1, numbers.count), in: resources)
      for (index, number) in numbers.enumerated() { matrix.mutablePointer[index] = number }
      return add(matrix)
    } catch { throw Diagnostic(core: error) }
  }
}

/// The names that notes of a workspace file have.
enum WorkspaceKeys {
  static let version = "nnrepl-workspace"
  static let variable = "variable:"
  static let random = "random"
  static let digits = "digits"
  static let mostDepth = 200

  static func networkPrefix(_ number: Int) -> String { "network \(number):" }
}
