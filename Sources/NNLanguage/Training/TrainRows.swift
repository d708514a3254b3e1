import NNCore

extension Builtins {
  static let trainRows: [Builtin] = [
    Builtin(
      "train",
      "net, X, Y, loss?, optimizer?, epochs = 100, batch = 32, validation?, patience?, seed?, progress = true",
      .networks,
      forms:
        "train(net, X, Y); history = train(net, X, Y, loss = bce, optimizer = adam(0.01), epochs = 200, batch = 32)",
      summary: "Trains a network on examples: batches in random order, a step for each, so many epochs.",
      shapes: "X features×examples, Y outputs×examples",
      details: """
        loss is any cost of A and Y; without it bce after sigmoid, crossentropy after softmax, else mse. optimizer is one or a
        rate; without it adam(0.001). validation = list(Xv, Yv) is looked at after each epoch. patience = 10 ends training after
        so many epochs without a better cost (of the validation, if there is one) and goes back to the best params.
        The history has cost, accuracy, validation_cost and validation_accuracy, 1×epochs each. seed makes runs the same.
        An interrupt keeps the finished steps and returns the history so far.
        """,
      example:
        "seed(1); X, Y = xor(); net = network([2, 4, 1], tanh, sigmoid); h = train(net, X, Y, optimizer = adam(0.1))",
      related: ["network", "adam", "predict", "accuracy"], body: train)
  ]

  private static func train(_ call: Call) throws(Diagnostic) -> Value {
    let network = try call.networkArgument(0)
    let inputs = try call.examples(of: network.inputCount, 1, "features")
    let outputs = try call.examples(of: network.outputCount, 2, "outputs")
    try call.checkPair(inputs, outputs, 2)
    guard inputs.columns > 0 else { throw call.fail("there are no examples") }
    var settings = Trainer.Settings(
      loss: try call.isGiven(3) ? call.loss() : network.usualLoss,
      optimiser: try call.isGiven(4)
        ? call.optimiser(4) : OptimiserValue(Adam(), rate: .schedule(.constant(0.001))))
    settings.epochs = try call.integer(5, default: 100, in: 0...Int(Int32.max))
    settings.batch = try call.integer(6, default: 32, in: 1...Int.max)
    settings.validation = try call.validation(network)
    settings.patience = try call.isGiven(8) ? call.integer(8, in: 1...Int(Int32.max)) : nil
    if call.isGiven(9) {
      call.machine.seed = try call.seed(9)
      call.machine.random = RandomStream(seed: call.machine.seed)
    }
    settings.showsProgress = try call.truth(10, default: true)
    call.machine.trainings += 1
    return .object(
      try network.moving { () throws(Diagnostic) in
        try Trainer(network, inputs, outputs, settings, call.machine).run()
      })
  }
}

extension Network {
  /// The cost that goes with what the network puts out.
  var usualLoss: Function {
    let name =
      switch outputFunction?.operation {
      case .sigmoid?: "bce"
      case .softmax?: "crossentropy"
      default: "mse"
      }
    return Builtins.function(Builtins.index(of: name) ?? 0)
  }
}

extension Call {
  /// The cost to train by: a function of what the network makes and of the answers.
  fileprivate func loss() throws(Diagnostic) -> Function {
    if case .object(let object) = self[3], object is OptimiserValue {
      throw wrong(3, wanted: "a function such as bce").hinting("optimizer = \(brief(3))")
    }
    let function = try function(3)
    let takesTwo: Bool
    switch function.body {
    case .builtin(let index):
      let builtin = Builtins.table[index]
      if Builtins.optimiserNames.contains(builtin.name) {
        throw labelling(fail("\(builtin.name) makes an optimiser, and here stands the loss"), 3)
          .hinting("optimizer = \(builtin.name)(0.01)")
      }
      takesTwo = builtin.requiredCount <= 2 && (builtin.takesMore || builtin.parameters.count >= 2)
    case .user(let code): takesTwo = code.requiredParameters <= 2 && code.parameters.count >= 2
    }
    if takesTwo { return function }
    throw labelling(fail("loss is a function of A and Y, and \(phrase(3)) does not take two arguments"), 3)
      .hinting("such as bce, or (A, Y) -> mean((A - Y).^2)")
  }

  /// Examples as plain data, with so many rows.
  fileprivate func examples(of rows: Int, _ index: Int, _ what: String) throws(Diagnostic) -> Matrix {
    try examples(in: try matrix(index), of: rows, index, what)
  }

  private func examples(in matrix: Matrix, of rows: Int, _ index: Int, _ what: String) throws(Diagnostic)
    -> Matrix
  {
    guard matrix.rows == rows else {
      let error = fail(
        "the network has \(machine.plural(rows, String(what.dropLast()))), and \(phrase(index)) is \(matrix.shape)"
      )
      throw labelling(error, index).hinting("columns are examples, rows \(what)")
    }
    if matrix.storage.node == .none { return matrix }
    return try core { () throws(CoreError) in try matrix.copy(in: resources) }
  }

  fileprivate func checkPair(_ inputs: Matrix, _ outputs: Matrix, _ index: Int) throws(Diagnostic) {
    if inputs.columns == outputs.columns { return }
    throw labelling(
      fail(
        "there are \(inputs.columns) examples to learn from and \(outputs.columns) answers; columns are examples"
      ), index)
  }

  fileprivate func validation(_ network: Network) throws(Diagnostic) -> (inputs: Matrix, outputs: Matrix)? {
    guard isGiven(7) else { return nil }
    let list = try list(7).elements
    guard list.count == 2, case .matrix(let x) = list[0], case .matrix(let y) = list[1] else {
      throw wrong(7, wanted: "list(X, Y)")
    }
    let inputs = try examples(in: x, of: network.inputCount, 7, "features")
    let outputs = try examples(in: y, of: network.outputCount, 7, "outputs")
    try checkPair(inputs, outputs, 7)
    return (inputs, outputs)
  }
}
