/// What a derivation may ask about data besides its shape, where knowing spares work without changing a bit.
package enum DataFact: UInt8, Sendable {
  /// Every column adds up to exactly 1: one-hot classes do.
  case columnsSumToOne

  /// Whether the elements, row by row, have the property.
  func holds(_ elements: UnsafePointer<Scalar>, _ shape: Shape) -> Bool {
    switch self {
    case .columnsSumToOne:
      for column in 0..<shape.columns {
        var sum = 0.0
        for row in 0..<shape.rows { sum += elements[row * shape.columns + column] }
        if sum != 1 { return false }
      }
      return true
    }
  }
}

/// The facts at hand while a graph is derived. A plan holds only where each fact asked for has the same answer.
struct DataFacts {
  struct Answer: Equatable, Sendable {
    var data: Int32
    var fact: DataFact
    var holds: Bool
  }

  /// Answers for data by its number in the graph; without it nothing is known.
  var answer: ((Int32, DataFact) -> Bool)?
  private(set) var asked: [Answer] = []

  mutating func ask(_ fact: DataFact, of data: Int32) -> Bool {
    guard let answer else { return false }
    if let known = asked.first(where: { $0.data == data && $0.fact == fact }) { return known.holds }
    let holds = answer(data, fact)
    asked.append(Answer(data: data, fact: fact, holds: holds))
    return holds
  }
}
