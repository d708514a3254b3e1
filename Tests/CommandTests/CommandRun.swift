import TerminalSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What came of running a program to its end.
struct CommandRun {
  var output: String
  var errors: String
  /// The exit status, or as shells say it 128 and the signal.
  var status: Int32

  /// Runs `nnrepl` with these arguments.
  static func nnrepl(_ arguments: String..., input: String? = nil) throws -> CommandRun {
    try nnrepl(arguments, bytes: input.map { Array($0.utf8) })
  }

  static func nnrepl(_ arguments: [String], bytes: [UInt8]? = nil) throws -> CommandRun {
    try BackgroundCommand([builtProduct("nnrepl")] + arguments, input: bytes).finish()
  }

  /// Runs a line of the shell, in which `nnrepl` is the command under test.
  static func shell(_ script: String, in folder: TemporaryFolder = TemporaryFolder()) throws -> CommandRun {
    let script = "cd '\(folder.path)'\nnnrepl() { '\(builtProduct("nnrepl"))' \"$@\"; }\n" + script
    return try BackgroundCommand(["/bin/bash", "-c", script]).finish()
  }
}

/// A program that runs beside the test.
final class BackgroundCommand {
  let process: pid_t
  private let folder = TemporaryFolder()
  private var hasEnded = false

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ arguments: [String], input: [UInt8]? = nil) throws {
    var source = "/dev/null"
    if let input { source = try folder.file("input", input) }
    process = try Self.spawn(
      arguments, variables: TerminalSession.standardEnvironment,
      streams: [source, folder.path + "/output", folder.path + "/errors"])
  }

  deinit {
    guard !hasEnded else { return }
    kill(process, SIGKILL)
    var ignored: Int32 = 0
    waitpid(process, &ignored, 0)
  }

  /// What it has written so far.
  var output: String { folder.read("output") ?? "" }
  var errors: String { folder.read("errors") ?? "" }

  func signal(_ signal: Int32) { kill(process, signal) }

  /// Waits for the end.
  func finish(within seconds: Int = 60) throws -> CommandRun {
    var raw: Int32 = 0
    for _ in 0..<seconds * 1_000 {
      if waitpid(process, &raw, WNOHANG) == process {
        hasEnded = true
        let status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
        return CommandRun(output: output, errors: errors, status: status)
      }
      usleep(1_000)
    }
    throw Failure(description: "the program runs on; output:\n\(output)\nerrors:\n\(errors)")
  }

  /// Waits until the output holds `text`.
  func expect(_ text: String, within seconds: Int = 20) throws {
    for _ in 0..<seconds * 1_000 {
      if output.contains(text) { return }
      usleep(1_000)
    }
    throw Failure(description: "nothing like \(text.debugDescription) in the output:\n\(output)")
  }

  private static func spawn(
    _ arguments: [String], variables: [String: String], streams: [String]
  ) throws -> pid_t {
    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, path) in streams.enumerated() {
      let mode = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, Int32(number), path, mode, 0o600)
    }
    // A test runner may ignore signals; its children must not.
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = arguments.map { strdup($0) } + [nil]
    let settings = variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, arguments[0], &actions, &attributes, words, settings)
    guard error == 0 else { throw Failure(description: "cannot start \(arguments[0]): error \(error)") }
    return process
  }
}

extension TemporaryFolder {
  /// A new file in the folder; its path.
  func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    guard let file = fopen(path + "/" + name, "w") else {
      throw BackgroundCommand.Failure(description: "cannot write \(name)")
    }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path + "/" + name
  }
}
