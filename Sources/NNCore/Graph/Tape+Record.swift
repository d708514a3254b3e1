extension Tape {
  /// Records `result = operation(a)`, if `a` depends on a fresh param.
  ///
  /// - Returns: whether it was recorded; if so, the result's storage carries the handle of its node.
  @discardableResult
  package func record(
    _ operation: OperationID, _ attributes: Attributes = .none, _ a: TapeInput, result: Matrix
  ) -> Bool {
    guard carriesNode(a) else { return false }
    let x = place(of: a)
    let set = freshSet(x)
    if set == 0 { return inheritStaleness(result, a) }
    add(operation, attributes, 1, (x, -1, -1), set, result)
    return true
  }

  /// Records `result = operation(a, b)`, if one of them depends on a fresh param.
  @discardableResult
  package func record(
    _ operation: OperationID, _ attributes: Attributes = .none, _ a: TapeInput, _ b: TapeInput,
    result: Matrix
  ) -> Bool {
    guard carriesNode(a) || carriesNode(b) else { return false }
    if !mayBeTracked(a) && !mayBeTracked(b) {
      return inheritStaleness(result, a) || inheritStaleness(result, b)
    }
    let (x, y) = (place(of: a), place(of: b))
    add(operation, attributes, 2, (x, y, -1), state.pointee.leafSets.union(freshSet(x), freshSet(y)), result)
    return true
  }

  /// Records `result = operation(inputs…)`, if one of them depends on a fresh param.
  @discardableResult
  package func record(
    _ operation: OperationID, _ attributes: Attributes = .none, _ inputs: [TapeInput], result: Matrix
  ) -> Bool {
    guard inputs.contains(where: mayBeTracked) else {
      for input in inputs where inheritStaleness(result, input) { break }
      return false
    }
    let (places, set) = place(inputs)
    add(operation, attributes, Int32(inputs.count), places, set, result)
    return true
  }

  /// Records how data was computed: `1 - Y` or `1/m`, which simplification wants to see through.
  ///
  /// Notes live only as long as something tracked reads them; see `dropNotes`.
  package func note(
    _ operation: OperationID, _ attributes: Attributes = .none, _ inputs: [TapeInput], result: Matrix
  ) {
    let (places, set) = place(inputs)
    add(operation, attributes, Int32(inputs.count), places, set, result)
  }

  /// The same for an unboxed number.
  ///
  /// - Returns: the handle by which later operations name it: `.node(handle, number)`.
  package func note(
    _ operation: OperationID, _ attributes: Attributes = .none, _ inputs: [TapeInput], number: Scalar
  ) -> NodeHandle {
    let (places, set) = place(inputs)
    let index = append(
      TapeNode(
        .operation, operation, inputCount: Int32(inputs.count), inputs: places, leafSet: set, origin: origin,
        attributes: attributes, number: number))
    return NodeHandle(index: UInt32(index), generation: generation)
  }

  /// Drops the nodes from `mark` (a former `count`) on if all of them are data: at the end of a statement that
  /// noted how it computed something and recorded nothing tracked.
  package func dropNotes(since mark: Int) {
    for i in mark..<max(mark, nodes.count) where nodes.base[i].leafSet != 0 { return }
    removeNodes(from: mark)
  }

  /// Forgets what a failed statement recorded.
  package func removeNodes(from mark: Int) {
    guard mark < nodes.count else { return }
    for i in mark..<nodes.count {
      state.pointee.bytes -= nodes.base[i].bytes
      if nodes.base[i].kind == .param { state.pointee.slots[Int(nodes.base[i].slot)].node = -1 }
      if nodes.base[i].inputCount > 3 { manyInputs.removeLast(Int(nodes.base[i].inputCount)) }
    }
    nodes.removeLast(nodes.count - mark)
  }
}

// MARK: - Operands in place

extension Tape {
  /// The place of a value that stands on the tape as of now, or of a param; -1 for all others, which have to be
  /// recorded the long way.
  ///
  /// - Parameter address: that of the value's storage: nothing is counted here.
  @inline(__always)
  package func place(_ handle: NodeHandle, _ address: UnsafeRawPointer, _ shape: Shape) -> Int32 {
    if handle.isParam {
      guard handle.slot < state.pointee.slots.count,
        state.pointee.slots[handle.slot].version == handle.generation
      else { return -1 }
      return paramNode(handle.slot, shape)
    }
    guard handle.generation == generation, handle.index < nodes.count else { return -1 }
    let node = nodes.base + Int(handle.index)
    guard node.pointee.leafSet != 0, state.pointee.leafSets.isFresh(node.pointee.leafSet),
      node.pointee.holds(address)
    else { return -1 }
    return Int32(handle.index)
  }

  /// The place of a number of the source text.
  package func place(ofLiteral value: Scalar) -> Int32 { number(value, variable: -1, isLiteral: true) }

  /// Records `result = operation(x, y)` for operands in their places, of which at least one depends on a param.
  @inline(__always)
  package func record(
    _ operation: OperationID, _ attributes: Attributes, _ x: Int32, _ y: Int32, result: Matrix
  ) {
    let set = state.pointee.leafSets.union(freshSet(x), freshSet(y))
    add(operation, attributes, 2, (x, y, -1), set, result)
  }
}

// MARK: - Names

extension Tape {
  /// Notes the variable that a recorded value was first given to, and the statement that did so.
  @inline(__always)
  package func noteHolder(_ variable: Int32, of storage: MatrixStorage, statement: Int32) {
    let handle = storage.node
    guard handle.generation == generation, handle.index < nodes.count else { return }
    let node = nodes.base + Int(handle.index)
    guard node.pointee.storage === storage, node.pointee.kind == .operation, node.pointee.holder < 0 else {
      return
    }
    node.pointee.holder = variable
    node.pointee.origin = statement
  }
}

