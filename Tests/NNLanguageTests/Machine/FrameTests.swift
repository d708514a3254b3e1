import Foundation
import NNCore
import Testing

@testable import NNLanguage

/// Frames: what a call leaves behind, where references and numbers meet, and where it fails on the way.
///
/// The machine writes numbers into places that nothing uses without looking at what stands there, so after every
/// run, failed or not, all of them have to hold numbers.
@Suite struct FrameTests {
  private static let functions = """
    fn fib(n) { if n < 2 { return n }; return fib(n - 1) + fib(n - 2) }
    fn mean2(a, b) = (a + b)/2
    fn grown(A, n) { if n == 0 { return A }; B = [A A]; return grown(B[:, 1:2], n - 1) }
    fn mixed(n) { A = ones(2, 2)*n; s = sum(A, 1); k = n + 1; return k*fib(5) + s[1] }
    fn three(x) { return x, [x x], "x{x}" }
    fn fails(n) { M = ones(3, 3); if n == 0 { return M*ones(2, 2) }; return fails(n - 1) + sum(M) }
    fn tail(n, A = [1 2; 3 4], s = 3) { if n == 0 { return A[2, 1]*s }; return tail(n - 1, s = s + 1) }
    fn deep(n) = 1 + deep(n + 1)
    fn late(a, b = 2, c = [1 2 3]) = a + b*sum(c)
    fn adder(k) { return x -> x + k }
    fn nothing(x) { y = x*2 }
    fn looped(n) { t = 0; for i in 1:n { A = eye(2)*i; t = t + late(i, c = [i i]) + A[1, 1] }; return t }
    """

  /// Programs that set x, and what it is; nil where they fail.
  private static let programs: [(program: String, x: String?)] = [
    ("x = fib(12)", "144"),
    ("x = mean2(3, 5) + fib(7)", "17"),
    ("x = sum(grown([1 2], 20))", "3"),
    ("x = mixed(3) + mixed(4)", "(4*5 + 6) + (5*5 + 8)"),
    ("a, b, c = three(2); x = a + sum(b) + length(c)", "2 + 4 + 2"),
    ("a = three(2); x = a + fib(6)", "10"),
    ("x = tail(5)", "3*8"),
    ("x = late(1) + late(1, c = [1 1]) + late(c = 2, a = 1) + late(b = 1, a = 0)", "13 + 5 + 5 + 6"),
    ("x = late(1, [2 2])", "[13 13]"),
    ("f = adder(3); x = f(4) + adder([1 2])(1)*[1; 1]", "12"),
    ("x = sum(map(n -> fib(n) + late(n), 1:10))", "143 + 55 + 120"),
    ("x = sum(map(n -> mixed(n), [1 2 3]))", "(2*5 + 2) + (3*5 + 4) + (4*5 + 6)"),
    ("x = reduce((a, b) -> a + late(b, b = 0, c = [b b]), 1:5, 0)", "15"),
    ("x = length(filter(n -> mod(fib(n), 2) == 0, 1:9))", "3"),
    ("x = looped(20)", "sum((1:20) + 4*(1:20) + (1:20))"),
    ("x = 0; repeat 3 { x = x + late(x, c = ones(2, 2)) }", "56"),
    ("x = linspace(0, n = 3, to = 1)", nil),
    ("x = fails(6)", nil),
    ("x = map(n -> fails(n), 1:3)", nil),
    ("x = map(n -> fib(n, 2), 1:3)", nil),
    ("x = deep(0)", nil),
    ("x = late(b = [1 2 3])", nil),
    ("x = late([1 2], a = [3 4])", nil),
    ("x = late(1, 2, 3, 4)", nil),
    ("x = fib(ones(2, 2))", nil),
    ("x = fib(\"a\")", nil),
    ("x = nothing(3) + 1", nil),
    ("a, b = fib(3)", nil),
    ("a, b, c, d = three(1)", nil),
    ("x = [1 2 3; fails(2)]", nil),
    ("x = late(fib(3), [1 2; 3 4], fails(1))", nil),
    ("x = late(ones(2, 2), b = undefinedName)", nil),
    ("x = linspace([1 2], [3 4], n = \"a\")", nil),
    ("x = zeros(1e9, 1e9)", nil),
  ]

  @Test("what calls give, and that they leave nothing behind, whatever ran before")
  func calls() throws {
    let interpreter = try Session().interpreter
    try interpreter.run(Self.functions)
    for round in 0..<3 {
      for index in Self.programs.indices {
        // Another order in every round.
        let (program, x) = Self.programs[(index &* (2 * round + 1) &+ round) % Self.programs.count]
        do throws(Diagnostic) {
          try interpreter.run(program)
          guard let x else {
            Issue.record("\(program) did not fail")
            continue
          }
          #expect(try interpreter.evaluate("all(x == \(x))").number == 1, "\(program)")
        } catch {
          #expect(x == nil, "\(program): \(error)")
        }
        #expect(strayPlaces(interpreter, 1 << 12) == 0, "after \(program)")
      }
    }
    #expect(strayPlaces(interpreter, 1 << 17) == 0)
  }

  /// How many of the first places of an idle machine's stack hold anything but a number.
  private func strayPlaces(_ interpreter: Interpreter, _ count: Int) -> Int {
    (0..<count).count { !(interpreter.machine.stack + $0).isNumber }
  }
}
