import Testing

@testable import NNCore

@Suite("Derivative rules")
struct RuleTests {
  /// Operations whose result does not change, or jumps, as the operands change a little.
  static let flat: Set<OperationID> = [
    .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .and, .or, .not, .sign, .floor, .ceil,
    .round,
    .isnan, .isinf, .isfinite, .any, .all, .argmax, .argmin, .sortedPlaces,
  ]

  @Test("every row has a rule or is flat", arguments: OperationID.allCases)
  func completeness(id: OperationID) {
    #expect((Operation[id].derivative == nil) == Self.flat.contains(id))
  }

  @Test("every rule agrees with differences, in all shapes, twice", arguments: OperationID.allCases)
  func agreement(id: OperationID) throws {
    let row = Operation[id]
    if row.derivative == nil { return }
    for test in GradientCase.all(for: row) {
      let failures = try GradientCheck().failures(row, test)
      #expect(failures.isEmpty, "\(failures.prefix(4).joined(separator: "; "))")
    }
  }
}

/// Rules with mistakes in them: the loop above must find every one.
@Suite("Planted mistakes")
struct PlantedMistakeTests {
  typealias Mistake = @Sendable (Derivative) -> Derivative

  typealias Change = @Sendable (_ gradient: Expression, _ x: Expression) -> Expression

  /// The rule with every gradient changed.
  static func changed(_ rule: Derivative, _ change: @escaping Change) -> Derivative {
    switch rule {
    case .unary(let f):
      return .unary { y, x, dy in change(f(y, x, dy), x) }
    case .binary(let f, let g):
      var (left, right): (Derivative.Binary?, Derivative.Binary?) = (nil, nil)
      if let f { left = { y, a, b, dy in change(f(y, a, b, dy), a) } }
      if let g { right = { y, a, b, dy in change(g(y, a, b, dy), b) } }
      return .binary(left, right)
    case .each(let f):
      return .each { y, x, dy, k in
        guard let gradient = f(y, x, dy, k) else { return nil }
        return change(gradient, x[k])
      }
    }
  }

  static let mistakes: [(name: String, mistake: Mistake)] = [
    ("a flipped sign", { changed($0) { gradient, _ in -gradient } }),
    ("a factor 1 + 1e-6", { changed($0) { gradient, _ in (1 + 1e-6) .* gradient } }),
    ("a term too much", { changed($0) { gradient, x in gradient + 1e-4 .* x.abs.summed(to: .scalar) } }),
  ]

  @Test("a mistake in any rule is found", arguments: OperationID.allCases, mistakes.indices)
  func found(id: OperationID, index: Int) throws {
    let row = Operation[id]
    guard let rule = row.derivative else { return }
    var check = GradientCheck()
    check.rules[Int(id.rawValue)] = Self.mistakes[index].mistake(rule)
    let isFound = try GradientCase.all(for: row).contains { try !check.failures(row, $0).isEmpty }
    #expect(isFound, "\(Self.mistakes[index].name) in \(row.name) went unnoticed")
  }

  /// A rule that takes a part of the gradient instead of summing over what was stretched.
  @Test(
    "a missing sum over what was stretched is found",
    arguments: [OperationID.add, .multiply, .divide, .atan2])
  func missingSum(id: OperationID) throws {
    let row = Operation[id]
    var check = GradientCheck()
    let rule = try present(row.derivative)
    check.rules[Int(id.rawValue)] = Self.changed(rule) { gradient, x in
      gradient.indexed(gradient.range(0, x.rows), gradient.range(0, x.columns))
    }
    let stretched = GradientCase.all(for: row).filter { $0.shapes[0] != $0.shapes[1] }
    for test in stretched {
      let failures = try check.failures(row, test)
      #expect(!failures.isEmpty, "unnoticed for \(test)")
    }
  }

  /// Rules of several terms with one of them dropped.
  static let dropped: [(OperationID, Derivative)] = [
    (.softmax, .unary { y, x, dy in y .* dy }),
    (.tanh, .unary { y, x, dy in dy }),
    (.sigmoid, .unary { y, x, dy in dy .* y }),
    (.variance, .unary { y, x, dy in 2 .* dy .* x ./ Rules.depth(x, y) }),
    (.gelu, .unary { y, x, dy in dy .* (1 + (x ./ x.number(2).sqrt).apply(.erf)) ./ 2 }),
    (.prod, .unary { y, x, dy in dy .* y }),
    (.matrixPower, .unary { y, x, dy in Scalar(y.attributes.first) .* dy }),
    (.solve, .binary({ y, a, b, dy in -(dy * y.T) }, Rules.solveRight)),
    (.binaryCrossEntropy, .binary({ j, a, y, dj in -(dj .* (y ./ a)) ./ Rules.examples(a) }, nil)),
  ]

  @Test("a dropped term is found", arguments: dropped.indices)
  func droppedTerm(index: Int) throws {
    let (id, rule) = Self.dropped[index]
    let row = Operation[id]
    var check = GradientCheck()
    check.rules[Int(id.rawValue)] = rule
    let isFound = try GradientCase.all(for: row).contains { try !check.failures(row, $0).isEmpty }
    #expect(isFound, "a dropped term in \(row.name) went unnoticed")
  }
}
