extension Rewrite {
  /// Products of matrices.
  static let matrixProducts: [Rewrite] = [
    Rewrite(.transposeIntoProduct, .product) { graph, site in
      graph.withoutTransposes(site)
    } sample: { x, y, z in
      x * y.T * z
    },
    Rewrite(.productWithOnes, .product) { graph, site in
      graph.productWithOnes(site)
    } sample: { x, y, _ in
      x.sum().stretched(x.shape) * y.T + x * y.sum().stretched(y.shape).T
    },
    Rewrite(.scalarsGathered, .product) { graph, site in
      graph.productOfScaled(site)
    } sample: { x, y, _ in
      (x ./ 4) * (-y).T
    },
  ]

  /// Sums over dimensions.
  static let reductions: [Rewrite] = [
    Rewrite(.columnsSumToOne, .sum) { graph, site in
      let node = graph[site.a]
      guard node.kind == .data, site.attributes.first == 1,
        graph.ask(.columnsSumToOne, of: Int32(node.attributes.first))
      else { return nil }
      graph.tell(.columnsSumToOne)
      return graph.literal(1, site.shape)
    } sample: { x, y, _ in
      x.oneHot.sum(1) .* y
    },
    Rewrite(.sumOfOne, .sum) { graph, site in
      graph[site.a].shape == site.shape ? site.a : nil
    } sample: { x, _, _ in
      x.sum(1).sum(1) + x.sum(2).sum(2) + x.sum().sum()
    },
    Rewrite(.sumOfStretched, .sum) { graph, site in
      graph.sumOfStretched(site)
    } sample: { x, y, _ in
      x.sum(1).stretched(x.shape).sum(1) + y.sum(2).stretched(y.shape).sum(1)
        + y.sum().stretched(x.shape).sum(0)
    },
    Rewrite(.sumOfSum, .sum) { graph, site in
      let inner = graph[site.a]
      guard inner.kind == .operation, inner.operation == .sum, graph.isOpen(inner), site.shape.isScalar
      else { return nil }
      return graph.sum(inner.inputs.0, 0)
    } sample: { x, _, _ in
      x.sum(1).sum(2)
    },
    Rewrite(.sumOfScaled, .sum) { graph, site in
      graph.sumOfScaled(site)
    } sample: { x, y, _ in
      (x ./ 4).sum(2) + (-y .* x.sum()).sum(2)
    },
  ]

  /// Transposes and stretches.
  static let shapes: [Rewrite] = [
    Rewrite(.transposedNumber, .transpose) { graph, site in
      site.shape.isScalar ? site.a : nil
    } sample: { x, _, _ in
      x.sum().T .* x
    },
    Rewrite(.doubleTranspose, .transpose) { graph, site in
      let node = graph[site.a]
      return node.kind == .operation && node.operation == .transpose ? node.inputs.0 : nil
    } sample: { x, _, _ in
      x.T.T
    },
    Rewrite(.transposedProduct, .transpose) { graph, site in
      let node = graph[site.a]
      guard node.kind == .operation, node.operation == .product, graph.isOpen(node) else { return nil }
      let flags = node.attributes.first
      return graph.product(node.inputs.1, node.inputs.0, flags & 2 == 0, flags & 1 == 0)
    } sample: { x, y, _ in
      (x * y.T).T
    },
    Rewrite(.transposedElementwise, .transpose) { graph, site in
      graph.transposedElementwise(site)
    } sample: { x, y, _ in
      (x.T .* y.T).T + (x.T ./ 2).T + (2 .* y.T).T + (-x.T).T
    },
    Rewrite(.stretchOfStretched, .stretch) { graph, site in
      graph.stretchedOperand(site.a).map { graph.stretch($0, site.shape) }
    } sample: { x, _, _ in
      x.sum().stretched(Shape(1, x.columns)).stretched(x.shape)
    },
    Rewrite(.powerOne, .power) { graph, site in
      if graph.constant(site.b) == 1 { return graph.stretch(site.a, site.shape) }
      return graph.constant(site.b) == 0 ? graph.literal(1, site.shape) : nil
    } sample: { x, _, _ in
      x.raised(to: x.number(1)) .* x.raised(to: x.number(0))
    },
  ]
}

// MARK: - Products

extension Graph {
  /// `product(x', y)` with the transposition as the product's own.
  func withoutTransposes(_ site: Rewrite.Site) -> NodeID? {
    var (a, b, flags) = (site.a, site.b, site.attributes.first)
    if let x = transposedOperand(a) { (a, flags) = (x, flags ^ 1) }
    if let y = transposedOperand(b) { (b, flags) = (y, flags ^ 2) }
    if flags == site.attributes.first { return nil }
    return product(a, b, flags & 1 != 0, flags & 2 != 0)
  }

  /// The operand of a transpose. A transpose that a variable holds is a value of its own.
  private func transposedOperand(_ id: NodeID) -> NodeID? {
    let node = self[id]
    guard node.kind == .operation, node.operation == .transpose, !node.flags.contains(.named) else {
      return nil
    }
    return node.inputs.0
  }

