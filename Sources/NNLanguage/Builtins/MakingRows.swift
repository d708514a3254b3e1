import NNCore

extension Builtins {
  static let makingRows: [Builtin] = [
    Builtin(
      "zeros", "rows, columns?", .making, forms: "zeros(m, n); zeros(size(A))", summary: "A matrix of zeros.",
      shapes: "m×n", example: "zeros(2, 3)", related: ["ones", "eye", "randn", "size"]
    ) { call throws(Diagnostic) in try filled(call, 0) },
    Builtin(
      "ones", "rows, columns?", .making, forms: "ones(m, n); ones(size(A))", summary: "A matrix of ones.",
      shapes: "m×n", example: "ones(2, 3)", related: ["zeros", "eye", "repmat"]
    ) { call throws(Diagnostic) in try filled(call, 1) },
    Builtin(
      "eye", "rows, columns?", .making, forms: "eye(n); eye(m, n)", summary: "The identity matrix.",
      shapes: "n×n, or m×n with ones on the diagonal", example: "eye(2)", related: ["zeros", "diag", "inv"],
      body: identity),
    Builtin(
      "linspace", "first, last, n = 100", .making,
      summary: "A row of n numbers at equal distances from first to last, both included.", shapes: "1×n",
      example: "linspace(0, 1, 5)", related: [":", "zeros"], body: linspace),
  ]

  private static func filled(_ call: Call, _ value: Scalar) throws(Diagnostic) -> Value {
    let shape = try call.shape(0)
    return try call.value { () throws(CoreError) in try Matrix(repeating: value, shape, in: call.resources) }
  }

  private static func identity(_ call: Call) throws(Diagnostic) -> Value {
    let isSquare = !call.isGiven(1) && call[0].number != nil
    let n = isSquare ? try call.size(0) : 0
    let shape = isSquare ? Shape(n, n) : try call.shape(0)
    return try call.value { () throws(CoreError) in
      let matrix = try Matrix(repeating: 0, shape, in: call.resources)
      for index in 0..<min(shape.rows, shape.columns) {
        matrix.mutablePointer[index * shape.columns + index] = 1
      }
      return matrix
    }
  }

  private static func linspace(_ call: Call) throws(Diagnostic) -> Value {
    let (first, last) = (try call.number(0), try call.number(1))
    let n = try call.isGiven(2) ? call.size(2) : 100
    return try call.value { () throws(CoreError) in
      let matrix = try Matrix(uninitialized: Shape(1, n), in: call.resources)
      let step = n > 1 ? (last - first) / Scalar(n - 1) : 0
      for index in 0..<n {
        if index & 0xF_FFFF == 0 { try call.resources.checkCancellation() }
        matrix.mutablePointer[index] = index == n - 1 ? last : first + Scalar(index) * step
      }
      return matrix
    }
  }
}
