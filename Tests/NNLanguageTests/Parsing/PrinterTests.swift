import Testing

@testable import NNLanguage

@Suite struct PrinterTests {
  @Test(arguments: [
    ("Z1=W1*X+b1", "Z1 = W1*X + b1"),
    ("dZ1 = ( W2' * dZ2 ) .* (1-A1.^2)", "dZ1 = (W2'*dZ2) .* (1 - A1.^2)"),
    ("dZ2 = (A2-Y) / 4", "dZ2 = (A2 - Y)/4"),
    ("a.*b*c", "a .* b * c"), ("a*b.*c", "a*b .* c"), ("a*b.*c*d", "a*b .* c * d"),
    ("(a.*b)*c", "(a .* b)*c"),
    ("x\\y", "x \\ y"), ("a&&b||c", "a && b || c"), ("a==b", "a == b"), ("2 ^ -1", "2^-1"), ("! x", "!x"),
    ("a - - b", "a - -b"),
    ("1 : n - 1", "1:n-1"), ("0:.5:2*k", "0:.5:2*k"), ("x[1:a.*b]", "x[1:a.*b]"), ("(1:3)'", "(1:3)'"),
    ("[1 2\n3 4]", "[1, 2; 3, 4]"), ("[a -b]", "[a, -b]"), ("[ ]", "[]"), ("f( x,k=2 )", "f(x, k = 2)"),
    ("(x)->x^2", "x -> x^2"), ("(x,k=1)->x", "(x, k = 1) -> x"), ("()->1", "() -> 1"),
    ("1e-3 + 1.50 + 1_000 + 0.10", "1e-3 + 1.50 + 1_000 + 0.10"), ("1. + 2", "1 + 2"), ("1.e3", "1.e3"),
    ("\"a\\tb{x : 8.3f }\"", "\"a\\tb{x:8.3f}\""), ("\"{(1:3)}{{\"", "\"{(1:3)}{{\""),
    ("\"{x:08.3f}\"", "\"{x:08.3f}\""),
    ("if x{y}else if z{}else{w}", "if x {\n  y\n} else if z { } else {\n  w\n}"),
    ("fn f(x,g=tanh)=g(x)", "fn f(x, g = tanh) = g(x)"), ("return 1 , 2", "return 1, 2"),
    ("m,_=size( A )", "m, _ = size(A)"),
    ("repeat 3{while x{break}}", "repeat 3 {\n  while x {\n    break\n  }\n}"), ("param W=1", "param W = 1"),
    ("include\"a\\\"b\"", "include \"a\\\"b\""),
    ("dW1=?", "dW1 = ?"), ("x-=0.5*y", "x -= 0.5*y"), ("A ⊙ B − C", "A .* B - C"), ("A.'", "A'"),
    ("x ≤ y", "x <= y"),
  ])
  func printsCanonically(text: String, printed: String) throws {
    let tree = try Parser.parse(text).tree()
    #expect(tree.printed() == printed + "\n")
    expectSameAfterPrinting(tree)
  }

