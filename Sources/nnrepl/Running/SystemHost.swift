import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The interpreter's surroundings: this process's files, output and clock.
final class SystemHost: Host {
  let output: StandardOutput
  private let progress: ProgressLine
  /// No program is larger; its syntax takes several times the bytes of its text.
  private static let programLimit = 1 << 28

  /// Whether Ctrl-C asked the work to stop.
  var isCancelled: () -> Bool = { false }

  /// Nothing is shown meanwhile.
  var isMuted = false

  /// Bytes that may still be used.
  var memoryLeft: () -> Int = { .max }

  init(output: StandardOutput, progress: ProgressLine) {
    self.output = output
    self.progress = progress
  }

  func write(_ text: String) {
    if isMuted { return }
    progress.clear()
    output.write(text)
  }

  func readFile(_ path: String) throws(HostError) -> [UInt8] {
    try FileReader(limit: memoryLeft(), isCancelled: isCancelled).read(path)
  }

  func readStandardInput() throws(HostError) -> [UInt8] {
    try FileReader(limit: min(Self.programLimit, memoryLeft() / 8)).readStream(STDIN_FILENO)
  }

  func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
    try FileWriter.write(bytes, to: path)
  }

  func show(_ progress: Progress) {
    if isMuted { return }
    output.flush()
    self.progress.show(progress)
  }

  func clock() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  func entropy() -> UInt32 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }

  /// The terminal's, or 80, so that what goes to a file is the same wherever it is run.
  var width: Int { output.isTerminal ? Terminal.size().columns : 80 }
}
