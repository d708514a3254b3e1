import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads whole files. Only regular ones: a FIFO would block, a device may have no end.
struct FileReader {
  /// The most bytes to take.
  var limit: Int
  /// Asked between pieces.
  var isCancelled: () -> Bool = { false }

  /// The contents of the file at `path`.
  ///
  /// - Throws: why it cannot be read.
  func read(_ path: String) throws(HostError) -> [UInt8] {
    if path.utf8.contains(0) { throw HostError("a path has no NUL character") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .reading(errno) }
    defer { close(descriptor) }
    guard let size = try regularSize(descriptor, isStream: Self.namesStream(path)) else {
      return try readStream(descriptor)
    }
    return try readFile(descriptor, size: size)
  }

  /// Everything that comes from an open descriptor until it ends.
  func readStream(_ descriptor: Int32) throws(HostError) -> [UInt8] {
    var pieces: [[UInt8]] = []
    var total = 0
    while true {
      guard Signals.waitForInput(descriptor) else { throw HostError("interrupted") }
      try checkRoom(Self.piece)
      let piece = try readPiece(descriptor, Self.piece)
      if piece.isEmpty { break }
      pieces.append(piece)
      total += piece.count
      if total > limit { throw tooLarge("more than \(limit)") }
    }
    if pieces.count == 1 { return pieces[0] }
    try checkRoom(total)
    return Array(pieces.joined())
  }

  /// A file may grow or shrink while it is read; then what is there counts.
  private func readFile(_ descriptor: Int32, size: Int) throws(HostError) -> [UInt8] {
    if size > limit { throw tooLarge("\(size)") }
    try checkRoom(size)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while true {
      if isCancelled() { throw HostError("interrupted") }
      let piece = try readPiece(descriptor, max(1 << 12, min(size - bytes.count, Self.piece)))
      if piece.isEmpty { return bytes }
      if bytes.count + piece.count > limit { throw tooLarge("more than \(limit)") }
      bytes += piece
    }
  }

  private static let piece = 1 << 20

  /// What there is to read, at most `room` bytes; nothing at the end.
  private func readPiece(_ descriptor: Int32, _ room: Int) throws(HostError) -> [UInt8] {
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        count = readSome(descriptor, buffer.baseAddress, room)
        initialized = max(0, count)
      }
      if count >= 0 { return piece }
      if errno == EAGAIN, !Signals.waitForInput(descriptor) { throw HostError("interrupted") }
      if errno != EINTR, errno != EAGAIN { throw .reading(errno) }
    }
  }

  // MARK: what may be read

  /// The size of a regular file; nil for a stream where one is meant.
  private func regularSize(_ descriptor: Int32, isStream: Bool) throws(HostError) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw HostError("it is a folder")
    case _ where isStream: return nil
    case S_IFIFO: throw HostError("it is a pipe, not a file")
    default: throw HostError("it is a device, not a file")
    }
  }

  /// `/dev/stdin`, and what shells put in the place of `<(…)`.
  private static func namesStream(_ path: String) -> Bool {
    path == "/dev/stdin" || path.hasPrefix("/dev/fd/")
  }

  /// An array that does not get its memory ends the process; asking for it before, with some room for the rest,
  /// does not.
  private func checkRoom(_ bytes: Int) throws(HostError) {
    let (wanted, overflow) = bytes.addingReportingOverflow(16 << 20)
    guard !overflow, let memory = mmap(nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
      memory != MAP_FAILED
    else { throw HostError("there is no memory for \(bytes) bytes") }
    munmap(memory, wanted)
  }

  private func tooLarge(_ size: String) -> HostError {
    HostError("it holds \(size) bytes, and \(limit) may be used")
  }
}

extension HostError {
  static func reading(folder error: Int32) -> HostError {
    error == ENOENT ? HostError("there is no such folder") : reading(error)
  }

  static func reading(_ error: Int32) -> HostError {
    switch error {
    case ENOENT: HostError("there is no such file")
    case ENXIO: HostError("it is a socket or a device, not a file")
    default: HostError(StandardStreams.reason(error))
    }
  }
}

private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
