import NNCore

/// One builtin of the language: everything there is to know about it, in one row.
///
/// Calls, help, the reference and completion all read these rows. Functions that the graph can differentiate have
/// their row in `Operation.table`; `Builtins` makes one of these of it.
public struct Builtin: Sendable {
  /// A parameter, as calls can name it.
  public struct Parameter: Sendable {
    public let name: String
    /// The default as help shows it; nil for a parameter that must be given.
    public let defaultText: String?

    public init(_ name: String, default text: String? = nil) {
      self.name = name
      defaultText = text
    }
  }

  public let name: String
  public let parameters: [Parameter]
  /// Whether more arguments may follow the parameters.
  public let takesMore: Bool
  /// One sentence for help.
  public let summary: String
  /// How the shapes or values of results follow, or the defining formula; several lines are separated by newlines.
  public let details: String
  /// A line that runs at the prompt, its output made by running it.
  public let example: String
  public let related: [String]
  /// The heading under which the reference lists it.
  public let group: Group
  /// Whether it speaks of variables by their names, as `backward(J)` does; such a name is no value.
  public let isScoped: Bool
  /// Whether it can only stand as a statement of its own.
  public let isStatement: Bool
  /// The elementwise operation that a call comes down to, for the compiler.
  let inlined: Inlined?
  let body: @Sendable (inout Call) throws(Diagnostic) -> Value

  struct Inlined: Sendable {
    let id: OperationID
    let operands: Int
  }

  /// Headings of the reference.
  public enum Group: String, CaseIterable, Sendable {
    case making = "Making matrices"
    case shape = "Size and shape"
    case elementwise = "Element by element"
    case reductions = "Sums and other reductions"
    case linearAlgebra = "Linear algebra"
    case activations = "Activations"
    case costs = "Costs"
    case gradients = "Gradients"
    case networks = "Networks and training"
    case random = "Random numbers and toy data"
    case data = "Tables, files and data"
    case lists = "Lists, strings and functions"
    case output = "Output and errors"
    case session = "The session"
  }

  /// - Parameter parameters: as a call writes them: `"A, dim = all"`; a final `…` lets more arguments follow.
  init(
    _ name: String, _ parameters: String, _ group: Group, summary: String, details: String = "", example: String,
    related: [String] = [], isScoped: Bool = false, isStatement: Bool = false, inlined: Inlined? = nil,
    body: @escaping @Sendable (inout Call) throws(Diagnostic) -> Value
  ) {
    self.name = name
    let (list, takesMore) = Builtin.parse(parameters)
    self.parameters = list
    self.takesMore = takesMore
    self.summary = summary
    self.details = details
    self.example = example
    self.related = related
    self.group = group
    self.isScoped = isScoped
    self.isStatement = isStatement
    self.inlined = inlined
    self.body = body
  }

  private static func parse(_ text: String) -> ([Parameter], takesMore: Bool) {
    var parameters: [Parameter] = []
    var takesMore = false
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks() }
      guard let name = sides.first, !name.isEmpty else { continue }
      if name == "…" { takesMore = true } else { parameters.append(Parameter(name, default: sides.dropFirst().first)) }
    }
    return (parameters, takesMore)
  }

  var requiredCount: Int { parameters.lastIndex { $0.defaultText == nil }.map { $0 + 1 } ?? 0 }

  /// How a call is written: `sum(A, dim = all)`.
  public var signature: String {
    var parts = parameters.map { $0.name + ($0.defaultText.map { " = \($0)" } ?? "") }
    if takesMore { parts.append("…") }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension StringProtocol {
  /// The text without blanks at its ends.
  func trimmingBlanks() -> String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
