/// Makes text of a diagnostic: the message, the source with its labels, the circumstances, the hints.
///
/// ```
/// error: shapes do not fit: W1 is 4×2, X is 3×100
///   ┌ xor.nn:7:6
/// 7 │ Z1 = W1*X + b1
///   │      ── ─ 3×100
///   │      4×2
///   = W1*X needs the 2 columns of W1 to equal the 3 rows of X
/// ```
public struct DiagnosticRenderer: Sendable {
  /// The colours.
  public var style: DiagnosticStyle

  /// Renders in a style.
  public init(style: DiagnosticStyle = .plain) { self.style = style }

  /// The rendering, with a line break at its end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let snippet = Snippet(diagnostic, style)
    let margin = String(repeating: " ", count: snippet?.gutterWidth ?? 1)
    var lines = [headline(diagnostic)]
    if let snippet { lines += snippet.lines() }
    for note in notes(diagnostic) { lines.append(prefixed(note, style.glyphs.note, .note, margin)) }
    for hint in diagnostic.hints { lines.append(prefixed(hint, "=", .hint, margin)) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `error: …`
  private func headline(_ diagnostic: Diagnostic) -> String {
    let message = style.paint(diagnostic.message.escapingControls(), .message)
    switch diagnostic.severity {
    case .error: return style.paint("error:", .error) + " " + message
    case .warning: return style.paint("warning:", .warning) + " " + message
    case .interrupt where diagnostic.message == "interrupted": return style.paint(message, .interrupt)
    case .interrupt: return style.paint("interrupted:", .interrupt) + " " + message
    }
  }

  private func prefixed(_ text: String, _ mark: String, _ role: DiagnosticStyle.Role, _ margin: String)
    -> String
  {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0).escapingControls()
    }
    let indent = "\n" + margin + String(repeating: " ", count: mark.displayWidth + 2)
    return margin + " " + style.paint(mark, role) + " " + lines.joined(separator: indent)
  }

  // MARK: Circumstances

  /// The calls that are shown of a long trace: so many innermost and outermost ones.
  private static let shownCalls = (inner: 5, outer: 2)

  private func notes(_ diagnostic: Diagnostic) -> [String] {
    let (inner, outer) = DiagnosticRenderer.shownCalls
    let trace = diagnostic.trace
    let calls =
      trace.count <= inner + outer + 1
      ? trace.map(call)
      : trace.prefix(inner).map(call) + ["… \(trace.count - inner - outer) more calls"]
        + trace.suffix(outer).map(call)
    return diagnostic.notes + calls
  }

  private func call(_ frame: Diagnostic.Frame) -> String {
    let place = frame.source.location(of: frame.range.start)
    guard let name = frame.name else { return "included from \(frame.source.name):\(place.line)" }
    return "in \(name), called at \(frame.source.name):\(place.line):\(place.column)"
  }
}

extension Diagnostic {
  /// `xor.nn:7:6`, if it has a place.
  public var location: String? {
    guard let source, !placeRange.isNone else { return nil }
    let place = source.location(of: placeRange.start)
    return "\(source.name.escapingControls()):\(place.line):\(place.column)"
  }

  /// Where the message points: its own range, or the first label's.
  var placeRange: SourceRange { range.isNone ? labels.first?.range ?? .none : range }
}

extension Diagnostic: CustomStringConvertible {
  /// The rendering without colours.
  public var description: String { DiagnosticRenderer().render(self) }
}
