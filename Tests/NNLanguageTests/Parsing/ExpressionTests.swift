import Testing

@testable import NNLanguage

@Suite struct ExpressionTests {
  /// The tree of one expression statement.
  private func tree(_ text: String) -> String {
    let shape = shape(text)
    return shape.hasPrefix("(show ") ? String(shape.dropFirst(6).dropLast()) : shape
  }

  @Test(arguments: [
    ("2 + 3 * 4", "(+ 2 (* 3 4))"),
    ("a - b - c", "(- (- a b) c)"),
    ("a / b * c", "(* (/ a b) c)"),
    ("a .* b \\ c", "(\\ (.* a b) c)"),
    ("-2^2", "(u- (^ 2 2))"),
    ("2^3^2", "(^ 2 (^ 3 2))"),
    ("2^-1", "(^ 2 (u- 1))"),
    ("2^-3^2", "(^ 2 (u- (^ 3 2)))"),
    ("a^!b", "(^ a (u! b))"),
    ("-a*b", "(* (u- a) b)"),
    ("a*-b", "(* a (u- b))"),
    ("a - -b", "(- a (u- b))"),
    ("!x == y", "(== (u! x) y)"),
    ("!-x", "(u! (u- x))"),
    ("+x", "(u+ x)"),
    ("a == b && c || d", "(|| (&& (== a b) c) d)"),
    ("a || b && c", "(|| a (&& b c))"),
    ("x > 0 && !(y < 1) || false", "(|| (&& (> x 0) (u! (< y 1))) false)"),
    ("1:n+1", "(: 1 (+ n 1))"),
    ("0:0.5:2", "(: 0 0.5 2)"),
    ("1:3 == 1:3", "(== (: 1 3) (: 1 3))"),
    ("x -> x^2", "(lambda parameter-x (^ x 2))"),
    ("x -> y -> x + y", "(lambda parameter-x (lambda parameter-y (+ x y)))"),
    ("(x, y) -> x + y", "(lambda parameter-x parameter-y (+ x y))"),
    ("(x, k = 2) -> x^k", "(lambda parameter-x (parameter-k 2) (^ x k))"),
    ("() -> 1", "(lambda 1)"),
    ("(x) -> x", "(lambda parameter-x x)"),
    ("W2'*dZ2 .* (1 - A1.^2)", "(.* (* (' W2) dZ2) (- 1 (.^ A1 2)))"),
    ("a^b'", "(^ a (' b))"),
    ("-x'", "(u- (' x))"),
    ("A''", "(' (' A))"),
    ("A.'", "(' A)"),
    ("x.^2'", "(.^ x (' 2))"),
    ("f(x)(y)[1].z'", "(' (field-z (index (call (call f (argument x)) (argument y)) 1)))"),
    ("f ( x )", "(call f (argument x))"),
    ("A [1]", "(index A 1)"),
    ("train(net, X, epochs = 50,)", "(call train (argument net) (argument X) (argument-epochs 50))"),
    ("f(x == 1)", "(call f (argument (== x 1)))"),
    ("f(x -> x, 1)", "(call f (argument (lambda parameter-x x)) (argument 1))"),
    ("A[:, 1]", "(index A all 1)"),
    ("A[end, :]", "(index A end all)"),
    ("A[1:end-1]", "(index A (: 1 (- end 1)))"),
    ("A[B[end]]", "(index A (index B end))"),
    ("A[f(end)]", "(index A (call f (argument end)))"),
    ("t.end.for", "(field-for (field-end t))"),
    ("a ≤ b", "(<= a b)"),
    ("A ⊙ B", "(.* A B)"),
    ("a − b", "(- a b)"),
    (#""J = {J:.4f} after {i} steps""#, #"(interpolation "J = " (slot:.4f J) " after " (slot i) " steps")"#),
    (
      #""{f("{x}")}{(1:3)}""#,
      "(interpolation (slot (call f (argument (interpolation (slot x))))) (slot (: 1 3)))"
    ),
    (#""{x: 8.2e }""#, "(interpolation (slot:8.2e x))"),
    ("1 +\n 2", "(+ 1 2)"),
    ("(1\n + 2\n)", "(+ 1 2)"),
    ("f(\n a,\n b\n)", "(call f (argument a) (argument b))"),
    ("A[1,\n 2\n]", "(index A 1 2)"),
    ("x ->\n x", "(lambda parameter-x x)"),
    ("1./A", "(./ 1 A)"),
    ("2.*A", "(.* 2 A)"),
  ])
  func parses(text: String, expected: String) { #expect(tree(text) == expected) }

  @Test(arguments: [
    ("[1, 2; 3, 4]", "(matrix (row 1 2) (row 3 4))"),
    ("[1 2; 3 4]", "(matrix (row 1 2) (row 3 4))"),
    ("[]", "matrix"),
    ("[ ]", "matrix"),
    ("[;\n]", "matrix"),
    ("[1 -2]", "(matrix (row 1 (u- 2)))"),
    ("[1 - 2]", "(matrix (row (- 1 2)))"),
    ("[1 -2 + 3]", "(matrix (row 1 (+ (u- 2) 3)))"),
    ("[a -b]", "(matrix (row a (u- b)))"),
    ("[a - b]", "(matrix (row (- a b)))"),
    ("[a-b]", "(matrix (row (- a b)))"),
    ("[a- b]", "(matrix (row (- a b)))"),
    ("[a +b]", "(matrix (row a (u+ b)))"),
    ("[a !b]", "(matrix (row a (u! b)))"),
    ("[a != b]", "(matrix (row (!= a b)))"),
    ("[a (b)]", "(matrix (row a b))"),
    ("[a(b)]", "(matrix (row (call a (argument b))))"),
    ("[a [b]]", "(matrix (row a (matrix (row b))))"),
    ("[a[1]]", "(matrix (row (index a 1)))"),
    ("[f(x) g]", "(matrix (row (call f (argument x)) g))"),
    ("[a' b']", "(matrix (row (' a) (' b)))"),
    ("[a', b']", "(matrix (row (' a) (' b)))"),
    ("[(a -b)]", "(matrix (row (- a b)))"),
    ("[A[1, 2 -1]]", "(matrix (row (index A 1 (- 2 1))))"),
    ("[[1 -2]]", "(matrix (row (matrix (row 1 (u- 2)))))"),
    ("[1 2\n3 4]", "(matrix (row 1 2) (row 3 4))"),
    ("[1, 2,\n 3]", "(matrix (row 1 2 3))"),
    ("[\n 1 2\n 3 4 # last\n]", "(matrix (row 1 2) (row 3 4))"),
    ("[1 +\n 2]", "(matrix (row (+ 1 2)))"),
    ("[1, 2;]", "(matrix (row 1 2))"),
    ("[1, 2,]", "(matrix (row 1 2))"),
    ("[\"a\" \"b\"]", "(matrix (row \"a\" \"b\"))"),
    ("[1:3]", "(matrix (row (: 1 3)))"),
    ("[1 : 3]", "(matrix (row (: 1 3)))"),
    ("[x -> x]", "(matrix (row (lambda parameter-x x)))"),
    ("[1 , -2]", "(matrix (row 1 (u- 2)))"),
    ("[a ' b]", "failed: `'` is the transpose, directly after what it transposes"),
    ("[a.b .5]", "(matrix (row (field-b a) 0.5))"),
    ("x[end] ; [end]", "failed: expected an element or `]`, found the word `end`"),
  ])
  func parsesMatrices(text: String, expected: String) { #expect(tree(text) == expected) }

  @Test func parenthesesAreKept() throws {
    let tree = try Parser.parse("(a + b)*c").tree()
    guard case .expression(let product) = tree.statement(tree.child(tree.root, 0)),
      case .binary(.multiply, let left, let right) = tree.expression(product)
    else {
      Issue.record("not a product")
      return
    }
    #expect(tree.isParenthesized(left) && !tree.isParenthesized(right))
    #expect(tree.range(left) == SourceRange(0, 7))
    #expect(tree.source?.text(tree.operatorRange(product)) == "*")
  }

  @Test(arguments: [
    "«a» + b", "a + «f(x)[1]»", "(«a + b»)", "[1, «x'»]", "x = «-y^2»", "\"{«z»}\"", "f(«k = 3»)",
    "A[«1:end»]",
  ])
  func nodesKnowTheirPlace(marked: String) throws {
    let marked = MarkedSource(marked)
    let tree = try Parser.parse(marked.source).tree()
    let ranges = (0..<tree.nodeCount).map { tree.range(NodeID(Int32($0))) }
    let wanted = marked.ranges[0]
    // A parenthesised expression's range takes its parentheses in.
    #expect(ranges.contains(wanted) || ranges.contains(SourceRange(wanted.start - 1, wanted.end + 1)))
  }

  @Test func operatorsOfTwoSpellingsKnowTheirPlace() throws {
    let marked = MarkedSource("A «⊙» B")
    let tree = try Parser.parse(marked.source).tree()
    let product = tree.child(tree.child(tree.root, 0), 0)
    #expect(tree.operatorRange(product) == marked.ranges[0])
  }

  @Test func childrenComeBeforeTheirParents() throws {
    let tree = try Parser.parse(
      "fn f(x, y = 2) { if x > 1 { return [x, -y; 1:3, \"{x}\"] } }\nA[1, :].b = f(3)"
    ).tree()
    for index in 0..<tree.nodeCount {
      let node = NodeID(Int32(index))
      #expect(tree.children(node).allSatisfy { $0 < node })
    }
  }

  @Test func readsASingleExpression() throws {
    let tree = try Parser.parseExpression(Source(name: "e", text: " a + b \n")).tree()
    #expect(tree.shape(tree.root) == "(+ a b)")
    #expect(Parser.parseExpression(Source(name: "e", text: "a = b")).errors != nil)
    #expect(Parser.parseExpression(Source(name: "e", text: "a +")).incomplete?.expected == .operand)
    #expect(Parser.parseExpression(Source(name: "e", text: "")).incomplete?.expected == .operand)
  }
}
