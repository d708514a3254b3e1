import Testing

@testable import NNLanguage

/// The random stream through the language: the numbers are NumPy's and scikit-learn's for the same seed.
@Suite struct RandomBuiltinTests {
  @Test func drawsNumPysNumbersInNumPysOrder() throws {
    let session = try Session()
    try session.interpreter.run("seed(3)")
    let rows = [
      Case("rand(2, 2)", "[0.5507979025745755 0.7081478226181048; 0.2909047389129443 0.510827605197663]"),
      Case("randn(1, 3)", "[-0.27738820251439905 -0.35475897926898675 -0.08274148148245977]"),
      Case("randint(1, 6, 1, 6)", "[5 6 1 3 2 3]"), Case("permutation(6)", "[5 2 1 4 6 3]"),
      Case("shuffle(1:7)", "[5 7 2 6 1 3 4]"), Case("rand()", "0.3063606298948669"),
      Case("randn()", "-0.6270006768238473"),
    ]
    for row in rows { try row.check(in: session) }
  }

  @Test(arguments: [
    Case(
      "seed(5); X, Y = moons(4, 0.1); [X; Y]",
      """
      [0.9560783680287642 -1.1655693515165826 0.02694057344894839 2.0536453925989497
       0.10679676971377922 -0.11721530172932779 0.4992665756399779 0.610651783008271; 0 0 1 1]
      """, within: 1e-15),
    Case(
      "seed(5); X, Y = circles(4); [X; Y]",
      """
      [0.97803918401438217 -1.0827846757582913 0.81347028672447419 -0.77317730370052518
       0.053398384856889608 -0.058607650864663831 -0.00036671218001106676 0.05532589150413568; 0 0 1 1]
      """, within: 1e-15),
    Case(
      "seed(5); X, Y = blobs(4, 3, 1); [X; Y]",
      """
      [-6.469368983061452 -5.450526736627027 -5.678013667374437 -1.4245408365252228
       6.823009465617239 8.99712724060909 8.042348200979074 2.0300007474653277; 1 1 0 0; 0 0 1 0; 0 0 0 1]
      """, within: 1e-15),
    Case(
      "seed(1); X, Y = flower(6); [X; Y]",
      """
      [1.1615380944590192 -1.8415401076768496 -0.30568949525394945 -1.2265105333865791 2.3595635522318315 -0.0017000412564810738
       3.4487271327968618 -0.24665598474774358 2.3897312194827549 -3.6117540390502825 0.44066567717980271 -0.082424500208343437
       0 0 0 1 1 1]
      """, within: 1e-14),
    Case("X, Y = xor(); [X; Y]", "[0 0 1 1; 0 1 0 1; 0 1 1 0]"),
    Case("X, Y = spiral(5); [size(X) size(Y) sum(Y)]", "[2 15 3 15 15]"),
    Case("X, Y = spiral(5, 2); [size(X) size(Y) sum(Y)]", "[2 10 1 10 5]"),
    Case("X, Y = moons(); [size(X) size(Y) sum(Y)]", "[2 200 1 200 100]"),
    Case("X, Y = blobs(); [size(X) size(Y)]", "[2 150 3 150]"),
    Case("X, Y = flower(); [size(X) size(Y) sum(Y)]", "[2 400 1 400 200]"),
    Case(
      "X, Y = circles(m = 10, noise = 0, factor = 0.5); sum(X.^2, 1)",
      "[1 1 1 1 1 .25 .25 .25 .25 .25]*0 + where(Y, 0.25, 1)", within: 1e-14),
  ]) func toyDataIsAsElsewhere(_ row: Case) throws { try row.check(in: Session()) }

  @Test func seedsAreShownAndGoneBackTo() throws {
    let session = try Session()
    try Case("seed(42); a = rand(1, 3); b = rand(1, 3); seed(42); c = rand(1, 6); all([a b] == c)", "1")
      .check(in: session)
    try Case("seed()", "42").check(in: session)
    let before = session.interpreter.snapshot()
    try session.interpreter.run("seed(7); rand();")
    session.interpreter.restore(before)
    try Case("seed()", "42").check(in: session)
  }

  @Test func shufflesTogether() throws {
    let session = try Session()
    try session.interpreter.run("seed(2); A, B, c = shuffle([1 2 3 4; 5 6 7 8], [1 2 3 4], list(1, 2, 3, 4))")
    try Case("A - [B; B + 4]", "zeros(2, 4)").check(in: session)
    try Case("matrix(c) - B", "zeros(1, 4)").check(in: session)
    try Case("sort(B)", "1:4").check(in: session)
    try Case("any(B != 1:4)", "1").check(in: session)
    try Case("sort(shuffle([3; 1; 2]))", "[1; 2; 3]").check(in: session)
  }

  @Test func randomNumbersStayInBounds() throws {
    let session = try Session()
    try Case("A = randint(-2, 2, 50, 50); unique(A)", "-2:2").check(in: session)
    try Case("A = rand(50, 50); all(A >= 0) && all(A < 1)", "1").check(in: session)
    try Case("A = randn(100, 100); abs(mean(A)) < 0.05 && abs(std(A) - 1) < 0.05", "1").check(in: session)
    try Case("randint(5, 5)", "5").check(in: session)
    try Case("permutation(1)", "1").check(in: session)
    try Case("size(permutation(0))", "[1 0]").check(in: session)
    try Case("size(rand(0, 3))", "[0 3]").check(in: session)
    try Case("shuffle(7)", "7").check(in: session)
  }

  @Test func anInterruptedDrawLeavesTheStreamWhereItWas() throws {
    let session = try Session(memoryLimit: 1 << 26)
    try session.interpreter.run("seed(9)")
    session.interpreter.cancellation.raise()
    #expect(session.failure(of: "rand(1000, 1000);") != nil)
    session.interpreter.cancellation.clear()
    #expect(session.failure(of: "rand(10000, 10000);")?.contains("would take") == true)
    try Case("a = rand(); seed(9); a == rand()", "1").check(in: session)
  }

  @Test(arguments: [
    ("seed(-1)", "seed: n must be a whole number from 0 to 4294967295, and this is -1"),
    ("seed(1.5)", "seed: n must be"),
    ("seed(nan)", "seed: n must be"),
    ("randint(6, 1)", "randint: high must be at least low, 6, and this is 1"),
    ("randint(0.5, 2)", "randint: low must be a whole number"), ("permutation(-1)", "permutation: n must be"),
    ("moons(0)", "moons: m must be at least 1, and this is 0"),
    ("moons(10, -1)", "moons: noise must be at least 0"),
    ("moons(1e18)", "would take"), ("moons(1e12)", "would take"),
    ("circles(4, 0, 2)", "circles: factor must be between 0 and 1"),
    ("spiral(10, 1)", "spiral: classes must be from 2 to 1000"),
    ("blobs(10, 3, nan)", "blobs: spread must be"),
    ("shuffle([1 2 3], [1 2])", "[1 2 3] holds 3 examples, [1 2] 2; columns are examples"),
    ("rand(1e12, 1)", "would take"),
  ]) func refuses(program: String, message: String) throws {
    let failure = try #require(try Session().failure(of: program))
    #expect(failure.contains(message), "\(failure)")
  }
}
