/// The text of a line and the place of the cursor in it.
struct EditedLine: Equatable {
  let scalars: [Unicode.Scalar]
  /// Counts scalars.
  let cursor: Int
  let text: String

  init(_ scalars: [Unicode.Scalar], cursor: Int) {
    self.scalars = scalars
    self.cursor = cursor
    text = Self.text(of: scalars)
  }

  // Appending one scalar after the other takes five times as long, for every key.
  private static func text(of scalars: [Unicode.Scalar]) -> String {
    let count = scalars.reduce(0) { $0 + UTF8.width($1) }
    return String(unsafeUninitializedCapacity: count) { bytes in
      var end = 0
      for scalar in scalars {
        guard !scalar.isASCII else {
          bytes[end] = UInt8(truncatingIfNeeded: scalar.value)
          end += 1
          continue
        }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          bytes[end] = byte
          end += 1
        }
      }
      return end
    }
  }

  /// The same text with the cursor elsewhere.
  init(_ line: EditedLine, cursor: Int) {
    scalars = line.scalars
    text = line.text
    self.cursor = cursor
  }

  init(_ text: String, cursor: Int? = nil) {
    scalars = Array(text.unicodeScalars)
    self.cursor = cursor ?? scalars.count
    self.text = text
  }

  var isCursorAtEnd: Bool { cursor == scalars.count }
  var beforeCursor: String { String(scalars[..<cursor]) }
  var afterCursor: String { String(scalars[cursor...]) }

  /// The scalars of the row, ended by newlines, that holds the cursor.
  var cursorRow: Range<Int> {
    let start = scalars[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let end = scalars[cursor...].firstIndex(of: "\n") ?? scalars.count
    return start..<end
  }

  /// The cursor in the same column of the row above or below, or nil where there is none.
  func cursor(movedByRows step: Int) -> Int? {
    let row = cursorRow
    let column = cursor - row.lowerBound
    if step < 0 {
      guard row.lowerBound > 0 else { return nil }
      let above = EditedLine(scalars, cursor: row.lowerBound - 1).cursorRow
      return min(above.lowerBound + column, above.upperBound)
    }
    guard row.upperBound < scalars.count else { return nil }
    let below = EditedLine(scalars, cursor: row.upperBound + 1).cursorRow
    return min(below.lowerBound + column, below.upperBound)
  }

  /// The cursor one character, as people see them, to the left or right.
  func cursor(movedByCharacters step: Int) -> Int {
    if step < 0 {
      return cursor - (beforeCursor.last.map { $0.unicodeScalars.count } ?? 0)
    }
    return cursor + (afterCursor.first.map { $0.unicodeScalars.count } ?? 0)
  }

  /// The cursor at the other end of the word to its left or right.
  func cursor(movedByWords step: Int) -> Int {
    var position = cursor
    if step < 0 {
      while position > 0, !scalars[position - 1].isPartOfWord { position -= 1 }
      while position > 0, scalars[position - 1].isPartOfWord { position -= 1 }
    } else {
      while position < scalars.count, !scalars[position].isPartOfWord { position += 1 }
      while position < scalars.count, scalars[position].isPartOfWord { position += 1 }
    }
    return position
  }

  func utf8Offset(of position: Int) -> Int {
    scalars[..<position].reduce(0) { $0 + UTF8.width($1) }
  }

  /// The scalar at or after a UTF-8 offset, which may come from outside and lie anywhere.
  func position(ofUTF8 offset: Int) -> Int {
    var reached = 0
    for (position, scalar) in scalars.enumerated() {
      if reached >= offset { return position }
      reached += UTF8.width(scalar)
    }
    return scalars.count
  }
}

extension Unicode.Scalar {
  /// Letters, digits, marks, sub- and superscripts, underscores.
  var isPartOfWord: Bool {
    if isASCII { return self == "_" || properties.isAlphabetic || ("0"..."9").contains(self) }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .otherNumber, .letterNumber, .nonspacingMark, .spacingMark:
      return true
    default:
      return self == "∂" || self == "∇"
    }
  }
}

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    self.init(String.UnicodeScalarView(scalars))
  }
}
