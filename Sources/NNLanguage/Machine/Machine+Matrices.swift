import NNCore

// Matrix literals, ranges, and what loops go through.
extension Machine {
  /// Joins the values from `first` on side by side; the row stands in `first` then.
  func joinColumns(_ first: Slot, count: Int) throws(Diagnostic) {
    if count == 1, operand(first) != nil { return }
    let joined = try join(first, count: count, .joinColumns)
    for offset in 1..<max(1, count) { (first + offset).pointee = .number(0) }
    first.pointee = joined
  }

  func joinRows(_ first: Slot, count: Int) throws(Diagnostic) -> Value {
    if count == 1, operand(first) != nil { return first.take() }
    return try join(first, count: count, .joinRows)
  }

  private func join(_ first: Slot, count: Int, _ id: OperationID) throws(Diagnostic) -> Value {
    if count == 0 {
      return .matrix(
        try throwingDiagnostics { () throws(CoreError) in
          try Matrix(uninitialized: Shape(0, 0), in: resources)
        })
    }
    var isTracked = false
    for offset in 0..<count {
      let place = first + offset
      guard operand(place) != nil else { throw notInMatrix(place, offset) }
      if mayBeTracked(place) { isTracked = true }
    }
    if isTracked { return try recordJoin(first, count, id) }
    let operands = (0..<count).compactMap { operand(first + $0) }
    return try operands.withUnsafeBufferPointer { operands throws(Diagnostic) in
      try throwingDiagnostics { () throws(CoreError) in
        Value.matrix(try Operation.compute(id, operands, .none, in: resources)).unboxed
      }
    }
  }

  // `[]` joins anything, and is nothing to the graph.
  private func recordJoin(_ first: Slot, _ count: Int, _ id: OperationID) throws(Diagnostic) -> Value {
    let nodes = elementNodes(count)
    var inputs: [TracedValue] = []
    for offset in 0..<count {
      let place = first + offset
      if place.isMatrix, place.uncheckedStorage.shape == Shape(0, 0) { continue }
      inputs.append(TracedValue(value: place.pointee, node: offset < nodes.count ? nodes[offset] : nil))
    }
    if inputs.count == 1 { return inputs[0].value }
    return try apply(id, .none, inputs)
  }

  private func elementNodes(_ count: Int) -> [NodeID] {
    let node = nodeAtPlay
    guard code.tree.kind(node) == .matrixRow else { return [] }
    return Array(code.tree.children(node))
  }

  private func notInMatrix(_ place: Slot, _ offset: Int) -> Diagnostic {
    if place.pointee.isNothing {
      let nodes = elementNodes(0)
      return undefined(offset < nodes.count ? nodes[offset] : nodeAtPlay)
    }
    return Diagnostic(.error, "a matrix holds numbers, and this is \(place.pointee.kindWithArticle)")
      .hinting("list(…) holds values of any kind")
  }

  // MARK: Ranges

  /// The numbers of a range whose start, step and stop lie from `first` on.
  func makeRange(_ first: Slot) throws(Diagnostic) -> Value {
    let (start, step, count) = try rangeParts(first)
    let length = try checkedCount(count)
    let matrix = try throwingDiagnostics { () throws(CoreError) in
      let matrix = try Matrix(uninitialized: Shape(1, length), in: resources)
      try resources.inBlocks(length) { positions throws(CoreError) in
        for position in positions { matrix.mutablePointer[position] = start + Scalar(position) * step }
      }
      return matrix
    }
    return Value.matrix(matrix).unboxed
  }

  private func rangeParts(_ first: Slot) throws(Diagnostic) -> (start: Scalar, step: Scalar, count: Scalar) {
    var parts: [Scalar] = []
    for offset in 0..<3 {
      guard let operand = operand(first + offset) else { throw notNumeric(first + offset) }
      guard operand.shape.isScalar else {
        throw Diagnostic(
          .error, "a range goes from number to number, and here stands a \(operand.shape) matrix")
      }
      parts.append(operand.elements[0])
    }
    guard let count = Arithmetic.rangeCount(parts[0], parts[1], parts[2]) else {
      let text = parts.map { display.text($0) }
      if parts[1] == 0 { throw Diagnostic(.error, "a range needs a step other than 0") }
      throw Diagnostic(.error, "the range \(text[0]):\(text[1]):\(text[2]) has no end")
    }
    return (parts[0], parts[1], count)
  }

