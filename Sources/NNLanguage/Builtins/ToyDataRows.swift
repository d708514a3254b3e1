import NNCore

extension Builtins {
  static let toyDataRows: [Builtin] = [
    Builtin(
      "xor", "", .random, forms: "X, Y = xor()", summary: "Exclusive or: its four inputs, and its outputs.",
      shapes: "X 2×4, Y 1×4 of 0 and 1", example: "X, Y = xor()", related: ["moons", "network"]
    ) { call throws(Diagnostic) in
      try data(call, classes: 2) { _ throws(CoreError) in try ToyData.xor(in: call.resources) }
    },
    Builtin(
      "moons", "m = 200, noise = 0.1", .random, forms: "X, Y = moons(m = 200, noise = 0.1)",
      summary: "Two half circles that reach into each other, m points in all.",
      shapes: "X 2×m, Y 1×m of 0 and 1",
      details: "scikit-learn's make_moons, number for number after the same seed.",
      example: "seed(1); X, Y = moons(4)", related: ["circles", "spiral", "blobs"]
    ) { call throws(Diagnostic) in
      let (m, noise) = (try call.points(200), try call.noise(1, 0.1))
      return try data(call, classes: 2) { random throws(CoreError) in
        try ToyData.moons(m, noise: noise == 0 ? nil : noise, &random, in: call.resources)
      }
    },
    Builtin(
      "circles", "m = 200, noise = 0.05, factor = 0.8", .random,
      forms: "X, Y = circles(m = 200, noise = 0.05, factor = 0.8)",
      summary: "A circle inside another, factor times as wide, m points in all.",
      shapes: "X 2×m, Y 1×m of 0 and 1",
      details: "scikit-learn's make_circles, number for number after the same seed.",
      example: "seed(1); X, Y = circles(4)", related: ["moons", "spiral"]
    ) { call throws(Diagnostic) in
      let (m, noise) = (try call.points(200), try call.noise(1, 0.05))
      let factor = try call.number(2, default: 0.8)
      guard factor > 0, factor < 1 else { throw call.outside(2, factor, wanted: "between 0 and 1") }
      return try data(call, classes: 2) { random throws(CoreError) in
        try ToyData.circles(m, noise: noise == 0 ? nil : noise, factor: factor, &random, in: call.resources)
      }
    },
    Builtin(
      "spiral", "m = 100, classes = 3, noise = 0.2", .random,
      forms: "X, Y = spiral(m = 100, classes = 3, noise = 0.2)",
      summary: "The arms of a spiral, one for each class, of m points each.",
      shapes: "X 2×(m*classes), Y one-hot classes×(m*classes); 1×(m*2) of 0 and 1 for two classes",
      example: "seed(1); X, Y = spiral(2)", related: ["flower", "moons"]
    ) { call throws(Diagnostic) in
      let m = try call.points(100)
      let (classes, noise) = (try call.integer(1, default: 3, in: 2...1000), try call.noise(2, 0.2))
      return try data(call, classes: classes) { random throws(CoreError) in
        try ToyData.spiral(m, classes: classes, noise: noise, &random, in: call.resources)
      }
    },
    Builtin(
      "blobs", "m = 150, classes = 3, spread = 1", .random,
      forms: "X, Y = blobs(m = 150, classes = 3, spread = 1)",
      summary: "Round clouds about random centres, one for each class, m points in all.",
      shapes: "X 2×m, Y one-hot classes×m; 1×m of 0 and 1 for two classes",
      details: "scikit-learn's make_blobs, number for number after the same seed.",
      example: "seed(1); X, Y = blobs(4)", related: ["moons", "spiral"]
    ) { call throws(Diagnostic) in
      let m = try call.points(150)
      let (classes, spread) = (try call.integer(1, default: 3, in: 2...1000), try call.noise(2, 1))
      return try data(call, classes: classes) { random throws(CoreError) in
        try ToyData.blobs(m, classes: classes, spread: spread, &random, in: call.resources)
      }
    },
    Builtin(
      "flower", "m = 400, noise = 0.2", .random, forms: "X, Y = flower(m = 400, noise = 0.2)",
      summary: "The planar flower that many courses classify first: petals of two classes, m points in all.",
      shapes: "X 2×m, Y 1×m of 0 and 1", details: "The course's numbers after seed(1).",
      example: "seed(1); X, Y = flower(4)", related: ["spiral", "moons"]
    ) { call throws(Diagnostic) in
      let (m, noise) = (try call.points(400), try call.noise(1, 0.2))
      return try data(call, classes: 2) { random throws(CoreError) in
        try ToyData.flower(m, noise: noise, &random, in: call.resources)
      }
    },
  ]

  /// Points as X, and their classes as Y: 0 and 1 of two, one-hot of more.
  private static func data(
    _ call: Call, classes: Int, _ make: (inout RandomStream) throws(CoreError) -> ToyData.Problem
  ) throws(Diagnostic) -> Value {
    let before = call.machine.random
    do throws(CoreError) {
      let (points, numbers) = try make(&call.machine.random)
      let labels =
        classes == 2
        ? numbers : try OneHot.matrix(numbers.buffer.map { Int($0) }, classes, in: call.resources)
      call.addResult(call.value(labels))
      return call.value(points)
    } catch {
      call.machine.random = before
      throw Diagnostic(core: error)
    }
  }
}

extension Call {
  /// How many points to make, the first argument.
  fileprivate func points(_ value: Int) throws(Diagnostic) -> Int {
    guard isGiven(0) else { return value }
    let count = try size(0)
    if count == 0 { throw outside(0, 0, wanted: "at least 1") }
    return count
  }

  fileprivate func noise(_ index: Int, _ value: Scalar) throws(Diagnostic) -> Scalar {
    try number(index, default: value, atLeast: 0)
  }
}
