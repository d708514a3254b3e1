import CZip
import NNCore

/// A ZIP archive in memory, open for reading through libzip.
final class ZipReader {
  struct Entry {
    let index: UInt64
    let name: String
    /// Bytes after and before unpacking.
    let size: Int
    let compressedSize: Int
    /// Why it is no array that can be read, completing "entry x …"; nil for one that may be.
    let unsupported: String?
  }

  private let library: nn_zip
  private let handle: OpaquePointer
  private let byteCount: Int

  /// - Parameter bytes: must stay as they are while the archive is open.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(FormatError) {
    library = try ZipReader.load()
    byteCount = bytes.count
    guard bytes.starts(with: [0x50, 0x4B]) else { throw .wrongSignature(.npz) }
    var error = zip_error_t()
    guard let source = library.source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, &error) else {
      throw .damagedArchive(reason: ZipReader.reason(error))
    }
    var handle = library.open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
    // Two entries of one name: opened less strictly, the archive tells which.
    if handle == nil, error.zip_err == ZIP_ER_EXISTS {
      handle = library.open_from_source(source, ZIP_RDONLY, &error)
    }
    guard let handle else {
      library.source_free(source)
      throw .damagedArchive(reason: ZipReader.reason(error))
    }
    self.handle = handle
  }

  deinit { library.discard(handle) }

  static func load() throws(FormatError) -> nn_zip {
    guard let library = nn_zip_library() else { throw .zipLibraryMissing }
    return library.pointee
  }

  /// All entries, their sizes found believable.
  func entries() throws(FormatError) -> [Entry] {
    var entries: [Entry] = []
    var compressed = 0
    for index in 0..<UInt64(max(0, library.get_num_entries(handle, 0))) {
      let entry = try entry(index)
      compressed += entry.compressedSize
      if compressed > byteCount { throw .damagedArchive(reason: "its entries are larger than the file") }
      entries.append(entry)
    }
    return entries
  }

  private func entry(_ index: UInt64) throws(FormatError) -> Entry {
    var status = zip_stat_t()
    let needed = UInt64(ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD)
    guard library.stat_index(handle, index, 0, &status) == 0, status.valid & needed == needed else {
      throw .damagedArchive(reason: "entry \(index + 1) cannot be read")
    }
    let name = String(cString: status.name)
    guard let size = Int(exactly: status.size), let compressedSize = Int(exactly: status.comp_size),
      compressedSize <= byteCount
    else { throw .sizeOverflow }
    let isStored = status.comp_method == ZIP_CM_STORE
    guard name.hasSuffix(".npy"), isStored || status.comp_method == ZIP_CM_DEFLATE else {
      let reason =
        name.hasSuffix(".npy")
        ? "is compressed by method \(status.comp_method), not deflate" : "is not an .npy file"
      return Entry(
        index: index, name: name, size: size, compressedSize: compressedSize, unsupported: reason)
    }
    // Deflate spends a bit on at most 258 bytes, and two bits at least on a match: 1032 to 1.
    let largest =
      isStored ? compressedSize : compressedSize.multipliedReportingOverflow(by: 1032).partialValue
    if size > largest { throw .damagedArchive(reason: "entry \(name) claims more bytes than it can hold") }
    return Entry(index: index, name: name, size: size, compressedSize: compressedSize, unsupported: nil)
  }

  /// The unpacked bytes, their checksum verified.
  func contents(of entry: Entry, _ resources: Resources) throws(FormatError) -> [UInt8] {
    guard let file = library.fopen_index(handle, entry.index, 0) else {
      throw .damagedEntry(name: entry.name)
    }
    defer { _ = library.fclose(file) }
    var isCancelled = false
    let bytes = [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, count in
      while count < entry.size, !isCancelled {
        let chunk = min(entry.size - count, 1 << 20)
        let read = library.fread(file, buffer.baseAddress?.advanced(by: count), UInt64(chunk))
        guard read > 0 else { break }
        count += Int(read)
        isCancelled = resources.cancellation.isRaised
      }
    }
    if isCancelled { throw .core(.interrupted) }
    // Reading past the end is what makes libzip compare the checksum.
    var extra: UInt8 = 0
    guard bytes.count == entry.size, library.fread(file, &extra, 1) == 0 else {
      throw .damagedEntry(name: entry.name)
    }
    return bytes
  }

  static func reason(_ error: zip_error_t) -> String {
    switch error.zip_err {
    case ZIP_ER_NOZIP, ZIP_ER_INCONS, ZIP_ER_EOF: "its directory is damaged or incomplete"
    case ZIP_ER_MEMORY: "there is no memory for its directory"
    case ZIP_ER_OPNOTSUPP, ZIP_ER_COMPNOTSUPP, ZIP_ER_ENCRNOTSUPP: "it uses a feature that is not supported"
    case ZIP_ER_EXISTS: "two of its entries have one name"
    default: "libzip reports error \(error.zip_err)"
    }
  }
}
