extension Tape {
  /// Lets go of a value that is about to become a param's, if it was recorded last: the param's own buffer is then
  /// the only reference, and no node stands for a value that nothing reads.
  package func forgetLast(_ matrix: Matrix) {
    let handle = matrix.storage.node
    guard handle.generation == generation, !handle.isParam, Int(handle.index) == nodes.count - 1,
      nodes[Int(handle.index)].kind == .operation, nodes[Int(handle.index)].storage === matrix.storage
    else { return }
    removeNodes(from: nodes.count - 1)
  }
}

extension TapeInput {
  /// Whether the operand is a matrix, not an unboxed number.
  package var isMatrix: Bool { storage != nil }
}
