import NNLanguage

/// A network with the gradient lines of a learner: right ones, from which mistakes and variants are made.
struct LearnersNetwork: Sendable, CustomStringConvertible {
  let name: String
  /// Features, then the units of each layer.
  let sizes: [Int]
  let activations: [String]
  let cost: Cost
  let examples: Int
  /// Whether dZ waits for its division by m, as in the course.
  var dividesLate = true
  var hasPenalty = false

  enum Cost: Sendable { case bce, crossentropy, mse, half }

  var description: String { name + (dividesLate ? "" : ", early 1/m") + (hasPenalty ? ", L2" : "") }
  var layers: Int { activations.count }

  static let all: [LearnersNetwork] = [
    .init(name: "logistic regression", sizes: [3, 1], activations: ["sigmoid"], cost: .bce, examples: 6),
    .init(
      name: "softmax regression", sizes: [3, 4], activations: ["softmax"], cost: .crossentropy, examples: 7),
    .init(name: "linear regression", sizes: [3, 1], activations: ["linear"], cost: .mse, examples: 6),
    .init(name: "half squares", sizes: [3, 2], activations: ["linear"], cost: .half, examples: 6),
    .init(name: "xor", sizes: [2, 4, 1], activations: ["tanh", "sigmoid"], cost: .bce, examples: 4),
    .init(
      name: "tanh, sigmoid", sizes: [3, 4, 1], activations: ["tanh", "sigmoid"], cost: .bce, examples: 7),
    .init(
      name: "two sigmoids", sizes: [3, 4, 1], activations: ["sigmoid", "sigmoid"], cost: .bce, examples: 7),
    .init(
      name: "relu, softmax", sizes: [3, 5, 4], activations: ["relu", "softmax"], cost: .crossentropy,
      examples: 7),
    .init(name: "tanh, linear", sizes: [3, 4, 2], activations: ["tanh", "linear"], cost: .mse, examples: 6),
    .init(
      name: "squares of sigmoids", sizes: [3, 4, 2], activations: ["tanh", "sigmoid"], cost: .half,
      examples: 6),
    .init(
      name: "three layers", sizes: [3, 5, 4, 1], activations: ["relu", "tanh", "sigmoid"], cost: .bce,
      examples: 7),
    .init(
      name: "four layers", sizes: [3, 5, 4, 6, 2], activations: ["relu", "tanh", "sigmoid", "softmax"],
      cost: .crossentropy, examples: 7),
    .init(
      name: "all sizes alike", sizes: [4, 4, 4], activations: ["tanh", "softmax"], cost: .crossentropy,
      examples: 4),
  ]

  // MARK: The program

  /// Everything up to the cost.
  var forward: [String] {
    var lines = ["seed(3)", "X = randn(\(sizes[0]), \(examples))", data, "m = columns(X)"]
    if hasPenalty { lines.append("lambda = 0.7") }
    var input = "X"
    for k in 1...layers {
      lines.append("param W\(k) = randn(\(sizes[k]), \(sizes[k - 1])); param b\(k) = randn(\(sizes[k]), 1)")
    }
    for (k, activation) in zip(1..., activations) {
      lines.append("Z\(k) = W\(k)*\(input) + b\(k)")
      lines.append(activation == "linear" ? "A\(k) = 1*Z\(k)" : "A\(k) = \(activation)(Z\(k))")
      input = "A\(k)"
    }
    return lines + ["J = \(costText)"]
  }

  private var data: String {
    let outputs = sizes[layers]
    return switch cost {
    case .bce: "Y = round(rand(\(outputs), \(examples)))"
    case .crossentropy: "Y = onehot(randint(1, \(outputs), 1, \(examples)), \(outputs))"
    case .mse, .half: "Y = randn(\(outputs), \(examples))"
    }
  }

  private var costText: String {
    let output = "A\(layers)"
    let cost =
      switch cost {
      case .bce: "bce(\(output), Y)"
      case .crossentropy: "crossentropy(\(output), Y)"
      case .mse: "mse(\(output), Y)"
      case .half: "sum((\(output) - Y).^2)/(2*m)"
      }
    if !hasPenalty { return cost }
    return cost + " + lambda/(2*m)*(" + (1...layers).map { "sum(W\($0).^2)" }.joined(separator: " + ") + ")"
  }

