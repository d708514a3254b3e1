/// Where the statements stand that gave variables their values: `check` reads them.
struct Definitions {
  /// Code of the top level, in the order of its statements' numbers.
  private var codes: [Code] = []
  /// The statement whose value a later one went on from: `dW = dZ*X'`, then `dW = dW/m`.
  private var earlier: [Int32: Int32] = [:]
  /// How many codes there may be before those that define nothing any more are looked for.
  private var limit = 64

  mutating func link(_ statement: Int32, to before: Int32) { earlier[statement] = before }

  /// The statement that `statement` went on from.
  func before(_ statement: Int32) -> Int32? { earlier[statement] }

  /// Remembers code that is about to run.
  ///
  /// - Parameter isNeeded: whether a variable still has its definition in a range of statements.
  mutating func add(_ code: Code, isNeeded: (ClosedRange<Int32>) -> Bool) {
    guard !code.statements.isEmpty, codes.last !== code else { return }
    if codes.count >= limit {
      let links = earlier
      codes.removeAll { code in
        !isNeeded(code.statementNumbers) && !links.values.contains(where: code.statementNumbers.contains)
      }
      earlier = earlier.filter { link in codes.contains { $0.statementNumbers.contains(link.key) } }
      limit = max(64, codes.count * 2)
    }
    let place = codes.lastIndex { $0.firstStatement <= code.firstStatement }.map { $0 + 1 } ?? 0
    codes.insert(code, at: place)
  }

  /// The code that a statement of the top level stands in.
  func code(of statement: Int32) -> Code? {
    var low = 0
    var high = codes.count
    while low < high {
      let middle = (low + high) / 2
      if codes[middle].firstStatement <= Int(statement) { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let code = codes[low - 1]
    return Int(statement) < code.firstStatement + code.statements.count ? code : nil
  }
}