// MARK: - Placing inputs

extension Tape {
  @inline(__always)
  private func carriesNode(_ input: TapeInput) -> Bool {
    if let storage = input.storage { return !storage.node.isNone }
    return !input.node.isNone
  }

  @inline(__always)
  private func mayBeTracked(_ input: TapeInput) -> Bool {
    if let storage = input.storage {
      return !storage.node.isNone && isFresh(Matrix(storage: storage))
    }
    return !input.node.isNone && status(of: input.node) == .fresh
  }

  private func place(_ inputs: [TapeInput]) -> ((Int32, Int32, Int32), Int32) {
    var set: Int32 = 0
    if inputs.count <= 3 {
      var places: (Int32, Int32, Int32) = (-1, -1, -1)
      if inputs.count > 0 { places.0 = place(of: inputs[0]) }
      if inputs.count > 1 { places.1 = place(of: inputs[1]) }
      if inputs.count > 2 { places.2 = place(of: inputs[2]) }
      if inputs.count > 0 { set = freshSet(places.0) }
      if inputs.count > 1 { set = state.pointee.leafSets.union(set, freshSet(places.1)) }
      if inputs.count > 2 { set = state.pointee.leafSets.union(set, freshSet(places.2)) }
      return (places, set)
    }
    let indices = inputs.map(place(of:))
    for index in indices { set = state.pointee.leafSets.union(set, freshSet(index)) }
    let start = Int32(manyInputs.count)
    manyInputs.append(contentsOf: indices)
    return ((start, -1, -1), set)
  }

  @inline(__always)
  private func freshSet(_ index: Int32) -> Int32 {
    let set = nodes.base[Int(index)].leafSet
    return state.pointee.leafSets.isFresh(set) ? set : 0
  }

  /// The node of an operand, made if it has none yet. A stale node serves as data as it is.
  @inline(__always)
  func place(of input: TapeInput) -> Int32 {
    guard let storage = input.storage else {
      let handle = input.node
      if handle.generation == generation, handle.index < nodes.count { return Int32(handle.index) }
      let index = number(input.number, variable: input.variable, isLiteral: input.isLiteral)
      if input.expression >= 0 { noteExpression(input.expression, at: index) }
      return index
    }
    if storage.node.isReplay { takeOver(storage) }
    let handle = storage.node
    if handle.generation == generation, handle.index < nodes.count,
      nodes.base[Int(handle.index)].storage === storage
    {
      return Int32(handle.index)
    }
    if handle.isParam, handle.slot < state.pointee.slots.count,
      state.pointee.slots[handle.slot].version == handle.generation
    {
      return paramNode(handle.slot, storage.shape)
    }
    let index = data(storage, variable: input.variable)
    if input.expression >= 0 { noteExpression(input.expression, at: index) }
    return index
  }

  @inline(__always)
  private func noteExpression(_ expression: Int32, at index: Int32) {
    nodes.base[Int(index)].holder = expression
    nodes.base[Int(index)].origin = origin
  }

  private func data(_ storage: MatrixStorage, variable: Int32) -> Int32 {
    let index = append(
      TapeNode(.data, origin: origin, slot: variable, shape: storage.shape, storage: storage))
    // A stale handle stays: it is what an error message says about the value.
    if storage.node.isNone
      || (!storage.node.isParam && !storage.node.isReplay && storage.node.generation != generation)
    {
      storage.node = NodeHandle(index: UInt32(index), generation: generation)
    }
    return index
  }

  private func number(_ value: Scalar, variable: Int32, isLiteral: Bool) -> Int32 {
    let kind = isLiteral ? TapeNode.Kind.literal : .data
    let hash = value.bitPattern &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(UInt32(bitPattern: variable))
    let slot = Int(truncatingIfNeeded: hash >> 58)
    let known = state.pointee.numberCache[slot]
    if known >= 0, known < nodes.count, isLiteral || variable >= 0 {
      let node = nodes.base + Int(known)
      if node.pointee.kind == kind, node.pointee.storage == nil, node.pointee.slot == variable,
        node.pointee.number.bitPattern == value.bitPattern
      {
        return known
      }
    }
    let index = append(TapeNode(kind, origin: origin, slot: variable, number: value))
    state.pointee.numberCache[slot] = index
    return index
  }

  @inline(__always)
  func append(_ node: consuming TapeNode) -> Int32 {
    let index = Int32(truncatingIfNeeded: nodes.count)
    state.pointee.bytes &+= node.bytes
    nodes.append(node)
    return index
  }

  @inline(__always)
  private func add(
    _ operation: OperationID, _ attributes: Attributes, _ inputCount: Int32, _ inputs: (Int32, Int32, Int32),
    _ set: Int32, _ result: Matrix
  ) {
    let index = append(
      TapeNode(
        .operation, operation, inputCount: inputCount, inputs: inputs, leafSet: set, origin: origin,
        attributes: attributes, shape: result.shape, storage: result.storage))
    result.storage.node = NodeHandle(index: UInt32(index), generation: generation)
  }

  /// Lets a plain result carry the handle of the stale value it was computed from, so that an error message can
  /// say why nothing is known of it. Always false: nothing was recorded.
  private func inheritStaleness(_ result: Matrix, _ input: TapeInput) -> Bool {
    guard let storage = input.storage, case .stale = status(of: Matrix(storage: storage)) else {
      return false
    }
    result.storage.node = storage.node
    return false
  }
}
