/// What was entered in the session, for a script of it.
struct Transcript {
  private struct Entry {
    let text: String
    let isRight: Bool
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }
  var texts: [String] { entries.map(\.text) }

  mutating func add(_ text: String, isRight: Bool) { entries.append(Entry(text: text, isRight: isRight)) }

  /// Forgets the latest entries, which were undone.
  mutating func truncate(to count: Int) { entries.removeLast(max(0, entries.count - count)) }

  /// The session as a script: what failed is in comments.
  ///
  /// - Parameter seed: where the random numbers began, if the session did not say so itself.
  func script(seed: UInt32?) -> String {
    let lines = entries.flatMap { entry in
      entry.text.split(separator: "\n", omittingEmptySubsequences: false).map {
        entry.isRight ? String($0) : "# \($0)"
      }
    }
    let start = seed.map { ["seed(\($0))  # the session's random numbers"] } ?? []
    return (start + lines).map { $0 + "\n" }.joined()
  }
}
