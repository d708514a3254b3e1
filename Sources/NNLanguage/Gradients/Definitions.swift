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
  /// - Parameter needed: the statements that define a variable now; asked for now and then.
  mutating func add(_ code: Code, needed: () -> [Int32]) {
    guard !code.statements.isEmpty, codes.last !== code else { return }
    if codes.count >= limit { clean(needed()) }
    let place = codes.lastIndex { $0.firstStatement <= code.firstStatement }.map { $0 + 1 } ?? 0
    codes.insert(code, at: place)
  }

  /// Forgets code that defines nothing any more.
  private mutating func clean(_ needed: [Int32]) {
    earlier = earlier.filter { place(of: $0.key) != nil }
    var isNeeded = [Bool](repeating: false, count: codes.count)
    for statement in needed {
      var next: Int32? = statement
      while let number = next, let place = place(of: number), !isNeeded[place] || number == statement {
        isNeeded[place] = true
        next = earlier[number]
      }
    }
    codes = codes.indices.filter { isNeeded[$0] }.map { codes[$0] }
    limit = max(64, codes.count * 2)
  }

  /// The code that a statement of the top level stands in.
  func code(of statement: Int32) -> Code? { place(of: statement).map { codes[$0] } }

  private func place(of statement: Int32) -> Int? {
    var low = 0
    var high = codes.count
    while low < high {
      let middle = (low + high) / 2
      if codes[middle].firstStatement <= Int(statement) { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let code = codes[low - 1]
    return Int(statement) < code.firstStatement + code.statements.count ? low - 1 : nil
  }
}
