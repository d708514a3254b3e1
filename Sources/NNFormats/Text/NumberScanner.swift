/// Decimal text to the nearest double.
///
/// Three ways, from the commonest to the rarest, each correctly rounded: up to 2⁵³ with a power of ten up to 22
/// both factors are exact doubles and one operation rounds once (Clinger 1990); up to 19 digits with a power of
/// ten up to 27 the product or quotient of 64-bit integers is exact in 128 bits; the rest goes to the
/// standard library.
enum NumberScanner {
  /// The number at `position`, which then stands after it; nil, and `position` unchanged, where none begins.
  ///
  /// - Parameter mark: the decimal mark, a point or a comma.
  @inline(__always)
  static func scan(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, mark: UInt8
  ) -> Double? {
    var p = position
    guard p < end else { return nil }
    let isNegative = p.pointee == .minus
    p += isNegative || p.pointee == .plus ? 1 : 0

    var digits: UInt64 = 0
    let start = p
    scanDigits(&p, end, into: &digits)
    var digitCount = p - start
    var exponent = 0
    if p < end, p.pointee == mark {
      p += 1
      let fraction = p
      scanDigits(&p, end, into: &digits)
      exponent = fraction - p
      digitCount -= exponent
    }
    if digitCount == 0 { return nil }
    if p < end, p.pointee | 0x20 == .lowercaseE { scanExponent(&p, end, adding: &exponent) }

    // More than 19 digits may have overflowed; the count includes leading zeros, which errs on the safe side.
    let value =
      digitCount <= 19
      ? value(digits, exponent) ?? standard(start, p, mark: mark) : standard(start, p, mark: mark)
    position = p
    return Double(bitPattern: value.bitPattern | (isNegative ? 1 << 63 : 0))
  }

  @inline(__always)
  private static func scanDigits(
    _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, into digits: inout UInt64
  ) {
    while end - p >= 8 {
      let chunk = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
      let values = chunk ^ 0x3030_3030_3030_3030
      let count = leadingDigits(values)
      if count < 8 {
        // Shifted up, the digits have zeros before them.
        if count > 0 { digits = digits &* powers[count] &+ eightDigits(values << UInt64(64 - 8 * count)) }
        p += count
        return
      }
      digits = digits &* 100_000_000 &+ eightDigits(values)
      p += 8
    }
    while p < end {
      let digit = p.pointee &- .zero
      if digit > 9 { break }
      digits = digits &* 10 &+ UInt64(digit)
      p += 1
    }
  }

  // Adding 0x76 sets the top bit of a byte above 9. A carry reaches only bytes behind the first such one.
  @inline(__always)
  private static func leadingDigits(_ values: UInt64) -> Int {
    let others = ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
    return others.trailingZeroBitCount / 8
  }

