import Foundation
import NNLanguage
import Testing

/// Every lesson and every example runs, asserts what it says, and shows something.
@Suite struct ScriptTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let scripts: [String] = ["Scripts/lessons", "Scripts/examples"].flatMap { folder in
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
    return names.filter { $0.hasSuffix(".nn") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Reads files below the repository's folder, as scripts run from there do.
  private final class RepositoryHost: NNLanguage.Host {
    var output = ""
    func write(_ text: String) { output += text }
    func readFile(_ path: String) throws(HostError) -> [UInt8] {
      guard
        let data = FileManager.default.contents(atPath: ScriptTests.root.appendingPathComponent(path).path)
      else {
        throw HostError("there is no such file")
      }
      return [UInt8](data)
    }
    func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
      throw HostError("nothing is written here")
    }
    func clock() -> Double { 0 }
    func entropy() -> UInt32 { 0 }
  }

  @Test func areThere() { #expect(Self.scripts.count >= 11) }

  @Test(arguments: scripts)
  func runs(_ path: String) throws {
    let host = RepositoryHost()
    let interpreter = try Interpreter(host: host)
    let bytes = try host.readFile(path)
    do { try interpreter.run(Source(name: path, bytes: bytes)) } catch {
      let line = error.source.map { $0.line(of: error.range.start) } ?? 0
      Issue.record("\(path):\(line): \(error.message)")
    }
    #expect(!host.output.isEmpty)
  }
}
