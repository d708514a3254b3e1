import NNCore

/// One builtin of the language: everything there is to know about it, in one row.
///
/// Calls, help, the reference and completion all read these rows. Functions that the graph can differentiate have
/// their row in `Operation.table`; `Builtins` makes one of these of it.
public struct Builtin: Sendable {
  /// A parameter, as calls can name it.
  public struct Parameter: Sendable {
    /// What a call can name it by: `dim` in `sum(A, dim = 1)`.
    public let name: String
    /// The default as help shows it; nil where there is none to show.
    public let defaultText: String?
    /// Whether a call must give it.
    public let isRequired: Bool

    /// A parameter with a default need not be given.
    public init(_ name: String, default text: String? = nil, isRequired: Bool = true) {
      self.name = name
      defaultText = text
      self.isRequired = isRequired && text == nil
    }

    /// The default, where it is a number.
    var defaultNumber: Scalar? { defaultText.flatMap { Scalar($0) } }
  }

  /// What a program calls it by.
  public let name: String
  /// In the order of a call.
  public let parameters: [Parameter]
  /// Whether more arguments may follow the parameters.
  public let takesMore: Bool
  /// How calls are written: `max(A, B)`, `max(A, dim = 1)`.
  public let signatures: [String]
  /// One sentence for help.
  public let summary: String
  /// The shapes of arguments and results, in one line.
  public let shapes: String
  /// What else there is to know, or the defining formula; several lines are separated by newlines.
  public let details: String
  /// A line that runs at the prompt, its output made by running it.
  public let example: String
  /// Names, operators and keywords to read on about.
  public let related: [String]
  /// The heading under which the reference lists it.
  public let group: Group
  /// Whether it speaks of variables by their names, as `backward(J)` does; such a name is no value.
  public let isScoped: Bool
  /// Whether it can only stand as a statement of its own.
  public let isStatement: Bool
  /// The elementwise operation that a call comes down to, for the compiler.
  let inlined: Inlined?
  let body: Body

  typealias Body = @Sendable (Call) throws(Diagnostic) -> Value

  struct Inlined: Sendable {
    let id: OperationID
    let operands: Int
  }

  /// Headings of the reference.
  public enum Group: String, CaseIterable, Sendable {
    case making = "Making matrices"
    case shape = "Size, shape and order"
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

  /// - Parameters:
  ///   - parameters: as a call writes them: `"m, noise = 0.1, dim?"`. A `?` marks one that may be left out and has
  ///     no default to show; a final `…` lets more arguments follow.
  ///   - forms: the signatures, separated by `; `, where they do not follow from the parameters.
  init(
    _ name: String, _ parameters: String, _ group: Group, forms: String = "", summary: String,
    shapes: String = "",
    details: String = "", example: String, related: [String] = [], isScoped: Bool = false,
    isStatement: Bool = false,
    inlined: Inlined? = nil, body: @escaping Body
  ) {
    self.name = name
    let (list, takesMore) = Builtin.parse(parameters)
    self.parameters = list
    self.takesMore = takesMore
    signatures = forms.isEmpty ? Builtin.signatures(name, list, takesMore) : Builtin.split(forms)
    self.summary = summary
    self.shapes = shapes
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
      if name == "…" {
        takesMore = true
      } else if name.hasSuffix("?") {
        parameters.append(Parameter(String(name.dropLast()), isRequired: false))
      } else {
        parameters.append(Parameter(name, default: sides.dropFirst().first))
      }
    }
    return (parameters, takesMore)
  }

  /// One call with what is required and what has a default, and one more for each further parameter.
  private static func signatures(_ name: String, _ parameters: [Parameter], _ takesMore: Bool) -> [String] {
    var parts: [String] = []
    var signatures: [String] = []
    for parameter in parameters {
      if !parameter.isRequired, parameter.defaultText == nil { signatures.append(call(name, parts)) }
      parts.append(parameter.name + (parameter.defaultText.map { " = \($0)" } ?? ""))
    }
    if takesMore { parts.append("…") }
    return signatures + [call(name, parts)]
  }

  private static func call(_ name: String, _ parts: [String]) -> String {
    "\(name)(\(parts.joined(separator: ", ")))"
  }

  static func split(_ forms: String) -> [String] { forms.split(separator: ";").map { $0.trimmingBlanks() } }

  /// How many arguments a call has at least.
  var requiredCount: Int { parameters.lastIndex { $0.isRequired }.map { $0 + 1 } ?? 0 }

  /// How a call is written, in all its forms: `sum(A), sum(A, dim)`.
  public var signature: String { signatures.joined(separator: ", ") }
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
