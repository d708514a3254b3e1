import NNCore

/// What `health` found out about a value and the way to it.
///
/// As a value of the language its fields are `right` (1 where nothing is wrong), `finite`, `dead` (the largest part of
/// dead units of a relu), `saturated` (the largest part of saturated values of a sigmoid or tanh), `norms` (of the
/// params' gradients, from the first layer on), `names` (of those params) and `sentences`.
final class Health: Object {
  /// An activation and how much of it passes no gradient on.
  struct Activation {
    let name: String
    let sentence: String
    /// The part of units or values, 0 to 1.
    let part: Scalar
    let isRelu: Bool
  }

  struct Gradient {
    let name: String
    let shape: Shape
    let norm: Scalar
    /// Root of the mean square: comparable between layers of different sizes.
    let size: Scalar
    let isWeight: Bool
  }

  let origin: String
  let activations: [Activation]
  let gradients: [Gradient]
  /// The sentence about the first value that is not finite; nil where all are.
  let nonFinite: String?
  private let resources: Resources

  /// From here on a unit's activation counts as saturated: sigmoid beyond 0.01 or 0.99, tanh beyond ±0.98.
  static let saturation = 0.01
  /// A part of dead units or saturated values that is worth a word of warning.
  static let much = 0.5
  /// Sizes of gradients in different layers that are so many times apart vanish or explode.
  static let farApart = 1000.0

  init(
    origin: String, nonFinite: String?, activations: [Activation], gradients: [Gradient],
    in resources: Resources
  ) {
    self.origin = origin
    self.nonFinite = nonFinite
    self.activations = activations
    self.gradients = gradients
    self.resources = resources
  }

  override var kindWithArticle: String { "a health report" }
  override var fieldNames: [String] {
    ["right", "finite", "dead", "saturated", "norms", "names", "sentences"]
  }

  override func field(_ name: String) -> Value? {
    switch name {
    case "right": return .truth(warnings.isEmpty)
    case "finite": return .truth(nonFinite == nil)
    case "dead": return .number(activations.filter(\.isRelu).map(\.part).max() ?? 0)
    case "saturated": return .number(activations.filter { !$0.isRelu }.map(\.part).max() ?? 0)
    case "norms":
      let norms = gradients.map(\.norm)
      let row = try? Matrix(rows: 1, columns: norms.count, norms, in: resources)
      return row.map { Value.matrix($0).unboxed }
    case "names": return list(gradients.map(\.name))
    case "sentences": return list(warnings.isEmpty ? sentences : warnings)
    default: return nil
    }
  }

  private func list(_ texts: [String]) -> Value? {
    (try? List(texts.map { .string($0) }, in: resources)).map(Value.list)
  }

  override func describe(width: Int) -> [String] {
    var lines = sentences
    let longest = gradients.map { $0.name.count + 1 }.max() ?? 0
    if !gradients.isEmpty { lines.append("gradients, their norms and what that is for one element:") }
    let show = DisplaySettings()
    for gradient in gradients {
      let name = LineText.padded(GradientName.of(gradient.name), longest)
      lines.append(
        "  \(name)  \(gradient.shape)  norm \(show.text(gradient.norm))  each \(show.text(gradient.size))")
    }
    return lines + warningsOfGradients
  }

  // MARK: Sentences

  private var sentences: [String] {
    [nonFinite ?? "all values on the way to \(origin) are finite"] + activations.map(\.sentence)
  }

  /// What is wrong.
  var warnings: [String] {
    (nonFinite.map { [$0] } ?? []) + activations.filter { $0.part > Self.much }.map(\.sentence)
      + warningsOfGradients
  }

  private var warningsOfGradients: [String] {
    let broken = gradients.filter { !$0.norm.isFinite }
    if !broken.isEmpty {
      return ["the gradients of \(broken.map(\.name).joined(separator: ", ")) are not finite"]
    }
    var weights = gradients.filter(\.isWeight)
    if weights.count < 2 { weights = gradients }
    if !gradients.isEmpty, gradients.allSatisfy({ $0.norm == 0 }) {
      return ["every gradient is 0: nothing would be learned"]
    }
    guard let first = weights.first, let last = weights.last, weights.count > 1 else { return [] }
    let (a, b) = (GradientName.of(first.name), GradientName.of(last.name))
    if first.size == 0, last.size > 0 { return ["gradients vanish: \(a) is 0, and \(b) is not"] }
    let ratio = last.size / first.size
    let times = DisplaySettings(digits: 2).text(max(ratio, 1 / ratio))
    if ratio > Self.farApart {
      return [
        "gradients vanish on the way back: an element of \(a) is \(times) times smaller than one of \(b)"
      ]
    }
    if ratio < 1 / Self.farApart {
      return [
        "gradients explode on the way back: an element of \(a) is \(times) times larger than one of \(b)"
      ]
    }
    return []
  }
}
