/// What was entered before, oldest first, every text once.
package final class History {
  package private(set) var entries: [String]
  private let file: HistoryFile?
  private let capacity: Int

  package init(file: HistoryFile? = nil, capacity: Int = 10_000) {
    self.file = file
    self.capacity = capacity
    entries = file?.open(keeping: capacity) ?? []
  }

  /// Adds what was entered, in memory and in the file, and forgets an older entry of the same text.
  package func add(_ entry: String) {
    guard entry.contains(where: { !$0.isWhitespace }), entry != entries.last else { return }
    if let older = entries.lastIndex(of: entry) { entries.remove(at: older) }
    entries.append(entry)
    if entries.count > capacity { entries.removeFirst() }
    file?.append(entry)
  }

  /// The index of the nearest entry before `index` that begins with `prefix` and is not `text`.
  func index(before index: Int, prefix: String, otherThan text: String) -> Int? {
    entries[..<index].lastIndex { $0.hasPrefix(prefix) && $0 != text }
  }

  /// The same after `index`.
  func index(after index: Int, prefix: String, otherThan text: String) -> Int? {
    guard index + 1 < entries.count else { return nil }
    return entries[(index + 1)...].firstIndex { $0.hasPrefix(prefix) && $0 != text }
  }

  /// The rest of the latest entry that begins with `text`.
  func completion(of text: String) -> String? {
    guard !text.isEmpty, let index = index(before: entries.count, prefix: text, otherThan: text) else {
      return nil
    }
    return String(decoding: entries[index].utf8.dropFirst(text.utf8.count), as: UTF8.self)
  }
}

/// A walk through the history from the line that was being typed, through the entries that begin as it does.
struct HistoryWalk {
  private let typed: EditedLine
  private let prefix: String
  private var index: Int

  /// - Parameter typed: found again at the end of the walk, whatever happens on the way.
  init(from typed: EditedLine, in history: History) {
    self.typed = typed
    prefix = typed.beforeCursor
    index = history.entries.count
  }

  /// The entry before, or nil at the oldest.
  mutating func back(from text: String, in history: History) -> String? {
    guard let found = history.index(before: index, prefix: prefix, otherThan: text) else { return nil }
    index = found
    return history.entries[found]
  }

  /// The entry after or in the end the typed line, or nil there.
  mutating func forward(from text: String, in history: History) -> EditedLine? {
    guard index < history.entries.count else { return nil }
    guard let found = history.index(after: index, prefix: prefix, otherThan: text) else {
      index = history.entries.count
      return typed
    }
    index = found
    return EditedLine(history.entries[found])
  }
}
