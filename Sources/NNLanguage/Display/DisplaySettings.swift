import NNCore

/// How values are shown: the digits of numbers, and the text of every kind of value.
struct DisplaySettings {
  /// Significant digits; 17 stands for the shortest text that reads back as the same number.
  var digits = NumberFormat.defaultDigits
  /// Wraps text in colours by role; nil on terminals without.
  var colours: EchoColours?
  /// The flag that stops the writing of a large matrix.
  var cancellation: Cancellation?

  func text(_ number: Scalar) -> String { NumberFormat(digits: digits).format(number) }

  /// A value inside a string: on one line, numbers as source text.
  ///
  /// - Throws: where lists nest too deep to be written.
  func text(_ value: Value, _ format: FormatSpec = .plain) throws(Diagnostic) -> String {
    try text(value, as: ValueFormat(format))
  }

  /// The same with a format that was read from text.
  func text(_ value: Value, as format: ValueFormat) throws(Diagnostic) -> String {
    switch value {
    case .number(let number): return format.apply(to: number, digits: digits)
    case .matrix(let matrix):
      return matrix.isScalar
        ? format.apply(to: matrix.pointer[0], digits: digits) : try text(matrix, as: format)
    case .text(let text): return format.apply(to: text.string)
    default: return format.padded(try inline(value, format.withoutWidth))
    }
  }

  private func text(_ matrix: Matrix, as format: ValueFormat) throws(Diagnostic) -> String {
    let isStopped = { cancellation?.isRaised ?? false }
    let text = format.apply(to: matrix, digits: digits, isStopped: isStopped)
    if isStopped() { throw Diagnostic(.interrupt, "interrupted") }
    return text
  }

  /// A value as part of another: strings as they stand in source text, numbers in a format.
  func inline(_ value: Value, _ format: ValueFormat = ValueFormat()) throws(Diagnostic) -> String {
    var room = 2_000
    return try inline(value, format, depth: 0, &room)
  }

  /// - Parameter room: how many more values of lists in lists are written out; lists that share their elements can
  ///   hold more than could ever be written.
  private func inline(_ value: Value, _ format: ValueFormat, depth: Int, _ room: inout Int)
    throws(Diagnostic) -> String
  {
    guard depth < 200, room > 0 else { return "…" }
    room -= 1
    switch value {
    case .number, .matrix: return try text(value, as: format)
    case .text(let text): return SafeText.quoted(text.string)
    case .list(let list):
      var parts: [String] = []
      for element in list.elements.prefix(100) where room > 0 {
        parts.append(try inline(element, format, depth: depth + 1, &room))
      }
      if list.count > parts.count { parts.append("…") }
      return "list(\(parts.joined(separator: ", ")))"
    case .function(let function): return text(function)
    case .table(let table): return "<table \(table.rowCount)×\(table.names.count)>"
    case .object(let object):
      return "<\(object.kindWithArticle.split(separator: " ").dropFirst().joined(separator: " "))>"
    case .nothing: return "nothing"
    }
  }

  /// A function as it was written, where that is short: `x -> x^2`, `fn f(x, y)`.
  private func text(_ function: Function) -> String {
    guard case .user(let code) = function.body else { return "<function \(function.name)>" }
    if code.tree.kind(code.node) == .lambda {
      let text = code.tree.printed(code.node)
      if text.count <= 60, !text.contains("\n") { return text }
    }
    let name = code.tree.kind(code.node) == .function ? function.name : ""
    return "fn \(name)(\(code.parameters.map(\.name).joined(separator: ", ")))"
  }

  /// What `print` writes: strings as they are, matrices in lines.
  func printed(_ value: Value, width: Int) throws(Diagnostic) -> String {
    switch value {
    case .text(let text): text.string
    case .matrix, .table, .object: lines(of: value, width: width).joined(separator: "\n")
    default: try text(value)
    }
  }

  /// What a statement shows of its value: `x = 3`, or the shape and below it the rows.
  func echo(_ value: Value, name: String, role: VariableRole, width: Int) throws(Diagnostic) -> String {
    let label = name.isEmpty ? "" : "\(coloured(SafeText.escaped(name), role)) = "
    switch value {
    case .number, .function: return "\(label)\(try inline(value))\n"
    case .matrix(let matrix) where matrix.isScalar:
      return "\(label)\(try inline(value))\(roleMark(role, before: "  "))\n"
    case .text(let text) where name.isEmpty: return SafeText.escaped(text.string, keepsLines: true) + "\n"
    case .text(let text) where !text.string.contains("\n"): return "\(label)\(try inline(value))\n"
    case .list(let list):
      let line = try inline(value)
      if line.count + name.count + 3 <= width { return "\(label)\(line)\n" }
      return "\(label)list of \(list.count)\n" + (try elements(of: list, width: width))
    case .matrix(let matrix):
      let shape = "\(label)\(matrix.shape)\(roleMark(role, before: " "))"
      return block(
        matrix.count == 0 ? shape + " empty" : shape,
        matrix.count == 0 ? [] : lines(of: value, width: width - 2))
    case .table(let table):
      return block("\(label)table \(table.rowCount)×\(table.names.count)", lines(of: value, width: width - 2))
    default:
      return block(label + value.kindWithArticle, lines(of: value, width: width - 2))
    }
  }

  private func block(_ title: String, _ lines: [String]) -> String {
    ([title] + lines.map { $0.isEmpty ? "" : "  " + $0 }).joined(separator: "\n") + "\n"
  }

  private func elements(of list: List, width: Int) throws(Diagnostic) -> String {
    var text = ""
    for (index, element) in list.elements.prefix(20).enumerated() {
      text += "  [\(index + 1)] \(try inline(element).prefix(max(10, width - 8)))\n"
    }
    return list.count > 20 ? text + "  … \(list.count - 20) more\n" : text
  }

  private func lines(of value: Value, width: Int) -> [String] {
    switch value {
    case .matrix(let matrix):
      return MatrixFormatter(digits: digits, width: max(20, width)).lines(for: matrix, showsShape: false)
    case .table(let table):
      return TableFormatter(digits: digits, width: max(20, width)).lines(for: table.table, showsShape: false)
    case .object(let object): return object.describe(width: width)
    case .text(let text):
      return SafeText.escaped(text.string, keepsLines: true)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    default: return []
    }
  }

  private func roleMark(_ role: VariableRole, before blank: String) -> String {
    switch role {
    case .data, .computed: ""
    case .param: blank + "param"
    case .gradient, .handGradient: blank + "gradient"
    }
  }

  private func coloured(_ name: String, _ role: VariableRole) -> String {
    colours?.paint(name, role) ?? name
  }
}

/// Colours of names by their role, as a host that knows its terminal sets them.
public struct EchoColours: Sendable {
  /// Wraps a name.
  public var paint: @Sendable (_ name: String, _ role: VariableRole) -> String

  /// Colours given by a function of the name and its role.
  public init(paint: @escaping @Sendable (String, VariableRole) -> String) { self.paint = paint }
}
