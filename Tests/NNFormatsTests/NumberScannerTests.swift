import Testing

@testable import NNFormats

@Suite struct NumberScannerTests {
  private func scan(_ text: String, mark: UInt8 = .point) -> (value: Double, rest: Int)? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard var p = bytes.baseAddress else { return nil }
      let end = p + bytes.count
      return NumberScanner.scan(&p, end, mark: mark).map { ($0, end - p) }
    }
  }

  @Test func everyRecordedTextGivesTheNearestDouble() throws {
    let lines = try Recorded.text("numbers/numbers.txt").split(separator: "\n")
    #expect(lines.count > 3000)
    for line in lines {
      let parts = line.split(separator: " ")
      let bits = try #require(UInt64(parts[1], radix: 16))
      let scanned = try #require(scan(String(parts[0])), "\(line)")
      #expect(scanned.rest == 0 && scanned.value.bitPattern == bits, "\(line) became \(scanned.value)")
    }
  }

  @Test func theShortestTextsOfRandomDoublesReadBack() {
    var random = SystemRandomNumberGenerator()
    var failures: [Double] = []
    for round in 0..<100_000 {
      let bits = random.next() as UInt64
      // Half of all bit patterns have exponents no file contains: the others are near 1.
      let value =
        round % 2 == 0
        ? Double(bitPattern: bits) : Double.random(in: -1...1) * [1e-9, 1e-3, 1, 1e3, 1e9][round % 5]
      guard value.isFinite else { continue }
      if scan(value.description)?.value.bitPattern != value.bitPattern { failures.append(value) }
    }
    #expect(failures.isEmpty)
  }

  @Test func integersOfNineteenDigitsTimesPowersOfTenAgreeWithTheStandardLibrary() {
    var failures: [String] = []
    for _ in 0..<50_000 {
      let text = "\(UInt64.random(in: 0...9_999_999_999_999_999_999))e\(Int.random(in: -30...30))"
      if scan(text)?.value != Double(text) { failures.append(text) }
    }
    #expect(failures.isEmpty)
  }

  @Test(arguments: [
    ("1,2", 1, 2), ("1e", 1, 1), ("1e+", 1, 2), ("12 ", 12, 1), ("1.5.2", 1.5, 2), ("1-2", 1, 2),
    ("123456789x", 123_456_789, 1), ("12345678", 12_345_678, 0), ("1.e2", 100, 0), ("00", 0, 0),
    ("0x10", 0, 3), ("1_000", 1, 4),
  ])
  func readsAsFarAsTheNumberGoes(_ text: String, _ value: Double, _ rest: Int) throws {
    let scanned = try #require(scan(text))
    #expect(scanned.value == value && scanned.rest == rest)
  }

  @Test(arguments: ["", "-", ".", "+.", "e5", ".e5", "--1", "+-1", "x", " 1", "nan", "٣"])
  func findsNoNumber(_ text: String) {
    #expect(scan(text) == nil)
  }

  @Test func theDecimalMarkIsTheCallers() throws {
    #expect(scan("1,5", mark: .comma)?.value == 1.5)
    #expect(scan("1,50000000000000000000000", mark: .comma)?.value == 1.5)
    #expect(scan("1.5", mark: .comma)?.rest == 2)
  }

  @Test func zeroKeepsItsSign() {
    #expect(scan("-0.0")?.value.sign == .minus)
    #expect(scan("-0e500")?.value.sign == .minus)
  }
}
