import NNCore

/// What went wrong, where, and what would help: the one error type of the language.
///
/// A value of one pointer, so that throwing it costs little. It says nothing about colours or columns: see
/// `DiagnosticRenderer`. A builtin throws one without a place; the call adds it with `located(at:in:)`.
public struct Diagnostic: Error, Sendable {
  public enum Severity: Sendable {
    case error
    case warning
    /// The user stopped the work.
    case interrupt
  }

  /// A stretch of the source and what is said under it; without text it is only marked.
  public struct Label: Hashable, Sendable {
    public var range: SourceRange
    public var text: String

    public init(_ range: SourceRange, _ text: String = "") {
      self.range = range
      self.text = text
    }
  }

  /// A call that was running when the error happened.
  public struct Frame: Sendable {
    /// What was called, as the user wrote it.
    public var name: String
    public var source: Source
    /// Where it was called.
    public var range: SourceRange

    public init(name: String, source: Source, range: SourceRange) {
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

  private final class Box: Sendable {
    let contents: Contents
    init(_ contents: Contents) { self.contents = contents }
  }

  private var box: Box

  private var contents: Contents {
    get { box.contents }
    set { box = Box(newValue) }
  }

  /// - Parameter message: one sentence without a full stop.
  public init(_ severity: Severity = .error, _ message: String) {
    box = Box(Contents(severity: severity, message: message))
  }
}

extension Diagnostic {
  public var severity: Severity {
    get { contents.severity }
    set { contents.severity = newValue }
  }

  public var message: String {
    get { contents.message }
    set { contents.message = newValue }
  }

  /// The text that `range` and the labels are places in.
  public var source: Source? {
    get { contents.source }
    set { contents.source = newValue }
  }

  /// The place that the message is about; `file:line:column` is its start.
  public var range: SourceRange {
    get { contents.range }
    set { contents.range = newValue }
  }

  /// What is marked in the source; when empty, `range` is.
  public var labels: [Label] {
    get { contents.labels }
    set { contents.labels = newValue }
  }

  /// What would help, one line each.
  public var hints: [String] {
    get { contents.hints }
    set { contents.hints = newValue }
  }

  /// Under what circumstances it happened: "in round 3 of the repeat in line 7".
  public var notes: [String] {
    get { contents.notes }
    set { contents.notes = newValue }
  }

  /// The calls that were running, innermost first.
  public var trace: [Frame] {
    get { contents.trace }
    set { contents.trace = newValue }
  }
}

extension Diagnostic {
  /// The numeric facts behind the message, until the operands they speak of are named.
  var core: CoreError? {
    get { contents.core }
    set { contents.core = newValue }
  }

  /// The statement as it would be right, where that is known; the hints say it too.
  public var correction: String? {
    get { contents.correction }
    set { contents.correction = newValue }
  }

  /// The same at a place in `source`, unless it already has one.
  public func located(at range: SourceRange, in source: Source?) -> Diagnostic {
    guard self.source == nil || self.range.isNone else { return self }
    var result = self
    result.contents.source = source
    result.contents.range = range
    return result
  }

  /// The same with one more label.
  public func labelled(_ range: SourceRange, _ text: String = "") -> Diagnostic {
    var result = self
    result.contents.labels.append(Label(range, text))
    return result
  }

  /// The same with one more hint.
  public func hinting(_ hint: String?) -> Diagnostic {
    guard let hint else { return self }
    var result = self
    result.contents.hints.append(hint)
    return result
  }

  /// The same with one more note on the circumstances.
  public func noting(_ note: String) -> Diagnostic {
    var result = self
    result.contents.notes.append(note)
    return result
  }

  /// The same with one more call around it.
  public func calledFrom(_ frame: Frame) -> Diagnostic {
    var result = self
    result.contents.trace.append(frame)
    return result
  }
}
