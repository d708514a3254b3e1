import CZip

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Builds a ZIP archive in memory through libzip: entries stored as they are, dated 1980, so that equal entries
/// give equal bytes.
final class ZipWriter {
  struct Entry {
    let name: String
    let contents: [UInt8]
  }

  /// - Throws: `FormatError.zipLibraryMissing`, or `FormatError.damagedArchive` where libzip gives up.
  static func write(_ entries: [Entry]) throws(FormatError) -> [UInt8] {
    // libzip takes an archive without entries for one to delete.
    if entries.isEmpty { return endOfDirectory }
    let writer = try ZipWriter()
    for entry in entries { try writer.add(entry) }
    return try writer.finish()
  }

  private static let endOfDirectory: [UInt8] = [0x50, 0x4B, 5, 6] + Array(repeating: 0, count: 18)
  // 1 January 1980, the first day there is: years since then · 512 + months · 32 + days.
  private static let date: UInt16 = 1 << 5 | 1

  private let library: nn_zip
  /// What the archive is written into.
  private let source: OpaquePointer
  /// Nil once it is closed.
  private var archive: OpaquePointer?

  private init() throws(FormatError) {
    library = try ZipReader.load()
    var error = zip_error_t()
    guard let source = library.source_buffer_create(nil, 0, 0, &error) else {
      throw .damagedArchive(reason: ZipReader.reason(error))
    }
    self.source = source
    // One reference is the archive's, one is for reading the result.
    library.source_keep(source)
    archive = library.open_from_source(source, ZIP_TRUNCATE, &error)
    if archive == nil {
      library.source_free(source)
      throw .damagedArchive(reason: ZipReader.reason(error))
    }
  }

  deinit {
    if let archive { library.discard(archive) }
    library.source_free(source)
  }

  private func add(_ entry: Entry) throws(FormatError) {
    // libzip reads the contents when the archive is closed, so it gets a copy that it frees by itself.
    let count = entry.contents.count
    guard let copy = malloc(max(count, 1)) else { throw ZipWriter.failure }
    entry.contents.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { copy.copyMemory(from: base, byteCount: count) }
    }
    guard let contents = library.source_buffer(archive, copy, UInt64(count), 1) else {
      free(copy)
      throw ZipWriter.failure
    }
    let index = library.file_add(archive, entry.name, contents, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      library.source_free(contents)
      throw ZipWriter.failure
    }
    let position = UInt64(index)
    guard library.set_file_compression(archive, position, Int32(ZIP_CM_STORE), 0) == 0,
      library.file_set_dostime(archive, position, 0, ZipWriter.date, 0) == 0
    else { throw ZipWriter.failure }
  }

  private func finish() throws(FormatError) -> [UInt8] {
    guard library.close(archive) == 0 else { throw ZipWriter.failure }
    archive = nil
    var status = zip_stat_t()
    guard library.source_stat(source, &status) == 0, library.source_open(source) == 0 else {
      throw ZipWriter.failure
    }
    defer { _ = library.source_close(source) }
    let size = Int(status.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = max(0, Int(library.source_read(source, buffer.baseAddress, UInt64(size))))
    }
    guard bytes.count == size else { throw ZipWriter.failure }
    return bytes
  }

  private static let failure = FormatError.damagedArchive(reason: "libzip could not write it")
}
