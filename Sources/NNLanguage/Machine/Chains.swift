import NNCore

// Elementwise expressions on large matrices in one pass: `x .* (1 - x) .* y` reads x and y once, block by block, and
// makes nothing but its result.
//
// The compiler marks where such expressions end. When one of their instructions meets a matrix large enough, the rest
// of the expression is described to a `Chain`, and run if nothing speaks against it. Where something does (a value
// that the graph has to record, shapes that do not fit, an operand that is no number), nothing has happened yet: the
// instructions run one by one, and say what is wrong exactly as if there were no chains.

extension CodeDraft {
  /// Marks in every statement the expressions that consist of elementwise instructions one after the other.
  mutating func markChains() {
    for statement in statements {
      var last = statement.range.upperBound - 1
      while last >= statement.range.lowerBound {
        last = markChain(endingAt: last, notBefore: statement.range.lowerBound) - 1
      }
    }
  }

  /// Marks what leads to the instruction `last`; the first instruction that does.
  private mutating func markChain(endingAt last: Int, notBefore lowest: Int) -> Int {
    guard instructions[last].opcode.isElementwise else { return last }
    // The temporaries that must have been computed before; each is read once.
    var wanted = temporaries(readBy: instructions[last])
    var first = last
    while first > lowest, last - first < Chain.capacity - 1 {
      let before = instructions[first - 1]
      guard before.opcode.isElementwise || before.opcode == .loadGlobal,
        let position = wanted.lastIndex(of: before.a)
      else { break }
      wanted.remove(at: position)
      if before.opcode.isElementwise { wanted += temporaries(readBy: before) }
      first -= 1
      instructions[first].following = UInt8(truncatingIfNeeded: last - first)
    }
    return first
  }

  private func temporaries(readBy instruction: Instruction) -> [Place] {
    let operands = instruction.opcode.isUnary ? [instruction.b] : [instruction.b, instruction.c]
    return operands.filter(isTemporary)
  }
}

// Pairs of instructions that numbers go through at once.
extension CodeDraft {
  /// Joins a product with the sum or difference that reads it next. Both instructions stay where they are: what is
  /// no number goes through them one by one.
  mutating func joinPairs() {
    for statement in statements {
      for index in statement.range.dropLast() {
        let (first, second) = (instructions[index], instructions[index + 1])
        guard first.opcode == .multiply, isTemporary(first.a), second.b != second.c else { continue }
        switch (second.opcode, first.a) {
        case (.add, second.c): instructions[index].opcode = .multiplyThenAdd
        case (.add, second.b): instructions[index].opcode = .addToProduct
        case (.subtract, second.c): instructions[index].opcode = .multiplyThenSubtract
        case (.subtract, second.b): instructions[index].opcode = .subtractFromProduct
        default: break
        }
      }
    }
  }

  private func isTemporary(_ place: Place) -> Bool {
    place.isRegister && place.draftIndex >= content.localNames.count
  }
}

/// What the temporaries of a chain stand for while it is described.
struct ChainTemporaries {
  private var places: [(place: Place, link: Chain.Link)] = []

  mutating func clear() { places.removeAll(keepingCapacity: true) }

  mutating func set(_ place: Place, to link: Chain.Link) { places.append((place, link)) }

  /// The value computed for a place; it is read once.
  mutating func take(_ place: Place) -> Chain.Link? {
    guard let index = places.lastIndex(where: { $0.place == place }) else { return nil }
    return places.remove(at: index).link
  }
}

extension Machine {
  /// Computes the rest of the expression that an instruction belongs to in one pass; nil, and nothing done, where
  /// its instructions have to run one by one.
  func fuse(_ place: Next) throws(Diagnostic) -> Next? {
    if hasShadowedBuiltins { return nil }
    chain.clear()
    chainTemporaries.clear()
    let last = place + Int(place.pointee.following)
    var instruction = place
    while instruction <= last {
      guard describe(instruction.pointee) else { return nil }
      instruction += 1
    }
    guard chain.length > 1 else { return nil }
    frame.pointee.next = last + 1
    let target = last.pointee.a
    let a = frame.pointee.registers[target]
    if chain.isQuiet, let room = room(in: a, for: chain.resultShape) {
      try throwingDiagnostics { () throws(CoreError) in try chain.run(into: room, in: resources) }
    } else {
      let result = try throwingDiagnostics { () throws(CoreError) in
        let result = try Matrix(uninitialized: chain.resultShape, in: resources)
        try chain.run(into: result.mutablePointer, in: resources)
        return result
      }
      try store(.matrix(result), in: target, a)
    }
    return last + 1
  }

  /// Adds an instruction to the chain; false where it has no place there.
  private func describe(_ instruction: Instruction) -> Bool {
    if instruction.opcode == .loadGlobal {
      guard let link = link(stack[instruction.b]) else { return false }
      chainTemporaries.set(instruction.a, to: link)
      return true
    }
    guard let id = instruction.elementwiseOperation, let b = link(instruction.b) else { return false }
    var result: Chain.Link?
    if instruction.opcode.isUnary {
      result = chain.append(id, b)
    } else {
      guard let c = link(instruction.c) else { return false }
      if instruction.setting & 1 == 0 {
        if instruction.opcode.isMultiply, !b.shape.isScalar, !c.shape.isScalar { return false }
        if instruction.opcode == .divide, !c.shape.isScalar { return false }
      }
      result = chain.append(id, b, c)
    }
    guard let result else { return false }
    chainTemporaries.set(instruction.a, to: result)
    return true
  }

  private func link(_ place: Place) -> Chain.Link? {
    chainTemporaries.take(place) ?? link(frame.pointee.registers[place])
  }

  /// Numbers that the graph does not know; nil for anything else.
  private func link(_ slot: Slot) -> Chain.Link? {
    mayBeTracked(slot) ? nil : operand(slot).map { Chain.Link($0) }
  }
}
