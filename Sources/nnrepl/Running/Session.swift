import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One run of the command: an interpreter, what it is given to run, perhaps the prompt afterwards.
final class Session {
  let job: Job
  let host: SystemHost
  let reporter: Reporter
  let interpreter: Interpreter
  /// Whether what was to run before the prompt ran to its end.
  private(set) var hasSucceeded = true

  /// Runs a job on the thread this is called on and answers the exit status.
  static func run(_ job: Job, output: StandardOutput) -> Int32 {
    let progress = ProgressLine()
    let reporter = Reporter(output: output, progress: progress, color: job.color)
    let host = SystemHost(output: output, progress: progress)
    do throws(Diagnostic) {
      return try Session(job, host: host, reporter: reporter).run()
    } catch {
      reporter.report(error)
      return ExitStatus.failure
    }
  }

  private init(_ job: Job, host: SystemHost, reporter: Reporter) throws(Diagnostic) {
    self.job = job
    self.host = host
    self.reporter = reporter
    interpreter = try Interpreter(host: host, memoryLimit: MemoryLimit.standard)
    try interpreter.setArguments(job.arguments)
  }

  private func run() -> Int32 {
    let cancellation = interpreter.cancellation
    let resources = interpreter.resources
    host.isCancelled = { cancellation.isRaised }
    host.memoryLeft = { resources.limit - resources.used }
    Signals.install()
    Signals.setInterruptFlag(UnsafeMutableRawPointer(cancellation.flag))
    defer { Signals.setInterruptFlag(nil) }
    let status = runProgram()
    hasSucceeded = status == ExitStatus.success
    if job.hasPrompt { return Repl(self).run() }
    return status == ExitStatus.success && interpreter.hasHoles ? ExitStatus.failure : status
  }

  // MARK: the program

  private func runProgram() -> Int32 {
    switch job.program {
    case .none: return ExitStatus.success
    case .file(let path): return runFile(path)
    case .standardInput: return runStandardInput()
    case .code(let pieces):
      for (number, text) in pieces.enumerated() {
        let name = number == 0 ? "<-e>" : "<-e:\(number + 1)>"
        let status = run(Source(name: name, text: text))
        if status != ExitStatus.success { return status }
      }
      return ExitStatus.success
    }
  }

  private func runFile(_ path: String) -> Int32 {
    let bytes: [UInt8]
    do throws(HostError) { bytes = try host.readFile(path) } catch { return cannotRead(path, error) }
    return run(Source(name: path, bytes: bytes))
  }

  private func runStandardInput() -> Int32 {
    let bytes: [UInt8]
    do throws(HostError) { bytes = try host.readStandardInput() } catch {
      return cannotRead("standard input", error)
    }
    return run(Source(name: "<stdin>", bytes: bytes))
  }

  private func cannotRead(_ what: String, _ error: HostError) -> Int32 {
    if interpreter.cancellation.isRaised { return ExitStatus.interrupted }
    reporter.report("cannot read \(what): \(error.reason)")
    return ExitStatus.failure
  }

  private func run(_ source: Source) -> Int32 {
    switch Parser.parse(source) {
    case .complete(let tree): return run(tree, name: source.name)
    case .incomplete(let incomplete): return fail([incomplete.diagnostic])
    case .failed(let diagnostics): return fail(diagnostics)
    }
  }

  private func run(_ tree: SyntaxTree, name: String) -> Int32 {
    do throws(Diagnostic) {
      try interpreter.run(tree, name: name, isInteractive: false)
      // An interrupted `train` gives what it has, and may have been the last thing to run.
      return interpreter.cancellation.isRaised ? ExitStatus.interrupted : ExitStatus.success
    } catch {
      return fail([error])
    }
  }

  private func fail(_ diagnostics: [Diagnostic]) -> Int32 {
    for diagnostic in diagnostics { reporter.report(diagnostic) }
    let isInterrupted = diagnostics.contains { $0.severity == .interrupt }
    return isInterrupted ? ExitStatus.interrupted : ExitStatus.failure
  }
}
