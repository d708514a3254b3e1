public import NNCore

/// How a value was computed and how its gradients are, line by line, in the names of the program.
///
/// The backward lines are source of the language: run in order after the program's own statements, they give the
/// same gradients as `backward`, to the last bit.
///
/// ```swift
/// try interpreter.run("param w = 2; x = 3; z = w*x; J = (z - 5)^2")
/// let explanation = try interpreter.explanation(of: "J")
/// explanation.backward.map(\.text)      // ["dJ = 1", "dz = 2*(z - 5)", "dw = dz*x"]
/// ```
public struct Explanation {
  /// One line: `name = expression`.
  public struct Line {
    /// What a line gives.
    public enum Role: Sendable {
      /// A value of the forward computation.
      case value
      /// A value on the way that no variable holds; other lines read it by the line's name.
      case part
      /// The gradient that `backward` sets under the line's name.
      case gradient
    }

    /// What the line assigns: `dW2`, `net.dW2`.
    public let name: String
    /// The right side, as source of the language.
    public let expression: String
    /// The value's rows and columns.
    public let shape: Shape
    /// What the line assigns.
    public let role: Role
    /// Why the line reads as it does, in words; may be empty.
    public let reason: String
    /// The value, as a plain matrix.
    public let value: Matrix?
    /// Whether it stands within a call that an earlier line makes.
    public internal(set) var isInside = false
    /// The right side in no notation.
    let formula: Formula?

    init(
      name: String, expression: String, shape: Shape, role: Role, reason: String, value: Matrix?,
      formula: Formula?
    ) {
      self.name = name
      self.expression = expression
      self.shape = shape
      self.role = role
      self.reason = reason
      self.value = value
      self.formula = formula
    }

    /// Whether the right side says a number.
    var isNumber: Bool {
      if case .number? = formula?.kind { return true }
      return false
    }

    /// The whole line as source.
    public var text: String { name.isEmpty ? expression : "\(name) = \(expression)" }
  }

  /// What is explained.
  public let name: String
  /// The statements that computed it, in the order they ran; what functions did on the way is set in.
  public let forward: [Line]
  /// Its gradients, from the last statement back.
  public let backward: [Line]
  /// Whether all values are numbers.
  var isScalar = false
  /// The values of lines, params and data by their names.
  var values: [String: Matrix] = [:]

  /// The right side of a line with the values of its names put in, rounded: `([0.57, 0.6] - [0, 1])/2`.
  ///
  /// - Parameters:
  ///   - digits: significant digits of the numbers.
  ///   - width: the most characters.
  /// - Returns: nil where it would be longer, or has no names in it.
  public func numbersPutIn(_ line: Line, digits: Int = 5, width: Int = 72) -> String? {
    guard let formula = line.formula, !formula.names.isEmpty, !formula.isPlain else { return nil }
    let values = formula.names.map { self.values[$0] }
    let elements = values.reduce(0) { $0 + ($1?.count ?? width) }
    guard elements <= width else { return nil }
    let format = NumberFormat(digits: digits)
    let filled = formula.replacingNames { name in
      guard let value = self.values[name] else { return nil }
      let rounded = value.elements.map { Scalar(format.format($0)) ?? $0 }
      if value.isScalar { return Formula(.number(rounded[0], over: 1), .scalar) }
      return Formula(.text(format.inline(value)), value.shape)
    }
    let text = SourceNotation.text(filled)
    return text.count <= width ? text : nil
  }
}
