/// How weights begin: normal numbers whose spread fits the layer's size.
package enum Initialiser: Sendable {
  /// Variance 2/inputs, for layers that let half of what comes in through (He et al. 2015).
  case he
  /// Variance 2/(inputs + outputs), for the others (Glorot and Bengio 2010).
  case xavier

  /// The standard deviation of a weight.
  ///
  /// - Parameter shape: outputs × inputs.
  package func deviation(_ shape: Shape) -> Scalar {
    switch self {
    case .he: (2 / Scalar(max(1, shape.columns))).squareRoot()
    case .xavier: (2 / Scalar(max(1, shape.rows + shape.columns))).squareRoot()
    }
  }

  /// Weights of a layer, drawn row by row.
  package func draw(_ shape: Shape, from random: inout RandomStream, in resources: Resources)
    throws(CoreError)
    -> Matrix
  {
    let weights = try random.normal(shape, in: resources)
    let deviation = deviation(shape)
    for k in 0..<shape.count { weights.mutablePointer[k] *= deviation }
    return weights
  }
}
