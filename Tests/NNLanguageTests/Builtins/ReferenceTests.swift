import Testing

@testable import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Grammar.md's second half is made of the rows; `NNREPL_RECORD=1` writes it anew.
@Suite struct ReferenceTests {
  static let path = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/Grammar.md"

  @Test func isFresh() throws {
    let document = try #require(read(Self.path))
    let wanted = try #require(Reference.updating(document), "Grammar.md has lost its reference marks")
    if document == wanted { return }
    if getenv("NNREPL_RECORD") != nil {
      write(wanted, to: Self.path)
    } else {
      Issue.record("the reference in Grammar.md is stale: run Scripts/reference.sh")
    }
  }

  @Test func holdsEveryEntry() throws {
    let document = try #require(read(Self.path))
    for entry in Help.entries {
      #expect(document.contains("`\(entry.signatures[0])`"), "\(entry.name)")
      #expect(document.contains("nn> \(entry.example)"), "\(entry.name)")
    }
    #expect(!document.contains("error: "))
  }

  @Test func needsItsMarks() {
    #expect(Reference.updating("no marks") == nil)
    #expect(Reference.updating("<!-- /reference --><!-- reference -->") == nil)
    let text = Reference.updating("a<!-- reference -->zzstale<!-- /reference -->b")
    #expect(
      text?.hasPrefix("a<!-- reference -->\n\n### ") == true
        && text?.hasSuffix("<!-- /reference -->b") == true)
    #expect(text?.contains("zzstale") == false)
  }

  private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  private func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}
