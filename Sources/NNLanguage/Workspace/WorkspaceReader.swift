import NNCore
import NNFormats

/// Reads what `WorkspaceWriter` has written; whatever the file says, it makes values or an error.
struct WorkspaceReader {
  struct Variable {
    let name: String
    let value: Value
    let isParam: Bool
  }

  private(set) var variables: [Variable] = []
  private(set) var random: RandomStream?
  private(set) var digits: Int?

  private let machine: Machine
  private let tensors: [String: Matrix]
  private let metadata: [MetadataEntry]
  private var networks: [Int: Network] = [:]

  init(_ tensors: [NamedMatrix], _ metadata: [MetadataEntry], _ machine: Machine) throws(Diagnostic) {
    self.machine = machine
    self.metadata = metadata
    self.tensors = Dictionary(tensors.map { ($0.name, $0.matrix) }) { first, _ in first }
    guard note(WorkspaceKeys.version) == "1" else {
      throw Diagnostic(.error, "it was not written by save")
    }
    try readVariables()
    try readSettings()
  }

  private func note(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  private mutating func readVariables() throws(Diagnostic) {
    for entry in metadata where entry.key.hasPrefix(WorkspaceKeys.variable) {
      let name = String(entry.key.dropFirst(WorkspaceKeys.variable.count))
      guard Lexer.isName(name) else { throw Self.damaged }
      let isParam = entry.value.hasPrefix("param ")
      var text = Substring(isParam ? entry.value.dropFirst("param ".count) : entry.value[...]).utf8
      let value = try read(&text, depth: 0)
      guard text.isEmpty, !isParam || value.shape != nil else { throw Self.damaged }
      variables.append(Variable(name: name, value: value, isParam: isParam))
    }
  }

  private mutating func readSettings() throws(Diagnostic) {
    if let digits = note(WorkspaceKeys.digits).flatMap({ Int($0) }), (1...17).contains(digits) {
      self.digits = digits
    }
    guard let parts = note(WorkspaceKeys.random)?.split(separator: " "), parts.count == 2,
      let numbers = tensors[String(parts[0])].map({ Array($0.buffer) }), let position = Int(parts[1])
    else { return }
    let words = numbers.prefix(624).compactMap { UInt32(exactly: $0) }
    random = RandomStream(
      RandomStream.State(
        words: words, position: position, keptNormal: numbers.count > 624 ? numbers[624] : nil))
    if random == nil { throw Self.damaged }
  }

  static let damaged = Diagnostic(.error, "the file is damaged")

  // MARK: values

  private mutating func read(_ text: inout Substring.UTF8View, depth: Int) throws(Diagnostic) -> Value {
    guard depth < WorkspaceKeys.mostDepth, let kind = text.popFirst() else { throw Self.damaged }
    defer { if text.first == UInt8(ascii: " ") { text.removeFirst() } }
    switch kind {
    case UInt8(ascii: "n"):
      guard let number = try matrix(&text).buffer.first else { throw Self.damaged }
      return .number(number)
    case UInt8(ascii: "m"): return .matrix(try matrix(&text))
    case UInt8(ascii: "s"): return .string(try string(&text))
    case UInt8(ascii: "l"): return try list(&text, depth)
    case UInt8(ascii: "t"): return try table(&text)
    case UInt8(ascii: "o"): return .object(try network(try number(&text)))
    case UInt8(ascii: "f"):
      let name = String(text.prefix { $0 != UInt8(ascii: " ") }) ?? ""
      text.removeFirst(name.utf8.count)
      guard let index = Builtins.index(of: name) else {
        throw Diagnostic(.error, "there is no function \(name)")
      }
      return .function(Builtins.function(index))
    default: throw Self.damaged
    }
  }

  private func number(_ text: inout Substring.UTF8View) throws(Diagnostic) -> Int {
    let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.count <= 15, let number = String(digits).flatMap({ Int($0) }) else { throw Self.damaged }
    text.removeFirst(digits.count)
    return number
  }

  private func matrix(_ text: inout Substring.UTF8View) throws(Diagnostic) -> Matrix {
    guard let matrix = tensors["\(try number(&text))"] else { throw Self.damaged }
    return matrix
  }

  private func string(_ text: inout Substring.UTF8View) throws(Diagnostic) -> String {
    let count = try number(&text)
    guard text.popFirst() == UInt8(ascii: ":"), count <= text.count, let string = String(text.prefix(count))
    else {
      throw Self.damaged
    }
    text.removeFirst(count)
    return string
  }

  private mutating func list(_ text: inout Substring.UTF8View, _ depth: Int) throws(Diagnostic) -> Value {
    let count = try number(&text)
    guard count <= text.count else { throw Self.damaged }
    if text.first == UInt8(ascii: " ") { text.removeFirst() }
    var elements: [Value] = []
    for _ in 0..<count { elements.append(try read(&text, depth: depth + 1)) }
    do throws(CoreError) { return .list(try List(elements, in: machine.resources)) } catch {
      throw Diagnostic(core: error)
    }
  }

  private mutating func table(_ text: inout Substring.UTF8View) throws(Diagnostic) -> Value {
    let count = try number(&text)
    guard count <= text.count else { throw Self.damaged }
    if text.first == UInt8(ascii: " ") { text.removeFirst() }
    var columns: [Table.Column] = []
    for _ in 0..<count {
      guard let name = try read(&text, depth: 0).string else { throw Self.damaged }
      columns.append(Table.Column(name, try column(try read(&text, depth: 0))))
    }
    do throws(FormatError) { return .table(TableValue(try Table(columns))) } catch { throw Self.damaged }
  }

  private func column(_ value: Value) throws(Diagnostic) -> Table.Values {
    switch value {
    case .matrix(let matrix) where matrix.shape.columns == 1: return .numbers(matrix)
    case .list(let list):
      do throws(CoreError) {
        return .text(try TextColumn(list.elements.map { $0.string ?? "" }, in: machine.resources))
      } catch { throw Diagnostic(core: error) }
    default: throw Self.damaged
    }
  }

  private mutating func network(_ number: Int) throws(Diagnostic) -> Network {
    if let network = networks[number] { return network }
    let prefix = WorkspaceKeys.networkPrefix(number)
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
      .map { NamedMatrix(String($0.key.dropFirst(prefix.count)), $0.value) }
    let notes = metadata.filter { $0.key.hasPrefix(prefix) }
      .map { MetadataEntry(String($0.key.dropFirst(prefix.count)), $0.value) }
    guard let network = try Network.read(own, notes, machine) else { throw Self.damaged }
    networks[number] = network
    return network
  }
}
