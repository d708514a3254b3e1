import NNCore
import Testing

@testable import NNLanguage

@Suite struct NumberFormatTests {
  static let fiveDigits: [(Scalar, String)] = [
    (14, "14"), (0, "0"), (-0.0, "0"), (-3, "-3"), (0.5, "0.5"), (1.0 / 3, "0.33333"), (2.0 / 3, "0.66667"),
    (0.1 + 0.2, "0.30000"), (3.14159265, "3.1416"), (-2.718281828, "-2.7183"), (100.0 / 3, "33.333"),
    (1234.5678, "1234.6"), (12345.678, "12345.7"), (123456.789, "123456.8"), (399900.5, "399900.5"),
    (1234567.8, "1.2346e+06"), (9.99996, "10.000"), (99999.96, "100000.0"), (0.99999999, "1.0000"),
    (2.00001, "2.0000"),
    (0.012345678, "0.012346"), (0.00012346, "0.00012346"), (1e-4, "0.0001"), (1e-5, "1e-05"),
    (1.5e-7, "1.5e-07"),
    (1.2345678e-9, "1.2346e-09"), (.leastNonzeroMagnitude, "5e-324"), (123_456_789, "123456789"),
    (999_999_999_999_999, "999999999999999"),
    (1e15, "1e+15"), (1.2345678e20, "1.2346e+20"), (1.7976931348623157e308, "1.7977e+308"), (.nan, "nan"),
    (.infinity, "inf"), (-.infinity, "-inf"), (0.15, "0.15"), (0.25, "0.25"), (1e10 + 0.5, "1.0000e+10"),
  ]

  @Test(arguments: fiveDigits)
  func fiveSignificantDigits(_ value: Scalar, _ wanted: String) {
    #expect(NumberFormat().format(value) == wanted)
  }

  static let otherDigits: [(Scalar, Int, String)] = [
    (Scalar.pi, 1, "3"), (Scalar.pi, 2, "3.1"), (Scalar.pi, 3, "3.14"), (Scalar.pi, 10, "3.141592654"),
    (Scalar.pi, 15, "3.14159265358979"), (Scalar.pi, 17, "3.141592653589793"),
    (0.1 + 0.2, 17, "0.30000000000000004"),
    (0.1, 17, "0.1"), (-0.0, 17, "-0"), (1e22, 17, "1e+22"), (123456.789, 17, "123456.789"),
    (.leastNonzeroMagnitude, 17, "5e-324"),
    (1e23, 17, "1e+23"), (1234.5678, 2, "1.2e+03"), (37.2, 2, "37.2"), (0.96, 1, "1"), (0.94, 1, "0.9"),
    (1.5, 0, "2"), (1.5, 99, "1.5"), (2.5, 1, "2"), (123456, 1, "123456"),
  ]

  @Test(arguments: otherDigits)
  func digits(_ value: Scalar, _ digits: Int, _ wanted: String) {
    #expect(NumberFormat(digits: digits).format(value) == wanted)
  }

  /// Doubles of every size, and those that are like what people compute with.
  private func randomValues(_ count: Int) -> [Scalar] {
    (0..<count).map { index in
      switch index % 4 {
      case 0: Scalar(bitPattern: .random(in: 0 ... .max))
      case 1: Scalar.random(in: -1...1)
      case 2: Scalar.random(in: -1...1) * [1e-6, 1e-3, 1e2, 1e5, 1e8][index % 5]
      default: (Scalar.random(in: -1e6...1e6) * 100).rounded() / 100
      }
    }.filter(\.isFinite)
  }

  @Test func seventeenDigitsReadBackToTheSameBits() {
    for value in randomValues(20_000) {
      let text = NumberFormat(digits: 17).format(value)
      #expect(Scalar(text)?.bitPattern == value.bitPattern, "\(value) is shown as \(text)")
    }
  }

  @Test(arguments: 1...16)
  func theShownDigitsAreTheNearest(_ digits: Int) throws {
    for value in randomValues(1000) {
      let text = NumberFormat(digits: digits).format(value)
      let shown = try #require(Scalar(text), "\(text)")
      // One digit of a number beside the largest may round to one that is too large to read back.
      if !shown.isFinite { continue }
      // Half a unit of the last digit shown, and the rounding of that bound itself.
      let unit = lastUnit(text)
      #expect(
        abs(shown - value) <= 0.5 * unit + 2 * max(shown.ulp, value.ulp), "\(value) is shown as \(text)")
      // As many digits as asked for, or all there are.
      let count = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.count
      #expect(count >= digits || shown == value, "\(value) is shown as \(text)")
    }
  }

  private func lastUnit(_ text: String) -> Scalar {
    let parts = text.split(separator: "e")
    let decimals = parts[0].split(separator: ".").dropFirst().first?.count ?? 0
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return Scalar("1e\(exponent - decimals)") ?? 0
  }

  @Test func theDecimalMarkIsAPointInEveryLocale() {
    #expect(CNumberText.withPoint(Array("-1,5e+07".utf8)) == "-1.5e+07")
    #expect(CNumberText.withPoint(Array("1\u{066B}25".utf8)) == "1.25")
    #expect(CNumberText.withPoint(Array("12".utf8)) == "12")
  }

  @Test func longTexts() {
    #expect(CNumberText.text(1e300, .fixed, digits: 2).utf8.count == 304)
    #expect(CNumberText.text(1, .fixed, digits: 100) == "1." + String(repeating: "0", count: 100))
  }

  @Test func decimalDigits() {
    let cases: [(Scalar, [UInt8], Int)] = [
      (0, [], 0), (1, [1], 0), (10, [1], 1), (0.001, [1], -3), (12.5, [1, 2, 5], 1), (1e-7, [1], -7),
      (1.5e300, [1, 5], 300),
      (1e16, [1], 16), (120000, [1, 2], 5), (.leastNonzeroMagnitude, [5], -324),
      (9007199254740992, [9, 0, 0, 7, 1, 9, 9, 2, 5, 4, 7, 4, 0, 9, 9, 2], 15),
    ]
    for (value, digits, exponent) in cases {
      let decimal = DecimalDigits(value)
      #expect(decimal.digits == digits && (digits.isEmpty || decimal.exponent == exponent), "\(value)")
    }
  }
}