  // Pairs of digits, then pairs of pairs, then the two halves: three multiplications for eight digits.
  @inline(__always)
  private static func eightDigits(_ values: UInt64) -> UInt64 {
    let pairs = (values &* 10 &+ (values >> 8)) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10000 &+ (fours >> 32)) & 0xFFFF_FFFF
  }

  /// Reads `e±digits` if it is whole; a lone `e` is left for the caller to trip over.
  @inline(__always)
  private static func scanExponent(
    _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, adding exponent: inout Int
  ) {
    var q = p + 1
    let isNegative = q < end && q.pointee == .minus
    if q < end, isNegative || q.pointee == .plus { q += 1 }
    let start = q
    var value = 0
    while q < end {
      let digit = q.pointee &- .zero
      if digit > 9 { break }
      // Far beyond any double already: more digits cannot change the result.
      if value < 100_000 { value = value * 10 + Int(digit) }
      q += 1
    }
    if q == start { return }
    exponent += isNegative ? -value : value
    p = q
  }

  /// digits · 10^exponent correctly rounded, or nil where the integers would not be exact.
  @inline(__always)
  static func value(_ digits: UInt64, _ exponent: Int) -> Double? {
    if digits <= 1 << 53 {
      if exponent == 0 { return Double(digits) }
      if exponent < 0, exponent >= -22 { return Double(digits) / tens[-exponent] }
      if exponent > 0, exponent <= 22 { return Double(digits) * tens[exponent] }
    }
    if digits == 0 { return 0 }
    guard exponent >= -27, exponent <= 27 else { return nil }
    return exponent < 0 ? quotient(digits, exponent) : product(digits, exponent)
  }

  // digits · 5^e · 2^e, the first product exact in 128 bits.
  private static func product(_ digits: UInt64, _ exponent: Int) -> Double {
    let (high, low) = digits.multipliedFullWidth(by: fives[exponent])
    if high == 0 { return scaled(low, isInexact: false, exponent) }
    let shift = high.leadingZeroBitCount
    let top = shift == 0 ? high : high << UInt64(shift) | low >> UInt64(64 - shift)
    return scaled(top, isInexact: low << UInt64(shift) != 0, exponent + 64 - shift)
  }

  // digits / 5^-e · 2^e, both shifted to fill 64 bits, so the quotient has 63 or 64 bits; 55 would do.
  //
  // A reciprocal of 64 bits, rounded down, gives the quotient to within 2 units: good unless a tie lies there.
  private static func quotient(_ digits: UInt64, _ exponent: Int) -> Double {
    let divisor = divisors[-exponent]
    let shift = digits.leadingZeroBitCount
    let numerator = digits << UInt64(shift)
    let scale = exponent - shift + divisor.shift - 63
    let estimate = numerator.multipliedFullWidth(by: divisor.reciprocal).high
    let (half, rest): (UInt64, UInt64) =
      estimate >> 63 == 1 ? (0x400, estimate & 0x7FF) : (0x200, estimate & 0x3FF)
    if rest &+ 2 < half || rest > half &+ 2 { return scaled(estimate, isInexact: true, scale) }
    // Half the numerator is below the divisor, whose top bit is set.
    let (quotient, remainder) = divisor.value.dividingFullWidth((numerator >> 1, numerator << 63))
    return scaled(quotient, isInexact: remainder != 0, scale)
  }

  /// A power of five shifted to fill 64 bits, and 2¹²⁷ divided by that.
  private struct Divisor {
    let value: UInt64
    let shift: Int
    let reciprocal: UInt64

    init(_ power: UInt64) {
      shift = power.leadingZeroBitCount
      value = power << UInt64(shift)
      // Only 5⁰ would need 65 bits; it is never asked for.
      reciprocal = value == 1 << 63 ? .max : value.dividingFullWidth((1 << 63, 0)).quotient
    }
  }

  /// bits · 2^exponent, where `isInexact` says that a little more than `bits` was meant.
  private static func scaled(_ bits: UInt64, isInexact: Bool, _ exponent: Int) -> Double {
    // Far below the 53rd bit, the last bit stands for all that follow. The conversion rounds to even once;
    // the scale is a power of two and nothing here comes near the ends of the range.
    let sticky = isInexact ? bits | 1 : bits
    return Double(sticky) * Double(bitPattern: UInt64(exponent + 1023) << 52)
  }

  /// The slow way, for many digits and large exponents; always rounded correctly, whatever the locale.
  private static func standard(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, mark: UInt8
  ) -> Double {
    let text = String(
      unsafeUninitializedCapacity: end - start,
      initializingUTF8With: { buffer in
        for i in 0..<(end - start) { buffer[i] = start[i] == mark ? .point : start[i] }
        return end - start
      })
    return Double(text) ?? .nan
  }

  // 10^0 … 10^22 are exact doubles, 5^0 … 5^27 fit into 64 bits.
  private static let tens: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]
  private static let powers: [UInt64] = [1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000]
  private static let fives: [UInt64] = (0...27).map { n in (0..<n).reduce(1) { value, _ in value * 5 } }
  private static let divisors: [Divisor] = fives.map(Divisor.init)
}

extension UInt8 {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let plus: UInt8 = 0x2B
  static let comma: UInt8 = 0x2C
  static let minus: UInt8 = 0x2D
  static let point: UInt8 = 0x2E
  static let zero: UInt8 = 0x30
  static let semicolon: UInt8 = 0x3B
  static let lowercaseE: UInt8 = 0x65
}
