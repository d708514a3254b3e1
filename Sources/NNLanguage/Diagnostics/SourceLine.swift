/// One line of a source as it is shown: tabs and control characters made visible, a long one cut to a window.
struct SourceLine {
  let text: String
  /// The bytes of the line that are shown.
  private let shown: Range<Int>
  /// For every shown byte, and the end, the display column of the character it belongs to.
  private var columns: [Int] = []

  static let tabWidth = 4

  /// - Parameters:
  ///   - range: the line's bytes.
  ///   - focus: the bytes that must be seen.
  ///   - width: the most columns to show.
  init(_ source: Source, _ range: SourceRange, focus: SourceRange, width: Int, ellipsis: String) {
    let line = Int(range.start)..<Int(range.end)
    shown = SourceLine.window(source, line, focus: focus, width: width)
    var text = shown.lowerBound > line.lowerBound ? ellipsis : ""
    var column = text.displayWidth
    var offset = shown.lowerBound
    var pending: [UInt8] = []
    // Characters are gathered bytewise into visible pieces, so that broken text is shown as well.
    while offset < shown.upperBound {
      let decoded = source.scalar(at: offset)
      let piece = SourceLine.visible(decoded, source.bytes[offset..<offset + decoded.length], column: column)
      columns.append(contentsOf: repeatElement(column, count: decoded.length))
      pending.append(contentsOf: piece.text.utf8)
      column += piece.width
      offset += decoded.length
    }
    text += String(decoding: pending, as: UTF8.self)
    columns.append(column)
    self.text = shown.upperBound < line.upperBound ? text + ellipsis : text
  }

  /// The display column of a byte offset, from 0; those outside the window stand at its edges.
  func column(_ offset: Int32) -> Int {
    columns[min(max(Int(offset) - shown.lowerBound, 0), columns.count - 1)]
  }

  /// The part of a long line around the focus, on borders of characters.
  private static func window(_ source: Source, _ line: Range<Int>, focus: SourceRange, width: Int) -> Range<
    Int
  > {
    guard line.count > width else { return line }
    let center = min(max(Int(focus.start), line.lowerBound), line.upperBound)
    let before = min(center - line.lowerBound, max(width / 3, width - (line.upperBound - center)))
    let start = center - before
    return border(source, start, in: line)..<border(source, min(start + width, line.upperBound), in: line)
  }

  private static func border(_ source: Source, _ offset: Int, in line: Range<Int>) -> Int {
    var offset = offset
    while offset > line.lowerBound, offset < line.upperBound, source.bytes[offset] & 0xC0 == 0x80 {
      offset -= 1
    }
    return offset
  }

  private static func visible(
    _ decoded: DecodedScalar, _ bytes: ArraySlice<UInt8>, column: Int
  ) -> (text: String, width: Int) {
    switch decoded {
    case .invalid:
      return escaped(bytes.map { "\\x" + String($0, radix: 16, uppercase: true) }.joined())
    case .valid("\t", _):
      let width = tabWidth - column % tabWidth
      return (String(repeating: " ", count: width), width)
    case .valid(let scalar, _):
      return scalar.needsEscape ? escaped(scalar.escape) : (String(scalar), scalar.displayWidth)
    }
  }

  private static func escaped(_ text: String) -> (text: String, width: Int) { (text, text.utf8.count) }
}

extension Unicode.Scalar {
  /// Whether a terminal would obey it, or show other text than there is.
  var needsEscape: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: isDirectionControl || value == 0xFEFF
    }
  }

  var escape: String { "\\u{\(String(value, radix: 16, uppercase: true))}" }
}

extension String {
  /// The text with everything escaped that a terminal would obey; line breaks and tabs stay when they may.
  package func escapingControls(keepingLayout: Bool = false) -> String {
    func isKept(_ scalar: Unicode.Scalar) -> Bool {
      !scalar.needsEscape || keepingLayout && (scalar == "\n" || scalar == "\t")
    }
    if unicodeScalars.allSatisfy(isKept) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if isKept(scalar) {
        result.append(scalar)
      } else {
        result.append(contentsOf: scalar.escape.unicodeScalars)
      }
    }
    return String(result)
  }
}
