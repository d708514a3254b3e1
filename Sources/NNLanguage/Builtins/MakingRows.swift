import NNCore

extension Builtins {
  static let makingRows: [Builtin] = [
    Builtin(
      "zeros", "rows, columns", .making, summary: "A matrix of zeros.", example: "zeros(2, 3)",
      related: ["ones", "eye", "randn"]
    ) { call throws(Diagnostic) in try filled(call, 0) },
    Builtin(
      "ones", "rows, columns", .making, summary: "A matrix of ones.", example: "ones(2, 3)",
      related: ["zeros", "eye"]
    ) { call throws(Diagnostic) in try filled(call, 1) },
    Builtin(
      "eye", "n", .making, summary: "The n×n identity matrix.", example: "eye(2)", related: ["zeros", "diag"]
    ) { call throws(Diagnostic) in
      let n = try call.size(0)
      return call.value(try call.core { () throws(CoreError) in
        let matrix = try Matrix(repeating: 0, Shape(n, n), in: call.resources)
        for index in 0..<n { matrix.mutablePointer[index * n + index] = 1 }
        return matrix
      })
    },
    Builtin(
      "linspace", "first, last, n = 100", .making,
      summary: "A row of n numbers at equal distances from first to last, both included.",
      example: "linspace(0, 1, 5)", related: ["zeros"]
    ) { call throws(Diagnostic) in
      let (first, last) = (try call.number(0), try call.number(1))
      let n = try call.integer(2, default: 100, in: 1...Int.max)
      return call.value(try call.core { () throws(CoreError) in
        let matrix = try Matrix(uninitialized: Shape(1, n), in: call.resources)
        let step = n > 1 ? (last - first) / Scalar(n - 1) : 0
        for index in 0..<n { matrix.mutablePointer[index] = first + Scalar(index) * step }
        matrix.mutablePointer[n - 1] = last
        return matrix
      })
    },
  ]

  private static func filled(_ call: Call, _ value: Scalar) throws(Diagnostic) -> Value {
    let shape = Shape(try call.size(0), try call.size(1))
    return call.value(try call.core { () throws(CoreError) in
      try Matrix(repeating: value, shape, in: call.resources)
    })
  }
}
