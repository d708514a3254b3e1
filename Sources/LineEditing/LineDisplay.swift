/// Everything that is to be seen of a line while it is edited.
struct LineView {
  var line: EditedLine
  var prompt: Prompt
  var continuation: Prompt
  /// One for each scalar of the line, or none.
  var styles: [TextStyle] = []
  /// Shown behind the line; dim text that is not part of it.
  var hint = ""
  var hintStyle = TextStyle.dim
  /// What the line would give.
  var preview: Preview?
  /// Rows below the line, say completions; never more than fit.
  var menu: [ScreenRow] = []
}

/// Where a line is shown.
protocol LineDisplay: AnyObject {
  /// The rows a menu may have below `view`.
  func menuRoom(below view: LineView) -> Int
  /// A new line begins where the terminal's cursor is, in the first column.
  func begin()
  /// Brings the screen up to date.
  func show(_ view: LineView)
  /// Shows the line as it will stay, `mark` behind it, and goes to a new row.
  func finish(_ view: LineView, mark: String)
  func clearScreen()
  /// The window has another size.
  func windowChanged(_ view: LineView)
}
