import Testing

@testable import NNLanguage

@Suite struct StatementTests {
  @Test(arguments: [
    ("", ""),
    ("# nothing\n\n;;", ""),
    ("x = 1", "(= x 1)"),
    ("A[1, 2] = 7", "(= (index A 1 2) 7)"),
    ("net.W1[1, :] = 0", "(= (index (field-W1 net) 1 all) 0)"),
    ("xs[2].a = 5", "(= (field-a (index xs 2)) 5)"),
    ("dW1 = ?", "(= dW1 hole)"),
    ("W1 -= 0.5 * dW1", "(-= W1 (* 0.5 dW1))"),
    ("x += 1; x *= 2; x /= 3", "(+= x 1) | (*= x 2) | (/= x 3)"),
    ("m, n = size(A)", "(multiAssign m n (call size (argument A)))"),
    ("_, n = size(A)", "(multiAssign discard n (call size (argument A)))"),
    ("a, _, net.b = f()", "(multiAssign a discard (field-b net) (call f))"),
    ("m,\nn = size(A)", "(multiAssign m n (call size (argument A)))"),
    ("param W1 = randn(4, 2)", "(param-W1 (call randn (argument 4) (argument 2)))"),
    ("param X", "param-X"),
    ("if x > 0 { y = 1 }", "(if (> x 0) (block (= y 1)))"),
    ("if a { } else if b { } else { c }", "(if a block b block (block (show c)))"),
    ("if a { }\nelse { c }", "(if a block (block (show c)))"),
    ("if a\n{\n}\nb", "(if a block) | (show b)"),
    ("while J > 0.01 { J = 0 }", "(while (> J 0.01) (block (= J 0)))"),
    ("for i in 1:100 { i; break }", "(for-i (: 1 100) (block (show i) break))"),
    ("repeat 10 { continue }", "(repeat 10 (block continue))"),
    ("fn f(x) = max(x, 0) .^ 2", "(function-f parameter-x (.^ (call max (argument x) (argument 0)) 2))"),
    (
      "fn f(W, g = tanh) { return g(W), 1 }",
      "(function-f parameter-W (parameter-g tanh) (block (return (call g (argument W)) 1)))"
    ),
    ("fn f() { return }", "(function-f (block return))"),
    ("fn f(\n a,\n b,\n) {\n}", "(function-f parameter-a parameter-b block)"),
    ("include \"lib.nn\"", "include"),
    ("x =\n 1", "(= x 1)"),
    (
      "repeat 2 { forward(J); backward(J); step(0.5) }",
      "(repeat 2 (block (show (call forward (argument J))) (show (call backward (argument J))) (show (call step (argument 0.5)))))"
    ),
    ("x = 1\r\ny = 2\r", "(= x 1) | (= y 2)"),
    ("\u{FEFF}x = 1", "(= x 1)"),
  ])
  func parses(text: String, expected: String) { #expect(shape(text) == expected) }

  /// Which of the top-level statements show their value.
  @Test(arguments: [
    ("a", "a"), ("a;", ""), ("a ; b ; c", "c"), ("a\nb", "a b"), ("a; # hidden\nb # shown", "b"),
    ("a = 1", "a = 1"),
    ("if x { a }\nb", "b"), ("fn f() { a }", ""), ("x += 1", "x += 1"), ("m, n = f()", "m, n = f()"),
    ("param W = 1", "param W = 1"), ("a;;", ""), ("a\n;b", "a b"),
  ])
  func echoes(program: String, shown: String) throws {
    let tree = try Parser.parse(program).tree()
    let echoing = tree.children(tree.root).filter { tree.echoes($0) }
    #expect(echoing.map { tree.printed($0) }.joined(separator: " ") == shown)
  }

  /// Each end leaves something open, and says what; the beginning with the second text is whole.
  @Test(arguments: [
    ("x = 1 +", "2", "operand"), ("x =", "2", "operand"), ("f(a,", "b)", "operand"),
    ("x = [1 2", "3]", "closing ]"),
    ("f(", ")", "operand"), ("f(a", ")", "closing )"), ("(", "1)", "operand"), ("A[", "1]", "operand"),
    ("A[1", "]", "closing ]"), ("if x {", "}", "closing }"), ("if x { y", "}", "closing }"),
    ("if x", "{ }", "block"),
    ("while x", "{ }", "block"), ("for i in 1:3", "{ }", "block"), ("for i in", "x { }", "operand"),
    ("repeat 3", "{ }", "block"), ("fn f(x)", "{ }", "block"), ("fn f(x) =", "x", "operand"),
    ("fn f(x", ") = x", "closing )"), ("fn f(", ") = 1", "closing )"), ("x ->", "x", "operand"),
    ("\"abc", "\"", "string"),
    ("\"abc {x", "}\"", "string"), ("\"{f(x", ")}\"", "closing )"), ("\"abc {", "x}\"", "operand"),
    ("a &&", "b", "operand"),
    ("m,", "n = f()", "operand"), ("x = a # why\n +", "b", "operand"), ("[1, 2;", "3, 4]", "closing ]"),
    ("if x { } else", "{ }", "block"), ("a .*", "b", "operand"), ("-", "x", "operand"),
    ("1:", "3", "operand"),
    ("return 1,", "2", "operand"),
  ])
  func saysWhatIsMissing(beginning: String, rest: String, expected: String) throws {
    let incomplete = try #require(Parser.parse(beginning).incomplete, "\(shape(beginning))")
    let description =
      switch incomplete.expected {
      case .operand: "operand"
      case .closing(let mark, _): "closing \(mark)"
      case .string: "string"
      case .block: "block"
      }
    #expect(description == expected)
    #expect(Parser.parse(beginning + "\n" + rest).isComplete, "\(shape(beginning + "\n" + rest))")
  }

  /// These are wrong now; nothing that follows could mend them.
  @Test(arguments: ["x = )", "a b", "f(a b", "x = 1 2 +", "if { ", "1 +\n* 2 (", "x = '"])
  func wrongIsNotIncomplete(text: String) { #expect(Parser.parse(text).errors != nil, "\(shape(text))") }

  @Test func severalErrorsAreReported() throws {
    let errors = try #require(
      Parser.parse("x = )\nok = 1\ny z\nif a {\n b = = 1\n c = 2\n d e\n}\nf(\n1 2)\ng = 3").errors)
    #expect(errors.map { $0.location ?? "" } == ["1:5", "3:3", "5:6", "7:4", "10:3"].map { "test.nn:\($0)" })
  }

  @Test func tooManyErrorsAreNotReported() throws {
    let errors = try #require(Parser.parse(String(repeating: "x = )\n", count: 50)).errors)
    #expect(errors.count == Parser.errorLimit)
  }
}
