import Synchronization

/// A text that was or will be parsed: its name, and its bytes as they came, valid UTF-8 or not.
public final class Source: Sendable {
  /// A path, `<stdin>`, or for a line at the prompt `<prompt:3>`.
  public let name: String
  public let bytes: [UInt8]
  private let table = Mutex<[Int32]>([])

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }
}

extension Source {
  /// The longest source that offsets can address, in bytes.
  package static let sizeLimit = Int(Int32.max) - 1

  /// The text of a range, mended where it is not valid UTF-8.
  public func text(_ range: SourceRange) -> String {
    let bounds = Int(range.start).clamped(to: 0...bytes.count)..<Int(range.end).clamped(to: 0...bytes.count)
    return bounds.isEmpty ? "" : String(decoding: bytes[bounds], as: UTF8.self)
  }
}

extension Comparable {
  /// The value of the range that is nearest.
  package func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
