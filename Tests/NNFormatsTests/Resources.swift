import Foundation
import NNCore
import Testing

@testable import NNFormats

/// The recorded files.
enum Recorded {
  static let root = Bundle.module.bundleURL.appendingPathComponent("Resources")

  static func bytes(_ path: String) throws -> [UInt8] {
    let url = root.appendingPathComponent(path)
    return Array(try Data(contentsOf: url))
  }

  static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// The names of the files in a folder, sorted.
  static func names(in folder: String) throws -> [String] {
    let url = root.appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  static func read(_ path: String, in resources: Resources = .forTests) throws -> FileContent {
    let format = try #require(FileFormat.named(path))
    return try format.read(try bytes(path), in: resources)
  }

  /// An array that NumPy saved.
  static func array(_ path: String) throws -> Matrix { try #require(try read(path).matrix) }
}

extension Resources {
  static var forTests: Resources { Resources(limit: 1 << 28) }
}

extension FileContent {
  var matrix: Matrix? { if case .matrix(let matrix) = self { matrix } else { nil } }
  var table: Table? { if case .table(let table) = self { table } else { nil } }
  var matrices: [NamedMatrix]? { if case .matrices(let matrices) = self { matrices } else { nil } }

  var tensors: [NamedMatrix]? {
    if case .tensors(let tensors, _) = self { tensors } else { nil }
  }

  var metadata: [MetadataEntry]? {
    if case .tensors(_, let metadata) = self { metadata } else { nil }
  }
}

extension Matrix {
  static func of(_ rows: [[Scalar]]) throws -> Matrix {
    try Matrix(rows: rows.count, columns: rows.first?.count ?? 0, rows.flatMap { $0 }, in: .forTests)
  }

  /// Same shape and same bits, except that any nan is like any other.
  func isSame(as other: Matrix) -> Bool {
    shape == other.shape
      && zip(buffer, other.buffer).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
  }
}

extension Table {
  func numbers(_ name: String) -> [Scalar]? {
    if case .numbers(let matrix)? = self[name] { matrix.elements } else { nil }
  }

  func text(_ name: String) -> [String]? {
    if case .text(let text)? = self[name] { text.values } else { nil }
  }

  /// The columns that are numbers, side by side.
  func numericPart(in resources: Resources = .forTests) throws -> Matrix {
    let numeric = columns.filter { if case .numbers = $0.values { true } else { false } }
    return try Table(numeric).matrix(in: resources)
  }
}

/// What reading gives or throws, in one word or in the error's own sentence.
func outcome(_ bytes: [UInt8], _ format: FileFormat, limit: Int = 1 << 26) -> String {
  do {
    switch try format.read(bytes, in: Resources(limit: limit)) {
    case .matrix(let matrix): return "\(matrix.rows)×\(matrix.columns)"
    case .table(let table): return "table \(table.rowCount)×\(table.columns.count)"
    case .matrices(let matrices): return "\(matrices.count) matrices"
    case .readable(let matrices, let others): return "\(matrices.count) matrices, \(others.count) others"
    case .tensors(let tensors, _): return "\(tensors.count) tensors"
    }
  } catch {
    return error.description
  }
}

/// The error that reading throws.
func readingError(_ text: String, _ format: FileFormat = .csv) -> FormatError? {
  do {
    _ = try format.read(Array(text.utf8), in: .forTests)
    return nil
  } catch {
    return error
  }
}
