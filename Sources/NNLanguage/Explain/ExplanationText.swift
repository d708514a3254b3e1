import NNCore

/// Lays an explanation out for a person: lines below each other, shapes, reasons and small values beside them.
struct ExplanationText {
  private let explanation: Explanation
  private let display: DisplaySettings
  /// The column in which shapes stand.
  private let column: Int

  /// Lines of each part that are shown; a file has all of them.
  static let mostLines = 60
  /// A right side beyond this does not push the shapes of the others away.
  private static let mostColumn = 72

  init(_ explanation: Explanation, _ display: DisplaySettings) {
    self.explanation = explanation
    self.display = display
    var widths: [Int] = []
    for part in [explanation.forward, explanation.backward] {
      let name = Self.nameWidth(part)
      widths += part.map { Self.margin($0) + name + 3 + TextWidth.of($0.expression) }
    }
    column = (widths.filter { $0 <= Self.mostColumn }.max() ?? 0) + 3
  }

  var text: String {
    part("forward", explanation.forward) + part("backward", explanation.backward)
  }

  private static func margin(_ line: Explanation.Line) -> Int { line.isInside ? 4 : 2 }

  private static func nameWidth(_ lines: [Explanation.Line]) -> Int {
    lines.map { TextWidth.of($0.name) }.filter { $0 <= 12 }.max() ?? 0
  }

  private func part(_ title: String, _ lines: [Explanation.Line]) -> String {
    var text = title + "\n"
    let width = Self.nameWidth(lines)
    for line in lines.prefix(Self.mostLines) { text += self.line(line, width) }
    let rest = lines.count - Self.mostLines
    if rest > 0 {
      text += "  … \(rest) more; explain(\(explanation.name), \"file.nn\") writes every line to a file\n"
    }
    return text
  }

  private func line(_ line: Explanation.Line, _ nameWidth: Int) -> String {
    let margin = String(repeating: " ", count: Self.margin(line))
    let left = line.name.isEmpty ? "" : LineText.padded(line.name, nameWidth) + " = "
    var columns = [LineText.padded(margin + left + line.expression, column - 3)]
    let hasShape = !line.name.contains(",")
    columns.append(hasShape ? "\(line.shape)" : "")
    if !line.reason.isEmpty { columns.append(line.reason) }
    if let value = smallValue(line) { columns.append(value) }
    return columns.joined(separator: "   ").trimmingEnd() + "\n"
  }

  // MARK: Values

  /// A value that fits beside its line; where all are numbers, with those put in that it was computed from.
  private func smallValue(_ line: Explanation.Line) -> String? {
    guard let value = line.value, value.count <= 3, value.count > 0, !line.isNumber else { return nil }
    let text = NumberFormat(digits: display.digits).inline(value)
    guard explanation.isScalar, let filled = explanation.numbersPutIn(line, digits: display.digits, width: 40)
    else { return text }
    return "\(filled) = \(text)"
  }
}

extension Formula {
  /// The same with other formulas in place of names.
  func replacingNames(_ replacement: (String) -> Formula?) -> Formula {
    var result = self
    switch kind {
    case .name(let name): result = replacement(name) ?? self
    case .text, .source, .number, .pi, .matrix, .filled: break
    case .stretched(let part): result.kind = .stretched(part.replacingNames(replacement))
    case .operation(let id, let parts, let attributes):
      result.kind = .operation(id, parts.map { $0.replacingNames(replacement) }, attributes)
    case .picked(let base, let rows, let columns):
      result.kind = .picked(base.replacingNames(replacement), rows: rows, columns: columns)
    case .scattered(let base, let rows, let columns):
      result.kind = .scattered(base.replacingNames(replacement), rows: rows, columns: columns)
    }
    return result
  }
}

/// Text in columns.
enum LineText {
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.of(text)))
  }
}
