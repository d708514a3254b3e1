import NNCore

/// The shortest decimal digits that read back as the same double.
struct DecimalDigits {
  let isNegative: Bool
  /// 0…9, the first and the last not 0; none for zero.
  let digits: [UInt8]
  /// The power of ten of the first digit: the value is d.ddd… · 10^exponent.
  let exponent: Int

  /// - Parameter value: finite.
  init(_ value: Scalar) {
    isNegative = value.sign == .minus
    var digits: [UInt8] = []
    var point: Int?
    var power = 0
    // The standard library writes `0.001`, `12.5`, `1e-07` or `1.5e+300`.
    var text = value.magnitude.description.utf8[...]
    if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
      power = Int(Substring(text[text.index(after: mark)...])) ?? 0
      text = text[..<mark]
    }
    for byte in text {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte - UInt8(ascii: "0")) }
    }
    let leading = digits.prefix { $0 == 0 }.count
    exponent = (point ?? digits.count) - 1 - leading + power
    while digits.last == 0 { digits.removeLast() }
    self.digits = Array(digits.dropFirst(leading))
  }

  /// The exponent after rounding to `count` digits: 9.996 becomes 10.00.
  func exponent(roundedTo count: Int) -> Int {
    let carries = digits.count > count && digits[count] >= 5 && digits[..<count].allSatisfy { $0 == 9 }
    return exponent + (carries ? 1 : 0)
  }

  /// The digits needed after the decimal point in fixed notation.
  var decimals: Int { max(0, digits.count - 1 - exponent) }

  /// Fixed notation, zeros filling up to `decimals` digits after the point; no digit is dropped.
  func fixed(decimals: Int) -> String {
    let whole = exponent < 0 ? "0" : text(0...exponent)
    return sign + whole + (decimals == 0 ? "" : "." + text((exponent + 1)..<(exponent + 1 + decimals)))
  }

  /// Scientific notation, zeros filling up to `decimals` digits after the point; no digit is dropped.
  func scientific(decimals: Int) -> String {
    let power = String(exponent.magnitude)
    return sign + text(0...0) + (decimals == 0 ? "" : "." + text(1..<(1 + decimals)))
      + (exponent < 0 ? "e-" : "e+") + (power.utf8.count < 2 ? "0" : "") + power
  }

  private var sign: String { isNegative ? "-" : "" }

  /// The digits at these places, zero where there are none.
  private func text(_ places: some Sequence<Int>) -> String {
    String(
      decoding: places.map { UInt8(ascii: "0") + (digits.indices.contains($0) ? digits[$0] : 0) },
      as: UTF8.self)
  }
}
