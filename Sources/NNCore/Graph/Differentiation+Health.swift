extension Differentiation {
  /// Where a value that is not finite came from.
  package struct NonFinite: Equatable, Sendable {
    /// The place on the tape of the first value that is not finite though everything it was computed from is.
    package var node: Int32
    /// The statement that computed it.
    package var origin: Int32
    /// What computed it; nil for data.
    package var operation: OperationID?
    /// The first such element, from 0 and row by row, and what it is.
    package var index: Int
    package var value: Scalar
  }

  /// The first nan or infinity among the values that a fresh value was computed from, itself included.
  package func firstNonFinite(beneath output: Matrix, paramValue: (Int32) -> Matrix) -> NonFinite? {
    guard let place = tape.node(of: output) else { return nil }
    let slice = TapeSlice(tape, output: place, scratch: scratch)
    for number in (slice.leaves + slice.operations) {
      let place = slice.places[Int(number)]
      let node = tape[place]
      let isNumber = node.kind != .param && node.storage == nil && !node.isAbsent
      let found: (Int, Scalar)?
      if !isNumber, let matrix = try? value(at: place, paramValue) {
        found = matrix.buffer.firstIndex { !$0.isFinite }.map { ($0, matrix.buffer[$0]) }
      } else {
        found = node.number.isFinite ? nil : (0, node.number)
      }
      if let (index, value) = found {
        return NonFinite(
          node: place, origin: node.origin, operation: node.kind == .operation ? node.operation : nil,
          index: index, value: value)
      }
    }
    return nil
  }
}
