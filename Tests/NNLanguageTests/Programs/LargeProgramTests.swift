import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// What a program makes may be large: work and memory grow as it does, not as its square, and an interrupt ends it.
@Suite(.timeLimit(.minutes(2))) struct LargeProgramTests {
  private func interpreter(_ program: String) throws -> Interpreter {
    let interpreter = try Interpreter(host: MemoryHost())
    try interpreter.run(program)
    return interpreter
  }

  /// How long `text` runs after the flag was raised in its midst.
  private func delay(_ interpreter: Interpreter, _ text: String, after seconds: Double) throws -> Duration {
    let cancellation = interpreter.cancellation
    let start = ContinuousClock.now
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: seconds)
      cancellation.raise()
    }
    do {
      try interpreter.run(text)
      Issue.record("\(text) ran to its end")
    } catch { #expect(error.severity == .interrupt) }
    cancellation.clear()
    return ContinuousClock.now - start - .seconds(seconds)
  }

  static let longFunction = "fn f(w) { for i in 1:20000 { w = sin(w) }; return w }\nparam w0 = 1; J = f(w0);"

  @Test(arguments: ["explain(J)", "explain(J, as = \"numpy\")", "explain(J, \"lines.nn\")", "health(J)"])
  func explanationsOfLongComputations(_ text: String) throws {
    try interpreter(Self.longFunction).run(text)
  }

  @Test(arguments: ["explain(J)", "health(J)"])
  func explanationsAreInterrupted(_ text: String) throws {
    #expect(try delay(interpreter(Self.longFunction), text, after: 0.2) < .seconds(3))
  }

  /// No variable of the language holds what a builtin passes on, so nothing cuts a formula but its length.
  @Test(arguments: [
    "reduce((a, b) -> sin(a), 1:3000, w)", "reduce((a, b) -> a*a, 1:64, w)",
    "reduce((a, b) -> tanh(a + b), 1:1500, w)",
  ])
  func formulasWithoutNames(_ expression: String) throws {
    let interpreter = try interpreter("param w = 0.5; J = \(expression)")
    for text in ["explain(J)", "explain(J, as = \"numpy\")", "explain(J, as = \"latex\")", "health(J)"] {
      try interpreter.run(text)
    }
    let explanation = try interpreter.explanation(of: "J")
    #expect(explanation.backward.allSatisfy { $0.text.count < 2000 })
  }

  @Test func explanationsOfManyStatements() throws {
    let lines = (1...3000).map { "x\($0) = x\($0 - 1) + w" }
    let interpreter = try interpreter("param w = 1; x0 = w\n" + lines.joined(separator: "\n"))
    let explanation = try interpreter.explanation(of: "x3000")
    #expect(explanation.forward.count == 3000)
    let line = try #require(explanation.backward.first { $0.name == "dw" })
    #expect(line.value?.elements == [3001])
  }

  @Test func explanationsOfManyParams() throws {
    let lines = (1...1500).map { "param w\($0) = 1; x\($0) = x\($0 - 1)*w\($0)" }
    let interpreter = try interpreter("param x0 = 1\n" + lines.joined(separator: "\n"))
    let names = try interpreter.explanation(of: "x1500").backward.map(\.name)
    #expect(names.prefix(4) == ["dx1500", "dw1500", "dx1499", "dw1499"])
    #expect(names.suffix(3) == ["dx1", "dx0", "dw1"])
  }

  @Test func loopsOverTexts() throws {
    let interpreter = try interpreter("s = join(map(k -> \"naïve \", 1:10000), \"\"); n = 0;")
    try interpreter.run(
      "for i in 1:length(s) { if s[i] == \"ï\" { n += 1 } }\nfor i in 1:3 { n += s[end] == \" \" }")
    #expect(interpreter["n"]?.number == 10003)
  }

  @Test func subscriptsOfTexts() throws {
    let interpreter = try interpreter(
      "s = \"0123456789abcdefg👩‍🚀 naïve\"; t = s[18]; u = s[end:-1:16]; v = s[[1 2 20]]; w = s[[]]")
    #expect(interpreter["t"]?.string == "👩‍🚀")
    #expect(interpreter["u"]?.string == "evïan 👩‍🚀gf")
    #expect(interpreter["v"]?.string == "01n")
    #expect(interpreter["w"]?.string == "")
  }
}

@Suite struct SliceTests {
  @Test func slicesAreSetsOfStatements() {
    var slices = Slices()
    var reference: [Int32: Set<Int32>] = [Slices.empty: []]
    var random = SystemRandomNumberGenerator()
    var known: [Int32] = [Slices.empty]
    for round in 0..<400 {
      let (a, b) = (known.randomElement(using: &random)!, known.randomElement(using: &random)!)
      let number = Int32.random(in: 0..<(round % 3 == 0 ? 100_000 : 300), using: &random)
      let (slice, wanted): (Int32, Set<Int32>)
      switch round % 4 {
      case 0, 1: (slice, wanted) = (slices.adding(number, to: a), reference[a]!.union([number]))
      case 2: (slice, wanted) = (slices.union(a, b), reference[a]!.union(reference[b]!))
      default:
        let scope = number...number + 200
        (slice, wanted) = (slices.restricting(a, to: scope), reference[a]!.filter(scope.contains))
      }
      #expect(slices[slice].statements == wanted.sorted())
      #expect(slices.count(of: slice) == wanted.count)
      if slices[slice].repeated < 0 {
        // The same set is the same slice.
        for (other, set) in reference where set == wanted && slices[other].repeated < 0 {
          #expect(other == slice)
        }
      }
      reference[slice] = wanted
      known.append(slice)
    }
  }

  @Test func aStatementThatWouldStandInASliceTwiceIsKnown() {
    var slices = Slices()
    let one = slices.adding(7, to: Slices.none)
    #expect(slices[one].repeated == -1)
    let two = slices.adding(7, to: one)
    #expect(slices[two].repeated == 7 && slices[two].statements == [7])
    #expect(slices[slices.restricting(two, to: 8...9)].repeated == -1)
    #expect(slices[slices.union(one, two)].repeated == 7)
  }

  /// As lists of numbers they would take a gigabyte.
  @Test func longSlicesShareWhatTheyHaveInCommon() {
    var slices = Slices()
    var slice = Slices.none
    for statement in 0..<Int32(20_000) {
      slice = slices.adding(statement, to: slices.restricting(slice, to: 0...statement))
    }
    #expect(slices.count(of: slice) == 20_000)
    #expect(slices.treeCount < 400_000)
  }
}