  /// The right lines, in the order of the backward pass.
  var gradients: [GradientLine] {
    let late = dividesLate ? "/m" : ""
    var lines = [GradientLine("dZ\(layers)", outputGradient)]
    for k in stride(from: layers, through: 1, by: -1) {
      let penalty = hasPenalty ? " + lambda/m*W\(k)" : ""
      lines.append(GradientLine("dW\(k)", "dZ\(k)*\(k == 1 ? "X" : "A\(k - 1)")'\(late)\(penalty)"))
      lines.append(GradientLine("db\(k)", "sum(dZ\(k), 2)\(late)"))
      if k > 1 { lines.append(GradientLine("dZ\(k - 1)", "W\(k)'*dZ\(k) .* \(derivative(k - 1))")) }
    }
    return lines
  }

  private var outputGradient: String {
    var text = cost == .mse ? "2*(A\(layers) - Y)" : "A\(layers) - Y"
    if (cost == .mse || cost == .half), activations[layers - 1] != "linear" {
      text = "(\(text)) .* \(derivative(layers))"
    }
    return dividesLate ? text : "(\(text))/m"
  }

  func derivative(_ k: Int, of activation: String? = nil) -> String {
    switch activation ?? activations[k - 1] {
    case "tanh": "(1 - A\(k).^2)"
    case "sigmoid": "A\(k) .* (1 - A\(k))"
    default: "(Z\(k) > 0)"
    }
  }

  /// The program with one of its gradient lines replaced.
  func program(_ lines: [GradientLine]) -> String {
    (forward + lines.map { "\($0.name) = \($0.text)" }).joined(separator: "\n")
  }
}

extension LearnersNetwork {
  /// The same network as a value; the lines read its fields.
  ///
  /// - Parameter withPaths: whether gradients are fields too: `net.dW1` instead of `dW1`.
  func programWithNetwork(_ lines: [GradientLine], withPaths: Bool) -> String {
    let dense = zip(1..., activations).map { k, activation in
      "dense(\(sizes[k - 1]), \(sizes[k])\(activation == "linear" ? "" : ", " + activation))"
    }
    let setup = forward.filter { line in
      !line.hasPrefix("param") && !line.hasPrefix("J") && line.firstMatch(of: /^[ZA][0-9]/) == nil
    }
    let run = ["net = network(\(dense.joined(separator: ", ")))", "out = forward(net, X)"]
    let cost = "J = " + costText.replacing("A\(layers)", with: "out")
    let gradients = lines.map { line in
      "\(line.name) = \(line.text)".replacing(/\bd?[WbZA][0-9]\b/) { match in
        match.output.hasPrefix("d") && !withPaths ? String(match.output) : "net.\(match.output)"
      }
    }
    return (setup + run + [cost] + gradients).joined(separator: "\n")
  }
}

struct GradientLine: Sendable, Equatable {
  let name: String
  var text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// A mistake planted in one line.
struct PlantedMistake: Sendable {
  let line: Int
  let text: String
  /// What it may be called.
  let kinds: Set<Mistake.Kind>
  let label: String
}

extension LearnersNetwork {
  /// One of each mistake for every line that can have it.
  var mistakes: [PlantedMistake] {
    gradients.enumerated().flatMap { place, line -> [PlantedMistake] in
      let k = Int(String(line.name.last ?? "0")) ?? 0
      let found: [(String, Set<Mistake.Kind>, String)]
      switch line.name.prefix(2) {
      case "dW": found = weightMistakes(line.text, k)
      case "db": found = biasMistakes(line.text, k)
      default: found = k == layers ? outputMistakes(line.text, k) : hiddenMistakes(line.text, k)
      }
      return found.filter { $0.0 != line.text }.map {
        PlantedMistake(line: place, text: $0.0, kinds: $0.1, label: $0.2)
      }
    }
  }

