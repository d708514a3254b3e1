import Foundation
import Testing

@testable import nnrepl

/// Grammar.md lists the commands of the prompt from their table; `NNREPL_RECORD=1` writes the list anew.
struct CommandReferenceTests {
  private static let file = Document.root.appending(path: "Grammar.md")

  @Test func isFresh() throws {
    let document = try String(contentsOf: Self.file, encoding: .utf8)
    let wanted = try #require(
      CommandReference.updating(document), "Grammar.md has lost its marks for commands")
    if document == wanted { return }
    if Document.isRecording {
      try wanted.write(to: Self.file, atomically: true, encoding: .utf8)
    } else {
      Issue.record("the commands in Grammar.md are stale: run Scripts/reference.sh")
    }
  }

  @Test func holdsEveryCommand() throws {
    let document = try String(contentsOf: Self.file, encoding: .utf8)
    for command in PromptCommand.table { #expect(document.contains("- **`\(command.usage)`**: ")) }
  }

  @Test func everyCommandIsExplained() {
    for command in PromptCommand.table {
      #expect(HelpScreen.text(about: command.name, width: 80)?.hasPrefix(command.usage + "\n  ") == true)
      #expect(command.summary.hasSuffix("."))
    }
  }

  @Test(arguments: ["commands", "functions"])
  func listsFitATerminal(_ name: String) throws {
    let lines = try #require(HelpScreen.text(about: name, width: 80)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
  }
}
