import CNumerics

extension Operation {
  static let elementary: [Operation] = [
    elementary(
      .sqrt, "sqrt", "The square root; nan below 0.", nn_sqrt, "sqrt([4 2])", [".^", "norm"],
      .inside(0.5...3), derivative: { y, x, dy in dy ./ (2 .* y) }),
    elementary(
      .exp, "exp", "The exponential: e to the power of each element.", nn_exp, "exp([0 1])",
      ["log", ".^", "softmax"],
      derivative: { y, x, dy in dy .* y }),
    elementary(
      .log, "log", "The natural logarithm; -inf at 0, nan below.", nn_log, "log([1 e])",
      ["log2", "log10", "exp"], .inside(0.5...3), derivative: { y, x, dy in dy ./ x }),
    elementary(
      .log2, "log2", "The logarithm to base 2.", nn_log2, "log2([1 8])", ["log", "log10"],
      .inside(0.5...3), derivative: { y, x, dy in dy ./ (x.number(2).log .* x) }),
    elementary(
      .log10, "log10", "The logarithm to base 10.", nn_log10, "log10([1 1000])", ["log", "log2"],
      .inside(0.5...3), derivative: { y, x, dy in dy ./ (x.number(10).log .* x) }),
    elementary(
      .sin, "sin", "The sine of an angle in radians.", nn_sin, "sin([0 pi/2])", ["cos", "asin"],
      derivative: { y, x, dy in dy .* x.cos }),
    elementary(
      .cos, "cos", "The cosine of an angle in radians.", nn_cos, "cos([0 pi])", ["sin", "acos"],
      derivative: { y, x, dy in -(dy .* x.sin) }),
    elementary(
      .tan, "tan", "The tangent of an angle in radians.", nn_tan, "tan(pi/4)", ["atan", "atan2"],
      .inside(-1...1), derivative: { y, x, dy in dy .* (1 + y.squared) }),
    elementary(
      .asin, "asin", "The angle in -pi/2 … pi/2 whose sine it is; nan outside -1 … 1.", nn_asin,
      "asin([0 1])", ["sin", "acos"], .inside(-0.8...0.8),
      derivative: { y, x, dy in dy ./ (1 - x.squared).sqrt }
    ),
    elementary(
      .acos, "acos", "The angle in 0 … pi whose cosine it is; nan outside -1 … 1.", nn_acos,
      "acos([1 0])", ["cos", "asin"], .inside(-0.8...0.8),
      derivative: { y, x, dy in -(dy ./ (1 - x.squared).sqrt) }),
    elementary(
      .atan, "atan", "The angle in -pi/2 … pi/2 whose tangent it is.", nn_atan, "4*atan(1)",
      ["tan", "atan2"], derivative: { y, x, dy in dy ./ (1 + x.squared) }),
    elementary(
      .sinh, "sinh", "The hyperbolic sine.", nn_sinh, "sinh([0 1])", ["cosh", "tanh"],
      formula: "sinh(x) = (exp(x) - exp(-x))/2", derivative: { y, x, dy in dy .* x.cosh }),
    elementary(
      .cosh, "cosh", "The hyperbolic cosine.", nn_cosh, "cosh([0 1])", ["sinh", "tanh"],
      formula: "cosh(x) = (exp(x) + exp(-x))/2", derivative: { y, x, dy in dy .* x.sinh }),
    elementary(
      .tanh, "tanh", "The hyperbolic tangent, an activation between -1 and 1.", nn_tanh,
      "tanh([-1 0 1])", ["sigmoid", "relu", "sinh"],
      formula: "tanh(x) = (exp(x) - exp(-x))./(exp(x) + exp(-x))",
      derivative: { y, x, dy in dy .* (1 - y.squared) }),
  ]

  private static func elementary(
    _ id: OperationID, _ name: String, _ summary: String, _ kernel: @escaping UnaryFunction,
    _ example: String,
    _ related: [String], _ probe: Probe = .inside(-2...2), formula: String = "",
    derivative: Derivative.Unary? = nil
  ) -> Operation {
    Operation(
      id, name, signature: "\(name)(A)", arity: 1...1, summary: summary, formula: formula, example: example,
      related: related, shape: .elementwise, kernel: .unary(kernel), probe: [probe],
      derivative: derivative.map(Derivative.unary))
  }

