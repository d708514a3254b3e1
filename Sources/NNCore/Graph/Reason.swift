/// Why a line of a derivation reads as it does: facts for `explain` to put into words.
package enum Reason: UInt8, CaseIterable, Sendable {
  /// Part of the forward computation.
  case forward
  /// The output's own gradient.
  case seed
  /// The derivative of the operation that reads the value, `related`.
  case rule
  /// Several operations read the value; their gradients add up.
  case severalUses
  /// The value was stretched over the rows, the columns or both, so its gradient is summed over them.
  case stretchedOverRows, stretchedOverColumns, stretchedOverBoth

  // Rewrites that deserve a word.
  case sigmoidUnderBCE, softmaxUnderCrossEntropy, sigmoidByHand, softmaxByHand
  case columnsSumToOne

  // Rewrites that go without saying.
  case plusZero, timesZero, timesOne, literalsFolded, signsGathered, scalarsGathered, cancelled, distributed
  case complements, likeTerms, commonScalar
  case doubleTranspose, transposedProduct, transposedElementwise, transposeIntoProduct, transposedNumber
  case productWithOnes
  case sumOfStretched, sumOfOne, sumOfSum, sumOfScaled
  case stretchOfStretched, stretchedOperand, powerOne
}
