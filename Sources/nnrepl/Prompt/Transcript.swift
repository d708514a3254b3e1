/// What was entered in the session, for a script of it.
struct Transcript {
  private struct Entry {
    let text: String
    let isRight: Bool
    /// The whole path of a script that was run.
    var script: String?
    /// Names that were taken away.
    var cleared: [String] = []
    /// Whether nothing before it has an effect any more.
    var startsAnew = false
    /// What running the script does not bring back.
    var loss: String?
  }

  private var entries: [Entry] = []

  var count: Int { entries.count }
  var texts: [String] { entries.map(\.text) }

  /// - Parameter loss: what the session has of it and the script has not.
  mutating func add(_ text: String, isRight: Bool, loss: String? = nil) {
    entries.append(Entry(text: text, isRight: isRight, loss: loss))
  }

  /// Adds that a script was run.
  ///
  /// - Parameter path: its whole path.
  mutating func add(script path: String) {
    entries.append(Entry(text: "run \(path)", isRight: true, script: path))
  }

  /// Adds that variables were taken away.
  ///
  /// - Parameter startsAnew: whether those were all, so that the script need not make them first.
  mutating func add(cleared names: [String], startsAnew: Bool) {
    entries.append(
      Entry(
        text: "clear " + names.joined(separator: " "), isRight: false, cleared: names, startsAnew: startsAnew)
    )
  }

  /// Adds statements of which those in the first `count` bytes were right, and those behind were not run to the end.
  ///
  /// - Parameter hadEffect: whether the one that failed changed something first.
  mutating func add(_ text: String, rightUpTo count: Int, hadEffect: Bool = false) {
    let right = String(decoding: text.utf8.prefix(count), as: UTF8.self).trimmingBlanks()
    if !right.isEmpty { add(right, isRight: true) }
    let rest = String(decoding: text.utf8.dropFirst(count), as: UTF8.self)
    let line = rest.trimmingBlanks().prefix { $0 != "\n" }
    let loss = hadEffect ? "what `\(line)` did before it failed is not in the script" : nil
    add(rest, isRight: false, loss: loss)
  }

  /// Forgets the latest entries, which were undone.
  mutating func truncate(to count: Int) { entries.removeLast(max(0, entries.count - count)) }

  /// The session as a script: what failed is in comments.
  ///
  /// - Parameters:
  ///   - seed: where the random numbers began, if the session did not say so itself.
  ///   - folder: where the script will be, whole and with its slash; scripts below it are named from there.
  func script(seed: UInt32?, in folder: String = "") -> String {
    let opening = seed.map { ["seed(\($0))  # the session's random numbers"] } ?? []
    let lines = entries.enumerated().flatMap { index, entry -> [String] in
      let isRight = entry.isRight && (index >= start || entry.text.hasPrefix("digits("))
      let text = entry.script.map { Self.include($0, from: folder) } ?? entry.text
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        isRight
          ? String($0) : "# \($0)\(!entry.cleared.isEmpty && index > start ? "  (a script cannot)" : "")"
      }
      return lines + (entry.loss.map { ["# \($0)"] } ?? [])
    }
    return (opening + lines).map { $0 + "\n" }.joined()
  }

  /// In what the script, when it runs, differs from the session.
  ///
  /// - Parameter isThere: whether a variable has a value now.
  func losses(isThere: (String) -> Bool) -> [String] {
    let valid = entries[start...]
    var cleared: [String] = []
    for name in valid.flatMap(\.cleared) where !isThere(name) && !cleared.contains(name) {
      cleared.append(name)
    }
    let names =
      cleared.isEmpty ? [] : ["a script cannot clear: \(cleared.joined(separator: ", ")) will be there"]
    return valid.compactMap(\.loss) + names + Self.randomLosses(valid)
  }

  /// A file of variables has the state of the random numbers too, which no statement gives.
  private static func randomLosses(_ entries: ArraySlice<Entry>) -> [String] {
    guard let load = entries.lastIndex(where: { $0.text.hasPrefix(loading) }) else { return [] }
    let draws = ["rand", "network(", "split(", "train("]
    let isDrawn = entries[load...].dropFirst().contains { entry in
      entry.isRight && (entry.script != nil || draws.contains { entry.text.contains($0) })
    }
    return isDrawn ? ["random numbers drawn after load may be others in the script"] : []
  }

  /// What begins the lines that stand for a file that was loaded.
  static let loading = "# load, without its random numbers: "

  /// Where the part begins that still has an effect.
  private var start: Int { entries.lastIndex(where: \.startsAnew) ?? 0 }

  private static func include(_ path: String, from folder: String) -> String {
    let name = !folder.isEmpty && path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
    return "include \"\(name.escaping("\\\"{}"))\""
  }
}
