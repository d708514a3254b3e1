/// How a rendered diagnostic looks: colours and line marks, as values.
public struct DiagnosticStyle: Sendable {
  /// What a piece of the rendering is.
  enum Role {
    case error, warning, interrupt, message, gutter, label, note, hint
  }

  /// The marks that lines are drawn with.
  struct Glyphs: Sendable {
    var corner: String
    var bar: String
    var underline: String
    var point: String
    var gap: String
    var upperTurn: String
    var lowerTurn: String
    var end: String
    var ellipsis: String
    var note: String
  }

  /// Escape sequences before a piece, by role; nil for no colours.
  var colors: (@Sendable (Role) -> String)?
  var glyphs: Glyphs
  /// Columns of source text that are shown of a long line.
  public var width: Int

  /// Text alone, for files, pipes and tests.
  public static let plain = DiagnosticStyle(colors: nil, glyphs: .boxes, width: 100)
  /// ANSI colours.
  public static let colored = DiagnosticStyle(colors: ansi, glyphs: .boxes, width: 100)

  /// The same with marks of ASCII only, for terminals without UTF-8.
  public var withASCIIMarks: DiagnosticStyle {
    var style = self
    style.glyphs = .ascii
    return style
  }

  func paint(_ text: String, _ role: Role) -> String {
    guard let colors, !text.isEmpty else { return text }
    return colors(role) + text + "\u{1B}[0m"
  }

  @Sendable
  private static func ansi(_ role: Role) -> String {
    switch role {
    case .error: "\u{1B}[1;31m"
    case .warning: "\u{1B}[1;33m"
    case .interrupt: "\u{1B}[1;35m"
    case .message: "\u{1B}[1m"
    case .gutter: "\u{1B}[34m"
    case .label: "\u{1B}[31m"
    case .note: "\u{1B}[2m"
    case .hint: "\u{1B}[36m"
    }
  }
}

extension DiagnosticStyle.Glyphs {
  static let boxes = Self(
    corner: "┌", bar: "│", underline: "─", point: "^", gap: "⋮", upperTurn: "╭", lowerTurn: "╰", end: "╯",
    ellipsis: "…", note: "·")
  static let ascii = Self(
    corner: ",", bar: "|", underline: "-", point: "^", gap: ":", upperTurn: ",", lowerTurn: "`", end: "'",
    ellipsis: "...", note: "*")
}
