import CEditline

/// libedit's editor: the line being edited and the keys that edit it. It draws nothing.
///
/// Positions count Unicode scalars.
final class Editline {
  /// Where the callbacks find the editor; a C function cannot capture it.
  final class Owner {
    weak var editor: LineEditor?
  }

  /// The line as it was when it was asked for last: long ones are asked for more often than they change.
  private var latest = EditedLine("")

  let owner = Owner()
  let handle: OpaquePointer
  private let history: OpaquePointer?

  /// Nil without a terminal on standard input and output.
  init?(name: String) {
    let reader: nne_reader = { context, scalar in
      let owner = Unmanaged<Owner>.fromOpaque(context).takeUnretainedValue()
      return owner.editor?.provide(&scalar.pointee) ?? 0
    }
    guard let handle = nne_open(name, Unmanaged.passUnretained(owner).toOpaque(), reader) else { return nil }
    self.handle = handle
    history = nne_history_open(handle, 1_000)
  }

  deinit {
    nne_close(handle)
    if let history { nne_history_close(history) }
  }

  /// The editor that a command was called for.
  static func editor(of handle: OpaquePointer) -> LineEditor? {
    nne_context(handle).flatMap { Unmanaged<Owner>.fromOpaque($0).takeUnretainedValue().editor }
  }

  /// Edits one line, until a command ends it or the reader gives up; answers the line if it was a command of
  /// libedit's own that entered it.
  func edit() -> String? {
    guard nne_edit(handle) else { return nil }
    var line = line.scalars
    if line.last == "\n" { line.removeLast() }
    return String(line)
  }

  /// The terminal has another size.
  func resize() { nne_resize(handle) }

  /// Makes libedit look at the line again, after changes from outside a command.
  func refresh() { nne_refresh(handle) }

  var line: EditedLine {
    var count = 0
    var cursor = 0
    let scalars = UnsafeBufferPointer(start: nne_line(handle, &count, &cursor), count: count)
    cursor = min(cursor, count)
    if latest.scalars.elementsEqual(scalars, by: { $0.value == $1 }) {
      if latest.cursor != cursor { latest = EditedLine(latest, cursor: cursor) }
    } else {
      latest = EditedLine(scalars.map { Unicode.Scalar($0) ?? "\u{FFFD}" }, cursor: cursor)
    }
    return latest
  }

  var isEmpty: Bool {
    var count = 0
    var cursor = 0
    _ = nne_line(handle, &count, &cursor)
    return count == 0
  }

  var cursor: Int {
    get { line.cursor }
    set { nne_set_cursor(handle, newValue) }
  }

  /// Inserts before the cursor. NUL cannot be part of a line.
  func insert(_ text: String) {
    let scalars = Self.terminated(text)
    if scalars.count > 1 { _ = nne_insert(handle, scalars) }
  }

  /// Replaces the scalars in `range`; the cursor ends up behind the new text.
  func replace(_ range: Range<Int>, with text: String) {
    nne_set_cursor(handle, range.upperBound)
    nne_delete_before(handle, range.count)
    insert(text)
  }

  /// Replaces the whole line.
  func setLine(_ text: String, cursor: Int? = nil) {
    replace(0..<line.scalars.count, with: text)
    if let cursor { nne_set_cursor(handle, cursor) }
  }

  /// Adds to the list that libedit's own commands search.
  func remember(_ entry: String) {
    if let history { nne_history_enter(history, Self.terminated(entry)) }
  }

  private static func terminated(_ text: String) -> [UInt32] {
    text.unicodeScalars.lazy.map(\.value).filter { $0 != 0 } + [0]
  }
}
