extension Operation {
  static let costs: [Operation] = [
    Operation(
      .meanSquaredError, "mse", signature: "mse(A, Y)", arity: 2...2,
      summary: "The mean over the m columns (examples) of the squared distances between A and Y.",
      formula: "mse(A, Y) = sum((A - Y).^2)/m", example: "mse([0.8 0.3], [1 0])",
      related: ["bce", "crossentropy", "norm"], shape: .cost, kernel: .matrix(Costs.meanSquaredError),
      probe: [.inside(-2...2)],
      derivative: .binary(
        { j, a, y, dj in 2 .* dj .* (a - y) ./ Rules.examples(a) },
        { j, a, y, dj in 2 .* dj .* (y - a) ./ Rules.examples(a) })),
    Operation(
      .binaryCrossEntropy, "bce", signature: "bce(A, Y)", arity: 2...2,
      summary: "The mean over the m columns of the binary cross-entropy of outputs A in 0 … 1 with labels Y.",
      formula: "bce(A, Y) = -sum(Y.*log(A) + (1 - Y).*log(1 - A))/m, logs not below -100",
      example: "bce([0.8 0.3], [1 0])", related: ["sigmoid", "crossentropy", "mse"], shape: .cost,
      kernel: .matrix(Costs.binaryCrossEntropy), probe: [.inside(0.3...0.7)],
      derivative: .binary(
        { j, a, y, dj in
          -(dj .* (y ./ Rules.aboveZero(a) - (1 - y) ./ Rules.aboveZero(1 - a))) ./ Rules.examples(a)
        },
        { j, a, y, dj in dj .* (Rules.clampedLog(1 - a) - Rules.clampedLog(a)) ./ Rules.examples(a) })),
    Operation(
      .crossEntropy, "crossentropy", signature: "crossentropy(A, Y)", arity: 2...2,
      summary:
        "The mean over the m columns of the cross-entropy of distributions A (softmax) with one-hot Y.",
      formula: "crossentropy(A, Y) = -sum(Y.*log(A))/m, logs not below -100",
      example: "crossentropy([0.7 0.2; 0.3 0.8], [1 0; 0 1])", related: ["softmax", "bce", "onehot"],
      shape: .cost, kernel: .matrix(Costs.crossEntropy), probe: [.inside(0.3...0.7)],
      derivative: .binary(
        { j, a, y, dj in -(dj .* (y ./ Rules.aboveZero(a))) ./ Rules.examples(a) },
        { j, a, y, dj in -(dj .* Rules.clampedLog(a)) ./ Rules.examples(a) })),
  ]
}
