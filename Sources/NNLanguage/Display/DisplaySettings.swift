import NNCore

/// How values are shown.
struct DisplaySettings {
  /// Significant digits; 17 stands for the shortest text that reads back as the same number.
  var digits = 5

  func text(_ number: Scalar) -> String { NumberText.short(number) }

  func text(_ value: Value, _ format: FormatSpec) throws(Diagnostic) -> String {
    switch value {
    case .number(let number): text(number)
    case .text(let text): text.string
    default: value.kindWithArticle
    }
  }

  func echo(_ value: Value, name: String, role: VariableRole, width: Int) -> String {
    "\(name) = \(value.number.map { text($0) } ?? value.kindWithArticle)\n"
  }
}
