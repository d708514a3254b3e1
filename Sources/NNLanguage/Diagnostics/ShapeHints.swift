import NNCore

/// What would make two shapes fit, and why they do not: only what is sure.
struct ShapeHints {
  let left: Machine.OperandText
  let right: Machine.OperandText
  let a: Shape
  let b: Shape
  let isProduct: Bool
  /// Which operands the product transposes itself, by bits.
  let flags: Int

  var lines: [String] { isProduct ? productLines : elementwiseLines }

  private var productLines: [String] {
    let (l, r) = (flags & 1 == 1 ? a.transposed : a, flags & 2 == 2 ? b.transposed : b)
    var lines = [
      "\(left.factor)*\(right.factor) needs the \(count(l.columns, "column")) of \(left.phrase) to equal the \(count(r.rows, "row")) of \(right.phrase)"
    ]
    if l == r || stretches(l, r) {
      lines.append("* is the matrix product; element by element it is \(left.factor) .* \(right.factor)")
    }
    if l.columns == r.columns, l != r {
      lines.append("\(left.factor)*\(transposed(right, flags & 2 == 2)) fits and is \(l.rows)×\(r.rows)")
    }
    if l.rows == r.rows, l != r {
      lines.append(
        "\(transposed(left, flags & 1 == 1))*\(right.factor) fits and is \(l.columns)×\(r.columns)")
    }
    if r.rows == l.rows, r.columns == l.rows || l.columns == 1, l.columns != r.rows, l != r,
      r.columns == l.rows
    {
      lines.append("\(right.factor)*\(left.factor) fits and is \(r.rows)×\(l.columns)")
    }
    if lines.count == 1, l.rows > 1, l.columns > 1, r.columns > l.columns {
      lines.append(
        "\(left.phrase) takes \(count(l.columns, "feature")), \(right.phrase) has \(r.rows); columns of \(right.phrase) are examples"
      )
    }
    return lines
  }

  private var elementwiseLines: [String] {
    var lines = ["element by element needs equal shapes, or a row, a column or a number to stretch"]
    if a.transposed == b { lines.append("\(right.transposed) has the shape of \(left.phrase)") }
    if a.columns == b.rows {
      lines.append("\(left.factor)*\(right.factor) is the matrix product, \(a.rows)×\(b.columns)")
    }
    return lines
  }

  private func stretches(_ a: Shape, _ b: Shape) -> Bool {
    (try? Operation.elementwiseShape(.multiply, a, b)) != nil
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private func transposed(_ operand: Machine.OperandText, _ isTransposed: Bool) -> String {
    guard isTransposed, operand.factor.hasSuffix("'") else { return operand.factor + "'" }
    return String(operand.factor.dropLast())
  }
}
