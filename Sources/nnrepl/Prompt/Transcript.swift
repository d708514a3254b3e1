/// What was entered in the session, for a script of it.
struct Transcript {
  private struct Entry {
    let text: String
    let isRight: Bool
    /// The whole path of a script that was run.
    var script: String?
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }
  var texts: [String] { entries.map(\.text) }

  mutating func add(_ text: String, isRight: Bool) { entries.append(Entry(text: text, isRight: isRight)) }

  /// Adds that a script was run.
  ///
  /// - Parameter path: its whole path.
  mutating func add(script path: String) {
    entries.append(Entry(text: "run \(path)", isRight: true, script: path))
  }

  /// Adds statements of which those in the first `count` bytes were right, and those behind were not run to the end.
  mutating func add(_ text: String, rightUpTo count: Int) {
    let right = String(decoding: text.utf8.prefix(count), as: UTF8.self).trimmingBlanks()
    if !right.isEmpty { add(right, isRight: true) }
    add(String(decoding: text.utf8.dropFirst(count), as: UTF8.self), isRight: false)
  }

  /// Forgets the latest entries, which were undone.
  mutating func truncate(to count: Int) { entries.removeLast(max(0, entries.count - count)) }

  /// The session as a script: what failed is in comments.
  ///
  /// - Parameters:
  ///   - seed: where the random numbers began, if the session did not say so itself.
  ///   - folder: where the script will be, whole and with its slash; scripts below it are named from there.
  func script(seed: UInt32?, in folder: String = "") -> String {
    let start = seed.map { ["seed(\($0))  # the session's random numbers"] } ?? []
    let lines = entries.flatMap { entry in
      if let path = entry.script { return [Self.include(path, from: folder)] }
      return entry.text.split(separator: "\n", omittingEmptySubsequences: false).map {
        entry.isRight ? String($0) : "# \($0)"
      }
    }
    return (start + lines).map { $0 + "\n" }.joined()
  }

  private static func include(_ path: String, from folder: String) -> String {
    let name = !folder.isEmpty && path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
    return "include \"\(name.escaping("\\\"{}"))\""
  }
}
