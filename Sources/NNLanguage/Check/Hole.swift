import NNCore

// `dW1 = ?`: what the gradient must look like, and what could be multiplied to look so. Which of it is right, the
// learner finds out.
extension Machine {
  /// The answer to a hole, in lines.
  ///
  /// - Parameter scopes: where its names are looked up; nil for where the program is.
  func answerHole(_ name: String, in scopes: [Scope]? = nil) throws(Diagnostic) -> [String] {
    let scopes = scopes ?? callingScopes
    let networks = NetworkLines(self, scopes)
    guard let variable = GradientName.variable(of: name),
      let shape = (networks.value(variable) ?? networks.valueOfOnlyNetwork(variable))?.shape
        ?? self.variable(variable, in: scopes).flatMap({ place(of: $0).pointee.shape })
    else {
      throw Diagnostic(
        .error, "\(name) = ? asks for the shape of a gradient, and there is no variable it is that of"
      )
      .hinting("dW = ? says what shape the gradient of W must have")
    }
    var lines = ["\(name) must be \(shape), like \(variable)"]
    let products = products(of: shape, factors(beside: name, scopes, networks))
    if products.isEmpty {
      lines.append("no product of two values in scope has that shape")
    } else {
      lines.append("products of that shape:")
      lines += products.prefix(16).map { "  \($0.text)  \($0.left) times \($0.right)" }
      if products.count > 16 { lines.append("  … \(products.count - 16) more") }
    }
    return lines
  }

  private struct Factor {
    let text: String
    let shape: Shape
    let isGradient: Bool
  }

  /// Those with one gradient in them first: the chain rule makes such ones.
  private func products(of shape: Shape, _ factors: [Factor]) -> [(text: String, left: Shape, right: Shape)] {
    var found: [(text: String, left: Shape, right: Shape)] = []
    var others: [(text: String, left: Shape, right: Shape)] = []
    for left in factors where left.shape.rows == shape.rows {
      for right in factors
      where right.shape.rows == left.shape.columns && right.shape.columns == shape.columns {
        let product = ("\(left.text)*\(right.text)", left.shape, right.shape)
        if left.isGradient != right.isGradient { found.append(product) } else { others.append(product) }
      }
    }
    return found + others
  }

  /// Matrices in scope, as they are and transposed.
  private func factors(beside name: String, _ scopes: [Scope], _ networks: NetworkLines) -> [Factor] {
    var factors: [Factor] = []
    var seen: Set<String> = [name]
    func add(_ name: String, _ matrix: Matrix) {
      guard !matrix.isScalar else { return }
      let isGradient =
        GradientName.variable(of: name).map { networks.value($0) != nil || variable($0, in: scopes) != nil }
        ?? false
      factors.append(Factor(text: name, shape: matrix.shape, isGradient: isGradient))
      factors.append(Factor(text: name + "'", shape: matrix.shape.transposed, isGradient: isGradient))
    }
    for (field, matrix) in networks.fields where seen.insert(field).inserted { add(field, matrix) }
    for scope in scopes {
      for variable in variables(of: scope) where seen.insert(variable.name).inserted {
        if case .matrix(let matrix) = place(of: variable).pointee { add(variable.name, matrix) }
      }
    }
    return factors
  }
}
