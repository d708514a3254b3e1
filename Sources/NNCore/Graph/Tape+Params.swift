extension Tape {
  /// Keeps which statements computed a node's value; see `TapeNode.slice`.
  package func setSlice(_ slice: Int32, of node: Int32) { at(node).pointee.slice = slice }

  package func isParam(_ node: Int32) -> Bool { at(node).pointee.kind == .param }

  /// The statements that computed a node's value; 0 for nothing yet.
  package func slice(of node: Int32) -> Int32 { at(node).pointee.slice }

  /// Gives a node without a slice the slices of its inputs together, and all beneath it that have none.
  ///
  /// - Parameters:
  ///   - empty: the slice of nothing.
  ///   - union: the slice of two together.
  package func settleSlices(of root: Int32, empty: Int32, union: (Int32, Int32) -> Int32) {
    if at(root).pointee.slice != 0 { return }
    let mark: Int32 = -1
    at(root).pointee.slice = mark
    var (pending, place, found) = (1, root, [Int32]())
    // Inputs stand before what reads them: walking down meets each node after all of those.
    while pending > 0 {
      if at(place).pointee.slice == mark {
        pending -= 1
        found.append(place)
        forEachInput(of: place) { input in
          guard at(input).pointee.slice == 0 else { return }
          at(input).pointee.slice = mark
          pending += 1
        }
      }
      place -= 1
    }
    for node in found.reversed() {
      var slice = empty
      forEachInput(of: node) { slice = union(slice, at($0).pointee.slice) }
      at(node).pointee.slice = slice
    }
  }

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

extension Tape {
  /// A moment in the tape's life, to tell what was recorded since.
  package struct Mark {
    fileprivate let count: Int
    fileprivate let generation: UInt32
  }

  package var mark: Mark { Mark(count: count, generation: generation) }

  /// Makes a param whose time is over data: what was computed from it since `mark`, when nothing was, depends on the
  /// other params alone.
  package func settle(_ slot: Int32, _ value: Matrix, since mark: Mark) {
    // A sweep has numbered the nodes anew.
    let first = mark.generation == generation ? mark.count : 0
    for index in first..<max(first, nodes.count) {
      let node = nodes.base + index
      if !state.pointee.leafSets.isFresh(node.pointee.leafSet) { continue }
      if node.pointee.kind == .param, node.pointee.slot == slot {
        node.pointee.kind = .data
        node.pointee.slot = -1
        node.pointee.storage = value.storage
        node.pointee.leafSet = 0
        value.storage.node = NodeHandle(index: UInt32(index), generation: generation)
        state.pointee.bytes += node.pointee.bytes
      } else if node.pointee.leafSet != 0 {
        node.pointee.leafSet = state.pointee.leafSets.removing(slot, from: node.pointee.leafSet)
      }
    }
    if Int(slot) < state.pointee.slots.count { state.pointee.slots[Int(slot)].node = -1 }
  }
}

extension TapeInput {
  /// Whether the operand is a matrix, not an unboxed number.
  package var isMatrix: Bool { storage != nil }
}
