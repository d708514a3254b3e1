import CNumerics

extension Operation {
  static let arithmetic: [Operation] = [
    Operation(
      .add, "+", signature: "A + B", arity: 2...2,
      summary: "Adds element by element; a row, a column or a number stretches to fit the other.",
      example: "[1 2; 3 4] + [10; 20]", related: ["-", ".*", "sum"],
      shape: .elementwise, kernel: .binary(nn_add),
      derivative: .binary({ y, a, b, dy in dy }, { y, a, b, dy in dy })),
    Operation(
      .subtract, "-", signature: "A - B", arity: 2...2,
      summary: "Subtracts element by element; a row, a column or a number stretches to fit the other.",
      example: "[1 2; 3 4] - 1", related: ["+", "./", "abs"],
      shape: .elementwise, kernel: .binary(nn_subtract),
      derivative: .binary({ y, a, b, dy in dy }, { y, a, b, dy in -dy })),
    Operation(
      .multiply, ".*", signature: "A .* B; A ⊙ B", arity: 2...2,
      summary: "Multiplies element by element, the Hadamard product; `*` is the matrix product.",
      example: "[1 2; 3 4] .* [10 100]", related: ["*", "./", ".^"],
      shape: .elementwise, kernel: .binary(nn_multiply),
      derivative: .binary({ y, a, b, dy in dy .* b }, { y, a, b, dy in dy .* a })),
    Operation(
      .divide, "./", signature: "A ./ B; A / 2", arity: 2...2,
      summary: "Divides element by element; `/` does so by a number.",
      example: "[1 2; 3 4] ./ [1; 2]", related: [".*", "\\", "mod"],
      shape: .elementwise, kernel: .binary(nn_divide),
      probe: [.inside(-2...2), .bothSides(0.5...2)],
      derivative: .binary({ y, a, b, dy in dy ./ b }, { y, a, b, dy in -(dy .* y ./ b) })),
    Operation(
      .power, ".^", signature: "A .^ B", arity: 2...2,
      summary: "Raises element by element; the square is one multiplication.",
      formula: "x .^ y = exp(y .* log(x))", example: "[1 2; 3 4] .^ 2", related: ["^", "sqrt", "exp"],
      shape: .elementwise, kernel: .binary(nn_power),
      probe: [.inside(0.5...2), .inside(-2...2)],
      derivative: .binary(Rules.powerBase, Rules.powerExponent)),
    Operation(
      .atan2, "atan2", signature: "atan2(y, x)", arity: 2...2,
      summary: "The angle of the point (x, y) from the first axis, in (-pi, pi].",
      example: "atan2([1 1], [1 -1])", related: ["atan", "tan"],
      shape: .elementwise, kernel: .binary(nn_atan2),
      probe: [.bothSides(0.5...2), .bothSides(0.5...2)],
      derivative: .binary(
        { y, a, b, dy in dy .* b ./ (a.squared + b.squared) },
        { y, a, b, dy in -(dy .* a ./ (a.squared + b.squared)) })),
    Operation(
      .maximum, "max", signature: "max(A, B)", arity: 2...2,
      summary:
        "The larger of two elements; nan where either is nan. `max(A)` reduces, `max(A, dim = 1)` too. Of equals, "
        + "each gets half of the gradient; of an element and a literal, the literal gets it all, as in relu.",
      example: "max([-1 2; 3 -4], 0)", related: ["min", "clip", "relu", "argmax"],
      shape: .elementwise, kernel: .binary(nn_maximum),
      derivative: .binary(
        { y, a, b, dy in dy .* Rules.wins(.greater, a, b) },
        { y, a, b, dy in dy .* Rules.wins(.greater, b, a) })),
    Operation(
      .minimum, "min", signature: "min(A, B)", arity: 2...2,
      summary:
        "The smaller of two elements; nan where either is nan. `min(A)` reduces, `min(A, dim = 1)` too. Gradients "
        + "as for max.",
      example: "min([-1 2; 3 -4], 0)", related: ["max", "clip", "argmin"],
      shape: .elementwise, kernel: .binary(nn_minimum),
      derivative: .binary(
        { y, a, b, dy in dy .* Rules.wins(.less, a, b) }, { y, a, b, dy in dy .* Rules.wins(.less, b, a) })),
    Operation(
      .modulo, "mod", signature: "mod(A, B)", arity: 2...2,
      summary: "The remainder with the sign of the divisor; nan for a divisor of zero.",
      formula: "mod(a, b) = a - b .* floor(a ./ b)", example: "mod([-7 7], 3)", related: ["floor", "./"],
      shape: .elementwise, kernel: .binary(nn_modulo),
      probe: [.inside(0.2...0.8), .inside(0.9...1.5)],
      derivative: .binary({ y, a, b, dy in dy }, { y, a, b, dy in -(dy .* (a ./ b).floor) })),
  ]

