import NNCore

/// How the numbers that are shown together are written: all with the same digits after the point, or all in
/// scientific notation.
///
/// Digits beyond those needed to tell every number exactly are left out, so a zero at the end means that
/// something was rounded: 0.5 is exactly that, 0.50000 is not.
struct NumberLayout: Equatable {
  enum Notation: Equatable {
    case integer
    case fixed(decimals: Int)
    case scientific(decimals: Int)
  }

  let notation: Notation
  /// Whether all digits are shown, the shortest that read back.
  private let isExact: Bool

  /// - Parameters:
  ///   - values: the numbers that will be seen.
  ///   - digits: how many significant digits the largest should have; 17 shows every number exactly.
  init(of values: some Sequence<Scalar>, digits: Int) {
    let digits = min(max(digits, 1), NumberFormat.exactDigits)
    isExact = digits == NumberFormat.exactDigits
    notation = NumberLayout.notation(Span(of: values, digits: digits), digits: digits)
  }

  /// What matters of all numbers together.
  private struct Span {
    var isEmpty = true
    var areIntegers = true
    /// Whether no integer among them is too long to be written out.
    var areShort = true
    /// Powers of ten of the largest and the smallest number that is not zero, once rounded.
    var largest = Int.min
    var smallest = Int.max
    /// Digits after the point that show all numbers exactly, in either notation.
    var fixedDecimals = 0
    var scientificDecimals = 0

    init(of values: some Sequence<Scalar>, digits: Int) {
      for value in values where value.isFinite && value != 0 {
        let decimal = DecimalDigits(value)
        let exponent = decimal.exponent(roundedTo: digits)
        isEmpty = false
        areIntegers = areIntegers && decimal.decimals == 0
        areShort = areShort && decimal.exponent < NumberLayout.integerExponent
        largest = max(largest, exponent)
        smallest = min(smallest, exponent)
        fixedDecimals = max(fixedDecimals, decimal.decimals)
        scientificDecimals = max(scientificDecimals, decimal.digits.count - 1)
      }
    }
  }

  /// From here on integers are no longer written out.
  private static let integerExponent = 15

  private static func notation(_ span: Span, digits: Int) -> Notation {
    if span.isEmpty || (span.areIntegers && span.areShort) { return .integer }
    if let decimals = fixedDecimals(span, digits: digits) { return .fixed(decimals: decimals) }
    return .scientific(decimals: min(digits - 1, span.scientificDecimals))
  }

  /// The digits after the point, or nil where the numbers are too large, too small or too far apart.
  private static func fixedDecimals(_ span: Span, digits: Int) -> Int? {
    guard (-4...digits).contains(span.largest), span.largest - span.smallest <= 5 else { return nil }
    // All digits of the largest number if it is below 1, else of the smallest, or a full set after the point.
    let exponent = span.smallest >= 0 ? span.smallest : min(span.largest, 0)
    let wanted = max(digits - 1 - exponent, 0)
    // Of the smallest number two digits, and of what is not whole something after the point.
    let needed = digits == 1 ? -span.smallest : max(1 - span.smallest, 1)
    let room = digits + 3 - max(span.largest, 0)
    if digits == NumberFormat.exactDigits { return span.fixedDecimals <= room ? span.fixedDecimals : nil }
    let decimals = min(max(wanted, needed), room)
    if decimals >= span.fixedDecimals { return span.fixedDecimals }
    return decimals < needed || (span.largest < 0 && decimals < wanted) ? nil : decimals
  }

  /// The number as it stands in a row of its like: right-aligned, all points are below each other. An exact
  /// zero is a bare 0.
  func cell(_ value: Scalar) -> String {
    guard value == 0, case .fixed(let decimals) = notation, decimals > 0 else { return text(value) }
    return text(value) + String(repeating: " ", count: decimals + 1)
  }

  /// The number by itself.
  func text(_ value: Scalar) -> String {
    if !value.isFinite { return NumberFormat.special(value) }
    if value == 0 { return isExact && value.sign == .minus ? "-0" : "0" }
    switch notation {
    case .integer: return CNumberText.text(value, .fixed, digits: 0)
    case .fixed(let decimals):
      return isExact
        ? DecimalDigits(value).fixed(decimals: decimals) : CNumberText.text(value, .fixed, digits: decimals)
    case .scientific(let decimals):
      return isExact
        ? DecimalDigits(value).scientific(decimals: decimals)
        : CNumberText.text(value, .scientific, digits: decimals)
    }
  }
}
