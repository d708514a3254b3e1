import CNumerics
import NNCore

/// Numbers in the notations of C, correctly rounded to any count of digits.
enum CNumberText {
  enum Notation: UnicodeScalar {
    case fixed = "f"
    case scientific = "e"
    /// `digits` counts all significant digits; trailing zeros are dropped.
    case general = "g"

    fileprivate var letter: CChar { CChar(truncatingIfNeeded: rawValue.value) }
  }

  /// - Parameters:
  ///   - value: finite.
  ///   - digits: after the decimal point, except for `general`.
  static func text(_ value: Scalar, _ notation: Notation, digits: Int) -> String {
    var bytes = [CChar](repeating: 0, count: 32)
    var count = print(value, notation, digits, into: &bytes)
    if count >= bytes.count {
      bytes = [CChar](repeating: 0, count: count + 1)
      count = print(value, notation, digits, into: &bytes)
    }
    return withPoint(bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) })
  }

  private static func print(
    _ value: Scalar, _ notation: Notation, _ digits: Int, into bytes: inout [CChar]
  ) -> Int {
    Int(nn_print_number(&bytes, bytes.count, notation.letter, CInt(clamping: digits), value))
  }

  /// A host may have set a locale whose decimal mark is another, even of several bytes: whatever is no digit,
  /// sign or `e` becomes one point.
  static func withPoint(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"):
        result.append(byte)
      default:
        if result.last != UInt8(ascii: ".") { result.append(UInt8(ascii: ".")) }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
