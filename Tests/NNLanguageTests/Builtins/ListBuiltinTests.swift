import Testing

@testable import NNLanguage

/// Lists, strings, functions, output and assertions.
@Suite struct ListBuiltinTests {
  @Test(arguments: [
    Case("append(list(1), 2, \"a\")", "list(1, 2, \"a\")"),
    Case("xs = list(1); ys = append(xs, 2); length(xs)", "1"),
    Case("contains(list(\"a\", [1 2]), [1 2])", "1"), Case("contains(list(\"a\"), 1)", "0"),
    Case("contains([1 2; 3 4], 3)", "1"),
    Case("contains(\"needle\", \"eed\")", "1"), Case("contains(\"needle\", \"x\")", "0"),
    Case("join(list(\"a\", 1, [1 2]), \"-\")", "\"a-1-[1, 2]\""), Case("join(list())", "\"\""),
    Case("number(\" 3.5 \")", "3.5"), Case("number(\"-1e-3\")", "-0.001"), Case("number(\"inf\")", "inf"),
    Case("number(\"nan\")", "nan"),
    Case("number(list(\"1\", \"2\"))", "[1 2]"), Case("number([1 2])", "[1 2]"),
    Case("format(pi, \".3f\")", "\"3.142\""),
    Case("format(3.14159, \"8.2f\")", "\"    3.14\""), Case("format(2)", "\"2\""),
    Case("format(\"ab\", \"4\")", "\"ab  \""),
    Case("format([1 2.5], \".2f\")", "\"[1.00, 2.50]\""), Case("format(1234.5, \"e\")", "\"{1234.5:e}\""),
  ]) func listsAndStrings(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("map(x -> x^2, [1 2; 3 4])", "[1 4; 9 16]"), Case("map(x -> x*2, list(1, [1 2]))", "list(2, [2 4])"),
    Case("map((a, b) -> a - b, [5 6], [1 2])", "[4 4]"), Case("map(sin, 0:1)", "sin(0:1)"),
    Case("map(x -> [x x], [1 2])", "list([1 1], [2 2])"),
    Case("map(x -> \"n{x}\", 1:2)", "list(\"n1\", \"n2\")"), Case("map(x -> x, 7)", "7"),
    Case("length(map(sin, list()))", "0"),
    Case("size(map(sin, zeros(0, 3)))", "[0 3]"), Case("k = 10; map(x -> x + k, [1 2])", "[11 12]"),
    Case("fn f(x, y = 100) = x + y; map(f, [1 2])", "[101 102]"),
    Case("map(x -> map(y -> x*y, [1 2]), list(3, 4))", "list([3 6], [4 8])"),
    Case("filter(x -> x > 1, [3 1 2])", "[3 2]"), Case("filter(x -> x > 1, [3; 1; 2])", "[3; 2]"),
    Case("filter(x -> length(x) > 1, list(\"ab\", \"c\"))", "list(\"ab\")"),
    Case("size(filter(x -> 0, [1 2]))", "[1 0]"),
    Case("reduce((a, b) -> a*b, 1:5)", "120"), Case("reduce((a, b) -> a + b, [], 7)", "7"),
    Case("reduce((a, b) -> \"{a}{b}\", list(\"x\", \"y\", \"z\"))", "\"xyz\""),
    Case("reduce((a, b) -> a - b, [1 2], 10)", "7"),
    Case("copy([1 2])", "[1 2]"), Case("a = list(1); b = copy(a); b[1] = 2; a", "list(1)"),
    Case("tanh == tanh", "1"),
  ]) func functions(_ row: Case) throws { try row.check(in: Session()) }

  @Test func mappingStaysInTheGraph() throws {
    let session = try Session()
    try session.interpreter.run("param w = [1 2; 3 4]; J = sum(map(x -> x^3, w)); backward(J)")
    try Case("dw", "[3 12; 27 48]", within: 1e-12).check(in: session)
    try session.interpreter.run("J = reduce((a, b) -> a*b, w); backward(J)")
    try Case("dw", "[24 12; 8 6]", within: 1e-12).check(in: session)
  }

  @Test(
    arguments: [
      ("print(1, \"a\", 2.5)", "1 a 2.5\n"), ("print()", "\n"), ("print(\"x\\ny\")", "x\ny\n"),
      ("print(\"\")", "\n"),
      ("print([1 2; 3 4])", "1  2\n3  4\n"), ("print(\"A:\", [1 2; 3 4], \"end\")", "A:\n1  2\n3  4\nend\n"),
      ("print(list(1, \"a\"))", "list(1, \"a\")\n"), ("print(pi)", "3.1416\n"),
      ("digits(10); print(pi)", "3.141592654\n"),
      ("digits(3); print(digits())", "3\n"), ("map(print, list(1, 2))", "1\n2\n"), ("assert(1)", ""),
      ("assert([1 1; 2 3])", ""),
      ("assert_close([1 2], [1 2 + 1e-10])", ""), ("assert_close(1e20, 1e20 + 1e4)", ""),
      ("assert_close(inf, inf)", ""),
      ("assert_close(1, 1.05, 0.1)", ""), ("assert_close([], [])", ""), ("sum = 0; help(sum)", nil),
    ] as [(String, String?)]) func shows(program: String, output: String?) throws
  {
    let found = try Session().output(of: program)
    if let output { #expect(found == output) } else { #expect(found.hasPrefix("sum(A)")) }
  }

  @Test(arguments: [
    ("assert(1 == 2)", "this does not hold: 1 == 2"), ("assert(0, \"numbers add up\")", "numbers add up"),
    ("assert([1 0; 1 1])", "this does not hold at [1, 2]"), ("assert([])", "this does not hold"),
    ("assert(nan)", "does not hold"),
    ("assert(\"a\")", "assert needs a matrix as condition"), ("error(\"stop here\")", "stop here"),
    ("error(3)", "3"),
    (
      "x = [1 2; 3 4]; assert_close(x, [1 2; 3 5])",
      "x[2, 2] is 4, and b[2, 2] is 5 | they differ by 1, and 5e-09 is allowed"
    ),
    ("assert_close([1 2], [1; 2])", "is 1×2, and b is 2×1"),
    ("assert_close(nan, nan)", "nan"),
    ("assert_close([1 1 1], [1.1 1.3 1.2])", "a[1, 2] is 1, and b[1, 2] is 1.3"),
    ("assert_close(1, 1 + 2e-9)", "differ by 2e-09"),
    ("assert_close(1, 1, -1)", "assert_close: tol must be at least 0"),
    ("map([1 2], x -> x)", "the function comes first: map(x -> x, [1 2])"),
    ("map((a, b) -> a, [1 2], [1 2 3])", "[1 2] has 2 elements, [1 2 3] 3"),
    ("map(x -> y, [1 2])", "y is not defined"),
    ("map(3, [1 2])", "map needs a function as f, and this is a number"),
    ("filter(x -> \"a\", [1])", "must give a number"),
    ("filter(x -> 1, [1 2; 3 4])", "filter needs a list or a vector"),
    ("reduce((a, b) -> a, [])", "reduce: there are no elements"),
    ("append([1 2], 3)", "append needs a list as xs, and this is a 1×2 matrix | [[1 2], 3]"),
    ("v = [1 2]; append(v, 3)", "[v, 3]"),
    ("append(sin, 3)", "append needs a list as xs, and this is a function"),
    ("number(\"abc\")", "number: \"abc\" is not a number"),
    ("number(\"0x10\")", "is not a number"),
    ("number(\"\")", "is not a number"), ("format(1, \"zz\")", "\"zz\" is no format"),
    ("digits(0)", "digits: n must be from 1 to 17"),
    ("join(3)", "join needs a list"), ("contains(sin, 1)", "contains needs a list"),
    ("help(\"sigmod\")", "did you mean sigmoid?"),
    ("help(\"matmul\")", "the matrix product is `A*B`"), ("help(\"W1*X\")", "nothing is known of \"W1*X\""),
  ]) func refuses(program: String, message: String) throws {
    let failure = try #require(try Session().failure(of: program))
    #expect(failure.contains(message), "\(failure)")
  }

  @Test func aDeepOrLongMapEnds() throws {
    let session = try Session()
    try session.interpreter.run("fn f(n) { if n > 0 { map(f, list(n - 1)) }; return n }")
    #expect(session.failure(of: "f(1e9)")?.contains("too deep") == true)
    try Case("f(100)", "100").check(in: session)
    session.interpreter.cancellation.raise()
    #expect(session.failure(of: "map(sin, zeros(1, 100));") == "interrupted")
    session.interpreter.cancellation.clear()
  }
}
