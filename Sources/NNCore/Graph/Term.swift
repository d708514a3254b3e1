/// An elementwise product taken apart: numerator/denominator times factors, each in the numerator or below the bar.
///
/// Gathering one is bounded, whatever the size of the formula: a product of more than eight factors stays as it
/// is. So simplifying costs the same at every node and a derivation is one linear pass.
struct Term {
  static let capacity = 8

  /// The literal part, with the sign.
  var numerator: Scalar = 1
  var denominator: Scalar = 1
  private(set) var count = 0
  private var ids = SIMD8<Int32>(repeating: -1)
  private var below: UInt8 = 0
  /// Whether numbers were among the factors; their product may be 1.
  var hasNumbers = false
  /// Whether a factor met its own reciprocal.
  private(set) var hasCancelled = false
  /// Of what cancelled, the node that is a value of the forward computation.
  private(set) var cancelled: NodeID = -1
  var isTooLong = false
  /// How many more nodes gathering may visit.
  var budget = 24

  var isNegative: Bool { numerator < 0 }
  var hasCoefficient: Bool { numerator != 1 || denominator != 1 }

  subscript(i: Int) -> NodeID { ids[i] }
  func isBelow(_ i: Int) -> Bool { below >> UInt8(i) & 1 == 1 }

  func contains(_ id: NodeID, below: Bool) -> Bool {
    for i in 0..<count where ids[i] == id && isBelow(i) == below { return true }
    return false
  }

  mutating func remove(at i: Int) {
    for j in i..<max(i, count - 1) {
      ids[j] = ids[j + 1]
      setBelow(j, isBelow(j + 1))
    }
    count -= 1
    setBelow(count, false)
  }

  private mutating func setBelow(_ i: Int, _ value: Bool) {
    if value { below |= 1 << UInt8(i) } else { below &= ~(1 << UInt8(i)) }
  }

  /// Multiplies by `id` or its reciprocal, cancelling where its opposite is there already. A divisor held away
  /// from zero, `max(d, 1e-44)`, cancels with `d` too: the quotient is then better than what it was made safe for.
  mutating func multiply(_ id: NodeID, below isBelow: Bool, in graph: Graph) {
    for i in 0..<count where self.isBelow(i) != isBelow {
      let isMatch =
        ids[i] == id
        || (isBelow ? graph.guarded(id) == ids[i] : graph.guarded(ids[i]) == id)
      if isMatch {
        cancelled = isBelow ? ids[i] : id
        remove(at: i)
        hasCancelled = true
        return
      }
    }
    guard count < Term.capacity else {
      isTooLong = true
      return
    }
    ids[count] = id
    setBelow(count, isBelow)
    count += 1
  }

  mutating func scale(_ numerator: Scalar, _ denominator: Scalar, below isBelow: Bool) {
    let (n, d) = isBelow ? (denominator, numerator) : (numerator, denominator)
    // A division by the literal zero is left to be computed: it is what the text says.
    guard d != 0 else {
      isTooLong = true
      return
    }
    (self.numerator, self.denominator) = reduced(self.numerator * n, self.denominator * d)
    if !self.numerator.isFinite || !self.denominator.isFinite || self.denominator == 0 { isTooLong = true }
  }
}

extension Graph {
  /// `d` where the node is `max(d, tiny literal)`: a divisor held away from zero, written by a derivative rule.
  @inline(__always)
  package func guarded(_ id: NodeID) -> NodeID? {
    let node = self[id]
    guard node.kind == .operation, node.operation == .maximum, !node.flags.contains(.forward),
      let bound = literalValue(node.inputs.1), bound > 0, bound < 1e-40
    else { return nil }
    return node.inputs.0
  }

  /// The product that `id` is, down to values that stand for themselves.
  ///
  /// - Parameter throughNamed: whether to look into gradients that have lines of their own.
  func term(_ id: NodeID, throughNamed: Bool = false) -> Term {
    var term = Term()
    gather(id, false, throughNamed, &term)
    return term
  }

  func gather(_ id: NodeID, _ below: Bool, _ throughNamed: Bool, _ term: inout Term) {
    if term.isTooLong { return }
    term.budget -= 1
    if term.budget < 0 {
      term.isTooLong = true
      return
    }
    let node = at(id).pointee
    if node.width > Term.capacity, isOpen(node, throughNamed) {
      term.isTooLong = true
      return
    }
    if node.kind == .literal {
      guard let (n, d) = fraction(id) else { return }
      term.scale(n, d, below: below)
      if n != 1 || d != 1 { term.hasNumbers = true }
      return
    }
    guard node.kind == .operation, isOpen(node, throughNamed) else {
      term.multiply(id, below: below, in: self)
      return
    }
    switch node.operation {
    case .multiply:
      gather(node.inputs.0, below, throughNamed, &term)
      gather(node.inputs.1, below, throughNamed, &term)
    case .divide:
      gather(node.inputs.0, below, throughNamed, &term)
      gather(node.inputs.1, !below, throughNamed, &term)
    case .negate:
      term.scale(-1, 1, below: false)
      gather(node.inputs.0, below, throughNamed, &term)
    case .stretch:
      gather(node.inputs.0, below, throughNamed, &term)
    default:
      term.multiply(id, below: below, in: self)
    }
  }

