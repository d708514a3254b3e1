/// Backward passes that were derived before, found again by the structure they belong to.
///
/// A hit compares the whole key, and the answers to what the derivation asked about data; so a plan is used only
/// where deriving again would make the same one.
struct PlanCache {
  struct Entry {
    var key: [UInt64]
    var facts: [DataFacts.Answer]
    var value: BackwardPlan
    var lastUse: Int
  }

  /// Plans kept at most, and the memory they may take together; the least recently used goes first.
  static let capacity = 256
  static let mostBytes = 64 << 20

  private var entries: [Int: [Entry]] = [:]
  private(set) var count = 0
  private var clock = 0
  private var bytes = 0

  /// The plan of the structure, if the answers it rests on hold.
  mutating func find(_ key: [UInt64], holds: (DataFacts.Answer) -> Bool) -> BackwardPlan? {
    let hash = Self.hash(key)
    guard let index = entries.index(forKey: hash) else { return nil }
    let bucket = entries.values[index]
    for i in bucket.indices where bucket[i].key == key && bucket[i].facts.allSatisfy(holds) {
      clock += 1
      entries.values[index][i].lastUse = clock
      return bucket[i].value
    }
    return nil
  }

  mutating func insert(_ key: [UInt64], _ facts: [DataFacts.Answer], _ value: BackwardPlan) {
    while count > 0, count >= Self.capacity || bytes + value.plan.bytes > Self.mostBytes { removeOldest() }
    bytes += value.plan.bytes
    clock += 1
    entries[Self.hash(key), default: []].append(Entry(key: key, facts: facts, value: value, lastUse: clock))
    count += 1
  }

  private mutating func removeOldest() {
    var oldest: (hash: Int, index: Int, use: Int)?
    for (hash, bucket) in entries {
      for (i, entry) in bucket.enumerated() where entry.lastUse < oldest?.use ?? .max {
        oldest = (hash, i, entry.lastUse)
      }
    }
    guard let oldest else { return }
    bytes -= entries[oldest.hash]?.remove(at: oldest.index).value.plan.bytes ?? 0
    if entries[oldest.hash]?.isEmpty == true { entries[oldest.hash] = nil }
    count -= 1
  }

  /// Forgets all plans, for the memory they take.
  mutating func removeAll() {
    entries = [:]
    (count, bytes) = (0, 0)
  }

  private static func hash(_ key: [UInt64]) -> Int {
    var h: UInt64 = 0xCBF2_9CE4_8422_2325
    for word in key { h = (h ^ word) &* 0x9E37_79B9_7F4A_7C15 ^ h >> 29 }
    return Int(truncatingIfNeeded: h ^ h >> 32)
  }
}

/// A derived backward pass, ready to run on any slice of the same structure.
final class BackwardPlan {
  let plan: Plan
  /// For each given of the plan, the number of the node in the slice.
  let givens: [Int32]
  /// For each value asked for, the output of the plan that is its gradient; -1 where none reaches it.
  let outputs: [Int]

  init(plan: Plan, givens: [Int32], outputs: [Int]) {
    self.plan = plan
    self.givens = givens
    self.outputs = outputs
  }
}