  /// A product with a matrix of one number, or of equal rows, is a sum stretched.
  func productWithOnes(_ site: Rewrite.Site) -> NodeID? {
    let flags = site.attributes.first
    if let x = stretchedOperand(site.a), self[x].shape.isScalar {
      let sums = flags & 2 == 0 ? sum(site.b, 1) : transpose(sum(site.b, 2))
      return stretch(elementwise(.multiply, x, sums), site.shape)
    }
    if let y = stretchedOperand(site.b), self[y].shape.isScalar {
      let sums = flags & 1 == 0 ? sum(site.a, 2) : transpose(sum(site.a, 1))
      return stretch(elementwise(.multiply, y, sums), site.shape)
    }
    return nil
  }

  /// Numbers and signs before the product instead of in it.
  func productOfScaled(_ site: Rewrite.Site) -> NodeID? {
    guard let (outer, x, y) = scalarsTakenOut(site.a, site.b) else { return nil }
    let flags = site.attributes.first
    var result = outer
    gather(product(x, y, flags & 1 != 0, flags & 2 != 0), false, false, &result)
    return result.isTooLong ? nil : build(result, site.shape)
  }

  private func scalarsTakenOut(_ a: NodeID, _ b: NodeID) -> (Term, NodeID, NodeID)? {
    let (s, t) = (isScaled(a) ? term(a) : nil, isScaled(b) ? term(b) : nil)
    var outer = Term()
    var (x, y) = (a, b)
    if let s, let inner = takeScalars(s, self[a].shape, &outer) { x = inner }
    if let t, let inner = takeScalars(t, self[b].shape, &outer) { y = inner }
    return x == a && y == b || outer.isTooLong ? nil : (outer, x, y)
  }

  /// Moves the numbers among the factors to `outer`.
  ///
  /// - Returns: what remains; nil where nothing would move.
  func takeScalars(_ term: Term, _ shape: Shape, _ outer: inout Term) -> NodeID? {
    if term.isTooLong { return nil }
    let (numbers, inner) = splitScalars(term, shape)
    guard numbers.count > 0 || numbers.hasCoefficient, inner.count > 0 else { return nil }
    outer.scale(numbers.numerator, numbers.denominator, below: false)
    for i in 0..<numbers.count { outer.multiply(numbers[i], below: numbers.isBelow(i), in: self) }
    return build(inner, shape)
  }

  /// Whether the node is a product, quotient or negative that formulas may take apart.
  func isScaled(_ id: NodeID) -> Bool {
    let node = self[id]
    guard node.kind == .operation, isOpen(node) else { return false }
    return node.operation == .multiply || node.operation == .divide || node.operation == .negate
  }
}

// MARK: - Sums and transposes

extension Graph {
  /// The sum of a stretched operand is its multiple.
  func sumOfStretched(_ site: Rewrite.Site) -> NodeID? {
    guard let x = stretchedOperand(site.a) else { return nil }
    let (full, small) = (self[site.a].shape, self[x].shape)
    let dimension = site.attributes.first
    var times = 1
    if dimension != 2, small.rows == 1 { times *= full.rows }
    if dimension != 1, small.columns == 1 { times *= full.columns }
    // What was not stretched along the dimension is summed itself.
    let isDone = dimension == 1 ? small.rows == 1 : dimension == 2 ? small.columns == 1 : small.isScalar
    let inner = isDone ? x : sum(x, dimension)
    return stretch(elementwise(.multiply, literal(Scalar(times)), inner), site.shape)
  }

  func sumOfScaled(_ site: Rewrite.Site) -> NodeID? {
    guard isScaled(site.a) else { return nil }
    var outer = Term()
    guard let inner = takeScalars(term(site.a), self[site.a].shape, &outer), !outer.isTooLong else {
      return nil
    }
    gather(sum(stretch(inner, self[site.a].shape), site.attributes.first), false, false, &outer)
    return outer.isTooLong ? nil : build(outer, site.shape)
  }

  /// `(x' .* y')'` as `x .* y`: a transpose goes inside where it meets another one there.
  func transposedElementwise(_ site: Rewrite.Site) -> NodeID? {
    let node = self[site.a]
    guard node.kind == .operation, isOpen(node) else { return nil }
    switch node.operation {
    case .negate: return negate(transpose(node.inputs.0))
    case .stretch: return stretch(transpose(node.inputs.0), site.shape)
    case .add, .subtract, .multiply, .divide:
      let (a, b) = (node.inputs.0, node.inputs.1)
      guard scales(node) || transposedOperand(a) != nil || transposedOperand(b) != nil else { return nil }
      return elementwise(node.operation, transpose(a), transpose(b))
    default: return nil
    }
  }

  /// Whether the node is a product or quotient with a number, of few enough factors to go through one by one.
  private func scales(_ node: Node) -> Bool {
    guard node.operation == .multiply || node.operation == .divide, node.width <= Term.capacity else {
      return false
    }
    return at(node.inputs.0).pointee.shape.isScalar || at(node.inputs.1).pointee.shape.isScalar
  }
}