  private func weightMistakes(_ text: String, _ k: Int) -> [(String, Set<Mistake.Kind>, String)] {
    let input = k == 1 ? "X" : "A\(k - 1)"
    let product = "dZ\(k)*\(input)'"
    func with(_ other: String) -> String { text.replacing(product, with: other) }
    var found: [(String, Set<Mistake.Kind>, String)] = [
      (with("dZ\(k)*\(input)"), [.transposeMissing], "no transpose"),
      (with("dZ\(k) .* \(input)"), [.elementwiseForProduct], ".* for *"),
      (with("\(input)*dZ\(k)'"), [.transposed], "transposed"),
      (with("dZ\(k)"), [.inputMissing], "no input"),
      (with("dZ\(k)*A\(k)'"), [.wrongLayer, .wrongName], "another layer's input"),
      (with("-\(product)"), [.sign], "sign"),
    ]
    if k > 1 { found.append((with("dZ\(k)*Z\(k - 1)'"), [.beforeForAfterActivation], "Z for A")) }
    if dividesLate {
      found.append((text.replacing(product + "/m", with: product), [.countMissing], "no 1/m"))
    } else {
      found.append((with(product + "/m"), [.countExtra], "1/m twice"))
    }
    if hasPenalty {
      found += [
        (
          String(text.prefix(upTo: text.firstRange(of: " + lambda")?.lowerBound ?? text.endIndex)),
          [.termMissing], "no penalty"
        ),
        (text.replacing(" + lambda", with: " - lambda"), [.sign], "penalty's sign"),
        (text.replacing("lambda/m", with: "lambda"), [.countMissing], "penalty without 1/m"),
        (text.replacing("lambda/m", with: "2*lambda/m"), [.factor], "penalty twice"),
      ]
    }
    return found
  }

  private func biasMistakes(_ text: String, _ k: Int) -> [(String, Set<Mistake.Kind>, String)] {
    var found: [(String, Set<Mistake.Kind>, String)] = [
      (text.replacing(", 2)", with: ", 1)"), [.sumAxis], "axis"),
      (text.replacing("sum(dZ\(k), 2)", with: "dZ\(k)"), [.sumMissing], "no sum"),
      (text.replacing("dZ\(k)", with: "dW\(k)"), [.wrongName], "dW for dZ"),
    ]
    if dividesLate { found.append((text.replacing("/m", with: ""), [.countMissing], "no 1/m")) }
    return found
  }

  private func hiddenMistakes(_ text: String, _ k: Int) -> [(String, Set<Mistake.Kind>, String)] {
    let product = "W\(k + 1)'*dZ\(k + 1)"
    func with(_ other: String) -> String { text.replacing(product, with: other) }
    var found: [(String, Set<Mistake.Kind>, String)] = [
      (with("W\(k + 1)*dZ\(k + 1)"), [.transposeMissing], "no transpose"),
      (with("dW\(k + 1)'*dZ\(k + 1)"), [.gradientForValue], "dW for W"),
      (with("W\(k + 1)' .* dZ\(k + 1)"), [.elementwiseForProduct], ".* for *"),
      (with("W\(k)'*dZ\(k + 1)"), [.wrongLayer], "another layer's W"),
      (with("W\(k + 1)'*A\(k + 1)"), [.wrongName], "A for dZ"),
      (text.replacing(product + " .* ", with: product + " * "), [.productForElementwise], "* for .*"),
      (product, [.derivativeMissing], "no derivative"),
      ("-" + text, [.sign], "sign"),
    ]
    for other in ["tanh", "sigmoid", "relu"] where other != activations[k - 1] {
      found.append(
        ("\(product) .* \(derivative(k, of: other))", [.derivativeWrong], "derivative of \(other)"))
    }
    if activations[k - 1] == "tanh" {
      found.append((text.replacing("A\(k).^2", with: "Z\(k).^2"), [.beforeForAfterActivation], "Z for A"))
    }
    if !dividesLate { found.append((text + "/m", [.countExtra], "1/m twice")) }
    return found
  }

  private func outputMistakes(_ text: String, _ k: Int) -> [(String, Set<Mistake.Kind>, String)] {
    var found: [(String, Set<Mistake.Kind>, String)] = [
      (text.replacing("A\(k) - Y", with: "Y - A\(k)"), [.sign], "sign")
    ]
    if activations[k - 1] != "linear" {
      found.append((text.replacing("A\(k) - Y", with: "Z\(k) - Y"), [.beforeForAfterActivation], "Z for A"))
    }
    if cost == .bce {
      let whole = text.hasPrefix("(") ? text : "(\(text))"
      found.append(("\(whole) .* A\(k) .* (1 - A\(k))", [.derivativeExtra], "derivative twice"))
    }
    if cost == .mse {
      found.append((text.replacing("2*(", with: "("), [.factor], "no 2"))
    } else {
      found.append(("2*(\(text))", [.factor], "2 too many"))
    }
    return found
  }
}
