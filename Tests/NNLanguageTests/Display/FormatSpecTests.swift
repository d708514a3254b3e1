import NNCore
import Testing

@testable import NNLanguage

@Suite struct FormatSpecTests {
  static let numbers: [(String, Scalar, String)] = [
    (".4f", 0.70123, "0.7012"), ("f", 1.5, "1.500000"), ("8.3f", 3.14159, "   3.142"),
    ("8.3f", -3.14159, "  -3.142"),
    (".0f", 2.5, "2"), (".0f", 3.5, "4"), (".1f", 0.25, "0.2"), (".2f", 1e20, "100000000000000000000.00"),
    ("e", 12345.678, "1.234568e+04"), (".2e", 0, "0.00e+00"), ("10.1e", 1234, "   1.2e+03"),
    ("g", 0.0001, "0.0001"),
    ("g", 1e-5, "1e-05"), (".3g", 1234.5, "1.23e+03"), (".3g", 100, "100"), ("d", 42, "42"),
    ("5d", 42, "   42"),
    ("d", 1e20, "100000000000000000000"), ("d", -0.0, "0"), ("d", 2.5, "2.5"), ("05d", 42, "00042"),
    ("06.2f", -1.5, "-01.50"),
    ("5d", 123456, "123456"), ("", 1.0 / 3, "0.33333"), (".3", 1.0 / 3, "0.333"), ("8", 2, "       2"),
    ("6.2f", .nan, "   nan"),
    ("06.2f", -.infinity, "  -inf"), ("0d", 7, "7"), (".17", 0.1, "0.1"),
  ]

  @Test(arguments: numbers)
  func number(_ spec: String, _ value: Scalar, _ wanted: String) throws {
    #expect(try ValueFormat(parsing: spec).apply(to: value) == wanted)
  }

  @Test func textsAndMatrices() throws {
    #expect(try ValueFormat(parsing: "6").apply(to: "ab") == "ab    ")
    #expect(try ValueFormat(parsing: "4").apply(to: "日") == "日  ")
    #expect(try ValueFormat(parsing: ".2").apply(to: "abc") == "ab")
    #expect(try ValueFormat(parsing: "5.2f").apply(to: "abc") == "abc  ")
    #expect(try ValueFormat(parsing: "2").apply(to: "abc") == "abc")
    let matrix = try Matrix(rows: 2, columns: 2, [1, 2.5, -3, 0], in: Resources(limit: 1000))
    #expect(try ValueFormat(parsing: ".1f").apply(to: matrix) == "[1.0, 2.5; -3.0, 0.0]")
    #expect(try ValueFormat(parsing: "").apply(to: matrix) == "[1, 2.5; -3, 0]")
  }

  static let problems: [(String, ValueFormat.Problem)] = [
    ("x", .kind("x")), ("5x", .kind("x")), ("ff", .kind("f")), (".f", .digits(limit: 100)),
    (".101f", .digits(limit: 100)),
    ("1001", .width(limit: 1000)), ("99999999999999999999", .width(limit: 1000)), ("-5", .kind("-")),
    ("٣", .kind("٣")),
    (".3.4", .kind(".")), (" 5", .kind(" ")),
  ]

  @Test(arguments: problems)
  func problem(_ spec: String, _ wanted: ValueFormat.Problem) {
    #expect(throws: wanted) { try ValueFormat(parsing: spec) }
  }
}
