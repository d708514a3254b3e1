extension LexicalProblem {
  /// The error that a parser makes of text that is no token.
  func diagnostic(in source: Source) -> Diagnostic {
    var diagnostic = Diagnostic(.error, message(in: source)).located(at: range, in: source)
    for hint in hints(in: source) { diagnostic = diagnostic.hinting(hint) }
    if case .unterminatedString(let slot?) = kind {
      diagnostic = diagnostic.labelled(slot, "this `{` is still open").labelled(
        range, "so this begins a string inside it")
    }
    return diagnostic
  }

  private func message(in source: Source) -> String {
    switch kind {
    case .invalidUTF8: "this is not UTF-8 text: \(byteNames(in: source))"
    case .strayCharacter(let scalar): "\(scalar.described) has no meaning here"
    case .invisible(let scalar): "the text holds \(scalar.codePointName), which cannot be seen"
    case .foreignDigit(let scalar): "\(scalar.described) is a digit of another script"
    case .scriptDigit: "a raised or lowered digit belongs to a name"
    case .typographicQuote: "strings stand in straight quotes"
    case .singleQuoted, .loneApostrophe: "`'` is the transpose, directly after what it transposes"
    case .unterminatedString: "this string is not closed"
    case .badEscape: "`\(source.text(range))` means nothing in a string"
    case .badCodePoint: "`\(source.text(range))` names no character"
    case .badTextInString(let scalar?): "the string holds \(scalar.codePointName), which cannot be seen"
    case .badTextInString(nil): "the string is not UTF-8 text: \(byteNames(in: source))"
    case .commentInSlot: "a comment cannot stand inside the { } of a string"
    case .badFormat: "`\(source.text(range))` is no format"
    case .formatTooLarge: "a format may ask for at most \(FormatSpec.limit) characters"
    case .numberTooLarge:
      "`\(source.text(range).shortened)` is larger than any number, which end at about 1.8e308"
    case .otherBase: "numbers are written in decimal"
    case .sourceTooLarge: "a source may have at most 2 GB"
    }
  }

  private func hints(in source: Source) -> [String] {
    switch kind {
    case .invalidUTF8, .badTextInString(nil): ["save the file as UTF-8"]
    case .invisible: ["remove it"]
    case .foreignDigit: plainDigits(in: source).map { ["write `\($0)`"] } ?? []
    case .scriptDigit: plainDigits(in: source).map { ["a power is `x^\($0)`, an element `x[\($0)]`"] } ?? []
    case .typographicQuote, .singleQuoted: quoted(in: source).map { ["a string is `\($0)`"] } ?? []
    case .unterminatedString: ["a `\"` closes it, on this line or a later one"]
    case .loneApostrophe: ["write it without the blank: `x'`"]
    case .badEscape:
      ["the escapes are \\n, \\t, \\r, \\\", \\\\, \\{, \\} and \\u{…}; a backslash is \\\\"]
    case .badCodePoint: ["a character by its number is `\\u{3B1}`, for α"]
    case .badTextInString(let scalar?):
      ["if it is meant, write `\\u{\(String(scalar.value, radix: 16, uppercase: true))}`"]
    case .commentInSlot: ["a brace that is text is written twice: `{{`"]
    case .badFormat:
      [
        "a format is a width, digits and a letter: `{x:8}`, `{x:.4}`, `{x:8.3f}`; the letters are d, f, e and g",
        "a range stands in parentheses: `{(1:n)}`",
      ]
    case .numberTooLarge: ["infinity is `inf`"]
    case .otherBase: decimal(in: source).map { ["write `\($0)`"] } ?? []
    case .strayCharacter, .formatTooLarge, .sourceTooLarge: []
    }
  }

  private var bytes: Range<Int> { Int(range.start)..<Int(range.end) }

  /// `0xFF 0xFE`
  private func byteNames(in source: Source) -> String {
    let names = source.bytes[bytes].prefix(4).map { "0x" + String($0, radix: 16, uppercase: true) }
    return names.joined(separator: " ") + (bytes.count > 4 ? " …" : "")
  }

  /// The digits of the text in ASCII.
  private func plainDigits(in source: Source) -> String? {
    let digits = source.text(range).unicodeScalars.prefix(20).map { $0.digitValue.map(String.init) ?? "" }
    let text = digits.joined()
    return text.isEmpty || bytes.count > 60 ? nil : text
  }

  /// `'text'` and `“text”` as a string here.
  private func quoted(in source: Source) -> String? {
    let text = source.text(range)
    guard text.count > 1, text.count < 60 else { return nil }
    let inner = text.dropFirst().dropLast()
    return inner.contains("\"") || inner.contains("\\") ? nil : "\"\(inner)\""
  }

  /// The value of `0x1F` in decimal.
  private func decimal(in source: Source) -> String? {
    let text = source.text(range).filter { $0 != "_" }.lowercased()
    let radix = text.hasPrefix("0x") ? 16 : text.hasPrefix("0b") ? 2 : 8
    guard let value = Int(text.dropFirst(2), radix: radix), value < 1 << 53 else { return nil }
    return String(value)
  }
}

extension String {
  /// At most 40 characters, for use inside a message.
  package var shortened: String {
    let head = prefix(40)
    return head.endIndex == endIndex ? self : head + "…"
  }
}
