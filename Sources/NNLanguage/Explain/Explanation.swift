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
    public let shape: Shape
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
      name: String, expression: String, shape: Shape, role: Role, reason: String, value: Matrix?, formula: Formula?
    ) {
      self.name = name
      self.expression = expression
      self.shape = shape
      self.role = role
      self.reason = reason
      self.value = value
      self.formula = formula
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
  /// The values of params and data by their names.
  var leaves: [String: Matrix] = [:]
}
