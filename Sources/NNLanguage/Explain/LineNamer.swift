import NNCore

/// Names for values that no variable holds: those they had in a function or in an earlier round of a loop, else
/// `t1`, `t2` ….
struct LineNamer {
  /// Whether a name is in use already.
  private let isUsed: (String) -> Bool
  private var taken: Set<String> = []
  private var count = 0
  /// By name, the first number that may still be free behind it.
  private var next: [String: Int] = [:]
  /// The names of values that a variable held once.
  private(set) var held: [GraphNode: String] = [:]

  /// - Parameters:
  ///   - held: values with the variables that held them once, nil for none, in the order they were computed.
  ///   - isUsed: whether a name means something else already.
  ///   - reserved: names that lines are going to assign.
  init(
    held values: [(node: GraphNode, variable: String?)], reserved: [String],
    isUsed: @escaping (String) -> Bool
  ) {
    self.isUsed = isUsed
    taken = Set(reserved)
    var counts: [String: Int] = [:]
    for case (_, let variable?) in values { counts[variable, default: 0] += 1 }
    for (node, variable) in values {
      guard let variable else {
        held[node] = plainName()
        continue
      }
      let isOnly = counts[variable] == 1 && isFree(variable)
      held[node] = isOnly ? claim(variable) : numbered(variable, from: 1)
    }
  }

  private func isFree(_ name: String) -> Bool { !taken.contains(name) && !isUsed(name) }

  private mutating func claim(_ name: String) -> String {
    taken.insert(name)
    return name
  }

  private mutating func numbered(_ wanted: String, from first: Int) -> String {
    var number = max(first, next[wanted] ?? first)
    while !isFree("\(wanted)_\(number)") { number += 1 }
    next[wanted] = number + 1
    return claim("\(wanted)_\(number)")
  }

  /// The name itself if it is free, else with a number behind it.
  mutating func name(like wanted: String) -> String {
    isFree(wanted) ? claim(wanted) : numbered(wanted, from: 2)
  }

  /// A name that says nothing.
  mutating func plainName() -> String {
    repeat { count += 1 } while !isFree("t\(count)")
    return claim("t\(count)")
  }
}
