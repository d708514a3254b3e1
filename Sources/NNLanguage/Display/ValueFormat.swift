import NNCore

/// How a value is to stand in an interpolated string: `[width][.digits][d f e g]`.
///
/// A width that begins with 0 fills numbers up with zeros.
struct ValueFormat: Equatable {
  enum Kind: Character {
    case integer = "d"
    case fixed = "f"
    case scientific = "e"
    case general = "g"
  }

  /// What is wrong with the text of a format.
  enum Problem: Error, Equatable {
    case width(limit: Int)
    case digits(limit: Int)
    case kind(Character)
  }

  var width = 0
  var precision: Int?
  var kind: Kind?
  var fillsWithZeros = false

  static let widthLimit = 1000
  static let precisionLimit = 100
  private static let defaultPrecision = 6

  init(width: Int = 0, precision: Int? = nil, kind: Kind? = nil, fillsWithZeros: Bool = false) {
    self.width = width
    self.precision = precision
    self.kind = kind
    self.fillsWithZeros = fillsWithZeros
  }

  /// Reads the text after the colon.
  init(parsing text: String) throws(Problem) {
    var rest = text[...]
    fillsWithZeros = rest.first == "0" && rest.dropFirst().first?.isASCIIDigit == true
    width = try ValueFormat.number(&rest) ?? 0
    if width > ValueFormat.widthLimit { throw .width(limit: ValueFormat.widthLimit) }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try ValueFormat.number(&rest), digits <= ValueFormat.precisionLimit else {
        throw .digits(limit: ValueFormat.precisionLimit)
      }
      precision = digits
    }
    if let letter = rest.first {
      guard let kind = Kind(rawValue: letter) else { throw .kind(letter) }
      self.kind = kind
      rest.removeFirst()
    }
    if let extra = rest.first { throw .kind(extra) }
  }

  private static func number(_ rest: inout Substring) throws(Problem) -> Int? {
    let digits = rest.prefix { $0.isASCIIDigit }
    if digits.isEmpty { return nil }
    rest = rest.dropFirst(digits.count)
    return Int(digits) ?? .max
  }

  // MARK: Applying

  /// - Parameter digits: significant digits where the format says nothing of them.
  func apply(to value: Scalar, digits: Int = NumberFormat.defaultDigits) -> String {
    let text = text(value, digits: digits)
    let missing = width - text.utf8.count
    if missing <= 0 { return text }
    guard fillsWithZeros, value.isFinite else { return String(repeating: " ", count: missing) + text }
    let isNegative = text.hasPrefix("-")
    return (isNegative ? "-" : "") + String(repeating: "0", count: missing)
      + text.dropFirst(isNegative ? 1 : 0)
  }

  /// Text stands at the left; digits alone cut it, those of a number's format do not.
  func apply(to text: String) -> String {
    padded(kind == nil ? precision.map { String(text.prefix($0)) } ?? text : text)
  }

  /// What is no number, filled up to the width.
  func padded(_ text: String) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.of(text)))
  }

  /// The format of the numbers within a value that has the width as a whole.
  var withoutWidth: ValueFormat { ValueFormat(precision: precision, kind: kind) }

  /// On one line as source text, every number formatted.
  func apply(
    to matrix: Matrix, digits: Int = NumberFormat.defaultDigits, isStopped: () -> Bool = { false }
  ) -> String {
    NumberFormat(digits: digits).inline(matrix, isStopped: isStopped) { apply(to: $0, digits: digits) }
  }

  private func text(_ value: Scalar, digits: Int) -> String {
    if !value.isFinite { return NumberFormat.special(value) }
    switch kind {
    case .fixed: return CNumberText.text(value, .fixed, digits: precision ?? ValueFormat.defaultPrecision)
    case .scientific:
      return CNumberText.text(value, .scientific, digits: precision ?? ValueFormat.defaultPrecision)
    case .general: return CNumberText.text(value, .general, digits: precision ?? ValueFormat.defaultPrecision)
    // What is not whole is shown as it is: rounding would hide it.
    case .integer where value == value.rounded(): return CNumberText.text(value + 0, .fixed, digits: 0)
    case .integer, nil: return NumberFormat(digits: precision ?? digits).format(value)
    }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}

extension ValueFormat {
  /// The format that a string's `{x:8.3f}` asks for.
  init(_ syntax: FormatSpec) {
    let kinds: [FormatSpec.Style: Kind] = [
      .integer: .integer, .fixed: .fixed, .exponent: .scientific, .general: .general,
    ]
    self.init(
      width: syntax.width, precision: syntax.digits, kind: kinds[syntax.style],
      fillsWithZeros: syntax.fillsWithZeros)
  }
}
