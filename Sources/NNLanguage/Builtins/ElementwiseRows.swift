import NNCore

extension Builtins {
  static let elementwiseRows: [Builtin] =
    [
      OperationID.abs, .sign, .sqrt, .exp, .log, .log2, .log10, .sin, .cos, .tan, .asin, .acos, .atan, .sinh,
      .cosh, .tanh, .erf, .floor, .ceil, .round, .isnan, .isinf,
      .isfinite,
    ].map { .operation($0, "x", .elementwise) }
    + [
      .operation(.modulo, "a, b", .elementwise),
      .operation(.atan2, "y, x", .elementwise),
      .operation(.clip, "x, low, high", .elementwise),
      .operation(.choose, "mask, A, B", .elementwise),
    ]

  static let activationRows: [Builtin] =
    [OperationID.sigmoid, .relu, .softplus, .gelu].map { .operation($0, "x", .activations) }
    + [
      .operation(.leakyRelu, "x, slope = 0.01", .activations) { call throws(Diagnostic) in
        try withSetting(.leakyRelu, 0.01, call)
      },
      .operation(.elu, "x, alpha = 1", .activations) { call throws(Diagnostic) in
        try withSetting(.elu, 1, call)
      },
      .operation(.softmax, "Z", .activations),
      .operation(.logSumExp, "Z, dim = 1", .activations) { call throws(Diagnostic) in
        try call.apply(.logSumExp, Attributes(call.isGiven(1) ? try call.dimension(1) : 1), 0)
      },
    ]

  static let costRows: [Builtin] = [
    .operation(.meanSquaredError, "A, Y", .costs),
    .operation(.binaryCrossEntropy, "A, Y", .costs),
    .operation(.crossEntropy, "A, Y", .costs),
  ]

  private static func withSetting(_ id: OperationID, _ value: Scalar, _ call: Call) throws(Diagnostic)
    -> Value
  {
    let setting = call.isGiven(1) ? call.traced(1) : TracedValue(value: .number(value))
    return try call.machine.apply(id, .none, [call.traced(0), setting])
  }
}
