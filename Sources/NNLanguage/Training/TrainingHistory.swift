import NNCore

/// What `train` returns: a number for each epoch.
final class TrainingHistory: Object {
  struct Series {
    let name: String
    let measure: EpochResult.Measure
    var numbers: [Scalar] = []

    init(name: String, of measure: EpochResult.Measure) {
      self.name = name
      self.measure = measure
    }
  }

  private(set) var series: [Series]
  private let resources: Resources
  /// Why training ended before its last epoch; empty where it did not.
  var ending = ""

  init(hasAccuracy: Bool, hasValidation: Bool, in resources: Resources) {
    series = [Series(name: "cost", of: .cost)]
    if hasAccuracy { series.append(Series(name: "accuracy", of: .accuracy)) }
    if hasValidation { series.append(Series(name: "validation_cost", of: .validationCost)) }
    if hasValidation, hasAccuracy {
      series.append(Series(name: "validation_accuracy", of: .validationAccuracy))
    }
    self.resources = resources
    super.init()
  }

  func append(_ epoch: EpochResult) {
    for index in series.indices { series[index].numbers.append(epoch[series[index].measure]) }
  }

  var epochs: Int { series[0].numbers.count }

  override var kindWithArticle: String { "a training history" }
  override var fieldNames: [String] { series.map(\.name) + ["epochs"] }

  override func field(_ name: String) -> Value? {
    if name == "epochs" { return .number(Scalar(epochs)) }
    guard let found = series.first(where: { $0.name == name }) else { return nil }
    let row = try? Matrix(rows: 1, columns: found.numbers.count, found.numbers, in: resources)
    return row.map { Value.matrix($0).unboxed }
  }

  override func describe(width: Int) -> [String] {
    let show = DisplaySettings()
    let longest = series.map(\.name.count).max() ?? 0
    var lines = ["\(epochs) epoch\(epochs == 1 ? "" : "s")\(ending.isEmpty ? "" : ", \(ending)")"]
    for item in series {
      guard let first = item.numbers.first, let last = item.numbers.last else { continue }
      let gap = String(repeating: " ", count: longest - item.name.count + 2)
      lines.append("\(item.name)\(gap)\(show.text(first)) → \(show.text(last))")
    }
    return lines
  }
}

/// How an epoch went.
struct EpochResult {
  var cost: Scalar
  var accuracy: Scalar?
  var validationCost: Scalar?
  var validationAccuracy: Scalar?

  enum Measure { case cost, accuracy, validationCost, validationAccuracy }

  /// One of the numbers; nan where there is none.
  subscript(measure: Measure) -> Scalar {
    switch measure {
    case .cost: cost
    case .accuracy: accuracy ?? .nan
    case .validationCost: validationCost ?? .nan
    case .validationAccuracy: validationAccuracy ?? .nan
    }
  }
}
