#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads lines from what is no terminal: no prompt, no editing, large blocks.
///
/// Lines end with LF or CRLF, the last perhaps with neither; what is no UTF-8 becomes U+FFFD, NUL stays.
package struct PlainLineReader {
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var position = 0
  private var hasEnded = false

  package init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

  /// The next line without its end. `.cancelled` when SIGINT came while waiting for it.
  package mutating func readLine() -> ReadResult {
    var searched = 0
    while true {
      if let end = bytes[(position + searched)...].firstIndex(of: 0x0A) {
        let line = text(position..<end)
        position = end + 1
        return .line(line)
      }
      if hasEnded { return readRest() }
      searched = bytes.count - position
      if !fill() { return .cancelled }
    }
  }

  /// Everything that is left; nil when SIGINT came first.
  package mutating func readAll() -> String? {
    while !hasEnded { if !fill() { return nil } }
    defer { position = bytes.count }
    return String(decoding: bytes[position...], as: UTF8.self)
  }

  /// The whole of a file, or nil where it cannot be read.
  static func contents(ofFile path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var reader = PlainLineReader(descriptor: file)
    return reader.readAll()
  }

  private mutating func readRest() -> ReadResult {
    guard position < bytes.count else { return .endOfFile }
    defer { position = bytes.count }
    return .line(text(position..<bytes.count))
  }

  private func text(_ range: Range<Int>) -> String {
    let line = bytes[range]
    return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
  }

  /// Takes another block, dropping what was used; false when a signal came first.
  private mutating func fill() -> Bool {
    bytes.removeFirst(position)
    position = 0
    guard Signals.waitForInput(descriptor) else { return false }
    let descriptor = descriptor
    var count = 0
    let block = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
      count = read(descriptor, buffer.baseAddress, buffer.count)
      initialized = max(0, count)
    }
    if count < 0, errno == EAGAIN {
      var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&source, 1, 1_000)
    } else if count < 0, errno == EINTR {
      return !Signals.isInterrupted
    } else {
      bytes += block
      hasEnded = count <= 0
    }
    return true
  }
}
