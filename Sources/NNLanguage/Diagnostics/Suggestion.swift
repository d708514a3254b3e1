/// Names that a misspelled one may have meant.
enum Suggestion {
  private static let longest = 64

  /// The nearest of `names`, if it is near enough to be worth saying; of equals one as long, then the first.
  static func nearest(to name: String, in names: [String]) -> String? {
    // The distance costs the product of the lengths, and no known name is so long by mistake.
    let letters = Array(name.prefix(longest + 1))
    if letters.count > longest { return nil }
    // Of a letter or two nearly every short name is a neighbour.
    if letters.count < 3 { return names.first { $0 != name && $0.lowercased() == name.lowercased() } }
    let most = max(1, letters.count / 3)
    var best: (name: String, distance: Int, isAsLong: Bool)?
    for candidate in names where candidate != name {
      if candidate.lowercased() == name.lowercased() { return candidate }
      let other = Array(candidate)
      guard abs(other.count - letters.count) <= most, beginAlike(letters, other) else { continue }
      let distance = distance(letters, other)
      let isAsLong = other.count == letters.count
      if distance <= most,
        distance < best?.distance ?? .max || isAsLong && distance == best?.distance && best?.isAsLong == false
      {
        best = (candidate, distance, isAsLong)
      }
    }
    return best?.name
  }

  /// Whether two names have the same first letter, or their first two swapped: a slip elsewhere keeps a name
  /// recognizable, one at its beginning makes another word of it (flip and clip).
  private static func beginAlike(_ a: [Character], _ b: [Character]) -> Bool {
    guard let first = a.first, let other = b.first else { return false }
    if first.lowercased() == other.lowercased() { return true }
    return a.count > 1 && b.count > 1 && a[0] == b[1] && a[1] == b[0]
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}

/// Hints for names that other programs have and this one spells otherwise, else the nearest known name.
enum NameHints {
  static func hint(for name: String, known: [String]) -> String? {
    NeighbourSpelling.hint(forName: name)
      ?? Suggestion.nearest(to: name, in: known).map { "did you mean \($0)?" }
  }
}
