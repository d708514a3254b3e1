/// Runs the examples of rows, each in an interpreter of its own, so that what is printed beside them is what they do.
enum ExampleRunner {
  /// What the prompt shows for a line.
  ///
  /// - Throws: what is wrong with it; a test sees to it that no example throws.
  static func output(of line: String) throws(Diagnostic) -> String {
    let host = ExampleHost()
    let interpreter = try Interpreter(host: host, memoryLimit: 1 << 28)
    interpreter.stepLimit = 1_000_000
    try interpreter.run(Source(name: "<example>", text: line), isInteractive: true)
    return host.output
  }

  /// The same in lines; of an example that fails the message.
  static func lines(_ line: String) -> [String] {
    do throws(Diagnostic) {
      var lines = try output(of: line).split(separator: "\n", omittingEmptySubsequences: false).map {
        String($0)
      }
      if lines.last == "" { lines.removeLast() }
      return lines
    } catch { return ["error: \(error.message)"] }
  }

  /// The files that examples read.
  private final class ExampleHost: MemoryHost {
    override init() {
      super.init()
      let table = """
        petal,sepal,kind
        1.4,5.1,setosa
        4.7,7,versicolor
        6,6.3,virginica
        1.3,4.9,setosa

        """
      files = ["flowers.csv": Array(table.utf8), "lib.nn": Array("print(\"lib.nn runs\")\n".utf8)]
    }
  }
}
