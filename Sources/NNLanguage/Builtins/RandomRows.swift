import NNCore

extension Builtins {
  static let randomRows: [Builtin] = [
    Builtin(
      "seed", "n?", .random, forms: "seed(n); seed()",
      summary: "Starts the random numbers anew, the same for the same n; without n gives the seed in use.",
      details:
        "n is a whole number from 0 to 4294967295. The numbers are NumPy's after numpy.random.seed(n), bit for bit.",
      example: "seed(1); randn(2, 2)*0.01", related: ["rand", "randn"], body: seed),
    Builtin(
      "rand", "rows?, columns?", .random, forms: "rand(); rand(m, n)",
      summary: "Random numbers in 0 … 1, all as likely.",
      shapes: "1×1, or m×n filled row by row", example: "seed(1); rand(1, 3)",
      related: ["randn", "randint", "seed"]
    ) { call throws(Diagnostic) in
      let shape = try call.isGiven(0) ? call.shape(0) : .scalar
      return call.value(
        try call.drawing(shape.count) { random throws(CoreError) in
          try random.uniform(shape, in: call.resources)
        })
    },
    Builtin(
      "randn", "rows?, columns?", .random, forms: "randn(); randn(m, n)",
      summary: "Random numbers of the standard normal distribution: mean 0, standard deviation 1.",
      shapes: "1×1, or m×n filled row by row", example: "seed(1); randn(2, 3)",
      related: ["rand", "seed", "zeros"]
    ) { call throws(Diagnostic) in
      let shape = try call.isGiven(0) ? call.shape(0) : .scalar
      return call.value(
        try call.drawing(shape.count) { random throws(CoreError) in
          try random.normal(shape, in: call.resources)
        })
    },
    Builtin(
      "randint", "low, high, rows?, columns?", .random, forms: "randint(low, high); randint(low, high, m, n)",
      summary: "Random whole numbers from low to high, both included.",
      shapes: "1×1, or m×n filled row by row",
      example: "seed(1); randint(1, 6, 1, 5)", related: ["permutation", "rand", "seed"], body: integers),
    Builtin(
      "permutation", "n", .random, summary: "The numbers from 1 to n in random order.", shapes: "1×n",
      example: "seed(1); permutation(5)", related: ["shuffle", "split", "randint"]
    ) { call throws(Diagnostic) in
      let n = try call.size(0)
      let order = try call.permutation(of: n)
      for k in 0..<n { order.mutablePointer[k] += 1 }
      return call.value(order)
    },
    Builtin(
      "shuffle", "X, …", .random, forms: "shuffle(X); X, Y = shuffle(X, Y)",
      summary: "The columns (examples) of a matrix, or the elements of a vector or list, in random order.",
      shapes: "as X", details: "What is shuffled together stays together: X, Y = shuffle(X, Y).",
      example: "seed(1); X, Y = shuffle([1 2 3; 10 20 30], [0 1 1])", related: ["permutation", "split"],
      body: shuffle),
  ]

  private static func seed(_ call: Call) throws(Diagnostic) -> Value {
    guard call.isGiven(0) else { return .number(Scalar(call.machine.seed)) }
    call.machine.seed = try call.seed(0)
    call.machine.random = RandomStream(seed: call.machine.seed)
    return .nothing
  }

  private static func integers(_ call: Call) throws(Diagnostic) -> Value {
    let (low, high) = (try call.number(0), try call.number(1))
    let shape = try call.isGiven(2) ? call.shape(2) : .scalar
    if high < low { throw call.outside(1, high, wanted: "at least low, \(call.machine.display.text(low))") }
    return call.value(
      try call.drawing(shape.count) { random throws(CoreError) in
        try random.integers(low, high, shape, in: call.resources)
      })
  }

  private static func shuffle(_ call: Call) throws(Diagnostic) -> Value {
    let count = try call.examples(0)
    for index in 1..<max(1, call.count) { try call.checkExamples(index, count) }
    let order = try call.permutation(of: count)
    var results: [Value] = []
    for index in 0..<call.count { results.append(try call.picking(order, index)) }
    results.dropFirst().forEach(call.addResult)
    return results[0]
  }
}

extension Call {
  /// A seed of the random numbers.
  func seed(_ index: Int) throws(Diagnostic) -> UInt32 {
    let number = try number(index)
    do throws(CoreError) { return try RandomStream.seed(number) } catch {
      guard case .badArgument(_, _, _, let wanted) = error else { throw Diagnostic(core: error) }
      throw outside(index, number, wanted: wanted)
    }
  }

  /// A matrix of draws from the machine's stream, which stays where it was if the work fails.
  func drawing(_ count: Int, _ draw: (inout RandomStream) throws(CoreError) -> Matrix) throws(Diagnostic)
    -> Matrix
  {
    // Small draws fail, if at all, before the first number; only large ones are worth a copy of the stream.
    let before = count > 1 << 15 ? machine.random : nil
    do throws(CoreError) {
      return try draw(&machine.random)
    } catch {
      if let before { machine.random = before }
      throw Diagnostic(core: error)
    }
  }

  /// 0 ..< `count` in random order, as a row.
  func permutation(of count: Int) throws(Diagnostic) -> Matrix {
    try drawing(count) { random throws(CoreError) in try random.permutation(count, in: resources) }
  }
}
