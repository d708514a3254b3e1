/// The sets of params that recorded values depend on, each kept once.
///
/// A set is a number; 0 is the empty one. A set goes stale as a whole when one of its params changes, which makes
/// everything computed from the old value stale at the cost of one bit per set instead of one per value.
struct LeafSets {
  /// Slots as bits, 64 to a word.
  typealias Members = [UInt64]

  private(set) var members: [Members] = [[]]
  /// For a stale set the slot that changed, else -1.
  private(set) var changedSlot: [Int32] = [-1]
  private var numbers: [Members: Int32] = [[]: 0]
  private var fresh: [Int32] = []
  private var unions: [UInt64: Int32] = [:]
  private var lastPair: UInt64 = 0
  private var lastUnion: Int32 = 0

  @inline(__always)
  func isFresh(_ set: Int32) -> Bool { changedSlot[Int(set)] < 0 }

  var count: Int { members.count }

  /// Whether a change of a param can make any set stale.
  @inline(__always) var hasFresh: Bool { !fresh.isEmpty }

  /// The set of one param.
  mutating func single(_ slot: Int32) -> Int32 {
    var words = Members(repeating: 0, count: Int(slot) / 64 + 1)
    words[Int(slot) / 64] = 1 << UInt64(slot % 64)
    return number(of: words)
  }

  /// The params of both sets, which must be fresh.
  @inline(__always)
  mutating func union(_ a: Int32, _ b: Int32) -> Int32 {
    if a == b || b == 0 { return a }
    if a == 0 { return b }
    let pair = UInt64(UInt32(bitPattern: min(a, b))) << 32 | UInt64(UInt32(bitPattern: max(a, b)))
    if pair == lastPair { return lastUnion }
    return newUnion(a, b, pair)
  }

  private mutating func newUnion(_ a: Int32, _ b: Int32, _ pair: UInt64) -> Int32 {
    let result: Int32
    if let known = unions[pair] {
      result = known
    } else {
      var (words, other) = (members[Int(a)], members[Int(b)])
      if words.count < other.count { swap(&words, &other) }
      for i in other.indices { words[i] |= other[i] }
      result = number(of: words)
      unions[pair] = result
    }
    (lastPair, lastUnion) = (pair, result)
    return result
  }

  private mutating func number(of words: Members) -> Int32 {
    if let known = numbers[words] { return known }
    let result = Int32(members.count)
    members.append(words)
    changedSlot.append(-1)
    numbers[words] = result
    fresh.append(result)
    return result
  }

  func contains(_ slot: Int32, _ set: Int32) -> Bool {
    let words = members[Int(set)]
    let word = Int(slot) / 64
    return word < words.count && words[word] >> UInt64(slot % 64) & 1 == 1
  }

  /// The set without `slot`.
  mutating func removing(_ slot: Int32, from set: Int32) -> Int32 {
    guard contains(slot, set) else { return set }
    var words = members[Int(set)]
    words[Int(slot) / 64] &= ~(1 << UInt64(slot % 64))
    while words.last == 0 { words.removeLast() }
    return number(of: words)
  }

  /// Makes every set with `slot` stale. The same params then form a new set, for values computed from now on.
  mutating func change(_ slot: Int32) {
    var kept = 0
    for i in fresh.indices {
      let set = fresh[i]
      if contains(slot, set) {
        changedSlot[Int(set)] = slot
        numbers[members[Int(set)]] = nil
      } else {
        fresh[kept] = set
        kept += 1
      }
    }
    guard kept < fresh.count else { return }
    fresh.removeLast(fresh.count - kept)
    forgetUnions()
  }

  private mutating func forgetUnions() {
    unions.removeAll(keepingCapacity: true)
    (lastPair, lastUnion) = (0, 0)
  }

  /// Keeps the sets for which `used` is true and numbers them anew.
  ///
  /// - Returns: the new number of each old set; -1 where it is gone.
  mutating func compact(keeping used: [Bool]) -> [Int32] {
    var renumbered = [Int32](repeating: -1, count: members.count)
    var kept = LeafSets()
    renumbered[0] = 0
    for set in 1..<max(1, members.count) where used[set] {
      renumbered[set] = Int32(kept.members.count)
      kept.members.append(members[set])
      kept.changedSlot.append(changedSlot[set])
      if changedSlot[set] < 0 {
        kept.numbers[members[set]] = renumbered[set]
        kept.fresh.append(renumbered[set])
      }
    }
    self = kept
    return renumbered
  }
}
