extension Tape {
  /// Keeps which statements computed a node's value; see `TapeNode.slice`.
  package func setSlice(_ slice: Int32, of node: Int32) { at(node).pointee.slice = slice }

  /// Lets go of a value that is about to become a param's, if it was recorded last: the param's own buffer is then
  /// the only reference, and no node stands for a value that nothing reads.
  package func forgetLast(_ matrix: Matrix) {
    let handle = matrix.storage.node
    guard handle.generation == generation, !handle.isParam, Int(handle.index) == nodes.count - 1,
      nodes.base[Int(handle.index)].kind == .operation,
      nodes.base[Int(handle.index)].storage === matrix.storage
    else { return }
    var mark = nodes.count - 1
    // The data it read stands before it; being last now, no other node can read that.
    while mark > 0, nodes.base[mark - 1].kind == .data || nodes.base[mark - 1].kind == .literal { mark -= 1 }
    removeNodes(from: mark)
  }
}

extension TapeInput {
  /// Whether the operand is a matrix, not an unboxed number.
  package var isMatrix: Bool { storage != nil }
}
