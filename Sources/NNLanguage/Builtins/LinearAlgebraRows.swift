import NNCore

extension Builtins {
  static let linearAlgebraRows: [Builtin] = [
    .operation(.determinant, "A", .linearAlgebra),
    .operation(.inverse, "A", .linearAlgebra),
    .operation(.trace, "A", .linearAlgebra),
    Builtin(
      "svd", "A", .linearAlgebra, forms: "svd(A); U, S, V = svd(A)",
      summary: "The singular values, descending; with three results the factors of A = U*S*V'.",
      shapes: "A m×n, r the smaller of m and n: values r×1; U m×r, S r×r diagonal, V n×r",
      example: "svd([3 0; 4 5])", related: ["eig", "norm", "rank"], body: singularValues),
    Builtin(
      "eig", "A", .linearAlgebra, forms: "eig(A); V, D = eig(A)",
      summary: "The eigenvalues, ascending; with two results eigenvectors and eigenvalues of A*V = V*D.",
      shapes: "A n×n: values n×1; V n×n, its columns of length 1, D n×n diagonal",
      details: "Complex eigenvalues are an error.", example: "eig([2 1; 1 2])",
      related: ["svd", "det", "trace"],
      body: eigenvalues),
    Builtin(
      "pinv", "A", .linearAlgebra,
      summary:
        "The pseudoinverse: pinv(A)*b is the x of least norm with |A*x - b| least, also of a singular A.",
      shapes: "m×n to n×m", details: "Singular values up to max(m, n)*2.2e-16 of the largest count as 0.",
      example: "pinv([2 0; 0 0])*[6; 1]", related: ["\\", "inv", "svd"]
    ) { call throws(Diagnostic) in
      let a = try call.matrix(0)
      return call.untraced(
        try call.core { () throws(CoreError) in try LinearAlgebra.pseudoinverse(a, in: call.resources) },
        from: a)
    },
    Builtin(
      "rank", "A", .linearAlgebra, summary: "How many rows, or columns, are linearly independent.",
      details: "Singular values up to max(m, n)*2.2e-16 of the largest count as 0.",
      example: "rank([1 2; 2 4])",
      related: ["svd", "det"], body: rank),
  ]

  private static func singularValues(_ call: Call) throws(Diagnostic) -> Value {
    let a = try call.matrix(0)
    let (u, s, v) = try call.core { () throws(CoreError) in
      try LinearAlgebra.singularValues(a, in: call.resources)
    }
    if call.wanted < 2 { return call.untraced(s, from: a) }
    call.addResult(call.untraced(try diagonal(s, call), from: a))
    call.addResult(call.untraced(v, from: a))
    return call.untraced(u, from: a)
  }

  private static func eigenvalues(_ call: Call) throws(Diagnostic) -> Value {
    let a = try call.matrix(0)
    let (values, vectors) = try call.core { () throws(CoreError) in
      try LinearAlgebra.eigen(a, in: call.resources)
    }
    if call.wanted < 2 { return call.untraced(values, from: a) }
    call.addResult(call.untraced(try diagonal(values, call), from: a))
    return call.untraced(vectors, from: a)
  }

  /// A square matrix with the elements of `values` on its diagonal, also where that is one element or none.
  private static func diagonal(_ values: Matrix, _ call: Call) throws(Diagnostic) -> Matrix {
    let n = values.count
    return try call.core { () throws(CoreError) in
      let matrix = try Matrix(repeating: 0, Shape(n, n), in: call.resources)
      for k in 0..<n { matrix.mutablePointer[k * n + k] = values.pointer[k] }
      return matrix
    }
  }

  private static func rank(_ call: Call) throws(Diagnostic) -> Value {
    let a = try call.matrix(0)
    let values = try call.core { () throws(CoreError) in
      try LinearAlgebra.singularValues(a, for: call.name, in: call.resources).s
    }
    let least = (values.buffer.first ?? 0) * Scalar(max(a.rows, a.columns)) * Scalar.ulpOfOne
    return .number(Scalar(values.buffer.count { $0 > least }))
  }
}

extension Call {
  /// A result that the graph cannot follow back to `operand`: marked, so that using it where a gradient is wanted
  /// is an error.
  func untraced(_ result: Matrix, from operand: Matrix) -> Value {
    machine.markUntraced(result, from: operand)
    return value(result)
  }
}
