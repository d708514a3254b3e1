/// Shows a line on a terminal that moves its cursor, writing only what changed.
final class AnsiDisplay: LineDisplay {
  private var painter: ScreenPainter
  private var size: Terminal.Size
  /// How many rows of a line taller than the screen are left out above.
  private var firstRow = 0
  private let hasColor: Bool

  init(hasColor: Bool) {
    self.hasColor = hasColor
    size = Terminal.size()
    painter = ScreenPainter(hasColor: hasColor)
  }

  func begin() {
    size = Terminal.size()
    firstRow = 0
    painter = ScreenPainter(hasColor: hasColor)
  }

  func show(_ view: LineView) {
    var layout = layout(view)
    addPreview(view, to: &layout)
    for row in view.menu where layout.rows.count < size.rows { layout.appendRow(row) }
    let (window, first) = layout.window(height: size.rows, near: firstRow)
    firstRow = first
    painter.show(window)
    flush()
  }

  func menuRoom(below view: LineView) -> Int { max(0, size.rows - layout(view).rows.count) }

  func finish(_ view: LineView, mark: String) {
    let line = EditedLine(view.line.scalars, cursor: view.line.scalars.count)
    var last = view
    last.line = line
    last.hint = mark
    last.hintStyle = .plain
    let layout = layout(last)
    if firstRow > 0 || layout.rows.count > size.rows { painter.eraseAll() }
    painter.show(layout)
    painter.leave()
    flush()
  }

  func clearScreen() {
    painter.clearScreen()
    flush()
  }

  func windowChanged(_ view: LineView) {
    size = Terminal.size()
    painter.eraseAll(reflowedTo: size.columns)
    firstRow = 0
    show(view)
  }

  private func flush() {
    let output = painter.takeOutput()
    if !output.isEmpty { TerminalOutput.write(output) }
  }

  private func layout(_ view: LineView) -> Layout {
    var layout = Layout(
      view.line, prompt: view.prompt, continuation: view.continuation, styles: view.styles,
      columns: size.columns)
    if !view.hint.isEmpty { layout.appendTail(view.hint, style: view.hintStyle) }
    return layout
  }

  /// At the right of the last row, or below where it would touch the line.
  private func addPreview(_ view: LineView, to layout: inout Layout) {
    guard let preview = view.preview, layout.rows.count < size.rows else { return }
    if layout.appendAtRight(preview.text, style: preview.style, gap: 3) { return }
    layout.appendRow(ScreenRow())
    layout.appendTail("  " + preview.text, style: preview.style)
  }
}
