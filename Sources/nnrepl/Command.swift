import NNLanguage

#if canImport(Glibc)
  import Glibc
#endif

final class StandardHost: Host {
  func write(_ text: String) { print(text, terminator: "") }
  func readFile(_ path: String) throws(HostError) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw HostError("cannot open") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let n = fread(&buffer, 1, buffer.count, file)
      if n == 0 { break }
      bytes += buffer[0..<n]
    }
    return bytes
  }
  func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) {}
  func clock() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
  }
  func entropy() -> UInt32 { 1 }
}

@main
struct Command {
  static func main() {
    let host = StandardHost()
    do {
      try run(host)
    } catch { print(DiagnosticRenderer().render(error)) }
  }

  static func run(_ host: StandardHost) throws(Diagnostic) {
    let interpreter = try Interpreter(host: host)
    let bytes = (try? host.readFile(CommandLine.arguments[1])) ?? []
    let start = host.clock()
    try interpreter.run(Source(name: CommandLine.arguments[1], bytes: bytes), isInteractive: true)
    print("time", host.clock() - start)
  }
}
