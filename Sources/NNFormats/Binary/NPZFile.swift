import NNCore

/// NumPy's archive of several arrays: a ZIP file with one `.npy` for each.
enum NPZFile {
  /// The arrays in the archive's order, named without their `.npy`. What is wrong with one does not keep the others
  /// from being read.
  ///
  /// What an archive claims about its sizes is checked before anything is allocated: an entry can be no larger
  /// than deflate can make of its compressed bytes, all compressed bytes together no larger than the file.
  /// - Throws: what is wrong with the archive as a whole, or with its first entry where none can be read.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, in resources: Resources
  ) throws(FormatError) -> FileContent {
    let archive = try ZipReader(bytes)
    var matrices: [NamedMatrix] = []
    var others: [UnreadableMember] = []
    var names: Set<String> = []
    for entry in try archive.entries() {
      let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
      if !names.insert(name).inserted { throw .duplicateKey(name) }
      do {
        matrices.append(NamedMatrix(name, try matrix(entry, named: name, in: archive, resources)))
      } catch .core(let error) {
        throw .core(error)
      } catch {
        others.append(UnreadableMember(name, error))
      }
    }
    if let first = others.first, matrices.isEmpty { throw first.error }
    return others.isEmpty ? .matrices(matrices) : .readable(matrices, others: others)
  }

  private static func matrix(
    _ entry: ZipReader.Entry, named name: String, in archive: ZipReader, _ resources: Resources
  ) throws(FormatError) -> Matrix {
    if let reason = entry.unsupported { throw .unsupportedEntry(name: entry.name, reason: reason) }
    try core { () throws(CoreError) in try resources.reserve(entry.size) }
    defer { resources.release(entry.size) }
    let data = try archive.contents(of: entry, resources)
    do {
      return try data.withUnsafeBufferPointer { (bytes) throws(FormatError) in
        try NPYFile.read(UnsafeRawBufferPointer(bytes), in: resources)
      }
    } catch .core(let error) {
      throw .core(error)
    } catch {
      throw .inside(name: name, error)
    }
  }

  /// Stored, not compressed, as NumPy's `savez` does; the same matrices always give the same bytes.
  static func write(_ matrices: [NamedMatrix], in resources: Resources) throws(FormatError) -> [UInt8] {
    var names: Set<String> = []
    var entries: [ZipWriter.Entry] = []
    // At the end there are three of each: the entry, libzip's copy and the archive.
    try resources.checkRoom(for: 3 * matrices.reduce(0) { $0 + 8 * $1.matrix.count })
    for matrix in matrices {
      if matrix.name.isEmpty || matrix.name.utf8.contains(0) { throw .badName(matrix.name) }
      if !names.insert(matrix.name).inserted { throw .duplicateKey(matrix.name) }
      let contents = try NPYFile.write(matrix.matrix, in: resources)
      entries.append(ZipWriter.Entry(name: matrix.name + ".npy", contents: contents))
    }
    return try ZipWriter.write(entries)
  }
}
