import NNCore

/// The replays there are, by the slice they run.
struct SliceReplays {
  private struct Entry {
    /// The latest first.
    var replays: [SliceReplay] = []
    /// How often the statements have run, and at how many runs a replay is worth another try.
    var runs = 0
    var nextTry = 2
  }

  /// A loop over batches needs two of a slice: for whole batches and for the last one.
  private static let most = 3
  private static let mostOfAll = 64

  /// Without replays statements run always; for tests of what must not make a difference.
  var isEnabled = true

  private var entries: [Int32: Entry] = [:]
  /// All of them, the oldest first.
  private var order: [(slice: Int32, replay: SliceReplay)] = []
  private var bytes = 0
  // Looked at in every round of a training loop, so no dictionaries. Entries keep the replays alive.
  /// By slice, the replay to try first.
  private var latest: [Unmanaged<SliceReplay>?] = []
  /// By the number of a replay.
  private var numbered: [Unmanaged<SliceReplay>?] = []

  @inline(__always)
  func latest(of slice: Int32) -> Unmanaged<SliceReplay>? {
    Int(slice) < latest.count ? latest[Int(slice)] : nil
  }

  @inline(__always)
  func replay(numbered number: Int) -> Unmanaged<SliceReplay>? {
    number < numbered.count ? numbered[number] : nil
  }

  /// The others of a slice, after the latest.
  func others(of slice: Int32) -> ArraySlice<SliceReplay> { entries[slice]?.replays.dropFirst() ?? [] }

  /// Makes a replay the one to try first.
  mutating func prefer(_ replay: SliceReplay, of slice: Int32) {
    guard let place = entries[slice]?.replays.firstIndex(where: { $0 === replay }) else { return }
    entries[slice]?.replays.remove(at: place)
    entries[slice]?.replays.insert(replay, at: 0)
    latest[Int(slice)] = .passUnretained(replay)
  }

  /// Counts a run of the statements; whether now is the time to try for a replay of them.
  ///
  /// The second run is, and of what cannot be replayed every run whose number is twice that of the last try: values
  /// of ever new shapes are not to cost a derivation each.
  mutating func isDue(_ slice: Int32) -> Bool {
    guard isEnabled, slice != Slices.none else { return false }
    entries[slice, default: Entry()].runs += 1
    guard let entry = entries[slice], entry.runs >= entry.nextTry else { return false }
    entries[slice]?.nextTry = 2 * entry.runs
    return true
  }

  /// - Parameter limit: the bytes that all values may take; the oldest replays go when theirs are more than an eighth.
  mutating func insert(_ replay: SliceReplay, of slice: Int32, limit: Int) {
    entries[slice, default: Entry()].replays.insert(replay, at: 0)
    latest += [Unmanaged<SliceReplay>?](repeating: nil, count: max(0, Int(slice) + 1 - latest.count))
    latest[Int(slice)] = .passUnretained(replay)
    let number = replay.replay.number
    numbered += [Unmanaged<SliceReplay>?](repeating: nil, count: max(0, number + 1 - numbered.count))
    numbered[number] = .passUnretained(replay)
    order.append((slice, replay))
    bytes += replay.replay.bytes
    if let count = entries[slice]?.replays.count, count > Self.most, let last = entries[slice]?.replays.last {
      remove(last, of: slice)
    }
    while order.count > Self.mostOfAll || (bytes > limit / 8 && order.count > 1) {
      remove(order[0].replay, of: order[0].slice)
    }
  }

  private mutating func remove(_ replay: SliceReplay, of slice: Int32) {
    // Its values stay what they are: if they are fresh, the tape takes them over.
    if replay.replay.isFresh { replay.replay.handOver() }
    numbered[replay.replay.number] = nil
    order.removeAll { $0.replay === replay }
    bytes -= replay.replay.bytes
    entries[slice]?.replays.removeAll { $0 === replay }
    latest[Int(slice)] = entries[slice]?.replays.first.map { .passUnretained($0) }
  }

  /// How many there are.
  var count: Int { order.count }

  /// Lets go of everything, for the memory it takes.
  mutating func removeAll() {
    while let (slice, replay) = order.last { remove(replay, of: slice) }
    entries = [:]
  }
}

/// The calls that a replay may answer.
enum ReplayedCall: UInt16 {
  case forward, backward, step
}

extension Machine {
  /// Answers `forward(J)`, `backward(J)` or `step(rate)` without the builtin, where it is the usual case.
  ///
  /// - Parameter place: the variable J, or the rate.
  /// - Returns: false, with nothing changed, where the builtin has to run.
  func replay(_ instruction: Instruction, _ place: Slot) throws(Diagnostic) -> Bool {
    guard !hasShadowedBuiltins, !frame.pointee.code._withUnsafeGuaranteedRef({ $0.isFunction }) else {
      return false
    }
    switch ReplayedCall(rawValue: instruction.setting) {
    case .forward: return try replayForward(instruction.a.slot)
    case .backward:
      guard place.isMatrix, place.uncheckedHeader.pointee.node.isReplay,
        let replay = replays.replay(numbered: place.uncheckedHeader.pointee.node.replay)
      else { return false }
      return try replay.takeUnretainedValue().backward(place, self)
    case .step: return try replayStep(place)
    case nil: return false
    }
  }

  func replayForward(_ variable: Int) throws(Diagnostic) -> Bool {
    let slice = globals.notes[variable].slice
    guard let latest = replays.latest(of: slice) else { return false }
    if try latest.takeUnretainedValue().forward(self) { return true }
    for other in replays.others(of: slice) where try other.forward(self) {
      replays.prefer(other, of: slice)
      return true
    }
    return false
  }

  /// After the statements of a variable's slice have run: makes a replay of them, if it is time.
  func noteRun(of variable: VariableReference, _ statements: [Int32]) {
    guard variable.scope == .global else { return }
    let slice = globals.notes[variable.index].slice
    guard replays.isDue(slice), let made = try? makeReplay(of: variable.index, statements) else { return }
    replays.insert(made, of: slice, limit: resources.limit)
  }
}
