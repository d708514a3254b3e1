import Testing

import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Mistakes planted in right programs: each has to be named, none may get a wrong cause.
@Suite("The catalogue of mistakes") struct CheckCatalogueTests {
  /// With NNREPL_CAMPAIGN set every line gets every mistake, else each kind of mistake is planted once.
  private static var isCampaign: Bool { getenv("NNREPL_CAMPAIGN") != nil }

  static let networks: [LearnersNetwork] = LearnersNetwork.all.flatMap { network in
    var early = network
    early.dividesLate = false
    var penalised = network
    penalised.hasPenalty = true
    return [network, early]
      + (["tanh, sigmoid", "linear regression"].contains(network.name) ? [penalised] : [])
  }

  @Test(arguments: networks) func rightLinesAreRight(_ network: LearnersNetwork) throws {
    let report = try report(on: network.program(network.gradients))
    #expect(report.isRight, "\(report.text().joined(separator: "\n"))")
    #expect(report.lines.count == network.gradients.count)
  }

  @Test(arguments: networks) func mistakesAreNamed(_ network: LearnersNetwork) throws {
    var labels: Set<String> = []
    for mistake in network.mistakes where Self.isCampaign || labels.insert(mistake.label).inserted {
      var lines = network.gradients
      lines[mistake.line].text = mistake.text
      let report = try report(on: network.program(lines))
      let line = try #require(report.lines.first { $0.gradient == lines[mistake.line].name })
      let names = line.mistakes.map(\.kind)
      let text = "\(network), \(mistake.label): \(report.text().joined(separator: "\n"))"
      #expect(line.verdict == .wrong, "\(text)")
      #expect(!mistake.kinds.isDisjoint(with: names), "\(text)")
      // Nothing else is blamed.
      #expect(report.lines.allSatisfy { $0.gradient == line.gradient || $0.verdict == .right }, "\(text)")
      #expect(report.costFinding == nil, "\(text)")
    }
  }

  /// The same where the layers are those of a network: its fields, or plain names where they mean its gradients.
  @Test(arguments: networks.filter { !$0.hasPenalty && ($0.dividesLate || isCampaign) }, [true, false])
  func fieldsOfNetworksAreJudgedAlike(_ network: LearnersNetwork, withPaths: Bool) throws {
    let right = try report(on: network.programWithNetwork(network.gradients, withPaths: withPaths))
    #expect(
      right.isRight && right.lines.count == network.gradients.count, "\(right.text().joined(separator: "\n"))"
    )
    var labels: Set<String> = []
    for mistake in network.mistakes where Self.isCampaign || labels.insert(mistake.label).inserted {
      var lines = network.gradients
      lines[mistake.line].text = mistake.text
      let program = network.programWithNetwork(lines, withPaths: withPaths)
      let report = try report(on: program)
      let text = "\(network), \(mistake.label):\n\(program)\n\(report.text().joined(separator: "\n"))"
      let wrong = report.lines.filter { $0.verdict != .right }
      #expect(wrong.count == 1, "\(text)")
      let line = try #require(wrong.first, "\(text)")
      #expect(line.gradient == (withPaths ? "net." : "") + lines[mistake.line].name, "\(text)")
      #expect(!mistake.kinds.isDisjoint(with: line.mistakes.map(\.kind)), "\(text)")
      #expect(report.costFinding == nil, "\(text)")
    }
  }

  @Test func aDivisionThatHappensTwiceIsToldByTheSecond() throws {
    let network = LearnersNetwork.all[5]
    var lines = network.gradients
    let place = try #require(lines.firstIndex { $0.name == "dZ1" })
    lines[place].text += "/m"
    let report = try report(on: network.program(lines))
    let wrong = report.lines.filter { $0.verdict == .wrong }
    #expect(wrong.map(\.gradient) == ["dW1", "db1"])
    #expect(wrong.allSatisfy { $0.mistakes.map(\.kind) == [.countExtra] })
    #expect(wrong.first?.mistakes.first?.sentence.contains("it is in dZ1 already") == true)
  }

  private func report(on program: String) throws -> CheckReport {
    let interpreter = try Interpreter(host: MemoryHost())
    let exercise = interpreter.runExercise(Source(name: "exercise.nn", text: program))
    return try #require(exercise.report, "\(exercise.failures.map(\.message))")
  }
}

