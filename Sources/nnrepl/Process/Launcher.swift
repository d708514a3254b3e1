#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sets a job up: streams, a thread with room for deep recursion, and the end of both.
enum Launcher {
  /// Runs a job to its end and answers the exit status.
  static func run(_ job: Job) -> Int32 { run { output in Session.run(job, output: output) } }

  /// The same for any work that answers an exit status.
  static func run(_ work: @escaping @Sendable (StandardOutput) -> Int32) -> Int32 {
    StandardStreams.fillGaps()
    // A file that may not grow further is then an error of writing it, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    let output = StandardOutput()
    let status = WorkThread.run(
      { () -> Int32 in
        defer { output.end() }
        return work(output)
      }, meanwhile: output.keepFlowing)
    output.flush()
    return status
  }
}
