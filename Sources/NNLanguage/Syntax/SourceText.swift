extension Double {
  /// The shortest literal that is read as the same number: `3`, `0.1`, `1e-5`; `inf` and `nan` are names.
  package var sourceText: String {
    if isNaN { return "nan" }
    if isInfinite { return self < 0 ? "-inf" : "inf" }
    if magnitude < 1e15, self == rounded(.towardZero), self != 0 || sign == .plus { return String(Int(self)) }
    var text = description
    if text.hasSuffix(".0") { text.removeLast(2) }
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = text[..<mark]
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return "\(mantissa)e\(exponent)"
  }
}

extension String {
  /// The text as it stands between the quotes of a literal.
  package var escapedForSource: String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "{": result += "{{"
      case "}": result += "}}"
      default:
        if scalar.needsEscape { result += scalar.escape } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

extension FormatSpec {
  /// `:8.3f`; nothing for the plain format.
  package var sourceText: String {
    if self == .plain { return "" }
    let letter =
      switch style {
      case .automatic: ""
      case .integer: "d"
      case .fixed: "f"
      case .exponent: "e"
      case .general: "g"
      }
    let zero = fillsWithZeros ? "0" : ""
    return ":" + zero + (width == 0 ? "" : String(width)) + (digits.map { ".\($0)" } ?? "") + letter
  }
}
