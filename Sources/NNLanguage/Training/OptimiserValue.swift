import NNCore

/// An optimiser as the language has it: a rule, its learning rate and a bound for gradients.
///
/// It is a plain value of hyperparameters. What a rule remembers lives with each param, so `step(adam(0.01))` in a
/// loop makes a new value each time and goes on from the same state.
final class OptimiserValue: Object {
  let rule: any Optimiser
  let rate: LearningRate
  /// The most that the norm of all gradients together may be; nil for no bound.
  let clip: Scalar?

  init(_ rule: any Optimiser, rate: LearningRate, clip: Scalar? = nil) {
    self.rule = rule
    self.rate = rate
    self.clip = clip
    super.init()
  }

  /// What a plain number means as an optimiser: gradient descent at that rate.
  convenience init(rate: Scalar) { self.init(SGD(), rate: .schedule(.constant(rate))) }

  override var kindWithArticle: String { "an optimiser" }
  override var fieldNames: [String] { ["name", "rate", "clip"] + rule.settings.map(\.name) }
  override var reachableValues: [Value] { [rate.value] }

  override func field(_ name: String) -> Value? {
    switch name {
    case "name": return .string(rule.name)
    case "rate": return rate.value
    case "clip": return .number(clip ?? .infinity)
    default: return rule.settings.first { $0.name == name }.map { .number($0.value) }
    }
  }

  override func describe(width: Int) -> [String] {
    let text = DisplaySettings()
    var parts = [rate.description]
    parts += rule.settings.filter { $0.name != "weight_decay" || $0.value != 0 }.map {
      "\($0.name) = \(text.text($0.value))"
    }
    if let clip { parts.append("clip = \(text.text(clip))") }
    return ["\(rule.name)(\(parts.joined(separator: ", ")))"]
  }
}

/// A learning rate: a number, a schedule, or the user's function of the step's number.
enum LearningRate {
  case schedule(Schedule)
  case function(Function)

  var value: Value {
    switch self {
    case .schedule(.constant(let rate)): .number(rate)
    case .schedule(let schedule): .object(ScheduleValue(schedule))
    case .function(let function): .function(function)
    }
  }

  var description: String {
    switch self {
    case .schedule(let schedule): schedule.text
    case .function(let function): function.name
    }
  }

  /// Whether it is the same in every step.
  var isConstant: Bool {
    if case .schedule(.constant) = self { return true }
    return false
  }
}

/// A schedule as the language has it.
final class ScheduleValue: Object {
  let schedule: Schedule

  init(_ schedule: Schedule) {
    self.schedule = schedule
    super.init()
  }

  override var kindWithArticle: String { "a schedule" }
  override func describe(width: Int) -> [String] { [schedule.text] }
}

extension Schedule {
  /// As the call that makes it.
  var text: String {
    let show = DisplaySettings()
    switch self {
    case .constant(let rate): return show.text(rate)
    case .stepwise(let rate, let every, let factor):
      return "stepwise(\(show.text(rate)), \(every), \(show.text(factor)))"
    case .cosine(let rate, let steps, let end):
      return "cosine(\(show.text(rate)), \(steps), \(show.text(end)))"
    }
  }
}
