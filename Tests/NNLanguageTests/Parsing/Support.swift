@testable import NNLanguage

/// A source in which `«` and `»` mark what a test is about; the marks themselves are no part of the text.
struct MarkedSource {
  let source: Source
  /// The marked stretches, in the order of their beginnings.
  let ranges: [SourceRange]

  init(_ marked: String) {
    var bytes: [UInt8] = []
    var open: [Int32] = []
    var found: [SourceRange] = []
    for character in marked.unicodeScalars {
      switch character {
      case "«": open.append(Int32(bytes.count))
      case "»": found.append(SourceRange(open.removeLast(), Int32(bytes.count)))
      default: bytes.append(contentsOf: Array(String(character).utf8))
      }
    }
    source = Source(name: "test.nn", bytes: bytes)
    ranges = found.sorted { ($0.start, -$0.end) < ($1.start, -$1.end) }
  }
}

extension Parser {
  static func parse(_ text: String) -> ParseOutcome { parse(Source(name: "test.nn", text: text)) }
}

extension ParseOutcome {
  /// The errors of a text that is wrong; nil for one that is right or a right beginning.
  var errors: [Diagnostic]? {
    if case .failed(let diagnostics) = self { diagnostics } else { nil }
  }

  var isComplete: Bool {
    if case .complete = self { true } else { false }
  }

  var incomplete: Incomplete? {
    if case .incomplete(let incomplete) = self { incomplete } else { nil }
  }
}

/// A program's tree written with every bracket, or the reason that there is none.
func shape(_ program: String) -> String {
  switch Parser.parse(program) {
  case .complete(let tree): tree.children(tree.root).map { tree.shape($0) }.joined(separator: " | ")
  case .incomplete(let incomplete): "incomplete: \(incomplete.diagnostic.message)"
  case .failed(let diagnostics): "failed: \(diagnostics[0].message)"
  }
}

extension SyntaxTree {
  /// `(* W (+ a b))`: what the node holds, and what its children hold.
  func shape(_ node: NodeID) -> String {
    let parts = children(node).map { shape($0) }
    let head = head(node)
    return parts.isEmpty ? head : "(" + ([head] + parts).joined(separator: " ") + ")"
  }

  private func head(_ node: NodeID) -> String {
    switch kind(node) {
    case .number:
      switch expression(node) {
      case .number(let value): value.sourceText
      default: "?"
      }
    case .string: printed(node)
    case .name: name(nameID(node) ?? NameID(0))
    case .unary:
      switch expression(node) {
      case .unary(let operation, _): "u" + operation.spelling
      default: "?"
      }
    case .binary:
      switch expression(node) {
      case .binary(let operation, _, _): operation.spelling
      default: "?"
      }
    case .transpose: "'"
    case .range: ":"
    case .matrix: "matrix"
    case .matrixRow: "row"
    case .colon: "all"
    case .slot: "slot" + slot(node).format.sourceText
    case .compoundAssign:
      switch statement(node) {
      case .compoundAssign(let operation, _, _): operation.spelling + "="
      default: "?"
      }
    case .assign: "="
    case .expression: "show"
    default: "\(kind(node))" + (nameID(node).map { "-" + name($0) } ?? "")
    }
  }
}

/// Numbers that look random and are the same in every run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func roll(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }
}
