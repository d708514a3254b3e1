import LineEditing
import NNLanguage

/// Checks files one after the other, each in an interpreter of its own.
struct CheckRun {
  private let request: CheckRequest
  private let output: StandardOutput
  private let reporter: Reporter

  init(_ request: CheckRequest, _ output: StandardOutput) {
    self.request = request
    self.output = output
    reporter = Reporter(output: output, progress: ProgressLine(hasPlainLines: false), color: request.color)
  }

  /// The exit status.
  func run() -> Int32 {
    Signals.install()
    var isRight = true
    for file in request.files {
      switch check(file) {
      case .interrupted: return ExitStatus.interrupted
      case .right: break
      case .wrong: isRight = false
      }
    }
    return isRight ? ExitStatus.success : ExitStatus.failure
  }

  private enum Outcome { case right, wrong, interrupted }

  private func check(_ file: String) -> Outcome {
    let host = ExerciseHost(SystemHost(output: output, progress: ProgressLine(hasPlainLines: false)))
    do {
      let source = try read(file, host)
      let interpreter = try Interpreter(host: host, memoryLimit: MemoryLimit.standard)
      let (exercise, isLate) = judge(source, with: interpreter)
      if interpreter.cancellation.isRaised, !isLate { return .interrupted }
      show(exercise, of: file, isLate: isLate)
      return exercise.isRight && !isLate ? .right : .wrong
    } catch {
      fail([error], file)
      return .wrong
    }
  }

  private func read(_ file: String, _ host: ExerciseHost) throws(Diagnostic) -> Source {
    do { return Source(name: file, bytes: try host.readFile(file)) } catch {
      throw Diagnostic(.error, "cannot read \(file): \(error.reason)")
    }
  }

  /// Runs a file until its time is up.
  private func judge(_ source: Source, with interpreter: Interpreter) -> (Exercise, isLate: Bool) {
    let cancellation = interpreter.cancellation
    Signals.setInterruptFlag(UnsafeMutableRawPointer(cancellation.flag))
    defer { Signals.setInterruptFlag(nil) }
    let alarm = Alarm(after: request.timeout) { cancellation.raise() }
    let exercise = interpreter.runExercise(source, cost: request.cost)
    return (exercise, alarm.end())
  }

  // MARK: Showing

  private func show(_ exercise: Exercise, of file: String, isLate: Bool) {
    if isLate {
      fail([Diagnostic(.error, "\(file) was stopped after \(request.timeout) seconds")], file)
      return
    }
    if request.isJSON {
      for line in exercise.report?.lines ?? [] {
        let cost = exercise.report?.cost ?? ""
        output.write(CheckRecord(line, of: cost, in: file, hint: request.hint).json)
      }
      if let finding = exercise.report?.costFinding { output.write(CheckRecord(finding: finding, file).json) }
    } else if let report = exercise.report {
      if request.files.count > 1 { output.write("\(file)\n") }
      if exercise.isCostGuessed {
        output.write("gradients of \(report.cost), which is taken for the cost; --cost names another\n")
      }
      for line in report.text(hint: request.hint) { output.write(line + "\n") }
    }
    fail(exercise.failures, file)
  }

  private func fail(_ diagnostics: [Diagnostic], _ file: String) {
    for diagnostic in diagnostics {
      if request.isJSON {
        output.write(CheckRecord(diagnostic, file).json)
      } else {
        reporter.report(diagnostic)
      }
    }
  }
}

/// A host for programs of others: their output is not shown, and they write no files.
private final class ExerciseHost: Host {
  private let system: SystemHost

  init(_ system: SystemHost) { self.system = system }

  func write(_ text: String) {}
  func readFile(_ path: String) throws(HostError) -> [UInt8] { try system.readFile(path) }
  func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {
    throw HostError("a file that is checked writes no files")
  }
  func clock() -> Double { system.clock() }
  /// The same numbers in every run, so that a file is judged alike each time.
  func entropy() -> UInt32 { 1 }
}
