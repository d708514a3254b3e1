import NNLanguage

/// Values as the language writes them, exactly.
enum Literal {
  /// Elements beyond which a value does not belong into a script.
  private static let mostElements = 400

  /// The expression that gives a value; nil where there is none, or it would be too long.
  static func text(_ value: Value) -> String? {
    var room = mostElements
    return text(value, room: &room)
  }

  private static func text(_ value: Value, room: inout Int) -> String? {
    switch value {
    case .number(let number): return text(number)
    case .matrix(let matrix):
      room -= matrix.count
      return room < 0 ? nil : text(matrix.elements, rows: matrix.rows, columns: matrix.columns)
    case .text: return value.string.flatMap(quoted)
    case .list(let list):
      room -= list.count
      var parts: [String] = []
      for element in list.elements {
        guard room >= 0, let part = text(element, room: &room) else { return nil }
        parts.append(part)
      }
      return "list(\(parts.joined(separator: ", ")))"
    default: return nil
    }
  }

  private static func text(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func text(_ elements: [Double], rows: Int, columns: Int) -> String {
    if elements.isEmpty { return "zeros(\(rows), \(columns))" }
    let texts = elements.map { text($0) }
    let lines = (0..<rows).map { texts[($0 * columns)..<(($0 + 1) * columns)].joined(separator: ", ") }
    return "[\(lines.joined(separator: "; "))]"
  }

  private static func quoted(_ string: String) -> String? {
    let text = string.escaping("\\\"{}").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return isPlain && text.utf8.count < 2_000 ? "\"\(text)\"" : nil
  }
}
