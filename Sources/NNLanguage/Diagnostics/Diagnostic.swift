import NNCore

/// What went wrong, where, and what would help: the one error type of the language.
///
/// A value of one pointer, so that throwing it costs little. It says nothing about colours or columns: see
/// `DiagnosticRenderer`. A builtin throws one without a place; the call adds it with `located(at:in:)`.
public struct Diagnostic: Error, Sendable {
  /// How bad it is.
  public enum Severity: Sendable {
    case error
    case warning
    /// The user stopped the work.
    case interrupt
  }

  /// A stretch of the source and what is said under it; without text it is only marked.
  public struct Label: Hashable, Sendable {
    /// Where the words belong.
    public var range: SourceRange
    /// What stands beneath the place; empty to mark it only.
    public var text: String

    /// Marks a place.
    public init(_ range: SourceRange, _ text: String = "") {
      self.range = range
      self.text = text
    }
  }

  /// A call that was running when the error happened, or an `include`.
  public struct Frame: Sendable {
    /// The name of what was called; nil for a file that was included.
    public var name: String?
    /// The text the call stands in.
    public var source: Source
    /// Where it was called.
    public var range: SourceRange

    /// A call of `name`, written at `range` of `source`; an `include` has no name.
    public init(name: String?, source: Source, range: SourceRange) {
      self.name = name
      self.source = source
      self.range = range
    }
  }

  fileprivate struct Contents: Sendable {
    var severity: Severity
    var message: String
    var source: Source?
    var range = SourceRange.none
    var labels: [Label] = []
    var hints: [String] = []
    var notes: [String] = []
    var trace: [Frame] = []
    var core: CoreError?
    var correction: String?
  }

  /// Changed only while one diagnostic alone holds it.
  fileprivate final class Box: Sendable {
    nonisolated(unsafe) var contents: Contents
    init(_ contents: Contents) { self.contents = contents }
  }

  fileprivate var box: Box

  /// What is said, for changing: a value of its own, shared with no other diagnostic.
  fileprivate var own: Box {
    mutating get {
      if !isKnownUniquelyReferenced(&box) { box = Box(box.contents) }
      return box
    }
  }

  /// - Parameter message: one sentence without a full stop.
  public init(_ severity: Severity = .error, _ message: String) {
    box = Box(Contents(severity: severity, message: message))
  }
}

extension Diagnostic {
  /// How bad it is.
  public var severity: Severity {
    get { box.contents.severity }
    set { own.contents.severity = newValue }
  }

  /// One sentence that names the thing.
  public var message: String {
    get { box.contents.message }
    set { own.contents.message = newValue }
  }

  /// The text that `range` and the labels are places in.
  public var source: Source? {
    get { box.contents.source }
    set { own.contents.source = newValue }
  }

  /// The place that the message is about; `file:line:column` is its start.
  public var range: SourceRange {
    get { box.contents.range }
    set { own.contents.range = newValue }
  }

  /// What is marked in the source; when empty, `range` is.
  public var labels: [Label] {
    get { box.contents.labels }
    set { own.contents.labels = newValue }
  }

  /// What would help, one line each.
  public var hints: [String] {
    get { box.contents.hints }
    set { own.contents.hints = newValue }
  }

  /// Under what circumstances it happened: "in round 3 of the repeat in line 7".
  public var notes: [String] {
    get { box.contents.notes }
    set { own.contents.notes = newValue }
  }

  /// The calls that were running, innermost first.
  public var trace: [Frame] {
    get { box.contents.trace }
    set { own.contents.trace = newValue }
  }
}

extension Diagnostic {
  /// The numeric facts behind the message, until the operands they speak of are named.
  var core: CoreError? {
    get { box.contents.core }
    set { own.contents.core = newValue }
  }

  /// The statement as it would be right, where that is known; the hints say it too.
  public var correction: String? {
    get { box.contents.correction }
    set { own.contents.correction = newValue }
  }

  /// The same at a place in `source`, unless it already has one.
  public func located(at range: SourceRange, in source: Source?) -> Diagnostic {
    guard self.source == nil || self.range.isNone else { return self }
    var result = self
    result.own.contents.source = source
    result.own.contents.range = range
    return result
  }

  /// The same with one more label.
  public func labelled(_ range: SourceRange, _ text: String = "") -> Diagnostic {
    var result = self
    result.own.contents.labels.append(Label(range, text))
    return result
  }

  /// The same with one more hint.
  public func hinting(_ hint: String?) -> Diagnostic {
    guard let hint else { return self }
    var result = self
    result.own.contents.hints.append(hint)
    return result
  }

  /// The same with one more note on the circumstances.
  public func noting(_ note: String) -> Diagnostic {
    var result = self
    result.own.contents.notes.append(note)
    return result
  }

  /// Adds a call around those of the trace; 10,000 of them cost no more than the frames themselves.
  public mutating func addCall(_ frame: Frame) { own.contents.trace.append(frame) }
}
