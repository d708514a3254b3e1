extension Rewrite {
  /// Sums and differences, element by element.
  static let sums: [Rewrite] = [
    Rewrite(.plusZero, .add, .subtract) { graph, site in
      if graph.constant(site.b) == 0 { return graph.stretch(site.a, site.shape) }
      guard graph.constant(site.a) == 0 else { return nil }
      let other = graph.stretch(site.b, site.shape)
      return site.operation == .add ? other : graph.negate(other)
    } sample: { x, _, _ in
      0 - (x + x.filled(0, x.shape))
    },
    Rewrite(.literalsFolded, .add, .subtract) { graph, site in
      guard let (n, d) = graph.fraction(site.a), let (p, q) = graph.fraction(site.b), d == q else {
        return nil
      }
      return graph.literal(site.operation == .add ? n + p : n - p, over: d)
    } sample: { x, _, _ in
      (x.number(2) + x.number(3) - x.number(1)) .* x
    },
    Rewrite(.stretchedOperand, .add, .subtract) { graph, site in
      graph.withoutStretch(site)
    } sample: { x, y, _ in
      x.sum(2).stretched(x.shape) + y - y.sum().stretched(y.shape)
    },
    Rewrite(.likeTerms, .add, .subtract) { graph, site in
      graph.likeTerms(site)
    } sample: { x, y, _ in
      x .* y + 2 .* (x .* y) - x .* y
    },
    Rewrite(.commonScalar, .add, .subtract) { graph, site in
      graph.commonScalar(site)
    } sample: { x, y, z in
      (x ./ 4 - y ./ 4) + z ./ 4
    },
    Rewrite(.complements, .subtract) { graph, site in
      graph.complements(site)
    } sample: { x, y, z in
      z .* x .* (1 - y) - z .* (1 - x) .* y
    },
    Rewrite(.signsGathered, .add, .subtract) { graph, site in
      graph.withoutSigns(site)
    } sample: { x, y, z in
      (x + -y) - -z + -(x .* y)
    },
  ]
}

extension Graph {
  @inline(__always)
  private func isPlain(_ id: NodeID) -> Bool {
    let node = self[id]
    return node.kind != .operation || !isOpen(node)
  }

  /// `stretch(x) + y` where `y` has the full shape already, and `stretch(x) + stretch(y)` as the stretched sum.
  func withoutStretch(_ site: Rewrite.Site) -> NodeID? {
    let (a, b) = (stretchedOperand(site.a), stretchedOperand(site.b))
    if a == nil && b == nil { return nil }
    if let a, let b {
      guard broadcast(self[a].shape, self[b].shape) != nil else { return nil }
      return stretch(elementwise(site.operation, a, b), site.shape)
    }
    let (x, y) = (a ?? site.a, b ?? site.b)
    guard broadcast(self[x].shape, self[y].shape) == site.shape else { return nil }
    return elementwise(site.operation, x, y)
  }

  /// `2*x + 3*x` as `5*x`, and `x + x` as `2*x`.
  func likeTerms(_ site: Rewrite.Site) -> NodeID? {
    if site.a != site.b, isPlain(site.a), isPlain(site.b) { return nil }
    guard self[site.a].shape == site.shape, self[site.b].shape == site.shape else { return nil }
    if site.a == site.b {
      // x - x is left alone: it is nan where x is not finite.
      return site.operation == .add ? elementwise(.multiply, literal(2), site.a) : nil
    }
    var s = term(site.a)
    let t = term(site.b)
    guard !s.isTooLong, !t.isTooLong, s.count > 0, s.hasSameFactors(as: t), s.denominator == t.denominator
    else { return nil }
    s.numerator = site.operation == .add ? s.numerator + t.numerator : s.numerator - t.numerator
    return s.numerator == 0 ? nil : build(s, site.shape)
  }

  /// `x/4 - y/4` as `(x - y)/4`.
  func commonScalar(_ site: Rewrite.Site) -> NodeID? {
    if isPlain(site.a) || isPlain(site.b) { return nil }
    guard self[site.a].shape == site.shape, self[site.b].shape == site.shape else { return nil }
    let (s, t) = (term(site.a), term(site.b))
    guard !s.isTooLong, !t.isTooLong else { return nil }
    let (outer, inner) = splitScalars(s, site.shape)
    let (otherOuter, otherInner) = splitScalars(t, site.shape)
    guard outer.count > 0 || abs(outer.numerator) != 1 || outer.denominator != 1,
      inner.count > 0, otherInner.count > 0, outer.hasSameFactors(as: otherOuter),
      abs(outer.numerator) == abs(otherOuter.numerator), outer.denominator == otherOuter.denominator
    else { return nil }
    var common = outer
    common.numerator = abs(outer.numerator)
    let x = outer.isNegative ? negate(build(inner, site.shape)) : build(inner, site.shape)
    let y = otherOuter.isNegative ? negate(build(otherInner, site.shape)) : build(otherInner, site.shape)
    let core = elementwise(site.operation, x, y)
    gather(core, false, false, &common)
    return common.isTooLong ? nil : build(common, site.shape)
  }

