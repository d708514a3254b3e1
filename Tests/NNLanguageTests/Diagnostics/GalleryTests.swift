import Foundation
import Testing

@testable import NNLanguage

/// Wrong programs and exactly what is said about them, in `SyntaxErrors.txt` beside this file.
///
/// An entry is a title behind `###`, the program, a line `---`, and what is printed. After a change that is meant,
/// `NNREPL_RECORD=1 swift test --filter GalleryTests` writes what is printed now; the difference is for reading.
@Suite struct GalleryTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "SyntaxErrors.txt")

  struct Entry: Sendable, CustomTestStringConvertible {
    var title: String
    var program: String
    var rendering: String

    var testDescription: String { title }

    var text: String { "### \(title)\n\(program)\n---\n\(rendering)\n" }
  }

  static let entries: [Entry] = {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "### ").map { part in
      let title = part.prefix { $0 != "\n" }
      let halves = part.dropFirst(title.count + 1).split(
        separator: "\n---\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Entry(
        title: String(title), program: String(halves[0]),
        rendering: halves.count < 2 ? "" : halves[1].trimmingCharacters(in: .newlines))
    }
  }()

  private static func rendering(_ program: String) -> String {
    let outcome = Parser.parse(Source(name: "line.nn", text: program))
    let diagnostics = outcome.errors ?? outcome.incomplete.map { [$0.diagnostic] } ?? []
    return diagnostics.map(\.description).joined().trimmingCharacters(in: .newlines)
  }

  @Test func theGalleryIsLarge() { #expect(Self.entries.count >= 100) }

  @Test(arguments: entries)
  func isSaidExactlySo(entry: Entry) {
    #expect(Self.rendering(entry.program) == entry.rendering)
    #expect(!entry.rendering.isEmpty)
  }

  /// What a correction offers is right: it parses, and so does every program that an editor makes of it.
  @Test(arguments: entries)
  func correctionsParse(entry: Entry) {
    guard let correction = Parser.parse(entry.program).errors?.first?.correction else { return }
    #expect(Parser.parse(correction).errors == nil, "\(correction)")
    #expect(entry.rendering.contains(correction))
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["NNREPL_RECORD"] != nil))
  func record() throws {
    let entries = Self.entries.map {
      Entry(title: $0.title, program: $0.program, rendering: Self.rendering($0.program))
    }
    try entries.map(\.text).joined(separator: "\n").write(to: Self.file, atomically: true, encoding: .utf8)
  }
}
