#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Small problems to train on, drawn from a random stream: points (2×m, one example a column) and the number of
/// each one's class (1×m, from 0).
package enum ToyData {
  package typealias Problem = (points: Matrix, classes: Matrix)

  /// The four inputs of exclusive or, and its outputs.
  package static func xor(in resources: Resources) throws(CoreError) -> Problem {
    (
      try Matrix(rows: 2, columns: 4, [0, 0, 1, 1, 0, 1, 0, 1], in: resources),
      try Matrix(rows: 1, columns: 4, [0, 1, 1, 0], in: resources)
    )
  }

  /// Two half circles that reach into each other, as scikit-learn's `make_moons(m, noise, random_state)`.
  package static func moons(
    _ count: Int, noise: Scalar?, _ random: inout RandomStream, in resources: Resources
  ) throws(CoreError) -> Problem {
    let room = try room(count, in: resources)
    defer { withExtendedLifetime(room) {} }
    let outer = linear(0, .pi, count / 2).map { Point(cos($0), sin($0), 0) }
    let inner = linear(0, .pi, count - count / 2).map { Point(1 - cos($0), 1 - sin($0) - 0.5, 1) }
    return try shuffled(outer + inner, noise, &random, resources)
  }

  /// A circle inside another, `factor` times as wide, as scikit-learn's `make_circles`.
  package static func circles(
    _ count: Int, noise: Scalar?, factor: Scalar = 0.8, _ random: inout RandomStream, in resources: Resources
  ) throws(CoreError) -> Problem {
    let room = try room(count, in: resources)
    defer { withExtendedLifetime(room) {} }
    let outer = turn(count / 2).map { Point(cos($0), sin($0), 0) }
    let inner = turn(count - count / 2).map { Point(cos($0) * factor, sin($0) * factor, 1) }
    return try shuffled(outer + inner, noise, &random, resources)
  }

  /// Round clouds about random centres in -10 … 10, as scikit-learn's `make_blobs`.
  package static func blobs(
    _ count: Int, classes: Int = 3, spread: Scalar = 1, _ random: inout RandomStream, in resources: Resources
  ) throws(CoreError) -> Problem {
    precondition(count >= 0 && classes > 0, "checked by the caller")
    let room = try room(count.plus(classes), in: resources)
    defer { withExtendedLifetime(room) {} }
    var centres: [Point] = []
    for k in 0..<classes {
      let x = -10 + 20 * random.uniform()
      centres.append(Point(x, -10 + 20 * random.uniform(), Scalar(k)))
    }
    var points: [Point] = []
    for (k, centre) in centres.enumerated() {
      for _ in 0..<(count / classes + (k < count % classes ? 1 : 0)) {
        let x = centre.x + spread * random.normal()
        points.append(Point(x, centre.y + spread * random.normal(), centre.group))
      }
    }
    return try shuffled(points, nil, &random, resources)
  }

  /// Arms of a spiral, one a class, `perClass` points each; from the notes of the Stanford course CS231n.
  package static func spiral(
    _ perClass: Int, classes: Int = 3, noise: Scalar = 0.2, _ random: inout RandomStream,
    in resources: Resources
  ) throws(CoreError) -> Problem {
    let room = try room(perClass.times(classes), in: resources)
    defer { withExtendedLifetime(room) {} }
    let radii = linear(0, 1, perClass)
    var points: [Point] = []
    for j in 0..<classes {
      let angles = noisy(linear(Scalar(j) * 4, Scalar(j + 1) * 4, perClass), noise, &random)
      for (r, t) in zip(radii, angles) { points.append(Point(r * sin(t), r * cos(t), Scalar(j))) }
    }
    return try problem(points, resources)
  }

  /// The planar flower of two classes that many courses classify first: `seed(1)`, 400 points, four petals each.
  package static func flower(
    _ count: Int, noise: Scalar = 0.2, _ random: inout RandomStream, in resources: Resources
  ) throws(CoreError) -> Problem {
    let room = try room(count, in: resources)
    defer { withExtendedLifetime(room) {} }
    var points: [Point] = []
    for j in 0..<2 {
      let share = j == 0 ? count / 2 : count - count / 2
      let angles = noisy(linear(Scalar(j) * 3.12, Scalar(j + 1) * 3.12, share), noise, &random)
      let radii = noisy(angles.map { 4 * sin(4 * $0) }, noise, &random)
      for (r, t) in zip(radii, angles) { points.append(Point(r * sin(t), r * cos(t), Scalar(j))) }
    }
    return try problem(points, resources)
  }

  // MARK: Parts

  /// What the working copies of `count` points take, through the gate that knows the limit.
  private static func room(_ count: Int, in resources: Resources) throws(CoreError) -> Matrix {
    try Matrix(uninitialized: Shape(16, count), in: resources)
  }

  private struct Point {
    var x: Scalar
    var y: Scalar
    let group: Scalar

    init(_ x: Scalar, _ y: Scalar, _ group: Scalar) { (self.x, self.y, self.group) = (x, y, group) }
  }

  /// `count` numbers from `start` to `stop`, both included.
  private static func linear(_ start: Scalar, _ stop: Scalar, _ count: Int) -> [Scalar] {
    let step = (stop - start) / Scalar(count - 1)
    return (0..<count).map {
      count > 1 && $0 == count - 1 ? stop : $0 == 0 ? start : Scalar($0) * step + start
    }
  }

  /// `count` angles of a full turn, its end left out.
  private static func turn(_ count: Int) -> [Scalar] {
    let step = 2 * .pi / Scalar(count)
    return (0..<count).map { Scalar($0) * step }
  }

  private static func noisy(_ x: [Scalar], _ noise: Scalar, _ random: inout RandomStream) -> [Scalar] {
    var result = x
    for k in result.indices { result[k] += random.normal() * noise }
    return result
  }

  private static func shuffled(
    _ points: [Point], _ noise: Scalar?, _ random: inout RandomStream, _ resources: Resources
  ) throws(CoreError) -> Problem {
    let order = try random.permutation(points.count, in: resources)
    var mixed = order.buffer.map { points[Int($0)] }
    if let noise {
      for k in mixed.indices {
        mixed[k].x += noise * random.normal()
        mixed[k].y += noise * random.normal()
      }
    }
    return try problem(mixed, resources)
  }

  private static func problem(_ points: [Point], _ resources: Resources) throws(CoreError) -> Problem {
    try resources.checkCancellation()
    return (
      try Matrix(rows: 2, columns: points.count, points.map(\.x) + points.map(\.y), in: resources),
      try Matrix(rows: 1, columns: points.count, points.map(\.group), in: resources)
    )
  }
}
