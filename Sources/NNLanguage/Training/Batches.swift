import NNCore

/// The columns of a matrix, features × examples, for batches of columns in an order that changes with every epoch.
///
/// Memory is fast at neighbours, so examples are turned onto rows first: all of them where that takes little room,
/// else as many as a fifth of the data, in the epoch's order, again and again as the epoch goes on.
struct Examples {
  let source: Matrix
  private let rows: Matrix
  /// How many examples `rows` has room for.
  private let room: Int
  private var isWindow: Bool { room < source.columns }
  /// The places of the epoch's order that stand in `rows` now, where that is a window.
  private var window = 0..<0

  /// Bytes of data that are turned at once.
  private static let turnedAtOnce = 128 << 20

  /// - Parameter size: the examples of a batch.
  init(_ source: Matrix, size: Int, in resources: Resources) throws(CoreError) {
    let isLarge = source.count > Self.turnedAtOnce / MemoryLayout<Scalar>.stride
    try self.init(source, size: size, room: isLarge ? source.columns / 5 : source.columns, in: resources)
  }

  /// - Parameter room: how many examples may be turned at once, about.
  init(_ source: Matrix, size: Int, room wanted: Int, in resources: Resources) throws(CoreError) {
    self.source = source
    room = wanted < source.columns ? min(source.columns, max(size, wanted / size * size)) : source.columns
    rows =
      room < source.columns
      ? try Matrix(uninitialized: Shape(room, source.rows), in: resources)
      : try Operation.apply(.transpose, source, in: resources)
  }

  /// Forgets what belongs to the order of an epoch.
  mutating func startEpoch() { window = 0..<0 }

  /// The examples at `width` places of the order from `start` on, each a row, side by side in memory.
  ///
  /// - Parameter batch: room for them, used where they do not lie so already.
  mutating func rows(
    from start: Int, _ width: Int, _ order: [Int32], room batch: UnsafeMutablePointer<Scalar>
  ) -> UnsafePointer<Scalar> {
    if isWindow { return windowRows(from: start, width, order) }
    let features = source.rows
    for k in 0..<width {
      (batch + k * features).update(from: rows.pointer + Int(order[start + k]) * features, count: features)
    }
    return UnsafePointer(batch)
  }

  /// Copies the examples at `width` places of the order from `start` on into the columns of a batch.
  mutating func copyColumns(from start: Int, _ order: [Int32], into batch: Matrix) {
    let (features, width) = (source.rows, batch.columns)
    let first = isWindow ? windowRows(from: start, width, order) : nil
    for k in 0..<width {
      let example = first.map { $0 + k * features } ?? rows.pointer + Int(order[start + k]) * features
      let target = batch.mutablePointer + k
      for feature in 0..<features { target[feature * width] = example[feature] }
    }
  }

  private mutating func windowRows(from start: Int, _ width: Int, _ order: [Int32]) -> UnsafePointer<Scalar> {
    if !window.contains(start) { fillWindow(start, order) }
    return rows.pointer + (start - window.lowerBound) * source.rows
  }

  /// Turns the examples from place `start` on into the window.
  private mutating func fillWindow(_ start: Int, _ order: [Int32]) {
    window = start..<min(start + room, order.count)
    let (features, count) = (source.rows, source.columns)
    // Examples in the order they lie in memory, so that every feature's row is walked forwards.
    var place = [Int32](repeating: -1, count: count)
    for k in window { place[Int(order[k])] = Int32(truncatingIfNeeded: k - start) }
    var chosen: [(example: Int32, place: Int32)] = []
    chosen.reserveCapacity(window.count)
    for example in 0..<count where place[example] >= 0 {
      chosen.append((Int32(truncatingIfNeeded: example), place[example]))
    }
    // A cache line of each example at a time.
    for feature in stride(from: 0, to: features, by: 8) {
      let width = min(8, features - feature)
      let from = source.pointer + feature * count
      let to = rows.mutablePointer + feature
      for (example, place) in chosen {
        let target = to + Int(place) * features
        for k in 0..<width { target[k] = from[k * count + Int(example)] }
      }
    }
  }
}

/// The examples of a training run, taken in batches.
struct Batches {
  let inputs: Matrix
  let outputs: Matrix
  let size: Int
  /// Nil for one batch of all examples as they are.
  private var turned: (inputs: Examples, outputs: Examples)?
  /// The order of the epoch, from 0.
  private var order: [Int32] = []

  init(_ inputs: Matrix, _ outputs: Matrix, size: Int, in resources: Resources) throws(CoreError) {
    self.inputs = inputs
    self.outputs = outputs
    self.size = min(size, inputs.columns)
    guard size < inputs.columns else { return }
    turned = (
      try Examples(inputs, size: size, in: resources), try Examples(outputs, size: size, in: resources)
    )
  }

  var count: Int { inputs.columns }
  var isWhole: Bool { turned == nil }

  mutating func shuffle(_ random: inout RandomStream, in resources: Resources) throws(CoreError) {
    if isWhole { return }
    let permutation = try random.permutation(count, in: resources)
    order.removeAll(keepingCapacity: true)
    for place in permutation.buffer { order.append(Int32(truncatingIfNeeded: Int(place))) }
    turned?.inputs.startEpoch()
    turned?.outputs.startEpoch()
  }

  /// The place of an example in the epoch's order.
  @inline(__always)
  func example(_ place: Int) -> Int { order.isEmpty ? place : Int(order[place]) }

  /// The inputs of a batch, an example on each row.
  mutating func inputRows(from start: Int, _ width: Int, room: Matrix) -> UnsafePointer<Scalar> {
    turned?.inputs.rows(from: start, width, order, room: room.mutablePointer) ?? room.pointer
  }

  /// Copies the inputs of a batch into its own matrix.
  mutating func copyInputs(from start: Int, into batch: Matrix) {
    turned?.inputs.copyColumns(from: start, order, into: batch)
  }

  mutating func copyOutputs(from start: Int, into batch: Matrix) {
    turned?.outputs.copyColumns(from: start, order, into: batch)
  }
}
