import NNLanguage

/// The states before the last lines, as many as fit into a bound on their memory.
struct UndoHistory {
  struct Record {
    let snapshot: Interpreter.Snapshot
    /// The entry that changed it.
    let text: String
    /// How many entries the transcript had.
    let transcriptCount: Int
    /// Where in a script that is played the entry stood.
    let playPosition: Int?
    /// What only this record keeps alive, once there is a later one.
    fileprivate var bytes = 0

    init(_ snapshot: Interpreter.Snapshot, text: String, transcriptCount: Int, playPosition: Int?) {
      self.snapshot = snapshot
      self.text = text
      self.transcriptCount = transcriptCount
      self.playPosition = playPosition
    }

    var firstLine: String {
      let lines = text.split(separator: "\n")
      return lines.count > 1 ? "\(lines[0]) …" : String(lines.first ?? "")
    }
  }

  private var records: [Record] = []
  private var bytes = 0
  private let limit: Int
  private static let mostRecords = 10_000

  init(limit: Int) { self.limit = limit }

  var count: Int { records.count }

  mutating func push(_ record: Record) {
    if let last = records.indices.last {
      records[last].bytes = records[last].snapshot.bytes(notIn: record.snapshot)
      bytes += records[last].bytes
    }
    records.append(record)
    dropOldest()
  }

  mutating func pop() -> Record? {
    guard let record = records.popLast() else { return nil }
    if let last = records.indices.last {
      bytes -= records[last].bytes
      records[last].bytes = 0
    }
    return record
  }

  private mutating func dropOldest() {
    var dropped = 0
    while dropped < records.count - 1, bytes > limit || records.count - dropped > Self.mostRecords {
      bytes -= records[dropped].bytes
      dropped += 1
    }
    records.removeFirst(dropped)
  }
}
