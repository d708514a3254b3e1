import NNCore
import Testing

@testable import NNLanguage

/// An interpreter with its host, for tests of builtins.
struct Session {
  let host = MemoryHost()
  let interpreter: Interpreter

  init(memoryLimit: Int = 1 << 28) throws {
    interpreter = try Interpreter(host: host, memoryLimit: memoryLimit)
    interpreter.stepLimit = 10_000_000
  }

  /// Runs a program and gives what it wrote.
  func output(of program: String) throws -> String {
    host.output = ""
    try interpreter.run(program)
    return host.output
  }

  func value(of expression: String) throws -> Value { try interpreter.evaluate(expression) }

  /// The message of a program that must fail, with its hints behind it.
  func failure(of program: String) -> String? {
    do throws(Diagnostic) {
      try interpreter.run(program)
      return nil
    } catch { return ([error.message] + error.hints).joined(separator: " | ") }
  }
}

/// A program, and an expression that must then be equal to another one.
struct Case: CustomTestStringConvertible, Sendable {
  let program: String
  let expected: String
  var tolerance = 0.0

  init(_ program: String, _ expected: String, within tolerance: Double = 0) {
    self.program = program
    self.expected = expected
    self.tolerance = tolerance
  }

  var testDescription: String { "\(program) is \(expected)" }

  /// The last expression of the program, separated by `;`, is what is compared.
  func check(in session: Session) throws {
    let found = try session.value(of: program)
    let wanted = try session.value(of: expected)
    let text = try describe(found, session)
    #expect(isClose(found, wanted, tolerance), "\(program) is \(text), not \(expected)")
  }

  private func describe(_ value: Value, _ session: Session) throws -> String {
    try session.interpreter.machine.display.text(value)
  }
}

/// Whether two values are of one kind and shape, with numbers that differ at most by `tolerance`; nan equals nan.
func isClose(_ a: Value, _ b: Value, _ tolerance: Double) -> Bool {
  switch (a, b) {
  case (.number(let a), .number(let b)): return isClose(a, b, tolerance)
  case (.matrix(let a), .matrix(let b)):
    return a.shape == b.shape && zip(a.elements, b.elements).allSatisfy { isClose($0, $1, tolerance) }
  case (.list(let a), .list(let b)):
    return a.count == b.count && zip(a.elements, b.elements).allSatisfy { isClose($0, $1, tolerance) }
  case (.text(let a), .text(let b)): return a.string == b.string
  default: return false
  }
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * max(1, abs(b))
}
