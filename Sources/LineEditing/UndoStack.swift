/// The states of a line that can be gone back to. What is typed letter by letter counts as one change a word.
struct UndoStack {
  private var earlier: [EditedLine] = []
  private var current = EditedLine("")
  private var isTyping = false

  /// How many states to keep of a line this long.
  private static func limit(for line: EditedLine) -> Int {
    min(500, 10 + 2_000_000 / (line.scalars.count + 1))
  }

  /// Takes note of what the line is now.
  mutating func note(_ line: EditedLine) {
    guard line.scalars != current.scalars else {
      if line.cursor != current.cursor { isTyping = false }
      current = line
      return
    }
    let goesOn = isTyping && Self.isTyped(line, after: current)
    if !goesOn { earlier.append(current) }
    if earlier.count > Self.limit(for: line) { earlier.removeFirst() }
    isTyping = Self.isTyped(line, after: current)
    current = line
  }

  /// Goes back one change; nil at the first state.
  mutating func undo() -> EditedLine? {
    guard let line = earlier.popLast() else { return nil }
    current = line
    isTyping = false
    return line
  }

  /// Whether `line` is `previous` with part of a word added at the cursor.
  private static func isTyped(_ line: EditedLine, after previous: EditedLine) -> Bool {
    let count = line.cursor - previous.cursor
    guard count > 0, count < 8, line.scalars.count == previous.scalars.count + count else { return false }
    return line.scalars[previous.cursor..<line.cursor].allSatisfy { $0.isPartOfWord }
      && line.scalars[..<previous.cursor] == previous.scalars[..<previous.cursor]
  }
}
