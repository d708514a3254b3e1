import Foundation
import NNLanguage
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
      case .session: results.append((block, try Replay().session(text)))
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
struct Replay {
  /// Reads files of the project, so that examples can name them.
  private final class ProjectHost: MemoryHost {
    override func readFile(_ path: String) throws(HostError) -> [UInt8] {
      guard let data = try? Data(contentsOf: Document.root.appending(path: path)) else {
        throw HostError("there is no such file")
      }
      return Array(data)
    }
  }

  private let host = ProjectHost()

  /// The transcript of a session at the prompt with the same inputs.
  func session(_ transcript: String) throws -> String {
    let interpreter = try Interpreter(host: host)
    var number = 0
    for entry in Self.entries(of: transcript) {
      number += 1
      host.output += entry.shown
      do throws(Diagnostic) {
        try interpreter.run(Source(name: "<prompt:\(number)>", text: entry.text), isInteractive: true)
      } catch {
        host.output += DiagnosticRenderer().render(error)
      }
    }
    return host.output
  }

  /// What was typed: as it stands in the transcript, and without prompts.
  private static func entries(of transcript: String) -> [(shown: String, text: String)] {
    var entries: [(shown: String, text: String)] = []
    for line in transcript.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("nn>") {
        entries.append(("\(line)\n", String(line.dropFirst(4))))
      } else if line.hasPrefix("..>"), let last = entries.indices.last {
        entries[last].shown += "\(line)\n"
        entries[last].text += "\n" + line.dropFirst(4)
      }
    }
    return entries
  }

  /// The same for lines of a shell that begin with `$ nnrepl`.
  static func console(_ transcript: String) throws -> String {
    var text = ""
    for line in transcript.split(separator: "\n") where line.hasPrefix("$ ") {
      text += line + "\n"
      guard line.hasPrefix("$ nnrepl") else { continue }
      let run = try CommandRun.shell("cd '\(Document.root.path())'\n\(line.dropFirst(2)) 2>&1")
      text += run.output
    }
    return text
  }
}