  /// Trees that no text gave have the parentheses they need, and no others.
  @Test func builtTreesGetTheirParentheses() {
    var make = SyntaxBuilder()
    let (a, b, c) = (make.name("a"), make.name("b"), make.name("c"))
    let sum = make.binary(.add, a, b)
    let difference = make.binary(.subtract, b, c)
    let minus = make.unary(.minus, a)
    let lambda = make.lambda([make.parameter("x")], make.name("x"))
    let range = make.range(a, b)
    let comparison = make.binary(.less, a, b)
    let power = make.binary(.power, a, b)
    let slotted = make.interpolation([
      make.slot(range), make.string("{"), make.slot(a, format: FormatSpec(width: 8)),
    ])
    let cases: [(NodeID, String)] = [
      (make.binary(.multiply, sum, c), "(a + b)*c"),
      (make.binary(.multiply, c, make.transpose(sum)), "c*(a + b)'"),
      (make.binary(.subtract, a, difference), "a - (b - c)"),
      (make.binary(.add, sum, c), "a + b + c"),
      (make.binary(.power, minus, b), "(-a)^b"),
      (make.binary(.power, power, c), "(a^b)^c"),
      (make.binary(.power, a, power), "a^a^b"),
      (make.binary(.power, a, minus), "a^-a"),
      (make.unary(.minus, power), "-a^b"),
      (make.unary(.minus, sum), "-(a + b)"),
      (make.binary(.less, comparison, c), "(a < b) < c"),
      (make.range(range, c), "(a:b):c"),
      (make.range(sum, c), "a+b:c"),
      (make.call(lambda, [make.argument(a)]), "(x -> x)(a)"),
      (make.binary(.add, lambda, a), "(x -> x) + a"),
      (make.index(sum, [make.colon(), make.end()]), "(a + b)[:, end]"),
      (make.field(make.number(2), "b"), "(2).b"),
      (make.call(make.number(2), []), "(2)()"),
      (make.number(-1.5), "-1.5"),
      (make.binary(.power, make.number(-2), make.number(2)), "(-2)^2"),
      (make.number(.infinity), "inf"),
      (make.number(.nan), "nan"),
      (make.number(1e-5), "1e-5"),
      (make.number(1e300), "1e300"),
      (make.number(0.1), "0.1"),
      (slotted, "\"{(a:b)}{{{a:8}\""),
      (make.matrix([make.matrixRow([a, make.unary(.minus, b)]), make.matrixRow([sum])]), "[a, -b; a + b]"),
      (make.call("where", [a, a]), "where(a, a)"),
    ]
    for (node, text) in cases {
      let tree = make.finish(node)
      #expect(tree.printed() == text)
      let again = try? Parser.parseExpression(Source(name: "t", text: text)).tree()
      let isSame = again.map { SyntaxTree.areSame(tree, $0) }
      #expect(isSame == true, "\(text)")
    }
  }

  @Test func statementsCanBeBuilt() throws {
    var make = SyntaxBuilder()
    let assign = make.assign(
      make.name("dW1"), make.binary(.multiply, make.name("dZ1"), make.transpose(make.name("X"))))
    let loop = make.repeat(make.number(3), make.block([assign]))
    #expect(make.finish(loop).printed() == "repeat 3 {\n  dW1 = dZ1*X'\n}")
  }

  @Test func copiesAreTheSameAndCanBeChanged() throws {
    let tree = try Parser.parse(
      "fn f(x, k = 1e-3) { if x > 0 { y = [1, -x; k, end_] } ; return \"{y:8.3f}\", A[1, :].b' }\ndZ1 = dW2'*dZ2 .* (1 - A1.^2)"
    ).tree()
    var make = SyntaxBuilder()
    let copy = make.finish(make.copy(tree.root, from: tree))
    let isSame = SyntaxTree.areSame(tree, copy)
    #expect(isSame)
    #expect(copy.printed() == tree.printed())

    var edit = SyntaxBuilder()
    let statement = tree.child(tree.root, 1)
    let mended = edit.copy(statement, from: tree) { node, make in
      guard tree.kind(node) == .name, tree.nameID(node).map(tree.name) == "dW2" else { return nil }
      return make.name("W2")
    }
    #expect(edit.finish(mended).printed() == "dZ1 = W2'*dZ2 .* (1 - A1.^2)")
  }

  @Test func differentTreesDiffer() throws {
    let texts = [
      "a + b", "a - b", "b + a", "a", "1", "2", "\"a\"", "\"b\"", "f(a)", "f(a = a)", "f(b = a)", "a.b",
      "a.c", "\"{a}\"", "\"{a:8}\"", "a = 1",
      "a += 1", "a -= 1", "[a, b]", "[a; b]", "x -> x", "a;", "param a = 1", "for i in a { }",
      "for j in a { }", "include \"x\"", "include \"y\"",
    ]
    for first in texts {
      for second in texts {
        let (a, b) = try (Parser.parse(first).tree(), Parser.parse(second).tree())
        let isSame = SyntaxTree.areSame(a, b)
        #expect(isSame == (first == second), "\(first) and \(second)")
      }
    }
  }
}
