import NNCore

// A number of the graph that was put into a data matrix leaves the graph there: the matrix is marked with the
// statement, and the mark is an error where the matrix meets the graph again, instead of a gradient that is silently
// short of a part.
extension NodeHandle {
  /// The mark left by a statement: no node, since the generation is 0.
  static func mark(statement: Int32) -> NodeHandle {
    NodeHandle(index: UInt32(bitPattern: statement) &+ 1, generation: 0)
  }

  /// The statement of a mark; nil where there is none.
  var markingStatement: Int32? {
    generation == 0 && index != 0 ? Int32(bitPattern: index &- 1) : nil
  }
}

extension Machine {
  /// A matrix of the graph cannot be put into a part of another one; a number can, and leaves a mark.
  func checkTrackedElement(_ value: Slot, isParam: Bool) throws(Diagnostic) {
    guard !isParam, case .matrix(let matrix) = value.pointee, !matrix.isScalar, tracking.tape.isFresh(matrix)
    else {
      return
    }
    throw Diagnostic(.error, "this value depends on a param, and a part of a matrix cannot remember that")
      .hinting("build the matrix with [a, b] or [a; b], or store detach(…)")
  }

  /// Marks the matrix in `place` as holding a number that was in the graph.
  func markTracked(_ place: Slot, _ value: Slot) {
    guard case .matrix(let matrix) = value.pointee, place.isMatrix else { return }
    if matrix.storage.node.markingStatement != nil {
      place.uncheckedStorage.node = matrix.storage.node
      return
    }
    guard tracking.tape.isFresh(matrix) else { return }
    let statement = code.statement(at: instructionAtPlay).map { Int32(code.firstStatement + $0) } ?? 0
    tracking.sources[statement] = code
    place.uncheckedStorage.node = .mark(statement: statement)
  }

  /// Marks a result that has no derivative, if `operand` is in the graph: then the graph must not take it for data.
  func markUntraced(_ result: Matrix, from operand: Matrix) {
    guard tracking.tape.isFresh(operand), frameCount > 0 else { return }
    let statement = code.statement(at: instructionAtPlay).map { Int32(code.firstStatement + $0) } ?? 0
    tracking.sources[statement] = code
    result.storage.node = .mark(statement: statement)
  }

  /// The mark of what is computed from these values; nil where none of them has one.
  ///
  /// - Throws: where one is marked and another in the graph.
  func inheritedMark(_ values: some Collection<Value>) throws(Diagnostic) -> NodeHandle? {
    var marked: Matrix?
    for case .matrix(let matrix) in values where matrix.storage.node.markingStatement != nil {
      marked = matrix
    }
    guard let marked else { return nil }
    for case .matrix(let matrix) in values where tracking.tape.isFresh(matrix) { try checkMark(marked) }
    return marked.storage.node
  }

  /// - Throws: where `matrix` holds numbers that left the graph, by an assignment to an element or in an operation
  ///   without a derivative.
  func checkMark(_ matrix: Matrix) throws(Diagnostic) {
    guard let statement = matrix.storage.node.markingStatement else { return }
    if let source = tracking.sources[statement], !source.assignsElement(statement) {
      let node = source.statements[Int(statement) - source.firstStatement].node
      let text = source.tree.source?.text(source.tree.range(node)) ?? ""
      let line = source.tree.source.map { $0.line(of: source.tree.range(node).start) } ?? 0
      throw Diagnostic(.error, "this value depends on a param through something that has no derivative")
        .hinting("\(text) in line \(line) left the graph: svd, eig and unique have no derivative here")
        .hinting("detach(…) says that a value is data")
    }
    var error = Diagnostic(
      .error, "this matrix holds a value that depended on a param when it was put into it")
    if let source = tracking.sources[statement] {
      let node = source.statements[Int(statement) - source.firstStatement].node
      let text = source.tree.source?.text(source.tree.range(node)) ?? ""
      let line = source.tree.source.map { $0.line(of: source.tree.range(node).start) } ?? 0
      error = error.hinting(
        "\(text) in line \(line) put it there; the graph does not see through elements that are set")
    }
    throw error.hinting("build the matrix with [a, b] or [a; b], or use detach(…) to say that it is data")
  }
}

extension Code {
  /// Whether a statement assigns an element or a part of a matrix.
  fileprivate func assignsElement(_ statement: Int32) -> Bool {
    let node = statements[Int(statement) - firstStatement].node
    switch tree.kind(node) {
    case .assign, .compoundAssign: return tree.kind(tree.child(node, 0)) == .index
    case .multiAssign: return tree.children(node).dropLast().contains { tree.kind($0) == .index }
    default: return false
    }
  }
}
