#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program running on a pseudo-terminal of its own, driven as a person would: type, look, type.
///
/// No test needs to sleep: every wait is for something to appear, with a time limit that only a failure reaches.
package final class TerminalSession {
  /// What was waited for and what was there instead.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package enum ExitStatus: Equatable {
    case exited(Int32)
    case killed(by: Int32)
  }

  package let process: pid_t
  /// What the terminal shows.
  package private(set) var screen: TerminalScreen
  /// Everything the program wrote.
  package private(set) var output: [UInt8] = []

  private var master: Int32
  private var matched = 0
  private var hasEnded = false
  private var status: ExitStatus?

  /// The variables a program gets; nothing of the surroundings of the test.
  package static let standardEnvironment = [
    "LANG": "C.UTF-8", "TERM": "xterm-256color", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
    "SWIFT_BACKTRACE": "enable=no",
  ]

  /// - Parameter environment: added to the standard one; a nil value removes a variable.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:], rows: Int = 24,
    columns: Int = 80
  ) throws {
    var slave: Int32 = -1
    var master: Int32 = -1
    var name = [CChar](repeating: 0, count: 1024)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, &name, nil, &size) == 0 else { throw Failure(description: "no terminal") }
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
    defer { close(slave) }
    self.master = master
    screen = TerminalScreen(rows: rows, columns: columns)
    let variables = Self.standardEnvironment.mapValues { Optional($0) }.merging(environment) { $1 }
    process = try Self.spawn(
      [program] + arguments, variables: variables.compactMapValues { $0 }, terminal: name)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      var ignored: Int32 = 0
      waitpid(process, &ignored, 0)
    }
    if master >= 0 { close(master) }
  }

  // MARK: typing

  package func send(_ text: String) { send(Array(text.utf8)) }

  package func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      // A program that echoes a lot must be read while it is written to.
      var source = pollfd(fd: master, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&source, 1, 10_000) > 0 else { return }
      if source.revents & Int16(POLLIN) != 0 { _ = pump(0) }
      guard source.revents & Int16(POLLOUT) != 0 else {
        if hasEnded { return }
        continue
      }
      let count = bytes.withUnsafeBytes {
        write(master, $0.baseAddress.map { $0 + sent }, min(512, bytes.count - sent))
      }
      if count < 0, errno != EINTR, errno != EAGAIN { return }
      sent += max(0, count)
    }
  }

  package func sendLine(_ text: String) { send(text + "\r") }

  /// Pastes as terminals do that mark it.
  package func paste(_ text: String) { send("\u{1B}[200~" + text + "\u{1B}[201~") }

  package func interrupt() { send("\u{3}") }

  /// Takes the terminal away.
  package func hangUp() {
    close(master)
    master = -1
    hasEnded = true
  }

  package func signal(_ signal: Int32) { kill(process, signal) }

  package func resize(rows: Int, columns: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    screen.resize(rows: rows, columns: columns)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  // MARK: looking

  /// Waits until `text` is written, after what the last call found; answers everything up to its end.
  @discardableResult
  package func expect(_ text: String, within seconds: Double = 10) throws -> String {
    let wanted = Array(text.utf8)
    var found = ""
    try wait(for: text.debugDescription, within: seconds) { session in
      let rest = session.output[session.matched...]
      guard let start = rest.firstIndex(of: wanted) else { return false }
      found = String(decoding: session.output[session.matched..<start + wanted.count], as: UTF8.self)
      session.matched = start + wanted.count
      return true
    }
    return found
  }

  /// Waits until the screen satisfies a condition.
  package func expectScreen(
    _ description: String = "screen", within seconds: Double = 10, _ condition: (TerminalScreen) -> Bool
  ) throws {
    try wait(for: description, within: seconds) { condition($0.screen) }
  }

  /// Waits until the row with the cursor reads `text`.
  package func expectRow(_ text: String, within seconds: Double = 10) throws {
    try wait(for: "row \(text.debugDescription)", within: seconds) { $0.screen.cursorRow == text }
  }

  /// Reads until the program has been silent for a while: for keys whose meaning depends on a pause.
  package func expectIdle(for seconds: Double) throws {
    let deadline = Self.now + 10
    while pump(Int32(seconds * 1_000)) {
      if Self.now > deadline {
        throw Failure(description: "the program is never silent; the screen:\n\(screen.text)")
      }
    }
    if hasEnded { try wait(for: "silence", within: 0) { _ in false } }
  }

  private func wait(
    for description: String, within seconds: Double, _ condition: (TerminalSession) -> Bool
  ) throws {
    let deadline = Self.now + seconds
    while true {
      if condition(self) { return }
      let left = deadline - Self.now
      if hasEnded || left <= 0 {
        let end = hasEnded ? try? exitStatus(within: 1) : nil
        let reason = end.map { "the program ended (\($0))" } ?? "nothing came"
        throw Failure(description: "\(reason) while waiting for \(description); the screen:\n\(screen.text)")
      }
      _ = pump(Int32(left * 1_000) + 1)
    }
  }

  /// The modes of the terminal.
  package var modes: termios {
    var modes = termios()
    tcgetattr(master, &modes)
    return modes
  }

  // MARK: the end

  /// Waits for the program to end.
  package func exitStatus(within seconds: Double = 10) throws -> ExitStatus {
    if let status { return status }
    let deadline = Self.now + seconds
    while !hasEnded, Self.now < deadline { _ = pump(100) }
    var raw: Int32 = 0
    while Self.now < deadline {
      if waitpid(process, &raw, WNOHANG) == process {
        let status: ExitStatus = raw & 0x7F == 0 ? .exited(raw >> 8 & 0xFF) : .killed(by: raw & 0x7F)
        self.status = status
        return status
      }
      _ = poll(nil, 0, 1)
    }
    throw Failure(description: "the program runs on; the screen:\n\(screen.text)")
  }

  /// Takes what the program wrote; false when nothing came in time or will come.
  private func pump(_ milliseconds: Int32) -> Bool {
    var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard !hasEnded, poll(&source, 1, milliseconds) > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &chunk, chunk.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return true }
    guard count > 0 else {  // Linux says EIO when the last program has closed the terminal
      hasEnded = true
      return false
    }
    output += chunk[..<count]
    screen.feed(chunk[..<count])
    return true
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: starting

  /// Starts a program that opens the terminal itself, in a session of its own, so that it becomes its controlling
  /// terminal; no fork.
  private static func spawn(
    _ arguments: [String], variables: [String: String], terminal: [CChar]
  ) throws -> pid_t {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which Glibc does not import
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let newSession = Int32(POSIX_SPAWN_SETSID)
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    // A test runner may ignore signals; its children must not.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
    let words = arguments.map { strdup($0) } + [nil]
    let settings = variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, arguments[0], &actions, &attributes, words, settings)
    guard error == 0 else { throw Failure(description: "cannot start \(arguments[0]): error \(error)") }
    return process
  }
}

extension ArraySlice<UInt8> {
  fileprivate func firstIndex(of wanted: [UInt8]) -> Int? {
    guard let first = wanted.first else { return startIndex }
    var start = startIndex
    while start + wanted.count <= endIndex, let candidate = self[start...].firstIndex(of: first) {
      if self[candidate...].starts(with: wanted) { return candidate }
      start = candidate + 1
    }
    return nil
  }
}
