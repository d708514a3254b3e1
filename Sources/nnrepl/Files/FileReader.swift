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
    let size = try regularSize(descriptor, isStream: Self.namesStream(path))
    return try readAll(descriptor, expecting: size)
  }

  /// Everything that comes from an open descriptor.
  func readAll(_ descriptor: Int32, expecting size: Int = 0) throws(HostError) -> [UInt8] {
    if size > limit { throw tooLarge("\(size) bytes") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 1)
    while true {
      let room = bytes.count < size ? min(size - bytes.count, Self.piece) : Self.smallPiece
      let count = try append(room, of: descriptor, to: &bytes)
      if count == 0 { return bytes }
      if bytes.count > limit { throw tooLarge("more than \(limit) bytes") }
    }
  }

  private static let piece = 1 << 22
  private static let smallPiece = 1 << 16

  private func append(_ room: Int, of descriptor: Int32, to bytes: inout [UInt8]) throws(HostError) -> Int {
    while true {
      if isCancelled() { throw HostError("interrupted") }
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        count = readSome(descriptor, buffer.baseAddress, room)
        initialized = max(0, count)
      }
      if count >= 0 {
        bytes += piece
        return count
      }
      if errno == EAGAIN {
        var stream = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&stream, 1, 1_000)
      } else if errno != EINTR {
        throw .reading(errno)
      }
    }
  }

  private func regularSize(_ descriptor: Int32, isStream: Bool) throws(HostError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw HostError("it is a folder")
    case S_IFIFO where isStream, S_IFSOCK where isStream, S_IFCHR where isStream: return 0
    case S_IFIFO: throw HostError("it is a pipe, not a file")
    default: throw HostError("it is a device, not a file")
    }
  }

  /// `/dev/stdin`, and what shells put in the place of `<(…)`.
  private static func namesStream(_ path: String) -> Bool {
    path == "/dev/stdin" || path.hasPrefix("/dev/fd/")
  }

  private func tooLarge(_ size: String) -> HostError {
    HostError("it holds \(size), and all memory may be \(limit)")
  }
}

extension HostError {
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
