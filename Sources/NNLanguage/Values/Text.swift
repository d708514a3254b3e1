/// A string value.
public final class Text {
  /// The text itself.
  public let string: String

  // Characters take from one byte to many, so the place of one is found by counting from the beginning: a loop over
  // a text would walk it in every round. Some places, kept when first asked for, leave a few steps to each.
  private var marks: [String.Index] = []
  private static let distance = 16
  private var knownCount: Int?

  init(_ string: String) { self.string = string }

  /// How many characters it has.
  var count: Int {
    if let knownCount { return knownCount }
    var count = 0
    for index in string.indices {
      if count % Text.distance == 0 { marks.append(index) }
      count += 1
    }
    knownCount = count
    return count
  }

  /// The character at a position from 0, which must be less than `count`.
  func character(at position: Int) -> Character {
    precondition(position < count, "a position inside the text")
    return string[string.index(marks[position / Text.distance], offsetBy: position % Text.distance)]
  }
}