  static let rounding: [Operation] = [
    elementary(
      .floor, "floor", "The largest whole number not above.", nn_floor, "floor([-1.5 1.5])",
      ["ceil", "round"], .inside(0.2...0.8)),
    elementary(
      .ceil, "ceil", "The smallest whole number not below.", nn_ceil, "ceil([-1.5 1.5])",
      ["floor", "round"], .inside(0.2...0.8)),
    elementary(
      .round, "round", "The nearest whole number, halves away from zero.", nn_round,
      "round([-2.5 0.4 2.5])", ["floor", "ceil"], .inside(-0.4...0.4)),
    elementary(
      .isnan, "isnan", "1 where an element is nan (not a number), else 0.", nn_isnan,
      "isnan([1 nan])", ["isinf", "isfinite", "any"]),
    elementary(
      .isinf, "isinf", "1 where an element is inf or -inf, else 0.", nn_isinf, "isinf([1 -inf nan])",
      ["isnan", "isfinite"]),
    elementary(
      .isfinite, "isfinite", "1 where an element is neither nan nor infinite, else 0.", nn_isfinite,
      "isfinite([1 -inf nan])", ["isnan", "isinf", "all"]),
  ]

  static let activationsOfTwo: [Operation] = [
    Operation(
      .leakyRelu, "leaky_relu", signature: "leaky_relu(A, slope = 0.01)", arity: 2...2,
      summary: "Negative elements times a small slope, others as they are; its derivative at 0 is the slope.",
      formula: "leaky_relu(x, s) = x for x > 0, s*x elsewhere", example: "leaky_relu([-2 3], 0.1)",
      related: ["relu", "elu"], shape: .elementwise, kernel: .binary(nn_leaky_relu),
      probe: [.bothSides(0.3...2), .inside(0.01...0.3)],
      derivative: .binary(
        { y, a, s, dy in dy .* a.number(1).chosen(where: a.apply(.greater, 0), else: s) },
        { y, a, s, dy in dy .* a.apply(.minimum, 0) })),
    Operation(
      .elu, "elu", signature: "elu(A, alpha = 1)", arity: 2...2,
      summary: "The exponential linear unit: levels out at -alpha.",
      formula: "elu(x, a) = x for x > 0, a*(exp(x) - 1) elsewhere", example: "elu([-2 3], 1)",
      related: ["relu", "leaky_relu"], shape: .elementwise, kernel: .binary(nn_elu),
      probe: [.bothSides(0.3...2), .inside(0.5...1.5)],
      derivative: .binary(
        { y, a, s, dy in dy .* a.number(1).chosen(where: a.apply(.greater, 0), else: y + s) },
        { y, a, s, dy in dy .* (a.apply(.minimum, 0).exp - 1) })),
  ]

  static let activations: [Operation] = [
    elementary(
      .sigmoid, "sigmoid", "The logistic function, an activation between 0 and 1.", nn_sigmoid,
      "sigmoid([-1 0 1])", ["tanh", "softmax", "bce"], formula: "sigmoid(x) = 1./(1 + exp(-x))",
      derivative: { y, x, dy in dy .* (y .* (1 - y)) }),
    elementary(
      .relu, "relu", "Negative elements become 0; nan stays nan; its derivative at 0 is 0.", nn_relu,
      "relu([-2 3])",
      ["leaky_relu", "elu", "max"], .bothSides(0.3...2), formula: "relu(x) = max(x, 0)",
      derivative: { y, x, dy in dy .* x.apply(.greater, 0) }),
    elementary(
      .softplus, "softplus", "A smooth relu.", nn_softplus, "softplus([-1 0 1])", ["relu", "logsumexp"],
      formula: "softplus(x) = log(1 + exp(x))", derivative: { y, x, dy in dy .* x.sigmoid }),
    elementary(
      .gelu, "gelu", "The Gaussian error linear unit, exact (not its tanh approximation).", nn_gelu,
      "gelu([-1 0 1])", ["relu", "erf"], formula: "gelu(x) = x .* (1 + erf(x/sqrt(2)))/2",
      derivative: { y, x, dy in
        dy .* ((1 + (x ./ x.number(2).sqrt).apply(.erf)) ./ 2 + x .* Rules.normalDensity(x))
      }),
    elementary(
      .erf, "erf", "The error function.", nn_erf, "erf([-1 0 1])", ["gelu", "exp"],
      formula: "erf(x) = 2/sqrt(pi) * integral of exp(-t^2) from 0 to x",
      derivative: { y, x, dy in dy .* 2 .* x.number(2).sqrt .* Rules.normalDensity(x .* x.number(2).sqrt) }),
  ]
}
