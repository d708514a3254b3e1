import Foundation
import NNCore
import Testing

@testable import NNFormats

@Suite struct FileFormatTests {
  @Test(arguments: [
    ("x.csv", FileFormat.csv), ("a/b.c/X.CSV", .csv), ("x.tsv", .tsv), ("x.tab", .tsv), ("x.npy", .npy),
    ("x.npz", .npz),
    ("net.safetensors", .safetensors), ("x.idx", .idx), ("train-images-idx3-ubyte", .idx),
    ("t10k-labels.idx1-ubyte", .idx),
    ("x", nil), ("csv", nil), ("x.csv/y", nil), ("", nil), ("x.", nil), (".csv", .csv), ("x.csv.gz", nil),
    ("x.txt", nil),
  ])
  func theNameTells(_ path: String, _ wanted: FileFormat?) {
    #expect(FileFormat.named(path) == wanted)
  }

  @Test func contentThatAFormatHasNoPlaceFor() throws {
    let matrix = try Matrix.of([[1]])
    let table = try Table([Table.Column("a", .numbers(matrix))])
    let many = FileContent.matrices([NamedMatrix("a", matrix)])
    let wrong: [(FileContent, FileFormat)] = [
      (.table(table), .npy), (.table(table), .npz), (many, .csv), (many, .npy), (.matrix(matrix), .idx),
      (.matrix(matrix), .safetensors), (.tensors([], metadata: []), .csv),
    ]
    for (content, format) in wrong {
      #expect(throws: FormatError.cannotWrite(kind: content.kind, format)) {
        try format.write(content, in: .forTests)
      }
    }
    #expect(
      FormatError.cannotWrite(kind: "a table", .npy).description == "an NPY file has no place for a table")
  }

  @Test func oneMatrixInAnArchiveHasNumPysName() throws {
    let bytes = try FileFormat.npz.write(.matrix(try Matrix.of([[1]])), in: .forTests)
    #expect(try FileFormat.npz.read(bytes, in: .forTests).matrices?.map(\.name) == ["arr_0"])
  }

  // MARK: Limits

  @Test(arguments: [
    "npy/f8-le-C.npy", "npy/f8-le-F.npy", "npz/stored.npz", "safetensors/small.safetensors", "idx/i2.idx",
    "csv/plain.csv",
  ])
  func readingIsInterruptedAndMeetsTheLimit(_ path: String) throws {
    let resources = Resources(limit: 1 << 20)
    resources.cancellation.raise()
    #expect(throws: FormatError.core(.interrupted)) { try Recorded.read(path, in: resources) }
    #expect(resources.used == 0)
    do {
      _ = try Recorded.read(path, in: Resources(limit: 100))
      Issue.record("100 bytes were enough")
    } catch FormatError.core(.outOfMemory) {}
  }

  @Test(arguments: [FileFormat.csv, .tsv, .npy, .npz])
  func writingIsInterruptedAndMeetsTheLimit(_ format: FileFormat) throws {
    let matrix = try Matrix(repeating: 1.0 / 3, Shape(500, 500), in: .forTests)
    let resources = Resources(limit: 1 << 20)
    do {
      _ = try format.write(.matrix(matrix), in: resources)
      Issue.record("a megabyte was enough")
    } catch FormatError.core(.outOfMemory) {}
    resources.cancellation.raise()
    #expect(throws: FormatError.core(.interrupted)) { try format.write(.matrix(matrix), in: resources) }
    #expect(resources.used == 0)
  }

  // MARK: Damaged files

  /// Small files of every format, as their own writers made them.
  private static let victims = [
    "npy/f8-le-C.npy", "npy/i2-be-F.npy", "npz/stored.npz", "npz/compressed.npz",
    "safetensors/small.safetensors",
    "safetensors/bfloat16.safetensors", "idx/i2.idx", "idx/labels-idx1-ubyte", "csv/unicode.csv",
    "csv/crlf.csv",
    "csv/decimal-comma.csv", "csv/tabs.tsv",
  ]

  /// Of a text, its first lines: the rest is more of the same.
  private static func victim(_ path: String) throws -> [UInt8] {
    let bytes = try Recorded.bytes(path)
    return path.hasPrefix("csv") ? Array(bytes.prefix(350)) : bytes
  }

  @Test(arguments: victims)
  func everyTruncationGivesValuesOrAnError(_ path: String) throws {
    let format = try #require(FileFormat.named(path))
    let bytes = try FileFormatTests.victim(path)
    let isText = format == .csv || format == .tsv
    let resources = Resources(limit: 1 << 24)
    for count in 0..<bytes.count {
      let read = try? format.read(Array(bytes[..<count]), in: resources)
      // Half a text can be a text; half of anything else is an error.
      if !isText { #expect(read == nil, "\(count) of \(bytes.count) bytes of \(path)") }
    }
    #expect(resources.used == 0)
  }

  @Test(arguments: victims)
  func everyFlippedByteGivesValuesOrAnError(_ path: String) throws {
    let format = try #require(FileFormat.named(path))
    let bytes = try FileFormatTests.victim(path)
    let resources = Resources(limit: 1 << 24)
    var errors = 0
    for index in bytes.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] ^= mask
        if (try? format.read(damaged, in: resources)) == nil { errors += 1 }
      }
    }
    #expect(errors > 0 && resources.used == 0)
  }

  /// Writes files for `Scripts/record-formats.py check`, when a folder is named for them.
  @Test func filesForOthersToLoad() throws {
    guard let folder = ProcessInfo.processInfo.environment["NNREPL_WRITE_FILES"] else { return }
    let sample = try Matrix.of([[1, -2.5, 3], [0.1, .infinity, -0.0]])
    let table = try Table([
      Table.Column("x", .numbers(try Matrix.of([[0.1], [1e300], [.nan]]))),
      Table.Column("a,b", .text(try TextColumn(["say \"hi\"", "two\nlines", "plain"], in: .forTests))),
      Table.Column("7", .numbers(try Matrix.of([[1], [2], [3]]))),
    ])
    let metadata = [MetadataEntry("layers", "dense(2, 4, tanh)\n\u{1}"), MetadataEntry("é", "\\")]
    let files: [(String, FileContent)] = [
      ("sample.npy", .matrix(sample)), ("sample.csv", .matrix(sample)), ("table.csv", .table(table)),
      ("sample.npz", .matrices([NamedMatrix("W1", sample), NamedMatrix("ŷ", sample)])),
      (
        "sample.safetensors",
        .tensors([NamedMatrix("W1", sample), NamedMatrix("a \"b\"", sample)], metadata: metadata)
      ),
    ]
    for (name, content) in files {
      let bytes = try #require(FileFormat.named(name)).write(content, in: .forTests)
      try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
    }
  }
}
