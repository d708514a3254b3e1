/// A paste, divided into what is entered one after the other.
package struct PastedEntries: Equatable, Sendable {
  /// Whole entries, in their order.
  package var entries: [String]
  /// What follows them and is not whole, to be gone on with by hand.
  package var rest: String

  package init(_ entries: [String] = [], rest: String = "") {
    self.entries = entries
    self.rest = rest
  }

  var isEmpty: Bool { entries.isEmpty && rest.isEmpty }

  /// The next entry, or in the end what is not whole.
  mutating func takeNext() -> (text: String, isWhole: Bool)? {
    if isEmpty { return nil }
    if entries.isEmpty {
      defer { rest = "" }
      return (rest, false)
    }
    return (entries.removeFirst(), true)
  }
}
