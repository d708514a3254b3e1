/// Text from data, made harmless for a terminal.
enum SafeText {
  /// Control and invisible formatting characters become escapes: `\n`, `\t`, `\u{1B}`.
  ///
  /// - Parameter keepsLines: leaves ends of lines and tabs as they are.
  static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    if text.unicodeScalars.allSatisfy({ !isHarmful($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where keepsLines, "\t" where keepsLines: result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isHarmful(scalar): result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text in quotes, as source that is read as the same text.
  static func quoted(_ text: String) -> String { "\"\(escaped(text.escapedForSource))\"" }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // A joiner holds together the parts of one emoji.
    case .format: scalar != "\u{200D}"
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
