enum Programs {
  static var all: [ProgramTests.Program] { language + gradients }

  static let language: [ProgramTests.Program] = [
    .init(
      name: "precedence",
      text: """
        2 + 3 * 4        # => 14
        -2^2             # => -4
        2^3^2            # => 512
        2^-1             # => 0.5
        !1 + 1           # => 1
        1:3 + 1          # => 1×4
        # => 1  2  3  4
        """),
    .init(
      name: "matrix elements by blanks",
      text: """
        numel([1 -2])    # => 2
        numel([1 - 2])   # => 1
        a = 5; b = 2;
        numel([a -b])    # => 2
        numel([a (b)])   # => 2
        numel([a' b'])   # => 2
        """),
    .init(
      name: "only the last of a line shows",
      text: """
        1; 2; 3          # => 3
        1; 2;
        """),
    .init(
      name: "a variable that holds no function is passed over in a call",
      text: """
        sum = 0; A = [1, 2, 3];
        sum(A)           # => 6
        step = 0.1; step # => step = 0.1
        """),
    .init(
      name: "a function's assignments are its own",
      text: """
        x = 1;
        fn f() { x = 2; return x }
        f()              # => 2
        x                # => x = 1
        """),
    .init(
      name: "closures read outer variables as they are when called",
      text: """
        k = 2; f = x -> k*x;
        k = 10;
        f(3)             # => 30
        fn counter(n) { g = x -> x + n; n = n + 100; return g(1) }
        counter(1)       # => 102
        """),
    .init(
      name: "recursion ten thousand deep",
      text: """
        fn down(n) { if n == 0 { return 0 } ; return 1 + down(n - 1) }
        down(10000)      # => 10000
        """),
    .init(
      name: "endless recursion is an error",
      text: """
        fn f(n) = f(n + 1)  # error: f calls itself too deep: 20000 calls are waiting
        f(1)
        """),
    .init(
      name: "several results",
      text: """
        m, n = size(zeros(2, 3));
        m                # => m = 2
        n                # => n = 3
        fn both(x) { return x, 2*x }
        a, b = both(4);
        b                # => b = 8
        both(4)          # => 4
        """),
    .init(
      name: "too many results wanted",
      text: """
        fn one(x) = x
        a, b = one(1)    # error: the function gives 1 result, and 2 are wanted
        """),
    .init(
      name: "named arguments and defaults",
      text: """
        fn f(x, k = 10, c = 1) = k*x + c
        f(2)             # => 21
        f(2, c = 0)      # => 20
        f(c = 5, x = 1)  # => 15
        f(2, z = 1)      # error: f has no parameter z
        """),
    .init(
      name: "loops over ranges, rows, columns, lists",
      text: """
        s = 0; for i in 1:4 { s += i }
        s                # => s = 10
        for x in [2, 4] { s += x }
        s                # => s = 16
        for c in [1, 2; 3, 4] { s += sum(c) }
        s                # => s = 26
        for v in list(1, 2) { s += v }
        s                # => s = 29
        for i in 3:-1:1 { if i == 2 { continue } ; s += i }
        s                # => s = 33
        """),
    .init(
      name: "while, break and repeat",
      text: """
        n = 0; while true { n += 1; if n == 7 { break } }
        n                # => n = 7
        repeat 3 { n *= 2 }
        n                # => n = 56
        """),
    .init(
      name: "conditions want one number",
      text: """
        A = [1, 0];
        if A { 1 }       # error: a condition is one number, and here stands a 1×2 matrix
        """),
    .init(
      name: "and, or do not look at the right side in vain",
      text: """
        x = 0;
        x != 0 && 1/y > 1    # => 0
        x == 0 || y          # => 1
        """),
    .init(
      name: "both operands would stretch",
      text: """
        a = [1, 2, 3]; b = [1; 2];
        a + b            # error: shapes do not fit: a is 1×3, b is 2×1, and both would have to stretch
        """),
    .init(
      name: "subscripts",
      text: """
        A = [1, 2, 3; 4, 5, 6];
        A[2, 3]          # => 6
        A[end, end]      # => 6
        A[:, 2]'         # => 1×2
        # => 2  5
        A[A > 4]         # => 1×2
        # => 5  6
        v = 10:10:50;
        v[end - 1]       # => 40
        v[[1, 3]]        # => 1×2
        # => 10  30
        A[3, 1]          # error: A has no row 3
        """),
    .init(
      name: "writing a part",
      text: """
        A = zeros(2, 2); B = A;
        A[1, :] = [5, 6]; A[2, 2] += 1;
        A                # => A = 2×2
        # => 5  6
        # => 0  1
        B[1, 1]          # => 0
        A[1, :] = [1, 2, 3]  # error: shapes do not fit: the place is 1×2, the value 1×3
        """),
    .init(
      name: "an error in a block keeps finished statements",
      text: """
        x = 0;
        repeat 5 { x += 1; if x == 3 { y = undefined } }  # error: undefined is not defined
        """),
    .init(
      name: "strings interpolate",
      text: """
        J = 0.51234567; i = 3;
        print("J = {J:.4f} after {i} steps {{}}")  # => J = 0.5123 after 3 steps {}
        """),
    .init(
      name: "names of nothing",
      text: """
        cost = 1; cots   # error: cots is not defined
        """),
    .init(
      name: "memory is an error before it is taken",
      text: """
        zeros(1e6, 1e6)  # error: this would take 8 TB beside the …
        """),
  ]
}
