import Foundation
import TerminalSupport
import Testing

/// Every example in the project's documents runs, and shows what the document says.
///
/// After a change that is meant, `NNREPL_RECORD=1 Scripts/test.sh --filter DocumentationTests` writes them anew.
@Suite(.serialized)
struct DocumentationTests {
  @Test(arguments: Document.names)
  func examplesShowWhatTheDocumentSays(_ name: String) throws {
    let document = try Document(name)
    let results = try results(of: document)
    if Document.isRecording { return try document.record(results) }
    for (block, text) in results {
      #expect(text == document.text(block), "\(name):\(block.range.lowerBound + 1)")
    }
  }

  @Test func theReadmeShowsASession() throws {
    #expect(try Document("README.md").blocks.contains { $0.kind == .session })
  }

  /// The text that each block would have if it were written now.
  private func results(of document: Document) throws -> [(block: Document.Block, text: String)] {
    var results: [(block: Document.Block, text: String)] = []
    var printed = ""
    for block in document.blocks {
      let text = document.text(block)
      switch block.kind {
      case .session: results.append((block, try Replay.session(text)))
      case .console: results.append((block, try Replay.console(text)))
      case .output: results.append((block, printed))
      case .script:
        let run = try CommandRun.nnrepl(input: text)
        #expect(run.status == 0, "\(document.name):\(block.range.lowerBound + 1): \(run.errors)")
        printed = run.output
      }
    }
    return results
  }
}

/// Runs the inputs of a transcript again.
enum Replay {
  /// The transcript of a session with the same inputs, as it stands on a terminal: typed at the program's prompt, in
  /// the project's folder, so that examples can name its files.
  static func session(_ transcript: String) throws -> String {
    let command = "cd '\(Document.root.path())' && exec '\(builtProduct("nnrepl"))' -q --no-init"
    let session = try TerminalSession(
      "/bin/sh", ["-c", command], environment: ["NO_COLOR": "1", "NNREPL_HISTORY": "off"], rows: 500)
    try session.expectRow("nn>")
    for entry in entries(of: transcript) {
      for line in entry.dropLast() {
        session.sendLine(line)
        try session.expectRow("..>")
      }
      try session.enter(entry.last ?? "")
    }
    return String(session.screen.text.dropLast("nn>".count))
  }

  /// The lines that were typed for each entry, without prompts.
  private static func entries(of transcript: String) -> [[String]] {
    var entries: [[String]] = []
    for line in transcript.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = String(line.dropFirst(4))
      if line.hasPrefix("nn>") { entries.append([text]) }
      if line.hasPrefix("..>"), !entries.isEmpty { entries[entries.count - 1].append(text) }
    }
    return entries
  }

  /// The same for lines of a shell that begin with `$ nnrepl`.
  static func console(_ transcript: String) throws -> String {
    var text = ""
    for line in transcript.split(separator: "\n") where line.hasPrefix("$ ") {
      text += line + "\n"
      guard line.contains("nnrepl") else { continue }
      let run = try CommandRun.shell("cd '\(Document.root.path())'\n\(line.dropFirst(2)) 2>&1")
      text += run.output
    }
    return text
  }
}
