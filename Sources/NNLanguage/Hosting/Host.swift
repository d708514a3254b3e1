/// What surrounds an interpreter: files, output, clock. The language itself reads no file and touches no terminal.
///
/// All calls come on the thread that runs the interpreter.
public protocol Host: AnyObject {
  /// Shows text; lines end with "\n".
  func write(_ text: String)
  /// The contents of a file.
  ///
  /// - Throws: `HostError` saying why it cannot be read.
  func readFile(_ path: String) throws(HostError) -> [UInt8]
  /// Makes `bytes` the contents of a file, whole or not at all.
  func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError)
  /// The path that `path` means in a file that was itself read as `base`: of an `include`.
  func resolve(_ path: String, relativeTo base: String) -> String
  /// Shows how far a long piece of work is.
  func show(_ progress: Progress)
  /// Seconds since some fixed moment.
  func clock() -> Double
  /// Seed for a program that gives none.
  func entropy() -> UInt32
  /// Columns that output may take.
  var width: Int { get }
}

/// Why a file cannot be read or written, in words that complete "cannot read x: …".
public struct HostError: Error {
  /// Why it failed, in words that may follow a colon.
  public let reason: String

  /// An error for this reason.
  public init(_ reason: String) { self.reason = reason }
}

/// How far `train` or another long piece of work is; the host decides how to show it.
public struct Progress: Sendable {
  /// Work done and to do, in rounds.
  public var done: Int
  /// How many rounds there are to do.
  public var total: Int
  /// The cost over the last epoch.
  public var cost: Double
  /// The share of examples classified right, 0 to 1; nil where there are no classes.
  public var accuracy: Double?
  /// The cost on validation data; nil without such data.
  public var validationCost: Double?
  /// Examples per second of wall time since the start.
  public var examplesPerSecond: Double
  /// Seconds that the rest will take.
  public var secondsLeft: Double
  /// Whether this is the last word on the work.
  public var isFinished: Bool

  /// What a host is shown.
  public init(
    done: Int, total: Int, cost: Double, accuracy: Double? = nil, validationCost: Double? = nil,
    examplesPerSecond: Double, secondsLeft: Double, isFinished: Bool = false
  ) {
    self.done = done
    self.total = total
    self.cost = cost
    self.accuracy = accuracy
    self.validationCost = validationCost
    self.examplesPerSecond = examplesPerSecond
    self.secondsLeft = secondsLeft
    self.isFinished = isFinished
  }
}

extension Host {
  /// Relative to the folder that `base` lies in; absolute paths stay.
  public func resolve(_ path: String, relativeTo base: String) -> String {
    guard !path.hasPrefix("/"), let slash = base.lastIndex(of: "/") else { return path }
    return base[...slash] + path
  }
  /// Shows nothing.
  public func show(_ progress: Progress) {}
  /// 80 columns.
  public var width: Int { 80 }
}

/// A host without files or terminal: output gathers in `output`. For tests and for embedding.
open class MemoryHost: Host {
  /// What the program has shown so far.
  public var output = ""
  /// Files by path; `read` finds them and `write` adds to them.
  public var files: [String: [UInt8]] = [:]

  /// An empty host: no files, nothing written yet.
  public init() {}

  open func write(_ text: String) { output += text }

  open func readFile(_ path: String) throws(HostError) -> [UInt8] {
    guard let bytes = files[path] else { throw HostError("there is no such file") }
    return bytes
  }

  open func writeFile(_ path: String, _ bytes: [UInt8]) throws(HostError) { files[path] = bytes }
  open func clock() -> Double { 0 }
  open func entropy() -> UInt32 { 0 }
}
