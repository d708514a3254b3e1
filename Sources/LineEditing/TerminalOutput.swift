import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes to standard output at once, behind whatever was printed before.
enum TerminalOutput {
  static func write(_ text: String) {
    nne_flush_stdio()
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Self.writeSome(rest)
        if count < 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// Writes what fits; -1 when the terminal is gone.
  private static func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      let count = Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
    #else
      let count = Darwin.write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
    #endif
    if count >= 0 { return count }
    guard errno == EAGAIN || errno == EINTR else { return -1 }
    var source = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    _ = poll(&source, 1, 100)
    return 0
  }
}
