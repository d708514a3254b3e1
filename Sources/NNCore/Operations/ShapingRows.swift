extension Operation {
  static let shaping: [Operation] = [
    Operation(
      .reshape, "reshape", signature: "reshape(A, m, n)", arity: 1...1,
      summary: "The same elements, row by row, in m rows and n columns.",
      example: "reshape(1:6, 2, 3)", related: ["'", "repmat"], shape: .reshape,
      kernel: .matrix(Shaping.reshape), derivative: .unary { y, x, dy in dy.reshaped(x.shape) }),
    Operation(
      .stretch, "stretch", signature: "stretch(A, m, n)", arity: 1...1,
      summary: "A row, a column or a number repeated to fill m rows and n columns.",
      example: "stretch([1; 2], 2, 3)", related: ["repmat", "+"], shape: .stretch,
      kernel: .matrix(Shaping.stretch), derivative: .unary { y, x, dy in dy.summed(to: x.shape) }),
    Operation(
      .index, "[]", signature: "A[i, j]; A[k]; A[mask]", arity: 3...3,
      summary: "The elements at rows i and columns j, from 1; `:` takes all, `end` is the last.",
      example: "(1:5)[end]", related: ["find", "reshape"], shape: .index, kernel: .matrix(Shaping.index),
      probe: [.inside(-2...2), .places],
      derivative: .each { y, x, dy, k in k == 0 ? dy.scattered(x[1], x[2], x[0].shape) : nil }),
    Operation(
      .scatter, "scatter", signature: "scatter(A, i, j, m, n)", arity: 3...3,
      summary: "Zeros, m×n, with the elements of A added at rows i and columns j.",
      example: "scatter([1 2], 1, [1 3], 2, 3)", related: ["[]"], shape: .scatter,
      kernel: .matrix(Shaping.scatter), probe: [.inside(-2...2), .places],
      derivative: .each { y, x, dy, k in k == 0 ? dy.indexed(x[1], x[2]) : nil }),
    Operation(
      .joinColumns, "[,]", signature: "[A, B]; [A B]", arity: 0...Int.max,
      summary: "Side by side, equal rows; [] joins anything.",
      example: "[[1; 2] [3; 4]]", related: ["[;]", "repmat"], shape: .joinColumns,
      kernel: .matrix(Shaping.joinColumns), derivative: .each(Rules.joinedColumns)),
    Operation(
      .joinRows, "[;]", signature: "[A; B]", arity: 0...Int.max,
      summary: "One below the other, equal columns; [] joins anything.",
      example: "[1 2; 3 4]", related: ["[,]", "repmat"], shape: .joinRows, kernel: .matrix(Shaping.joinRows),
      derivative: .each(Rules.joinedRows)),
    Operation(
      .repeatMatrix, "repmat", signature: "repmat(A, m, n)", arity: 1...1,
      summary: "A, m times down and n times across.",
      example: "repmat([1 2], 2, 2)", related: ["stretch", "reshape"], shape: .repeatMatrix,
      kernel: .matrix(Shaping.repeatMatrix), derivative: .unary(Rules.repeated)),
    Operation(
      .diagonal, "diag", signature: "diag(v); diag(A)", arity: 1...1,
      summary: "A square matrix with v on its diagonal; of a matrix, its diagonal as a column.",
      example: "diag([1 2])", related: ["eye", "trace"], shape: .diagonal, kernel: .matrix(Shaping.diagonal),
      derivative: .unary(Rules.diagonal)),
    Operation(
      .cumulativeSum, "cumsum", signature: "cumsum(A); cumsum(A, 1)", arity: 1...1,
      summary:
        "Running sums: of all elements row by row, down each column (dim 1) or along each row (dim 2).",
      example: "cumsum([1 2 3])", related: ["sum", "cumprod"], shape: .same,
      kernel: .matrix(Shaping.cumulativeSum),
      derivative: .unary(Rules.cumulativeSum)),
    Operation(
      .cumulativeProduct, "cumprod", signature: "cumprod(A); cumprod(A, 1)", arity: 1...1,
      summary:
        "Running products: of all elements row by row, down each column (dim 1) or along each row (dim 2).",
      example: "cumprod([1 2 3 4])", related: ["prod", "cumsum"], shape: .same,
      kernel: .matrix(Shaping.cumulativeProduct), probe: [.bothSides(0.5...1.5)],
      derivative: .unary(Rules.cumulativeProduct)),
    Operation(
      .sort, "sort", signature: "sort(A); sort(A, 1)", arity: 1...1,
      summary: "Ascending, nan last: all elements row by row, each column (dim 1) or each row (dim 2).",
      formula: "With descending = true the other way round; a nan stays last.",
      example: "sort([3 1 2])", related: ["unique", "argmin"], shape: .same, kernel: .matrix(Sorting.sort),
      derivative: .unary(Rules.sorted)),
    Operation(
      .sortedPlaces, "sortplaces", signature: "sortplaces(A); sortplaces(A, 1)", arity: 1...1,
      summary: "Where the elements of sort(A) come from: places in A, counted row by row from 0.",
      example: "sortplaces([3 1 2])", related: ["sort", "argmin"], shape: .same,
      kernel: .matrix(Sorting.places)),
  ]
}
