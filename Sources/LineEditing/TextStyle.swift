/// One of a terminal's 256 colours; the first sixteen are the user's own palette.
package struct TerminalColor: Hashable, Sendable {
  package let code: UInt8

  package init(_ code: UInt8) { self.code = code }

  package static let red = TerminalColor(1)
  package static let green = TerminalColor(2)
  package static let yellow = TerminalColor(3)
  package static let blue = TerminalColor(4)
  package static let magenta = TerminalColor(5)
  package static let cyan = TerminalColor(6)
  package static let gray = TerminalColor(8)
  package static let brightRed = TerminalColor(9)
  package static let brightGreen = TerminalColor(10)
  package static let brightYellow = TerminalColor(11)
  package static let brightBlue = TerminalColor(12)
  package static let brightMagenta = TerminalColor(13)
  package static let brightCyan = TerminalColor(14)

  fileprivate var parameter: String {
    switch code {
    case 0..<8: "\(30 + Int(code))"
    case 8..<16: "\(90 + Int(code) - 8)"
    default: "38;5;\(code)"
    }
  }
}

/// How a piece of text looks on a terminal.
package struct TextStyle: Hashable, Sendable {
  package var color: TerminalColor?
  package var isBold = false
  package var isDim = false
  package var isUnderlined = false
  package var isReversed = false

  package init(
    _ color: TerminalColor? = nil, bold: Bool = false, dim: Bool = false, underlined: Bool = false,
    reversed: Bool = false
  ) {
    self.color = color
    isBold = bold
    isDim = dim
    isUnderlined = underlined
    isReversed = reversed
  }

  package static let plain = TextStyle()
  package static let dim = TextStyle(dim: true)
  package static let bold = TextStyle(bold: true)

  /// The control sequence that turns this style on and every other off.
  package var escapeSequence: String {
    if self == .plain { return "\u{1B}[0m" }
    var parameters = ["0"]
    if isBold { parameters.append("1") }
    if isDim { parameters.append("2") }
    if isUnderlined { parameters.append("4") }
    if isReversed { parameters.append("7") }
    if let color { parameters.append(color.parameter) }
    return "\u{1B}[" + parameters.joined(separator: ";") + "m"
  }

  /// `text` in this style, and plain after it.
  package func apply(to text: some StringProtocol) -> String {
    self == .plain ? String(text) : escapeSequence + text + TextStyle.plain.escapeSequence
  }
}

/// A style for a stretch of text.
package struct StyledRange: Hashable, Sendable {
  /// UTF-8 offsets.
  package var range: Range<Int>
  package var style: TextStyle

  package init(_ range: Range<Int>, _ style: TextStyle) {
    self.range = range
    self.style = style
  }
}
