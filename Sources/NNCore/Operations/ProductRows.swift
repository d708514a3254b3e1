extension Operation {
  static let products: [Operation] = [
    Operation(
      .product, "*", signature: "A * B", arity: 2...2,
      summary:
        "The matrix product: m×k times k×n is m×n; a number scales. `.*` multiplies element by element.",
      formula: "(A*B)[i, j] = sum of A[i, p]*B[p, j] over p", example: "[1 2; 3 4] * [5; 6]",
      related: [".*", "'", "\\"], shape: .product, kernel: .matrix(Products.product),
      derivative: .binary(Rules.productLeft, Rules.productRight)),
    Operation(
      .transpose, "'", signature: "A'", arity: 1...1, summary: "Rows become columns.",
      example: "[1 2; 3 4]'", related: ["*", "reshape"], shape: .transpose,
      kernel: .matrix(Products.transpose), derivative: .unary { y, x, dy in dy.T }),
    Operation(
      .solve, "\\", signature: "A \\ b", arity: 2...2,
      summary:
        "Solves A*x = b; by least squares where A has more rows than columns, with the least norm where it has fewer.",
      formula: "A*(A \\ b) = b", example: "[2 1; 1 3] \\ [3; 5]", related: ["inv", "pinv", "*"],
      shape: .solve, kernel: .matrix(LinearAlgebra.solve),
      derivative: .binary(Rules.solveMatrix, Rules.solveRight)),
    Operation(
      .inverse, "inv", signature: "inv(A)", arity: 1...1,
      summary: "The inverse of a square matrix; to solve, A \\ b is faster and more accurate.",
      formula: "A*inv(A) = eye(n)", example: "inv([2 1; 1 1])", related: ["\\", "det"],
      shape: .square, kernel: .matrix(LinearAlgebra.inverse),
      derivative: .unary { y, x, dy in -(y.T * dy * y.T) }),
    Operation(
      .determinant, "det", signature: "det(A)", arity: 1...1, summary: "The determinant of a square matrix.",
      example: "det([2 1; 1 3])", related: ["inv", "trace"],
      shape: .squareToScalar, kernel: .matrix(LinearAlgebra.determinant),
      derivative: .unary { y, x, dy in dy .* y .* x.inverse.T }),
    Operation(
      .trace, "trace", signature: "trace(A)", arity: 1...1,
      summary: "The sum of the diagonal of a square matrix.",
      example: "trace([1 2; 3 4])", related: ["diag", "det"],
      shape: .squareToScalar, kernel: .matrix(Products.trace),
      derivative: .unary { y, x, dy in dy.stretched(Shape(x.rows, 1)).diagonal }),
    Operation(
      .matrixPower, "^", signature: "A ^ k; x ^ y", arity: 1...1,
      summary:
        "A square matrix times itself, k a whole number (negative: of the inverse); of numbers, the power.",
      formula: "A^3 = A*A*A", example: "[1 1; 1 0] ^ 10", related: [".^", "*", "inv"],
      shape: .square, kernel: .matrix(Products.power),
      derivative: .unary { y, x, dy in Rules.matrixPower(x, y.attributes.first, dy) }),
  ]
}
