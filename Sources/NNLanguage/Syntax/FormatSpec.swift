/// How an interpolated value is written: the `8.3f` of `{x:8.3f}`.
package struct FormatSpec: Hashable, Sendable {
  package enum Style: UInt8, Sendable {
    /// As values are displayed.
    case automatic
    /// `d`: a whole number.
    case integer
    /// `f`: digits after the point.
    case fixed
    /// `e`: with an exponent.
    case exponent
    /// `g`: `fixed` or `exponent`, whichever is shorter.
    case general
  }

  /// The least number of characters, filled with blanks on the left; 0 for none.
  package var width: Int
  /// Whether numbers are filled up with zeros: a width that begins with 0.
  package var fillsWithZeros: Bool
  /// Digits after the point, or significant ones for `general`; nil where none are given.
  package var digits: Int?
  package var style: Style

  package init(
    width: Int = 0, digits: Int? = nil, style: Style = .automatic, fillsWithZeros: Bool = false
  ) {
    self.width = width
    self.fillsWithZeros = fillsWithZeros
    self.digits = digits
    self.style = style
  }

  package static let plain = FormatSpec()
  /// The widest field and the most digits that a format may ask for.
  package static let limit = 1_000
}
