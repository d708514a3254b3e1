/// The lines of source that a diagnostic shows, with its labels under them.
struct Snippet {
  let source: Source
  let location: String
  let style: DiagnosticStyle
  let gutterWidth: Int
  /// Labels of one line each, by line.
  private var marks: [Int: [Diagnostic.Label]] = [:]
  /// The one label over several lines, if there is one.
  private var span: (label: Diagnostic.Label, first: Int, last: Int)?
  private let numbers: [Int]

  init?(_ diagnostic: Diagnostic, _ style: DiagnosticStyle) {
    guard let source = diagnostic.source, let location = diagnostic.location else { return nil }
    self.source = source
    self.location = location
    self.style = style
    let labels = diagnostic.labels.isEmpty ? [Diagnostic.Label(diagnostic.placeRange)] : diagnostic.labels
    var numbers: Set<Int> = []
    for label in labels {
      let first = source.line(of: label.range.start)
      let last = max(first, source.line(of: max(label.range.start, label.range.end - 1)))
      if first == last {
        marks[first, default: []].append(label)
      } else if span == nil {
        span = (label, first, last)
        numbers.formUnion(last - first < 6 ? first...last : first...first + 1)
        numbers.insert(last)
      } else {
        let line = source.lineRange(first)
        marks[first, default: []].append(
          Diagnostic.Label(SourceRange(label.range.start, line.end), label.text))
      }
      numbers.insert(first)
    }
    self.numbers = numbers.sorted()
    gutterWidth = String(self.numbers.last ?? 1).count
  }

  /// The place, then every shown line with what is marked in it.
  func lines() -> [String] {
    var result = [gutter("", style.glyphs.corner) + location]
    for (index, number) in numbers.enumerated() {
      if index > 0 { result += between(numbers[index - 1], number) }
      result += rows(number)
    }
    return result
  }

  private func gutter(_ number: String, _ mark: String) -> String {
    let margin = String(repeating: " ", count: max(0, gutterWidth - number.count))
    return style.paint(margin + number + " " + mark, .gutter) + " "
  }

  /// What stands for the lines between two that are shown: the line itself when it is one.
  private func between(_ previous: Int, _ number: Int) -> [String] {
    if number == previous + 1 { return [] }
    if number == previous + 2 {
      return [numbered(number - 1, line(number - 1, focus: nil).text, isInSpan(number - 1))]
    }
    return [
      (gutter("", style.glyphs.gap) + (isInSpan(previous + 1) ? style.paint(style.glyphs.bar, .label) : ""))
        .trimmed
    ]
  }

  private func isInSpan(_ number: Int) -> Bool {
    guard let span else { return false }
    return number > span.first && number <= span.last
  }

  private func numbered(_ number: Int, _ text: String, _ isInSpan: Bool) -> String {
    (gutter(String(number), style.glyphs.bar) + margin(isInSpan) + text).trimmed
  }

  /// Two columns for the bar of a label over several lines.
  private func margin(_ isInSpan: Bool) -> String {
    span == nil ? "" : isInSpan ? style.paint(style.glyphs.bar, .label) + " " : "  "
  }

  private func line(_ number: Int, focus: SourceRange?) -> SourceLine {
    let range = source.lineRange(number)
    return SourceLine(
      source, range, focus: focus ?? range, width: style.width, ellipsis: style.glyphs.ellipsis)
  }

  // MARK: One line

  private func rows(_ number: Int) -> [String] {
    let labels = (marks[number] ?? []).sorted { $0.range.start < $1.range.start }
    let focus = labels.first?.range ?? spanFocus(number)
    let line = line(number, focus: focus)
    var result = [numbered(number, line.text, isInSpan(number))]
    let under = Underline(labels, line, style)
    for row in under.rows() {
      let mark = span == nil ? "" : margin(isInSpan(number))
      result.append(gutter("", style.glyphs.bar) + mark + row)
    }
    if let span, span.first == number { result.append(spanStart(line, span.label)) }
    if let span, span.last == number { result.append(spanEnd(line, span.label)) }
    return result
  }

  private func spanFocus(_ number: Int) -> SourceRange? {
    guard let span else { return nil }
    return number == span.last ? SourceRange(span.label.range.end, span.label.range.end) : span.label.range
  }

  /// `╭───╯` under the place where the label begins.
  private func spanStart(_ line: SourceLine, _ label: Diagnostic.Label) -> String {
    let column = line.column(label.range.start)
    let rule = String(repeating: style.glyphs.underline, count: column + 1)
    return gutter("", style.glyphs.bar)
      + style.paint(style.glyphs.upperTurn + rule + style.glyphs.end, .label)
  }

  /// `╰───╯ text` under the place where it ends.
  private func spanEnd(_ line: SourceLine, _ label: Diagnostic.Label) -> String {
    let column = max(line.column(label.range.end) - 1, 0)
    let rule = String(repeating: style.glyphs.underline, count: column + 1)
    let text = label.text.isEmpty ? "" : " " + label.text.escapingControls()
    return gutter("", style.glyphs.bar)
      + style.paint(style.glyphs.lowerTurn + rule + style.glyphs.end + text, .label)
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
