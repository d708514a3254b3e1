#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The history on disk: one entry a line, newlines and backslashes escaped, newest last.
///
/// Every entry is appended by itself when it was entered, so that a kill loses at most one; a lock file lets
/// several sessions write at once. Failures are silent: history must never stand in the way of work.
package struct HistoryFile: Sendable {
  package let path: String

  /// Bytes; what is longer was data, and would slow every start.
  private static let longestEntry = 100_000

  package init(path: String) { self.path = path }

  /// Where `application` keeps its history: the path in the environment variable `variable` (empty or `off`: none),
  /// or else `history` in its folder below `XDG_STATE_HOME` or `~/.local/state`.
  package static func standard(application: String, variable: String) -> HistoryFile? {
    if let chosen = Terminal.environmentVariable(variable) {
      return chosen.isEmpty || chosen == "off" ? nil : HistoryFile(path: chosen)
    }
    let state = Terminal.environmentVariable("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    guard let folder = state ?? homeDirectory.map({ $0 + "/.local/state" }) else { return nil }
    return HistoryFile(path: folder + "/" + application + "/history")
  }

  private static var homeDirectory: String? {
    if let home = Terminal.environmentVariable("HOME"), home.hasPrefix("/") { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }

  /// Makes the folder, reads the entries, newest of equal ones only, and shortens a file that has grown long.
  func open(keeping capacity: Int) -> [String] {
    makeFolder()
    return locked {
      guard let text = read() else { return [] }
      let all = text.split(separator: "\n").map { Self.unescape($0) }
      let kept = Self.newest(capacity, of: all)
      if all.count > kept.count + capacity / 4 || kept.count < all.count - 1_000 { replace(with: kept) }
      return kept
    }
  }

  func append(_ entry: String) {
    if entry.utf8.count > Self.longestEntry { return }
    locked {
      guard let file = Self.openRegular(path, O_CREAT | O_RDWR | O_APPEND) else { return }
      defer { close(file) }
      fchmod(file, 0o600)
      // A writer killed in the middle leaves a line without its end.
      var last: UInt8 = 0x0A
      let size = lseek(file, 0, SEEK_END)
      if size > 0 { _ = pread(file, &last, 1, size - 1) }
      _ = Self.write((last == 0x0A ? "" : "\n") + Self.escape(entry) + "\n", to: file)
    }
  }

  // MARK: entries

  static func escape(_ entry: String) -> String {
    var escaped = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\0": continue
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  static func unescape(_ line: some StringProtocol) -> String {
    guard line.utf8.contains(UInt8(ascii: "\\")) else { return String(line) }
    var entry = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        entry.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        entry.append(scalar)
      }
    }
    return String(entry)
  }

  private static func newest(_ count: Int, of entries: [String]) -> [String] {
    var seen = Set<String>()
    var kept: [String] = []
    for entry in entries.reversed() where !entry.isEmpty && seen.insert(entry).inserted {
      kept.append(entry)
      if kept.count == count { break }
    }
    return kept.reversed()
  }

  // MARK: files

  private func makeFolder() {
    var folder = ""
    for name in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += name + "/"
      if folder != "/" { mkdir(folder, 0o700) }
    }
  }

  /// The lock is a file of its own, because shortening replaces the history. A lock that stays taken, by a stopped
  /// process say, is passed over: an entry must not be lost nor a prompt wait for it.
  private func locked<Result>(_ body: () -> Result) -> Result {
    let lock = Self.openRegular(path + ".lock", O_CREAT | O_RDWR)
    defer { if let lock { close(lock) } }
    if let lock {
      var attempts = 100
      while attempts > 0, flock(lock, LOCK_EX | LOCK_NB) != 0 {
        usleep(5_000)
        attempts -= 1
      }
    }
    return body()
  }

  private func read() -> String? {
    guard let file = Self.openRegular(path, O_RDONLY) else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readBytes(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whole or not at all: a new file takes the place of the old, behind a link if it is one.
  private func replace(with entries: [String]) {
    guard let target = realpath(path, nil) else { return }
    defer { free(target) }
    let temporary = String(cString: target) + ".\(getpid())"
    guard let file = Self.openRegular(temporary, O_CREAT | O_WRONLY | O_TRUNC) else { return }
    let text = entries.map { Self.escape($0) + "\n" }.joined()
    let isWritten = Self.write(text, to: file) && fsync(file) == 0
    close(file)
    if !isWritten || rename(temporary, target) != 0 { unlink(temporary) }
  }

  /// Only regular files: a FIFO would block, a device would be replaced.
  private static func openRegular(_ path: String, _ flags: Int32) -> Int32? {
    let file = openFile(path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard file >= 0 else { return nil }
    var status = stat()
    if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return file }
    close(file)
    return nil
  }

  private static func write(_ text: String, to file: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = writeBytes(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0, errno != EINTR { return false }
        written += max(0, count)
      }
      return true
    }
  }
}

// The system's functions, under names that do not meet those of methods.

private func readBytes(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, buffer, count)
}
private func writeBytes(_ file: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, buffer, count)
}
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }
