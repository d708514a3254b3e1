import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The editor in a program on a terminal, as a person meets it. One at a time: the machine may be small, and time
/// limits are for failures.
@Suite(.serialized, .timeLimit(.minutes(2)))
enum TerminalTests {}

/// The demonstration program at its prompt.
func demo(
  _ arguments: String..., environment: [String: String?] = [:], rows: Int = 24, columns: Int = 80
) throws -> TerminalSession {
  let environment: [String: String?] = ["NNREPL_HISTORY": "off"].merging(environment) { $1 }
  let session = try TerminalSession(
    builtProduct("EditingDemo"), arguments, environment: environment, rows: rows, columns: columns)
  try session.expectRow("nn>")
  return session
}

/// How often to repeat what looks for races and rare states: `usual`, or as often as STRESS says.
func repetitions(_ usual: Int) -> Range<Int> {
  0..<(getenv("STRESS").flatMap { Int(String(cString: $0)) } ?? usual)
}

/// The keys of a terminal that send more than a character.
enum Key {
  static let up = "\u{1B}[A"
  static let down = "\u{1B}[B"
  static let right = "\u{1B}[C"
  static let left = "\u{1B}[D"
  static let home = "\u{1B}[H"
  static let end = "\u{1B}[F"
  static let delete = "\u{1B}[3~"
  static let backspace = "\u{7F}"
  static let wordLeft = "\u{1B}[1;5D"
  static let wordRight = "\u{1B}[1;5C"
  static let altEnter = "\u{1B}\r"
  static let escape = "\u{1B}"
  static let tab = "\t"

  static func control(_ letter: Character) -> String {
    letter.asciiValue.flatMap { Unicode.Scalar(UInt32($0 & 0x1F)) }.map { String($0) } ?? ""
  }
}

/// Repeatable choices.
struct SmallRandom {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}
