/// Keeps the code alive whose statements gave variables their values: `check` reads them.
struct Definitions {
  /// Code of the top level, in the order of its statements' numbers.
  private var codes: [Code] = []
  /// The statement whose value a later one replaced or went on from: `dW = dZ*X'`, then `dW = dW/m`.
  private var earlier: [Int32: Int32] = [:]
  /// How many codes there may be before those that define nothing any more are looked for.
  private var limit = 64

  mutating func link(_ statement: Int32, to before: Int32) { earlier[statement] = before }

  /// How far back a variable's definitions are kept.
  private static let longestHistory = 32

  /// The statement whose value `statement` replaced.
  func before(_ statement: Int32) -> Int32? { earlier[statement] }

  /// Remembers code that is about to run.
  ///
  /// - Parameters:
  ///   - numbers: tells whose a statement is.
  ///   - needed: the statements that define a variable now; asked for now and then.
  mutating func add(_ code: Code, _ numbers: StatementNumbers, needed: () -> [Int32]) {
    guard !code.statements.isEmpty, codes.last !== code else { return }
    if codes.count >= limit { clean(needed(), numbers) }
    codes.append(code)
  }

  /// Forgets code that defines nothing any more.
  private mutating func clean(_ needed: [Int32], _ numbers: StatementNumbers) {
    var kept: Set<ObjectIdentifier> = []
    var links: [Int32: Int32] = [:]
    for statement in needed {
      var next: Int32? = statement
      var length = 0
      while let number = next, length <= Self.longestHistory, let code = numbers.code(of: number) {
        length += 1
        kept.insert(ObjectIdentifier(code))
        next = links[number] == nil ? earlier[number] : nil
        if let next { links[number] = next }
      }
    }
    earlier = links
    codes.removeAll { !kept.contains(ObjectIdentifier($0)) }
    limit = max(64, codes.count * 2)
  }
}
