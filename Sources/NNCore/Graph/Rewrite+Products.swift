extension Rewrite {
  /// Products, quotients and signs, element by element.
  static let products: [Rewrite] = [
    Rewrite(.literalsFolded, .multiply, .divide) { graph, site in
      guard let (n, d) = graph.fraction(site.a), let (p, q) = graph.fraction(site.b) else { return nil }
      var product = Term()
      product.scale(n, d, below: false)
      product.scale(p, q, below: site.operation == .divide)
      return product.isTooLong ? nil : graph.literal(product.numerator, over: product.denominator)
    } sample: { x, _, _ in
      x.number(3) .* x.number(2) ./ x.number(4) .* x
    },
    Rewrite(.timesZero, .multiply) { graph, site in
      graph.constant(site.a) == 0 || graph.constant(site.b) == 0 ? graph.literal(0, site.shape) : nil
    } sample: { x, y, _ in
      x.filled(0, x.shape) .* y
    },
    Rewrite(.timesOne, .multiply, .divide) { graph, site in
      if graph.constant(site.b) == 1 { return graph.stretch(site.a, site.shape) }
      if site.operation == .multiply, graph.constant(site.a) == 1 { return graph.stretch(site.b, site.shape) }
      return nil
    } sample: { x, _, _ in
      x.filled(1, x.shape) .* x ./ 1
    },
    Rewrite(.distributed, .multiply) { graph, site in
      graph.distributed(site)
    } sample: { x, y, z in
      (z ./ x - (1 - z) ./ (1 - x)) .* (x .* (1 - x)) + (y ./ x - 1) .* x
    },
    Rewrite(.cancelled, .multiply, .divide) { graph, site in
      graph.cancelled(site)
    } sample: { x, y, z in
      z ./ (x .* y) .* x
    },
    Rewrite(.scalarsGathered, .multiply, .divide) { graph, site in
      graph.gathered(site)
    } sample: { x, y, z in
      (x ./ 4) .* -y .* (2 .* z) ./ z.sum()
    },
    Rewrite(.signsGathered, .negate) { graph, site in
      var term = Term()
      term.scale(-1, 1, below: false)
      graph.gather(site.a, false, false, &term)
      if term.isTooLong || term.count == 1 && term[0] == site.a { return nil }
      return graph.build(term, site.shape)
    } sample: { x, y, _ in
      -(-(x .* y)) + -(-(2 .* x)) + -((x - y) ./ 2)
    },
  ]
}

extension Graph {
  func productTerm(_ site: Rewrite.Site, throughNamed: Bool) -> Term {
    var term = Term()
    gather(site.a, false, throughNamed, &term)
    gather(site.b, site.operation == .divide, throughNamed, &term)
    return term
  }

  /// `z ./ (x .* y) .* x` as `z ./ y`, looking into lines with names where that is what makes it possible.
  func cancelled(_ site: Rewrite.Site) -> NodeID? {
    guard mayCancel(site) else { return nil }
    let term = productTerm(site, throughNamed: true)
    guard !term.isTooLong, term.hasCancelled else { return nil }
    tellBeneath(term.cancelled, .cancelled)
    return build(term, site.shape)
  }

  private func mayCancel(_ site: Rewrite.Site) -> Bool {
    site.operation == .divide || hasQuotient(site.a, 3) || hasQuotient(site.b, 3)
  }

  /// Whether a division stands within a few steps below the node, on the gradient's side.
  func hasQuotient(_ id: NodeID, _ depth: Int) -> Bool {
    let node = self[id]
    guard depth > 0, node.kind == .operation, node.flags.contains(.quotient), isOpen(node, true) else {
      return false
    }
    switch node.operation {
    case .divide: return true
    case .negate, .stretch: return hasQuotient(node.inputs.0, depth - 1)
    case .multiply, .add, .subtract:
      return hasQuotient(node.inputs.0, depth - 1) || hasQuotient(node.inputs.1, depth - 1)
    default: return false
    }
  }

  /// Numbers and signs collected: `(x/4) .* (2*y)` as `(x .* y)/2`.
  func gathered(_ site: Rewrite.Site) -> NodeID? {
    let term = productTerm(site, throughNamed: false)
    if term.isTooLong { return nil }
    var isWorthwhile = term.hasCoefficient || term.hasNumbers
    if !site.shape.isScalar {
      for i in 0..<term.count where self[term[i]].shape.isScalar { isWorthwhile = true }
    }
    return isWorthwhile ? build(term, site.shape) : leftAssociated(site)
  }

