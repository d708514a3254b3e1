/// What a cell of text means as a number.
enum NumberText {
  /// The number that the bytes spell as a whole: digits, `inf`, or one of the usual spellings of a missing
  /// value, which is nan. Nil where they are text.
  static func value(_ cell: UnsafeBufferPointer<UInt8>, mark: UInt8 = .point) -> Double? {
    guard let start = cell.baseAddress, cell.count > 0 else { return .nan }
    var p = start
    let end = start + cell.count
    if let value = NumberScanner.scan(&p, end, mark: mark), p == end { return value }
    return word(cell)
  }

  /// Whether `text` would be read as a number or as missing.
  static func isNumberOrMissing(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { value($0) } != nil
  }

  /// Whether the bytes stand for a missing value.
  static func isMissing(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    value(cell)?.isNaN ?? false
  }

  private static func word(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    var letters = cell[...]
    let isNegative = letters.first == .minus
    if isNegative || letters.first == .plus { letters = letters.dropFirst() }
    guard letters.count <= 8 else { return nil }
    // Sets letters to lower case; of the other bytes from 64 up, none becomes a letter.
    let lower = letters.map { $0 < 0x40 ? $0 : $0 | 0x20 }
    if infinities.contains(lower) { return isNegative ? -.infinity : .infinity }
    if lower == nan { return .nan }
    return letters.count == cell.count && missing.contains(lower) ? .nan : nil
  }

  private static let nan = Array("nan".utf8)
  private static let infinities = ["inf", "infinity"].map { Array($0.utf8) }
  private static let missing = ["na", "n/a", "null", "none"].map { Array($0.utf8) }
}
