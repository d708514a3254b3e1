import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// The costs of every lesson and example that computes gradients, explained and run.
@Suite struct ScriptExplanationTests {
  static let scripts = ScriptTests.scripts.filter { path in
    (try? String(contentsOf: ScriptTests.root.appendingPathComponent(path), encoding: .utf8))?.contains(
      "backward(")
      ?? false
  }

  @Test func areThere() { #expect(Self.scripts.count >= 4) }

  @Test(arguments: scripts)
  func linesGiveTheBitsOfBackward(path: String) throws {
    let first = try Run(path)
    #expect(!first.costs.isEmpty)
    let second = try Run(path)
    for cost in first.costs {
      try first.interpreter.run("forward(\(cost))\nexplain(\(cost), \"lines.nn\")\nbackward(\(cost))")
      let lines = String(decoding: first.host.written["lines.nn"] ?? [], as: UTF8.self)
      try second.interpreter.run("forward(\(cost))\n" + lines)
      let names = try first.interpreter.explanation(of: cost).backward.filter { $0.role == .gradient }.map(
        \.name)
      #expect(!names.isEmpty)
      for name in names {
        let (a, b) = (try first.interpreter.evaluate(name), try second.interpreter.evaluate(name))
        #expect(ExplainedLines.areSame(a, b), "\(path): \(name) of \(cost)\n\(lines)")
      }
    }
  }

  /// A script that has run.
  private struct Run {
    final class ScriptHost: MemoryHost {
      var written: [String: [UInt8]] = [:]
      override func readFile(_ path: String) throws(HostError) -> [UInt8] {
        let url = ScriptTests.root.appendingPathComponent(path)
        guard let data = FileManager.default.contents(atPath: url.path) else {
          throw HostError("there is no such file")
        }
        return Array(data)
      }
      override func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) { written[path] = bytes }
    }

    let host = ScriptHost()
    let interpreter: Interpreter
    let costs: [String]

    init(_ path: String) throws {
      interpreter = try Interpreter(host: host)
      let bytes = try host.readFile(path)
      try interpreter.run(Source(name: path, bytes: bytes))
      let text = String(decoding: bytes, as: UTF8.self)
      var names: [String] = []
      for part in text.components(separatedBy: "backward(").dropFirst() {
        let name = String(part.prefix { $0 != ")" })
        if !names.contains(name) { names.append(name) }
      }
      let known = interpreter
      costs = names.filter { known.role(of: $0) != .param && (try? known.explanation(of: $0)) != nil }
    }
  }
}
