extension Operation {
  /// The rows of all operations, in the order of `OperationID`.
  package static let table: [Operation] =
    [arithmetic, comparisons, activationsOfTwo, choices, signs, elementary, rounding, activations]
    .flatMap { $0 } + [products, reductions, shaping, distributions, costs].flatMap { $0 }
}
