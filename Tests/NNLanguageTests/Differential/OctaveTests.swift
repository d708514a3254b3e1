import NNCore
import Testing

@testable import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Expressions of the subset that GNU Octave shares, against what it answered: `Scripts/record-octave.py` records.
@Suite struct OctaveTests {
  @Test func everyRecordedExpressionAgrees() throws {
    let lines = try Self.recorded()
    let interpreter = try Interpreter(host: MemoryHost())
    var count = 0
    for line in lines {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count >= 3 else {
        try interpreter.run(line)
        continue
      }
      count += 1
      let numbers = (parts.count > 3 ? parts[3] : "").split(separator: " ").map { strtod(String($0), nil) }
      check(parts[0], Shape(Int(parts[1]) ?? -1, Int(parts[2]) ?? -1), numbers, interpreter)
    }
    #expect(count >= 300)
  }

  private func check(_ expression: String, _ shape: Shape, _ wanted: [Double], _ interpreter: Interpreter) {
    do {
      let value = try interpreter.evaluate(expression)
      let matrix: [Double]
      if case .matrix(let m) = value { matrix = m.elements } else { matrix = [value.number ?? .nan] }
      #expect(value.shape == shape, "\(expression)")
      guard matrix.count == wanted.count else { return }
      for (ours, theirs) in zip(matrix, wanted) {
        let isClose =
          ours == theirs || (ours.isNaN && theirs.isNaN) || abs(ours - theirs) <= 1e-12 * max(1, abs(theirs))
        #expect(isClose, "\(expression): \(ours), and Octave says \(theirs)")
      }
    } catch {
      Issue.record("\(expression): \(error.message)")
    }
  }

  private static func recorded() throws -> [String] {
    let path = #filePath.replacing("OctaveTests.swift", with: "octave.tsv")
    guard let file = fopen(path, "r") else { throw HostError("octave.tsv is missing") }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { text += buffer[..<count] }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
