/// Two brackets that belong together; UTF-8 offsets.
package struct BracketPair: Equatable, Sendable {
  package var opening: Int
  package var closing: Int

  package init(opening: Int, closing: Int) {
    self.opening = opening
    self.closing = closing
  }

  /// The pair of the bracket before `cursor`, or of the one at it, where no string or comment is known.
  ///
  /// - Parameter cursor: a UTF-8 offset.
  package static func find(in text: String, at cursor: Int) -> BracketPair? {
    let bytes = Array(text.utf8)
    return [cursor - 1, cursor].lazy.compactMap { pair(of: $0, in: bytes) }.first
  }

  private static let partners: [UInt8: UInt8] = [
    UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "["): UInt8(ascii: "]"),
    UInt8(ascii: "{"): UInt8(ascii: "}"),
  ]

  private static func pair(of position: Int, in bytes: [UInt8]) -> BracketPair? {
    guard bytes.indices.contains(position) else { return nil }
    var open: [(position: Int, closing: UInt8)] = []
    for (index, byte) in bytes.enumerated() {
      if let closing = partners[byte] {
        open.append((index, closing))
      } else if let last = open.last, partners.values.contains(byte) {
        guard last.closing == byte else { return nil }
        open.removeLast()
        if index == position || last.position == position {
          return BracketPair(opening: last.position, closing: index)
        }
      }
    }
    return nil
  }
}
