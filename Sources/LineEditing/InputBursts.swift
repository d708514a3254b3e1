#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Tells what a person types, key by key, from what comes as one: pasted, or typed ahead while work went on.
///
/// A key that comes alone begins a burst of its own, and so does whatever comes after a pause; pieces of a paste
/// follow each other closely.
struct InputBursts {
  /// Where the bursts begin, counted in bytes since the start.
  private var starts: [Int] = []
  private var forgotten = 0
  private var latest = 0.0

  /// The pause between two bursts, seconds: shorter than between two keys, longer than a network takes.
  private static let pause = 0.05

  mutating func add(_ piece: [UInt8], at place: Int) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    add(piece, at: place, time: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }

  mutating func add(_ piece: [UInt8], at place: Int, time: Double) {
    let isKey = piece.first.map { piece.count <= UTF8.width(leading: $0) } ?? true
    if starts.isEmpty || isKey || time - latest > Self.pause { starts.append(place) }
    latest = time
  }

  /// Has what comes next begin a burst, however soon it comes.
  mutating func end() { latest = -.infinity }

  /// The number of the burst that the byte at a place belongs to.
  func burst(at place: Int) -> Int { forgotten + (starts.lastIndex { $0 <= place } ?? -1) }

  /// Forgets the bursts that end before a place.
  mutating func forget(before place: Int) {
    let count = starts.lastIndex { $0 <= place } ?? 0
    starts.removeFirst(count)
    forgotten += count
  }
}

extension UTF8 {
  /// How many bytes the character has that begins with this one.
  fileprivate static func width(leading byte: UInt8) -> Int {
    byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
  }
}