/// Right programs however they are written: none may be called wrong.
@Suite("Right variants") struct CheckVariantTests {
  /// Other ways to write a line that is right.
  private static func variants(of line: GradientLine, _ network: LearnersNetwork) -> [String] {
    let text = line.text
    var found = [text]
    let k = Int(String(line.name.last ?? "0")) ?? 0
    let input = k == 1 ? "X" : "A\(k - 1)"
    switch line.name.prefix(2) {
    case "dW" where !network.hasPenalty:
      let product = "dZ\(k)*\(input)'"
      let scale = network.dividesLate ? "1/m*" : ""
      found += [
        "\(scale)(\(product))", "(\(input)*dZ\(k)')'\(network.dividesLate ? "/m" : "")", "+\(text)",
        "\(scale)\(product)", "-(-\(text))", "\(text) + 0*W\(k)", "(\(text))*1",
      ]
      if network.dividesLate {
        found += [
          "\(product)/\(network.examples)", "\(product)/columns(X)", "(1/\(network.examples))*\(product)",
          "\(product) ./ m",
        ]
      }
    case "db":
      found += ["sum(\(text), 2)", text.replacing("sum(", with: "1*sum("), "(\(text))"]
      if network.dividesLate {
        found += [
          "mean(dZ\(k), 2)", "1/m*sum(dZ\(k), 2)", "sum(dZ\(k)/m, 2)", "sum(dZ\(k), dim = 2)/m",
          "dZ\(k)*ones(m, 1)/m",
        ]
      }
    case "dZ" where k < network.layers:
      let derivative = network.derivative(k)
      found += [
        "\(derivative) .* (W\(k + 1)'*dZ\(k + 1))", "(W\(k + 1)'*dZ\(k + 1)) .* (\(derivative))",
        "(dZ\(k + 1)'*W\(k + 1))' .* \(derivative)", "(W\(k + 1)'*dZ\(k + 1)) ⊙ (\(derivative))",
      ]
      if network.activations[k - 1] == "tanh" {
        found += [
          "W\(k + 1)'*dZ\(k + 1) .* (1 - tanh(Z\(k)).^2)", "W\(k + 1)'*dZ\(k + 1) .* (1 - A\(k) .* A\(k))",
        ]
      }
      if network.activations[k - 1] == "relu" {
        found += ["W\(k + 1)'*dZ\(k + 1) .* (A\(k) > 0)", "W\(k + 1)'*dZ\(k + 1) .* where(Z\(k) > 0, 1, 0)"]
      }
    case "dW": found.append("lambda/m*W\(k) + dZ\(k)*\(input)'\(network.dividesLate ? "/m" : "")")
    default:
      found += ["(\(text))", "1*(\(text))"]
      if network.dividesLate { found.append("-(\(text.replacing("A\(k) - Y", with: "Y - A\(k)")))") }
    }
    return found
  }

  private static let variants: [(network: LearnersNetwork, line: Int, text: String)] =
    CheckCatalogueTests.networks.flatMap { network in
      network.gradients.enumerated().flatMap { place, line in
        variants(of: line, network).map { (network, place, $0) }
      }
    }

  @Test func thereAreManyAndNoneIsCalledWrong() throws {
    #expect(Self.variants.count >= 500)
    for (network, place, text) in Self.variants {
      var lines = network.gradients
      lines[place].text = text
      let interpreter = try Interpreter(host: MemoryHost())
      let exercise = interpreter.runExercise(Source(name: "exercise.nn", text: network.program(lines)))
      #expect(
        exercise.isRight, "\(network): \(text)\n\(exercise.report?.text().joined(separator: "\n") ?? "")")
    }
  }
}
