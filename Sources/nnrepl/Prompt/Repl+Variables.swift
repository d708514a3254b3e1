import LineEditing
import NNLanguage

// What there is: `whos`, `clear`.
extension Repl {
  /// Clears what is there of the names, which may have wildcards, and says what is not.
  func clear(_ words: String) throws(Diagnostic) {
    let all = interpreter.variableNames.filter { $0 != "args" }
    let patterns = NamePattern.list(words)
    let names =
      patterns.isEmpty
      ? all : interpreter.variableNames.filter { name in patterns.contains { $0.matches(name) } }
    let missing = patterns.filter { pattern in !names.contains(where: pattern.matches) }
    try interpreter.clear(names)
    // Where random numbers began to be drawn, what drew them must run again.
    let isPlain = interpreter.drawnSeed == nil && !transcript.texts.contains { $0.contains("seed(") }
    if !names.isEmpty {
      transcript.add(cleared: names, startsAnew: isPlain && Set(names).isSuperset(of: all))
    }
    guard let first = missing.first else { return }
    if names.isEmpty, missing.count == 1 { try interpreter.clear([first.text]) }  // says what is near
    throw Diagnostic(.error, "not there: \(missing.map(\.text).joined(separator: ", "))").hinting(
      names.isEmpty ? nil : "cleared: \(names.joined(separator: ", "))")
  }

  func whos(_ words: String) throws(Diagnostic) {
    let patterns = NamePattern.list(words)
    let variables = interpreter.variables.filter { variable in
      if !patterns.isEmpty { return patterns.contains { $0.matches(variable.name) } }
      return variable.name != "args" || !session.job.arguments.isEmpty
    }
    if variables.isEmpty {
      return say(patterns.isEmpty ? "there are no variables\n" : "there is no variable \(words)\n")
    }
    let rows = variables.map { VariableRow($0, interpreter) }
    var table = TextTable(columns: VariableRow.columns)
    for row in rows { table.add(row.cells) }
    say(
      table.text(width: host.width) { line, index in
        guard self.hasColor, index < variables.count else { return line }
        let name = variables[index].name
        return Theme.style(for: variables[index].role).apply(to: name) + line.dropFirst(name.count)
      })
    let bytes = rows.reduce(0) { $0 + $1.bytes }
    say("\(rows.count) variable\(rows.count == 1 ? "" : "s"), \(ByteCount.text(bytes))\n")
  }
}

/// A name, in which `*` stands for any letters and `?` for one.
struct NamePattern {
  let text: String

  /// The patterns that the words of a command are.
  static func list(_ words: String) -> [NamePattern] {
    words.split { $0 == " " || $0 == "," }.map { NamePattern(text: String($0)) }
  }

  func matches(_ name: String) -> Bool { Self.matches(name[...], text[...]) }

  private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    if first == "*" {
      let rest = pattern.drop { $0 == "*" }
      return name.indices.contains { matches(name[$0...], rest) } || rest.isEmpty
    }
    guard let letter = name.first, first == "?" || first == letter else { return false }
    return matches(name.dropFirst(), pattern.dropFirst())
  }
}

/// A variable as `whos` lists it.
private struct VariableRow {
  static let columns: [TextTable.Column] = [
    .left("name"), .left("shape"), .left("role"), .right("min"), .right("mean"), .right("max"), .right("nan"),
    .right("memory"),
  ]

  let cells: [String]
  let bytes: Int

  init(_ variable: Interpreter.VariableSummary, _ interpreter: Interpreter) {
    bytes = variable.value.byteCount
    let range = ValueRange(variable.value)
    let numbers = range?.cells { interpreter.text($0, isBrief: true) } ?? ["", "", "", ""]
    let memory = bytes == 0 ? "" : ByteCount.text(bytes)
    cells = [variable.name, Self.shape(of: variable.value), Self.role(of: variable)] + numbers + [memory]
  }

  private static func shape(of value: Value) -> String {
    switch value {
    case .number, .matrix: value.shape.map { "\($0)" } ?? ""
    case .table(let table): "\(table.rowCount)×\(table.names.count)"
    case .list(let list): "\(list.count)"
    default: ""
    }
  }

  /// What it is to the graph, or what kind of value it is.
  private static func role(of variable: Interpreter.VariableSummary) -> String {
    switch variable.value {
    case .number, .matrix: variable.role.rawValue
    default: variable.value.kindWithArticle.withoutArticle
    }
  }
}

/// The extremes of a numeric value; of those of its elements that are numbers.
private struct ValueRange {
  private(set) var count = 0
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  private(set) var nanCount = 0
  private var sum = 0.0

  var mean: Double { count > nanCount ? sum / Double(count - nanCount) : .nan }

  init?(_ value: Value) {
    switch value {
    case .number(let number): add(number)
    case .matrix(let matrix): for number in matrix.buffer { add(number) }
    default: return nil
    }
    if count == nanCount { (least, greatest) = (.nan, .nan) }
  }

  /// Least, mean, greatest, and how many are nan.
  func cells(_ text: (Double) -> String) -> [String] {
    let numbers = count == 0 ? ["", "", ""] : [least, mean, greatest].map(text)
    return numbers + [nanCount == 0 ? "" : "\(nanCount)"]
  }

  private mutating func add(_ number: Double) {
    count += 1
    if number.isNaN {
      nanCount += 1
    } else {
      least = min(least, number)
      greatest = max(greatest, number)
      sum += number
    }
  }
}

/// Bytes as people read them.
enum ByteCount {
  static func text(_ bytes: Int) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    if bytes < 1_000 { return "\(bytes) B" }
    var value = Double(bytes) / 1_000
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    let tenths = (value * 10).rounded() / 10
    return (tenths < 10 && tenths != tenths.rounded() ? "\(tenths)" : "\(Int(tenths.rounded()))") + " "
      + units[unit]
  }
}

extension String {
  /// "a list": "list".
  fileprivate var withoutArticle: String {
    for article in ["a ", "an "] where hasPrefix(article) { return String(dropFirst(article.count)) }
    return self
  }
}
