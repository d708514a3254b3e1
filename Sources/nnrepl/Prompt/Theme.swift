import LineEditing
import NNLanguage

/// The colours of the prompt: the terminal's own palette, and few of it.
enum Theme {
  static let prompt = TextStyle(.cyan, bold: true)
  static let comment = TextStyle(.gray)
  static let keyword = TextStyle(.magenta)
  static let string = TextStyle(.green)
  static let builtin = TextStyle(.blue)
  static let command = TextStyle(bold: true)
  static let error = TextStyle(.red)
  static let preview = TextStyle(dim: true)
  static let mismatch = TextStyle(.red)

  /// Variables, in what is typed and in what is shown.
  static func style(for role: VariableRole) -> TextStyle {
    switch role {
    case .data, .computed: .plain
    case .param: TextStyle(.yellow)
    case .gradient, .handGradient: TextStyle(.cyan)
    }
  }

  static let echo = EchoColours { name, role in style(for: role).apply(to: name) }
}
