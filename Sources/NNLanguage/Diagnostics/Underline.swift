/// The rows under one line of source: a rule under each label, the last label's text beside its rule, the others'
/// texts below, right to left, each at its own column.
struct Underline {
  private struct Mark {
    var start: Int
    var end: Int
    var text: String
    var isPoint: Bool
  }

  private var marks: [Mark]
  private let style: DiagnosticStyle

  /// - Parameter labels: in the order of the text.
  init(_ labels: [Diagnostic.Label], _ line: SourceLine, _ style: DiagnosticStyle) {
    self.style = style
    marks = labels.map { label in
      let start = line.column(label.range.start)
      let end = line.column(label.range.end)
      return Mark(
        start: start, end: max(end, start + 1), text: label.text.escapingControls(), isPoint: end <= start)
    }
  }

  func rows() -> [String] {
    guard !marks.isEmpty else { return [] }
    let beside = marks.last.flatMap { last in isClear(last) ? last : nil }
    var rows = [ruleRow() + (beside.map { $0.text.isEmpty ? "" : " " + style.paint($0.text, .label) } ?? "")]
    let below = (beside == nil ? marks : Array(marks.dropLast())).filter { !$0.text.isEmpty }
    for index in below.indices.reversed() { rows.append(textRow(below[index], behind: below[..<index])) }
    return rows
  }

  /// Whether nothing is marked at the right of the label that is last.
  private func isClear(_ last: Mark) -> Bool { marks.allSatisfy { $0.end <= last.end } }

  private func ruleRow() -> String {
    let width = marks.map(\.end).max() ?? 0
    var cells = Array(repeating: " ", count: width)
    for mark in marks {
      for column in mark.start..<mark.end {
        cells[column] = mark.isPoint ? style.glyphs.point : style.glyphs.underline
      }
    }
    return style.paint(cells.joined(), .label)
  }

  /// A label's text under its rule, with a stroke for each label whose text is still to come.
  private func textRow(_ mark: Mark, behind others: ArraySlice<Mark>) -> String {
    var cells = Array(repeating: " ", count: mark.start)
    for other in others where other.start < mark.start { cells[other.start] = style.glyphs.bar }
    return style.paint(cells.joined() + mark.text, .label)
  }
}
