/// How the gradient of a result reaches the operands, as formulas in graph nodes: `y` is the operation's own result,
/// `x`, `a` and `b` its operands, `dy` the gradient that arrives.
///
/// A formula stands for each operand, so that only those are built that lead to a param. Elementwise rules give
/// gradients in the shape of the result; the derivation itself sums over what was stretched.
package enum Derivative: Sendable {
  package typealias Unary = @Sendable (_ y: Expression, _ x: Expression, _ dy: Expression) -> Expression
  package typealias Binary =
    @Sendable (_ y: Expression, _ a: Expression, _ b: Expression, _ dy: Expression) -> Expression

  case unary(Unary)
  /// Nil where nothing flows.
  case binary(Binary?, Binary?)
  /// For three and more operands: the gradient of operand `k`, nil where nothing flows.
  case each(
    @Sendable (_ y: Expression, _ x: [Expression], _ dy: Expression, _ k: Int) -> Expression?)
}
