import Testing

@testable import NNLanguage

/// Random and damaged texts: whatever comes, the parser answers, and what it accepts it can print and read again.
@Suite struct FuzzTests {
  private func survives(_ bytes: [UInt8]) {
    let source = Source(name: "fuzz.nn", bytes: bytes)
    switch Parser.parse(source) {
    case .complete(let tree): expectSameAfterPrinting(tree)
    case .incomplete(let incomplete): #expect(!incomplete.diagnostic.description.isEmpty)
    case .failed(let diagnostics):
      #expect(!diagnostics.isEmpty)
      for diagnostic in diagnostics { #expect(diagnostic.description.hasPrefix("error: ")) }
    }
  }

  @Test func randomBytes() {
    var dice = Dice(seed: 1)
    for _ in 0..<4000 { survives((0..<dice.roll(80)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }) }
  }

  @Test func randomASCII() {
    var dice = Dice(seed: 2)
    let marks = Array("()[]{}\"'\\:;,.+-*/^=<>!&|?#%@ \n\tabc019_eE~$".utf8)
    for _ in 0..<8000 { survives((0..<dice.roll(60)).map { _ in marks[dice.roll(marks.count)] }) }
  }

  @Test func randomWords() {
    var dice = Dice(seed: 3)
    let words = [
      "if", "else", "while", "for", "in", "repeat", "break", "continue", "return", "fn", "param", "include",
      "end", "x", "f",
      "W1", "_", "1", "2.5", "\"s\"", "\"{", "}\"", "\"", "(", ")", "[", "]", "{", "}", ",", ";", "\n", ":",
      "=", "==", "<", "->",
      "+", "-", "*", ".*", "/", "^", "'", "!", "?", ".", "+=", "&&", "||", "# c\n", "@", "**", "%", "//",
      "and", "not", "let",
      "def", "√", "×", "“", "٣", "\u{202E}", ":.2f",
    ]
    for _ in 0..<20000 {
      var text = ""
      for _ in 0..<dice.roll(25) { text += words[dice.roll(words.count)] + (dice.chance(60) ? " " : "") }
      survives(Array(text.utf8))
    }
  }

  private static let program = """
    # a network
    seed(1)
    param W1 = randn(4, 2)*0.01; param b1 = zeros(4, 1)
    X = [0 0 1 1; 0 1 0 1]; Y = [0, 1, 1, 0]
    fn layer(W, b, X, g = tanh) { Z = W*X + b ; return g(Z) }
    square = x -> x^2
    for i in 1:100 {
      A1 = layer(W1, b1, X)
      if A1[1, end] > 0.5 && !any(isnan(A1)) { break } else if i == 3 { continue }
      W1 -= 0.5 * (A1 - Y)*X'/4
    }
    m, _ = size(A1)
    xs = list("a", [1 -2], 3e-4) ; net.W1[1, :] = xs[2] .* -1
    print("J = {sum(A1, 2)[1]:8.4f} after {i} steps, α = {(1:3)} {{}}\\n")
    dW1 = ?
    """

  @Test func everyBeginningOfAProgram() {
    let bytes = Array(FuzzTests.program.utf8)
    for count in 0...bytes.count { survives(Array(bytes[..<count])) }
    #expect(Parser.parse(FuzzTests.program).isComplete, "\(shape(FuzzTests.program))")
  }

  @Test func damagedPrograms() {
    var dice = Dice(seed: 4)
    let whole = Array(FuzzTests.program.utf8)
    for _ in 0..<6000 {
      var bytes = whole
      for _ in 0...dice.roll(4) {
        let place = dice.roll(bytes.count)
        switch dice.roll(4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: dice.next())
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(whole[dice.roll(whole.count)], at: place)
        default: bytes.swapAt(place, dice.roll(bytes.count))
        }
      }
      survives(bytes)
    }
  }
}

/// Parsing what is printed gives the same tree, and printing that gives the same text.
func expectSameAfterPrinting(_ tree: SyntaxTree, sourceLocation: SourceLocation = #_sourceLocation) {
  let text = tree.printed()
  guard case .complete(let again) = Parser.parse(Source(name: "printed.nn", text: text)) else {
    Issue.record(
      "does not parse: \(text)\n\(Parser.parse(text).errors ?? [])", sourceLocation: sourceLocation)
    return
  }
  let isSame = SyntaxTree.areSame(tree, again)
  #expect(isSame, "\(text)", sourceLocation: sourceLocation)
  #expect(again.printed() == text, sourceLocation: sourceLocation)
}