  static let comparisons: [Operation] = [
    comparison(
      .equal, "==", "equal", nn_equal, "[1 2 3] == [1 0 3]", ["!="],
      formula:
        "Two strings are compared as a whole, a list with a string or a list element by element: a column."),
    comparison(
      .notEqual, "!=", "not equal (nan differs from everything)", nn_not_equal, "[1 2 3] != 2", ["=="]),
    comparison(.less, "<", "less", nn_less, "[1 2 3] < 2", ["<=", ">"]),
    comparison(.lessEqual, "<=", "less or equal", nn_less_equal, "[1 2 3] <= 2", ["<", ">="]),
    comparison(.greater, ">", "greater", nn_greater, "[1 2 3] > 2", [">=", "<"]),
    comparison(.greaterEqual, ">=", "greater or equal", nn_greater_equal, "[1 2 3] >= 2", [">", "<="]),
    comparison(.and, "&&", "both not 0", nn_and, "2 > 1 && 3 > 2", ["||", "!", "all"]),
    comparison(.or, "||", "one or both not 0", nn_or, "1 > 2 || 3 > 2", ["&&", "!", "any"]),
  ]

  private static func comparison(
    _ id: OperationID, _ name: String, _ what: String, _ kernel: @escaping BinaryFunction, _ example: String,
    _ related: [String], formula: String = ""
  ) -> Operation {
    Operation(
      id, name, signature: "A \(name) B", arity: 2...2, summary: "1 where the elements are \(what), else 0.",
      formula: formula, example: example, related: related, shape: .elementwise, kernel: .binary(kernel))
  }

  static let choices: [Operation] = [
    Operation(
      .choose, "where", signature: "where(mask, A, B)", arity: 3...3,
      summary: "Takes from A where the mask is not 0, from B elsewhere.",
      example: "where([1 0 1], [1 2 3], [10 20 30])", related: ["max", "clip", "find"],
      shape: .elementwise, kernel: .ternary(nn_choose),
      probe: [.mask, .inside(-2...2)],
      derivative: .each { y, x, dy, k in
        switch k {
        case 1: dy.chosen(where: x[0], else: dy.number(0))
        case 2: dy.number(0).chosen(where: x[0], else: dy)
        default: nil
        }
      }),
    Operation(
      .clip, "clip", signature: "clip(A, low, high)", arity: 3...3,
      summary:
        "Keeps elements inside low … high; nan stays nan. Its gradient is 1 from low to high, both included, and 0 outside.",
      formula: "clip(x, l, h) = min(max(x, l), h)", example: "clip([-3 0.5 9], -1, 1)",
      related: ["max", "min"], shape: .elementwise, kernel: .ternary(nn_clip),
      probe: [.inside(-0.9...0.9), .inside(-1.5...(-1)), .inside(1...1.5)],
      derivative: .each { y, x, dy, k in
        switch k {
        case 0: dy .* x[0].apply(.greaterEqual, x[1]) .* x[0].apply(.lessEqual, x[2])
        case 1: dy .* x[0].apply(.less, x[1])
        default: dy .* x[0].apply(.greater, x[2])
        }
      }),
  ]

  static let signs: [Operation] = [
    Operation(
      .negate, "negate", signature: "-A", arity: 1...1, summary: "The opposite of each element.",
      example: "-[1 -2]", related: ["-", "abs"], shape: .elementwise, kernel: .unary(nn_negate),
      derivative: .unary { y, x, dy in -dy }),
    Operation(
      .not, "!", signature: "!A", arity: 1...1, summary: "1 where an element is 0, else 0.",
      example: "![1 0 3]", related: ["&&", "||"], shape: .elementwise, kernel: .unary(nn_not)),
    Operation(
      .abs, "abs", signature: "abs(A)", arity: 1...1,
      summary: "The absolute value of each element; its derivative at 0 is 0.",
      example: "abs([-1 2])", related: ["sign", "norm"], shape: .elementwise, kernel: .unary(nn_abs),
      probe: [.bothSides(0.3...2)], derivative: .unary { y, x, dy in dy .* x.sign }),
    Operation(
      .sign, "sign", signature: "sign(A)", arity: 1...1, summary: "-1, 0 or 1 by the sign; nan for nan.",
      example: "sign([-2 0 5])", related: ["abs"], shape: .elementwise, kernel: .unary(nn_sign),
      probe: [.bothSides(0.3...2)]),
  ]
}
