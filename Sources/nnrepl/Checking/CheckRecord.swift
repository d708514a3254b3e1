import NNLanguage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One line of `nnrepl check --json`: a gradient line that was judged, or a file that failed.
struct CheckRecord: Encodable {
  struct Finding: Encodable {
    let mistake: String
    let sentence: String
  }

  let file: String
  /// The variable whose gradient the line is to be.
  var cost: String?
  var line: Int?
  var gradient: String?
  var text: String?
  /// "right", "wrong" or "undecided".
  var verdict: String?
  var mistakes: [Finding]?
  var corrected: String?
  var because: String?
  var notes: [String]?
  /// What is wrong with the cost's own line.
  var finding: String?
  var error: String?

  init(_ checked: CheckedLine, of cost: String, in file: String, hint: Int) {
    self.file = file
    self.cost = cost
    line = checked.line
    gradient = checked.gradient
    text = checked.text
    verdict = checked.verdict.rawValue
    if hint >= 2 {
      mistakes = checked.mistakes.map { Finding(mistake: $0.kind.rawValue, sentence: $0.sentence) }
      notes = checked.notes
    }
    if hint >= 3 { corrected = checked.correction }
    if hint >= 4 { because = checked.reason }
  }

  init(finding: String, _ file: String) {
    self.file = file
    self.finding = finding
  }

  init(_ diagnostic: Diagnostic, _ file: String) {
    self.file = file
    error = diagnostic.message
    if let source = diagnostic.source { line = source.line(of: diagnostic.range.start) }
  }

  /// The record as text, with a newline.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
