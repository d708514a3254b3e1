import NNCore

/// A kind of file that nnrepl reads or writes.
package enum FileFormat: String, CaseIterable, Sendable {
  case csv
  case tsv
  case npy
  case npz
  case safetensors
  case idx

  /// The format that the name of a file tells: by its extension, and for IDX by MNIST's usual names too
  /// (`train-images-idx3-ubyte`).
  package static func named(_ path: String) -> FileFormat? {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    guard let dot = name.lastIndex(of: ".") else { return isMNIST(name) ? .idx : nil }
    let ending = String(name[name.index(after: dot)...])
    if ending == "tab" { return .tsv }
    return FileFormat(rawValue: ending) ?? (isMNIST(name) ? .idx : nil)
  }

  private static func isMNIST(_ name: String) -> Bool {
    ["idx1-ubyte", "idx2-ubyte", "idx3-ubyte"].contains { name.hasSuffix($0) }
  }

  /// How names of such files end.
  package var ending: String { "." + rawValue }

  /// Whether such files are written, or only read.
  package var isWritten: Bool { self != .idx }

  /// What the bytes of a whole file hold.
  ///
  /// Sizes are checked against the bytes there are before anything is allocated.
  /// - Throws: `FormatError` saying where and why; `.core` for memory and interruption.
  package func read(_ bytes: [UInt8], in resources: Resources) throws(FormatError) -> FileContent {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) -> FileContent in
      try read(bytes, in: resources)
    }
  }

  /// The same for bytes that the caller holds, which must stay as they are during the call.
  package func read(
    _ bytes: UnsafeBufferPointer<UInt8>, in resources: Resources
  ) throws(FormatError) -> FileContent {
    if bytes.isEmpty { throw .empty }
    return switch self {
    case .csv: try CSVReader.read(bytes, delimiter: nil, in: resources)
    case .tsv: try CSVReader.read(bytes, delimiter: .tab, in: resources)
    case .npy: .matrix(try NPYFile.read(UnsafeRawBufferPointer(bytes), in: resources))
    case .npz: try NPZFile.read(bytes, in: resources)
    case .safetensors: try SafetensorsFile.read(UnsafeRawBufferPointer(bytes), in: resources)
    case .idx: .matrix(try IDXFile.read(UnsafeRawBufferPointer(bytes), in: resources))
    }
  }

  /// The bytes of a whole file with this content; numbers are kept exactly.
  ///
  /// - Throws: `FormatError.cannotWrite` where the format has no place for this kind of content; `.core` for
  ///   memory and interruption.
  package func write(_ content: FileContent, in resources: Resources) throws(FormatError) -> [UInt8] {
    switch (self, content) {
    case (.csv, .table(let table)): return try CSVWriter(.comma, resources).write(table)
    case (.tsv, .table(let table)): return try CSVWriter(.tab, resources).write(table)
    case (.csv, .matrix(let matrix)): return try CSVWriter(.comma, resources).write(matrix)
    case (.tsv, .matrix(let matrix)): return try CSVWriter(.tab, resources).write(matrix)
    case (.npy, .matrix(let matrix)): return try NPYFile.write(matrix, in: resources)
    case (.npz, .matrix(let matrix)): return try NPZFile.write([NamedMatrix("arr_0", matrix)], in: resources)
    case (.npz, .matrices(let matrices)): return try NPZFile.write(matrices, in: resources)
    case (.safetensors, .matrices(let matrices)):
      return try SafetensorsFile.write(matrices, metadata: [], in: resources)
    case (.safetensors, .tensors(let tensors, let metadata)):
      return try SafetensorsFile.write(tensors, metadata: metadata, in: resources)
    default: throw .cannotWrite(kind: content.kind, self)
    }
  }
}
