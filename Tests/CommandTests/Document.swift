import Testing
import Foundation
import NNLanguage

/// A Markdown file of the project whose examples are run.
///
/// - A block marked `nn` whose lines begin with `nn>` is a session at the prompt, with what it shows; any other is a
///   script, and a block marked `output` right behind it is what it prints.
/// - In a block marked `console`, what follows a line `$ nnrepl …` is what the command prints.
struct Document: CustomTestStringConvertible {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  let name: String
  private(set) var lines: [String]

  init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOf: Self.root.appending(path: name), encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var testDescription: String { name }

  /// The files with examples, those in `Documentation` among them.
  static var names: [String] {
    let folder = root.appending(path: "Documentation")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return ["README.md", "CONTRIBUTING.md"]
      + files.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/" + $0 }
  }

  // MARK: blocks

  struct Block {
    enum Kind { case session, script, output, console }

    var kind: Kind
    /// The lines between the fences.
    var range: Range<Int>
  }

  /// The blocks that are run, in order.
  var blocks: [Block] {
    var blocks: [Block] = []
    var start: Int?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let opening = start {
        if let kind = kind(of: lines[opening], opening + 1..<index) {
          blocks.append(Block(kind: kind, range: opening + 1..<index))
        }
        start = nil
      } else {
        start = index
      }
    }
    return blocks
  }

  private func kind(of fence: String, _ range: Range<Int>) -> Block.Kind? {
    switch fence.dropFirst(3) {
    case "nn": lines[range].contains { $0.hasPrefix("nn>") } ? .session : .script
    case "output": .output
    case "console": .console
    default: nil
    }
  }

  func text(_ block: Block) -> String { lines[block.range].map { $0 + "\n" }.joined() }

  // MARK: recording

  /// Whether the documents are to be brought up to date instead of compared.
  static var isRecording: Bool { ProcessInfo.processInfo.environment["NNREPL_RECORD"] != nil }

  /// Writes the document with other texts in its blocks.
  func record(_ texts: [(block: Block, text: String)]) throws {
    var document = self
    for (block, text) in texts.sorted(by: { $0.block.range.lowerBound > $1.block.range.lowerBound }) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
      document.lines.replaceSubrange(block.range, with: lines)
    }
    let text = document.lines.joined(separator: "\n")
    try text.write(to: Self.root.appending(path: name), atomically: true, encoding: .utf8)
  }
}
