import Foundation
import NNLanguage
import Testing

/// What statements show, and what stops them.
@Suite struct EchoTests {
  private func output(_ text: String, isInteractive: Bool = false) throws -> String {
    let host = MemoryHost()
    let interpreter = try Interpreter(host: host)
    try interpreter.run(Source(name: "<test>", text: text), isInteractive: isInteractive)
    return host.output
  }

  /// Calls that a replay answers give no value, as those that run.
  @Test(arguments: [
    "", "repeat 7 { forward(J) }\n",
    "repeat 3 { forward(J); backward(J); step(0.1) }; forward(J); backward(J)\n",
  ])
  func forwardBackwardAndStepShowNothing(_ rounds: String) throws {
    let text =
      "param w = 1; J = w^2;\nbackward(J)\nforward(J)\n" + rounds + "forward(J)\nbackward(J)\nstep(0.25)\n"
    #expect(try output(text) == "")
    let interpreter = try Interpreter(host: MemoryHost())
    for line in text.split(separator: "\n") {
      try interpreter.run(Source(name: "<prompt>", text: String(line)), isInteractive: true)
    }
    #expect(interpreter["ans"] == nil)
  }

  @Test(arguments: [
    ("f = x -> x^2\nf", "f = x -> x^2\n"), ("fn g(a, b) { return a*b }\ng", "g = fn g(a, b)\n"),
    ("sin", "sin = <function sin>\n"), ("list(x -> x + 1, 2)", "list(x -> x + 1, 2)\n"),
    ("print(x -> x')", "x -> x'\n"),
  ])
  func functionsAreShownAsTheyWereWritten(text: String, expected: String) throws {
    #expect(try output(text) == expected)
  }

  @Test func controlCharactersAreEscapedInEchoes() throws {
    #expect(try output("s = \"a\\u{1B}[31mb\"\ns") == "s = \"a\\u{1B}[31mb\"\n")
    #expect(try output("\"a\\n\\tb\\u{1B}[31m\"") == "a\n\tb\\u{1B}[31m\n")
    #expect(try output("print(\"a\\n\\tb\\u{1B}[31m\")") == "a\n\tb\\u{1B}[31m\n")
    #expect(try output("s = \"a\\nb\\u{1B}[31m\"\ns").contains("\u{1B}") == false)
  }

  /// What is shown of a string, alone or in a list, is the literal that makes it.
  @Test(arguments: [
    #""a\"b""#, #""c\\d""#, #""e{{f}} g""#, #""tab\tx""#, #""\u{200B}|\u{1B}""#, "\"👨‍👩‍👧 日\"", "\"\"",
  ])
  func stringsAreShownAsSource(_ literal: String) throws {
    #expect(try output("s = \(literal)\ns", isInteractive: true).hasSuffix("s = \(literal)\n"))
    #expect(try output("list(\(literal), 1)") == "list(\(literal), 1)\n")
  }

  @Test(arguments: [
    ("{list(1.234, 2.5, [1 2.25]):.1f}", "list(1.2, 2.5, [1.0, 2.2])"),
    ("{list(\"abc\"):.1f}", "list(\"abc\")"),
    ("{list(1, 2):12}|", "list(1, 2)  |"), ("{sin:.2f}", "<function sin>"),
    ("{\"hello\":.2f}|{\"hello\":7.2f}|{\"hello\":.2}", "hello|hello  |he"),
    ("{5:03d} {5:3d} {-1.5:06.2f} {[1 2]:03d}", "005   5 -01.50 [001, 002]"),
  ])
  func formatsAreForNumbers(_ text: String, _ expected: String) throws {
    #expect(try output("print(\"\(text)\")") == expected + "\n")
  }

  @Test(arguments: ["03d", "06.2f", "5d", "8.3f", ".2", "e", "012.4e", "08"])
  func formatWritesAsStringsDo(_ format: String) throws {
    for value in ["5", "-1.5", "[1 -2]", "list(1, 2.5)", "\"text\"", "nan"] {
      #expect(try output("print(\"{\(value):\(format)}\" == format(\(value), \"\(format)\"))") == "1\n")
    }
  }

  @Test(arguments: [
    "x = map(x -> sin(x), 1:1e7)", "x = reduce((a, b) -> a + b, 1:1e7)", "x = filter(x -> x > 3, 1:1e7)",
    "A = rand(3000, 3000); s = \"{A}\"",
  ])
  func interruptsAreFoundInsideBuiltins(_ text: String) throws {
    let interpreter = try Interpreter(host: MemoryHost())
    let cancellation = interpreter.cancellation
    let start = ContinuousClock.now
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.3)
      cancellation.raise()
    }
    do {
      try interpreter.run(text)
      Issue.record("it ran to its end")
    } catch { #expect(error.severity == .interrupt) }
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(interpreter["x"] == nil && interpreter["s"] == nil)
  }
}
