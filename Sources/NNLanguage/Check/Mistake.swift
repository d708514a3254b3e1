/// A mistake that a hand-written gradient line can have, and what is said of it.
public struct Mistake: Sendable, Hashable {
  /// What went wrong, by kind; the raw value is what the JSON records carry.
  public enum Kind: String, Sendable, CaseIterable {
    case transposeMissing = "transpose-missing"
    case transposeExtra = "transpose-extra"
    case transposed = "transposed"
    case elementwiseForProduct = "elementwise-for-product"
    case productForElementwise = "product-for-elementwise"
    case orderOfProduct = "order-of-product"
    case gradientForValue = "gradient-for-value"
    case valueForGradient = "value-for-gradient"
    case beforeForAfterActivation = "before-for-after-activation"
    case afterForBeforeActivation = "after-for-before-activation"
    case wrongLayer = "wrong-layer"
    case wrongName = "wrong-name"
    case sign = "sign"
    case countMissing = "count-missing"
    case countExtra = "count-extra"
    case factor = "factor"
    case derivativeMissing = "derivative-missing"
    case derivativeExtra = "derivative-extra"
    case derivativeWrong = "derivative-wrong"
    case sumMissing = "sum-missing"
    case sumExtra = "sum-extra"
    case sumAxis = "sum-axis"
    case meanForSum = "mean-for-sum"
    case inputMissing = "input-missing"
    case factorExtra = "factor-extra"
    case termMissing = "term-missing"
    case termExtra = "term-extra"
    case power = "power"
  }

  /// Which mistake it is.
  public let kind: Kind
  /// One sentence in terms of the user's own line, without a full stop.
  public let sentence: String

  init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}
