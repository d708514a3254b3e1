/// Sets of numbers from 0 on, as binary trees of which every one is kept once.
///
/// Sets that grow out of each other, each of the one before and one number more, share all but a path of their trees;
/// as lists of numbers, n of them would take n²/2 numbers. Equal sets are the same tree: comparing two is comparing
/// two numbers.
struct NumberSets {
  /// The set without a number in it.
  static let empty: Int32 = -1

  private struct Node: Hashable {
    /// Of 64 numbers those that are in the set, for a leaf; else the lower and the upper half, each a node or empty.
    var content: UInt64
    /// 0 for a leaf; a node covers twice as many numbers as one of the level below it.
    var level: Int

    init(bits: UInt64) {
      content = bits
      level = 0
    }

    init(_ lower: Int32, _ upper: Int32, level: Int) {
      content = NumberSets.pair(lower, upper)
      self.level = level
    }

    var lower: Int32 { Int32(truncatingIfNeeded: content >> 32) }
    var upper: Int32 { Int32(truncatingIfNeeded: content) }
    /// How many numbers it covers.
    var span: Int { 64 << level }
  }

  // The root of a set is the smallest node that covers the set from 0 on.
  private var nodes: [Node] = []
  private var known: [Node: Int32] = [:]
  private var unions: [UInt64: Int32] = [:]

  /// How many trees there are, each kept once.
  var treeCount: Int { nodes.count }

  private static func pair(_ a: Int32, _ b: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
  }

  private mutating func place(_ node: Node) -> Int32 {
    if let place = known[node] { return place }
    nodes.append(node)
    let place = Int32(nodes.count - 1)
    known[node] = place
    return place
  }

  // MARK: Reading

  func contains(_ number: Int32, in set: Int32) -> Bool {
    var (set, number) = (set, Int(number))
    while set != NumberSets.empty {
      let node = nodes[Int(set)]
      if number >= node.span { return false }
      if node.level == 0 { return node.content >> UInt64(number) & 1 == 1 }
      let isUpper = number >= node.span / 2
      if isUpper { number -= node.span / 2 }
      set = isUpper ? node.upper : node.lower
    }
    return false
  }

  /// The numbers of a set, ascending.
  func numbers(of set: Int32) -> [Int32] {
    var found: [Int32] = []
    forEachLeaf(of: set) { first, bits in
      var bits = bits
      while bits != 0 {
        found.append(first + Int32(bits.trailingZeroBitCount))
        bits &= bits - 1
      }
    }
    return found
  }

  func count(of set: Int32) -> Int {
    var count = 0
    forEachLeaf(of: set) { count += $1.nonzeroBitCount }
    return count
  }

  private func forEachLeaf(of set: Int32, _ body: (_ first: Int32, _ bits: UInt64) -> Void) {
    var pending = [(set, 0)]
    while let (set, first) = pending.popLast() {
      if set == NumberSets.empty { continue }
      let node = nodes[Int(set)]
      if node.level == 0 {
        body(Int32(first), node.content)
      } else {
        pending.append((node.upper, first + node.span / 2))
        pending.append((node.lower, first))
      }
    }
  }

  // MARK: Making

  // Each goes down a path, or the paths in which two sets differ: 26 nodes at most.

  mutating func adding(_ number: Int32, to set: Int32) -> Int32 {
    precondition(number >= 0, "statements are numbered from 0")
    var (set, level) = (set, set == NumberSets.empty ? 0 : nodes[Int(set)].level)
    while Int(number) >= 64 << level {
      level += 1
      if set != NumberSets.empty { set = place(Node(set, NumberSets.empty, level: level)) }
    }
    return adding(Int(number), to: set, level)
  }

  private mutating func adding(_ number: Int, to set: Int32, _ level: Int) -> Int32 {
    let isEmpty = set == NumberSets.empty
    if level == 0 { return place(Node(bits: (isEmpty ? 0 : nodes[Int(set)].content) | 1 << UInt64(number))) }
    let half = 32 << level
    var (lower, upper) = isEmpty ? (set, set) : (nodes[Int(set)].lower, nodes[Int(set)].upper)
    if number < half {
      lower = adding(number, to: lower, level - 1)
    } else {
      upper = adding(number - half, to: upper, level - 1)
    }
    return place(Node(lower, upper, level: level))
  }

  mutating func union(_ a: Int32, _ b: Int32) -> Int32 {
    if a == b || b == NumberSets.empty { return a }
    if a == NumberSets.empty { return b }
    var (x, y) = nodes[Int(a)].level >= nodes[Int(b)].level ? (a, b) : (b, a)
    let level = nodes[Int(x)].level
    while nodes[Int(y)].level < level {
      y = place(Node(y, NumberSets.empty, level: nodes[Int(y)].level + 1))
    }
    if x == y { return x }
    if x > y { swap(&x, &y) }
    let key = NumberSets.pair(x, y)
    if let known = unions[key] { return known }
    let (left, right) = (nodes[Int(x)], nodes[Int(y)])
    let node =
      level == 0
      ? Node(bits: left.content | right.content)
      : Node(union(left.lower, right.lower), union(left.upper, right.upper), level: level)
    let result = place(node)
    unions[key] = result
    return result
  }

  /// Those numbers of a set that lie in a range.
  mutating func restricting(_ set: Int32, to range: ClosedRange<Int32>) -> Int32 {
    var result = part(of: set, in: Int(range.lowerBound)...Int(range.upperBound), from: 0)
    while result != NumberSets.empty, nodes[Int(result)].level > 0,
      nodes[Int(result)].upper == NumberSets.empty
    {
      result = nodes[Int(result)].lower
    }
    return result
  }

  private mutating func part(of set: Int32, in range: ClosedRange<Int>, from first: Int) -> Int32 {
    if set == NumberSets.empty { return set }
    let node = nodes[Int(set)]
    let last = first + node.span - 1
    if range.upperBound < first || last < range.lowerBound { return NumberSets.empty }
    if range.contains(first), range.contains(last) { return set }
    if node.level > 0 {
      let lower = part(of: node.lower, in: range, from: first)
      let upper = part(of: node.upper, in: range, from: first + node.span / 2)
      if lower == NumberSets.empty, upper == NumberSets.empty { return lower }
      return place(Node(lower, upper, level: node.level))
    }
    var bits: UInt64 = 0
    for number in 0..<64 where range.contains(first + number) { bits |= node.content & 1 << UInt64(number) }
    return bits == 0 ? NumberSets.empty : place(Node(bits: bits))
  }
}
