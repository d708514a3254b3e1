import CNumerics

extension Operation {
  static let reductions: [Operation] = [
    reduction(
      .sum, "sum", "The sum", Reductions.sum, "sum([1 2; 3 4], 1)", ["mean", "cumsum", "prod"],
      derivative: { y, x, dy in dy.stretched(x.shape) }),
    reduction(
      .mean, "mean", "The mean", Reductions.mean, "mean([1 2; 3 4], 2)", ["median", "sum", "std"],
      derivative: { y, x, dy in dy.stretched(x.shape) ./ Rules.depth(x, y) }),
    reduction(
      .prod, "prod", "The product", Reductions.product, "prod([1 2; 3 4])", ["sum", "cumprod"],
      probe: .bothSides(0.5...1.5), derivative: Rules.prod),
    reduction(
      .largest, "largest", "The largest element (equals share the gradient); nan if there is one",
      Reductions.largest,
      "max([1 5; 3 4], dim = 1)", ["max", "argmax", "min"], shape: .selection,
      signature: "max(A); max(A, dim = 1)", derivative: Rules.selected),
    reduction(
      .smallest, "smallest", "The smallest element (equals share the gradient); nan if there is one",
      Reductions.smallest,
      "min([1 5; 3 4], dim = 1)", ["min", "argmin", "max"], shape: .selection,
      signature: "min(A); min(A, dim = 1)", derivative: Rules.selected),
    reduction(
      .norm, "norm", "The root of the sum of squares (Frobenius norm)", Reductions.norm, "norm([3 4])",
      ["abs", "sum", "svd"], probe: .bothSides(0.3...2),
      derivative: { y, x, dy in dy .* x ./ Rules.aboveZero(y) }),
    reduction(
      .logSumExp, "logsumexp",
      "The logarithm of the sum of exponentials",
      Reductions.logSumExp, "logsumexp([1000 1; 1000 2])", ["softmax", "softplus"],
      signature: "logsumexp(A); logsumexp(A, 2)",
      summary:
        "The logarithm of the sum of exponentials, without overflow, down each column or (dim 2) along each row.",
      formula: "logsumexp(x) = log(sum(exp(x)))",
      derivative: { y, x, dy in dy .* Rules.softmax(x, y.attributes.first) }),
    reduction(
      .any, "any", "1 if one is not 0, else 0,", Reductions.any, "any([0 0 2])", ["all", "find"]),
    reduction(.all, "all", "1 if none is 0, else 0,", Reductions.all, "all([1 0 2])", ["any"]),
    reduction(
      .variance, "var", "The mean square distance from the mean (over n, not n - 1)",
      Reductions.variance, "var([1 2 3 4])", ["std", "mean"], formula: "var(x) = mean((x - mean(x)).^2)",
      derivative: { y, x, dy in 2 .* dy .* Rules.centred(x, y) ./ Rules.depth(x, y) }),
    reduction(
      .deviation, "std", "The standard deviation, the root of the variance (over n, not n - 1)",
      Reductions.deviation, "std([1 2 3 4])", ["var", "standardize"], formula: "std(x) = sqrt(var(x))",
      derivative: Rules.deviation),
    reduction(
      .median, "median", "The middle element in order (the mean of the middle two)", Reductions.median,
      "median([3 1 20])", ["mean", "sort"], shape: .selection, formula: "With a nan it is nan.",
      derivative: Rules.median),
    reduction(
      .argmax, "argmax", "The place, from 1, of the first largest",
      Reductions.places(NN_FOLD_MAXIMUM), "argmax([1 5; 3 4], 1)", ["max", "argmin"], shape: .selection),
    reduction(
      .argmin, "argmin", "The place, from 1, of the first smallest",
      Reductions.places(NN_FOLD_MINIMUM), "argmin([1 5; 3 4], 1)", ["min", "argmax"], shape: .selection),
  ]

  private static func reduction(
    _ id: OperationID, _ name: String, _ what: String, _ kernel: @escaping MatrixKernel, _ example: String,
    _ related: [String], shape: ShapeRule = .reduction, signature: String? = nil,
    summary: String? = nil, formula: String = "", probe: Probe = .inside(-2...2),
    derivative: Derivative.Unary? = nil
  ) -> Operation {
    Operation(
      id, name, signature: signature ?? "\(name)(A); \(name)(A, 1)", arity: 1...1,
      summary: summary ?? "\(what) of all elements, down each column (dim 1) or along each row (dim 2).",
      formula: formula, example: example, related: related, shape: shape, kernel: .matrix(kernel),
      probe: [probe], derivative: derivative.map(Derivative.unary))
  }

  static let distributions: [Operation] = [
    Operation(
      .softmax, "softmax", signature: "softmax(A)", arity: 1...1,
      summary: "Each column (an example) becomes positive and sums to 1.",
      formula: "softmax(x) = exp(x)./sum(exp(x), 1)", example: "softmax([1 0; 2 0; 3 0])",
      related: ["crossentropy", "logsumexp", "sigmoid"], shape: .same, kernel: .matrix(Reductions.softmax),
      derivative: .unary { y, x, dy in y .* (dy - (dy .* y).sum(1)) })
  ]
}
