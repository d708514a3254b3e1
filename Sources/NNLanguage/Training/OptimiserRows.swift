import NNCore

extension Builtins {
  static let optimiserRows: [Builtin] = optimisers + schedules

  private static let optimisers: [Builtin] = [
    optimiser(
      "sgd", "rate = 0.01, weight_decay = 0", "Gradient descent, P = P - rate*dP.", example: "sgd(0.5)"
    ) { call throws(Diagnostic) in SGD(weightDecay: try call.decay(1)) },
    optimiser(
      "momentum", "rate = 0.01, beta = 0.9, weight_decay = 0",
      "Gradient descent with momentum: v = beta*v + dP; P = P - rate*v.", example: "momentum(0.1)"
    ) { call throws(Diagnostic) in Momentum(beta: try call.part(1), weightDecay: try call.decay(2)) },
    optimiser(
      "nesterov", "rate = 0.01, beta = 0.9, weight_decay = 0",
      "Momentum that looks ahead: v = beta*v + dP; P = P - rate*(dP + beta*v).", example: "nesterov(0.1)"
    ) { call throws(Diagnostic) in Nesterov(beta: try call.part(1), weightDecay: try call.decay(2)) },
    optimiser(
      "adagrad", "rate = 0.01, epsilon = 1e-10, weight_decay = 0",
      "Steps that shrink where gradients have been large: s = s + dP.^2; P = P - rate*dP./(sqrt(s) + epsilon).",
      example: "adagrad(0.1)"
    ) { call throws(Diagnostic) in
      AdaGrad(epsilon: try call.positive(1), weightDecay: try call.decay(2))
    },
    optimiser(
      "rmsprop", "rate = 0.01, beta = 0.99, epsilon = 1e-8, weight_decay = 0",
      "Steps measured by recent gradients: s = beta*s + (1 - beta)*dP.^2; P = P - rate*dP./(sqrt(s) + epsilon).",
      example: "rmsprop(0.001)"
    ) { call throws(Diagnostic) in
      RMSProp(
        beta: try call.part(1), epsilon: try call.positive(2), weightDecay: try call.decay(3))
    },
    optimiser(
      "adam", "rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0",
      "Moving means of the gradient and of its square, both corrected for starting at 0.",
      example: "adam(0.01)"
    ) { call throws(Diagnostic) in Adam(moments: try call.moments(), weightDecay: try call.decay(4)) },
    optimiser(
      "adamw", "rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.01",
      "Adam with weight decay applied to the params themselves, not through the gradient.",
      example: "adamw(0.01)"
    ) { call throws(Diagnostic) in AdamW(moments: try call.moments(), weightDecay: try call.decay(4)) },
  ]

  private static let schedules: [Builtin] = [
    Builtin(
      "stepwise", "rate, every, factor = 0.1", .networks,
      summary: "A learning rate that is multiplied by a factor after every so many steps.",
      details: "In step k it is rate*factor^floor((k - 1)/every).", example: "sgd(stepwise(0.5, 100))",
      related: ["cosine", "sgd", "adam"]
    ) { call throws(Diagnostic) in
      let rate = try call.rate(0)
      let every = try call.integer(1, in: 1...Int(Int32.max))
      return .object(
        ScheduleValue(.stepwise(rate, every: every, factor: try call.part(2, upTo: .infinity))))
    },
    Builtin(
      "cosine", "rate, steps, end = 0", .networks,
      summary: "A learning rate that falls to its end along half a cosine wave.",
      details:
        "In step k it is end + (rate - end)*(1 + cos(pi*(k - 1)/steps))/2, and end after that many steps.",
      example: "adam(cosine(0.01, 1000))", related: ["stepwise", "sgd", "adam"]
    ) { call throws(Diagnostic) in
      let rate = try call.rate(0)
      let steps = try call.integer(1, in: 1...Int(Int32.max))
      return .object(ScheduleValue(.cosine(rate, steps: steps, end: try call.rate(2))))
    },
  ]

  static let optimiserNames = Set(optimisers.map(\.name))

