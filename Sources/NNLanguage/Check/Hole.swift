import NNCore

// `dW1 = ?`: what the gradient must look like, and what could be multiplied to look so. Which of it is right, the
// learner finds out.
extension Machine {
  /// The answer to a hole, in lines.
  func answerHole(_ name: String) throws(Diagnostic) -> [String] {
    let scopes = callingScopes
    guard let variable = GradientName.variable(of: name), let reference = self.variable(variable, in: scopes),
      let shape = place(of: reference).pointee.shape
    else {
      throw Diagnostic(
        .error, "\(name) = ? asks for the shape of a gradient, and there is no variable it is that of"
      )
      .hinting("dW = ? says what shape the gradient of W must have")
    }
    var lines = ["\(name) must be \(shape), like \(variable)"]
    let products = products(of: shape, beside: name, scopes)
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
  }

  private func products(of shape: Shape, beside name: String, _ scopes: [Scope]) -> [(
    text: String, left: Shape, right: Shape
  )] {
    let factors = factors(beside: name, scopes)
    var found: [(text: String, left: Shape, right: Shape)] = []
    for left in factors where left.shape.rows == shape.rows {
      for right in factors
      where right.shape.rows == left.shape.columns && right.shape.columns == shape.columns {
        found.append(("\(left.text)*\(right.text)", left.shape, right.shape))
      }
    }
    return found
  }

  /// Matrices in scope, as they are and transposed: first what depends on params and its gradients, then data.
  private func factors(beside name: String, _ scopes: [Scope]) -> [Factor] {
    var factors: [Factor] = []
    var seen: Set<String> = [name]
    for scope in scopes {
      for variable in variables(of: scope) where seen.insert(variable.name).inserted {
        guard case .matrix(let matrix) = place(of: variable).pointee, !matrix.isScalar else { continue }
        factors.append(Factor(text: variable.name, shape: matrix.shape))
        factors.append(Factor(text: variable.name + "'", shape: matrix.shape.transposed))
      }
    }
    return factors
  }
}