  /// The numbers among the factors, and the rest.
  func splitScalars(_ term: Term, _ shape: Shape) -> (outer: Term, inner: Term) {
    var (outer, inner) = (Term(), Term())
    (outer.numerator, outer.denominator) = (term.numerator, term.denominator)
    for i in 0..<term.count {
      if self[term[i]].shape.isScalar && !shape.isScalar {
        outer.multiply(term[i], below: term.isBelow(i), in: self)
      } else {
        inner.multiply(term[i], below: term.isBelow(i), in: self)
      }
    }
    return (outer, inner)
  }

  /// `x + (-y)` as `x - y`, `-x - y` as `-(x + y)`.
  func withoutSigns(_ site: Rewrite.Site) -> NodeID? {
    let (x, y) = (withoutSign(site.a), withoutSign(site.b))
    let isSum = site.operation == .add
    switch (x, y) {
    case (nil, nil): return nil
    case (nil, let y?): return elementwise(isSum ? .subtract : .add, site.a, y)
    case (let x?, nil):
      return isSum ? elementwise(.subtract, site.b, x) : negate(elementwise(.add, x, site.b))
    case (let x?, let y?):
      return isSum ? negate(elementwise(.add, x, y)) : elementwise(.subtract, y, x)
    }
  }

  /// `x` where the node is `-x`, in any of its spellings.
  private func withoutSign(_ id: NodeID) -> NodeID? {
    let node = self[id]
    guard node.kind == .operation, isOpen(node) else { return nil }
    switch node.operation {
    case .negate: return node.inputs.0
    case .multiply, .divide:
      var product = term(id)
      guard !product.isTooLong, product.isNegative else { return nil }
      product.numerator = -product.numerator
      return build(product, node.shape)
    default: return nil
    }
  }

  /// `P.*(1 - Q) - (1 - P).*Q` as `P - Q`, and that times what both have in common.
  func complements(_ site: Rewrite.Site) -> NodeID? {
    guard self[site.a].operation == .multiply, self[site.b].operation == .multiply else { return nil }
    var (s, t) = (term(site.a), term(site.b))
    guard !s.isTooLong, !t.isTooLong, s.count == t.count, s.count >= 2, s.numerator == t.numerator,
      s.denominator == t.denominator
    else { return nil }
    var common = Term()
    (common.numerator, common.denominator) = (s.numerator, s.denominator)
    for i in stride(from: s.count - 1, through: 0, by: -1) {
      for j in 0..<t.count where s[i] == t[j] && s.isBelow(i) == t.isBelow(j) {
        common.multiply(s[i], below: s.isBelow(i), in: self)
        s.remove(at: i)
        t.remove(at: j)
        break
      }
    }
    guard s.count == 2, t.count == 2, !s.isBelow(0), !s.isBelow(1), !t.isBelow(0), !t.isBelow(1),
      let difference = difference(s, t)
    else { return nil }
    gather(difference, false, false, &common)
    return common.isTooLong ? nil : build(common, site.shape)
  }

  private func difference(_ s: Term, _ t: Term) -> NodeID? {
    for (i, j) in [(0, 1), (1, 0)] where isComplement(s[0], t[i]) && isComplement(s[1], t[j]) {
      // s = P(1 - Q), t = (1 - P)Q; either factor of s may be the one that is written without the 1.
      if complement(of: s[0]) != t[i] { return elementwise(.subtract, s[0], t[j]) }
      return elementwise(.subtract, s[1], t[i])
    }
    return nil
  }

  func isComplement(_ a: NodeID, _ b: NodeID) -> Bool { complement(of: a) == b || complement(of: b) == a }

  /// `x` where the node is `1 - x`.
  func complement(of id: NodeID) -> NodeID? {
    let node = self[id]
    guard node.kind == .operation, node.operation == .subtract, constant(node.inputs.0) == 1 else {
      return nil
    }
    return node.inputs.1
  }
}

extension Term {
  /// Whether both have the same factors, the literal part apart.
  func hasSameFactors(as other: Term) -> Bool {
    guard count == other.count else { return false }
    for i in 0..<count where !other.contains(self[i], below: isBelow(i)) { return false }
    for i in 0..<count where !contains(other[i], below: other.isBelow(i)) { return false }
    return true
  }
}
