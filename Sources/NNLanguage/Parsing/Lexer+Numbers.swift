/// Numbers: `12`, `1_000`, `1.5`, `.5`, `1.`, `1e-3`.
extension Lexer {
  /// The digits read so far: their value as a whole number while that is exact, and where the point stands.
  private struct Digits {
    var value: UInt64 = 0
    var count = 0
    var afterPoint = 0
    var isExact = true

    mutating func add(_ byte: UInt8) {
      count += 1
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      isExact = isExact && !overflow && product < 1 << 53
      value = product &+ UInt64(byte &- 0x30)
    }
  }

  mutating func lexNumber() {
    let start = position
    if bytes[position] == 0x30, isOtherBase() { return lexOtherBase() }
    var digits = Digits()
    lexDigits(into: &digits)
    if peek() == ASCII.dot, !dotIsOperator {
      position += 1
      let whole = digits.count
      lexDigits(into: &digits)
      digits.afterPoint = digits.count - whole
    }
    let exponent = lexExponent()
    let value =
      Lexer.value(digits.value, digits.isExact, exponent, digits.afterPoint) ?? slowValue(from: start)
    if value.isInfinite { return fail(.numberTooLarge, from: start) }
    list.numbers.append(value)
    add(.number, from: start, payload: Int32(list.numbers.count - 1))
  }

  /// A `.` before these is part of an operator: `1./A`.
  private var dotIsOperator: Bool {
    switch peek(1) {
    case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"), ASCII.backslash, UInt8(ascii: "'"): true
    default: false
    }
  }

  /// Digits, with `_` between two of them.
  private mutating func lexDigits(into digits: inout Digits) {
    while position < end {
      let byte = bytes[position]
      if ASCII.isDigit(byte) {
        digits.add(byte)
      } else if byte != ASCII.underscore || !ASCII.isDigit(peek(1)) || position == 0
        || !ASCII.isDigit(bytes[position - 1])
      {
        return
      }
      position += 1
    }
  }

  /// `e-3`; an `e` without digits belongs to what follows.
  private mutating func lexExponent() -> Int {
    guard peek() | 0x20 == UInt8(ascii: "e") else { return 0 }
    let isNegative = peek(1) == UInt8(ascii: "-")
    let signed = isNegative || peek(1) == UInt8(ascii: "+")
    guard ASCII.isDigit(peek(signed ? 2 : 1)) else { return 0 }
    position += signed ? 2 : 1
    var exponent = 0
    while ASCII.isDigit(peek()) {
      exponent = min(exponent * 10 + Int(peek() &- 0x30), 1_000_000_000)
      position += 1
    }
    return isNegative ? -exponent : exponent
  }

  /// The value where one multiplication or division of two exact numbers gives it, rounded right.
  private static func value(_ digits: UInt64, _ isExact: Bool, _ exponent: Int, _ afterPoint: Int) -> Double?
  {
    guard isExact else { return nil }
    let shift = exponent - afterPoint
    if digits == 0 || shift == 0 { return Double(digits) }
    guard abs(shift) <= 22 else { return nil }
    return shift < 0 ? Double(digits) / powersOfTen[-shift] : Double(digits) * powersOfTen[shift]
  }

  /// 10⁰ … 10²²: the powers that a double holds exactly.
  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  private func slowValue(from start: Int) -> Double {
    let plain = bytes[start..<position].filter { $0 != ASCII.underscore }
    return Double(String(decoding: plain, as: UTF8.self)) ?? .infinity
  }

  private func isOtherBase() -> Bool {
    switch peek(1) | 0x20 {
    case UInt8(ascii: "x"): ASCII.hexValue(peek(2)) != nil
    case UInt8(ascii: "b"), UInt8(ascii: "o"): ASCII.isDigit(peek(2))
    default: false
    }
  }

  private mutating func lexOtherBase() {
    let start = position
    position += 2
    while ASCII.hexValue(peek()) != nil || peek() == ASCII.underscore { position += 1 }
    fail(.otherBase, from: start)
  }
}