  private func checkedCount(_ count: Scalar) throws(Diagnostic) -> Int {
    guard let length = Int(exactly: count), length < 1 << 56 else {
      throw Diagnostic(
        core: .tooLarge(rows: 1, columns: count, bytes: 8 * count, limit: resources.limit))
    }
    return length
  }

  // MARK: Loops

  /// Hidden registers of a `for` over a range: rounds done, start, step, and here the count in place of the stop.
  func prepareRange(_ counter: Slot) throws(Diagnostic) {
    let (start, step, count) = try rangeParts(counter + 1)
    counter.pointee = .number(0)
    (counter + 1).pointee = .number(start)
    (counter + 2).pointee = .number(step)
    (counter + 3).pointee = .number(count)
  }

  /// Counts a round, if there is one more.
  func beginRound(_ counter: Slot, of count: Slot) -> Bool {
    let round = counter.uncheckedNumber
    if round >= count.uncheckedNumber { return false }
    counter.uncheckedNumber = round + 1
    return true
  }

  /// Gives the variable of a `for` its next number, if there is one.
  func nextInRange(_ instruction: Instruction, _ counter: Slot) throws(Diagnostic) -> Bool {
    let round = counter.uncheckedNumber
    if !beginRound(counter, of: counter + 3) { return false }
    let number = (counter + 1).uncheckedNumber + round * (counter + 2).uncheckedNumber
    try store(.number(number), in: instruction.b, frame.pointee.registers[instruction.b])
    return true
  }

  func prepareRepeat(_ counter: Slot, _ limit: Slot) throws(Diagnostic) {
    guard let operand = operand(limit), operand.shape.isScalar else {
      throw limit.pointee.isNothing
        ? undefined(nodeAtPlay)
        : Diagnostic(.error, "repeat needs a number of rounds, and this is \(limit.pointee.kindWithArticle)")
    }
    let rounds = operand.elements[0]
    guard rounds >= 0, rounds == rounds.rounded() else {
      throw Diagnostic(.error, "repeat needs a whole number of rounds, and this is \(display.text(rounds))")
    }
    counter.pointee = .number(0)
    limit.pointee = .number(rounds)
  }

  func prepareIteration(_ counter: Slot) throws(Diagnostic) {
    counter.pointee = .number(0)
    switch (counter + 1).pointee {
    case .number, .matrix, .list: return
    case .nothing: throw undefined(nodeAtPlay)
    case let other:
      throw Diagnostic(
        .error,
        "for goes through a range, a row, the columns of a matrix or a list, and this is \(other.kindWithArticle)"
      )
    }
  }

  /// What the next round gets; nil at the end.
  func nextElement(_ counter: Slot) throws(Diagnostic) -> Value? {
    let round = Int(counter.uncheckedNumber)
    let value: Value
    switch (counter + 1).pointee {
    case .number(let number):
      if round > 0 { return nil }
      value = .number(number)
    case .list(let list):
      if round >= list.count { return nil }
      value = list.storage.elements[round]
    case .matrix(let matrix):
      if round >= matrix.columns || matrix.rows == 0 { return nil }
      value = try column(round, of: matrix)
    default: return nil
    }
    counter.uncheckedNumber += 1
    return value
  }

  private func column(_ index: Int, of matrix: Matrix) throws(Diagnostic) -> Value {
    if tracking.tape.isFresh(matrix) {
      let (rows, columns) = try throwingDiagnostics { () throws(CoreError) in
        (
          try Subscript.all(count: matrix.rows).numbers(in: resources),
          try Subscript.one(index).numbers(in: resources)
        )
      }
      return try apply(
        .index, .none,
        [
          TracedValue(value: .matrix(matrix)), TracedValue(value: .matrix(rows)),
          TracedValue(value: .matrix(columns)),
        ])
    }
    if matrix.rows == 1 { return .number(matrix.pointer[index]) }
    return Value.matrix(
      try throwingDiagnostics { () throws(CoreError) in
        try matrix.gather(.all(count: matrix.rows), .one(index), in: resources)
      }
    ).unboxed
  }
}