  /// Whether a formula may look into the node. Values of the forward computation stand for themselves, except for
  /// signs and for numbers computed from data on the way, such as the `-(1/m)` of a cost.
  @inline(__always)
  func isOpen(_ node: Node, _ throughNamed: Bool = false) -> Bool {
    if node.flags.isDisjoint(with: [.forward, .named]) { return true }
    if node.flags.contains(.named) { return throughNamed && !node.flags.contains(.forward) }
    switch node.operation {
    case .negate: return true
    case .multiply, .divide: return node.shape.isScalar && !node.flags.contains(.tracked)
    default: return false
    }
  }
}

// MARK: - Putting a term together again

extension Graph {
  /// The term as a node of `shape`: numbers outermost, as in `(A - Y)/4` or `lambda/m*W`, signs used up where a
  /// difference can be turned round.
  func build(_ term: Term, _ shape: Shape) -> NodeID {
    if term.numerator == 0 { return literal(0, shape) }
    let isScalar = shape.isScalar
    var term = term
    var above: NodeID = -1
    var below: NodeID = -1
    var scalarAbove: NodeID = -1
    var scalarBelow: NodeID = -1
    if term.isNegative { turnDifference(&term) }
    for i in 0..<term.count {
      let id = term[i]
      if self[id].shape.isScalar && !isScalar {
        if term.isBelow(i) {
          scalarBelow = times(scalarBelow, id)
        } else {
          scalarAbove = times(scalarAbove, id)
        }
      } else {
        if term.isBelow(i) { below = times(below, id) } else { above = times(above, id) }
      }
    }
    let core = quotient(above, below)
    let isNegated = term.numerator == -1 && (core >= 0 || scalarAbove >= 0 || scalarBelow >= 0)
    if isNegated { term.numerator = 1 }
    let result = scaled(core, term, scalarAbove, scalarBelow)
    return stretch(isNegated ? intern(.negate, result, -1, -1, .none, self[result].shape) : result, shape)
  }

  private func scaled(_ core: NodeID, _ term: Term, _ above: NodeID, _ below: NodeID) -> NodeID {
    let up = term.numerator == 1 ? above : times(literal(term.numerator), above)
    let down = term.denominator == 1 ? below : times(literal(term.denominator), below)
    if core < 0 {
      if down < 0 { return up < 0 ? literal(1) : up }
      if above < 0, below < 0 { return literal(term.numerator, over: term.denominator) }
      return intern(.divide, up < 0 ? literal(1) : up, down, -1, .none, .scalar)
    }
    if up < 0, down < 0 { return core }
    let shape = self[core].shape
    if up < 0 { return intern(.divide, core, down, -1, .none, shape) }
    if down < 0 { return intern(.multiply, up, core, -1, .none, shape) }
    let isLiteral = above < 0 && below < 0
    let number =
      isLiteral
      ? literal(term.numerator, over: term.denominator) : intern(.divide, up, down, -1, .none, .scalar)
    return intern(.multiply, number, core, -1, .none, shape)
  }

  private func times(_ a: NodeID, _ b: NodeID) -> NodeID {
    if a < 0 || b < 0 { return max(a, b) }
    let (s, t) = (self[a].shape, self[b].shape)
    if let shape = broadcast(s, t) { return intern(.multiply, a, b, -1, .none, shape) }
    let full = Shape(max(s.rows, t.rows), max(s.columns, t.columns))
    return intern(.multiply, stretch(a, full), b, -1, .none, full)
  }

  private func quotient(_ above: NodeID, _ below: NodeID) -> NodeID {
    if below < 0 { return above }
    let top = above < 0 ? literal(1) : above
    let (s, t) = (self[top].shape, self[below].shape)
    if let shape = broadcast(s, t) { return intern(.divide, top, below, -1, .none, shape) }
    let full = Shape(max(s.rows, t.rows), max(s.columns, t.columns))
    return intern(.divide, stretch(top, full), below, -1, .none, full)
  }

  /// Turns a difference among the factors round, if there is one, and so uses the sign up: -(Y - A) is A - Y.
  private func turnDifference(_ term: inout Term) {
    for i in 0..<term.count where !term.isBelow(i) {
      let node = self[term[i]]
      guard node.kind == .operation, node.operation == .subtract,
        node.flags.isDisjoint(with: [.forward, .named]), literalValue(node.inputs.0) == nil
      else { continue }
      let turned = intern(.subtract, node.inputs.1, node.inputs.0, -1, .none, node.shape)
      var result = Term()
      (result.numerator, result.denominator) = (-term.numerator, term.denominator)
      for j in 0..<term.count { result.multiply(j == i ? turned : term[j], below: term.isBelow(j), in: self) }
      term = result
      return
    }
  }
}