  /// A row for an optimiser; every one takes `clip` as its last parameter.
  private static func optimiser(
    _ name: String, _ parameters: String, _ summary: String, example: String,
    rule: @escaping @Sendable (Call) throws(Diagnostic) -> any Optimiser
  ) -> Builtin {
    let clip = parameters.split(separator: ",").count
    return Builtin(
      name, parameters + ", clip = inf", .networks, summary: summary,
      details: """
        rate is a number, a schedule (stepwise, cosine) or a function of the step's number, from 1.
        weight_decay pulls params towards 0; clip is the most that the norm of all gradients together may be.
        """,
      example: example,
      related: ["step", "train"] + ["sgd", "momentum", "adam"].filter { $0 != name }
    ) { call throws(Diagnostic) in
      let made = try rule(call)
      let rate = try call.learningRate(0)
      let bound = try call.isGiven(clip) ? call.bound(clip) : nil
      return .object(OptimiserValue(made, rate: rate, clip: bound))
    }
  }
}

extension Call {
  /// A learning rate: finite and not negative.
  func rate(_ index: Int) throws(Diagnostic) -> Scalar {
    let rate = try numberOrDefault(index)
    try LearningRate.check(rate) { labelling($0, index) }
    return rate
  }

  func learningRate(_ index: Int) throws(Diagnostic) -> LearningRate {
    guard isGiven(index) else { return .schedule(.constant(try rate(index))) }
    switch self[index] {
    case .function(let function): return .function(function)
    case .object(let object as ScheduleValue): return .schedule(object.schedule)
    default:
      guard self[index].number != nil else {
        throw wrong(index, wanted: "a number, a schedule or a function")
      }
      return .schedule(.constant(try rate(index)))
    }
  }

  /// A number from 0 up to, but not reaching, `limit`.
  fileprivate func part(_ index: Int, upTo limit: Scalar = 1) throws(Diagnostic) -> Scalar {
    let number = try numberOrDefault(index)
    if number >= 0, number < limit { return number }
    let wanted = limit == 1 ? "from 0 to less than 1" : "finite and not negative"
    throw labelling(
      fail("\(builtin.parameters[index].name) must be \(wanted), and this is \(text(number))"), index)
  }

  fileprivate func decay(_ index: Int) throws(Diagnostic) -> Scalar {
    try part(index, upTo: .infinity)
  }

  fileprivate func positive(_ index: Int) throws(Diagnostic) -> Scalar {
    let number = try part(index, upTo: .infinity)
    if number > 0 { return number }
    throw labelling(fail("\(builtin.parameters[index].name) must be more than 0"), index)
  }

  fileprivate func bound(_ index: Int) throws(Diagnostic) -> Scalar? {
    let number = try number(index)
    if number == .infinity { return nil }
    guard number > 0 else {
      throw labelling(fail("clip must be more than 0, and this is \(text(number))"), index)
    }
    return number
  }

  fileprivate func moments() throws(Diagnostic) -> Moments {
    Moments(beta1: try part(1), beta2: try part(2), epsilon: try positive(3))
  }

  /// A number as messages write it.
  func text(_ number: Scalar) -> String { machine.display.text(number) }

  /// An optimiser, or a number as plain gradient descent.
  func optimiser(_ index: Int) throws(Diagnostic) -> OptimiserValue {
    switch self[index] {
    case .object(let object as OptimiserValue): return object
    case .object(let object as ScheduleValue): return OptimiserValue(SGD(), rate: .schedule(object.schedule))
    default:
      guard self[index].number != nil else {
        var hint: String?
        if case .function(let function) = self[index], case .builtin = function.body {
          hint = "\(function.name)(0.01) makes one"
        }
        throw wrong(index, wanted: "a learning rate or an optimiser such as adam(0.01)").hinting(hint)
      }
      return OptimiserValue(rate: try rate(index))
    }
  }
}

extension LearningRate {
  static func check(_ rate: Scalar, _ place: (Diagnostic) -> Diagnostic = { $0 }) throws(Diagnostic) {
    if rate >= 0, rate.isFinite { return }
    let text = DisplaySettings().text(rate)
    throw place(
      Diagnostic(.error, "the learning rate must be finite and not negative, and this is \(text)")
        .hinting(rate < 0 ? "a step goes against the gradient by itself: P = P - rate*dP" : nil))
  }

  /// The rate of a step, counted from 1.
  func rate(ofStep step: Int, in machine: Machine) throws(Diagnostic) -> Scalar {
    switch self {
    case .schedule(let schedule): return schedule.rate(ofStep: step)
    case .function(let function):
      let result = try machine.call(function, [.number(Scalar(step))])
      guard let rate = result.number else {
        throw Diagnostic(
          .error, "a learning rate is a number, and \(function.name)(\(step)) is \(result.kindWithArticle)")
      }
      try Self.check(rate)
      return rate
    }
  }
}
