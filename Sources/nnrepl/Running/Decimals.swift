/// Numbers with a fixed count of decimals.
enum Decimals {
  static func text(_ number: Double, _ count: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "\(number)" }
    let scale = (0..<count).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((abs(number) * scale).rounded())
    let sign = number < 0 && scaled != 0 ? "-" : ""
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(scale))
    if count == 0 { return "\(sign)\(whole)" }
    let digits = "\(rest)"
    return "\(sign)\(whole)." + String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
