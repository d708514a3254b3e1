/// What a code point may be part of.
extension Unicode.Scalar {
  /// Letters, `_`, and the signs of partial derivative and gradient.
  var startsName: Bool {
    if isASCII { return ASCII.isLetter(UInt8(value)) || value == 0x5F }
    return self == "∂" || self == "∇" || isLetter
  }

  /// What may start a name, digits, marks, and sub- and superscript digits.
  var continuesName: Bool {
    if isASCII { return ASCII.continuesName(UInt8(value)) }
    return startsName || isMark || isScriptDigit
  }

  private var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  private var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark: true
    default: false
    }
  }

  /// ⁰ … ⁹ and ₀ … ₉.
  var isScriptDigit: Bool {
    switch value {
    case 0xB2, 0xB3, 0xB9, 0x2070, 0x2074...0x2079, 0x2080...0x2089: true
    default: false
    }
  }

  /// The value of ² and the like, of ₂ and the like, and of digits of other scripts.
  var digitValue: Int? {
    guard properties.numericType == .decimal || properties.numericType == .digit else { return nil }
    return properties.numericValue.map { Int($0) }
  }

  /// Digits of other scripts, such as ٣.
  var isForeignDigit: Bool { !isASCII && properties.generalCategory == .decimalNumber }

  /// Blanks of any width; a text pasted from a web page is full of U+00A0.
  var isBlank: Bool {
    self == " " || self == "\t" || !isASCII && properties.generalCategory == .spaceSeparator
  }

  /// Marks that make text look different from what it says.
  var isDirectionControl: Bool {
    switch value {
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Nothing that is seen: controls, direction marks, byte order marks, private and unassigned code points.
  var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }

  /// `U+202E`.
  var codePointName: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The code point as a reader of a message sees it: `٣ (U+0663)`, or its name alone where nothing is to be seen.
  var described: String {
    if isInvisible { return codePointName }
    return isMark ? "◌\(self) (\(codePointName))" : "\(self) (\(codePointName))"
  }
}
