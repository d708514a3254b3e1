import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The prompt: reads an entry, runs it, shows what it gives, until the end of input.
final class ReadEvalPrint {
  private let session: Session
  private let reader: any EntryReader
  private var entryCount = 0

  init(_ session: Session) {
    self.session = session
    reader = TerminalReader(session.job) ?? PlainReader()
  }

  func run() -> Int32 {
    showBanner()
    while true {
      switch reader.readEntry() {
      case .line(let text): evaluate(text)
      case .cancelled: continue
      case .endOfFile: return ExitStatus.success
      }
    }
  }

  private func showBanner() {
    guard !session.job.isQuiet, reader.isOnTerminal else { return }
    session.host.write("nnrepl \(Version.number)\n")
    session.host.output.flush()
  }

  private func evaluate(_ text: String) {
    if text.allSatisfy(\.isWhitespace) { return }
    entryCount += 1
    let source = Source(name: "<prompt:\(entryCount)>", text: text)
    switch Parser.parse(source) {
    case .complete(let tree): run(tree, name: source.name)
    case .incomplete(let incomplete): session.reporter.report(incomplete.diagnostic)
    case .failed(let diagnostics): diagnostics.forEach(session.reporter.report)
    }
    session.host.output.flush()
  }

  private func run(_ tree: SyntaxTree, name: String) {
    do throws(Diagnostic) {
      try session.interpreter.run(tree, name: name, isInteractive: true)
    } catch {
      session.reporter.report(error)
    }
  }
}
