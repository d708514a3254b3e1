import Testing

@testable import NNLanguage

/// Builtins that make, measure, order and reduce matrices. What they should give was worked out by hand or with NumPy.
@Suite struct MatrixBuiltinTests {
  @Test(arguments: [
    Case("zeros(2, 3)", "[0 0 0; 0 0 0]"), Case("ones(1, 2)", "[1 1]"),
    Case("zeros(size([1 2; 3 4; 5 6]))", "ones(3, 2) - 1"),
    Case("numel(zeros(0, 5))", "0"), Case("eye(2)", "[1 0; 0 1]"), Case("eye(2, 3)", "[1 0 0; 0 1 0]"),
    Case("eye(1)", "1"), Case("linspace(0, 1, 5)", "[0 0.25 0.5 0.75 1]"), Case("linspace(3, 5, 1)", "5"),
    Case("numel(linspace(0, 1))", "100"), Case("linspace(0.1, 0.7, 3)[end]", "0.7"),
    Case("size(linspace(0, 1, 0))", "[1 0]"),
  ]) func makes(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("size([1 2; 3 4; 5 6])", "[3 2]"), Case("size(3, 1)", "1"), Case("size([1 2 3], 2)", "3"),
    Case("rows([1 2 3])", "1"), Case("columns([1 2 3])", "3"), Case("numel([1 2; 3 4])", "4"),
    Case("length([5; 6; 7])", "3"),
    Case("length(7)", "1"), Case("length([])", "0"), Case("length(\"añb\")", "3"),
    Case("length(list(1, 2))", "2"),
    Case("reshape(1:6, 2, 3)", "[1 2 3; 4 5 6]"), Case("reshape([1 2; 3 4], 1, 4)", "[1 2 3 4]"),
    Case("reshape(1:6, 3, -1)", "[1 2; 3 4; 5 6]"), Case("reshape(1:6, -1, 3)", "[1 2 3; 4 5 6]"),
    Case("reshape(1:6, [2 3])", "[1 2 3; 4 5 6]"), Case("size(reshape([], 0, 5))", "[0 5]"),
    Case("repmat([1 2], 2, 2)", "[1 2 1 2; 1 2 1 2]"), Case("repmat(7, 1, 3)", "[7 7 7]"),
    Case("size(repmat([1 2], 0, 3))", "[0 6]"), Case("stretch([1; 2], 2, 3)", "[1 1 1; 2 2 2]"),
    Case("diag([1 2])", "[1 0; 0 2]"), Case("diag([1 2; 3 4])", "[1; 4]"),
    Case("scatter([1 2; 3 4], [1 1], [2 3], 2, 3)", "[0 4 6; 0 0 0]"),
  ]) func measuresAndMoves(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("sort([3 1 2])", "[1 2 3]"), Case("sort([3 1; 2 4])", "[1 2; 3 4]"),
    Case("sort([3 4; 2 1], 1)", "[2 1; 3 4]"),
    Case("sort([3 4; 2 1], dim = 2)", "[3 4; 1 2]"), Case("sort([2 nan 1])", "[1 2 nan]"),
    Case("sort(list(\"b\", \"a\"))", "list(\"a\", \"b\")"), Case("s, k = sort([30 10 20]); k", "[2 3 1]"),
    Case("s, k = sort([3 1 2; 9 7 8], 2); k", "[2 3 1; 2 3 1]"),
    Case("s, k = sort([3 1; 2 4; 1 5], 1); k", "[3 1; 2 2; 1 3]"),
    Case("s, k = sort([3 1; 2 4]); k", "[2 3; 1 4]"), Case("s, k = sort([1 1 0 1]); k", "[3 1 2 4]"),
    Case("s, k = sort(list(\"b\", \"c\", \"a\")); k", "[3 1 2]"),
    Case("unique([3 1 3 2 1])", "[1 2 3]"), Case("v, n = unique([3 1 3 2 1]); n", "[2 1 2]"),
    Case("unique([nan 1 nan])", "[1 nan]"), Case("v, n = unique([nan 1 nan]); n", "[1 2]"),
    Case("v, n = unique([0 -0 1]); n", "[2 1]"), Case("size(unique([]))", "[1 0]"),
    Case("v, n = unique(list(\"b\", \"a\", \"b\")); v", "list(\"a\", \"b\")"),
    Case("v, n = unique(list(\"b\", \"a\", \"b\")); n", "[1 2]"),
    Case("find([5 0 7] > 4)", "[1 3]"), Case("find([0 1; 1 1])", "[2 3 4]"),
    Case("i, j = find([0 1; 1 1]); i", "[1 2 2]"),
    Case("i, j = find([0 1; 1 1]); j", "[2 1 2]"), Case("numel(find([0 0]))", "0"), Case("find(nan)", "1"),
  ]) func orders(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("sum([1 2; 3 4])", "10"), Case("sum([1 2; 3 4], 1)", "[4 6]"),
    Case("sum([1 2; 3 4], dim = 2)", "[3; 7]"),
    Case("mean([1 2; 3 4], 2)", "[1.5; 3.5]"), Case("prod([1 2; 3 4], 1)", "[3 8]"),
    Case("max([1 5; 3 4])", "5"),
    Case("max([1 5; 3 4], dim = 1)", "[3 5]"), Case("max([1 5; 3 4], [2; 4])", "[2 5; 4 4]"),
    Case("m, k = max([1 9 3]); k", "2"), Case("m, k = min([4 5; 3 9], dim = 2); k", "[1; 1]"),
    Case("min([1 5; 3 4], dim = 2)", "[1; 3]"), Case("argmax([1 5; 3 4], 1)", "[2 1]"),
    Case("argmin([4 2; 1 3])", "3"),
    Case("argmax([1 nan 3])", "2"), Case("any([0 0; 0 1], 1)", "[0 1]"), Case("all([1 1; 0 1], 2)", "[1; 0]"),
    Case("all([])", "1"), Case("any([])", "0"), Case("sum([])", "0"), Case("prod([])", "1"),
    Case("var([4 -2 1; 0 3 5])", "5.805555555555556", within: 1e-15),
    Case("std([4 -2 1; 0 3 5], 2)", "[2.449489742783178; 2.0548046676563256]", within: 1e-15),
    Case("norm([4 -2 1; 0 3 5])", "7.416198487095663", within: 1e-15),
    Case("norm([4 -2 1; 0 3 5], 1)", "[4 3.605551275463989 5.0990195135927845]", within: 1e-15),
    Case("cumsum([1 2; 3 4])", "[1 3; 6 10]"), Case("cumsum([1 2; 3 4], 1)", "[1 2; 4 6]"),
    Case("cumsum([1 2; 3 4], 2)", "[1 3; 3 7]"),
    Case("cumprod([1 2; 3 4])", "[1 2; 6 24]"), Case("cumprod([1 2; 3 4], 1)", "[1 2; 3 8]"),
    Case("cumprod([1 2; 3 4], dim = 2)", "[1 2; 3 12]"), Case("cumprod([2 0 3 nan])", "[2 0 0 nan]"),
    Case("median([3 1 20])", "3"), Case("median([4 1; 3 2])", "2.5"),
    Case("median([4 1; 3 2; 9 9], 1)", "[4 2]"),
    Case("median([4 1; 3 2], 2)", "[2.5; 2.5]"), Case("median([1 nan 3])", "nan"), Case("median(7)", "7"),
    Case("median([1 nan; 3 4], dim = 1)", "[2 nan]"), Case("median([1e308 1.5e308])", "1.25e308"),
    Case("median([-inf 1 inf])", "1"), Case("median([inf inf])", "inf"),
    Case("isinf([1 -inf nan inf])", "[0 1 0 1]"), Case("isfinite([1 -inf nan 1e308])", "[1 0 0 1]"),
    Case("isinf(inf)", "1"), Case("isfinite(nan)", "0"),
    Case("diff([1 4 9])", "[3 5]"), Case("diff([1; 4; 9])", "[3; 5]"), Case("diff([1 2; 5 9], 1)", "[4 7]"),
    Case("diff([1 2; 5 9], dim = 2)", "[1; 4]"), Case("size(diff(5))", "[1 0]"), Case("diff([1 4])", "3"),
    Case("size(diff([]))", "[0 0]"), Case("size(diff(zeros(0, 3), 1))", "[0 3]"),
    Case("sort([3 1 2], descending = true)", "[3 2 1]"), Case("sort([1 2; 4 3], 1, true)", "[4 3; 1 2]"),
    Case("sort([3 nan 1 5], descending = true)", "[5 3 1 nan]"), Case("sort(3, descending = true)", "3"),
    Case("s, k = sort([2 7 7 1], descending = true); k", "[2 3 1 4]"),
    Case("sort([2 1], descending = false)", "[1 2]"),
    Case("s, k = sort([1 5; 2 4], 2, descending = true); [s k]", "[5 1 2 1; 4 2 2 1]"),
    Case("sort(list(\"b\", \"c\", \"a\"), descending = true)", "list(\"c\", \"b\", \"a\")"),
    Case(
      "logsumexp([4 -2 1; 0 3 5])", "[4.0181499279178094 3.0067153484891183 5.0181499279178094]",
      within: 1e-15),
    Case("logsumexp([4 -2 1; 0 3 5], 2)", "[4.050945763522998; 5.132845233727576]", within: 1e-15),
    Case("where([1 0 1], [1 2 3], 0)", "[1 0 3]"), Case("clip([-3 0.5 9], -1, 1)", "[-1 0.5 1]"),
    Case("erf(0.5)", "0.5204998778130465", within: 1e-15), Case("leaky_relu([-2 3])", "[-0.02 3]"),
    Case("leaky_relu([-2 3], slope = 0.5)", "[-1 3]"), Case("elu(-1)", "exp(-1) - 1", within: 1e-15),
    Case("elu(-1, 2)", "2*(exp(-1) - 1)", within: 1e-15), Case("mod(-7, 3)", "2"),
  ]) func reduces(_ row: Case) throws { try row.check(in: Session()) }

  /// Gradients at the places that random ones miss: zeros, and elements that are equal.
  @Test(arguments: [
    ("cumprod(x)", "[2 0 3 0]"), ("cumprod(x)", "[2 3 4]"), ("cumprod(x, 1)", "[0 1; 2 0; 3 4]"),
    ("median(x).*[1 2]", "[1 5 2 4]"), ("median(x, 2)", "[3 1 2; 9 7 8]"), ("diff(x).^2", "[1 4 9]"),
    ("diff(x, 1).^2", "[1 2; 5 9; 3 3]"), ("sort(x, descending = true) .* (1:4)", "[1 5 2 4]"),
  ])
  func gradientsAgreeWithDifferences(_ formula: String, _ x: String) throws {
    let session = try Session()
    let text = "param x = \(x); J = sum((1 + \(formula)).^2); backward(J); "
    let difference = """
      fn cost(x) = sum((1 + \(formula)).^2)
      D = 0*x; h = 1e-6
      for i in 1:rows(x) { for j in 1:columns(x) {
        E = 0*x; E[i, j] = h; D[i, j] = (cost(x + E) - cost(x - E))/(2*h)
      } }
      """
    try session.interpreter.run(text + "\n" + difference)
    try Case("dx", "D", within: 1e-6).check(in: session)
  }

  @Test(arguments: [
    Case("[1 2 3; 4 5 6] \\ [1; 2]", "[-1/18; 1/9; 5/18]", within: 1e-14),
    Case("[1 2 2] \\ 9", "[1; 2; 2]", within: 1e-14), Case("[3; 4]' \\ 25", "[3; 4]", within: 1e-14),
    Case("pinv([1 2; 2 4])*[5; 10]", "[1; 2]", within: 1e-14), Case("pinv(4)", "0.25"),
    Case("A = [1 2 3; 4 5 6]; pinv(A)*[1; 2] - A \\ [1; 2]", "[0; 0; 0]", within: 1e-14),
    Case("size(pinv(zeros(0, 3)))", "[3 0]"),
  ]) func solvesWithLeastNorm(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("svd([4 -2 1; 0 3 5])", "[5.837505736098506; 4.574224172580203]", within: 1e-14),
    Case("A = [4 -2 1; 0 3 5]; U, S, V = svd(A); U*S*V'", "[4 -2 1; 0 3 5]", within: 1e-14),
    Case("U, S, V = svd([4 -2 1; 0 3 5]); [size(U) size(S) size(V)]", "[2 2 2 2 3 2]"),
    Case("U, S, V = svd([4 -2 1; 0 3 5]); U'*U + V'*V", "2*eye(2)", within: 1e-14),
    Case("U, S, V = svd([3; 4]); S", "5", within: 1e-15),
    Case("eig([2 1 0; 0 3 1; 0 0 5])", "[2; 3; 5]", within: 1e-14),
    Case(
      "eig([4 1 2; 1 3 0; 2 0 1])", "[-0.06870782332995651; 2.722245633762532; 5.346462189567424]",
      within: 1e-14),
    Case("A = [4 1 2; 1 3 0; 2 0 1]; V, D = eig(A); A*V - V*D", "zeros(3, 3)", within: 1e-14),
    Case("V, D = eig([2 1 0; 0 3 1; 0 0 5]); sum(V.^2, 1)", "[1 1 1]", within: 1e-14),
    Case("eig(3)", "3"), Case("rank([1 2; 2 4])", "1"), Case("rank(eye(3))", "3"),
    Case("rank(zeros(2, 2))", "0"),
    Case("rank([])", "0"), Case("det([2 1; 1 3])", "5", within: 1e-15), Case("trace([1 2; 3 4])", "5"),
    Case("inv([2 1; 1 1])", "[1 -1; -1 2]", within: 1e-14),
  ]) func factors(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    (
      "zeros(3)",
      "zeros needs rows and columns: is it to be 3×3, 3×1 or 1×3? | zeros(3, 3), zeros(3, 1) or zeros(1, 3)"
    ),
    (
      "n = 3; ones(n)",
      "ones needs rows and columns: is it to be 3×3, 3×1 or 1×3? | ones(n, n), ones(n, 1) or ones(1, n)"
    ),
    ("rand(4)", "rand(4, 4), rand(4, 1) or rand(1, 4)"), ("randn(4)", "randn(4, 4)"),
    ("randint(1, 6, 2)", "randint(1, 6, 2, 2), randint(1, 6, 2, 1) or randint(1, 6, 1, 2)"),
    ("zeros(2.5, 2)", "zeros: rows must be a whole number and not negative, and this is 2.5"),
    ("zeros(2, -1)", "zeros: columns must be a whole number and not negative, and this is -1"),
    ("zeros(nan, 3)", "rows must be a whole number"), ("ones(inf, 3)", "rows must be a whole number"),
    ("zeros(1e6, 1e6)", "would take"), ("zeros(1e300, 2)", "would take"), ("zeros(1e18, 1e18)", "would take"),
    ("zeros(0, 1e18)", "more rows or columns than"),
    ("repmat(zeros(1, 0), 1e18, 1)", "more rows or columns than"),
    ("zeros(\"a\", 2)", "zeros needs a number as rows, and this is a string"),
    ("linspace(0, 1, -1)", "n must be"),
    ("eye(1e10)", "would take"), ("sum([1 2], 3)", "sum: dim must be 1 or 2, and this is 3"),
    ("max([1 2], [3 4], 1)", "either a second matrix or a dimension"),
    ("max([])", "max: there are no elements"),
    ("min(zeros(0, 3), dim = 1)", "min: there are no elements"),
    ("argmax([])", "argmax needs a matrix with at least one"),
    ("reshape(1:6, 4, 2)", "1:6 has 6 elements, and 4×2 has 8"),
    ("reshape(1:6, 4, -1)", "do not fill 4 rows"), ("reshape(1:6, -1, 4)", "do not fill 4 columns"),
    ("reshape(1:6, -1, -1)", "only one of rows and columns can be -1: it follows from the other"),
    ("reshape(1:6, -1)", "reshape(1:6, 1, -1) is a row, reshape(1:6, -1, 1) a column"),
    ("reshape(1:6, 3)", "reshape(1:6, 3, -1) has 3 rows, reshape(1:6, -1, 3) has 3 columns"),
    ("reshape(1:6, [2 -1])", "-1 stands only for one of two numbers | reshape(1:6, 2, -1)"),
    ("reshape(1:6, 1e300, -1)", "reshape: rows is 1e+300, more than any matrix can have"),
    ("eye(1e300)", "eye: rows is 1e+300, more than any matrix can have"),
    ("linspace(0, 1, 1e300)", "linspace: n is 1e+300, more than any matrix can have"),
    ("zeros(1e300, 2)", "a 1e300×2 matrix would take more than 1000 EB, and the limit is"),
    ("1:1e-300:2", "a 1×1e300 matrix would take more than 1000 EB"),
    ("eye(3)^1e300", "the power of a matrix is a whole number up to 1073741824, and here it is 1e+300"),
    ("eye(3)^2.5", "the power of a matrix is a whole number, and here it is 2.5"),
    ("randint(0, 1e300)", "randint: high must be within ±2^53, and this is 1e+300"),
    ("stretch([1 2 3; 4 5 6], 4, 4)", "[1 2 3; 4 5 6] is 2×3, and only 1×1, 1×4 and 4×1 stretch to 4×4"),
    ("zeros(1 + 2 + 3 + 4 + 5 + 6 + 7)", "zeros(28, 28), zeros(28, 1) or zeros(1, 28)"),
    (
      "A = ones(2, 3); (A + A + A + A + A + A + A)*(A - A - A - A - A - A - A)",
      "the right side is 2×3 | (…)*(…) needs the 3 columns of the left side to equal the 2 rows of the right side"
    ),
    (
      "[1 2 3 4 5 6 7 8 9 10 11 12; 1 2 3 4 5 6 7 8 9 10 11 12]*ones(2, 2)",
      "[…]*ones(2, 2) needs the 12 columns of the left side"
    ),
    (
      "bce([0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8], [0.1 0.2 0.3 0.4 0.5 0.6 0.7])",
      "the first argument is 1×8, the second argument is 1×7"
    ),
    ("max(1, 2, 3)", "of several numbers: max([a, b, c])"), ("x = 1:3; x[-1]", "the last is x[end]"),
    ("rows(list(1, 2))", "how many it holds is length(list(1, 2))"),
    ("mean(list(1, \"a\"))", "mean needs numbers, and this is a list"),
    ("list(1, 2) + 1", "matrix(xs) makes a row of a list's numbers"),
    ("while list() { }", "a condition is one number, and here stands a list"),
    ("length([1 2; 3 4])", "rows([1 2; 3 4]), columns([1 2; 3 4]) or numel([1 2; 3 4])"),
    ("inv([1 2; 2 4])", "singular | pinv gives its pseudoinverse"),
    ("A = [1 2; 2 4]; A \\ [1; 2]", "singular | pinv(A)*[1; 2] is the solution of least norm"),
    ("pinv([1 nan])", "pinv needs finite numbers, and this matrix holds nan at [1, 2]"),
    ("inv([1 2 3])", "inv needs a square matrix, and this is 1×3"),
    ("det([1 2 3])", "det needs a square matrix"), ("eig([0 1; -1 0])", "complex eigenvalues"),
    ("a, b, c = size([1])", "size gives 2 results, and 3 are wanted"),
    ("sort(list(1, \"a\"))", "sort needs strings in the list"),
    ("unique(sin)", "unique needs a matrix as A, and this is a function"),
    ("sum()", "sum takes 1 to 2 arguments (A, dim)"),
    ("sum([1 2], rows = 1)", "sum has no parameter rows"), ("scatter([1 2], 1, [1 9], 2, 3)", "no column 9"),
    ("scatter([1 2], 1, 1, 2, 3)", "needs 2 numbers, and has 1"), ("repmat([1 2], 2)", "repmat([1 2], 2, 2)"),
  ]) func refuses(program: String, message: String) throws {
    let failure = try #require(try Session().failure(of: program))
    #expect(failure.contains(message), "\(failure)")
  }

  @Test func functionsOfMatricesWithoutADerivativeAreNoData() throws {
    let session = try Session()
    try session.interpreter.run("param W = [1 2; 3 4]; s = svd(W); print(s)")
    #expect(session.failure(of: "J = sum(W*s)")?.contains("param") == true)
    #expect(session.failure(of: "J = sum(W*detach(s))") == nil)
  }
}