  /// `a .* (b .* c)` as `a .* b .* c`, the way it is written.
  private func leftAssociated(_ site: Rewrite.Site) -> NodeID? {
    let right = self[site.b]
    guard site.operation == .multiply, right.kind == .operation, right.operation == .multiply, isOpen(right),
      self[site.a].shape == site.shape
    else { return nil }
    let left = intern(.multiply, site.a, right.inputs.0, -1, .none, site.shape)
    return intern(.multiply, left, right.inputs.1, -1, .none, site.shape)
  }

  /// A product with a sum some of whose terms are divided by another factor: multiplied out, so that the division
  /// goes away and with it the trouble where the divisor is zero. This is what makes `(A - Y)/m` of a cost after
  /// its sigmoid or softmax, written by hand or not.
  func distributed(_ site: Rewrite.Site) -> NodeID? {
    guard hasQuotient(site.a, 5) || hasQuotient(site.b, 5), distributing < Self.mostDistributing else {
      return nil
    }
    distributing += 1
    defer { distributing -= 1 }
    let product = productTerm(site, throughNamed: true)
    if product.isTooLong { return nil }
    for i in 0..<product.count where !product.isBelow(i) {
      let node = self[product[i]]
      guard node.kind == .operation, node.operation == .add || node.operation == .subtract,
        isOpen(node, true)
      else { continue }
      var divisors = Divisors()
      collectDivisors(product[i], 5, &divisors)
      if divisors.count == 0 { continue }
      return multipliedOut(product, i, divisors, site.shape)
    }
    return nil
  }

  /// Sums within sums that are multiplied out; deeper ones stay as they are.
  private static let mostDistributing = 8

  private func multipliedOut(_ product: Term, _ sum: Int, _ divisors: Divisors, _ shape: Shape) -> NodeID? {
    var (rest, factor) = (Term(), Term())
    (rest.numerator, rest.denominator) = (product.numerator, product.denominator)
    for i in 0..<product.count where i != sum {
      if !product.isBelow(i), divisors.contains(product[i]) {
        factor.multiply(product[i], below: false, in: self)
      } else {
        rest.multiply(product[i], below: product.isBelow(i), in: self)
      }
    }
    if factor.count == 0 { return nil }
    let node = self[product[sum]]
    let times = build(factor, shape)
    let left = elementwise(.multiply, stretch(node.inputs.0, node.shape), times)
    let right = elementwise(.multiply, stretch(node.inputs.1, node.shape), times)
    for i in 0..<factor.count { tellBeneath(factor[i], nil) }
    gather(elementwise(node.operation, left, right), false, false, &rest)
    return rest.isTooLong ? nil : build(rest, shape)
  }

  /// Says what the cancelled value was, where a reader will ask.
  private func tellBeneath(_ id: NodeID, _ otherwise: Reason?) {
    guard id >= 0, self[id].flags.contains(.forward), self[id].kind == .operation else { return }
    switch activation(id) {
    case .sigmoid: tell(.sigmoidUnderBCE)
    case .softmax: tell(.softmaxUnderCrossEntropy)
    case nil: break
    }
  }

  private struct Divisors {
    var count = 0
    var ids = SIMD8<Int32>(repeating: -1)
    mutating func insert(_ id: NodeID) {
      if count < 8 {
        ids[count] = id
        count += 1
      }
    }
    func contains(_ id: NodeID) -> Bool { any(ids .== SIMD8(repeating: id)) }
  }

  /// What the terms of a sum are divided by.
  private func collectDivisors(_ id: NodeID, _ depth: Int, _ divisors: inout Divisors) {
    let node = self[id]
    guard depth > 0, node.kind == .operation, isOpen(node, true) else { return }
    switch node.operation {
    case .divide:
      collectDivisors(node.inputs.0, depth - 1, &divisors)
      let product = term(node.inputs.1, throughNamed: true)
      for i in 0..<product.count where !product.isBelow(i) {
        divisors.insert(product[i])
        if let inside = guarded(product[i]) { divisors.insert(inside) }
      }
    case .negate, .stretch: collectDivisors(node.inputs.0, depth - 1, &divisors)
    case .add, .subtract, .multiply:
      collectDivisors(node.inputs.0, depth - 1, &divisors)
      collectDivisors(node.inputs.1, depth - 1, &divisors)
    default: break
    }
  }
}
