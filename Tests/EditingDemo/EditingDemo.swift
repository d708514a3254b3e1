// A program for the tests of LineEditing: it says what was entered, and does a few things on demand.
import LineEditing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum EditingDemo {
  /// As an interpreter would: everything on a thread of its own, while the first one only waits.
  static func main() { runOnThread() }
}

private func runOnThread() {
  #if canImport(Glibc)
    var thread = pthread_t()
    guard pthread_create(&thread, nil, runDemo, nil) == 0 else { return }
    pthread_join(thread, nil)
  #else
    var thread: pthread_t?
    guard pthread_create(&thread, nil, { runDemo($0) }, nil) == 0, let thread else { return }
    pthread_join(thread, nil)
  #endif
}

private func runDemo(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  Signals.install()
  if var session = DemoSession(arguments: Set(CommandLine.arguments.dropFirst())) {
    session.run()
  } else {
    runPlain()
  }
  return nil
}

private func runPlain() {
  var reader = PlainLineReader()
  while case .line(let text) = reader.readLine() {
    say("\(text.unicodeScalars.count):\(text.debugDescription)")
  }
}

private func say(_ text: String) {
  print(text)
  fflush(nil)
}

private struct DemoSession {
  private let editor: LineEditor
  private let language = ToyLanguage()
  private let flag = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
  private var initial = ""

  init?(arguments: Set<String>) {
    var options = LineEditor.Options(
      name: "demo", hasColor: Terminal.allowsColor(arguments.contains("--color") ? .always : .auto))
    options.usesViKeys = arguments.contains("--vi")
    options.isLive = !arguments.contains("--quiet")
    options.entersCompletePaste = arguments.contains("--enter-paste")
    let file = HistoryFile.standard(application: "demo", variable: "NNREPL_HISTORY")
    let history = History(file: file, capacity: 200)
    guard let editor = LineEditor(options: options, history: history) else { return nil }
    self.editor = editor
    editor.delegate = language
    flag.initialize(to: 0)
    Signals.setInterruptFlag(flag)
  }

  mutating func run() {
    while true {
      let text = initial
      initial = ""
      switch editor.readLine(prompt: Prompt("nn> ", style: .bold), continuation: "..> ", initial: text) {
      case .line("quit"): return
      case .line(let text): perform(text)
      case .cancelled: say("(cancelled)")
      case .endOfFile:
        say("bye")
        return
      }
    }
  }

  private mutating func perform(_ text: String) {
    switch text {
    case "spin": spin()
    case "crash": abort()
    case "wait":
      say("waiting")
      usleep(300_000)
      say("waited")
    case "child": editor.withOriginalTerminal { say("child in \(isCooked ? "cooked" : "raw") mode") }
    case "live off": editor.options.isLive = false
    case "history": say("history: " + editor.history.entries.joined(separator: " | ").debugDescription)
    case "flood": for number in 0..<30 { say("row \(number)") }
    case _ where text.hasPrefix("edit "): initial = String(text.dropFirst(5)).replacing("/", with: "\n")
    default: say("\(text.unicodeScalars.count):\(text.debugDescription)")
    }
  }

  /// Works until Ctrl-C; says so when it was stopped for a while and works again.
  private func spin() {
    say("spinning")
    var last = milliseconds
    while !Signals.isInterrupted {
      usleep(100)
      let now = milliseconds  // asked once: a stop between two questions would be missed
      if now - last > 50 { say("spinning on") }
      last = now
    }
    say("stopped, flag \(flag.pointee)")
    Signals.clearInterrupt()
  }

  private var milliseconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1_000 + Int(now.tv_nsec) / 1_000_000
  }

  private var isCooked: Bool {
    var modes = termios()
    tcgetattr(STDIN_FILENO, &modes)
    return modes.c_lflag & tcflag_t(ICANON) != 0
  }
}
