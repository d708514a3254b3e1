/// What a text table does not say about itself: which delimiter it uses and whether its first line holds names.
struct CSVDialect {
  var delimiter: UInt8
  var hasHeader: Bool
  /// The number of cells in the first record.
  var columnCount: Int

  /// Looks at the first records.
  ///
  /// - Parameter delimiter: where the file's extension tells it.
  static func detect(
    in bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8?
  ) throws(FormatError) -> CSVDialect {
    let delimiter = delimiter ?? bestDelimiter(in: bytes)
    var cursor = CSVCursor(bytes, delimiter: delimiter)
    guard cursor.findRecord() else { throw .empty }
    var first: [CSVCursor.Cell] = []
    let count = try cursor.forEachCell { index, cell in if index < sampledCells { first.append(cell) } }
    var second: [CSVCursor.Cell] = []
    if cursor.findRecord() {
      _ = try cursor.forEachCell { index, cell in if index < sampledCells { second.append(cell) } }
    }
    return CSVDialect(
      delimiter: delimiter, hasHeader: isHeader(first, above: second, cursor), columnCount: count)
  }

  private static let sampledRecords = 20
  private static let sampledCells = 10_000

  /// A first record is names if none of it is a number and something in it is text, or if a number stands
  /// below one of its texts. A quoted number is a name, unless one is below it.
  private static func isHeader(
    _ first: [CSVCursor.Cell], above second: [CSVCursor.Cell], _ cursor: CSVCursor
  ) -> Bool {
    var hasText = false
    var hasNumber = false
    for (index, cell) in first.enumerated() {
      let below = index < second.count ? second[index] : nil
      switch kind(cell, cursor) {
      case .missing: continue
      case .number:
        guard cell.isQuoted, below?.isQuoted != true else {
          hasNumber = true
          continue
        }
      case .text: break
      }
      hasText = true
      if let below, kind(below, cursor) == .number { return true }
    }
    return hasText && !hasNumber
  }

  private enum Kind { case number, missing, text }

  private static func kind(_ cell: CSVCursor.Cell, _ cursor: CSVCursor) -> Kind {
    let content = cursor.content(cell)
    guard let value = NumberText.value(content) ?? decimalComma(content, cursor) else { return .text }
    return value.isNaN ? .missing : .number
  }

  private static func decimalComma(_ content: UnsafeBufferPointer<UInt8>, _ cursor: CSVCursor) -> Double? {
    cursor.delimiter == .semicolon ? NumberText.value(content, mark: .comma) : nil
  }

  // MARK: Delimiter

  /// How well a delimiter explains the first records.
  private struct Fit {
    var delimiter: UInt8
    /// Every record seen has the same number of cells, and no quote stands inside a cell without quotes: a
    /// delimiter that is only text would cut through quoted cells.
    var isConsistent = true
    var columns = 0
    var numbers = 0.0
    var cells = 0.0
    var share: Double { numbers / max(cells, 1) }
  }

  /// Among the delimiters that cut the first records into equally many cells, the one that leaves most of them
  /// numbers (`1,5;2,5` holds two); else the first that cuts the first record at all.
  private static func bestDelimiter(in bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    let fits = [.comma, .semicolon, .tab].map { fit($0, in: bytes) }
    var best: Fit?
    for fit in fits where fit.isConsistent && fit.columns > 1 {
      if fit.share > best?.share ?? -1 { best = fit }
    }
    return (best ?? fits.first { $0.columns > 1 })?.delimiter ?? .comma
  }

  private static func fit(_ delimiter: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Fit {
    var fit = Fit(delimiter: delimiter)
    var cursor = CSVCursor(bytes, delimiter: delimiter)
    for record in 0..<sampledRecords {
      guard cursor.findRecord() else { break }
      let text = cursor
      let count = try? cursor.forEachCell { index, cell in
        guard index < sampledCells else { return }
        if kind(cell, text) != .text { fit.numbers += 1 }
        if !cell.isQuoted, text.content(cell).contains(.quote) { fit.isConsistent = false }
      }
      if record == 0 { fit.columns = count ?? 0 }
      fit.isConsistent = fit.isConsistent && count == fit.columns
      fit.cells += Double(min(fit.columns, sampledCells))
      if count == nil { break }
    }
    return fit
  }
}
